//! The evidence a judge is given, and what makes it invalid.

use crate::plan::Plan;
use crate::score::{Direction, Metric};
use crate::suite::Unit;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use trier_roast::Date;
use trier_tables::rows::{CaseRow, CoverageRow, SafetyRow, ScoreRow};

/// What is held against a policy: what was promised, and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What was promised before anything ran. Only its units count, and all of them must be there.
    /// What they expect and which cluster they are in is taken from here, never from the rows.
    pub plan: &'a Plan,
    /// What became of each unit, for each arm.
    pub cases: &'a [CaseRow],
    /// The scores of both arms; others may be among them.
    pub scores: &'a [ScoreRow],
    /// What of the critical flows was seen; None when it was not looked for.
    pub coverage: Option<&'a [CoverageRow]>,
    /// How dangers were answered, by flow and arm.
    pub safety: &'a [SafetyRow],
    /// What came of running units again.
    pub repeated: Repeated<'a>,
    /// The day of the judgement, UTC: waivers end.
    pub today: Date,
    /// What the stop file says; None when there is none.
    pub stopped: Option<&'a str>,
}

impl Evidence<'_> {
    /// The name of the arm that wants to ship.
    #[must_use]
    pub fn candidate(&self) -> &str {
        &self.plan.candidate.name
    }

    /// The name of the arm it is held against.
    #[must_use]
    pub fn baseline(&self) -> &str {
        &self.plan.baseline.name
    }
}

/// Units that were run a second time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Repeated<'a> {
    /// How many.
    pub units: u32,
    /// Those that came out otherwise.
    pub unequal: &'a [Unit],
}

/// The largest size of a score in any unit: seconds of thirty years. Sums of squares of more lose their digits.
const VALUE_MAX: f64 = 1e9;

/// Evidence that cannot be used: the verdict is neither pass nor fail.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// A value that is not a finite number.
    NonFinite(Unit),
    /// A value that no roast could give.
    Absurd(Unit, f64),
    /// Two rows of one arm for one unit.
    Duplicate(Unit),
    /// A row with both a value and a reason for its absence, or with neither.
    Contradiction(Unit),
    /// A unit or a direction other than the metric has.
    WrongUnit(Unit, String),
    /// One arm has rows for units that the other has not.
    PairingMismatch {
        /// Units without a row of the candidate.
        missing: Vec<Unit>,
        /// Units without a row of the baseline.
        extra: Vec<Unit>,
    },
    /// A row for a unit nobody promised: a roast picked after the fact.
    Unplanned(Unit),
    /// The arms were held against different events of one roast.
    DifferentReference(Unit),
    /// A loss below 0, which no error has.
    Negative(Unit, f64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonFinite(unit) => write!(f, "non_finite_input: {}", named(unit)),
            Self::Absurd(unit, value) => {
                write!(f, "absurd_value: {} is {value:e}, beyond {VALUE_MAX:e}", named(unit))
            }
            Self::Duplicate(unit) => write!(f, "duplicate_row: {}", named(unit)),
            Self::Contradiction(unit) => {
                write!(f, "contradiction: {} has both a value and a reason for none, or neither", named(unit))
            }
            Self::WrongUnit(unit, got) => write!(f, "wrong_unit: {} is in {got}", named(unit)),
            Self::PairingMismatch { missing, extra } => {
                write!(f, "pairing_mismatch: ")?;
                write!(f, "missing [{}], extra [{}]", listed(missing), listed(extra))
            }
            Self::Unplanned(unit) => write!(f, "unplanned_row: {} is not in the plan", named(unit)),
            Self::DifferentReference(unit) => {
                write!(f, "different_reference: one arm of {} has no event, the other has", named(unit))
            }
            Self::Negative(unit, value) => write!(f, "negative_loss: {} is {value}", named(unit)),
        }
    }
}

/// The unit as people write it: `steady seed 3`.
pub(crate) fn named(unit: &Unit) -> String {
    unit.to_string()
}

/// At most six units by name, and how many more there are.
pub(crate) fn listed(units: &[Unit]) -> String {
    const SHOWN: usize = 6;
    let mut text = units.iter().take(SHOWN).map(named).collect::<Vec<_>>().join(", ");
    if units.len() > SHOWN {
        text.push_str(&format!(" and {} more", units.len() - SHOWN));
    }
    text
}

/// The rows of one arm, metric and lead by unit; or the first fault among them.
pub(crate) fn rows_of<'a>(
    scores: &'a [ScoreRow],
    arm: &str,
    metric: &Metric,
    lead_s: Option<f64>,
) -> Result<BTreeMap<Unit, &'a ScoreRow>, Fault> {
    let mut by_unit = BTreeMap::new();
    let own = scores.iter().filter(|row| {
        *row.arm == *arm
            && *row.metric == *metric.name
            && row.lead_s.map(f64::to_bits) == lead_s.map(f64::to_bits)
    });
    for row in own {
        let unit = Unit { case: Arc::clone(&row.case), seed: row.seed };
        if row.value.is_some() == row.missing.is_some() {
            return Err(Fault::Contradiction(unit));
        }
        if row.value.is_some_and(|value| !value.is_finite()) {
            return Err(Fault::NonFinite(unit));
        }
        if let Some(value) = row.value.filter(|value| value.abs() > VALUE_MAX) {
            return Err(Fault::Absurd(unit, value));
        }
        if *row.unit != *metric.unit || *row.direction != *metric.direction.name() {
            return Err(Fault::WrongUnit(unit, format!("{} ({} is better)", row.unit, row.direction)));
        }
        if let Some(value) = row.value.filter(|value| metric.direction == Direction::Lower && *value < 0.0) {
            return Err(Fault::Negative(unit, value));
        }
        if by_unit.insert(unit.clone(), row).is_some() {
            return Err(Fault::Duplicate(unit));
        }
    }
    Ok(by_unit)
}
