//! Roasts whose first crack never came: dropped before it, or ended without it.
//!
//! They are never left out, which would favour easy roasts. All that is known of them is that first crack would
//! have come after the drop, so a forecast that lies before it is wrong by that much at least. `loss` is the one
//! number that every simulated roast has: the absolute error where first crack came, the penalty where it did not.

use super::metric::{Direction, Metric};
use super::reason::{EVENT_CAME, NO_REFERENCE};
use super::subject::Subject;
use super::told::{AtLead, Told};
use trier_roast::EventTime;
use trier_tables::rows::ScoreRow;

const PENALTY: Metric = Metric::at_leads(
    "first_crack.censored_penalty",
    "s",
    Direction::Lower,
    "of a roast without first crack: by how much the forecast lies before its drop, or 0",
);
const LOSS: Metric = Metric::at_leads(
    "first_crack.loss",
    "s",
    Direction::Lower,
    "abs_error where first crack came, censored_penalty where it did not",
);

/// The family's metrics.
pub(super) const METRICS: [Metric; 2] = [PENALTY, LOSS];

/// Penalty and loss at each lead, which counts from the event or else from `uncracked_until`.
///
/// - `told`: forecasts of first crack, with `at` the ones that stood before the event.
pub(super) fn scores(
    subject: &Subject,
    told: &Told<'_>,
    at: &[AtLead<'_>],
    uncracked_until: Option<EventTime>,
) -> Vec<ScoreRow> {
    let mut rows = Vec::with_capacity(2 * at.len());
    for (lead_s, standing) in at {
        let (penalty, loss) = match (told.event, uncracked_until) {
            (Some(_), _) => {
                let error = standing.as_ref().map(|standing| standing.error_s().abs()).map_err(Clone::clone);
                (Err(EVENT_CAME.to_owned()), error)
            }
            (None, Some(until)) => {
                let penalty = told.before(until, *lead_s).map(|standing| (-standing.error_s()).max(0.0));
                (penalty.clone(), penalty)
            }
            (None, None) => (Err(NO_REFERENCE.to_owned()), Err(NO_REFERENCE.to_owned())),
        };
        rows.push(subject.row(told.arm, &PENALTY, Some(*lead_s), penalty));
        rows.push(subject.row(told.arm, &LOSS, Some(*lead_s), loss));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{at_s, prediction, reference, subject};
    use super::*;
    use trier_pipeline::Target;

    /// Penalty and loss 60 s before, each a value or its reason.
    fn score(
        p50_s: Option<f64>,
        first_crack_s: Option<i64>,
        until_s: Option<i64>,
    ) -> [Result<f64, String>; 2] {
        let said = prediction("first_crack_start", 440, p50_s);
        let told =
            Told::of("slope90", Target::FirstCrackStart, &reference(first_crack_s, Some(500)), &[&said]);
        let rows = scores(&subject(), &told, &told.at_leads(&[60.0]), until_s.map(at_s));
        let of = |row: &ScoreRow| row.value.ok_or_else(|| row.missing.as_deref().unwrap_or("").to_owned());
        assert_eq!((&*rows[0].metric, &*rows[1].metric), (PENALTY.name, LOSS.name));
        [of(&rows[0]), of(&rows[1])]
    }

    #[test]
    fn a_forecast_before_a_drop_without_crack_is_wrong_by_that_much_and_a_later_one_by_nothing_known() {
        // Dropped at 500 s uncracked. At 440 s: 45 s to go is 485 s, 15 s before; 90 s to go is after it.
        assert_eq!(score(Some(45.0), None, Some(500)), [Ok(15.0), Ok(15.0)]);
        assert_eq!(score(Some(90.0), None, Some(500)), [Ok(0.0), Ok(0.0)]);
        let silent = Err("abstained:no_basis".to_owned());
        assert_eq!(score(None, None, Some(500)), [silent.clone(), silent]);
    }

    #[test]
    fn a_roast_that_cracked_has_its_error_and_one_nobody_knows_of_has_neither() {
        let came = Err("event_came".to_owned());
        assert_eq!(score(Some(45.0), Some(500), None), [came.clone(), Ok(15.0)]);
        assert_eq!(score(Some(75.0), Some(500), None), [came, Ok(15.0)]);
        let unknown = Err("no_reference".to_owned());
        assert_eq!(score(Some(45.0), None, None), [unknown.clone(), unknown]);
    }
}
