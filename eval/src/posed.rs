//! Evidence that nobody measured: what the gate would be given on a plan, were the losses these.
//!
//! By it a policy is tested and the gate itself is. Every unit came out as it must, and nothing but the
//! losses differs between the arms.

use crate::case::Expect;
use crate::judge::{Evidence, Repeated};
use crate::plan::Plan;
use crate::policy::Rule;
use crate::score::{Direction, Metric, Subject};
use crate::suite::Planned;
use std::sync::Arc;
use trier_roast::Date;
use trier_tables::rows::{CaseRow, CoverageRow, ScoreRow};

/// A metric at a lead: what a row of scores is of.
pub type Measured = (&'static Metric, Option<f64>);

/// What `rules` ask for, each once, in their order.
#[must_use]
pub fn measured(rules: &[Rule]) -> Vec<Measured> {
    let mut found: Vec<Measured> = Vec::new();
    for rule in rules {
        if !found.iter().any(|one| is_asked(rule, *one)) {
            found.push((rule.metric, rule.lead_s));
        }
    }
    found
}

/// Whether `rule` is about `measured`, be it on a slice.
#[must_use]
pub fn is_asked(rule: &Rule, (metric, lead_s): Measured) -> bool {
    rule.metric.name == metric.name && rule.lead_s.map(f64::to_bits) == lead_s.map(f64::to_bits)
}

/// Rows for the gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Posed {
    /// Every unit for each arm, as it must come out.
    pub cases: Vec<CaseRow>,
    /// Every score for each arm.
    pub scores: Vec<ScoreRow>,
    /// One flow, seen: that flows are missing is another matter, and would raise the risk.
    coverage: Vec<CoverageRow>,
}

impl Posed {
    /// The evidence on `plan` where the arms have `losses` on what is `measured`.
    ///
    /// - `losses`: of the baseline and of the candidate by place in `measured` and by unit, lower is better; None
    ///   where the roast has no such event.
    #[must_use]
    pub fn of(
        plan: &Plan,
        measured: &[Measured],
        losses: impl Fn(usize, &Planned) -> Option<(f64, f64)>,
    ) -> Self {
        let arms = [&plan.baseline.name, &plan.candidate.name];
        let units = plan.units.iter();
        let cases = units.flat_map(|planned| arms.map(|arm| case_row(planned, arm))).collect();
        let mut scores = Vec::new();
        for planned in plan.scored() {
            let subject = subject(planned);
            for (place, (metric, lead_s)) in measured.iter().enumerate() {
                let sign = if metric.direction == Direction::Higher { -1.0 } else { 1.0 };
                let both = losses(place, planned);
                for (arm, loss) in arms.into_iter().zip([both.map(|b| b.0), both.map(|b| b.1)]) {
                    let value = loss.map(|loss| sign * loss).ok_or_else(|| "no_reference".to_owned());
                    scores.push(subject.row(arm, metric, *lead_s, value));
                }
            }
        }
        Self { cases, scores, coverage: vec![seen()] }
    }

    /// These rows as evidence, on a day on which no waiver is over.
    #[must_use]
    pub fn evidence<'a>(&'a self, plan: &'a Plan) -> Evidence<'a> {
        Evidence {
            plan,
            cases: &self.cases,
            scores: &self.scores,
            coverage: Some(&self.coverage),
            safety: &[],
            repeated: Repeated::default(),
            today: Date { year: 2000, month: 1, day: 1 },
            stopped: None,
        }
    }
}

fn subject(planned: &Planned) -> Subject {
    Subject {
        case: Arc::clone(&planned.unit.case),
        seed: planned.unit.seed,
        session_id: None,
        machine: Arc::clone(&planned.machine),
        lot: Arc::clone(&planned.lot),
        cluster: Arc::clone(&planned.cluster),
    }
}

/// The row of a unit that came out as it must.
fn case_row(planned: &Planned, arm: &str) -> CaseRow {
    let (status, reason) = match &planned.expect {
        Expect::Run | Expect::Outcome(_) => ("ran", None),
        Expect::Refuse(code) => ("refused", Some(code.as_str().into())),
    };
    CaseRow {
        case: Arc::clone(&planned.unit.case),
        seed: planned.unit.seed,
        arm: arm.into(),
        expectation: planned.expect.name().into(),
        status: status.into(),
        reason,
        passed: true,
        digest: Arc::clone(&planned.digest),
        heard: None,
        roast_s: None,
    }
}

fn seen() -> CoverageRow {
    CoverageRow {
        flow: "posed".into(),
        kind: "path".into(),
        safety: false,
        steps: "".into(),
        required: 1,
        observed: 1,
        units: 1,
        met: true,
        cases: "".into(),
        nearest: None,
        why: "".into(),
    }
}
