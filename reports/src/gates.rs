//! What every report of a verdict says of a gate, so that none says it otherwise.

use trier_tables::verdict::{ComparisonSaid, GateSaid, VerdictFile};

use crate::number::{NONE, measured, signed};

/// How a gate stands to the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It could not be judged, and stands in the way.
    Error,
    /// It does not pass.
    Fail,
    /// It cannot say, and stands in the way.
    Inconclusive,
    /// Somebody let it pass.
    Waived,
    /// It cannot say, and does not stand in the way: another primary carries the promotion.
    Aside,
    /// It passes.
    Pass,
}

impl Standing {
    /// How `gate` stands. Only what is known to be good is good.
    #[must_use]
    pub fn of(gate: &GateSaid) -> Self {
        match (gate.label.as_str(), gate.outcome == "PROMOTED") {
            ("pass", true) => Self::Pass,
            ("waived", true) => Self::Waived,
            ("inconclusive", true) => Self::Aside,
            ("inconclusive", false) => Self::Inconclusive,
            ("pass" | "waived" | "fail", _) => Self::Fail,
            _ => Self::Error,
        }
    }

    /// The sign that stands before it.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Error | Self::Fail => "✗",
            Self::Inconclusive | Self::Aside => "?",
            Self::Waived => "w",
            Self::Pass => "✓",
        }
    }

    /// Whether a promotion is held up by it.
    #[must_use]
    pub const fn is_in_the_way(self) -> bool {
        matches!(self, Self::Error | Self::Fail | Self::Inconclusive)
    }
}

/// The gates in the way of a promotion, worst first: as the verdict's reasons name them, then in their order.
#[must_use]
pub fn in_the_way(said: &VerdictFile) -> Vec<&GateSaid> {
    let mut found: Vec<&GateSaid> =
        said.gates.iter().filter(|gate| Standing::of(gate).is_in_the_way()).collect();
    let rank = |gate: &GateSaid| {
        let is_of =
            |reason: &String| reason.strip_prefix(&gate.gate).is_some_and(|rest| rest.starts_with(": "));
        said.reasons.iter().position(is_of).unwrap_or(usize::MAX)
    };
    found.sort_by_cached_key(|gate| rank(gate));
    found
}

/// The gates that explain a verdict: those in the way, and after `primary.superior`, which is about all of them,
/// the primaries that are not.
#[must_use]
pub fn explaining(said: &VerdictFile) -> Vec<&GateSaid> {
    const OF_ALL: &str = "primary.superior";
    let mut found = in_the_way(said);
    if found.iter().any(|gate| gate.gate == OF_ALL) {
        let is_more =
            |gate: &&GateSaid| gate.gate.starts_with("primary.") && !Standing::of(gate).is_in_the_way();
        found.extend(said.gates.iter().filter(is_more));
    }
    found
}

/// The role of comparisons that decide nothing.
pub const EXPLORATORY: &str = "exploratory";

/// The comparison that `gate` is about; None when it is about something else.
#[must_use]
pub fn comparison_of<'a>(said: &'a VerdictFile, gate: &GateSaid) -> Option<&'a ComparisonSaid> {
    said.comparisons.iter().find(|row| row.role != EXPLORATORY && row.gate() == gate.gate)
}

/// What `gate` asks, by what it is about; `row` is its comparison, if it has one. Empty when it is not a number.
#[must_use]
pub fn asked(gate: &GateSaid, row: Option<&ComparisonSaid>) -> String {
    let limit = measured(gate.limit, &gate.unit);
    if let Some(row) = row {
        let which =
            if row.statistic == "mean" { "mean over clusters" } else { "90th percentile over roasts" };
        return format!("candidate minus baseline, {which}: the whole interval below {}", margin(row));
    }
    let (kind, _) = gate.gate.split_once('.').unwrap_or((&gate.gate, ""));
    match (kind, gate.limit) {
        (_, None) => String::new(),
        ("bias", _) => format!("the candidate's own signed error, its whole interval within ±{limit}"),
        ("calibration", _) => format!("the candidate's own share of hits, not below {limit}"),
        ("safety", _) => "no more events than the baseline has".to_owned(),
        ("coverage" | "plan", _) => format!("at least {limit}"),
        _ => format!("at most {limit}"),
    }
}

