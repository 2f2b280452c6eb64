//! Quality of BT and ET: missing, out of range, frozen, disguised, or a jump that no beans
//! and probe can make.
//!
//! Causal and without delay: a sample is judged from those before it, when it
//! comes. A jump is judged against the last believed sample by rate. A probe may
//! truly move to another level (a plug pushed home, a probe changed), so after a
//! run of disbelieved samples that agree with each other the new level is
//! believed; the run itself keeps its flags, since they are out already.

use trier_roast::{EventTime, Quality, Sample};

use super::alias::{Aliases, Disguise};
use super::frozen::Frozen;
use super::grain::Grain;

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

/// And of a machine that is not known to hold beans: there the probe hangs in the air, which a fan or a heater that
/// comes on moves faster. On shared roasts a fluid bed's rises by 6.5 °C in 1.2 s. Own choice.
const IDLE_RISE_C_PER_S: f64 = 5.0;

/// Disbelieved samples in agreement before their level is believed.
const AGREEING_SAMPLES: u32 = 4;

/// Time such a run must last, s, so that fast samplers do not believe a short burst.
const AGREEING_S: f64 = 3.0;

/// Hottest ET a roaster's air probe can show, °C; inlets of fluid beds pass 400 °C.
pub const ET_C_MAX: f64 = 500.0;

/// ET follows air, which a burner or an open door moves faster than beans: its step, °C, and rate, °C/s.
const ET_STEP_C: f64 = 6.0;
const ET_RATE_C_PER_S: f64 = 10.0;

/// While BT still falls after a charge, it falls at most this many times as fast as it just did.
const SLOWING: f64 = 2.0;

/// What drivers send where they have no reading: full-scale words, and zero from a hot probe.
const SENTINELS: [f64; 6] = [9_999.0, 32_767.0, 65_535.0, 3_276.7, 6_553.5, 0.0];

/// A probe hotter than this does not truly show 0 °C next, °C.
const NOT_ZERO_C: f64 = 25.0;

/// Whether a fall of BT may be as fast as it likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Falls {
    /// Before and at charge, and after drop: cold beans, then cold air, meet
    /// the probe. Thin probes fall by 8 °C/s, and simulators by 80 °C at once.
    Free,
    /// Some seconds after charge: it falls more and more slowly.
    Slowing,
    /// While beans warm, BT falls no faster than it rises.
    AsRises,
}

/// Judges the samples of one stream.
#[derive(Clone, Debug, Default)]
pub struct SampleJudge {
    bt: BtJudge,
    bt_frozen: Frozen,
    et: EtJudge,
    et_frozen: Frozen,
    aliases: Aliases,
    grain: Grain,
}

impl SampleJudge {
    /// The flags that BT and ET of `sample`, read at `at`, earn.
    ///
    /// Call in time order; leave out samples that came late or twice.
    pub fn judge(&mut self, at: EventTime, sample: &Sample, falls: Falls) -> Quality {
        let (et, et_c) = self.judge_et(at, sample.et_c, falls);
        let Some(bt_c) = sample.bt_c.filter(|c| c.is_finite() && !self.bt.is_no_reading(*c)) else {
            return et.with(Quality::MISSING);
        };
        let raw_et_c = sample.et_c.filter(|c| c.is_finite());
        let disguise = self.aliases.see(at, bt_c, raw_et_c, falls != Falls::AsRises);
        if let Some(disguise) = disguise {
            return et.with(match disguise {
                Disguise::Swapped => Quality::SWAP_SUSPECT,
                Disguise::Fahrenheit | Disguise::TwiceCelsius => Quality::UNIT_SUSPECT,
            });
        }
        let bt = self.bt.judge(at, Some(bt_c), falls);
        if !bt.is_usable() {
            return et.with(bt);
        }
        self.aliases.believe(at, bt_c, et_c);
        let bt = bt.with(self.grain.push(at, bt_c));
        if bt.has(Quality::COARSER) {
            self.bt_frozen.coarsen();
        }
        // An empty machine may rest at a temperature; beans do not.
        if !self.bt_frozen.push(at, bt_c) || falls == Falls::Free {
            return et.with(bt);
        }
        et.with(bt).with(if et_c.is_some() && self.et_frozen.stands_still() {
            Quality::STALE
        } else if self.bt_frozen.at_its_top(bt_c) {
            Quality::CLAMPED
        } else {
            Quality::STUCK
        })
    }

    /// The flags of ET, and its value where it is believed.
    fn judge_et(&mut self, at: EventTime, et_c: Option<f64>, falls: Falls) -> (Quality, Option<f64>) {
        let Some(et_c) = et_c.filter(|c| c.is_finite()) else {
            return (Quality::GOOD, None);
        };
        let flags = self.et.judge(at, et_c);
        if !flags.is_et_usable() {
            return (flags, None);
        }
        let stuck = self.et_frozen.push(at, et_c) && falls != Falls::Free;
        (if stuck { flags.with(Quality::ET_STUCK) } else { flags }, Some(et_c))
    }
}

