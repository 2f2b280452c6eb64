//! A judgement: judged, said as one object, printed and written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use trier_eval::gate::{self, Outcome, RISK_VERSION, Verdict};
use trier_eval::judge::{Evidence, Repeated};
use trier_eval::plan::Plan;
use trier_eval::policy::Policy;
use trier_eval::runner::{Seen, SuiteRun};
use trier_reports::summary;
use trier_reports::terminal::shell_word;
use trier_roast::{Date, EventTime};
use trier_tables::RunFolder;
use trier_tables::rows::GateRow;
use trier_tables::verdict::{
    self, ComparisonSaid, Counts, CoverageSaid, GateSaid, PlanSaid, PowerSaid, RiskSaid, VerdictFile,
};

use super::outputs;
use crate::output::{self, Failure};

/// What was judged, and what came of it.
pub(crate) struct Judgement<'a> {
    /// What was promised.
    pub plan: &'a Plan,
    /// How it was judged.
    pub policy: &'a Policy,
    /// What it came to.
    pub verdict: Verdict,
    /// What it rests on.
    pub run: &'a SuiteRun,
    /// What it was seen to exercise; None where nobody looked.
    pub seen: Option<&'a Seen>,
    /// How long it took, s; None where no clock was read.
    pub wall_s: Option<f64>,
}

/// Judges what came of a plan, today.
pub(crate) fn judge(
    plan: &Plan,
    policy: &Policy,
    run: &SuiteRun,
    seen: Option<&Seen>,
    stopped: Option<&str>,
) -> Verdict {
    let evidence = Evidence {
        plan,
        cases: &run.cases,
        scores: &run.scores,
        coverage: seen.map(|seen| seen.coverage.as_slice()),
        safety: seen.map_or(&[], |seen| seen.safety.as_slice()),
        repeated: Repeated { units: run.repeated.0, unequal: &run.repeated.1 },
        today: today(),
        stopped,
    };
    gate::judge(policy, &evidence)
}

/// The day, UTC: waivers end.
fn today() -> Date {
    Date::of(EventTime::from_us(jiff::Timestamp::now().as_microsecond()))
}

/// The command that makes a verdict again.
pub(crate) fn command(suite: &Path, candidate: &str, baseline: &str) -> String {
    let suite = shell_word(&suite.display().to_string());
    format!("sim eval {suite} --candidate {} --baseline {}", shell_word(candidate), shell_word(baseline))
}

/// The plan as reports show it.
pub(crate) fn plan_said(plan: &Plan, suite: &Path) -> PlanSaid {
    let power = |power: &trier_eval::plan::Power| PowerSaid {
        gate: power.gate.to_string(),
        clusters: power.clusters,
        goal: power.goal.to_string(),
        power: power.power,
        detectable: power.detectable,
        needed: power.needed,
    };
    PlanSaid {
        digest: plan.digest.to_string(),
        suite: plan.suite.to_string(),
        suite_file: suite.display().to_string(),
        candidate: plan.candidate.name.to_string(),
        candidate_identity: plan.candidate.identity.to_string(),
        baseline: plan.baseline.name.to_string(),
        baseline_identity: plan.baseline.identity.to_string(),
        policy: plan.policy.to_string(),
        units: plan.units.len(),
        clusters: plan.scored().map(|planned| &planned.cluster).collect::<BTreeSet<_>>().len(),
        power_wanted: plan.power_wanted,
        powers: plan.powers.iter().map(power).collect(),
    }
}

impl Judgement<'_> {
    /// The verdict as the one object that everything shown is made from.
    pub(crate) fn said(&self, suite: &Path, reproduce: &str) -> VerdictFile {
        let rows = self.verdict.comparison_rows();
        VerdictFile {
            schema: verdict::SCHEMA.to_owned(),
            verdict: self.verdict.outcome.word().to_owned(),
            exit_code: self.verdict.outcome.exit_code(),
            reasons: self.verdict.reasons.clone(),
            plan: plan_said(self.plan, suite),
            counts: self.counts(),
            gates: self.verdict.gates.iter().map(GateSaid::of).collect(),
            comparisons: rows.iter().map(ComparisonSaid::of).collect(),
            coverage: self.seen.map(|seen| CoverageSaid::of(&seen.coverage)),
            risk: self.verdict.risk.map(|risk| RiskSaid {
                version: RISK_VERSION.to_owned(),
                total: risk.total(),
                limit: self.policy.risk.approve_above,
                terms: risk.terms().iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
            }),
            tables: BTreeMap::new(),
            reproduce: reproduce.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    fn counts(&self) -> Counts {
        let units = |status: &str| {
            let of = self.run.cases.iter().filter(|row| &*row.status == status);
            of.map(|row| (&row.case, row.seed)).collect::<BTreeSet<_>>().len()
        };
        let gates = |is: &dyn Fn(&GateRow) -> bool| self.verdict.gates.iter().filter(|gate| is(gate)).count();
        Counts {
            ran: units("ran"),
            refused: units("refused"),
            errored: units("errored"),
            not_run: units("not_run"),
            passed: gates(&|gate| &*gate.label == "pass"),
            waived: gates(&|gate| &*gate.label == "waived"),
            inconclusive: gates(&|gate| &*gate.label == Outcome::Inconclusive.label()),
            failed: gates(&|gate| matches!(&*gate.label, "fail" | "error")),
        }
    }

    /// Prints it.
    pub(crate) fn print(&self, said: &VerdictFile, as_json: bool) -> Result<(), Failure> {
        if as_json {
            output::json_lines(&self.run.cases)?;
            output::json_lines(&self.verdict.comparison_rows())?;
            output::json_lines(&self.verdict.gates)?;
            outputs::ended(said);
        } else {
            output::result(summary::verdict_text(said, self.wall_s).trim_end());
        }
        Ok(())
    }

    /// Writes the tables, the plan and the verdict; the verdict with the digests of the tables.
    pub(crate) fn write(
        &self,
        folder: &mut RunFolder,
        mut said: VerdictFile,
    ) -> Result<VerdictFile, Failure> {
        folder.write(&self.run.cases)?;
        folder.write(&self.run.sessions)?;
        folder.write(&self.run.marks)?;
        folder.write(&self.run.scores)?;
        folder.write(&self.verdict.comparison_rows())?;
        folder.write(&self.verdict.gates)?;
        if let Some(seen) = self.seen {
            folder.write(&seen.coverage)?;
            folder.write(&seen.safety)?;
            folder.write(&seen.transitions)?;
        }
        let written = folder.written().iter();
        said.tables = written.map(|table| (table.table.to_owned(), table.digest.to_string())).collect();
        folder.write_file(verdict::FILE, said.to_json().as_bytes())?;
        super::stored::write_units(folder, self.run, None)?;
        folder.write_file(super::stored::PLAN, super::stored::plan_json(self.plan).as_bytes())?;
        Ok(said)
    }
}
