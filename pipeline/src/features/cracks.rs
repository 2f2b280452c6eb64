//! Cracks by ear: where a microphone counts pops, when first crack starts and ends, and when
//! second crack starts. Without a microphone nothing is said: BT alone does not show a crack.
//!
//! Causal: each is told some seconds after it happened, and placed in the middle of the
//! window that showed it.

use std::collections::VecDeque;

use trier_roast::MarkKind;

use super::curve::InferredMark;

/// Pops are counted over this long, s.
const WINDOW_S: f64 = 10.0;

/// Half a window of counts at least, s.
const WINDOW_S_MIN: f64 = 5.0;

/// Beans crack hotter than this, °C; what is heard before is the machine.
const CRACK_C_MIN: f64 = 160.0;

/// First crack is more than this, 1/s, and more than so many times what was heard before it.
const START_PER_S: f64 = 1.5;
const START_BACKGROUNDS: f64 = 8.0;

/// It ends where pops fall below this share of their peak.
const END_SHARE: f64 = 0.35;

/// Second crack is this share of that peak again.
const SECOND_SHARE: f64 = 0.5;

/// How sure the marks are: fractures are heard from the first bean on, and how many there will be is not known.
const START_CONFIDENCE: f64 = 0.85;
const END_CONFIDENCE: f64 = 0.8;
const SECOND_CONFIDENCE: f64 = 0.6;

/// What has been heard so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Heard {
    #[default]
    Nothing,
    First,
    FirstEnded,
    Second,
}

/// Listens to one roast.
#[derive(Clone, Debug, Default)]
pub(super) struct Cracks {
    window: VecDeque<(f64, f64)>,
    heard: Heard,
    /// The most that was heard before beans can crack, 1/s.
    background_per_s: f64,
    peak_per_s: f64,
}

impl Cracks {
    /// Takes what was heard at `t_s` since charge, with BT where it is known; the mark that makes.
    pub(super) fn push(&mut self, t_s: f64, pops_per_s: f64, bt_c: Option<f64>) -> Option<InferredMark> {
        let later = self.window.back().is_none_or(|(last_s, _)| t_s > *last_s);
        if !later || !pops_per_s.is_finite() || pops_per_s < 0.0 {
            return None;
        }
        self.window.push_back((t_s, pops_per_s));
        while self.window.front().is_some_and(|(first_s, _)| t_s - first_s > WINDOW_S) {
            self.window.pop_front();
        }
        let span_s = t_s - self.window.front()?.0;
        if span_s < WINDOW_S_MIN {
            return None;
        }
        #[allow(clippy::cast_precision_loss)] // Some dozens.
        let rate = self.window.iter().map(|(_, pops)| pops).sum::<f64>() / self.window.len() as f64;
        let at_s = t_s - 0.5 * span_s;
        let (kind, confidence) = self.judge(rate, bt_c)?;
        Some(InferredMark { kind, at_s, confidence })
    }

    fn judge(&mut self, rate: f64, bt_c: Option<f64>) -> Option<(MarkKind, f64)> {
        self.peak_per_s = self.peak_per_s.max(rate);
        match self.heard {
            Heard::Nothing if bt_c.is_some_and(|c| c < CRACK_C_MIN) => {
                self.background_per_s = self.background_per_s.max(rate);
                self.peak_per_s = 0.0;
                None
            }
            Heard::Nothing if rate >= START_PER_S.max(START_BACKGROUNDS * self.background_per_s) => {
                self.heard = Heard::First;
                Some((MarkKind::FirstCrackStart, START_CONFIDENCE))
            }
            Heard::First if rate < END_SHARE * self.peak_per_s => {
                self.heard = Heard::FirstEnded;
                Some((MarkKind::FirstCrackEnd, END_CONFIDENCE))
            }
            Heard::FirstEnded if rate >= SECOND_SHARE * self.peak_per_s => {
                self.heard = Heard::Second;
                Some((MarkKind::SecondCrackStart, SECOND_CONFIDENCE))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pops of a made-up roast, 1/s: first crack from 500 to 600 s, second from 660 s.
    fn pops_per_s(t_s: f64) -> f64 {
        match t_s {
            t if (500.0..600.0).contains(&t) => 6.0,
            t if t >= 660.0 => 5.0,
            _ => 0.1,
        }
    }

    fn marks(pops: impl Fn(f64) -> f64, bt_c: Option<f64>, interval_s: f64) -> Vec<(MarkKind, f64)> {
        let mut cracks = Cracks::default();
        let mut t_s = 0.0;
        let mut found = Vec::new();
        while t_s < 720.0 {
            found.extend(cracks.push(t_s, pops(t_s), bt_c).map(|mark| (mark.kind, mark.at_s)));
            t_s += interval_s;
        }
        found
    }

    #[test]
    fn cracks_are_found_where_they_are_at_any_interval() {
        for interval_s in [0.5, 1.0, 2.0, 4.0] {
            let found = marks(pops_per_s, Some(200.0), interval_s);
            let want = [
                (MarkKind::FirstCrackStart, 500.0),
                (MarkKind::FirstCrackEnd, 600.0),
                (MarkKind::SecondCrackStart, 660.0),
            ];
            assert_eq!(found.len(), want.len(), "{found:?}");
            for ((kind, at_s), (want_kind, want_s)) in found.into_iter().zip(want) {
                // Half a window: where in it the rate is passed hangs on how high it goes.
                assert!(kind == want_kind && (at_s - want_s).abs() <= 0.5 * WINDOW_S, "{kind:?} {at_s} s");
            }
        }
    }

    #[test]
    fn a_noisy_machine_and_cold_beans_do_not_crack() {
        assert_eq!(marks(pops_per_s, Some(120.0), 1.0), []);
        assert_eq!(marks(|t_s| 1.4 + 0.1 * (t_s % 2.0), Some(200.0), 1.0), []);
        assert_eq!(marks(|_| f64::NAN, Some(200.0), 1.0), []);
    }
}
