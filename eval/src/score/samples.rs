//! The stream's samples as scores look at them: in order of time, each with what of it may be used.

use trier_roast::{EventTime, Quality};
use trier_tables::rows::TelemetryRow;

/// One sample that came in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sampled {
    /// When.
    pub t_us: i64,
    /// BT as shown, °C; None where it was not read or may not be used.
    pub bt_c: Option<f64>,
    /// Rate of rise that the pipeline gave, °C/min.
    pub ror_c_per_min: Option<f64>,
    /// Whether there was no complaint about it at all.
    pub is_good: bool,
}

/// The samples of a stream, ascending; late and repeated ones, of which nobody forecasts, are left out.
pub(super) fn in_order(telemetry: &[TelemetryRow]) -> Vec<Sampled> {
    let sampled = |row: &TelemetryRow| {
        let quality = Quality::of_names(&row.quality);
        let late = quality.has(Quality::OUT_OF_ORDER) || quality.has(Quality::DUPLICATE_TIME);
        let bt_c = row.bt_c.filter(|_| quality.is_usable());
        (!late).then_some(Sampled {
            t_us: row.t_us,
            bt_c,
            ror_c_per_min: row.bt_ror_c_per_min,
            is_good: quality == Quality::GOOD,
        })
    };
    let mut samples: Vec<Sampled> = telemetry.iter().filter_map(sampled).collect();
    samples.sort_by_key(|sample| sample.t_us);
    samples
}

/// Those from `from` on and before `until`.
pub(super) fn between(samples: &[Sampled], from: EventTime, until: EventTime) -> &[Sampled] {
    let at = |instant: EventTime| samples.partition_point(|sample| sample.t_us < instant.us());
    &samples[at(from).min(at(until))..at(until)]
}

/// The sample of an instant, if there is one.
pub(super) fn at(samples: &[Sampled], t_us: i64) -> Option<&Sampled> {
    samples.binary_search_by_key(&t_us, |sample| sample.t_us).ok().map(|at| &samples[at])
}
