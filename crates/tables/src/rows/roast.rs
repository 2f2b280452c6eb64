//! What the pipeline makes of readings: telemetry, marks, sessions, predictions.

use std::borrow::Cow;
use std::sync::Arc;

use crate::table;

table! {
    /// One row per reading sample, sorted by source, machine, then arrival; null means not read.
    pub struct TelemetryRow = "telemetry", version 3 {
        /// Where the readings came from: a scenario and seed, or a file name.
        source: Arc<str>,
        /// The machine that sent them.
        machine: Arc<str>,
        /// The roast this sample belongs to; null between roasts.
        session_id: Option<Arc<str>>,
        /// Event time since 1970-01-01T00:00:00Z, by the machine.
        t_us: i64 ["us"],
        /// Time since charge, as far as it was known then; null outside a roast.
        since_charge_s: Option<f64> ["s"],
        /// Bean probe reading, as sent.
        bt_c: Option<f64> ["°C"],
        /// Environment probe reading, as sent.
        et_c: Option<f64> ["°C"],
        /// Inlet air reading, as sent.
        inlet_c: Option<f64> ["°C"],
        /// Exhaust air reading, as sent.
        exhaust_c: Option<f64> ["°C"],
        /// Drum surface reading, as sent.
        drum_c: Option<f64> ["°C"],
        /// Burner or heater setting.
        gas_pct: Option<f64> ["%"],
        /// Fan setting.
        air_pct: Option<f64> ["%"],
        /// Drum speed.
        drum_rpm: Option<f64> ["1/min"],
        /// Cracks heard since the sample before; null without a microphone.
        pops_per_s: Option<f64> ["1/s"],
        /// Rate of rise of BT over the 30 s before this sample, nothing after it; null while the
        /// window is not full.
        bt_ror_c_per_min: Option<f64> ["°C/min"],
        /// Quality flags joined by `|`; empty when there is no complaint.
        quality: Cow<'static, str>,
        /// How far the origin of the reading is proven.
        trust: Cow<'static, str>,
    }
}

table! {
    /// One row per mark, sorted by source, machine, then time.
    pub struct MarkRow = "marks", version 1 {
        /// Where the readings came from.
        source: Arc<str>,
        /// The machine the mark is about.
        machine: Arc<str>,
        /// The roast it belongs to; null outside one.
        session_id: Option<Arc<str>>,
        /// What happened: `charge`, `turning_point`, `dry_end`, `first_crack_start` and so on.
        kind: Arc<str>,
        /// When it happened, since 1970-01-01T00:00:00Z, by the machine.
        t_us: i64 ["us"],
        /// Time since charge; null outside a roast.
        since_charge_s: Option<f64> ["s"],
        /// Who says so: `device`, `operator` or `inferred`.
        mark_source: Arc<str>,
        /// From 0 (a guess) to 1 (certain).
        confidence: f64 ["1"],
        /// BT at the mark; null when it was not read.
        bt_c: Option<f64> ["°C"],
    }
}

