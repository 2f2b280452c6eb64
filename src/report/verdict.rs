//! The report of a folder that `sim eval --out` or `sim gate --out` wrote.

use std::io::ErrorKind;
use std::path::Path;

use trier_eval::figures::{self, Held, OfMetric, Pit};
use trier_eval::plan::Plan;
use trier_reports::gates::explaining;
use trier_reports::page::verdict::{
    ArmFigure, Evidence, HeldShare, LeadError, RoastsOf, Side, Transforms, page,
};
use trier_reports::worst::Subject;
use trier_tables::rows::{CaseRow, CoverageRow, SafetyRow, ScoreRow, SelfTestRow, TransitionRow};
use trier_tables::verdict::VerdictFile;
use trier_tables::{Table, table_path};

use super::Made;
use crate::commands::Commands;
use crate::eval::read_plan;
use crate::exit::Exit;
use crate::explain::{self, arms_of, contrasts, is_worse};
use crate::output::Failure;

/// Roasts shown of each gate.
const WORST: usize = 20;

/// Gates whose roasts are shown.
const GATES: usize = 6;

/// Reads what the folder holds and makes the page of it.
///
/// A table that is gone is said to be; one that is not the verdict's is refused.
pub(crate) fn make(folder: &Path) -> Result<Made, Failure> {
    let said = VerdictFile::read(folder)?;
    let held = Kept::read(folder, &said)?;
    let worked = held.plan.as_ref().map_or_else(Worked::default, |plan| Worked::of(plan, &held));
    let commands = Commands::of(Path::new(&said.plan.suite_file), &arms_of(folder, &said));
    let evidence = held.evidence(&said, &worked, &commands);
    let (html, figures) =
        page(&evidence).map_err(|error| Failure { exit: Exit::BUG, ..Failure::of(&error) })?;
    Ok(Made { html, figures })
}

/// What is left of a verdict's evidence.
struct Kept {
    plan: Option<Plan>,
    cases: Vec<CaseRow>,
    scores: Vec<ScoreRow>,
    flows: Vec<CoverageRow>,
    safety: Vec<SafetyRow>,
    transitions: Vec<TransitionRow>,
    self_test: Vec<SelfTestRow>,
    absent: Vec<String>,
}

impl Kept {
    fn read(folder: &Path, said: &VerdictFile) -> Result<Self, Failure> {
        let mut absent = Vec::new();
        Ok(Self {
            plan: plan(folder, said, &mut absent)?,
            cases: table(folder, said, "cases that came out wrong", &mut absent)?,
            scores: table(
                folder,
                said,
                "curves by lead, calibration, physics and the worst roasts",
                &mut absent,
            )?,
            flows: table(folder, said, "the critical flows one by one", &mut absent)?,
            safety: table(folder, said, "how dangers were answered", &mut absent)?,
            transitions: table(folder, said, "which state followed which", &mut absent)?,
            self_test: table(folder, said, "the gate's own test", &mut absent)?,
            absent,
        })
    }

    fn evidence<'a>(
        &'a self,
        said: &'a VerdictFile,
        worked: &'a Worked,
        commands: &Commands,
    ) -> Evidence<'a> {
        let of = |row: &'a CaseRow| (row, commands.of_unit(&row.case, row.seed));
        let shown = |figure: &'a OfMetric| ArmFigure {
            metric: figure.metric,
            meaning: figure.meaning,
            arm: &figure.arm,
            n: figure.n,
            missing: figure.missing,
            mean: figure.mean,
            largest: figure.largest.as_ref().map(|(value, unit)| (*value, unit.to_string())),
            fault: figure.fault.as_deref(),
        };
        let all = |rows: &'a [OfMetric]| rows.iter().map(shown).collect();
        Evidence {
            said,
            absent: self.absent.clone(),
            leads: worked.leads.iter().map(lead).collect(),
            held: worked.held.iter().map(share).collect(),
            pits: worked.pits.iter().map(transforms).collect(),
            physics: all(&worked.physics),
            silence: all(&worked.silence),
            silences: worked.silences.iter().map(silence).collect(),
            roasted_h: worked.roasted_h,
            roasts: self.plan.as_ref().map_or_else(Vec::new, |plan| self.roasts(said, plan, commands)),
            odd: self.cases.iter().filter(|row| !row.passed).map(of).collect(),
            flows: &self.flows,
            safety: &self.safety,
            transitions: &self.transitions,
            self_test: &self.self_test,
        }
    }

    /// The roasts of the gates that explain the verdict; of the primaries, where nothing needs explaining.
    fn roasts(&self, said: &VerdictFile, plan: &Plan, commands: &Commands) -> Vec<RoastsOf> {
        let is_of_roasts = |name: &str| Subject::of(name).is_some();
        let mut gates: Vec<&str> = explaining(said).into_iter().map(|gate| gate.gate.as_str()).collect();
        gates.retain(|name| is_of_roasts(name));
        if gates.is_empty() {
            let primaries =
                said.gates.iter().map(|gate| gate.gate.as_str()).filter(|name| name.starts_with("primary."));
            gates = primaries.filter(|name| is_of_roasts(name)).collect();
        }
        let of = |name: &str| {
            let all = contrasts(said, plan, &self.scores, name);
            let worst = all.iter().filter(|roast| is_worse(roast)).take(WORST).cloned();
            let worst = worst.map(|roast| {
                let command = commands.of_unit(&roast.case, roast.seed);
                (roast, command)
            });
            RoastsOf { gate: name.to_owned(), worst: worst.collect(), all }
        };
        gates.into_iter().map(of).filter(|of| !of.all.is_empty()).take(GATES).collect()
    }
}

