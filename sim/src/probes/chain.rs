//! One probe's chain: lags, drift, bias, noise, steps. Equations B11.

use trier_roast::math;

use crate::draw::Draw;
use crate::machine::{ProbeSpec, STEP_S};

/// Seconds in a day.
const DAY_S: f64 = 86_400.0;

/// One probe: follows its target with one first-order lag or two in a row, exactly for a target that
/// moves in a straight line over each step.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    /// First lag and second, clean, s, and how much longer both are for each batch.
    lags_s: (f64, f64),
    fouling_share_per_batch: f64,
    bias_c: f64,
    drift_c_per_batch: f64,
    noise_c: f64,
    /// Steps of the display per degree.
    per_c: f64,
    step_s: f64,
    /// e^(−h/τ), what is left of a gap after a step.
    keep: f64,
    /// τ/h.
    lag_steps: f64,
    /// The second stage, where there is one.
    second: Option<Second>,
    target_c: f64,
    /// The first stage.
    first_c: f64,
    /// First stage or second: what senses, now and before the whole step.
    element_c: f64,
    element_was_c: f64,
    batches: u32,
    /// Apart from the rest: few probes drift, and a roast should be small.
    walk: Option<Box<Walk>>,
    draw: Draw,
}

/// The second stage: a first-order lag behind the first.
#[derive(Clone, Copy, Debug)]
struct Second {
    /// e^(−h/τ2).
    keep: f64,
    /// τ2/h.
    lag_steps: f64,
    /// How much of the first stage's gap at the start of a step is seen here at its end.
    seen: f64,
}

/// The random walk of a probe's error.
#[derive(Clone, Debug)]
struct Walk {
    error_c: f64,
    kick_c: f64,
    draw: Draw,
}

/// Where a probe's randomness comes from, and how it was used before.
#[derive(Debug)]
pub(crate) struct Past {
    /// The stream of its white noise.
    pub noise: Draw,
    /// The stream of its drift up to this recording, and of that in it.
    pub drift: (Draw, Draw),
    /// Days since it was held against a reference.
    pub days: f64,
    /// Batches since it was cleaned.
    pub batches: u32,
}

impl Chain {
    /// A probe that has settled at `target_c`.
    pub(crate) fn settled(spec: &ProbeSpec, target_c: f64, step_s: f64, past: Past) -> Self {
        let per_day_c = spec.wear.drift_c_per_day;
        let (mut before, during) = past.drift;
        let walk = (per_day_c > 0.0).then(|| {
            let error_c = per_day_c * past.days.sqrt() * before.normal();
            Box::new(Walk { error_c, kick_c: per_day_c * (STEP_S / DAY_S).sqrt(), draw: during })
        });
        let mut chain = Self {
            lags_s: (spec.lag_s, spec.second_lag_s),
            fouling_share_per_batch: spec.wear.fouling_share_per_batch,
            bias_c: spec.bias_c,
            drift_c_per_batch: spec.wear.drift_c_per_batch,
            noise_c: spec.noise_c,
            // So that 203.4 comes out as 203.4 and not 203.40000000000003.
            per_c: (1.0 / spec.step_c * 1e9).round() / 1e9,
            step_s,
            keep: 0.0,
            lag_steps: 0.0,
            second: None,
            target_c,
            first_c: target_c,
            element_c: target_c,
            element_was_c: target_c,
            batches: past.batches,
            walk,
            draw: past.noise,
        };
        chain.set_lags();
        chain
    }

    /// Lags of a probe that has seen its batches.
    fn set_lags(&mut self) {
        let fouled = 1.0 + self.fouling_share_per_batch * f64::from(self.batches);
        let (first_s, second_s) = (fouled * self.lags_s.0, fouled * self.lags_s.1);
        let h = self.step_s;
        self.keep = math::exp(-h / first_s);
        self.lag_steps = first_s / h;
        self.second = (second_s > 0.0).then(|| {
            // (e^(−h/τ1) − e^(−h/τ2))·τ1/(τ1 − τ2), written so that equal lags are its plain limit.
            let keep = math::exp(-h / second_s);
            let apart = h / second_s - h / first_s;
            let seen = keep * (h / second_s) * if apart == 0.0 { 1.0 } else { math::exp_m1(apart) / apart };
            Second { keep, lag_steps: second_s / h, seen }
        });
    }

