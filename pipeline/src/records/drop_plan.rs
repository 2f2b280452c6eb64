//! What a profile says about when to drop, for whoever forecasts it.

use super::{figure::Figure, profile::Profile};
use crate::predict::DropPlan;

impl Profile {
    /// When it asks to drop. None when it says nothing about that.
    ///
    /// A BT and a time together, as of any roast that was kept, are those of a profile to follow; one of them
    /// alone stands for itself. A development counts where neither is said, the time before the ratio.
    #[must_use]
    pub fn drop_plan(&self) -> Option<DropPlan> {
        let asked = |figure| self.targets.get(&figure).map(|target| target.value);
        let by_development = || {
            let took_s = asked(Figure::DevelopmentS).map(DropPlan::DevelopmentS);
            took_s.or_else(|| asked(Figure::DevelopmentRatio).map(DropPlan::DevelopmentRatio))
        };
        match (asked(Figure::DropBtC), asked(Figure::DropS)) {
            (Some(bt_c), Some(at_s)) => Some(DropPlan::Profile { bt_c, at_s }),
            (Some(bt_c), None) => Some(DropPlan::BtC(bt_c)),
            (None, Some(at_s)) => Some(DropPlan::TimeS(at_s)),
            (None, None) => by_development(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::figure::Target;
    use super::*;

    #[test]
    fn what_is_asked_for_makes_the_plan() {
        let plan = |asked: &[(Figure, f64)]| {
            let mut profile = Profile::empty("house-blend", "Ana");
            profile.targets = asked
                .iter()
                .map(|(figure, value)| (*figure, Target { value: *value, within: 1.0 }))
                .collect();
            profile.drop_plan()
        };
        assert_eq!(plan(&[]), None);
        let both = [(Figure::DropBtC, 212.0), (Figure::DropS, 640.0), (Figure::DevelopmentS, 90.0)];
        assert_eq!(plan(&both), Some(DropPlan::Profile { bt_c: 212.0, at_s: 640.0 }));
        assert_eq!(plan(&both[..1]), Some(DropPlan::BtC(212.0)));
        assert_eq!(plan(&both[1..]), Some(DropPlan::TimeS(640.0)));
        assert_eq!(plan(&both[2..]), Some(DropPlan::DevelopmentS(90.0)));
        assert_eq!(plan(&[(Figure::DevelopmentRatio, 0.2)]), Some(DropPlan::DevelopmentRatio(0.2)));
    }
}
