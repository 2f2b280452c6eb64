//! From a verdict to what it rests on: each gate, what was asked and observed, and the roasts it is about.

use trier_tables::rows::{CaseRow, CoverageRow};
use trier_tables::verdict::{ComparisonSaid, GateSaid, VerdictFile};

use crate::gates::{Standing, against, asked, clusters_short, compared, comparison_of, with_unit};
use crate::number::{NONE, measured};
use crate::terminal::{Align, clean, table};
use crate::worst::Contrast;

/// What there is to say of one gate.
pub struct Explained<'a> {
    /// The gate.
    pub gate: &'a GateSaid,
    /// Roasts that it is about, worst first, with the command that makes each again.
    pub roasts: Vec<(Contrast, String)>,
    /// How many roasts there are beyond those.
    pub more: usize,
    /// Cases that it is about.
    pub cases: Vec<(&'a CaseRow, String)>,
    /// Critical flows that it is about.
    pub flows: Vec<&'a CoverageRow>,
}

/// The verdict's line, then a paragraph for each gate of `gates`.
///
/// ```text
/// REFUSED  exit 4   slope90 against artisan on first   plan 9f3c
///
/// ✗ guardrail.drop.abs_error@60s  asks for REFUSED
///   asked     candidate minus baseline, mean over clusters: the whole interval below +3.0 s
///   observed  +4.9 s  [+3.6, +6.2] s at 95 %, 39 pairs / 13 clusters
///   reason    INFERIOR; the whole interval is above the margin
/// ```
#[must_use]
pub fn explain_text(said: &VerdictFile, gates: &[Explained<'_>]) -> String {
    let plan = &said.plan;
    let mut text = format!(
        "{}  exit {}   {} against {} on {}   plan {}\n",
        clean(&said.verdict),
        said.exit_code,
        clean(&plan.candidate),
        clean(&plan.baseline),
        clean(&plan.suite),
        plan.digest.get(..12).unwrap_or(&plan.digest)
    );
    if gates.is_empty() {
        text.push_str("every gate passes; name one to see what it rests on\n");
    }
    for explained in gates {
        text.push('\n');
        text.push_str(&gate_text(said, explained));
    }
    text.push_str(&format!("\nall of it again: {}\n", clean(&said.reproduce)));
    text
}

fn gate_text(said: &VerdictFile, explained: &Explained<'_>) -> String {
    let gate = explained.gate;
    let row = comparison_of(said, gate);
    let standing = Standing::of(gate);
    let asks = match standing {
        Standing::Pass => "passes".to_owned(),
        Standing::Waived => "waived".to_owned(),
        Standing::Aside => "inconclusive, and not in the way".to_owned(),
        _ => format!("asks for {}", clean(&gate.outcome)),
    };
    let mut text = format!("{} {}  {asks}\n", standing.sign(), clean(&gate.gate));
    let mut line = |what: &str, said: &str| {
        if !said.is_empty() {
            text.push_str(&format!("  {what:<8}  {said}\n"));
        }
    };
    line("asked", &asked(gate, row));
    let observed = row.map_or_else(|| against(gate), compared);
    line("observed", observed.trim_start_matches("observed "));
    line("reason", &clean(&gate.reason));
    line("waiver", &clean(gate.waiver.as_deref().unwrap_or_default()));
    line("to say", &row.map_or_else(String::new, to_say));
    line("planned", &planned(said, gate));
    text.push_str(&roasts_text(said, explained));
    text.push_str(&cases_text(&explained.cases));
    text.push_str(&flows_text(&explained.flows));
    text
}

/// How much more it takes; empty when it is settled.
fn to_say(row: &ComparisonSaid) -> String {
    match (row.n_needed, clusters_short(row)) {
        (Some(needed), Some(short)) => {
            format!("about {needed} clusters would settle it, {short} more, were the estimate true")
        }
        _ => String::new(),
    }
}

fn planned(said: &VerdictFile, gate: &GateSaid) -> String {
    let power = said.plan.powers.iter().find(|power| power.gate == gate.gate);
    power.map_or_else(String::new, |power| {
        format!("to show {} with power {}", clean(&power.goal), measured(Some(power.power), "1"))
    })
}

fn roasts_text(said: &VerdictFile, explained: &Explained<'_>) -> String {
    if explained.roasts.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = explained
        .roasts
        .iter()
        .map(|(roast, command)| {
            let silent = || roast.silent.as_deref().unwrap_or(NONE).to_owned();
            vec![
                roast.case.to_string(),
                roast.seed.map_or_else(|| NONE.to_owned(), |seed| seed.to_string()),
                measured(roast.baseline, &roast.unit),
                roast.candidate.map_or_else(silent, |value| measured(Some(value), &roast.unit)),
                roast.harm.map_or_else(|| NONE.to_owned(), |harm| with_unit(harm, &roast.unit)),
                command.clone(),
            ]
        })
        .collect();
    let head = ["worst roasts", "seed", &said.plan.baseline, &said.plan.candidate, "worse by", "reproduce"];
    let right = Align::Right;
    let mut text = indented(&table(&head, &rows, &[Align::Left, right, right, right, right, Align::Left]));
    if explained.more > 0 {
        text.push_str(&format!("  and {} roasts more\n", explained.more));
    }
    text
}

fn cases_text(cases: &[(&CaseRow, String)]) -> String {
    if cases.is_empty() {
        return String::new();
    }
    let row = |(case, command): &(&CaseRow, String)| {
        vec![
            case.case.to_string(),
            case.seed.map_or_else(|| NONE.to_owned(), |seed| seed.to_string()),
            case.arm.to_string(),
            format!("must {}, {}: {}", case.expectation, case.status, case.reason.as_deref().unwrap_or(NONE)),
            command.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = cases.iter().map(row).collect();
    let aligns = [Align::Left, Align::Right];
    indented(&table(&["case", "seed", "arm", "what came", "reproduce"], &rows, &aligns))
}

fn flows_text(flows: &[&CoverageRow]) -> String {
    if flows.is_empty() {
        return String::new();
    }
    let row = |flow: &&CoverageRow| {
        vec![
            flow.flow.to_string(),
            flow.steps.to_string(),
            format!("{} of {}", flow.observed, flow.required),
            flow.nearest.as_deref().unwrap_or(NONE).to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = flows.iter().map(row).collect();
    indented(&table(&["flow not met", "steps", "cases", "nearest"], &rows, &[]))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
