//! Every score of one roast, family by family: the one door for whoever runs roasts.

use super::curve::BeanCurve;
use super::seen::Seen;
use super::subject::Subject;
use super::told::Told;
use super::{abstention, censored, curve, interval, marks, physics, ror, samples, sessions, timing};
use trier_pipeline::Target;
use trier_tables::rows::{PredictionRow, ScoreRow};

/// Scores of each of `arms` on the roast of `subject`, then of the pipeline itself.
///
/// - `leads_s`: s before the event, above 0.
///
/// A row for every metric, and lead where it has leads, whatever came of the roast: one without a value says
/// why, see [`super::reason`].
#[must_use]
pub fn all_scores(subject: &Subject, arms: &[String], seen: &Seen<'_>, leads_s: &[f64]) -> Vec<ScoreRow> {
    let samples = samples::in_order(seen.telemetry);
    let is_own = |row: &&PredictionRow| subject.session_id.as_deref() == Some(&*row.session_id);
    let predictions: Vec<&PredictionRow> = seen.predictions.iter().filter(is_own).collect();
    let uncracked_until = seen.uncracked_until();
    let mut rows = Vec::new();
    for arm in arms {
        for target in Target::ALL {
            let told = Told::of(arm, target, &seen.reference, &predictions);
            let at = told.at_leads(leads_s);
            rows.extend(timing::scores(subject, &told, &at));
            rows.extend(interval::scores(subject, &told, &at));
            let is_crack = target == Target::FirstCrackStart;
            let until = told.event.or(uncracked_until.filter(|_| is_crack));
            rows.extend(abstention::scores(subject, &told, until, &samples));
            if is_crack {
                rows.extend(censored::scores(subject, &told, &at, uncracked_until));
                rows.extend(physics::scores(subject, &told, until, &samples));
            }
        }
    }
    let beans = BeanCurve::of(seen);
    rows.extend(marks::scores(subject, seen));
    rows.extend(sessions::scores(subject, seen));
    rows.extend(curve::scores(subject, beans.as_ref(), &samples));
    rows.extend(ror::scores(subject, beans.as_ref(), &samples));
    rows
}
