//! Simulated days, what the pipeline hears of them, and what it makes of that.

use std::path::Path;

use trier_pipeline::{Basis, Heard, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, Mark, MarkKind, Reading, ReadingBody, Trust};
use trier_sim::{Outcome, RoastingDay, Scenario, roasts};

/// Roasts of a day.
pub(crate) const ROASTS: u32 = 6;

/// The machines and probes of the days; each family, and gd12 with probes that are worse.
pub(crate) const SCENARIOS: [&str; 7] =
    ["steady", "steady-gd60", "steady-ei1", "steady-fb", "coarse-probe", "noisy-probe", "lag-doubled"];

/// One day of one machine.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    /// Scenario and seed.
    pub(crate) name: String,
    /// All that was said, in order.
    pub(crate) heard: Vec<Heard>,
    /// What truly happened, roast by roast.
    pub(crate) truth: Vec<Vec<Mark>>,
}

/// A share of 1 that hangs on what it is for and on nothing else.
pub(crate) fn share(name: &str, number: u64) -> f64 {
    let hash = trier_roast::hash::fnv1a(format!("{name} {number}").as_bytes());
    // The first bits of this hash hang little on the last bytes: mixed as by SplitMix64.
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Day {
    /// Six roasts back to back, 20 to 120 s from each drop to the next charge; None where one of them was given up
    /// without a drop, for truth does not say when its beans left.
    pub(crate) fn simulate(scenario: &str, seed: u64) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/steady");
        let mut scenario = Scenario::load(&folder.join(format!("{scenario}.toml"))).expect("ships");
        scenario.recording.cooling_s = 15.0;
        scenario.history_roasts = ROASTS - 1;
        scenario.earlier = None;
        scenario.day = Some(RoastingDay {
            roasts: ROASTS,
            preheat_s: 0.0,
            preheat_gas_pct: 0.0,
            preheat_air_pct: 0.0,
            pause_s: 20.0 + (100.0 * share(&scenario.id, seed)).round(),
            charge_bt_c: None,
            pause_s_max: 900.0,
        });
        let runs: Vec<_> = roasts(&scenario, seed).map(|run| run.expect("books close")).collect();
        if runs.iter().any(|run| run.outcome != Outcome::Dropped) {
            return None;
        }
        let heard = |reading: &Reading| Heard { reading: *reading, trust: Trust::Unsigned, boot: Some(1) };
        Some(Self {
            name: format!("{} seed {seed}", scenario.id),
            heard: runs.iter().flat_map(|run| &run.readings).map(heard).collect(),
            truth: runs.into_iter().map(|run| run.truth_marks).collect(),
        })
    }

    /// When each thing of a kind truly happened.
    pub(crate) fn truly(&self, kind: MarkKind) -> Vec<EventTime> {
        self.truth.iter().flatten().filter(|mark| mark.kind == kind).map(|mark| mark.at).collect()
    }
}

/// What the pipeline makes of what it hears.
pub(crate) fn heard_by_pipeline(heard: &[Heard]) -> Outputs {
    let config = StreamConfig { source: "detection".into(), machine: "m".into(), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, Vec::new(), Basis::default());
    let mut out = Outputs::default();
    heard.iter().for_each(|heard| stream.hear(*heard, &mut out));
    stream.end(&mut out);
    out
}

/// The charges and drops of the sessions that count as roasts, s since the epoch of `from`.
pub(crate) fn boundaries_s(out: &Outputs, from: EventTime) -> (Vec<f64>, Vec<f64>) {
    let roasts =
        out.sessions.iter().filter(|row| ["complete", "no_drop", "aborted"].contains(&&*row.outcome));
    roasts.fold((Vec::new(), Vec::new()), |(mut charges, mut drops), row| {
        let charge_s = EventTime::from_us(row.start_us).since_s(from);
        charges.push(charge_s);
        drops.extend(row.drop_s.map(|drop_s| charge_s + drop_s));
        (charges, drops)
    })
}

/// `heard` with every mark changed by `change`, in the order of the times they are then said.
pub(crate) fn with_marks(heard: &[Heard], mut change: impl FnMut(Mark) -> Vec<Mark>) -> Vec<Heard> {
    let mut out: Vec<Heard> = Vec::with_capacity(heard.len());
    for one in heard {
        match one.reading.body {
            ReadingBody::Sample(_) => out.push(*one),
            ReadingBody::Mark(mark) => out.extend(change(mark).into_iter().map(|mark| Heard {
                reading: Reading { at: mark.at, body: ReadingBody::Mark(mark) },
                ..*one
            })),
        }
    }
    out.sort_by_key(|heard| heard.reading.at);
    out
}
