//! `--text`: a report on a terminal, made of what other verbs print.

use std::path::Path;

use trier_reports::page::run::SHEETS_MAX;
use trier_reports::{summary, terminal};
use trier_sim::TruthMarkRow;
use trier_tables::rows::{FileRow, FindingRow, MarkRow, ScoreRow, SessionRow, TelemetryRow};
use trier_tables::verdict::VerdictFile;

use super::sessions::{if_there, sessions};
use crate::look::look;
use crate::output::Failure;
use crate::rows::as_marks;

/// A verdict, as it was told when it was reached.
pub(super) fn verdict(folder: &Path) -> Result<String, Failure> {
    Ok(summary::verdict_text(&VerdictFile::read(folder)?, None))
}

/// A run: a row of each roast where there are several, and each roast drawn where they are few.
pub(super) fn run(folder: &Path, batches: &[String]) -> Result<String, Failure> {
    let found = sessions(folder, batches)?;
    let rows: Vec<SessionRow> = found.roasts.iter().map(|roast| roast.row.clone()).collect();
    let scores: Vec<ScoreRow> = if_there(folder)?;
    let marks: Vec<MarkRow> = if_there(folder)?;
    let files: Vec<FileRow> = if_there(folder)?;
    let mut text = String::new();
    if rows.len() != 1 {
        text += &summary::logs_table(&rows, &scores);
    }
    if rows.len() <= SHEETS_MAX {
        let telemetry: Vec<TelemetryRow> = if_there(folder)?;
        let truth: Vec<TruthMarkRow> = if_there(folder)?;
        for row in &rows {
            text += &one(row, &telemetry, &marks, &scores, &truth);
        }
    } else {
        text += &format!("\n{} roasts; --batch NAME draws one of them\n", rows.len());
    }
    if !files.is_empty() && batches.is_empty() {
        let findings: Vec<FindingRow> = if_there(folder)?;
        text += &format!("\n{}", summary::files_text(&files, &findings));
    }
    Ok(text)
}

/// One roast: its curves, marks, phases and the errors of its forecasts.
fn one(
    row: &SessionRow,
    telemetry: &[TelemetryRow],
    marks: &[MarkRow],
    scores: &[ScoreRow],
    truth: &[TruthMarkRow],
) -> String {
    let id = Some(&row.session_id);
    let is_its = |source: &str, machine: &str| *source == *row.source && *machine == *row.machine;
    let telemetry: Vec<TelemetryRow> = telemetry
        .iter()
        .filter(|sample| is_its(&sample.source, &sample.machine) && sample.session_id.as_ref() == id)
        .cloned()
        .collect();
    let marks: Vec<MarkRow> = marks
        .iter()
        .filter(|mark| is_its(&mark.source, &mark.machine) && mark.session_id.as_ref() == id)
        .cloned()
        .collect();
    let scores: Vec<ScoreRow> = scores
        .iter()
        .filter(|score| is_its(&score.case, &score.machine) && score.session_id.as_ref() == id)
        .cloned()
        .collect();
    let truth: Vec<TruthMarkRow> =
        truth.iter().filter(|mark| is_its(&mark.source, &mark.machine)).cloned().collect();
    let happened = as_marks(&truth);
    let reference = summary::Reference { name: "true", marks: &happened, scores: &scores };
    let mut text = format!("\n{} on {}\n\n", terminal::clean(&row.source), terminal::clean(&row.machine));
    text += &terminal::curves(&telemetry, &marks, look());
    text.push('\n');
    text += &summary::marks_table(row, (!truth.is_empty()).then_some(reference));
    text += &format!("\n{}\n", summary::phases_line(row));
    if !scores.is_empty() {
        text += &format!("\n{}", summary::errors_table(&scores));
    }
    text
}
