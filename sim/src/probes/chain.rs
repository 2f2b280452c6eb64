//! One probe's chain: lag, bias, noise, steps. Equations B11.

use trier_roast::math;

use crate::draw::Draw;
use crate::machine::ProbeSpec;

/// One probe: follows its target with a first-order lag, exactly for a target that moves in a
/// straight line over each step.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    spec: ProbeSpec,
    /// e^(−h/τ), what is left of a gap after a step.
    keep: f64,
    /// τ/h.
    lag_steps: f64,
    target_c: f64,
    element_c: f64,
    draw: Draw,
}

impl Chain {
    /// A probe that has settled at `target_c`.
    pub(crate) fn settled(spec: &ProbeSpec, target_c: f64, step_s: f64, draw: Draw) -> Self {
        let keep = math::exp(-step_s / spec.lag_s);
        Self { spec: spec.clone(), keep, lag_steps: spec.lag_s / step_s, target_c, element_c: target_c, draw }
    }

    /// Follows its target for one step, at the end of which it is `target_c`.
    ///
    /// Behind a ramp from g0 to g1 the element trails by r = τ·(g1 − g0)/h in the long run, so
    /// T(h) = g1 − r + (T(0) − g0 + r)·e^(−h/τ). Holding the target still for a step would run the
    /// probe half a step early.
    pub(crate) fn follow(&mut self, target_c: f64) {
        let trail_c = self.lag_steps * (target_c - self.target_c);
        self.element_c = target_c - trail_c + self.keep * (self.element_c - self.target_c + trail_c);
        self.target_c = target_c;
    }

    /// Puts the element where it shows `shown_c`.
    pub(crate) fn show(&mut self, shown_c: f64) {
        self.element_c = shown_c - self.spec.bias_c;
    }

    /// Temperature of the sensing element, °C: lagged, but without bias, noise or steps.
    pub(crate) fn element_c(&self) -> f64 {
        self.element_c
    }

    /// What the display shows, °C.
    pub(crate) fn read(&mut self) -> f64 {
        let raw = self.element_c + self.spec.bias_c + self.spec.noise_c * self.draw.normal();
        // Steps per degree, so that 203.4 comes out as 203.4 and not 203.40000000000003.
        let per_c = (1.0 / self.spec.step_c * 1e9).round() / 1e9;
        (raw * per_c).round() / per_c
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn chain(lag_s: f64, step_c: f64) -> Chain {
        let spec = ProbeSpec { lag_s, stray_share: 0.0, bias_c: 0.0, noise_c: 0.0, step_c };
        Chain::settled(&spec, 100.0, 0.25, Seed::new(1, "m", 0).stream("p"))
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
    fn the_display_shows_whole_steps() {
        let mut probe = chain(26.0, 0.25);
        probe.follow(131.3);
        let shown = probe.read();
        assert!((shown * 4.0 - (shown * 4.0).round()).abs() < 1e-12);
        assert!((shown - probe.element_c()).abs() <= 0.125 + 1e-12);
    }
}