    /// Follows in steps of `step_s` from now on.
    pub(crate) fn pace(&mut self, step_s: f64) {
        self.step_s = step_s;
        self.set_lags();
    }

    /// One more batch has gone past it.
    pub(crate) fn charged(&mut self) {
        self.batches += 1;
        if self.fouling_share_per_batch > 0.0 {
            self.set_lags();
        }
    }

    /// Follows its target for one step, at the end of which it is `target_c`.
    ///
    /// Behind a ramp from g0 to g1 the element trails by r = τ·(g1 − g0)/h in the long run, so
    /// T(h) = g1 − r + (T(0) − g0 + r)·e^(−h/τ). Holding the target still for a step would run the
    /// probe half a step early. A second stage trails by the sum of both lags, and sees what is left of the
    /// first one's own gap A = T1(0) − g0 + r: T2(h) = g1 − r2 + (T2(0) − g0 + r2)·e^(−h/τ2)
    /// + A·(e^(−h/τ1) − e^(−h/τ2))·τ1/(τ1 − τ2), with r2 = (τ1 + τ2)·(g1 − g0)/h.
    pub(crate) fn follow(&mut self, target_c: f64) {
        let rise_c = target_c - self.target_c;
        let trail_c = self.lag_steps * rise_c;
        let gap_c = self.first_c - self.target_c + trail_c;
        self.first_c = target_c - trail_c + self.keep * gap_c;
        self.element_c = match &self.second {
            None => self.first_c,
            Some(second) => {
                let trail_c = trail_c + second.lag_steps * rise_c;
                let own_c = second.keep * (self.element_c - self.target_c + trail_c);
                target_c - trail_c + own_c + second.seen * gap_c
            }
        };
        self.target_c = target_c;
    }

    /// Moves its drift, once for each whole step and before its parts.
    pub(crate) fn wander(&mut self) {
        self.element_was_c = self.element_c;
        if let Some(walk) = &mut self.walk {
            walk.error_c += walk.kick_c * walk.draw.normal();
        }
    }

    /// Temperature of the sensing element, °C: lagged, but without bias, noise or steps.
    pub(crate) fn element_c(&self) -> f64 {
        self.element_c
    }

