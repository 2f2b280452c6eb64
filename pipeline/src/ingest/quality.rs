//! Quality of BT: missing, out of range, or a jump no bean and probe can make.
//!
//! Causal and without delay: a sample is judged from those before it, when it
//! comes. A jump is judged against the last believed sample by rate. A probe may
//! truly move to another level (a plug pushed home, a probe changed), so after a
//! run of disbelieved samples that agree with each other the new level is
//! believed; the run itself keeps its flags, since they are out already.

use trier_roast::{EventTime, Quality};

/// Coldest BT a roaster's probe can show, °C. Below lie open circuits and −1 °F.
pub const BT_C_MIN: f64 = -10.0;

/// Hottest BT a probe among beans can show, °C. Beans burn before; on shared roasts the
/// hottest drop is at 242 °C, and a probe that failed read 349 °C from then on.
pub const BT_C_MAX: f64 = 300.0;

/// A step this large is never a spike, °C: noise, and the steps of a whole-degree
/// or half-degree display. Own choice.
const STEP_C: f64 = 2.5;

/// Fastest believed change, °C/s. Beans in a fluid bed warm at up to 1.5 °C/s, a
/// drum's at 0.5 °C/s; the rest is room for fast bare probes. Own choice.
const RATE_C_PER_S: f64 = 2.5;

/// Disbelieved samples in agreement before their level is believed.
const AGREEING_SAMPLES: u32 = 4;

/// Time such a run must last, s, so that fast samplers do not believe a short burst.
const AGREEING_S: f64 = 3.0;

/// Whether a fall of BT may be as fast as it likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Falls {
    /// Before and just after charge, and after drop: cold beans, then cold air, meet
    /// the probe. Thin probes fall by 8 °C/s, and simulators by 80 °C at once.
    Free,
    /// While beans warm, BT falls no faster than it rises.
    AsRises,
}

/// Judges BT of the samples of one stream.
#[derive(Clone, Debug, Default)]
pub struct BtJudge {
    believed: Option<(EventTime, f64)>,
    run: Option<Run>,
}

/// Samples in turn that were taken for spikes.
#[derive(Clone, Copy, Debug)]
struct Run {
    since: EventTime,
    last_at: EventTime,
    last_c: f64,
    samples: u32,
}

impl BtJudge {
    /// The flags that `bt_c`, read at `at`, earns.
    ///
    /// [`Quality::MISSING`] when None or not finite; [`Quality::RANGE`] outside
    /// [`BT_C_MIN`] to [`BT_C_MAX`]; [`Quality::SPIKE`] when it differs from the last
    /// believed sample by more than 2.5 °C plus 2.5 °C for each second between, until
    /// four such samples over 3 s agree with each other.
    ///
    /// Call in time order; leave out samples that came late or twice.
    pub fn judge(&mut self, at: EventTime, bt_c: Option<f64>, falls: Falls) -> Quality {
        let Some(bt_c) = bt_c.filter(|c| c.is_finite()) else {
            return Quality::MISSING;
        };
        if !(BT_C_MIN..=BT_C_MAX).contains(&bt_c) {
            return Quality::RANGE;
        }
        let plausible = self.believed.is_none_or(|from| follows(from, (at, bt_c), falls));
        if plausible || self.settled_with(at, bt_c) {
            self.believed = Some((at, bt_c));
            self.run = None;
            Quality::GOOD
        } else {
            Quality::SPIKE
        }
    }

    /// Adds a disbelieved sample to the run; whether the run is now to be believed.
    fn settled_with(&mut self, at: EventTime, bt_c: f64) -> bool {
        let agreeing = self.run.filter(|run| follows((run.last_at, run.last_c), (at, bt_c), Falls::AsRises));
        let run = match agreeing {
            Some(run) => Run { last_at: at, last_c: bt_c, samples: run.samples.saturating_add(1), ..run },
            None => Run { since: at, last_at: at, last_c: bt_c, samples: 1 },
        };
        self.run = Some(run);
        run.samples >= AGREEING_SAMPLES && at.since_s(run.since) >= AGREEING_S
    }
}

