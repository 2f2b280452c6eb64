//! Channel values: what a device sends in place of a number it has not got.

use trier_roast::Sample;

/// What devices send for "no reading". A true −1 °C has no place in a roaster.
const NO_READING: f64 = -1.0;

/// `sample` with every value that is no reading turned into None.
///
/// NaN, the infinities and exactly −1 (Artisan's and many drivers' word for "not
/// read") are no readings. Everything else is kept to the bit, however wild.
#[must_use]
pub fn as_read(sample: &Sample) -> Sample {
    let read = |value: Option<f64>| value.filter(|v| v.is_finite() && v.to_bits() != NO_READING.to_bits());
    Sample {
        bt_c: read(sample.bt_c),
        et_c: read(sample.et_c),
        inlet_c: read(sample.inlet_c),
        exhaust_c: read(sample.exhaust_c),
        drum_c: read(sample.drum_c),
        gas_pct: read(sample.gas_pct),
        air_pct: read(sample.air_pct),
        drum_rpm: read(sample.drum_rpm),
        pops_per_s: read(sample.pops_per_s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_readings_become_none_and_wild_ones_stay() {
        let raw = Sample {
            bt_c: Some(f64::NAN),
            et_c: Some(-1.0),
            inlet_c: Some(f64::INFINITY),
            exhaust_c: Some(349.0),
            gas_pct: Some(0.0),
            ..Sample::default()
        };
        let kept = Sample { exhaust_c: Some(349.0), gas_pct: Some(0.0), ..Sample::default() };
        assert_eq!(as_read(&raw), kept);
    }
}