    /// What the display shows, °C, `back_share` of the way back to the beginning of the whole step.
    pub(crate) fn read(&mut self, back_share: f64) -> f64 {
        let walked_c = self.walk.as_ref().map_or(0.0, |walk| walk.error_c);
        let drift_c = walked_c + self.drift_c_per_batch * f64::from(self.batches);
        let element_c = self.element_c - back_share * (self.element_c - self.element_was_c);
        let raw = element_c + self.bias_c + drift_c + self.noise_c * self.draw.normal();
        (raw * self.per_c).round() / self.per_c
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn spec(lag_s: f64, second_lag_s: f64, step_c: f64) -> ProbeSpec {
        let text =
            format!("lag_s = {lag_s:?}\nsecond_lag_s = {second_lag_s:?}\nnoise_c = 0.0\nstep_c = {step_c:?}");
        toml::from_str(&text).expect("a probe")
    }

    fn past(run: u64, days: f64, batches: u32) -> Past {
        let seed = Seed::new(run, "m", 0);
        Past { noise: seed.stream("p"), drift: (seed.unit_stream("d"), seed.stream("d")), days, batches }
    }

    fn chain(lag_s: f64, step_c: f64) -> Chain {
        Chain::settled(&spec(lag_s, 0.0, step_c), 100.0, 0.25, past(1, 0.0, 0))
    }

    #[test]
    fn a_step_in_the_target_is_followed_to_63_percent_in_one_lag() {
        let mut probe = chain(26.0, 0.1);
        probe.target_c = 200.0;
        for _ in 0..104 {
            probe.follow(200.0);
        }
        // 104 steps of 0.25 s are 26 s: 100·(1 − 1/e) above the start, exactly.
        assert!((probe.element_c() - 200.0 + 100.0 * math::exp(-1.0)).abs() < 1e-9);
    }

    #[test]
    fn behind_a_steady_climb_it_trails_by_its_lag() {
        // 0.2 °C/s for ten lags: 26 s behind, 5.2 °C, but for 5.2·e^−10.
        let mut probe = chain(26.0, 0.1);
        let steps = 1040_u32;
        for i in 1..=steps {
            probe.follow(100.0 + 0.05 * f64::from(i));
        }
        let trail_c = 100.0 + 0.05 * f64::from(steps) - probe.element_c();
        assert!((trail_c - 5.2 * (1.0 - math::exp(-10.0))).abs() < 1e-9, "trails by {trail_c} °C");
    }

    #[test]
    fn two_stages_follow_steps_and_ramps_as_the_formula_says() {
        // Sheath and tip of B11, the other way round, equal lags, and lags equal but for rounding; at coarse
        // steps and fine ones. The formulas are those of two lags in a row, whole from t = 0.
        for (one_s, two_s) in [(8.0, 15.0), (15.0, 8.0), (11.5, 11.5), (11.5, 11.5 + 1e-9), (0.3, 26.0)] {
            for step_s in [0.25, 0.031_25, 4.0] {
                let settled = Chain::settled(&spec(one_s, two_s, 0.1), 100.0, step_s, past(1, 0.0, 0));
                let (mut jump, mut ramp) = (settled.clone(), settled);
                jump.target_c = 200.0;
                for i in 1..=60_u32 {
                    let t = f64::from(i) * step_s;
                    let (e1, e2) = (math::exp(-t / one_s), math::exp(-t / two_s));
                    jump.follow(200.0);
                    ramp.follow(100.0 + 0.2 * t);
                    let (left, lost_s) = if (one_s - two_s).abs() < 1e-6 {
                        ((1.0 + t / one_s) * e1, 2.0 * one_s - (2.0 * one_s + t) * e1)
                    } else {
                        let apart = one_s - two_s;
                        let squares = one_s * one_s * e1 - two_s * two_s * e2;
                        ((one_s * e1 - two_s * e2) / apart, one_s + two_s - squares / apart)
                    };
                    // Rounding, and 1e-9 s between lags taken for equal.
                    let got = (200.0 - jump.element_c(), 100.0 + 0.2 * t - ramp.element_c());
                    assert!((got.0 - 100.0 * left).abs() < 1e-7, "{one_s}, {two_s} s: {got:?} at {t} s");
                    assert!((got.1 - 0.2 * lost_s).abs() < 1e-7, "{one_s}, {two_s} s: {got:?} at {t} s");
                }
            }
        }
    }

    #[test]
    fn a_fouled_probe_is_slower_and_a_worn_one_off() {
        let mut dirty = spec(20.0, 0.0, 0.001);
        dirty.wear.fouling_share_per_batch = 0.05;
        dirty.wear.drift_c_per_batch = 0.02;
        let mut probe = Chain::settled(&dirty, 100.0, 0.25, past(1, 0.0, 9));
        // 9 and 1 batches at 5 % make 20 s into 30 s, and 0.02 °C each into 0.2 °C.
        probe.charged();
        assert!((probe.read(0.0) - 100.2).abs() < 1e-9);
        probe.target_c = 200.0;
        for _ in 0..120 {
            probe.follow(200.0);
        }
        assert!((probe.element_c() - 200.0 + 100.0 * math::exp(-1.0)).abs() < 1e-9);
    }

    #[test]
    fn drift_walks_with_the_root_of_time_and_is_the_machines_own() {
        let mut drifting = spec(20.0, 0.0, 0.001);
        drifting.wear.drift_c_per_day = 0.3;
        // 400 machines: 3.5 % of a spread is its standard error; five. A day of recording, and nine days before.
        let error = |days: f64, steps: u32| {
            let errors = (0..400).map(|run| {
                let mut probe = Chain::settled(&drifting, 100.0, 0.25, past(run, days, 0));
                (0..steps).for_each(|_| probe.wander());
                probe.read(0.0) - 100.0
            });
            (errors.map(|e| e * e).sum::<f64>() / 400.0).sqrt()
        };
        assert!((error(9.0, 0) / 0.9 - 1.0).abs() < 0.18, "{}", error(9.0, 0));
        let of_an_hour = 0.3 * (1.0_f64 / 24.0).sqrt();
        assert!((error(0.0, 14_400) / of_an_hour - 1.0).abs() < 0.18, "{}", error(0.0, 14_400));
    }

    #[test]
    fn the_display_shows_whole_steps() {
        let mut probe = chain(26.0, 0.25);
        probe.follow(131.3);
        let shown = probe.read(0.0);
        assert!((shown * 4.0 - (shown * 4.0).round()).abs() < 1e-12);
        assert!((shown - probe.element_c()).abs() <= 0.125 + 1e-12);
    }
}