/// What a comparison found: `+4.9 s  [+3.6, +6.2] s at 95 %, 39 pairs / 13 clusters`.
#[must_use]
pub fn compared(row: &ComparisonSaid) -> String {
    let level = row.level.filter(|_| row.lower.is_some());
    let level =
        level.map_or_else(String::new, |level| format!(" at {} %", measured(Some(level * 100.0), "1")));
    let missing = if row.n_missing > 0 { format!(", {} missing", row.n_missing) } else { String::new() };
    let (pairs, clusters) = (row.n_pairs, row.n_clusters);
    format!("{}  {}{level}, {pairs} pairs / {clusters} clusters{missing}", difference(row), interval(row))
}

/// What was observed beside what is allowed: `observed 6.2 s, limit 3 s`; empty when nothing was.
#[must_use]
pub fn against(gate: &GateSaid) -> String {
    match (gate.observed, gate.limit) {
        (None, None) => String::new(),
        (Some(_), None) => format!("observed {}", measured(gate.observed, &gate.unit)),
        (observed, limit) => {
            format!("observed {}, limit {}", measured(observed, &gate.unit), measured(limit, &gate.unit))
        }
    }
}

/// The difference with its unit: `+4.9 s`.
#[must_use]
pub fn difference(row: &ComparisonSaid) -> String {
    row.estimate.map_or_else(|| NONE.to_owned(), |value| with_unit(value, &row.unit))
}

/// The interval of the difference: `[+3.6, +6.2] s`.
#[must_use]
pub fn interval(row: &ComparisonSaid) -> String {
    let unit = if row.unit == "1" { String::new() } else { format!(" {}", row.unit) };
    row.lower.zip(row.upper).map_or_else(
        || "no interval".to_owned(),
        |(lower, upper)| format!("[{}, {}]{unit}", fine(lower), fine(upper)),
    )
}

/// What the difference must stay below: `+3.0 s`.
#[must_use]
pub fn margin(row: &ComparisonSaid) -> String {
    with_unit(row.margin, &row.unit)
}

/// Clusters that are missing to settle it; None when it is settled, or nothing would.
#[must_use]
pub fn clusters_short(row: &ComparisonSaid) -> Option<u32> {
    row.n_needed.map(|needed| needed.saturating_sub(row.n_clusters))
}

/// A signed number with its unit, none for `1`.
#[must_use]
pub fn with_unit(value: f64, unit: &str) -> String {
    if unit == "1" { fine(value) } else { format!("{} {unit}", fine(value)) }
}

/// One decimal, or three where one would hide it: shares differ by hundredths.
fn fine(value: f64) -> String {
    signed(value, if value.abs() < 1.0 { 3 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(label: &str, outcome: &str) -> GateSaid {
        GateSaid {
            gate: "g".into(),
            label: label.into(),
            outcome: outcome.into(),
            observed: Some(6.25),
            limit: None,
            unit: "s".into(),
            reason: "r".into(),
            waiver: None,
        }
    }

    #[test]
    fn only_what_is_known_to_be_good_is_good() {
        for (label, outcome, standing) in [
            ("pass", "PROMOTED", Standing::Pass),
            ("waived", "PROMOTED", Standing::Waived),
            ("inconclusive", "PROMOTED", Standing::Aside),
            ("inconclusive", "INCONCLUSIVE", Standing::Inconclusive),
            ("pass", "REFUSED", Standing::Fail),
            ("fail", "PROMOTED", Standing::Fail),
            ("error", "PROMOTED", Standing::Error),
            ("new", "PROMOTED", Standing::Error),
        ] {
            assert_eq!(Standing::of(&gate(label, outcome)), standing, "{label} {outcome}");
        }
    }

    #[test]
    fn a_limit_without_an_observation_is_told_as_such() {
        let mut one = gate("fail", "REFUSED");
        assert_eq!(against(&one), "observed 6.25 s");
        (one.observed, one.limit) = (None, Some(3.0));
        assert_eq!(against(&one), "observed –, limit 3 s");
    }
}
