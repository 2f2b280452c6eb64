//! Every metric there is, by name: the families' own tables in a row.

use super::metric::{Metric, joined};
use super::{abstention, censored, curve, interval, marks, physics, ror, sessions, timing};

/// Every metric scored, family by family. Errors are predicted or marked minus happened.
pub const METRICS: [Metric; 62] = joined(&[
    &timing::METRICS,
    &interval::METRICS,
    &censored::METRICS,
    &marks::METRICS,
    &sessions::METRICS,
    &curve::METRICS,
    &ror::METRICS,
    &physics::METRICS,
    &abstention::METRICS,
]);

/// The metric of this name, if there is one.
#[must_use]
pub fn metric_named(name: &str) -> Option<&'static Metric> {
    const ALL: &[Metric] = &METRICS;
    ALL.iter().find(|metric| metric.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_is_one_metrics_own() {
        let names: BTreeSet<&str> = METRICS.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), METRICS.len());
        for metric in &METRICS {
            assert_eq!(metric_named(metric.name), Some(metric));
            assert!(!metric.unit.is_empty() && !metric.meaning.is_empty(), "{metric:?}");
        }
        assert_eq!(metric_named("first_crack"), None);
    }
}
