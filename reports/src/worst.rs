//! The roasts that a gate is about, the worst first: both arms beside each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use trier_tables::rows::ScoreRow;
use trier_tables::verdict::PlanSaid;

/// One roast, scored for both arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// The case.
    pub case: Arc<str>,
    /// Its seed; None for a recorded roast.
    pub seed: Option<i64>,
    /// Unit of the values.
    pub unit: Arc<str>,
    /// What the baseline scored.
    pub baseline: Option<f64>,
    /// What the candidate scored.
    pub candidate: Option<f64>,
    /// How much worse the candidate is, in the unit: positive is worse. None where an arm has no value, or
    /// neither way is better.
    pub harm: Option<f64>,
    /// Why the candidate has no value; None when it has one.
    pub silent: Option<Arc<str>>,
}

/// What a gate is about, by its name: `guardrail.drop.abs_error@60s p90 [tag=faults]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject<'a> {
    /// The metric.
    pub metric: &'a str,
    /// The lead, s; None for a metric that has none.
    pub lead_s: Option<f64>,
    /// The slice; `all` for everything.
    pub slice: &'a str,
}

impl<'a> Subject<'a> {
    /// What the gate `name` is about; None when it is not about a metric.
    #[must_use]
    pub fn of(name: &'a str) -> Option<Self> {
        let (role, rest) = name.split_once('.')?;
        if !matches!(role, "primary" | "guardrail" | "bias" | "calibration" | "safety") {
            return None;
        }
        let (rest, slice) = match rest.strip_suffix(']').and_then(|rest| rest.split_once(" [")) {
            Some((rest, slice)) => (rest, slice),
            None => (rest, "all"),
        };
        let rest = rest.strip_suffix(" p90").unwrap_or(rest);
        let (metric, lead_s) = match rest.split_once('@') {
            Some((metric, lead)) => (metric, Some(lead.strip_suffix('s')?.parse().ok()?)),
            None => (rest, None),
        };
        Some(Self { metric, lead_s, slice })
    }

    fn is_of(&self, row: &ScoreRow) -> bool {
        *row.metric == *self.metric && row.lead_s.map(f64::to_bits) == self.lead_s.map(f64::to_bits)
    }
}

/// The roasts that `subject` is about, worst first: those where the candidate has nothing to say and the
/// baseline has, then by harm, then by case and seed. Those without a value of both arms are left out.
///
/// - `is_in`: whether a row belongs to the subject's slice, which the plan knows and a row may not.
#[must_use]
pub fn worst(
    plan: &PlanSaid,
    subject: &Subject<'_>,
    scores: &[ScoreRow],
    is_in: &dyn Fn(&ScoreRow) -> bool,
) -> Vec<Contrast> {
    let of = |arm: &str| -> BTreeMap<(&str, Option<i64>), &ScoreRow> {
        let own = scores.iter().filter(|row| *row.arm == *arm && subject.is_of(row) && is_in(row));
        own.map(|row| ((&*row.case, row.seed), row)).collect()
    };
    let (candidate, baseline) = (of(&plan.candidate), of(&plan.baseline));
    let mut found: Vec<Contrast> = candidate
        .iter()
        .filter_map(|(unit, row)| {
            let other = baseline.get(unit).and_then(|row| row.value);
            (row.value.is_some() || other.is_some()).then(|| contrast(row, other))
        })
        .collect();
    // Silence beside an answer is worse than any number; no harm known is the least.
    let rank = |one: &Contrast| u8::from(!(one.candidate.is_none() && one.baseline.is_some()));
    found.sort_by(|a, b| {
        let harm = |one: &Contrast| one.harm.unwrap_or(f64::NEG_INFINITY);
        let by_harm = harm(b).total_cmp(&harm(a));
        rank(a).cmp(&rank(b)).then(by_harm).then_with(|| (&a.case, a.seed).cmp(&(&b.case, b.seed)))
    });
    found
}

fn contrast(row: &ScoreRow, baseline: Option<f64>) -> Contrast {
    let harm = row.value.zip(baseline).and_then(|(candidate, baseline)| match &*row.direction {
        "lower" => Some(candidate - baseline),
        "higher" => Some(baseline - candidate),
        "zero" => Some(candidate.abs() - baseline.abs()),
        _ => None,
    });
    Contrast {
        case: Arc::clone(&row.case),
        seed: row.seed,
        unit: Arc::clone(&row.unit),
        baseline,
        candidate: row.value,
        harm,
        silent: row.missing.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_says_what_it_is_about() {
        let subject = |name| Subject::of(name).expect("about a metric");
        let full = subject("guardrail.drop.abs_error@60s p90 [machine=gd60 & tag=faults]");
        let want =
            Subject { metric: "drop.abs_error", lead_s: Some(60.0), slice: "machine=gd60 & tag=faults" };
        assert_eq!(full, want);
        assert_eq!(
            subject("safety.abstention.silent"),
            Subject { metric: "abstention.silent", lead_s: None, slice: "all" }
        );
        assert_eq!(Subject::of("cases.expected"), None);
        assert_eq!(Subject::of("stop"), None);
    }
}
