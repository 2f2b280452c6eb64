//! `sim eval --self-test`: the gate's own test on a plan and the scores of its baseline.

use trier_eval::selftest::self_test;
use trier_reports::terminal::{Align, table};
use trier_tables::RunFolder;
use trier_tables::rows::SelfTestRow;

use super::judged::Judgement;
use crate::exit::Exit;
use crate::output::{self, Failure};

/// Tests the gate, prints what came of it, and writes it where the evaluation goes; ends with 0 where every
/// bound holds, else with 4. The verdict on the candidate is written, and neither printed nor the exit code.
pub(crate) fn run(
    judged: &Judgement<'_>,
    as_json: bool,
    folder: Option<&mut RunFolder>,
) -> Result<Exit, Failure> {
    let rows = self_test(judged.policy, judged.plan, &judged.run.scores);
    if as_json {
        output::json_lines(&rows)?;
    } else {
        output::result(&text(&rows));
    }
    if let Some(folder) = folder {
        folder.write(&rows)?;
    }
    Ok(if rows.iter().all(|row| row.holds) { Exit::OK } else { Exit::REFUSED })
}

fn text(rows: &[SelfTestRow]) -> String {
    let line = |row: &SelfTestRow| {
        let side = if &*row.side == "at_most" { "≤" } else { "≥" };
        vec![
            row.planted.to_string(),
            row.runs.to_string(),
            format!("{:.1} %", 100.0 * row.share),
            format!("{side} {:.1} %", 100.0 * row.bound),
            if row.holds { "holds" } else { "FAILS" }.to_owned(),
            row.outcomes.to_string(),
        ]
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    let aligns = [Align::Left, Align::Right, Align::Right, Align::Right, Align::Left, Align::Left];
    let table = table(&["planted", "candidates", "promoted", "bound", "", "verdicts"], &lines, &aligns);
    let failed = rows.iter().filter(|row| !row.holds).count();
    let end = match failed {
        0 => format!("self-test  HOLDS  exit 0   {} bounds", rows.len()),
        n => format!("self-test  FAILS  exit 4   {n} of {} bounds", rows.len()),
    };
    format!("{table}\n{end}")
}
