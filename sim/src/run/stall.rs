//! Notices a roast that goes nowhere: BT does not rise, and nothing is to come that could make it.

use trier_roast::math;

use crate::Recipe;

/// An eye averages a jumping display over about this long, s.
const EYE_S: f64 = 8.0;
/// BT has turned once its steady course is this much above its lowest, °C.
const TURNED_C: f64 = 2.0;
/// A rise of steady BT that counts as one, °C.
const RISE_C: f64 = 1.0;
/// How long BT may do without such a rise, s. The slowest roast in its last minutes takes 60 s for it.
const STALL_S: f64 = 300.0;

/// Watches shown BT from charge on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stall {
    /// Steady BT, °C, and when it was looked at.
    steady: Option<(f64, f64)>,
    /// Lowest steady BT since the last rise that counted, °C.
    lowest_c: f64,
    /// When that rise was, s since charge; None before BT has turned.
    risen_s: Option<f64>,
}

impl Stall {
    pub(super) const fn new() -> Self {
        Self { steady: None, lowest_c: f64::INFINITY, risen_s: None }
    }

    /// Looks at BT as shown `t_s` after charge.
    pub(super) fn look(&mut self, t_s: f64, bt_c: f64) {
        let (seen_s, seen_c) = self.steady.unwrap_or((t_s, bt_c));
        let steady_c = seen_c - math::exp_m1((seen_s - t_s) / EYE_S) * (bt_c - seen_c);
        self.steady = Some((t_s, steady_c));
        self.lowest_c = self.lowest_c.min(steady_c);
        let rise_c = if self.risen_s.is_some() { RISE_C } else { TURNED_C };
        if steady_c >= self.lowest_c + rise_c {
            (self.lowest_c, self.risen_s) = (steady_c, Some(t_s));
        }
    }

    /// Whether a roast by `recipe` will not reach its drop: it drops by BT alone, and BT has turned but has not
    /// risen by 1 °C for 300 s, nor for as long after the last step, or point of a curve, that comes by time.
    pub(super) fn is_stalled(&self, recipe: &Recipe) -> bool {
        let (Some((t_s, _)), Some(risen_s)) = (self.steady, self.risen_s) else { return false };
        let waits = recipe.drop.at_s.is_some() || recipe.drop.bt_c.is_none();
        let steps = recipe.steps.iter().filter_map(|step| step.at_s);
        let curve = recipe.follow.iter().flat_map(|follow| &follow.curve).map(|point| point.at_s);
        let hope_s = steps.chain(curve).fold(risen_s, f64::max);
        !waits && t_s - hope_s > STALL_S
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CurvePoint, DropRule, Follow, Step};

    fn follow() -> Follow {
        toml::from_str("gain_pct_per_c = 2.0\n[[curve]]\nat_s = 0.0\nbt_c = 100.0").expect("a controller")
    }

    fn recipe(last_step_s: f64) -> Recipe {
        let step =
            |at_s| Step { at_s: Some(at_s), gas_pct: Some(20.0), air_pct: Some(50.0), ..Step::default() };
        Recipe {
            schema: "recipe/1".into(),
            id: "r".into(),
            title: String::new(),
            steps: vec![step(0.0), step(last_step_s)],
            drop: DropRule { bt_c: Some(210.0), at_s: None },
            after_drop: None,
            follow: None,
        }
    }

    /// When a roast whose BT goes from 200 to 80 in a minute and then by `then` is found stalled.
    fn stalled_s(recipe: &Recipe, then: impl Fn(f64) -> f64) -> Option<i32> {
        let mut stall = Stall::new();
        (0..3_000).find(|t| {
            let t_s = f64::from(*t);
            stall.look(t_s, if t_s < 60.0 { 200.0 - 2.0 * t_s } else { then(t_s - 60.0) });
            stall.is_stalled(recipe)
        })
    }

    #[test]
    fn a_flat_curve_stalls_five_minutes_after_its_last_rise() {
        let flat = |s: f64| 80.0 + 0.5 * s.min(100.0);
        // The last rise is seen up to 8 s · ln 40 late, and up to 1 °C, 2 s, of it does not count.
        let at = stalled_s(&recipe(0.0), flat).expect("flat");
        assert!((458..=495).contains(&at), "{at} s");
        // A step by time gets its own five minutes, and a roast that drops by time is not stalled at all.
        assert_eq!(stalled_s(&recipe(1_000.0), flat), Some(1_301));
        // So does the last point of a curve that a controller still has to follow.
        let mut followed = recipe(0.0);
        let curve = [(300.0, 130.0), (1_250.0, 130.0)].map(|(at_s, bt_c)| CurvePoint { at_s, bt_c });
        followed.follow = Some(Follow { curve: curve.into(), ..follow() });
        assert_eq!(stalled_s(&followed, flat), Some(1_551));
        let mut timed = recipe(0.0);
        timed.drop.at_s = Some(2_900.0);
        assert_eq!(stalled_s(&timed, flat), None);
    }

    #[test]
    fn a_crawling_curve_does_not_stall() {
        // 1 °C takes 250 s; at half that pace it takes 500.
        assert_eq!(stalled_s(&recipe(0.0), |s| 80.0 + 0.5 * s.min(100.0) + 0.004 * s), None);
        assert!(stalled_s(&recipe(0.0), |s| 80.0 + 0.5 * s.min(100.0) + 0.002 * s).is_some());
    }
}
