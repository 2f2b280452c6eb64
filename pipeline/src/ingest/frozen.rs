//! Frozen probes: values that repeat to the last digit while the machine is on its way.
//!
//! Beans that warm at 6 °C/min pass a tenth of a degree each second, so a display that
//! stands still for seconds has stopped looking. How long is long enough follows from how
//! fast BT was moving and how fine its display is: whole degrees stand still by themselves.

use trier_roast::EventTime;

use super::trail::Trail;

/// The rate before a standstill is taken over this long, s.
const RATE_S: f64 = 20.0;

/// And over this at least, s.
const RATE_S_MIN: f64 = 5.0;

/// Repeats that make a standstill, however slow the sampler.
const REPEATS_MIN: u32 = 3;

/// The motion that did not come, °C, on top of the display's steps.
const MISSED_C: f64 = 0.5;
const MISSED_STEPS: f64 = 1.5;

/// While falling, more of it: curves level out at the turning point, °C.
const MISSED_FALLING_C: f64 = 8.0;

/// Watches one probe.
#[derive(Clone, Debug, Default)]
pub(super) struct Frozen {
    /// Believed points of the last seconds.
    recent: Trail,
    /// The smallest step between two points, °C: the display's, or noise.
    step_c: Option<f64>,
    run: Option<Run>,
    highest_c: Option<f64>,
}

/// One value again and again.
#[derive(Clone, Copy, Debug)]
struct Run {
    bits: u64,
    since: EventTime,
    repeats: u32,
    /// When the point before it was read.
    before: EventTime,
    /// The rate up to then, °C/s, once it was asked for.
    rate_c_per_s: Option<f64>,
}

impl Frozen {
    /// Takes a plausible value; whether it stands still where it should have moved.
    pub(super) fn push(&mut self, at: EventTime, c: f64) -> bool {
        let bits = c.to_bits();
        match self.run.as_mut().filter(|run| run.bits == bits) {
            Some(run) => run.repeats = run.repeats.saturating_add(1),
            None => {
                self.note_step(c);
                let before = self.recent.newest().map_or(at, |(before, _)| before);
                self.run = Some(Run { bits, since: at, repeats: 0, before, rate_c_per_s: None });
            }
        }
        let frozen = self.missed(at);
        if !frozen {
            self.highest_c = Some(self.highest_c.map_or(c, |high_c| high_c.max(c)));
            // What was before a value that stands still is asked for when it has stood for a while.
            let unasked = self.run.filter(|run| run.rate_c_per_s.is_none());
            self.recent.forget(unasked.map_or(at, |run| run.before), RATE_S);
            self.recent.push(at, c);
        }
        frozen
    }

    /// Takes the display's step for a whole degree from now on: what it showed before is no measure any more.
    pub(super) fn coarsen(&mut self) {
        self.step_c = Some(1.0);
    }

    /// Whether the newest values are one and the same, be that suspect or not.
    pub(super) fn stands_still(&self) -> bool {
        self.run.is_some_and(|run| run.repeats >= REPEATS_MIN)
    }

    /// Whether the value that stands still is the highest ever shown and a round number, as the end of a range is.
    pub(super) fn at_its_top(&self, c: f64) -> bool {
        /// Full scales are whole multiples of this, °C, or a byte's 255.
        const ROUND_C: f64 = 5.0;
        let round = (c / ROUND_C).fract().abs() < 1e-9;
        round && self.highest_c.is_none_or(|high_c| c >= high_c)
    }

    fn missed(&mut self, at: EventTime) -> bool {
        let Some(run) = self.run.as_mut().filter(|run| run.repeats >= REPEATS_MIN) else { return false };
        let rate_c_per_s = *run.rate_c_per_s.get_or_insert_with(|| rate_c_per_s(&self.recent, run.before));
        let missed_c = rate_c_per_s * at.since_s(run.since);
        let limit_c = MISSED_C + MISSED_STEPS * self.step_c.unwrap_or(1.0);
        missed_c >= limit_c || -missed_c >= limit_c + MISSED_FALLING_C
    }

    fn note_step(&mut self, c: f64) {
        /// Differences below this are of arithmetic, °C.
        const LEAST_C: f64 = 1e-6;
        let Some((_, last_c)) = self.recent.newest() else {
            return;
        };
        let step_c = (c - last_c).abs();
        if step_c > LEAST_C {
            self.step_c = Some(self.step_c.map_or(step_c, |least_c| least_c.min(step_c)));
        }
    }
}

/// The rate of the seconds up to the point at `last`, °C/s; 0 when it is not known.
fn rate_c_per_s(recent: &Trail, last: EventTime) -> f64 {
    let until = recent.points().partition_point(|(at, _)| *at <= last);
    let points = recent.points().get(recent.since(last, RATE_S)..until).unwrap_or_default();
    let (Some((first, from_c)), Some((last, to_c))) = (points.first(), points.last()) else {
        return 0.0;
    };
    let span_s = last.since_s(*first);
    if span_s < RATE_S_MIN { 0.0 } else { (to_c - from_c) / span_s }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long after 100 s a probe that climbs at `rate_c_per_s` and then freezes is found out, s.
    fn found_s(rate_c_per_s: f64, step_c: f64) -> Option<f64> {
        let mut frozen = Frozen::default();
        (0..200).map(f64::from).find_map(|t_s| {
            let c = ((150.0 + rate_c_per_s * t_s.min(100.0)) / step_c).round() * step_c;
            frozen.push(EventTime::default().plus_s(t_s), c).then_some(t_s - 100.0)
        })
    }

    #[test]
    fn a_probe_that_freezes_on_its_way_is_found_within_ten_seconds() {
        for rate_c_per_min in [6.0, 10.0, 20.0] {
            let found_s = found_s(rate_c_per_min / 60.0, 0.1).expect("found");
            assert!((3.0..=10.0).contains(&found_s), "{rate_c_per_min} °C/min: {found_s} s");
        }
        // A whole degree a display: 2 °C must be missing, and 12 s are needed at 10 °C/min.
        assert!(found_s(10.0 / 60.0, 1.0).is_some_and(|s| (9.0..=16.0).contains(&s)));
    }

    #[test]
    fn what_may_stand_still_does() {
        let stairs = |t_s: f64| (150.0 + 0.08 * t_s).floor();
        let bottom = |t_s: f64| ((90.0 + 0.01 * (t_s - 75.0) * (t_s - 75.0)) * 4.0).round() / 4.0;
        let idle = |_: f64| 200.0;
        for curve in [&stairs as &dyn Fn(f64) -> f64, &bottom, &idle] {
            let mut frozen = Frozen::default();
            let wrong =
                (0..150).map(f64::from).find(|t| frozen.push(EventTime::default().plus_s(*t), curve(*t)));
            assert_eq!(wrong, None);
        }
    }
}