/// Judges jumps of ET.
#[derive(Clone, Debug, Default)]
struct EtJudge {
    believed: Option<(EventTime, f64)>,
    run: Option<Run>,
}

impl EtJudge {
    fn judge(&mut self, at: EventTime, et_c: f64) -> Quality {
        if !(BT_C_MIN..=ET_C_MAX).contains(&et_c) {
            return Quality::ET_RANGE;
        }
        let near = |from: (EventTime, f64)| {
            (et_c - from.1).abs() <= ET_STEP_C + ET_RATE_C_PER_S * at.since_s(from.0)
        };
        let plausible = self.believed.is_none_or(near);
        if plausible || settled(&mut self.run, at, et_c, near) {
            self.believed = Some((at, et_c));
            self.run = None;
            Quality::GOOD
        } else {
            Quality::ET_SPIKE
        }
    }
}

/// Judges jumps of BT.
#[derive(Clone, Debug, Default)]
struct BtJudge {
    believed: Option<(EventTime, f64)>,
    /// How fast BT fell between the last two believed samples, °C/s; 0 when it rose.
    fell_c_per_s: f64,
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
    /// believed sample by more than 2.5 °C plus 2.5 °C (an idle machine's rises: 5 °C) for each second between, until
    /// four such samples over 3 s agree with each other; the fourth is a [`Quality::STEP_CHANGE`].
    ///
    /// Call in time order; leave out samples that came late or twice.
    fn judge(&mut self, at: EventTime, bt_c: Option<f64>, falls: Falls) -> Quality {
        let Some(bt_c) = bt_c.filter(|c| c.is_finite()) else {
            return Quality::MISSING;
        };
        if !(BT_C_MIN..=BT_C_MAX).contains(&bt_c) {
            return Quality::RANGE;
        }
        let (rise, fall) = match falls {
            Falls::Free => (IDLE_RISE_C_PER_S, f64::INFINITY),
            Falls::Slowing => (RATE_C_PER_S, RATE_C_PER_S.max(SLOWING * self.fell_c_per_s)),
            Falls::AsRises => (RATE_C_PER_S, RATE_C_PER_S),
        };
        let plausible = self.believed.is_none_or(|from| follows(from, (at, bt_c), rise, fall));
        if plausible {
            self.believe(at, bt_c);
            return Quality::GOOD;
        }
        // A fall that goes on is a plunge, however fast; a spike comes back.
        let near = |from: (EventTime, f64)| follows(from, (at, bt_c), RATE_C_PER_S, f64::INFINITY);
        if settled(&mut self.run, at, bt_c, near) {
            self.believe(at, bt_c);
            Quality::STEP_CHANGE
        } else {
            Quality::SPIKE
        }
    }

    /// Whether `bt_c` is a driver's word for no reading.
    fn is_no_reading(&self, bt_c: f64) -> bool {
        let hot = self.believed.is_some_and(|(_, c)| c > NOT_ZERO_C);
        SENTINELS.iter().any(|word| word.to_bits() == bt_c.to_bits() && (*word > 0.0 || hot))
    }

    fn believe(&mut self, at: EventTime, bt_c: f64) {
        if let Some((was_at, was_c)) = self.believed {
            let span_s = at.since_s(was_at);
            self.fell_c_per_s = if span_s > 0.0 { ((was_c - bt_c) / span_s).max(0.0) } else { 0.0 };
        }
        self.believed = Some((at, bt_c));
        self.run = None;
    }
}

/// Adds a disbelieved sample to `run`; whether the run is now to be believed.
///
/// - `follows`: whether the sample can follow another one.
fn settled(run: &mut Option<Run>, at: EventTime, c: f64, follows: impl Fn((EventTime, f64)) -> bool) -> bool {
    let agreeing = run.filter(|run| follows((run.last_at, run.last_c)));
    let grown = match agreeing {
        Some(run) => Run { last_at: at, last_c: c, samples: run.samples.saturating_add(1), ..run },
        None => Run { since: at, last_at: at, last_c: c, samples: 1 },
    };
    *run = Some(grown);
    grown.samples >= AGREEING_SAMPLES && at.since_s(grown.since) >= AGREEING_S
}

/// Whether a probe can get from one reading to the next in the time between, rising and falling at most at these
/// rates, °C/s.
fn follows(from: (EventTime, f64), to: (EventTime, f64), rise_c_per_s: f64, fall_c_per_s: f64) -> bool {
    let change_c = to.1 - from.1;
    let span_s = to.0.since_s(from.0);
    let rate_c_per_s = if change_c < 0.0 { fall_c_per_s } else { rise_c_per_s };
    rate_c_per_s.is_infinite() || change_c.abs() <= STEP_C + rate_c_per_s * span_s
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
        let step = Quality::STEP_CHANGE;
        assert_eq!(got, [GOOD, SPIKE, SPIKE, SPIKE, step, GOOD]);
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
