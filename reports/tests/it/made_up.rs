//! A made-up roast and what goes with it.

use trier_roast::math;
use trier_tables::rows::{FileRow, FindingRow, MarkRow, ScoreRow, SessionRow, TelemetryRow};
use trier_tables::verdict::{ComparisonSaid, Counts, GateSaid, PlanSaid, PowerSaid, VerdictFile};

/// One sample a second of a roast of `last_s` seconds: BT falls to 92 °C and climbs ever slower.
pub(crate) fn telemetry(last_s: u32) -> Vec<TelemetryRow> {
    (0..=last_s).map(|t_s| sample(f64::from(t_s))).collect()
}

fn sample(t_s: f64) -> TelemetryRow {
    let bt_c = bt_c(t_s);
    TelemetryRow {
        source: "first-roast#7".into(),
        machine: "gd12".into(),
        session_id: Some("gd12-1".into()),
        t_us: (t_s * 1e6) as i64,
        since_charge_s: Some(t_s),
        bt_c: Some(bt_c),
        et_c: Some(238.0 - 45.0 * math::exp(-t_s / 260.0) + 25.0 * math::exp(-t_s / 40.0)),
        inlet_c: None,
        exhaust_c: None,
        drum_c: None,
        gas_pct: Some(70.0),
        air_pct: None,
        drum_rpm: None,
        pops_per_s: None,
        bt_ror_c_per_min: (t_s >= 30.0).then(|| 2.0 * (bt_c - self::bt_c(t_s - 30.0))),
        quality: "".into(),
        trust: "unsigned".into(),
    }
}

fn bt_c(t_s: f64) -> f64 {
    235.0 - 185.0 * math::exp(-t_s / 300.0) + 145.0 * math::exp(-t_s / 32.0)
}

pub(crate) fn mark(kind: &str, since_charge_s: f64) -> MarkRow {
    MarkRow {
        source: "first-roast#7".into(),
        machine: "gd12".into(),
        session_id: Some("gd12-1".into()),
        kind: kind.into(),
        t_us: (since_charge_s * 1e6) as i64,
        since_charge_s: Some(since_charge_s),
        mark_source: "inferred".into(),
        confidence: 1.0,
        bt_c: Some(bt_c(since_charge_s)),
    }
}

pub(crate) fn marks() -> Vec<MarkRow> {
    [
        ("charge", 0.0),
        ("turning_point", 76.0),
        ("dry_end", 275.0),
        ("first_crack_start", 508.0),
        ("drop", 612.0),
    ]
    .map(|(kind, at_s)| mark(kind, at_s))
    .to_vec()
}

pub(crate) fn session(source: &str, id: &str, first_crack_s: Option<f64>) -> SessionRow {
    SessionRow {
        source: source.into(),
        machine: "gd12".into(),
        session_id: id.into(),
        revision: 0,
        start_us: 0,
        end_us: 612_000_000,
        outcome: "complete".into(),
        seal_cause: "drop".into(),
        charge_source: "device".into(),
        charge_confidence: 1.0,
        charge_disagreement_s: None,
        charge_bt_c: Some(195.04),
        turning_point_s: Some(76.0),
        turning_point_bt_c: Some(103.1),
        dry_end_s: Some(275.0),
        dry_end_bt_c: Some(161.0),
        first_crack_s,
        first_crack_bt_c: first_crack_s.map(|_| 201.0),
        drop_s: Some(612.0),
        drop_bt_c: Some(211.0),
        drop_source: None,
        drop_confidence: None,
        drop_disagreement_s: None,
        drying_s: Some(275.0),
        maillard_s: first_crack_s.map(|_| 233.0),
        development_s: first_crack_s.map(|_| 104.0),
        development_ratio: first_crack_s.map(|_| 0.16993),
        n_readings: 613,
        n_unusable: 0,
        gaps: 0,
        longest_gap_s: 1.0,
        boots: 0,
        grade: "good".into(),
        grade_reasons: "".into(),
        trust: "unsigned".into(),
    }
}

