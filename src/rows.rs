//! Rows of tables, as what they were made from.

use trier_roast::Sample;
use trier_tables::rows::TelemetryRow;

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
