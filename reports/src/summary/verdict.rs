//! The verdict of an evaluation: comparisons beside their limits, gates that do not pass, and the
//! final line.

use trier_tables::rows::{CaseRow, ComparisonRow, GateRow};

use crate::number::{NONE, plain, signed};
use crate::terminal::{clean, width};

/// What the final line says besides counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending<'a> {
    /// The verdict in one word: `PROMOTED`, `REFUSED` and so on.
    pub word: &'a str,
    /// The exit code that goes with it.
    pub exit_code: u8,
    /// Wall time, s; None where no clock was read.
    pub wall_s: Option<f64>,
    /// Digest or name of what was planned.
    pub plan: &'a str,
}

/// The gate whose reason says which machines, lots and days the scores are of.
const SCOPE: &str = "scores.scope";

/// The verdict as text: one line per comparison with its interval, limit and pairs; one per gate
/// that does not pass and is not about a comparison above, and one per waiver; what the verdict
/// rests on, from the gate `scores.scope` when it passes; the final line.
///
/// ```text
/// ✗ guardrail.drop.abs_error@60s  +1.9 s  [+0.6, +3.2]  limit < +1.0 s  all  39 pairs / 13 clusters
///     INFERIOR: the whole interval is above the margin
/// scope: 1 machine, 3 lots, 13 days
/// gate  REFUSED  exit 4   24 cases, 23 ran, 1 refused, 0 errored   2 of 9 gates failed   41.8 s   plan 9f3c
/// ```
#[must_use]
pub fn verdict_text(
    ending: &Ending<'_>,
    cases: &[CaseRow],
    gates: &[GateRow],
    comparisons: &[ComparisonRow],
) -> String {
    let mut text = String::new();
    let name_width = comparisons.iter().map(|row| width(&clean(&row.metric))).max().unwrap_or(0);
    for row in comparisons {
        text.push_str(&comparison_lines(row, gate_of(gates, row), name_width));
    }
    for gate in gates {
        let is_shown_above = comparisons.iter().any(|row| is_about(gate, row));
        if (&*gate.label != "pass" && !is_shown_above) || gate.waiver.is_some() {
            text.push_str(&gate_line(gate));
        }
    }
    if let Some(scope) = gates.iter().find(|gate| &*gate.gate == SCOPE && &*gate.label == "pass") {
        text.push_str(&format!("scope: {}\n", clean(&scope.reason)));
    }
    text.push_str(&final_line(ending, cases, gates));
    text
}

/// Gates of a rule are named `<role>.<metric>`.
fn is_about(gate: &GateRow, row: &ComparisonRow) -> bool {
    gate.gate.split_once('.').is_some_and(|(_, metric)| *metric == *row.metric)
}

fn gate_of<'a>(gates: &'a [GateRow], row: &ComparisonRow) -> Option<&'a GateRow> {
    gates.iter().find(|gate| is_about(gate, row))
}

/// Taken from the gate, which knows what the comparison is for; from the comparison without one.
/// Only what is known to be good looks good.
fn sign(gate: Option<&GateRow>, comparison: Option<&str>) -> &'static str {
    match (gate.map(|gate| &*gate.label), comparison) {
        (Some("fail" | "error"), _) => "✗",
        (Some("inconclusive"), _) => "?",
        (Some("pass"), Some(label)) | (None, Some(label)) => match label {
            "SUPERIOR" | "NON_INFERIOR" | "NON_INFERIOR_BUT_WORSE" => "✓",
            "INCONCLUSIVE" | "INCONCLUSIVE_LIKELY_WORSE" => "?",
            _ => "✗",
        },
        (Some("pass"), None) => "✓",
        _ => "✗",
    }
}

fn comparison_lines(row: &ComparisonRow, gate: Option<&GateRow>, name_width: usize) -> String {
    let unit = clean(&row.unit);
    let estimate =
        row.estimate.map_or_else(|| NONE.to_owned(), |value| format!("{} {unit}", signed(value, 1)));
    let interval = row.lower.zip(row.upper).map_or_else(
        || "[no interval]".to_owned(),
        |(lower, upper)| format!("[{}, {}]", signed(lower, 1), signed(upper, 1)),
    );
    let name = clean(&row.metric);
    let gap = " ".repeat(name_width - width(&name));
    let mut text = format!(
        "{} {name}{gap}  {estimate:>8}  {interval:<14}  limit < {} {unit}  {}  {} pairs / {} clusters",
        sign(gate, Some(&row.label)),
        signed(row.margin, 1),
        clean(&row.slice),
        row.n_pairs,
        row.n_clusters,
    );
    if row.n_missing > 0 {
        text.push_str(&format!(", {} missing", row.n_missing));
    }
    format!("{text}\n    {}: {}\n", clean(&row.label), clean(&row.reason))
}

fn gate_line(gate: &GateRow) -> String {
    let number = |value: Option<f64>| value.map(trimmed);
    let unit = if &*gate.unit == "1" { String::new() } else { format!(" {}", clean(&gate.unit)) };
    let against = match (number(gate.observed), number(gate.limit)) {
        (Some(observed), Some(limit)) => format!("  {observed}{unit}, limit {limit}{unit}"),
        (Some(observed), None) => format!("  {observed}{unit}"),
        (None, _) => String::new(),
    };
    let waiver = gate.waiver.as_deref().map_or_else(String::new, |by| format!("  waived: {}", clean(by)));
    format!("{} {}{against}  {}{waiver}\n", sign(Some(gate), None), clean(&gate.gate), clean(&gate.reason))
}

/// Three decimals at most: counts stay whole.
fn trimmed(value: f64) -> String {
    let text = plain(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn final_line(ending: &Ending<'_>, cases: &[CaseRow], gates: &[GateRow]) -> String {
    let with_status = |status: &str| cases.iter().filter(|case| &*case.status == status).count();
    let with_label = |label: &str| gates.iter().filter(|gate| &*gate.label == label).count();
    let (ran, refused, errored) = (with_status("ran"), with_status("refused"), with_status("errored"));
    let mut counts = format!("{} cases, {ran} ran, {refused} refused, {errored} errored", cases.len());
    let other = cases.len() - ran - refused - errored;
    if other > 0 {
        counts.push_str(&format!(", {other} other"));
    }
    let passed = with_label("pass");
    let inconclusive = with_label("inconclusive");
    let failed = gates.len() - passed - inconclusive;
    let mut judged = format!("{failed} of {} gates failed", gates.len());
    if inconclusive > 0 {
        judged.push_str(&format!(", {inconclusive} inconclusive"));
    }
    let wall = ending.wall_s.map_or_else(String::new, |wall_s| format!("   {} s", plain(wall_s, 1)));
    let (word, code, plan) = (clean(ending.word), ending.exit_code, clean(ending.plan));
    format!("gate  {word}  exit {code}   {counts}   {judged}{wall}   plan {plan}\n")
}
