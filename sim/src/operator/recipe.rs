//! Recipes: what to set when, and when to drop.

use serde::{Deserialize, Serialize};
use trier_roast::math;

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
        let idle = first.map(|(gas_pct, air_pct)| AfterDrop { gas_pct, air_pct });
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
}

/// One change of controls, by time or by BT; exactly one of the two is given.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
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
    gas_pct: f64,
    air_pct: f64,
    /// BT as an eye follows it, and when it was last looked at.
    steady_bt: Option<(f64, f64)>,
    lowest_bt_c: f64,
    turned: bool,
}

/// BT has turned once its steady course is this much above its lowest, °C.
const TURNED_C: f64 = 2.0;
/// An eye averages a jumping display over about this long, s. A single reading would let a
/// noisy probe turn on its way down.
const EYE_S: f64 = 8.0;

impl<'a> Follower<'a> {
    /// At the beginning of `recipe`.
    pub(crate) fn new(recipe: &'a Recipe) -> Self {
        let mut follower = Self {
            recipe,
            next: 0,
            gas_pct: 0.0,
            air_pct: 0.0,
            steady_bt: None,
            lowest_bt_c: f64::INFINITY,
            turned: false,
        };
        follower.take_step();
        follower
    }

    fn take_step(&mut self) {
        if let Some(step) = self.recipe.steps.get(self.next) {
            self.gas_pct = step.gas_pct.unwrap_or(self.gas_pct);
            self.air_pct = step.air_pct.unwrap_or(self.air_pct);
            self.next += 1;
        }
    }

    /// Reads the display and does what is due. True when the beans are to be dropped.
    ///
    /// - `since_charge_s`: negative before charge; `shown_bt_c`: the bean probe's reading.
    pub(crate) fn look(&mut self, since_charge_s: f64, shown_bt_c: f64) -> bool {
        if since_charge_s > 0.0 {
            let (seen_s, seen_c) = self.steady_bt.unwrap_or((since_charge_s, shown_bt_c));
            let catch_up = -math::exp_m1((seen_s - since_charge_s) / EYE_S);
            let steady_c = seen_c + catch_up * (shown_bt_c - seen_c);
            self.steady_bt = Some((since_charge_s, steady_c));
            self.lowest_bt_c = self.lowest_bt_c.min(steady_c);
            self.turned |= steady_c >= self.lowest_bt_c + TURNED_C;
        }
        let turned = self.turned;
        let reached = |at_s: Option<f64>, at_bt_c: Option<f64>| {
            at_s.is_some_and(|s| since_charge_s >= s) || at_bt_c.is_some_and(|c| turned && shown_bt_c >= c)
        };
        while self.recipe.steps.get(self.next).is_some_and(|step| reached(step.at_s, step.at_bt_c)) {
            self.take_step();
        }
        reached(self.recipe.drop.at_s, self.recipe.drop.bt_c)
    }

    /// The beans are out: sets the controls for the empty drum.
    pub(crate) fn dropped(&mut self) {
        let idle = self.recipe.steps.first().map(|step| (step.gas_pct, step.air_pct));
        let (gas_pct, air_pct) = match (&self.recipe.after_drop, idle) {
            (Some(set), _) => (Some(set.gas_pct), Some(set.air_pct)),
            (None, Some(first)) => first,
            (None, None) => (None, None),
        };
        self.gas_pct = gas_pct.unwrap_or(self.gas_pct);
        self.air_pct = air_pct.unwrap_or(self.air_pct);
        self.next = self.recipe.steps.len();
    }

    /// Heat and air controls in force, %.
    pub(crate) fn controls(&self) -> (f64, f64) {
        (self.gas_pct, self.air_pct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        let step = |at_s, at_bt_c, gas_pct, air_pct| Step { at_s, at_bt_c, gas_pct, air_pct };
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
            drop: DropRule { bt_c: Some(210.0), at_s: None },
            after_drop: None,
        }
    }

    #[test]
    fn steps_by_temperature_wait_for_the_turning_point() {
        let recipe = recipe();
        let mut follower = Follower::new(&recipe);
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
        let mut follower = Follower::new(&recipe);
        for t in 1..38_i32 {
            let jump = if t % 2 == 0 { 9.0 } else { 0.0 };
            assert!(!follower.look(f64::from(t), 235.0 - 4.0 * f64::from(t) + jump), "dropped at {t} s");
        }
    }
}
