//! A simulated day of a machine, and the devices that tell of it, faults and all.

use std::path::Path;

use trier_pipeline::ingest::Frame;
use trier_roast::{EventTime, Reading, ReadingBody};
use trier_sim::{Scenario, roasts};

use crate::faults::{Choices, FaultId, Tally};
use crate::frames::Start;

const US_PER_S: i64 = 1_000_000;
const TEN_YEARS_S: i64 = 315_360_000;

/// One sample in so many is kept, so that a thousand days are told in minutes.
const THIN: usize = 3;

/// What one start of a device says, by true time, and how its clocks are wrong.
struct Told {
    device: &'static str,
    boot: u64,
    seq: u64,
    began: EventTime,
    clock: Clock,
    tick: Tick,
    readings: Vec<Reading>,
}

/// How a wall clock is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Clock {
    Right,
    /// Set at a true time, from that much ahead to that much ahead, µs.
    Set {
        at: EventTime,
        before_us: i64,
        after_us: i64,
    },
    /// Runs fast by so many parts in a million for so long since a true time.
    Skewed {
        since: EventTime,
        over_s: f64,
        ppm: i64,
    },
}

impl Clock {
    fn ahead_us(self, at: EventTime) -> i64 {
        match self {
            Self::Right => 0,
            Self::Set { at: set, before_us, after_us } => {
                if at < set {
                    before_us
                } else {
                    after_us
                }
            }
            Self::Skewed { since, over_s, ppm } => {
                let until = at.min(since.plus_s(over_s)).max(since);
                (until.us() - since.us()) / 1_000_000 * ppm
            }
        }
    }
}

/// How a tick is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tick {
    Right,
    /// From a true time on it stands still.
    Stands(EventTime),
    /// At a true time it goes back by so many µs.
    GoesBack(EventTime, u64),
}

impl Tick {
    fn bend(self, at: EventTime, began: EventTime, tick_us: u64) -> u64 {
        match self {
            // At a value of a minute before, as after a failed update of a counter.
            Self::Stands(from) if at >= from => {
                u64::try_from(from.us() - began.us() - 60 * US_PER_S).expect("a minute after the start")
            }
            Self::GoesBack(from, by_us) if at >= from => tick_us - by_us.min(tick_us),
            Self::Right | Self::Stands(_) | Self::GoesBack(..) => tick_us,
        }
    }
}

/// A day of four roasts, told by two boards in turn and a panel for the marks.
pub(crate) struct Day {
    pub(crate) seed: u64,
    /// When beans went in, by truth.
    pub(crate) charged: Vec<EventTime>,
    told: Vec<Told>,
}

impl Day {
    /// Roasts the day of this seed, and chooses what goes wrong with its devices.
    pub(crate) fn roast(seed: u64) -> Self {
        let mut choices = Choices::new(seed, 0);
        let file = choices.pick(&["day-of-four.toml", "day-from-cold-ei1.toml"]);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/steady").join(file);
        let scenario = Scenario::load(&path).expect("it ships");
        let runs: Vec<_> = roasts(&scenario, seed).map(|run| run.expect("it roasts")).collect();
        let charged: Vec<EventTime> = runs.iter().map(|run| run.charged).collect();
        let (mut boards, mut panel) = ([Vec::new(), Vec::new()], Vec::new());
        for (i, run) in runs.into_iter().enumerate() {
            for (n, reading) in run.readings.into_iter().enumerate() {
                match reading.body {
                    ReadingBody::Mark(_) => panel.push(reading),
                    ReadingBody::Sample(_) if n % THIN == 0 => boards[i % 2].push(reading),
                    ReadingBody::Sample(_) => {}
                }
            }
        }
        let [first, second] = boards;
        let mut told = Vec::new();
        for (device, mut readings) in [("board-1", first), ("board-2", second), ("panel", panel)] {
            readings.sort_by_key(|reading| reading.at);
            told.extend(starts(device, readings, &mut choices));
        }
        Self { seed, charged, told }
    }

    /// What is wrong with its devices.
    pub(crate) fn faults(&self) -> String {
        let of = |told: &Told| {
            let Told { device, boot, began, clock, tick, .. } = told;
            format!("\n  {device} boot {boot} from {} µs: {clock:?}, tick {tick:?}", began.us())
        };
        self.told.iter().map(of).collect()
    }

    /// Whether a device did not know the time when it began.
    pub(crate) fn has_unset_clock(&self) -> bool {
        self.told.iter().any(|told| matches!(told.clock, Clock::Set { before_us, .. } if before_us != 0))
    }

    /// Readings with their true times, in no order.
    pub(crate) fn readings(&self) -> impl Iterator<Item = &Reading> {
        self.told.iter().flat_map(|told| &told.readings)
    }

    /// Readings by true time, then device and start, in the order said; with the start.
    pub(crate) fn sorted(&self) -> Vec<(Reading, u64)> {
        let mut all: Vec<(EventTime, &str, u64, usize, &Reading)> = Vec::new();
        for told in &self.told {
            for (i, reading) in told.readings.iter().enumerate() {
                all.push((reading.at, told.device, told.boot, i, reading));
            }
        }
        all.sort_by_key(|(at, device, boot, i, _)| (*at, *device, *boot, *i));
        all.into_iter().map(|(_, _, boot, _, reading)| (*reading, boot)).collect()
    }

