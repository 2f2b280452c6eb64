//! What the page is made of: a verdict, what its folder holds besides, and figures that somebody else worked out.

use trier_tables::rows::{CaseRow, CoverageRow, SafetyRow, SelfTestRow, TransitionRow};
use trier_tables::verdict::VerdictFile;

use crate::worst::Contrast;

/// Everything that is shown. What the folder does not hold is empty, and named in `absent`.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The verdict.
    pub said: &'a VerdictFile,
    /// What of the verdict's evidence could not be shown, and why, a sentence each.
    pub absent: Vec<String>,
    /// Errors by metric and lead.
    pub leads: Vec<LeadError<'a>>,
    /// How often intervals held.
    pub held: Vec<HeldShare<'a>>,
    /// Where events fell in forecasts.
    pub pits: Vec<Transforms<'a>>,
    /// Metrics of what no roast could keep, by arm.
    pub physics: Vec<ArmFigure<'a>>,
    /// Metrics of what was left unsaid, by arm.
    pub silence: Vec<ArmFigure<'a>>,
    /// Why forecasts are missing: arm, metric, reason and how many.
    pub silences: Vec<(&'a str, &'a str, &'a str, usize)>,
    /// Time roasted for each arm, h; None where it is not known.
    pub roasted_h: Option<f64>,
    /// The roasts of the gates that explain the verdict.
    pub roasts: Vec<RoastsOf>,
    /// Cases that did not come out as they must, with the command that makes each again.
    pub odd: Vec<(&'a CaseRow, String)>,
    /// Critical flows.
    pub flows: &'a [CoverageRow],
    /// How dangers were answered.
    pub safety: &'a [SafetyRow],
    /// Which state followed which.
    pub transitions: &'a [TransitionRow],
    /// The gate's own test.
    pub self_test: &'a [SelfTestRow],
}

/// The roasts that one gate is about.
#[derive(Clone, Debug)]
pub struct RoastsOf {
    /// The gate.
    pub gate: String,
    /// All of them, worst first.
    pub all: Vec<Contrast>,
    /// The first of them on which the candidate is worse, with the command that makes each again.
    pub worst: Vec<(Contrast, String)>,
}

/// Both arms at one lead.
#[derive(Clone, Copy, Debug)]
pub struct LeadError<'a> {
    /// The metric.
    pub metric: &'a str,
    /// How long before the event, s.
    pub lead_s: f64,
    /// Roasts where both arms have a value.
    pub n_roasts: usize,
    /// Clusters among them.
    pub n_clusters: usize,
    /// The baseline.
    pub baseline: Side,
    /// The candidate.
    pub candidate: Side,
    /// Why there are no numbers; None when there are.
    pub fault: Option<&'a str>,
}

/// One arm at one lead.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Side {
    /// Mean absolute error, s.
    pub mean_s: Option<f64>,
    /// Its 95 % interval, s.
    pub interval_s: Option<(f64, f64)>,
    /// Roasts on which it owed a value and has none.
    pub silent: usize,
}

/// How often the intervals of one arm held.
#[derive(Clone, Copy, Debug)]
pub struct HeldShare<'a> {
    /// The metric, such as `first_crack.within_90`.
    pub metric: &'a str,
    /// The arm.
    pub arm: &'a str,
    /// How long before the event, s.
    pub lead_s: f64,
    /// The share that should hold, 0 to 1.
    pub nominal: f64,
    /// How many held.
    pub held: u64,
    /// Of how many.
    pub n: u64,
    /// The share that held; None where the arm states no interval.
    pub share: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Why the rows cannot be used; None when they can.
    pub fault: Option<&'a str>,
}

/// Where events fell in the forecasts of one arm.
#[derive(Clone, Copy, Debug)]
pub struct Transforms<'a> {
    /// The metric, such as `first_crack.pit`.
    pub metric: &'a str,
    /// The arm.
    pub arm: &'a str,
    /// How long before the event, s.
    pub lead_s: f64,
    /// Roasts counted.
    pub n: u64,
    /// Counts in bins of equal width over 0 to 1.
    pub bins: &'a [u64],
    /// What each would hold on average were the forecast right.
    pub expected: f64,
    /// Fewest and most that one bin then holds, but for once in twenty.
    pub likely: (u64, u64),
    /// Chance of a distribution at least so uneven were it right.
    pub p: Option<f64>,
    /// Why the rows cannot be used; None when they can.
    pub fault: Option<&'a str>,
}

/// One metric of one arm over all roasts.
#[derive(Clone, Debug)]
pub struct ArmFigure<'a> {
    /// The metric.
    pub metric: &'a str,
    /// What it says, in a line.
    pub meaning: &'a str,
    /// The arm.
    pub arm: &'a str,
    /// Roasts with a value.
    pub n: usize,
    /// Roasts that owe one and have none.
    pub missing: usize,
    /// The mean, a share.
    pub mean: Option<f64>,
    /// The largest value and the roast it is of.
    pub largest: Option<(f64, String)>,
    /// Why the rows cannot be used; None when they can.
    pub fault: Option<&'a str>,
}
