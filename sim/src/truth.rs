//! Truth: what happened to beans and machine, whatever the probes showed.
//!
//! Only scoring may read it.

use std::sync::Arc;

use trier_tables::table;

table! {
    /// One row per sample instant of a simulated roast, beside the reading of that instant.
    pub struct TruthRow = "truth", version 1 {
        /// Scenario the roast came from.
        source: Arc<str>,
        /// Machine it was roasted on.
        machine: Arc<str>,
        /// Event time.
        t_us: i64 ["us"],
        /// Time since charge; negative before it.
        since_charge_s: f64 ["s"],
        /// Power arriving from the heater.
        heater_w: f64 ["W"],
        /// Air entering the drum.
        plenum_c: f64 ["°C"],
        /// Air leaving the drum.
        outlet_c: f64 ["°C"],
        /// Drum wall.
        wall_c: f64 ["°C"],
        /// Housing and bearings.
        structure_c: f64 ["°C"],
        /// Bean shell; null when the drum is empty.
        bean_shell_c: Option<f64> ["°C"],
        /// Bean core; null when the drum is empty.
        bean_core_c: Option<f64> ["°C"],
        /// Mass-mean bean temperature; null when the drum is empty.
        bean_mean_c: Option<f64> ["°C"],
        /// Water per initial dry mass; null when the drum is empty.
        moisture: Option<f64> ["kg/kg"],
        /// Organic matter lost per initial dry mass; null when the drum is empty.
        organic_loss: Option<f64> ["kg/kg"],
        /// Reaction heat released per initial dry mass; null when the drum is empty.
        reaction_kj_kg: Option<f64> ["kJ/kg"],
        /// Thermal dose, minutes at 200 °C; null when the drum is empty.
        dose_min: Option<f64> ["min"],
        /// Share of beans past first crack; null when the drum is empty.
        cracked: Option<f64> ["1"],
        /// Share of beans past second crack; null when the drum is empty.
        second_cracked: Option<f64> ["1"],
        /// Audible first-crack pops since the row before; null when the drum is empty.
        pops: Option<f64> ["1"],
        /// Lightness L* of the beans; null when the drum is empty.
        lightness: Option<f64> ["L*"],
        /// Volume gained over green; null when the drum is empty.
        expansion: Option<f64> ["1"],
        /// Mass lost since green; null when the drum is empty.
        weight_loss_pct: Option<f64> ["%"],
        /// Energy from nowhere, share of throughput so far.
        energy_residual: f64 ["1"],
        /// Mass from nowhere, share of green mass.
        mass_residual: f64 ["1"],
    }
}

table! {
    /// One row per thing that truly happened in a simulated roast, in order of time.
    pub struct TruthMarkRow = "truth_marks", version 1 {
        /// Scenario the roast came from.
        source: Arc<str>,
        /// Machine it was roasted on.
        machine: Arc<str>,
        /// What happened.
        kind: Arc<str>,
        /// When.
        t_us: i64 ["us"],
        /// When, since charge.
        since_charge_s: f64 ["s"],
    }
}
