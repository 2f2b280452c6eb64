//! What a faulty probe shows in place of what it should.

use super::draws::Draws;
use super::file::Fault;
use super::kind::{Channel, FaultKind};
use trier_roast::{EventTime, Sample, math};

/// What an open thermocouple reads as, °C.
const OPEN_C: f64 = 1_300.0;

/// What devices send for no reading, in turn.
const NO_READING: [Option<f64>; 5] = [Some(-1.0), Some(0.0), Some(9_999.0), None, Some(f64::NAN)];

/// A probe, or two, with one fault.
pub(super) struct Sensor<'a> {
    fault: &'a Fault,
    draws: Draws,
    /// What was shown last: what a stuck probe holds.
    last: Option<Sample>,
    /// Samples within the fault so far.
    n: u32,
    /// What each probe shows behind its added lag, and since when.
    lagging: [Option<(EventTime, f64)>; 2],
}

impl<'a> Sensor<'a> {
    pub(super) fn new(fault: &'a Fault, draws: Draws) -> Self {
        Self { fault, draws, last: None, n: 0, lagging: [None; 2] }
    }

    /// What becomes of `sample`, `into_s` after the fault began; None when it is not sent.
    ///
    /// Before the fault, and after its end, nothing; but a drift stays.
    pub(super) fn show(&mut self, at: EventTime, into_s: f64, sample: Sample) -> Option<Sample> {
        let inside = 0.0 <= into_s && into_s < self.fault.for_s;
        let drifted = self.fault.kind == FaultKind::SensorDrift && into_s >= 0.0;
        if !inside && !drifted {
            self.last = Some(sample);
            return Some(sample);
        }
        let shown = self.within(at, into_s, sample);
        self.n += 1;
        if let Some(shown) = shown {
            self.last = Some(shown);
        }
        shown
    }

    fn within(&mut self, at: EventTime, into_s: f64, sample: Sample) -> Option<Sample> {
        let whole = self.fault.channel == Channel::All;
        match self.fault.kind {
            FaultKind::SensorDropout if whole => None,
            FaultKind::SensorStuck if whole => Some(self.last.unwrap_or(sample)),
            FaultKind::SensorSwap => Some(Sample { bt_c: sample.et_c, et_c: sample.bt_c, ..sample }),
            FaultKind::SensorStuck => {
                let held = self.last.unwrap_or(sample);
                Some(self.each(sample, |_, probe, _| if probe == 0 { held.bt_c } else { held.et_c }))
            }
            FaultKind::SensorDropout => Some(self.each(sample, |_, _, _| None)),
            FaultKind::SensorSentinel => {
                let word = NO_READING[self.n as usize % NO_READING.len()];
                Some(self.each(sample, |_, _, _| word))
            }
            _ => Some(self.each(sample, |sensor, probe, c| c.map(|c| sensor.value_c(at, into_s, probe, c)))),
        }
    }

    /// Puts what `change` makes of it in place of each value that the fault is about; 0 is BT, 1 is ET.
    fn each(
        &mut self,
        sample: Sample,
        change: impl Fn(&mut Self, usize, Option<f64>) -> Option<f64>,
    ) -> Sample {
        let channel = self.fault.channel;
        let bt_c = if channel == Channel::Et { sample.bt_c } else { change(self, 0, sample.bt_c) };
        let et_c = if channel == Channel::Bt { sample.et_c } else { change(self, 1, sample.et_c) };
        Sample { bt_c, et_c, ..sample }
    }

    /// What is shown for `c`, °C, by probe 0 or 1.
    fn value_c(&mut self, at: EventTime, into_s: f64, probe: usize, c: f64) -> f64 {
        let size = self.fault.size;
        match self.fault.kind {
            FaultKind::SensorSpike => {
                let sign = if self.draws.uniform() < 0.5 { -1.0 } else { 1.0 };
                c + sign * size * (0.1 + 0.9 * self.draws.uniform())
            }
            FaultKind::SensorDrift => c + size * (into_s / self.fault.for_s).min(1.0),
            FaultKind::SensorLag => self.lagged_c(at, probe, c),
            FaultKind::SensorNoise => tenths(c + size * self.draws.normal()),
            FaultKind::SensorUnitFlip => 1.8 * c + 32.0,
            FaultKind::SensorOpen => OPEN_C,
            FaultKind::SensorCoarse => (c / size).round() * size,
            FaultKind::SensorClamp => c.min(size),
            _ => c,
        }
    }

    /// One more first-order lag of `size` seconds behind what the probe says.
    fn lagged_c(&mut self, at: EventTime, probe: usize, c: f64) -> f64 {
        let now = self.lagging[probe].map_or(c, |(was, shown_c)| {
            let share = 1.0 - math::exp(-at.since_s(was) / self.fault.size);
            shown_c + share * (c - shown_c)
        });
        self.lagging[probe] = Some((at, now));
        tenths(now)
    }
}

/// As displays do.
fn tenths(c: f64) -> f64 {
    (c * 10.0).round() / 10.0
}
