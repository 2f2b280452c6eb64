//! Fast linear states in closed form: air, and the probes that follow it.
//!
//! The air of a roaster forgets in a second or two, so an explicit step of a second has
//! its largest error there. While inputs hold, air obeys `T' = r · (T∞(t) − T)` with a
//! target that the slow states move; with the target taken as a straight line over the
//! step the solution is exact. The same is true of a first-order probe in that air.

use super::Real;

/// 1/a for four numbers at the price of one division.
///
/// None may be 0, and their product must stay within range. Rounded a few times, so good
/// to some 4 ulp, with the same bits everywhere.
#[inline(always)]
#[must_use]
pub fn reciprocals<R: Real>([a, b, c, d]: [R; 4]) -> [R; 4] {
    let (ab, cd) = (a * b, c * d);
    let one = R::of(1.0) / (ab * cd);
    let (one_ab, one_cd) = (one * cd, one * ab);
    [one_ab * b, one_ab * a, one_cd * d, one_cd * c]
}

/// One step of length 1 of a state that relaxes towards a target moving in a straight line.
#[derive(Clone, Copy, Debug)]
pub struct Relaxing<R> {
    /// Where the state would be now had it followed the line for ever.
    along: R,
    /// How far the line climbs in the step.
    climb: R,
    /// How far the state is from the line now.
    gap: R,
    /// How much of that distance is left after the step.
    kept: R,
    /// 1 / relaxation rate, in steps.
    memory: R,
}

impl<R: Real> Relaxing<R> {
    /// The step of `now` towards `target` that moves by `climb`.
    ///
    /// - `rate`: relaxation rate, 1/step; `memory`: its reciprocal.
    #[inline(always)]
    #[must_use]
    pub fn towards(now: R, target: R, climb: R, rate: R, memory: R) -> Self {
        let along = target - climb * memory;
        Self { along, climb, gap: now - along, kept: (-rate).exp(), memory }
    }

    /// The state after the step.
    #[inline(always)]
    #[must_use]
    pub fn end(&self) -> R {
        self.gap.mul_add(self.kept, self.along + self.climb)
    }

    /// The mean of the state over the step.
    #[inline(always)]
    #[must_use]
    pub fn mean(&self) -> R {
        (self.gap * (R::of(1.0) - self.kept)).mul_add(self.memory, self.along.plus(0.5, self.climb))
    }
}

/// A first-order probe that shows part of a relaxing state and part of a slow one.
#[derive(Clone, Copy, Debug)]
pub struct Follower {
    /// Time constant, steps.
    pub lag: f64,
    /// e^(−1/lag), as a literal: the same bits everywhere.
    pub kept: f64,
    /// Part of the relaxing state in what the probe shows, 0 to 1; the rest is slow.
    pub share: f64,
}

impl Follower {
    /// How much faster the probe is than the relaxing state, 1/step; [`Follower::follow`] divides by it.
    #[inline(always)]
    pub fn faster<R: Real>(&self, rate: R) -> R {
        R::of(1.0 / self.lag) - rate
    }

    /// The reading after the step.
    ///
    /// - `shown`: reading now; `slow`, `slow_climb`: the slow state now and its change.
    /// - `one_faster`: reciprocal of [`Follower::faster`], which must not be 0: a probe
    ///   exactly as fast as the air needs the limit, which is not built.
    #[inline(always)]
    pub fn follow<R: Real>(
        &self,
        shown: R,
        relaxing: &Relaxing<R>,
        slow: R,
        slow_climb: R,
        one_faster: R,
    ) -> R {
        let rest = 1.0 - self.share;
        let climb = (relaxing.climb * R::of(self.share)).plus(rest, slow_climb);
        let along = (relaxing.along * R::of(self.share)).plus(rest, slow).plus(-self.lag, climb);
        let passed_on = relaxing.gap * (relaxing.kept - R::of(self.kept)) * one_faster;
        (along + climb).plus(self.kept, shown - along).plus(self.share / self.lag, passed_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::runge_kutta_4;

    const PROBE: Follower = Follower { lag: 9.0, kept: 0.894_839_316_814_369_9, share: 0.15 };

    /// Air, its integral and a probe after one step, by 256 small ones.
    fn by_small_steps(rate: f64, target: f64, climb: f64, slow: f64, slow_climb: f64) -> [f64; 4] {
        // State: time, air, integral of air, probe.
        let mut state = [0.0, 230.0, 0.0, 90.0];
        for _ in 0..256 {
            state = runge_kutta_4(&state, 1.0 / 256.0, |&[t, air, _, shown]| {
                let seen = PROBE.share * air + (1.0 - PROBE.share) * (slow + slow_climb * t);
                [1.0, rate * (target + climb * t - air), air, (seen - shown) / PROBE.lag]
            });
        }
        state
    }

    #[test]
    fn the_closed_form_is_the_limit_of_small_steps() {
        for (rate, target, climb, slow, slow_climb) in
            [(0.4, 260.0, 0.0, 100.0, 0.0), (1.0, 200.0, 3.0, 120.0, -0.4), (2.5, 230.0, -8.0, 60.0, 0.3)]
        {
            let [_, end, mean, shown] = by_small_steps(rate, target, climb, slow, slow_climb);
            let air = Relaxing::towards(230.0, target, climb, rate, 1.0 / rate);
            let probe = PROBE.follow(90.0, &air, slow, slow_climb, 1.0 / PROBE.faster(rate));
            // 256 steps of order 4 are good to 1e-9 of what moves.
            assert!((air.end() - end).abs() < 1e-7, "end {} and {end}", air.end());
            assert!((air.mean() - mean).abs() < 1e-7, "mean {} and {mean}", air.mean());
            assert!((probe - shown).abs() < 1e-7, "shown {probe} and {shown}");
        }
    }

    #[test]
    fn what_has_settled_stays() {
        let air = Relaxing::towards(200.0_f64, 200.0, 0.0, 0.7, 1.0 / 0.7);
        assert!((air.end() - 200.0).abs() < 1e-12 && (air.mean() - 200.0).abs() < 1e-12);
        let shown = PROBE.follow(200.0, &air, 200.0, 0.0, 1.0 / PROBE.faster(0.7));
        assert!((shown - 200.0).abs() < 1e-11, "shown {shown}");
    }

    #[test]
    fn four_reciprocals_are_four_divisions() {
        let numbers = [7.3_f64, 1250.0, -0.42, -0.011];
        for (one, number) in reciprocals(numbers).into_iter().zip(numbers) {
            assert!((one * number - 1.0).abs() < 1e-15, "{number}: {one}");
        }
    }
}
