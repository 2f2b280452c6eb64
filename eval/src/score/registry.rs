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

/// Whether the arm of its rows is the pipeline itself: no two predictors differ in it.
#[must_use]
pub fn is_of_pipeline(metric: &Metric) -> bool {
    let families: [&[Metric]; 4] = [&marks::METRICS, &sessions::METRICS, &curve::METRICS, &ror::METRICS];
    families.iter().any(|family| family.contains(metric))
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

    #[test]
    fn coverage_has_its_nominal_share_and_the_pipeline_its_metrics() {
        let of = |name: &str| metric_named(name).expect("a metric");
        assert_eq!(interval::nominal(of("drop.within_80")), Some(0.8));
        assert_eq!(interval::nominal(of("drop.width_90")), None);
        assert!(is_of_pipeline(of("mark.drop.found")) && is_of_pipeline(of("ror.rmse")));
        assert!(!is_of_pipeline(of("drop.abstained")));
    }
}
