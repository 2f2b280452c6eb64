//! Recipes: what to set when, and when to drop.

use serde::{Deserialize, Serialize};
use trier_roast::math;

use crate::seed::Seed;

use super::knobs::{Controls, Knobs};
use super::pid::{Pid, Seen};
use super::{Follow, Operator};

/// A recipe, as its file in `scenarios/recipes/` says. Steps happen in file order.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Version of the file's shape, `recipe/1`.
    pub schema: String,
    /// Name used in scenarios.
    pub id: String,
    /// One line about it.
    pub title: String,
    /// Control changes, the first one in force from the start of the recording.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
    /// A curve of BT that the gas is moved to keep to; the steps' gas is where it starts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<Follow>,
    /// When the beans leave.
    #[serde(default)]
    pub drop: DropRule,
    /// Controls once they have left; those of the first step where this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_drop: Option<AfterDrop>,
}

impl Recipe {
    /// The same with [`Self::after_drop`] said: a file that leaves it out means the first step's.
    pub(crate) fn said_in_full(mut self) -> Self {
        let first = self.steps.first().and_then(|step| step.gas_pct.zip(step.air_pct));
        let idle = first.map(|(gas_pct, air_pct)| AfterDrop { gas_pct, air_pct, drum_pct: None });
        self.after_drop = self.after_drop.or(idle);
        self
    }
}

/// What the controls are set to for the empty drum.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AfterDrop {
    /// Heat control, %.
    pub gas_pct: f64,
    /// Air control, %.
    pub air_pct: f64,
    /// Drum speed, % of nominal; as it was where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drum_pct: Option<f64>,
}

/// One change of controls, by time or by BT: whichever comes first where both are given.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// At this time since charge, s; negative before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_s: Option<f64>,
    /// When the shown BT, having turned, reaches this, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_bt_c: Option<f64>,
    /// Heat control, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas_pct: Option<f64>,
    /// Air control, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub air_pct: Option<f64>,
    /// Drum speed, % of nominal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drum_pct: Option<f64>,
}

/// When the beans leave: whichever comes first of the two.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DropRule {
    /// When the shown BT, having turned, reaches this, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bt_c: Option<f64>,
    /// At this time since charge, s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_s: Option<f64>,
}

/// Where a roast has got to in its recipe.
#[derive(Clone, Debug)]
pub(crate) struct Follower<'a> {
    recipe: &'a Recipe,
    next: usize,
    knobs: Knobs,
    /// The controller, while there are beans for it.
    pid: Option<Pid<'a>>,
    /// The gas that the controller has set, %.
    followed_pct: Option<f64>,
    /// BT as an eye follows it, and when it was last looked at.
    steady_bt: Option<(f64, f64)>,
    /// Its slope, °C/s.
    slope_c_per_s: f64,
    lowest_bt_c: f64,
    turned: bool,
    now_s: f64,
}

/// BT has turned once its steady course is this much above its lowest, °C.
const TURNED_C: f64 = 2.0;
/// An eye averages a jumping display over about this long, s. A single reading would let a
/// noisy probe turn on its way down.
const EYE_S: f64 = 8.0;

impl<'a> Follower<'a> {
    /// At the beginning of `recipe`, its first step in force.
    pub(crate) fn new(recipe: &'a Recipe, operator: &Operator, seed: &Seed) -> Self {
        let nothing = Controls { gas_pct: 0.0, air_pct: 0.0, drum_pct: 100.0 };
        let first = recipe.steps.first().map_or(nothing, |step| changed(nothing, step));
        Self {
            recipe,
            next: 1,
            knobs: Knobs::new(operator, seed, first),
            pid: recipe.follow.as_ref().map(Pid::new),
            followed_pct: None,
            steady_bt: None,
            slope_c_per_s: 0.0,
            lowest_bt_c: f64::INFINITY,
            turned: false,
            now_s: f64::NEG_INFINITY,
        }
    }

    /// Reads the display and does what is due. True when the beans are to be dropped.
    ///
    /// - `since_charge_s`: negative before charge; `shown_bt_c`: the bean probe's reading.
    pub(crate) fn look(&mut self, since_charge_s: f64, shown_bt_c: f64) -> bool {
        self.now_s = since_charge_s;
        if since_charge_s > 0.0 {
            self.watch(since_charge_s, shown_bt_c);
        }
        let turned = self.turned;
        let reached = |at_s: Option<f64>, at_bt_c: Option<f64>| {
            at_s.is_some_and(|s| since_charge_s >= s) || at_bt_c.is_some_and(|c| turned && shown_bt_c >= c)
        };
        while let Some(step) =
            self.recipe.steps.get(self.next).filter(|step| reached(step.at_s, step.at_bt_c))
        {
            self.knobs.reach_for(since_charge_s, changed(self.knobs.wanted(), step));
            self.next += 1;
        }
        self.knobs.arrive(since_charge_s);
        if let Some(pid) = self.pid.as_mut().filter(|pid| pid.works(since_charge_s, turned)) {
            let seen = Seen { at_s: since_charge_s, bt_c: shown_bt_c, slope_c_per_s: self.slope_c_per_s };
            self.followed_pct = Some(pid.gas_pct(self.knobs.in_force().gas_pct, seen));
        }
        reached(self.recipe.drop.at_s, self.recipe.drop.bt_c)
    }

