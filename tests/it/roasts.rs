//! Recorded roasts made up for the tests: a charge, a turning point, a climb with noise, and marks.

use std::fs;
use std::path::Path;

/// Seconds of recording before charge.
const LEAD_IN_S: f64 = 30.0;

/// Seconds from charge to the turning point.
const TURN_S: f64 = 75.0;

/// 2026-01-05T09:00:00Z, when the recording of the first made-up roast starts, s since 1970.
const EPOCH_S: i64 = 1_767_603_600;

/// The unit of a file's temperatures.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Unit {
    C,
    F,
}

/// A made-up roast; times are seconds since charge.
#[derive(Clone)]
pub(crate) struct Roast {
    /// Hours after the first made-up roast.
    pub(crate) hour: i64,
    pub(crate) dry_end_s: f64,
    pub(crate) first_crack_s: f64,
    pub(crate) drop_s: f64,
    /// Chooses the noise, so that no two roasts have the same readings.
    pub(crate) noise: u32,
    /// The unit written.
    pub(crate) unit: Unit,
    /// The unit the file claims.
    pub(crate) says: Unit,
}

impl Roast {
    /// A roast with first crack at 480 s.
    pub(crate) fn first() -> Self {
        Self {
            hour: 0,
            dry_end_s: 270.0,
            first_crack_s: 480.0,
            drop_s: 600.0,
            noise: 1,
            unit: Unit::C,
            says: Unit::C,
        }
    }

    /// Another roast of the same machine, `hour` hours after the first and with other noise.
    pub(crate) fn later(hour: i64) -> Self {
        let noise = 1 + u32::try_from(hour).expect("later, not earlier");
        Self { hour, noise, ..Self::first() }
    }

    /// True BT `t_s` after charge, °C: 200 before it, 90 at the turning point, then a climb that
    /// slows to 6 °C/min and passes 208 °C at 600 s.
    pub(crate) fn bt_c(t_s: f64) -> f64 {
        let since_turn_s = t_s - TURN_S;
        if t_s < 0.0 {
            200.0
        } else if since_turn_s < 0.0 {
            90.0 + 110.0 * (since_turn_s / TURN_S) * (since_turn_s / TURN_S)
        } else {
            90.0 + 0.3495 * since_turn_s - 2.376e-4 * since_turn_s * since_turn_s
        }
    }

    /// A step of a linear congruential generator, as a number from -1 to 1.
    fn wobble(state: &mut u32) -> f64 {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(*state >> 8) / f64::from(1_u32 << 23) - 1.0
    }

    /// BT as read every `step_s` from `from_s` to 20 s after drop, to a tenth of a degree.
    fn readings(&self, from_s: f64, step_s: f64) -> Vec<f64> {
        let mut state = self.noise;
        let mut read = Vec::new();
        let mut t_s = from_s;
        while t_s < self.drop_s + 20.0 {
            let celsius = Self::bt_c(t_s) + 0.3 * Self::wobble(&mut state);
            let value = if self.unit == Unit::F { celsius * 1.8 + 32.0 } else { celsius };
            read.push((value * 10.0).round() / 10.0);
            t_s += step_s;
        }
        read
    }

    /// The Artisan file: a Python literal with one sample a second and a clock that jitters.
    pub(crate) fn alog(&self) -> String {
        let bt = self.readings(-LEAD_IN_S, 1.0);
        let et: Vec<f64> = bt.iter().map(|t| t + 15.0).collect();
        let mut state = self.noise ^ 0x5eed;
        let times: Vec<f64> = (0_u32..)
            .take(bt.len())
            .map(|i| f64::from(i) + (1.0 + Self::wobble(&mut state)) / 2000.0)
            .collect();
        let index = |t_s: f64| t_s + LEAD_IN_S;
        format!(
            "{{'version': '4.0.2', 'mode': '{}', 'viewerMode': False, 'title': 'made up', \
             'samplinginterval': 1.0, 'roastepoch': {}, 'timeindex': [{}, {}, {}, 0, 0, 0, {}, 0], \
             'timex': {times:?}, 'temp1': {et:?}, 'temp2': {bt:?}}}",
            if self.says == Unit::F { 'F' } else { 'C' },
            EPOCH_S + 3600 * self.hour,
            index(0.0),
            index(self.dry_end_s),
            index(self.first_crack_s),
            index(self.drop_s),
        )
    }

    /// The same roast as RoasTime JSON, which starts at charge and samples twice a second.
    pub(crate) fn roastime(&self) -> String {
        let bt = self.readings(0.0, 0.5);
        let index = |t_s: f64| t_s * 2.0;
        format!(
            "{{\"uid\": \"made-up\", \"roastName\": \"made \\\"up\\\"\", \"sampleRate\": 2, \
             \"dateTime\": {}, \"roastStartIndex\": 0, \"indexYellowingStart\": {}, \
             \"indexFirstCrackStart\": {}, \"roastEndIndex\": {}, \"beanTemperature\": {bt:?}}}",
            1000 * (EPOCH_S + 3600 * self.hour),
            index(self.dry_end_s),
            index(self.first_crack_s),
            index(self.drop_s),
        )
    }
}

/// Writes `text` to `path` below `folder`, with the folders above it.
pub(crate) fn keep(folder: &Path, path: &str, text: &str) {
    let place = folder.join(path);
    fs::create_dir_all(place.parent().expect("below a folder")).expect("made");
    fs::write(place, text).expect("written");
}
