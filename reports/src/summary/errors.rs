//! The forecasts of one roast: how far off each predictor was.

use trier_tables::rows::ScoreRow;

use super::logs::leads;
use crate::number::{NONE, plain, signed};
use crate::terminal::{Align, table};

/// Each predictor's signed error of first crack and drop, one column per lead (time before the
/// event): positive is a forecast too late. Where there is none, the reason stands in its place.
///
/// `scores`: of one roast; only `first_crack.error` and `drop.error` are looked at. Empty when
/// there are none of these.
#[must_use]
pub fn errors_table(scores: &[ScoreRow]) -> String {
    let targets = [("first crack", "first_crack.error"), ("drop", "drop.error")];
    let shown = |score: &&ScoreRow| targets.iter().any(|(_, metric)| *score.metric == **metric);
    let leads = leads(scores.iter().filter(shown));
    if leads.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    for (name, metric) in targets {
        let of_target: Vec<&ScoreRow> = scores.iter().filter(|score| *score.metric == *metric).collect();
        let mut arms: Vec<&str> = of_target.iter().map(|score| &*score.arm).collect();
        arms.sort_unstable();
        arms.dedup();
        rows.extend(arms.into_iter().map(|arm| {
            let cell = |lead: &f64| {
                of_target.iter().find(|score| &*score.arm == arm && score.lead_s == Some(*lead)).map_or_else(
                    || NONE.to_owned(),
                    |score| match score.value {
                        Some(value) => signed(value, 1),
                        None => score.missing.as_deref().unwrap_or(NONE).replace(':', ": "),
                    },
                )
            };
            [name.to_owned(), arm.to_owned()].into_iter().chain(leads.iter().map(cell)).collect()
        }));
    }
    let before: Vec<String> = leads.iter().map(|lead| format!("{} s", plain(*lead, 0))).collect();
    let headers: Vec<&str> =
        ["event", "predictor"].into_iter().chain(before.iter().map(String::as_str)).collect();
    let mut aligns = vec![Align::Left, Align::Left];
    aligns.resize(headers.len(), Align::Right);
    format!(
        "seconds off (forecast minus event), asked this long before the event:\n{}",
        table(&headers, &rows, &aligns)
    )
}