    /// Follows the course of BT with the eye.
    fn watch(&mut self, since_charge_s: f64, shown_bt_c: f64) {
        let (seen_s, seen_c) = self.steady_bt.unwrap_or((since_charge_s, shown_bt_c));
        let catch_up = -math::exp_m1((seen_s - since_charge_s) / EYE_S);
        let steady_c = seen_c + catch_up * (shown_bt_c - seen_c);
        if since_charge_s > seen_s {
            self.slope_c_per_s = (steady_c - seen_c) / (since_charge_s - seen_s);
        }
        self.steady_bt = Some((since_charge_s, steady_c));
        self.lowest_bt_c = self.lowest_bt_c.min(steady_c);
        self.turned |= steady_c >= self.lowest_bt_c + TURNED_C;
    }

    /// The beans are out: sets the controls for the empty drum.
    pub(crate) fn dropped(&mut self) {
        let set = self.knobs.wanted();
        let idle = match (&self.recipe.after_drop, self.recipe.steps.first()) {
            (Some(idle), _) => Controls {
                gas_pct: idle.gas_pct,
                air_pct: idle.air_pct,
                drum_pct: idle.drum_pct.unwrap_or(set.drum_pct),
            },
            (None, Some(first)) => changed(set, first),
            (None, None) => set,
        };
        (self.pid, self.followed_pct) = (None, None);
        self.knobs.reach_for(self.now_s, idle);
        self.next = self.recipe.steps.len();
    }

    /// Heat and air controls in force, %.
    pub(crate) fn controls(&self) -> (f64, f64) {
        let set = self.knobs.in_force();
        (self.followed_pct.unwrap_or(set.gas_pct), set.air_pct)
    }

    /// Drum speed in force, % of nominal.
    pub(crate) fn drum_pct(&self) -> f64 {
        self.knobs.in_force().drum_pct
    }
}

/// `controls` with what `step` changes.
fn changed(controls: Controls, step: &Step) -> Controls {
    Controls {
        gas_pct: step.gas_pct.unwrap_or(controls.gas_pct),
        air_pct: step.air_pct.unwrap_or(controls.air_pct),
        drum_pct: step.drum_pct.unwrap_or(controls.drum_pct),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        let step = |at_s, at_bt_c, gas_pct, air_pct| Step { at_s, at_bt_c, gas_pct, air_pct, drum_pct: None };
        Recipe {
            schema: "recipe/1".into(),
            id: "r".into(),
            title: String::new(),
            steps: vec![
                step(Some(-60.0), None, Some(25.0), Some(50.0)),
                step(Some(0.0), None, Some(90.0), None),
                step(None, Some(150.0), Some(60.0), Some(60.0)),
                step(Some(300.0), None, Some(40.0), None),
            ],
            follow: None,
            drop: DropRule { bt_c: Some(210.0), at_s: None },
            after_drop: None,
        }
    }

    fn at_the_beginning(recipe: &Recipe) -> Follower<'_> {
        Follower::new(recipe, &Operator::default(), &Seed::new(1, "m", 0))
    }

    #[test]
    fn a_step_by_both_happens_at_whichever_comes_first() {
        let mut recipe = recipe();
        recipe.steps.truncate(2);
        recipe.steps[1] =
            Step { at_s: Some(300.0), at_bt_c: Some(150.0), drum_pct: Some(80.0), ..Step::default() };
        for (at_s, bt_c) in [(200.0, 151.0), (301.0, 140.0)] {
            let mut follower = at_the_beginning(&recipe);
            for (s, c) in [(10.0, 200.0), (60.0, 80.0), (120.0, 110.0)] {
                follower.look(s, c);
            }
            assert_eq!(follower.drum_pct(), 100.0);
            follower.look(at_s, bt_c);
            assert_eq!(follower.drum_pct(), 80.0, "at {at_s} s and {bt_c} °C");
        }
    }

    #[test]
    fn steps_by_temperature_wait_for_the_turning_point() {
        let recipe = recipe();
        let mut follower = at_the_beginning(&recipe);
        assert!(!follower.look(-10.0, 230.0));
        assert_eq!(follower.controls(), (25.0, 50.0));
        // The probe still shows the hot empty drum: no step by BT, and no drop.
        assert!(!follower.look(1.0, 228.0));
        assert_eq!(follower.controls(), (90.0, 50.0));
        for t in 2..40 {
            follower.look(f64::from(t), 228.0 - 3.7 * f64::from(t));
        }
        assert!(!follower.look(60.0, 80.0));
        // A step by time waits for the one before it.
        assert!(!follower.look(310.0, 149.0));
        assert_eq!(follower.controls(), (90.0, 50.0));
        assert!(!follower.look(320.0, 150.0));
        assert_eq!(follower.controls(), (40.0, 60.0));
        assert!(follower.look(700.0, 210.0));
        follower.dropped();
        assert_eq!(follower.controls(), (25.0, 50.0), "back to the first step");
    }

    #[test]
    fn a_noisy_probe_on_its_way_down_has_not_turned() {
        // 4 °C/s down with a jump of 9 °C every other reading: the display rises, BT does not.
        let recipe = recipe();
        let mut follower = at_the_beginning(&recipe);
        for t in 1..38_i32 {
            let jump = if t % 2 == 0 { 9.0 } else { 0.0 };
            assert!(!follower.look(f64::from(t), 235.0 - 4.0 * f64::from(t) + jump), "dropped at {t} s");
        }
    }
}
