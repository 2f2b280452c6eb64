//! One roast: its marks and phases.

use trier_roast::MarkKind;
use trier_tables::rows::{MarkRow, ScoreRow, SessionRow};

use crate::number::{NONE, maybe, maybe_clock, maybe_percent, maybe_signed};
use crate::terminal::{Align, table};

/// What the marks found are held against: truth of a simulated roast, or what was recorded.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// Heading of its times: `true`, `recorded`.
    pub name: &'a str,
    /// The marks themselves.
    pub marks: &'a [MarkRow],
    /// Scores of the same roast; `mark.<kind>.error` says how far off each mark is.
    pub scores: &'a [ScoreRow],
}

/// The marks of a roast: time since charge and BT, and beside them the reference's time and how
/// late the mark found is (negative: early), if there is a reference.
///
/// A mark that neither has is left out.
#[must_use]
pub fn marks_table(session: &SessionRow, reference: Option<Reference<'_>>) -> String {
    let found = [
        (MarkKind::Charge, "charge", Some(0.0), session.charge_bt_c),
        (MarkKind::TurningPoint, "turning point", session.turning_point_s, session.turning_point_bt_c),
        (MarkKind::DryEnd, "dry end", session.dry_end_s, session.dry_end_bt_c),
        (MarkKind::FirstCrackStart, "first crack", session.first_crack_s, session.first_crack_bt_c),
        (MarkKind::Drop, "drop", session.drop_s, session.drop_bt_c),
    ];
    let rows: Vec<Vec<String>> = found
        .into_iter()
        .filter_map(|(kind, name, at_s, bt_c)| {
            let theirs_s = reference.and_then(|reference| time_of(reference.marks, kind));
            at_s.or(theirs_s)?;
            let mut row = vec![name.to_owned(), maybe_clock(at_s), maybe(bt_c, "°C")];
            if let Some(reference) = reference {
                row.extend([maybe_clock(theirs_s), late(reference.scores, kind)]);
            }
            Some(row)
        })
        .collect();
    let mut headers = vec!["mark", "time", "BT"];
    if let Some(reference) = reference {
        headers.extend([reference.name, "late by"]);
    }
    table(&headers, &rows, &[Align::Left, Align::Right, Align::Right, Align::Right, Align::Right])
}

fn time_of(marks: &[MarkRow], kind: MarkKind) -> Option<f64> {
    marks.iter().rev().find(|mark| &*mark.kind == kind.name())?.since_charge_s
}

fn late(scores: &[ScoreRow], kind: MarkKind) -> String {
    let metric = format!("mark.{}.error", kind.name());
    match scores.iter().find(|score| *score.metric == *metric) {
        Some(score) if score.value.is_some() => maybe_signed(score.value, &score.unit),
        Some(score) => score.missing.as_deref().unwrap_or(NONE).to_owned(),
        None => NONE.to_owned(),
    }
}

/// The phases of a roast in one line: `drying 4:35, Maillard 3:53, development 1:44 (17.0 % of the roast)`.
#[must_use]
pub fn phases_line(session: &SessionRow) -> String {
    format!(
        "drying {}, Maillard {}, development {} ({} of the roast)",
        maybe_clock(session.drying_s),
        maybe_clock(session.maillard_s),
        maybe_clock(session.development_s),
        maybe_percent(session.development_ratio),
    )
}