pub(crate) fn score(
    arm: &str,
    id: &str,
    metric: &str,
    lead_s: Option<f64>,
    value: Result<f64, &str>,
) -> ScoreRow {
    ScoreRow {
        case: if id == "b" { "old" } else { "guji.alog" }.into(),
        arm: arm.into(),
        seed: Some(7),
        session_id: Some(id.into()),
        metric: metric.into(),
        value: value.ok(),
        unit: "s".into(),
        direction: "zero".into(),
        lead_s,
        machine: "gd12".into(),
        lot: "washed".into(),
        cluster: "washed/gd12".into(),
        missing: value.err().map(Into::into),
    }
}

pub(crate) fn file(source: &str, outcome: &str, reason: Option<&str>) -> FileRow {
    FileRow {
        source: source.into(),
        format: "alog".into(),
        machine: "bullet".into(),
        outcome: outcome.into(),
        reason: reason.map(Into::into),
        n_samples: 600,
        n_findings: 0,
    }
}

pub(crate) fn finding(source: &str, code: &str, detail: &str) -> FindingRow {
    FindingRow { source: source.into(), code: code.into(), detail: detail.into() }
}

pub(crate) fn gate(name: &str, label: &str, observed: Option<f64>, reason: &str) -> GateSaid {
    GateSaid {
        gate: name.into(),
        label: label.into(),
        outcome: "REFUSED".into(),
        observed,
        limit: observed.map(|_| 3.0),
        unit: "s".into(),
        reason: reason.into(),
        waiver: None,
    }
}

pub(crate) fn comparison(metric: &str, label: &str, interval: Option<[f64; 3]>) -> ComparisonSaid {
    ComparisonSaid {
        role: "guardrail".into(),
        metric: metric.into(),
        slice: "all".into(),
        statistic: "mean".into(),
        unit: "s".into(),
        estimate: interval.map(|i| i[1]),
        lower: interval.map(|i| i[0]),
        upper: interval.map(|i| i[2]),
        level: Some(0.95),
        method: interval.map(|_| "bca".into()),
        p: interval.map(|_| 0.01),
        p_adjusted: None,
        p_margin: None,
        margin: 3.0,
        spread: None,
        rho: None,
        saved: None,
        n_pairs: 39,
        n_clusters: 13,
        n_missing: u32::from(interval.is_none()),
        n_needed: None,
        label: label.into(),
        reason: "as the interval says".into(),
    }
}

/// A verdict of these gates and comparisons.
pub(crate) fn verdict(
    word: &str,
    exit_code: u8,
    gates: &[GateSaid],
    comparisons: &[ComparisonSaid],
) -> VerdictFile {
    let labelled =
        |labels: &[&str]| gates.iter().filter(|gate| labels.contains(&gate.label.as_str())).count();
    let (passed, waived, inconclusive) =
        (labelled(&["pass"]), labelled(&["waived"]), labelled(&["inconclusive"]));
    VerdictFile {
        schema: "verdict/1".into(),
        verdict: word.into(),
        exit_code,
        reasons: Vec::new(),
        plan: PlanSaid {
            digest: "9f3c51d2a7b00e44".into(),
            suite: "first".into(),
            suite_file: "golden/first.toml".into(),
            candidate: "new".into(),
            candidate_identity: "new/2".into(),
            baseline: "old".into(),
            baseline_identity: "old/1".into(),
            policy: "b0".into(),
            units: 5,
            clusters: 13,
            power_wanted: 0.8,
            powers: vec![PowerSaid {
                gate: "guardrail.drop.abs_error@60s".into(),
                clusters: 13,
                goal: "not worse by 3 s".into(),
                power: 0.914,
                detectable: Some(2.54),
                needed: Some(10),
            }],
        },
        counts: Counts {
            ran: 2,
            refused: 1,
            errored: 1,
            not_run: 1,
            passed,
            waived,
            inconclusive,
            failed: gates.len() - passed - waived - inconclusive,
        },
        gates: gates.to_vec(),
        comparisons: comparisons.to_vec(),
        coverage: None,
        risk: None,
        tables: std::collections::BTreeMap::new(),
        reproduce: "sim eval golden/first.toml --candidate new --baseline old".into(),
        program: "0.1.0".into(),
    }
}
