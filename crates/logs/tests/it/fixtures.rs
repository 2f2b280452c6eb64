//! Small logs made up for the tests, in the shape real ones have.

/// A made-up roast in °C: charge, turning point, a climb, and cooling after drop.
pub(crate) struct Alog {
    pub(crate) mode: Option<&'static str>,
    pub(crate) time_s: Vec<f64>,
    pub(crate) bt: Vec<f64>,
    pub(crate) timeindex: [i64; 8],
    /// Further entries of the dict, each ending in a comma.
    pub(crate) more: String,
}

/// Seconds before charge at which the made-up recording begins.
pub(crate) const PREHEAT_S: f64 = 20.0;

/// True BT of the made-up roast at `t_s` after charge, °C.
pub(crate) fn bt_c(t_s: f64) -> f64 {
    match t_s {
        t if t < 0.0 => 180.0,
        t if t < 60.0 => 180.0 - 1.5 * t,
        t if t < 600.0 => 90.0 + (t - 60.0) * 0.22,
        t => 208.8 - (t - 600.0),
    }
}

impl Alog {
    /// 640 s at one sample per second, with a clock that jitters and a probe that
    /// flickers; charge at 20 s, dry end 270 s, first crack 480 s, drop 600 s later.
    pub(crate) fn new() -> Self {
        let jitter = |i: u32| f64::from(i * 7919 % 13) / 13_000.0;
        let flicker = |i: u32| f64::from(i * 104_729 % 7) / 10.0 - 0.3;
        let count = 640_u32;
        let time_s: Vec<f64> = (0..count).map(|i| f64::from(i) + jitter(i)).collect();
        let bt = (0..count).map(|i| (bt_c(f64::from(i) - PREHEAT_S) + flicker(i)).round()).collect();
        Self { mode: Some("C"), time_s, bt, timeindex: [20, 290, 500, 0, 0, 0, 620, 0], more: String::new() }
    }

    /// The same temperatures in °F, whatever `mode` says.
    pub(crate) fn in_fahrenheit(mut self) -> Self {
        self.bt.iter_mut().filter(|t| **t > -1.0).for_each(|t| *t = *t * 1.8 + 32.0);
        self
    }

    /// The file's text: a Python literal, as Artisan would print it.
    pub(crate) fn text(&self) -> String {
        let floats = |values: &[f64]| {
            let words: Vec<String> = values.iter().map(|v| format!("{v:?}").to_lowercase()).collect();
            format!("[{}]", words.join(", "))
        };
        let mode = self.mode.map_or_else(String::new, |mode| format!("'mode': '{mode}', "));
        let et: Vec<f64> = self.bt.iter().map(|t| t + 20.0).collect();
        format!(
            "{{'version': '4.0.2', {mode}'viewerMode': False, 'samplinginterval': 1.0, 'timex': {}, 'temp1': {}, \
             'temp2': {}, 'timeindex': {:?}, 'roastepoch': 1767603600, {}'computed': {{}}}}",
            floats(&self.time_s),
            floats(&et),
            floats(&self.bt),
            self.timeindex,
            self.more
        )
    }
}

/// The made-up roast as RoasTime JSON at two samples per second, with `more`
/// entries, each ending in a comma.
pub(crate) fn roastime(more: &str) -> String {
    let samples: Vec<f64> = (0..1200_u32).map(|i| (bt_c(f64::from(i) / 2.0) * 10.0).round() / 10.0).collect();
    format!(
        "{{\"uid\": \"made-up\", \"roastName\": \"A \\\"test\\\"\", {more} \"beanTemperature\": {samples:?}, \
         \"sampleRate\": 2, \"dateTime\": 1767603600000, \"roastStartIndex\": 0, \"roastEndIndex\": 1200, \
         \"indexYellowingStart\": 540, \"indexFirstCrackStart\": 960, \"indexFirstCrackEnd\": 0}}"
    )
}
