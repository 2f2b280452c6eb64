//! What the controls are set to, over a roast that was, is, or is planned.

/// Settings at one time. None: not told.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Controls {
    /// Heat, % of full.
    pub gas_pct: Option<f64>,
    /// Air, % of full.
    pub air_pct: Option<f64>,
    /// Drum speed, 1/min.
    pub drum_rpm: Option<f64>,
}

impl Controls {
    /// These, and `before` where they say nothing.
    #[must_use]
    pub fn or(self, before: Self) -> Self {
        Self {
            gas_pct: self.gas_pct.or(before.gas_pct),
            air_pct: self.air_pct.or(before.air_pct),
            drum_rpm: self.drum_rpm.or(before.drum_rpm),
        }
    }
}

/// The most changes that a course holds: one a second for an hour.
const CHANGES_MAX: usize = 3_600;

/// Settings over a roast, each in force until the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Since when, s since charge, ascending; what is absent stays as it was.
    changes: Vec<(f64, Controls)>,
}

impl Course {
    /// Of `settings` with their times, s since charge, in order; only changes are kept.
    #[must_use]
    pub fn of(settings: impl IntoIterator<Item = (f64, Controls)>) -> Self {
        let mut changes: Vec<(f64, Controls)> = Vec::new();
        for (t_s, told) in settings {
            let held = changes.last().map_or(Controls::default(), |(_, held)| *held);
            let now = told.or(held);
            if now != held && changes.len() < CHANGES_MAX {
                changes.push((t_s, now));
            }
        }
        Self { changes }
    }

    /// What was set at `t_s` after charge, and before the first change what that set.
    #[must_use]
    pub fn at(&self, t_s: f64) -> Controls {
        let next = self.changes.partition_point(|(since_s, _)| *since_s <= t_s);
        let held = next.checked_sub(1).map_or(self.changes.first(), |held| self.changes.get(held));
        held.map_or(Controls::default(), |(_, set)| *set)
    }

    /// What will be set at `t_s`, if the roast goes on along this course as far from it as `now` is at `now_s`.
    ///
    /// What the course does not tell is held.
    #[must_use]
    pub fn ahead(&self, (now_s, now): (f64, Controls), t_s: f64) -> Controls {
        let (then, here) = (self.at(t_s), self.at(now_s));
        let moved =
            |then: Option<f64>, here: Option<f64>, now: Option<f64>, most: f64| match (then, here, now) {
                (Some(then), Some(here), Some(now)) => Some((now + then - here).clamp(0.0, most)),
                (then, _, now) => now.or(then),
            };
        Controls {
            gas_pct: moved(then.gas_pct, here.gas_pct, now.gas_pct, 100.0),
            air_pct: moved(then.air_pct, here.air_pct, now.air_pct, 100.0),
            drum_rpm: moved(then.drum_rpm, here.drum_rpm, now.drum_rpm, f64::INFINITY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gas(gas_pct: f64) -> Controls {
        Controls { gas_pct: Some(gas_pct), ..Controls::default() }
    }

    #[test]
    fn a_course_is_followed_at_the_distance_that_the_roast_has_from_it() {
        let course = Course::of([(0.0, gas(80.0)), (1.0, gas(80.0)), (300.0, gas(60.0)), (500.0, gas(5.0))]);
        assert_eq!((course.at(-5.0), course.at(299.0), course.at(300.0)), (gas(80.0), gas(80.0), gas(60.0)));
        let now = (200.0, Controls { air_pct: Some(40.0), ..gas(70.0) });
        let ahead = |t_s| course.ahead(now, t_s);
        assert_eq!((ahead(250.0).gas_pct, ahead(300.0).gas_pct), (Some(70.0), Some(50.0)));
        // Ten below a gas of five is none, and air, of which the course says nothing, stays.
        assert_eq!(ahead(500.0), Controls { air_pct: Some(40.0), ..gas(0.0) });
        assert_eq!(Course::default().ahead(now, 500.0), now.1);
    }
}
