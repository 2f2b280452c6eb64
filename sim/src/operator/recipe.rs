//! Recipes: what to set when, and when to drop.

use serde::{Deserialize, Serialize};

/// A recipe, as its file in `scenarios/recipes/` says. Steps happen in file order.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
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
}

/// One change of controls, by time or by BT; exactly one of the two is given.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
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
    lowest_bt_c: f64,
    turned: bool,
}

/// BT has turned once it shows this much above its lowest, °C; noise does not.
const TURNED_C: f64 = 2.0;

impl<'a> Follower<'a> {
    /// At the beginning of `recipe`.
    pub(crate) fn new(recipe: &'a Recipe) -> Self {
        let mut follower =
            Self { recipe, next: 0, gas_pct: 0.0, air_pct: 0.0, lowest_bt_c: f64::INFINITY, turned: false };
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
            self.lowest_bt_c = self.lowest_bt_c.min(shown_bt_c);
            self.turned |= shown_bt_c >= self.lowest_bt_c + TURNED_C;
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
        assert!(!follower.look(60.0, 80.0));
        // A step by time waits for the one before it.
        assert!(!follower.look(310.0, 149.0));
        assert_eq!(follower.controls(), (90.0, 50.0));
        assert!(!follower.look(320.0, 150.0));
        assert_eq!(follower.controls(), (40.0, 60.0));
        assert!(follower.look(700.0, 210.0));
    }
}
