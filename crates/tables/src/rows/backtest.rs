//! What a backtest says: each forecast asked for, and what many come to.

use std::sync::Arc;

use crate::table;

table! {
    /// One row per roast, predictor, target and lead, in that order; a missing forecast says why.
    pub struct AskedRow = "asked", version 1 {
        /// Where the readings came from.
        source: Arc<str>,
        /// The machine that roasted.
        machine: Arc<str>,
        /// What is independent of what: rows of one cluster are not.
        cluster: Arc<str>,
        /// Who forecast.
        predictor: Arc<str>,
        /// What was forecast: `first_crack_start` or `drop`.
        target: Arc<str>,
        /// How long before the event it was asked, s.
        lead_s: f64 ["s"],
        /// Earlier roasts of the machine that were known.
        n_earlier: u32 ["1"],
        /// The newest usable BT then; null when there was none.
        bt_c: Option<f64> ["°C"],
        /// When the event happened, since charge.
        event_s: f64 ["s"],
        /// The median forecast minus the event; null when there was none, as the columns after it.
        error_s: Option<f64> ["s"],
        /// Pinball loss, the mean over the quantiles stated.
        pinball_s: Option<f64> ["s"],
        /// Continuous ranked probability score, from the quantiles stated.
        crps_s: Option<f64> ["s"],
        /// 1 when the event lay within the interval of 50 %, else 0; null without that interval.
        within_50: Option<f64> ["1"],
        /// The same for 80 %.
        within_80: Option<f64> ["1"],
        /// The same for 90 %.
        within_90: Option<f64> ["1"],
        /// Width of the interval of 90 %.
        width_90_s: Option<f64> ["s"],
        /// Why there is no forecast; null when there is one.
        missing: Option<Arc<str>>,
    }
}

table! {
    /// One row per target, slice, machine and predictor, in that order.
    pub struct BacktestRow = "backtest", version 2 {
        /// What was forecast.
        target: Arc<str>,
        /// Which forecasts: `lead` or `regime`.
        slice: Arc<str>,
        /// How long before the event; null for all leads together.
        lead_s: Option<f64> ["s"],
        /// BT then: `all`, `below_150` or `above_150`.
        regime: Arc<str>,
        /// Earlier roasts known: `all`, `0`, `1-2`, `3-9`, `10+` or `3+`.
        earlier: Arc<str>,
        /// The machine; null for all together.
        machine: Option<Arc<str>>,
        /// Who forecast.
        predictor: Arc<str>,
        /// Forecasts asked for.
        n_asked: u32 ["1"],
        /// Those that said a time.
        n_scored: u32 ["1"],
        /// Those where the predictor would not say.
        n_abstained: u32 ["1"],
        /// Clusters that those scored are of: machines, or days of one machine.
        n_clusters: u32 ["1"],
        /// Mean absolute error.
        mae_s: Option<f64> ["s"],
        /// Lower end of its 95 % interval, by bootstrap over clusters; null with fewer than six.
        mae_low_s: Option<f64> ["s"],
        /// Upper end.
        mae_high_s: Option<f64> ["s"],
        /// Mean error; positive when forecast too late.
        bias_s: Option<f64> ["s"],
        /// 90 % quantile of the absolute error.
        p90_s: Option<f64> ["s"],
        /// Mean pinball loss.
        pinball_s: Option<f64> ["s"],
        /// Mean CRPS.
        crps_s: Option<f64> ["s"],
        /// Share of events within the interval of 50 %.
        coverage_50: Option<f64> ["1"],
        /// The same for 80 %.
        coverage_80: Option<f64> ["1"],
        /// The same for 90 %.
        coverage_90: Option<f64> ["1"],
        /// Mean width of the interval of 90 %.
        width_90_s: Option<f64> ["s"],
        /// Width of the naive interval: about the best baseline's forecasts, the same for all, and as wide as it
        /// must be to hold as many of these events as the interval of 90 % does.
        naive_width_90_s: Option<f64> ["s"],
        /// The baseline with the least error on the same roasts; null for baselines themselves.
        best_baseline: Option<Arc<str>>,
        /// Its mean absolute error there.
        baseline_mae_s: Option<f64> ["s"],
        /// Mean difference of absolute errors to it, where both said a time; negative when better.
        difference_s: Option<f64> ["s"],
        /// Lower end of the difference's 95 % interval, as above.
        difference_low_s: Option<f64> ["s"],
        /// Upper end.
        difference_high_s: Option<f64> ["s"],
    }
}

table! {
    /// One row per target and roast that the predictor tested first forecast worst, worst first: ten at most.
    pub struct WorstRow = "worst", version 1 {
        /// What was forecast: `first_crack_start` or `drop`.
        target: Arc<str>,
        /// Its place, from 1 for the worst.
        place: u32 ["1"],
        /// Where the readings came from.
        source: Arc<str>,
        /// The machine that roasted.
        machine: Arc<str>,
        /// Who forecast.
        predictor: Arc<str>,
        /// Earlier roasts of the machine that were known.
        n_earlier: u32 ["1"],
        /// When the event happened, since charge.
        event_s: f64 ["s"],
        /// Mean absolute error over the leads at which it said a time.
        mae_s: f64 ["s"],
        /// Leads at which it said a time.
        n_scored: u32 ["1"],
        /// Leads at which it was asked.
        n_asked: u32 ["1"],
    }
}

table! {
    /// One row each five seconds of the roasts in `worst`, charge to drop: what the bean probe showed.
    pub struct WorstCurveRow = "worst_curves", version 1 {
        /// Where the readings came from.
        source: Arc<str>,
        /// Time since charge as recorded.
        since_charge_s: f64 ["s"],
        /// BT; null where it could not be used.
        bt_c: Option<f64> ["°C"],
    }
}

table! {
    /// One row each ten seconds of the roasts in `worst`, up to the event: when the event was expected then.
    pub struct WorstForecastRow = "worst_forecasts", version 1 {
        /// What was forecast.
        target: Arc<str>,
        /// Where the readings came from.
        source: Arc<str>,
        /// When it was said, since charge as recorded.
        since_charge_s: f64 ["s"],
        /// When the event was expected, since charge: 5 % quantile; null without one.
        p05_s: Option<f64> ["s"],
        /// 25 %.
        p25_s: Option<f64> ["s"],
        /// The median; null when the predictor would not say.
        p50_s: Option<f64> ["s"],
        /// 75 %.
        p75_s: Option<f64> ["s"],
        /// 95 %.
        p95_s: Option<f64> ["s"],
        /// Reason code when it would not say; null when it did.
        abstain: Option<Arc<str>>,
    }
}
