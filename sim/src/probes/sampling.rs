//! When probes are read: on a grid, or around it, and now and then in vain.

use trier_roast::EventTime;

use crate::draw::Draw;
use crate::machine::{ProbesSpec, STEP_S, STEP_US};
use crate::seed::Seed;

/// A sample that falls into the step that has just ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Due {
    /// How long before the end of the step, µs, 0 to under a step.
    before_us: i64,
    /// It is taken and lost on the way.
    pub lost: bool,
}

impl Due {
    /// Its instant, where the step ends at `end_us`.
    pub(crate) fn of(self, end_us: i64) -> EventTime {
        EventTime::from_us(end_us - self.before_us)
    }

    /// How long before the end of the step, s.
    pub(crate) fn before_s(self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // Under 250,000.
        let us = self.before_us as f64;
        us / 1e6
    }

    /// The same in steps, 0 to 1.
    pub(super) fn back_share(self) -> f64 {
        self.before_s() / STEP_S
    }
}

/// Says when samples are due: sample k at k intervals since charge, and up to `jitter_s` off.
#[derive(Clone, Debug)]
pub(crate) struct Sampler {
    interval_us: i64,
    /// The next sample's place on the grid and its own instant, µs since charge.
    next: Option<(i64, i64)>,
    /// What makes it less than regular, where something does.
    lapses: Option<Box<Lapses>>,
}

/// How samples come off their grid, and are lost.
#[derive(Clone, Debug)]
struct Lapses {
    jitter_s: f64,
    missing_share: f64,
    jitter: Draw,
    missing: Draw,
}

impl Sampler {
    pub(crate) fn new(spec: &ProbesSpec, seed: &Seed) -> Self {
        #[allow(clippy::cast_possible_truncation)] // Checked to be 10 s at most.
        let interval_us = (spec.interval_s / STEP_S).round() as i64 * STEP_US;
        let lapses = (spec.jitter_s > 0.0 || spec.missing_share > 0.0).then(|| {
            Box::new(Lapses {
                jitter_s: spec.jitter_s,
                missing_share: spec.missing_share,
                jitter: seed.stream("probe.jitter"),
                missing: seed.stream("probe.missing"),
            })
        });
        Self { interval_us, next: None, lapses }
    }

    /// Forgets where on the grid it was: steps are counted from another instant from now on.
    pub(crate) fn restart(&mut self) {
        self.next = None;
    }

    /// The sample that falls into the step ending `step` steps since charge, if one does.
    ///
    /// Jitter is under half an interval, so samples keep their order and an interval is 0.25 s at least:
    /// no step holds two.
    pub(crate) fn due(&mut self, step: i64) -> Option<Due> {
        let now_us = step * STEP_US;
        let (place_us, at_us) = match self.next {
            Some(next) => next,
            None => self.placed(now_us + (-now_us).rem_euclid(self.interval_us)),
        };
        self.next = Some((place_us, at_us));
        if now_us < at_us {
            return None;
        }
        self.next = Some(self.placed(place_us + self.interval_us));
        let lost = self.lapses.as_mut().is_some_and(|l| l.missing.uniform() < l.missing_share);
        // The recording's first sample cannot lie before it.
        Some(Due { before_us: (now_us - at_us).min(STEP_US - 1000), lost })
    }

    /// The sample whose place on the grid is `place_us`: instants are whole milliseconds, as on the wire.
    fn placed(&mut self, place_us: i64) -> (i64, i64) {
        let Some(lapses) = &mut self.lapses else { return (place_us, place_us) };
        #[allow(clippy::cast_possible_truncation)] // Under 5 s.
        let off_ms = (lapses.jitter.between(-lapses.jitter_s, lapses.jitter_s) * 1e3).round() as i64;
        (place_us, place_us + off_ms * 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instants_s(interval_s: f64, jitter_s: f64, missing_share: f64) -> Vec<f64> {
        let probe = "lag_s = 1.0\nnoise_c = 0.0\nstep_c = 0.1\n";
        let bt = format!("[bt]\nair_share = 0.0\nbed_noise_c = 0.0\nbed_noise_s = 1.0\n{probe}");
        let text = format!(
            "interval_s = {interval_s:?}\njitter_s = {jitter_s:?}\nmissing_share = {missing_share:?}\n{bt}\n\
             [et]\n{probe}[inlet]\n{probe}[drum]\n{probe}"
        );
        let spec: ProbesSpec = toml::from_str(&text).expect("probes");
        let mut sampler = Sampler::new(&spec, &Seed::new(5, "m", 0));
        // From half a second before charge, off the grid of 1 s.
        let due = (-2..16_000).filter_map(|step| Some((step, sampler.due(step)?)));
        due.filter(|(_, due)| !due.lost)
            .map(|(step, due)| (step * STEP_US - due.before_us) as f64 / 1e6)
            .collect()
    }

    #[test]
    fn without_jitter_samples_stand_on_the_grid_of_charge() {
        let at_s = instants_s(1.0, 0.0, 0.0);
        assert_eq!(at_s.len(), 4_000);
        assert!(at_s.iter().enumerate().all(|(k, s)| *s == k as f64));
    }

    #[test]
    fn jitter_keeps_order_and_mean() {
        let at_s = instants_s(1.0, 0.4, 0.0);
        assert_eq!(at_s.len(), 4_000);
        assert!(at_s.is_sorted_by(|a, b| a < b));
        let off: Vec<f64> = at_s.iter().enumerate().map(|(k, s)| s - k as f64).collect();
        assert!(off.iter().all(|s| s.abs() < 0.400_001));
        // Uniform on ±0.4 s: sd 0.231, so a standard error of 0.0037 on the mean of 4,000; five. The
        // variance's own is 0.0008 (kurtosis 1.8).
        assert!((off.iter().sum::<f64>() / 4_000.0).abs() < 0.018);
        assert!((off.iter().map(|s| s * s).sum::<f64>() / 4_000.0 - 0.16 / 3.0).abs() < 0.004);
    }

    #[test]
    fn as_many_samples_are_lost_as_said() {
        // 4,000 tries at 0.2: a standard deviation of 25. Five.
        let kept = instants_s(1.0, 0.1, 0.2).len();
        assert!(kept.abs_diff(3_200) < 125, "{kept}");
    }
}
