//! What the evaluation says: cases, scores, comparisons, gates.

use std::sync::Arc;

use crate::table;

table! {
    /// One row per case, arm, seed and metric, in that order; a missing value says why.
    pub struct ScoreRow = "scores", version 1 {
        /// The case scored; for real logs the source, and `total` for a sum over many.
        case: Arc<str>,
        /// Whose forecast it is: a predictor's name.
        arm: Arc<str>,
        /// Seed of the simulated roast; null for real logs.
        seed: Option<i64> ["1"],
        /// The roast scored; null for values over many.
        session_id: Option<Arc<str>>,
        /// What is measured, such as `first_crack.error`.
        metric: Arc<str>,
        /// The value; null when there is none, and then `missing` says why.
        value: Option<f64> ["as the column unit says"],
        /// Unit of the value.
        unit: Arc<str>,
        /// Which way is better: `lower`, `higher`, `zero` or `none`.
        direction: Arc<str>,
        /// How long before the event the forecast was made; null when it does not apply.
        lead_s: Option<f64> ["s"],
        /// The machine that roasted.
        machine: Arc<str>,
        /// The lot of beans; empty when not known.
        lot: Arc<str>,
        /// What is independent of what: rows of one cluster are not.
        cluster: Arc<str>,
        /// Why there is no value; null when there is one.
        missing: Option<Arc<str>>,
    }
}

table! {
    /// One row per case, seed and arm, in that order.
    pub struct CaseRow = "cases", version 2 {
        /// The case.
        case: Arc<str>,
        /// Seed; null when the case was refused before any seed was drawn.
        seed: Option<i64> ["1"],
        /// Whose forecasts were heard: a predictor's name.
        arm: Arc<str>,
        /// What should happen: `run` or `refuse`.
        expectation: Arc<str>,
        /// What happened: `ran`, `refused`, `errored`, or `not_run` when a budget ended the work before.
        status: Arc<str>,
        /// Reason code of a refusal or an error; null when it ran.
        reason: Option<Arc<str>>,
        /// Whether what happened is what should.
        passed: bool,
        /// Digest of what was run: case, scenario and seed.
        digest: Arc<str>,
        /// Digest of the readings that were heard; null when there were none.
        heard: Option<Arc<str>>,
        /// Simulated time of the roast, charge to drop; null when it did not run.
        roast_s: Option<f64> ["s"],
    }
}

table! {
    /// One row per metric, statistic and slice compared between candidate and baseline.
    pub struct ComparisonRow = "comparisons", version 2 {
        /// What it is for: `primary`, `guardrail`, or `exploratory`, which decides nothing.
        role: Arc<str>,
        /// What is compared, with its lead.
        metric: Arc<str>,
        /// On which part of the scores; `all` for everything.
        slice: Arc<str>,
        /// What of it is compared: `mean` over clusters or `p90` over roasts.
        statistic: Arc<str>,
        /// Unit of estimate, interval, margin and spread.
        unit: Arc<str>,
        /// Candidate minus baseline, turned where higher is better: negative is better. Null without pairs.
        estimate: Option<f64> ["as the column unit says"],
        /// Lower end of the interval.
        lower: Option<f64> ["as the column unit says"],
        /// Upper end of the interval.
        upper: Option<f64> ["as the column unit says"],
        /// Level of the interval, 0 to 1.
        level: Option<f64> ["1"],
        /// How the interval was made: `bca` or `student_t`, of clusters.
        method: Option<Arc<str>>,
        /// Chance of a difference this large if there were none: flips of whole clusters, two-sided.
        p: Option<f64> ["1"],
        /// The same among all primaries (Holm) or all explored slices (Benjamini and Hochberg).
        p_adjusted: Option<f64> ["1"],
        /// Chance of a difference this small if it were the margin, one-sided.
        p_margin: Option<f64> ["1"],
        /// How much worse the candidate may be.
        margin: f64 ["as the column unit says"],
        /// Spread between clusters, by which a plan's power is worked out.
        spread: Option<f64> ["as the column unit says"],
        /// Correlation of the arms' cluster means.
        rho: Option<f64> ["1"],
        /// How many times the roasts it would have taken without pairing.
        saved: Option<f64> ["1"],
        /// Pairs compared.
        n_pairs: u32 ["1"],
        /// Independent clusters among them.
        n_clusters: u32 ["1"],
        /// Pairs missing on either side.
        n_missing: u32 ["1"],
        /// Clusters likely to settle it, were the estimate true; null when it is settled, or nothing would.
        n_needed: Option<u32> ["1"],
        /// What the comparison says: `SUPERIOR`, `NON_INFERIOR`, `INCONCLUSIVE`, `INFERIOR`, `MISSING` and so on.
        label: Arc<str>,
        /// Why, in words.
        reason: Arc<str>,
    }
}

