//! The verdict of an evaluation: comparisons beside their limits, gates that do not pass, and the
//! final line.

use trier_tables::verdict::{ComparisonSaid, GateSaid, PlanSaid, VerdictFile};

use crate::gates::EXPLORATORY;
use crate::number::{NONE, plain, signed};
use crate::terminal::{Align, clean, table, width};

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
pub fn verdict_text(said: &VerdictFile, wall_s: Option<f64>) -> String {
    let mut text = String::new();
    let rules: Vec<&ComparisonSaid> = said.comparisons.iter().filter(|row| row.role != EXPLORATORY).collect();
    let name = |row: &ComparisonSaid| clean(&row.metric);
    let name_width = rules.iter().map(|row| width(&name(row))).max().unwrap_or(0);
    for row in &rules {
        text.push_str(&comparison_lines(row, gate_of(&said.gates, row), name_width));
    }
    for gate in &said.gates {
        let is_shown_above = rules.iter().any(|row| is_about(gate, row));
        if (gate.label != "pass" && !is_shown_above) || gate.waiver.is_some() {
            text.push_str(&gate_line(gate));
        }
    }
    if let Some(scope) = said.gates.iter().find(|gate| gate.gate == SCOPE && gate.label == "pass") {
        text.push_str(&format!("scope: {}\n", clean(&scope.reason)));
    }
    if let Some(risk) = &said.risk {
        let (total, limit) = (plain(risk.total, 0), plain(risk.limit, 0));
        text.push_str(&format!("risk: {total} of 100, above {limit} somebody must approve\n"));
    }
    text.push_str(&final_line(said, wall_s));
    text
}

/// A plan as text: who against whom on what, and the power of each rule.
#[must_use]
pub fn plan_text(plan: &PlanSaid) -> String {
    let mut text = format!(
        "plan {}  {} against {} on {}: {} units, {} clusters\n",
        short(&plan.digest),
        clean(&plan.candidate_identity),
        clean(&plan.baseline_identity),
        clean(&plan.suite),
        plan.units,
        plan.clusters
    );
    let number = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), |value| plain(value, 2));
    let rows: Vec<Vec<String>> = plan
        .powers
        .iter()
        .map(|power| {
            let enough = if power.power < plan.power_wanted { "✗" } else { "✓" };
            vec![
                format!("{enough} {}", clean(&power.gate)),
                clean(&power.goal),
                power.clusters.to_string(),
                plain(power.power, 2),
                number(power.detectable),
                power.needed.map_or_else(|| NONE.to_owned(), |needed| needed.to_string()),
            ]
        })
        .collect();
    let head = ["rule", "is to show", "clusters", "power", "finds", "needs"];
    let right = Align::Right;
    text.push_str(&table(&head, &rows, &[Align::Left, Align::Left, right, right, right, right]));
    text.push_str(&format!("power wanted {}\n", plain(plan.power_wanted, 2)));
    text
}

/// As much of a digest as tells plans apart for people.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn is_about(gate: &GateSaid, row: &ComparisonSaid) -> bool {
    gate.gate == row.gate()
}

fn gate_of<'a>(gates: &'a [GateSaid], row: &ComparisonSaid) -> Option<&'a GateSaid> {
    gates.iter().find(|gate| is_about(gate, row))
}

/// Taken from the gate, which knows what the comparison is for; from the comparison without one.
/// Only what is known to be good looks good.
fn sign(gate: Option<&GateSaid>, comparison: Option<&str>) -> &'static str {
    match (gate.map(|gate| gate.label.as_str()), comparison) {
        (Some("fail" | "error"), _) => "✗",
        (Some("inconclusive"), _) => "?",
        (Some("waived"), _) => "w",
        (Some("pass"), Some(label)) | (None, Some(label)) => match label {
            "SUPERIOR" | "NON_INFERIOR" | "NON_INFERIOR_BUT_WORSE" => "✓",
            "INCONCLUSIVE" | "INCONCLUSIVE_LIKELY_WORSE" => "?",
            _ => "✗",
        },
        (Some("pass"), None) => "✓",
        _ => "✗",
    }
}

fn comparison_lines(row: &ComparisonSaid, gate: Option<&GateSaid>, name_width: usize) -> String {
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

fn gate_line(gate: &GateSaid) -> String {
    let number = |value: Option<f64>| value.map(trimmed);
    let unit = if gate.unit == "1" { String::new() } else { format!(" {}", clean(&gate.unit)) };
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

fn final_line(said: &VerdictFile, wall_s: Option<f64>) -> String {
    let n = &said.counts;
    let mut counts =
        format!("{} cases, {} ran, {} refused, {} errored", said.plan.units, n.ran, n.refused, n.errored);
    if n.not_run > 0 {
        counts.push_str(&format!(", {} not run", n.not_run));
    }
    let all = n.passed + n.waived + n.inconclusive + n.failed;
    let mut judged = format!("{} of {all} gates failed", n.failed);
    if n.inconclusive > 0 {
        judged.push_str(&format!(", {} inconclusive", n.inconclusive));
    }
    if n.waived > 0 {
        judged.push_str(&format!(", {} waived", n.waived));
    }
    let wall = wall_s.map_or_else(String::new, |wall_s| format!("   {} s", plain(wall_s, 1)));
    let (word, code, plan) = (clean(&said.verdict), said.exit_code, short(&said.plan.digest));
    format!("gate  {word}  exit {code}   {counts}   {judged}{wall}   plan {plan}\n")
}