/// Figures worked out from the scores; none where there is no plan to work them out by.
#[derive(Default)]
struct Worked {
    leads: Vec<figures::AtLead>,
    held: Vec<Held>,
    pits: Vec<Pit>,
    physics: Vec<OfMetric>,
    silence: Vec<OfMetric>,
    silences: Vec<figures::Silence>,
    roasted_h: Option<f64>,
}

impl Worked {
    fn of(plan: &Plan, held: &Kept) -> Self {
        let scores = &held.scores;
        let cases = &held.cases;
        let roasted_h = (!cases.is_empty()).then(|| figures::roasted_h(cases, &plan.candidate.name));
        if scores.is_empty() {
            // Nothing was run, or the table is gone: there is nothing to work out, and no zero to show.
            return Self { roasted_h, ..Self::default() };
        }
        Self {
            leads: figures::by_lead(plan, scores),
            held: figures::held(plan, scores),
            pits: figures::pit(plan, scores),
            physics: figures::of_metrics(plan, scores, &figures::PHYSICS),
            silence: figures::of_metrics(plan, scores, &figures::SILENCE),
            silences: figures::silences(plan, scores),
            roasted_h,
        }
    }
}

fn lead(at: &figures::AtLead) -> LeadError<'_> {
    let side =
        |side: figures::Side| Side { mean_s: side.mean_s, interval_s: side.interval_s, silent: side.silent };
    LeadError {
        metric: at.metric,
        lead_s: at.lead_s,
        n_roasts: at.n_roasts,
        n_clusters: at.n_clusters,
        baseline: side(at.baseline),
        candidate: side(at.candidate),
        fault: at.fault.as_deref(),
    }
}

fn silence(one: &figures::Silence) -> (&str, &str, &str, usize) {
    (&*one.arm, one.metric, &*one.reason, one.n)
}

fn share(held: &Held) -> HeldShare<'_> {
    HeldShare {
        metric: held.metric,
        arm: &held.arm,
        lead_s: held.lead_s,
        nominal: held.nominal,
        held: held.held,
        n: held.n,
        share: held.share,
        interval: held.interval,
        fault: held.fault.as_deref(),
    }
}

fn transforms(pit: &Pit) -> Transforms<'_> {
    Transforms {
        metric: pit.metric,
        arm: &pit.arm,
        lead_s: pit.lead_s,
        n: pit.n,
        bins: &pit.bins,
        expected: pit.expected,
        likely: pit.likely,
        p: pit.p,
        fault: pit.fault.as_deref(),
    }
}

/// The plan of the verdict; None, and said, where it is gone.
fn plan(folder: &Path, said: &VerdictFile, absent: &mut Vec<String>) -> Result<Option<Plan>, Failure> {
    if !folder.join("plan.json").exists() {
        absent.push("plan.json is gone from the folder, so there is no showing curves by lead, calibration, physics and the worst roasts".to_owned());
        return Ok(None);
    }
    let plan = read_plan(folder)?;
    if plan.digest == said.plan.digest {
        return Ok(Some(plan));
    }
    let text = format!(
        "{} is not the plan of the verdict beside it\nhint: run `sim eval` again",
        folder.join("plan.json").display()
    );
    Err(Failure { text, exit: Exit::EVIDENCE_INVALID })
}

/// The rows of a table, which must be those that the verdict was written with. One that the verdict never had is
/// empty; one that is gone is too, and said.
fn table<T: Table>(
    folder: &Path,
    said: &VerdictFile,
    what: &str,
    absent: &mut Vec<String>,
) -> Result<Vec<T>, Failure> {
    if !said.tables.contains_key(T::NAME) {
        return Ok(Vec::new());
    }
    let path = table_path::<T>(folder);
    if std::fs::metadata(&path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        absent.push(format!("{}.parquet is gone from the folder, so there is no showing {what}", T::NAME));
        return Ok(Vec::new());
    }
    explain::table(folder, said)
}