table! {
    /// One row per gate, in the order of the policy.
    pub struct GateRow = "gates", version 2 {
        /// The gate's name.
        gate: Arc<str>,
        /// `pass`, `waived`, `fail`, `inconclusive` or `error`.
        label: Arc<str>,
        /// The outcome it asks for, as the verdict names it; `PROMOTED` when it does not stand in the way.
        outcome: Arc<str>,
        /// What was observed; null when it could not be.
        observed: Option<f64> ["as the column unit says"],
        /// What is allowed; null when it is not a number.
        limit: Option<f64> ["as the column unit says"],
        /// Unit of both.
        unit: Arc<str>,
        /// Why, in words.
        reason: Arc<str>,
        /// Who let it pass and why; null when nobody did.
        waiver: Option<Arc<str>>,
    }
}

table! {
    /// One row per critical flow, in the order of the catalogue: what of the executed units met it.
    pub struct CoverageRow = "coverage", version 1 {
        /// The flow's name.
        flow: Arc<str>,
        /// What kind it is: `path`, `cell` or `safety`.
        kind: Arc<str>,
        /// Whether it counts as a safety flow, of which all must be met.
        safety: bool,
        /// Its steps.
        steps: Arc<str>,
        /// How many cases must meet it.
        required: u32 ["1"],
        /// How many cases met it.
        observed: u32 ["1"],
        /// How many cases and seeds met it.
        units: u32 ["1"],
        /// Whether enough did.
        met: bool,
        /// The first cases that met it, by name, and how many more.
        cases: Arc<str>,
        /// The cases that came nearest, the cheapest first; null when it was met.
        nearest: Option<Arc<str>>,
        /// What would go wrong unseen without it.
        why: Arc<str>,
    }
}

table! {
    /// One row per safety flow and arm in which its danger came to be, in the order of the catalogue, then by arm.
    pub struct SafetyRow = "safety", version 1 {
        /// The flow's name.
        flow: Arc<str>,
        /// The predictor, or `pipeline` where none has a part in it.
        arm: Arc<str>,
        /// In how many streams the danger came to be.
        dangers: u32 ["1"],
        /// In how many of those it was answered as it must be.
        answered: u32 ["1"],
        /// The first cases in which it was not, by name, and how many more; empty when there are none.
        unanswered: Arc<str>,
    }
}

table! {
    /// One row per pair of states of which the second followed the first, sorted by both.
    pub struct TransitionRow = "transitions", version 1 {
        /// A phase, or how a session came out.
        from_state: Arc<str>,
        /// What came next.
        to_state: Arc<str>,
        /// How often, over all executed units.
        times: u32 ["1"],
        /// In how many units.
        units: u32 ["1"],
    }
}

table! {
    /// One row per question put to the gate itself: what it makes of candidates of known merit.
    pub struct SelfTestRow = "self_test", version 1 {
        /// What their losses hold beside luck: `nothing`, `harm on` a guardrail, or `gain on` a primary, by gate.
        planted: Arc<str>,
        /// Candidates judged.
        runs: u32 ["1"],
        /// Candidates that no rule stopped.
        promoted: u32 ["1"],
        /// The share of them.
        share: f64 ["1"],
        /// Which way the share is bound: `at_most` or `at_least`.
        side: Arc<str>,
        /// The bound, with what chance allows of so many.
        bound: f64 ["1"],
        /// Whether the share keeps to it.
        holds: bool,
        /// How many verdicts of each word, by the order of precedence.
        outcomes: Arc<str>,
    }
}
