//! A trace as the simulator makes it now, as text. The same bytes on every machine.

use crate::case::{Case, Input};
use std::fmt::Write;
use trier_roast::ror::ror_c_per_min;
use trier_roast::{MarkKind, ReadingBody, Sample};
use trier_sim::{BatchRun, MODEL_VERSION, Scenario, TruthRow, roasts};

/// From row to row, s.
const EVERY_S: f64 = 10.0;

/// BT of this long tells its rate of rise, s.
const ROR_S: f64 = 30.0;

/// The columns.
pub(super) const COLUMNS: &str = "t_s,bt_c,et_c,bean_c,ror_c_per_min,gas_pct,air_pct,mark";

/// The first line of a trace: what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The case.
    pub case: String,
    /// The version of the model that made it.
    pub model: u32,
    /// The digest of the case's own files.
    pub digest: String,
    /// Why somebody blessed a change of the case; None when nobody had to.
    pub because: Option<String>,
}

impl Head {
    /// The head as written.
    pub(super) fn text(&self) -> String {
        let Self { case, model, digest, because } = self;
        let because = because.as_ref().map_or_else(String::new, |why| format!("# blessed because: {why}\n"));
        format!("# trace/1 of case {case}, model {model}, case b3:{digest}\n{because}")
    }

    /// The head of `text`, and the rest of it; None when it has none.
    pub(super) fn parse(text: &str) -> Option<(Self, &str)> {
        let (line, mut rest) = text.split_once('\n')?;
        let (case, line) = line.strip_prefix("# trace/1 of case ")?.split_once(", model ")?;
        let (model, digest) = line.split_once(", case b3:")?;
        let mut because = None;
        if let Some((line, after)) = rest.split_once('\n')
            && let Some(why) = line.strip_prefix("# blessed because: ")
        {
            (because, rest) = (Some(why.to_owned()), after);
        }
        let (case, digest) = (case.to_owned(), digest.to_owned());
        Some((Self { case, model: model.parse().ok()?, digest, because }, rest))
    }
}

/// The version of the model as it is.
pub(super) const fn model() -> u32 {
    MODEL_VERSION
}

/// The rows of the trace of `case`, under their column names; None for a case that has none: a log, which is one
/// itself, or a scenario that is refused before anything is simulated.
///
/// # Errors
/// The simulator stopped, in words.
pub(super) fn body(case: &Case) -> Option<Result<String, String>> {
    let Input::Scenario(path) = &case.input else { return None };
    let scenario = Scenario::load(path).ok()?.without_chance();
    // Chance is at rest, so any seed will do.
    Some(roasts(&scenario, 0).asked().map(|run| rows(&run)).map_err(|error| error.to_string()))
}

fn rows(run: &BatchRun) -> String {
    let samples = run.readings.iter().filter_map(|reading| match reading.body {
        ReadingBody::Sample(sample) => Some(sample),
        ReadingBody::Mark(_) => None,
    });
    // One row of truth stands beside each sample.
    let all: Vec<(Sample, &TruthRow)> = samples.zip(&run.truth).collect();
    let bt: Vec<(f64, f64)> =
        all.iter().filter_map(|(sample, truth)| Some((truth.since_charge_s, sample.bt_c?))).collect();
    let drop_s = run.truth_marks.iter().find(|mark| mark.kind == MarkKind::Drop);
    let drop_s = drop_s.map_or(f64::INFINITY, |mark| mark.at.since_s(run.charged));
    let mut lines: Vec<(f64, String)> = run
        .truth_marks
        .iter()
        .map(|mark| {
            let t_s = mark.at.since_s(run.charged);
            (t_s, format!("{t_s:.2},,,,,,,{}", mark.kind.name()))
        })
        .collect();
    let mut due_s = 0.0;
    for (sample, truth) in &all {
        let t_s = truth.since_charge_s;
        if t_s >= due_s && t_s <= drop_s {
            lines.push((t_s, row(t_s, sample, truth, &bt)));
            due_s += EVERY_S;
        }
    }
    // Stable: a mark stands before the sample of its instant.
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut text = format!("{COLUMNS}\n");
    for (_, line) in lines {
        text.push_str(&line);
        text.push('\n');
    }
    let _ = writeln!(text, "# ended: {}", run.outcome.code());
    text
}

fn row(t_s: f64, sample: &Sample, truth: &TruthRow, bt: &[(f64, f64)]) -> String {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.2}"));
    let recent: Vec<(f64, f64)> =
        bt.iter().copied().filter(|(at_s, _)| (t_s - ROR_S..=t_s).contains(at_s)).collect();
    let ror = if t_s >= ROR_S { ror_c_per_min(&recent) } else { None };
    let cells = [sample.bt_c, sample.et_c, truth.bean_mean_c, ror, sample.gas_pct, sample.air_pct];
    format!("{t_s:.2},{},", cells.map(number).join(","))
}
