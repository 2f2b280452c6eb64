//! What a score is about: the roast and the cluster it belongs to.

use super::metric::Metric;
use std::sync::Arc;
use trier_tables::rows::ScoreRow;

/// The arm name of scores that belong to the pipeline rather than to a predictor.
pub const PIPELINE: &str = "pipeline";

/// The roast scored; its keys go into every score row.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The case, or the source of a real log.
    pub case: Arc<str>,
    /// The seed; None for a real log.
    pub seed: Option<i64>,
    /// The pipeline's session; None when it made none of this roast.
    pub session_id: Option<Arc<str>>,
    /// The machine that roasted.
    pub machine: Arc<str>,
    /// The lot of beans; empty when not known.
    pub lot: Arc<str>,
    /// What is independent of what: lot × machine × day.
    pub cluster: Arc<str>,
}

impl Subject {
    /// A score row about this roast: a value, or why there is none.
    #[must_use]
    pub fn row(
        &self,
        arm: &str,
        metric: &Metric,
        lead_s: Option<f64>,
        value: Result<f64, String>,
    ) -> ScoreRow {
        let (value, missing) = match value {
            Ok(value) => (Some(value), None),
            Err(reason) => (None, Some(reason.into())),
        };
        ScoreRow {
            case: Arc::clone(&self.case),
            arm: arm.into(),
            seed: self.seed,
            session_id: self.session_id.clone(),
            metric: metric.name.into(),
            value,
            unit: metric.unit.into(),
            direction: metric.direction.name().into(),
            lead_s,
            machine: Arc::clone(&self.machine),
            lot: Arc::clone(&self.lot),
            cluster: Arc::clone(&self.cluster),
            missing,
        }
    }
}
