//! A made-up plan of roasts in clusters, and scores on it, for the tests of the figures.

use crate::case::Expect;
use crate::plan::{Arm, Plan};
use crate::score::metric_named;
use crate::suite::{Planned, Unit, cluster_of};
use trier_tables::rows::ScoreRow;

/// What an arm has on one roast.
pub(super) enum Said {
    Value(f64),
    Silent(&'static str),
}

/// A plan of `new` against `old` with as many roasts in each cluster as `sizes` says, forecast 30 and 60 s before.
pub(super) fn plan(sizes: &[usize]) -> Plan {
    let arm = |name: &str| Arm { name: name.to_owned(), identity: format!("{name}/1") };
    let roasts = sizes.iter().enumerate().flat_map(|(cluster, size)| (0..*size).map(move |_| cluster));
    let units = roasts.enumerate().map(|(i, cluster)| Planned {
        unit: Unit { case: format!("roast-{i:02}").into(), seed: Some(7) },
        expect: Expect::Run,
        machine: "gd12".into(),
        lot: "washed".into(),
        tags: vec![],
        cluster: cluster_of("washed", "gd12", &cluster.to_string()),
        digest: "".into(),
    });
    Plan {
        schema: "plan/1".into(),
        digest: "d".into(),
        suite: "s".into(),
        leads_s: vec![60.0, 30.0],
        candidate: arm("new"),
        baseline: arm("old"),
        policy: "p".into(),
        flows: None,
        power_wanted: 0.8,
        powers: vec![],
        units: units.collect(),
    }
}

/// One row for each roast and arm: what `said` has by the roast's place and whether it is the candidate.
pub(super) fn scores(
    plan: &Plan,
    metric: &str,
    lead_s: Option<f64>,
    said: impl Fn(usize, bool) -> Said,
) -> Vec<ScoreRow> {
    let metric = metric_named(metric).expect("a metric");
    let row = |place: usize, planned: &Planned, is_candidate: bool| {
        let (value, missing) = match said(place, is_candidate) {
            Said::Value(value) => (Some(value), None),
            Said::Silent(why) => (None, Some(why.into())),
        };
        ScoreRow {
            case: planned.unit.case.clone(),
            arm: if is_candidate { "new" } else { "old" }.into(),
            seed: planned.unit.seed,
            session_id: None,
            metric: metric.name.into(),
            value,
            unit: metric.unit.into(),
            direction: metric.direction.name().into(),
            lead_s,
            machine: planned.machine.clone(),
            lot: planned.lot.clone(),
            cluster: planned.cluster.clone(),
            missing,
        }
    };
    let units = plan.units.iter().enumerate();
    units.flat_map(|(i, planned)| [row(i, planned, false), row(i, planned, true)]).collect()
}
