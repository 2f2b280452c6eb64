//! Truth: what happened to beans and machine, whatever the probes showed.
//!
//! Only scoring may read it.

use std::sync::Arc;

use trier_tables::table;

table! {
    /// One row per sample instant of a simulated roast, beside the reading of that instant.
    pub struct TruthRow = "truth", version 2 {
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
        /// Where the beans are: `drum`, or `tray` after drop; null without beans.
        beans_in: Option<Arc<str>>,
        /// Bean shell; null without beans.
        bean_shell_c: Option<f64> ["°C"],
        /// Bean core; null without beans.
        bean_core_c: Option<f64> ["°C"],
        /// Mass-mean bean temperature; null without beans.
        bean_mean_c: Option<f64> ["°C"],
        /// Water per initial dry mass; null without beans.
        moisture: Option<f64> ["kg/kg"],
        /// Organic matter lost per initial dry mass; null without beans.
        organic_loss: Option<f64> ["kg/kg"],
        /// Reaction heat released per initial dry mass; null without beans.
        reaction_kj_kg: Option<f64> ["kJ/kg"],
        /// Thermal dose, minutes at 200 °C; null without beans.
        dose_min: Option<f64> ["min"],
        /// Share of beans past first crack; null without beans.
        cracked: Option<f64> ["1"],
        /// Share of beans past second crack; null without beans.
        second_cracked: Option<f64> ["1"],
        /// Audible first-crack pops since the row before; null without beans.
        pops: Option<f64> ["1"],
        /// Beans that truly popped since the row before, whether heard or not; null without beans.
        beans_popped: Option<f64> ["1"],
        /// How fast they popped since the row before; null without beans.
        beans_popping_per_s: Option<f64> ["1/s"],
        /// Lightness L* of the beans; null without beans.
        lightness: Option<f64> ["L*"],
        /// Redness a* of the beans; null without beans.
        redness: Option<f64> ["a*"],
        /// Yellowness b* of the beans; null without beans.
        yellowness: Option<f64> ["b*"],
        /// What an Agtron meter might say of them ground, a guess; null before they are yellow.
        agtron: Option<f64> ["Agtron"],
        /// Volume gained over green; null without beans.
        expansion: Option<f64> ["1"],
        /// Volume of one bean; null without beans.
        bean_volume_mm3: Option<f64> ["mm³"],
        /// Mass of one bean by its volume; null without beans.
        bean_density_g_cm3: Option<f64> ["g/cm³"],
        /// Mass lost since green; null without beans.
        weight_loss_pct: Option<f64> ["%"],
        /// Energy from nowhere, share of throughput so far.
        energy_residual: f64 ["1"],
        /// Mass from nowhere, share of green mass.
        mass_residual: f64 ["1"],
    }
}

table! {
    /// One row per thing that truly happened in a simulated roast, in order of time.
    pub struct TruthMarkRow = "truth_marks", version 2 {
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
        /// When somebody or something marked it for production; null when nobody did.
        marked_t_us: Option<i64> ["us"],
        /// How late that mark is; negative when early, null when nobody marked.
        marked_late_s: Option<f64> ["s"],
    }
}
