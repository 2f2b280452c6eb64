//! Rows of tables, as what they were made from.

use trier_roast::Sample;
use trier_sim::TruthMarkRow;
use trier_tables::rows::{MarkRow, TelemetryRow};

/// What was read at the time of a row.
pub(crate) fn sample_of(row: &TelemetryRow) -> Sample {
    Sample {
        bt_c: row.bt_c,
        et_c: row.et_c,
        inlet_c: row.inlet_c,
        exhaust_c: row.exhaust_c,
        drum_c: row.drum_c,
        gas_pct: row.gas_pct,
        air_pct: row.air_pct,
        drum_rpm: row.drum_rpm,
        pops_per_s: row.pops_per_s,
    }
}

/// What truly happened, as marks that somebody might have set.
pub(crate) fn as_marks(truth: &[TruthMarkRow]) -> Vec<MarkRow> {
    let mark = |row: &TruthMarkRow| MarkRow {
        source: row.source.clone(),
        machine: row.machine.clone(),
        session_id: None,
        kind: row.kind.clone(),
        t_us: row.t_us,
        since_charge_s: Some(row.since_charge_s),
        mark_source: "truth".into(),
        confidence: 1.0,
        bt_c: None,
    };
    truth.iter().map(mark).collect()
}
