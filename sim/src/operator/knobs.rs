//! The operator's hands on the controls: late, and a little off (B16; estimates of ours).

use std::collections::VecDeque;

use crate::draw::Draw;
use crate::seed::Seed;

use super::Operator;

/// Settings of the controls, %: of full heat, of full air, of nominal drum speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Controls {
    pub gas_pct: f64,
    pub air_pct: f64,
    pub drum_pct: f64,
}

/// What has been set, and what is about to be.
#[derive(Clone, Debug)]
pub(super) struct Knobs {
    in_force: Controls,
    /// What the hands are on their way to, and when they get there, s since charge; in order.
    coming: VecDeque<(f64, Controls)>,
    /// What makes the hands less than perfect, where something does.
    hands: Option<Box<Hands>>,
}

/// How late hands are, and how far off.
#[derive(Clone, Debug)]
struct Hands {
    delay_s: (f64, f64),
    gas_error_pct: f64,
    draw: Draw,
}

impl Knobs {
    pub(super) fn new(operator: &Operator, seed: &Seed, first: Controls) -> Self {
        let (soonest_s, latest_s) = (operator.control_delay_s_min, operator.control_delay_s_max);
        let hands = (latest_s > 0.0 || operator.gas_error_pct > 0.0).then(|| {
            let draw = seed.stream("operator.controls");
            Box::new(Hands { delay_s: (soonest_s, latest_s), gas_error_pct: operator.gas_error_pct, draw })
        });
        Self { in_force: first, coming: VecDeque::new(), hands }
    }

    /// Decides at `now_s` to set the controls to `wanted`.
    pub(super) fn reach_for(&mut self, now_s: f64, wanted: Controls) {
        let last = self.wanted();
        // A gas knob that is not touched keeps the error it has.
        let touched = wanted.gas_pct.to_bits() != last.gas_pct.to_bits();
        let (delay_s, off_pct) = self.hands.as_mut().map_or((0.0, 0.0), |hands| hands.move_once(touched));
        let after_s = self.coming.back().map_or(now_s, |(at_s, _)| at_s.max(now_s));
        let gas_pct =
            if off_pct == 0.0 { wanted.gas_pct } else { (wanted.gas_pct + off_pct).clamp(0.0, 100.0) };
        self.coming.push_back(((now_s + delay_s).max(after_s), Controls { gas_pct, ..wanted }));
        self.arrive(now_s);
    }

    /// Lets what is due by `now_s` come into force.
    pub(super) fn arrive(&mut self, now_s: f64) {
        while let Some((_, controls)) = self.coming.pop_front_if(|(at_s, _)| *at_s <= now_s) {
            self.in_force = controls;
        }
    }

    /// What is set now.
    pub(super) fn in_force(&self) -> Controls {
        self.in_force
    }

    /// What will be set when the hands are done.
    pub(super) fn wanted(&self) -> Controls {
        self.coming.back().map_or(self.in_force, |(_, controls)| *controls)
    }
}

impl Hands {
    /// How late the next setting comes, s, and how far off it is, % of gas, where gas is `touched`.
    fn move_once(&mut self, touched: bool) -> (f64, f64) {
        let is_off = touched && self.gas_error_pct > 0.0;
        let off_pct = if is_off { self.gas_error_pct * self.draw.normal() } else { 0.0 };
        let (soonest_s, latest_s) = self.delay_s;
        let delay_s = if latest_s > 0.0 { self.draw.between(soonest_s, latest_s) } else { 0.0 };
        (delay_s, off_pct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Controls = Controls { gas_pct: 50.0, air_pct: 40.0, drum_pct: 100.0 };

    #[test]
    fn hands_are_as_late_as_said_and_never_change_order() {
        let operator = Operator { control_delay_s_min: 1.0, control_delay_s_max: 3.0, ..Operator::default() };
        for run in 0..50 {
            let mut knobs = Knobs::new(&operator, &Seed::new(run, "m", 0), FIRST);
            knobs.reach_for(10.0, Controls { gas_pct: 60.0, ..FIRST });
            knobs.reach_for(10.5, Controls { gas_pct: 70.0, ..FIRST });
            knobs.arrive(10.9);
            assert_eq!(knobs.in_force(), FIRST, "nobody reacts within 1 s");
            let mut seen = vec![50.0];
            for tenth in 109..140 {
                knobs.arrive(f64::from(tenth) / 10.0);
                let now = knobs.in_force().gas_pct;
                if seen.last() != Some(&now) {
                    seen.push(now);
                }
            }
            assert!(seen == [50.0, 60.0, 70.0] || seen == [50.0, 70.0], "{seen:?}");
        }
    }

    #[test]
    fn gas_is_set_off_by_the_spread_said_and_only_when_touched() {
        let operator = Operator { gas_error_pct: 2.0, ..Operator::default() };
        let mut off = Vec::new();
        for run in 0..400 {
            let mut knobs = Knobs::new(&operator, &Seed::new(run, "m", 0), FIRST);
            knobs.reach_for(1.0, Controls { air_pct: 45.0, ..FIRST });
            assert_eq!(knobs.in_force().gas_pct, 50.0);
            knobs.reach_for(2.0, Controls { gas_pct: 60.0, ..FIRST });
            off.push(knobs.in_force().gas_pct - 60.0);
        }
        // 400 values: a standard error of 3.5 % of the spread; five.
        let sd = (off.iter().map(|c| c * c).sum::<f64>() / 400.0).sqrt();
        assert!((sd / 2.0 - 1.0).abs() < 0.18, "{sd}");
    }
}
