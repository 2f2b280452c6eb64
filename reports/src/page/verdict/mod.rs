//! The page of a verdict: the word first, why next, then what it rests on.
//!
//! Everything in it is of the one object that the exit code came from, or of a table that its digests name.

mod drawn;
mod flows;
mod forest;
mod input;
mod leads;
mod roasts;
mod sure;
mod tables;
mod words;

use askama::Template;

pub use input::{ArmFigure, Evidence, HeldShare, LeadError, RoastsOf, Side, Transforms};

use super::{Fact, Figure, Grid, Tone};
use crate::gates::{Standing, against, compared, comparison_of, margin};
use crate::markup::shortened;
use crate::number::plain;
use drawn::Drawn;
use roasts::Block;
use tables::GateLine;

/// The longest that a name in a heading may be, characters.
const NAME_MAX: usize = 48;

/// The page, and its figures.
///
/// # Errors
/// None that input can bring about: a template writes to memory.
pub fn page(evidence: &Evidence<'_>) -> Result<(String, Vec<Figure>), askama::Error> {
    let page = Page::of(evidence);
    let html = page.render()?;
    let blocks = page.blocks.iter().flat_map(|block| [&block.all, &block.worst]).flatten();
    let drawn =
        page.forests.iter().chain(&page.curves).chain(&page.sure).chain(blocks).chain(&page.flows.matrix);
    Ok((html, drawn.map(|drawn| drawn.figure.clone()).collect()))
}

/// One reason against a promotion.
struct Reason {
    sign: &'static str,
    tone: Tone,
    /// The gate; empty where the reason names none.
    gate: String,
    /// Where it stands in the page; empty for nowhere.
    to: String,
    against: String,
    text: String,
}

#[derive(Template)]
#[template(path = "verdict.html")]
struct Page {
    title: String,
    candidate: String,
    baseline: String,
    suite: String,
    /// Both arms with what tells them from others of their names.
    identities: String,
    plan: String,
    strip: Strip,
    absent: Vec<String>,
    facts: Vec<Fact>,
    sections: Vec<(&'static str, &'static str)>,
    reasons: Vec<Reason>,
    forests: Vec<Drawn>,
    rules: Grid,
    explored: Grid,
    curves: Vec<Drawn>,
    leads: Grid,
    sure: Vec<Drawn>,
    unsaid: Vec<String>,
    held: Grid,
    blocks: Vec<Block>,
    odd: Grid,
    flows: Flows,
    physics: Grid,
    silence: Grid,
    silences: Grid,
    cost: String,
    self_test: Grid,
    gates: Vec<GateLine>,
    waivers: Vec<(String, String)>,
    risks: Option<Grid>,
    powers: Grid,
    origins: Grid,
    reproduce: String,
    program: String,
}

/// What is seen first.
struct Strip {
    word: String,
    sign: &'static str,
    tone: Tone,
    exit_code: u8,
    meaning: &'static str,
    why: String,
    risk: String,
    scope: String,
}

impl Strip {
    fn of(evidence: &Evidence<'_>) -> Self {
        let said = evidence.said;
        let tone = words::tone_of(said.exit_code);
        Self {
            word: said.verdict.clone(),
            sign: match tone {
                Tone::Pass => "✓",
                Tone::Warn => "?",
                _ => "✗",
            },
            tone,
            exit_code: said.exit_code,
            meaning: words::meaning(said.exit_code),
            why: words::why(said),
            risk: risk(evidence),
            scope: scope(evidence),
        }
    }
}

/// What there is of critical flows.
struct Flows {
    summary: String,
    matrix: Option<Drawn>,
    table: Grid,
    dangers: Grid,
    transitions: Option<Grid>,
}

impl Flows {
    fn of(evidence: &Evidence<'_>) -> Self {
        Self {
            summary: coverage(evidence),
            matrix: flows::matrix(evidence.flows),
            table: flows::table(evidence.flows),
            dangers: flows::dangers(evidence.safety),
            transitions: flows::transitions(evidence.transitions),
        }
    }
}