/// Whether a probe can get from one reading to the next in the time between.
fn follows(from: (EventTime, f64), to: (EventTime, f64), falls: Falls) -> bool {
    let rise_c = to.1 - from.1;
    if rise_c < 0.0 && falls == Falls::Free {
        return true;
    }
    rise_c.abs() <= STEP_C + RATE_C_PER_S * to.0.since_s(from.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Quality = Quality::GOOD;
    const SPIKE: Quality = Quality::SPIKE;

    fn judged(interval_s: f64, falls: Falls, bt_c: &[f64]) -> Vec<Quality> {
        let mut judge = BtJudge::default();
        let mut at = EventTime::from_us(0);
        let mut out = Vec::new();
        for c in bt_c {
            out.push(judge.judge(at, Some(*c), falls));
            at = at.plus_s(interval_s);
        }
        out
    }

    #[test]
    fn a_single_spike_up_or_down_is_flagged_and_nothing_else_is() {
        for wild in [249.0, 209.0, 171.0, 20.0] {
            let got = judged(1.0, Falls::AsRises, &[190.0, 190.2, wild, 190.5, 190.7]);
            assert_eq!(got, [GOOD, GOOD, SPIKE, GOOD, GOOD], "at {wild} °C");
        }
    }

    #[test]
    fn a_spike_of_three_samples_is_flagged_whole() {
        let got = judged(1.0, Falls::AsRises, &[190.0, 240.0, 240.5, 241.0, 190.5]);
        assert_eq!(got, [GOOD, SPIKE, SPIKE, SPIKE, GOOD]);
    }

    #[test]
    fn a_new_level_is_believed_once_it_has_lasted() {
        let got = judged(1.0, Falls::AsRises, &[190.0, 160.0, 160.2, 160.4, 160.6, 160.8]);
        assert_eq!(got, [GOOD, SPIKE, SPIKE, SPIKE, GOOD, GOOD]);
        // At 10 Hz four samples are 0.3 s: not yet.
        let fast = judged(0.1, Falls::AsRises, &[190.0, 160.0, 160.0, 160.0, 160.0, 160.0, 190.0]);
        assert_eq!(fast, [GOOD, SPIKE, SPIKE, SPIKE, SPIKE, SPIKE, GOOD]);
    }

    #[test]
    fn the_charge_plunge_is_no_spike() {
        let thin_probe = [200.0, 192.0, 184.0, 176.0, 168.0, 162.0, 158.0, 157.0, 158.0];
        assert!(judged(1.0, Falls::Free, &thin_probe).iter().all(|q| *q == GOOD));
        assert!(judged(1.0, Falls::Free, &[200.0, 120.0, 118.0, 117.0]).iter().all(|q| *q == GOOD));
    }

    #[test]
    fn whole_degrees_and_half_second_sampling_make_no_spikes() {
        let stairs: Vec<f64> = (0..600).map(|i| (100.0 + 0.083 * f64::from(i)).floor()).collect();
        assert!(judged(0.5, Falls::AsRises, &stairs).iter().all(|q| *q == GOOD));
    }

    #[test]
    fn no_reading_and_nonsense_have_their_own_flags() {
        let mut judge = BtJudge::default();
        let at = EventTime::from_us(0);
        assert_eq!(judge.judge(at, None, Falls::AsRises), Quality::MISSING);
        assert_eq!(judge.judge(at, Some(f64::NAN), Falls::AsRises), Quality::MISSING);
        assert_eq!(judge.judge(at, Some(-18.4), Falls::AsRises), Quality::RANGE);
        assert_eq!(judge.judge(at, Some(349.0), Falls::AsRises), Quality::RANGE);
    }
}