    /// Whether every event time is the true one: all clocks can be told right.
    pub(crate) fn is_timed_true(&self) -> bool {
        self.told.iter().all(|told| !matches!(told.clock, Clock::Skewed { .. }))
    }

    /// How many readings a frame may hold.
    pub(crate) fn batch_sizes(&self) -> impl Iterator<Item = usize> + use<> {
        [1, 2, 3, 5].into_iter()
    }

    /// What all devices say, by true time of saying.
    pub(crate) fn frames(&self, in_each: usize, tally: &mut Tally) -> Vec<Frame> {
        let mut frames: Vec<(EventTime, Frame)> = Vec::new();
        for told in &self.told {
            let ahead_us = |at: EventTime| told.clock.ahead_us(at);
            let start =
                Start { device: told.device, boot: told.boot, began: told.began, ahead_us: &ahead_us };
            for mut frame in start.frames(&told.readings, in_each) {
                let label = frame.readings[0].at;
                let tick_us = frame.tick_us.expect("it counts");
                let said = EventTime::from_us(told.began.us() + i64::try_from(tick_us).expect("a day"));
                frame.tick_us = Some(told.tick.bend(said, told.began, tick_us));
                frame.key.seq += told.seq;
                tally.count_device(told, label != said, frame.tick_us != Some(tick_us));
                frames.push((said, frame));
            }
        }
        frames.sort_by_key(|(said, _)| *said);
        frames.into_iter().map(|(_, frame)| frame).collect()
    }
}

impl Tally {
    fn count_device(&mut self, told: &Told, is_label_wrong: bool, is_tick_wrong: bool) {
        if told.boot > 0 {
            self.count(FaultId::D01, true);
        }
        match told.clock {
            Clock::Right => {}
            Clock::Set { .. } => self.count(FaultId::D02, is_label_wrong),
            Clock::Skewed { .. } => self.count(FaultId::D03, is_label_wrong),
        }
        if told.tick != Tick::Right {
            self.count(FaultId::D10, is_tick_wrong);
        }
        if told.seq > 0 {
            self.count(FaultId::D05, true);
        }
    }
}

/// The starts of a device, of which at most one thing is wrong each.
fn starts(device: &'static str, readings: Vec<Reading>, choices: &mut Choices) -> Vec<Told> {
    let Some(first) = readings.first().map(|reading| reading.at) else { return Vec::new() };
    let began = first.plus_s(-60.0);
    // In its last roast, while it speaks: a clock that is wrong across an hour of silence is believed after.
    let last = readings.last().map_or(first, |reading| reading.at);
    let amid = |choices: &mut Choices| last.plus_s(-choices.seconds(200, 500));
    let seq = choices.pick(&[0, 0, 250, 65_530, u64::from(u32::MAX) - 5]);
    let whole = Told { device, boot: 0, seq, began, clock: Clock::Right, tick: Tick::Right, readings };
    match choices.below(6) {
        0 => {
            // It is back 5 to 40 s later, by a clock that is right.
            let down = amid(choices);
            let up = down.plus_s(choices.seconds(5, 40));
            let before = whole.readings.iter().filter(|reading| reading.at < down).copied().collect();
            let after: Vec<Reading> =
                whole.readings.iter().filter(|reading| reading.at > up).copied().collect();
            let again = Told { boot: 1, seq: 0, began: up, readings: after, ..whole_like(&whole) };
            let whole = Told { readings: before, ..whole };
            [whole, again].into_iter().filter(|told| !told.readings.is_empty()).collect()
        }
        1 => {
            // Between presses minutes apart, a second more or less passes for skew.
            let least = if device == "panel" { 3_600 } else { 1 };
            let by_us = choices.pick(&[least, -least, 3_600, -3_600, TEN_YEARS_S, -TEN_YEARS_S]) * US_PER_S;
            vec![Told { clock: Clock::Set { at: amid(choices), before_us: 0, after_us: by_us }, ..whole }]
        }
        2 => {
            // It says 1970 until it is set, within its first ten minutes.
            let at = began.plus_s(choices.seconds(70, 590));
            vec![Told { clock: Clock::Set { at, before_us: -began.us(), after_us: 0 }, ..whole }]
        }
        3 => {
            // As far off as two devices of a machine may be within the lateness bound.
            let (ppm, over_s) = choices.pick(&[(-20_000, 200.0), (-200, 2e4), (200, 2e4), (20_000, 200.0)]);
            let since = amid(choices);
            vec![Told { clock: Clock::Skewed { since, over_s, ppm }, ..whole }]
        }
        4 => {
            let at = amid(choices);
            // A panel speaks minutes apart. Back by less than that, it would pass for a clock that was set.
            let tick = match device {
                "panel" => Tick::GoesBack(at, 100_000_000_000),
                _ if choices.one_in(2) => Tick::Stands(at),
                _ => Tick::GoesBack(at, 50_000_000),
            };
            vec![Told { tick, ..whole }]
        }
        _ => vec![whole],
    }
}

fn whole_like(told: &Told) -> Told {
    Told { readings: Vec::new(), ..*told }
}