table! {
    /// One row per revision of a session (a roast as one whole), sorted by source, machine, start,
    /// then revision; the last revision of a session stands.
    pub struct SessionRow = "sessions", version 2 {
        /// Where the readings came from.
        source: Arc<str>,
        /// The machine that roasted.
        machine: Arc<str>,
        /// The session's name, the same in every revision.
        session_id: Arc<str>,
        /// Counts from 0; goes up when late readings change a sealed session.
        revision: u32 ["1"],
        /// Charge, since 1970-01-01T00:00:00Z, by the machine.
        start_us: i64 ["us"],
        /// Drop, or the last reading when there was none, since 1970-01-01T00:00:00Z.
        end_us: i64 ["us"],
        /// How the roast ended: `complete` and others.
        outcome: Arc<str>,
        /// Why the session was closed when it was.
        seal_cause: Arc<str>,
        /// By whose word the charge stands: `device`, `operator` or `inferred`.
        charge_source: Arc<str>,
        /// How sure the charge is, 0 to 1.
        charge_confidence: f64 ["1"],
        /// The charge told minus the one the curve shows; null unless both are there.
        charge_disagreement_s: Option<f64> ["s"],
        /// BT at charge.
        charge_bt_c: Option<f64> ["°C"],
        /// Turning point since charge.
        turning_point_s: Option<f64> ["s"],
        /// BT at the turning point.
        turning_point_bt_c: Option<f64> ["°C"],
        /// End of drying since charge.
        dry_end_s: Option<f64> ["s"],
        /// BT at the end of drying.
        dry_end_bt_c: Option<f64> ["°C"],
        /// Start of first crack since charge.
        first_crack_s: Option<f64> ["s"],
        /// BT at the start of first crack.
        first_crack_bt_c: Option<f64> ["°C"],
        /// Drop since charge.
        drop_s: Option<f64> ["s"],
        /// BT at drop.
        drop_bt_c: Option<f64> ["°C"],
        /// By whose word the drop stands; null without a drop.
        drop_source: Option<Arc<str>>,
        /// How sure the drop is, 0 to 1; null without a drop.
        drop_confidence: Option<f64> ["1"],
        /// The drop told minus the one the curve shows; null unless both are there.
        drop_disagreement_s: Option<f64> ["s"],
        /// From charge to the end of drying.
        drying_s: Option<f64> ["s"],
        /// From the end of drying to the start of first crack.
        maillard_s: Option<f64> ["s"],
        /// From the start of first crack to drop.
        development_s: Option<f64> ["s"],
        /// Development over the whole time from charge to drop, 0 to 1.
        development_ratio: Option<f64> ["1"],
        /// Readings in the session.
        n_readings: u32 ["1"],
        /// Readings whose BT could not be used.
        n_unusable: u32 ["1"],
        /// Silences of more than 60 s between charge and drop.
        gaps: u32 ["1"],
        /// The longest time between two readings.
        longest_gap_s: f64 ["s"],
        /// How often its device started while it lasted; 0 where devices do not count that.
        boots: u32 ["1"],
        /// Grade of the data as a whole.
        grade: Arc<str>,
        /// What took the grade down, and what else is odd, joined by `|`; empty when nothing did.
        grade_reasons: Arc<str>,
        /// The least trust of any reading in it.
        trust: Arc<str>,
    }
}

table! {
    /// One row per forecast asked for, sorted by source, machine, session, predictor, target, then
    /// time. A predictor without an interval fills only `p50_s`; one that would not say fills none,
    /// and `abstain` says why.
    pub struct PredictionRow = "predictions", version 2 {
        /// Where the readings came from.
        source: Arc<str>,
        /// The machine that roasted.
        machine: Arc<str>,
        /// The roast forecast.
        session_id: Arc<str>,
        /// Who forecast.
        predictor: Arc<str>,
        /// The predictor's version.
        version: u32 ["1"],
        /// What was forecast: `first_crack_start` or `drop`.
        target: Arc<str>,
        /// When, since 1970-01-01T00:00:00Z: nothing later was known.
        as_of_us: i64 ["us"],
        /// The same instant, since charge.
        since_charge_s: f64 ["s"],
        /// 5 % quantile of the time from then to the event.
        p05_s: Option<f64> ["s"],
        /// 10 % quantile.
        p10_s: Option<f64> ["s"],
        /// 25 % quantile.
        p25_s: Option<f64> ["s"],
        /// Median.
        p50_s: Option<f64> ["s"],
        /// 75 % quantile.
        p75_s: Option<f64> ["s"],
        /// 90 % quantile.
        p90_s: Option<f64> ["s"],
        /// 95 % quantile.
        p95_s: Option<f64> ["s"],
        /// Reason code when the predictor would not say; null when it did.
        abstain: Option<Arc<str>>,
        /// What the forecast rests on, with numbers, joined by `; `.
        reasons: Arc<str>,
        /// The newest reading it rests on, since charge; null when it looks at none.
        used_until_s: Option<f64> ["s"],
        /// Points of BT it rests on; null when the predictor would not say.
        used_points: Option<u32> ["1"],
        /// Earlier roasts of the machine it rests on; null when the predictor would not say.
        used_roasts: Option<u32> ["1"],
    }
}
