//! Lag: whether a probe answers more slowly than it did in the roasts before.
//!
//! How long the plunge at charge takes from a tenth of its depth to half of it hangs on the probe and on the beans
//! around it, and hardly on how hot the machine was or how much was charged. So it tells one probe's roasts apart
//! by a few parts in a hundred, and a probe that has grown slow from one that has not. What is usual is what the
//! roasts before have shown: a probe that was slow from the first on is not found here.

use std::collections::VecDeque;

use trier_roast::order::median;

use super::tail::{Point, since};

/// Roasts that are held against, the newest.
const EARLIER_MAX: usize = 9;

/// The fewest that make a usual time.
const EARLIER_MIN: usize = 3;

/// The plunge is timed between these shares of its depth.
const FROM: f64 = 0.1;
const TO: f64 = 0.5;

/// A plunge of less, °C, is no measure of time: noise and the display's steps are too large a part of it.
const DEPTH_C_MIN: f64 = 20.0;

/// Points further apart, s, do not time it.
const APART_S_MAX: f64 = 6.0;

/// A plunge this many times as long as usual is a slow probe's. On shared roasts of one machine the
/// longest is 1.3 times the usual one; twice the time constant makes it 1.7 times as long.
const LATE: f64 = 1.45;

/// Times the plunges of one machine, roast by roast.
#[derive(Clone, Debug, Default)]
pub struct Lag {
    earlier_s: VecDeque<f64>,
    now_s: Option<f64>,
}

impl Lag {
    /// BT turned at `turned_s` since charge; whether it took far longer to fall than it used to.
    ///
    /// - `points`: usable BT since charge, ascending.
    pub fn turned(&mut self, points: &[Point], turned_s: f64) -> bool {
        self.now_s = plunge_s(points, turned_s);
        let usual_s = median(self.earlier_s.make_contiguous());
        let known = self.earlier_s.len() >= EARLIER_MIN;
        known && self.now_s.zip(usual_s).is_some_and(|(now_s, usual_s)| now_s > LATE * usual_s)
    }

    /// The roast is over: the next is held against it too. So a probe that was changed for a slower one is
    /// suspect for some roasts, and then it is the usual one.
    pub fn seal(&mut self) {
        let Some(now_s) = self.now_s.take() else { return };
        if self.earlier_s.len() == EARLIER_MAX {
            self.earlier_s.pop_front();
        }
        self.earlier_s.push_back(now_s);
    }
}

/// How long BT takes from a tenth of its plunge to half of it, s. None without a plunge, or with a hole in it.
fn plunge_s(points: &[Point], turned_s: f64) -> Option<f64> {
    let fall = &points[..points.len() - since(points, turned_s).len()];
    let low_c = points.iter().map(|(_, c)| *c).fold(f64::INFINITY, f64::min);
    let top_c = fall.iter().map(|(_, c)| *c).fold(f64::NEG_INFINITY, f64::max);
    let depth_c = top_c - low_c;
    if depth_c.is_nan() || depth_c < DEPTH_C_MIN {
        return None;
    }
    let level_c = |share: f64| top_c - share * depth_c;
    let half = fall.iter().position(|(_, c)| *c < level_c(TO))?;
    // The last time that it was above, so that what the empty drum did before does not count.
    let tenth = 1 + fall[..half].iter().rposition(|(_, c)| *c >= level_c(FROM))?;
    let apart_s = fall[tenth - 1..=half].windows(2).map(|pair| pair[1].0 - pair[0].0).fold(0.0, f64::max);
    let passed_s = |index: usize, share: f64| {
        let ((from_s, from_c), (to_s, to_c)) = (fall[index - 1], fall[index]);
        from_s + (to_s - from_s) * (from_c - level_c(share)) / (from_c - to_c)
    };
    (apart_s <= APART_S_MAX).then(|| passed_s(half, TO) - passed_s(tenth, FROM))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 200 °C, and from 10 s on towards 90 °C as a probe with this time constant goes, at 1 Hz.
    fn plunge(time_constant_s: f64) -> Vec<Point> {
        let bt_c = |t_s: f64| {
            let since_s = (t_s - 10.0).max(0.0);
            90.0 + 110.0 * trier_roast::math::exp(-since_s / time_constant_s)
        };
        (0..200).map(f64::from).map(|t_s| (t_s, bt_c(t_s))).collect()
    }

    #[test]
    fn a_plunge_is_timed_by_its_time_constant() {
        // ln(0.9 / 0.5) = 0.588 time constants lie between a tenth and half.
        for time_constant_s in [10.0, 20.0, 40.0] {
            let took_s = plunge_s(&plunge(time_constant_s), 180.0).expect("a plunge");
            assert!((took_s / (0.588 * time_constant_s) - 1.0).abs() < 0.03, "{took_s} s");
        }
        assert_eq!(plunge_s(&[(0.0, 25.0), (5.0, 30.0)], 5.0), None);
        let hole: Vec<Point> =
            plunge(20.0).into_iter().filter(|(t_s, _)| !(12.0..20.0).contains(t_s)).collect();
        assert_eq!(plunge_s(&hole, 180.0), None);
    }

    #[test]
    fn a_probe_that_grows_slow_is_suspect_until_that_is_usual() {
        let mut lag = Lag::default();
        let mut roast = |time_constant_s: f64| {
            let late = lag.turned(&plunge(time_constant_s), 180.0);
            lag.seal();
            late
        };
        // No more than the roasts of one machine differ by.
        assert_eq!([20.0, 18.0, 22.0, 26.0].map(&mut roast), [false; 4]);
        // Four that were usual and four that are late: after those the middle is between them.
        assert_eq!([40.0; 6].map(&mut roast), [true, true, true, true, false, false]);
    }
}
