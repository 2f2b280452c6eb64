//! What a calibration says: the numbers fitted, and how far off the machine is on each roast.

use std::sync::Arc;

use crate::table;

table! {
    /// One row per number fitted, in the order they are fitted in.
    pub struct FitParameterRow = "fit_parameters", version 2 {
        /// Its key in the machine's file, or its name.
        key: Arc<str>,
        /// Whose it is: `machine`, `start` or `lot`.
        level: Arc<str>,
        /// Its unit.
        unit: Arc<str>,
        /// The number it started from, the centre of its prior.
        prior: f64 ["as the column unit says"],
        /// One standard deviation of its prior below that.
        prior_low: f64 ["as the column unit says"],
        /// One standard deviation of its prior above it.
        prior_high: f64 ["as the column unit says"],
        /// The number fitted.
        value: f64 ["as the column unit says"],
        /// One standard error below it.
        low: f64 ["as the column unit says"],
        /// One standard error above it.
        high: f64 ["as the column unit says"],
        /// Standard deviation after the roasts over that before them; near 1 where they say nothing.
        sd_ratio: f64 ["1"],
        /// Whether it ran into the end of what it may be: the roasts ask for another law than the model's.
        at_bound: bool,
    }
}

table! {
    /// One row per roast, curve and metric; a missing value means that it could not be compared.
    pub struct FitErrorRow = "fit_errors", version 1 {
        /// The roast.
        source: Arc<str>,
        /// `train` or `held_out`.
        part: Arc<str>,
        /// Whose curve: `machine` as fitted, `machine_and_batch` with the batch's own three numbers, `family` before
        /// any fit, `last_roast` or `mean_curve` of those trained on.
        curve: Arc<str>,
        /// What is measured, such as `bt_rmse`.
        metric: Arc<str>,
        /// Simulated minus recorded, or its root mean square.
        value: Option<f64> ["as the column unit says"],
        /// Unit of the value.
        unit: Arc<str>,
    }
}

table! {
    /// One row per part, curve and metric over all its roasts.
    pub struct FitTotalRow = "fit_totals", version 1 {
        /// `train` or `held_out`.
        part: Arc<str>,
        /// Whose curve.
        curve: Arc<str>,
        /// What is measured: a median, the share within a limit, or of a phase the miss that all roasts share
        /// (`shared.bt_bias`) and the spread of what each misses on its own (`own.bt_bias`).
        metric: Arc<str>,
        /// The value; null when no roast could be compared.
        value: Option<f64> ["as the column unit says"],
        /// Lower end of its 95 % interval by order statistics; null for shares and below six roasts.
        low: Option<f64> ["as the column unit says"],
        /// Upper end.
        high: Option<f64> ["as the column unit says"],
        /// Unit of the value.
        unit: Arc<str>,
        /// Roasts that could be compared.
        n: u32 ["1"],
    }
}

table! {
    /// One row each five seconds of a roast, charge to drop.
    pub struct FitCurveRow = "fit_curves", version 2 {
        /// The roast.
        source: Arc<str>,
        /// `train` or `held_out`.
        part: Arc<str>,
        /// Time since charge.
        since_charge_s: f64 ["s"],
        /// What the bean probe showed.
        bt_c: f64 ["°C"],
        /// What the machine's free run shows.
        machine_bt_c: Option<f64> ["°C"],
        /// The same with the batch's own three numbers.
        machine_and_batch_bt_c: Option<f64> ["°C"],
        /// What the family's machine shows before any fit, made as large as the roasts.
        family_bt_c: Option<f64> ["°C"],
    }
}

table! {
    /// One row per pair of fitted numbers that the roasts cannot tell apart.
    pub struct FitPairRow = "fit_pairs", version 1 {
        /// One of them, by its key.
        one: Arc<str>,
        /// The other.
        other: Arc<str>,
        /// Their correlation after the fit, beyond 0.95 either way.
        correlation: f64 ["1"],
    }
}

table! {
    /// One row per bar that a calibration is held against, over the roasts held out.
    pub struct FitBarRow = "fit_bars", version 1 {
        /// What is asked for.
        what: Arc<str>,
        /// What was found; null when no roast could be compared.
        value: Option<f64> ["as the column unit says"],
        /// The limit.
        limit: f64 ["as the column unit says"],
        /// Unit of both; `1` for a share of the roasts.
        unit: Arc<str>,
        /// Whether the limit is the most that may be, else the least.
        at_most: bool,
        /// Whether it is met; nothing to compare meets nothing.
        met: bool,
    }
}
