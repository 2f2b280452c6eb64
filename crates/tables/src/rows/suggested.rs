//! What was suggested to the operator of a roast.

use std::sync::Arc;

use crate::table;

table! {
    /// One row per roast and moment at which a suggestion was asked for, in that order. Nothing of it is sent anywhere.
    pub struct SuggestionRow = "suggestions", version 1 {
        /// Where the readings came from.
        source: Arc<str>,
        /// The machine that roasted.
        machine: Arc<str>,
        /// The profile that the roast is held against.
        profile: Arc<str>,
        /// When, since charge.
        since_charge_s: f64 ["s"],
        /// When the profile has first crack, since charge.
        wanted_s: f64 ["s"],
        /// First crack as the roast goes on, since charge: 5 %; null where the twin gives no answer, as the two after it.
        first_crack_p05_s: Option<f64> ["s"],
        /// The median.
        first_crack_p50_s: Option<f64> ["s"],
        /// 95 %.
        first_crack_p95_s: Option<f64> ["s"],
        /// Gas now; null where nothing is suggested, as the four after it.
        gas_from_pct: Option<f64> ["%"],
        /// Gas that would meet the profile.
        gas_to_pct: Option<f64> ["%"],
        /// First crack with that gas, since charge: 5 %.
        changed_p05_s: Option<f64> ["s"],
        /// The median.
        changed_p50_s: Option<f64> ["s"],
        /// 95 %.
        changed_p95_s: Option<f64> ["s"],
        /// Why nothing is suggested: `on_pace`, `too_late`, `unsure`, `out_of_reach`, or a predictor's reason; null where
        /// something is.
        why_not: Option<Arc<str>>,
        /// The same in words.
        text: Arc<str>,
    }
}