impl Page {
    fn of(evidence: &Evidence<'_>) -> Self {
        let said = evidence.said;
        let plan = &said.plan;
        let arms = (plan.baseline.as_str(), plan.candidate.as_str());
        let [candidate, baseline, suite, word] =
            [&plan.candidate, &plan.baseline, &plan.suite, &said.verdict]
                .map(|name| shortened(name, NAME_MAX));
        let waived = said.gates.iter().filter_map(|gate| Some((gate.gate.clone(), gate.waiver.clone()?)));
        let mut page = Self {
            title: format!("{word}: {candidate} against {baseline} on {suite}"),
            candidate,
            baseline,
            suite,
            identities: format!(
                "candidate {}, baseline {}",
                shortened(&plan.candidate_identity, NAME_MAX),
                shortened(&plan.baseline_identity, NAME_MAX)
            ),
            plan: plan.digest.chars().take(12).collect(),
            strip: Strip::of(evidence),
            absent: evidence.absent.clone(),
            facts: tables::facts(said),
            sections: Vec::new(),
            reasons: reasons(evidence),
            forests: forest::forests(said),
            rules: tables::comparisons(said, false),
            explored: tables::comparisons(said, true),
            curves: leads::curves(&evidence.leads, arms),
            leads: leads::table(&evidence.leads, arms),
            sure: sure::charts(&evidence.held, &evidence.pits, arms),
            unsaid: sure::unsaid(&evidence.held, arms).into_iter().map(str::to_owned).collect(),
            held: sure::table(&evidence.held),
            blocks: evidence
                .roasts
                .iter()
                .enumerate()
                .map(|(i, of)| roasts::block(of, arms, i + 1))
                .collect(),
            odd: tables::odd(evidence),
            flows: Flows::of(evidence),
            physics: tables::figures("Forecasts that no roast could keep, as shares", &evidence.physics),
            silence: tables::figures("Share of a roast left without a forecast", &evidence.silence),
            silences: tables::silences(evidence),
            cost: cost(evidence),
            self_test: tables::self_test(evidence.self_test),
            gates: tables::gates(said),
            waivers: waived.collect(),
            risks: tables::risk(said),
            powers: tables::powers(said),
            origins: tables::origins(said),
            reproduce: said.reproduce.clone(),
            program: said.program.clone(),
        };
        page.sections = page.sections();
        page
    }

    /// The sections that there is something in, by their place and name.
    fn sections(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            ("why", "Why", true),
            ("compared", "Differences", !self.rules.rows.is_empty()),
            ("leads", "Error by lead", !self.curves.is_empty()),
            ("sure", "Calibration", !self.sure.is_empty() || !self.unsaid.is_empty()),
            ("roasts", "Worst roasts", !self.blocks.is_empty()),
            ("odd", "Cases", !self.odd.rows.is_empty()),
            ("slices", "Slices", !self.explored.rows.is_empty()),
            ("flows", "Critical flows", !self.flows.table.rows.is_empty()),
            ("physics", "Physics and cost", !self.physics.rows.is_empty()),
            ("self-test", "The gate's own test", !self.self_test.rows.is_empty()),
            ("gates", "Gates", true),
            ("reproduce", "Reproduce", true),
        ];
        all.into_iter().filter(|(_, _, is_there)| *is_there).map(|(id, name, _)| (id, name)).collect()
    }

    fn has(&self, id: &str) -> bool {
        self.sections.iter().any(|(own, _)| *own == id)
    }
}

/// The reasons as the verdict has them, each with its gate's sign and numbers.
fn reasons(evidence: &Evidence<'_>) -> Vec<Reason> {
    let said = evidence.said;
    let of_text = |text: &String| {
        let found = said.gates.iter().enumerate().find_map(|(place, gate)| {
            let rest = text.strip_prefix(&gate.gate)?.strip_prefix(": ")?;
            Some((place, gate, rest))
        });
        match found {
            Some((place, gate, rest)) => Reason {
                sign: Standing::of(gate).sign(),
                tone: words::tone(Standing::of(gate)),
                gate: gate.gate.clone(),
                to: format!("gate-{}", place + 1),
                against: comparison_of(said, gate).filter(|row| row.estimate.is_some()).map_or_else(
                    || against(gate),
                    |row| format!("{}, to stay below {}", compared(row), margin(row)),
                ),
                text: rest.to_owned(),
            },
            None => Reason {
                sign: "✗",
                tone: Tone::Fail,
                gate: String::new(),
                to: String::new(),
                against: String::new(),
                text: text.clone(),
            },
        }
    };
    said.reasons.iter().map(of_text).collect()
}

/// The risk in a sentence; empty where nothing was judged.
fn risk(evidence: &Evidence<'_>) -> String {
    evidence.said.risk.as_ref().map_or_else(String::new, |risk| {
        let (total, limit) = (plain(risk.total, 0), plain(risk.limit, 0));
        format!("Risk {total} of 100; above {limit} somebody must approve.")
    })
}

/// What the scores are of, from the gate that counts it.
fn scope(evidence: &Evidence<'_>) -> String {
    let gate = evidence.said.gates.iter().find(|gate| gate.gate == "scores.scope" && gate.label == "pass");
    gate.map_or_else(String::new, |gate| format!("It rests on {}.", gate.reason))
}

/// Critical flows in a sentence; empty where none were looked for.
fn coverage(evidence: &Evidence<'_>) -> String {
    let Some(seen) = &evidence.said.coverage else { return String::new() };
    let missing = match seen.missing.as_slice() {
        [] => String::new(),
        names => format!(" Missing: {}.", names.join(", ")),
    };
    format!("{} of {} met, safety {} of {}.{missing}", seen.met, seen.flows, seen.safety_met, seen.safety)
}

/// How much was roasted, in a sentence; empty where it is not known.
fn cost(evidence: &Evidence<'_>) -> String {
    let n = evidence.said.counts.ran;
    evidence.roasted_h.map_or_else(String::new, |roasted_h| {
        format!("{n} roasts for each arm, {} h from charge to drop.", plain(roasted_h, 1))
    })
}
