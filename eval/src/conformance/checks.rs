//! The checks, each with what it would catch.

use super::answers::{Apart, same, sound};
use super::roasts::{FIRST_CRACK_S, MadeUp, asked, basis, later, samples};
use crate::runner::Arms;
use trier_pipeline::Basis;
use trier_roast::{Reading, ReadingBody, Sample, TempUnit};
use trier_tables::rows::PredictionRow;

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its name.
    pub name: &'static str,
    /// What must hold, in a line.
    pub holds: &'static str,
    /// How many answers were held against others; or the first that fails, in words.
    pub outcome: Result<usize, String>,
}

/// A change of units may move an answer by rounding alone: 1e-13 °C at 0.05 °C/s is nothing, and this is
/// room for whoever rounds what they are given, s.
const UNIT_S: f64 = 0.1;

/// Another sampling interval may move an answer by what a smoothing over a few samples does. Whoever
/// counts samples where seconds are meant is off by half at least.
const RATE: Apart = Apart { s: 10.0, share: 0.15, silent: 0.1 };

/// Where recordings are cut, s since charge: in the plunge, at the turning point, drying, before and after first crack.
const CUTS_S: [f64; 6] = [30.0, 100.0, 250.0, 400.0, 470.0, 550.0];

/// How long before first crack a predictor must have something to say, s.
const SPEAKS_S: f64 = 180.0;

/// Puts the arm called `name` through every check; its predictor is made afresh for each made-up roast.
#[must_use]
pub fn conformance(arms: &Arms, name: &str) -> Vec<Checked> {
    let it = Subject { arms, name, basis: basis(), plain: MadeUp::usual().readings() };
    let check = |name, holds, outcome| Checked { name, holds, outcome };
    vec![
        // First of all: what keeps a roast in a file answers the first time as one that knows nothing yet.
        check("repeats", "the same roast again gets the same answers", it.repeats()),
        check("sound", "no fault, and no answer that had to be refused", it.is_sound()),
        check("speaks", "says a time in most of the last three minutes before first crack", it.speaks()),
        check("prefix", "what comes later changes nothing said earlier", it.keeps_to_the_prefix()),
        check("time shift", "another day and hour change nothing", it.knows_no_date()),
        check("unit", "a roast read in °F says the same", it.knows_no_unit()),
        check("sampling rate", "half and twice the interval say about the same", it.counts_seconds()),
        check("duplicates", "rows that come twice or late change nothing", it.ignores_duplicates()),
        check("missing ET", "without ET, or with half of it, it goes on", it.goes_on_without_et()),
        check("missing BT", "a minute without BT is survived", it.survives_a_dropout()),
        check("fresh state", "the roast before in the same stream changes nothing", it.forgets()),
    ]
}

/// The predictor under test, what it may know, and the plain roast.
struct Subject<'a> {
    arms: &'a Arms,
    name: &'a str,
    basis: Basis,
    plain: Vec<Reading>,
}

impl Subject<'_> {
    fn on(&self, readings: &[Reading]) -> Vec<PredictionRow> {
        asked(self.arms.make_only(self.name), &self.basis, readings)
    }

    fn is_sound(&self) -> Result<usize, String> {
        let cold = asked(self.arms.make_only(self.name), &Basis::default(), &self.plain);
        Ok(sound(&self.on(&self.plain), "of a plain roast")? + sound(&cold, "of a machine's first roast")?)
    }

    /// Whoever never says a time would pass all else.
    fn speaks(&self) -> Result<usize, String> {
        let rows = self.on(&self.plain);
        let near =
            |row: &&PredictionRow| (FIRST_CRACK_S - SPEAKS_S..FIRST_CRACK_S).contains(&row.since_charge_s);
        let of = |target: &str| {
            let rows: Vec<_> = rows.iter().filter(near).filter(|row| &*row.target == target).collect();
            (rows.iter().filter(|row| row.p50_s.is_some()).count(), rows.len())
        };
        let (crack, drop) = (of("first_crack_start"), of("drop"));
        let most = [crack, drop].into_iter().find(|(said, asked)| 2 * said > *asked);
        most.map(|(said, _)| said).ok_or_else(|| {
            format!(
                "a time was said at {} of {} samples for first crack, {} of {} for drop",
                crack.0, crack.1, drop.0, drop.1
            )
        })
    }

    fn repeats(&self) -> Result<usize, String> {
        let (one, two) = (self.on(&self.plain), self.on(&self.plain));
        same(&one, &two, "the second time", Apart::NONE)
    }

    fn keeps_to_the_prefix(&self) -> Result<usize, String> {
        let charge = MadeUp::usual().charge;
        let whole = self.on(&self.plain);
        let mut compared = 0;
        for cut_s in CUTS_S {
            let until = charge.plus_s(cut_s);
            let head: Vec<Reading> =
                self.plain.iter().filter(|reading| reading.at <= until).copied().collect();
            compared += same(&whole, &self.on(&head), &format!("cut at {cut_s} s"), Apart::NONE)?;
            // Another ending: from the cut on BT climbs at twice the rate, and first crack is marked soon.
            let faster = MadeUp { pace: 0.6, ..MadeUp::usual() }.readings();
            let tail = faster.into_iter().filter(|reading| reading.at > until);
            let other = self.on(&head.iter().copied().chain(tail).collect::<Vec<_>>());
            let before: Vec<PredictionRow> =
                other.into_iter().filter(|row| row.as_of_us <= until.us()).collect();
            compared +=
                same(&whole, &before, &format!("with another ending from {cut_s} s on"), Apart::NONE)?;
        }
        Ok(compared)
    }

    fn knows_no_date(&self) -> Result<usize, String> {
        let here = self.on(&self.plain);
        let mut compared = 0;
        // Five hours and some, four years with a leap day, and back before the epoch.
        for (us, named) in [
            (19_380_250_000, "five hours later"),
            (126_230_400_000_000, "four years later"),
            (-1_893_456_000_000_000, "sixty years earlier"),
        ] {
            compared += same(&here, &self.on(&later(&self.plain, us)), named, Apart::NONE)?;
        }
        Ok(compared)
    }

    fn knows_no_unit(&self) -> Result<usize, String> {
        let through_f = |c: f64| TempUnit::Fahrenheit.to_c(c * 1.8 + 32.0);
        let read_in_f = samples(&self.plain, |_, sample| {
            Some(Sample { bt_c: sample.bt_c.map(through_f), et_c: sample.et_c.map(through_f), ..sample })
        });
        let apart = Apart { s: UNIT_S, share: 0.0, silent: 0.0 };
        same(&self.on(&self.plain), &self.on(&read_in_f), "read in °F", apart)
    }

    fn counts_seconds(&self) -> Result<usize, String> {
        let plain = self.on(&self.plain);
        let mut compared = 0;
        for interval_s in [0.5, 2.0] {
            let other = self.on(&MadeUp { interval_s, ..MadeUp::usual() }.readings());
            compared += same(&plain, &other, &format!("at a sample each {interval_s} s"), RATE)?;
        }
        Ok(compared)
    }

    fn ignores_duplicates(&self) -> Result<usize, String> {
        let is_sample = |reading: &Reading| matches!(reading.body, ReadingBody::Sample(_));
        let twice: Vec<Reading> = self
            .plain
            .iter()
            .flat_map(|reading| std::iter::repeat_n(*reading, if is_sample(reading) { 2 } else { 1 }))
            .collect();
        let mut late = Vec::with_capacity(self.plain.len());
        for (at, reading) in self.plain.iter().enumerate() {
            late.push(*reading);
            let back = at.checked_sub(5).map(|back| self.plain[back]);
            late.extend(back.filter(|back| at % 7 == 0 && is_sample(back)));
        }
        let plain = self.on(&self.plain);
        let compared = same(&plain, &self.on(&twice), "with each row twice", Apart::NONE)?;
        Ok(compared + same(&plain, &self.on(&late), "with rows that come again 5 s late", Apart::NONE)?)
    }

    fn goes_on_without_et(&self) -> Result<usize, String> {
        let charge = MadeUp::usual().charge;
        let without = samples(&self.plain, |_, sample| Some(Sample { et_c: None, ..sample }));
        let half = samples(&self.plain, |at, sample| {
            let even = (at.since_s(charge) / 20.0).rem_euclid(2.0) < 1.0;
            Some(Sample { et_c: sample.et_c.filter(|_| even), ..sample })
        });
        Ok(sound(&self.on(&without), "without ET")? + sound(&self.on(&half), "with ET half the time")?)
    }

    fn survives_a_dropout(&self) -> Result<usize, String> {
        let charge = MadeUp::usual().charge;
        let holed = samples(&self.plain, |at, sample| {
            let gone = (300.0..360.0).contains(&at.since_s(charge));
            Some(Sample { bt_c: sample.bt_c.filter(|_| !gone), ..sample })
        });
        let cut = samples(&self.plain, |at, sample| {
            (!(300.0..325.0).contains(&at.since_s(charge))).then_some(sample)
        });
        Ok(sound(&self.on(&holed), "with a minute without BT")?
            + sound(&self.on(&cut), "with 25 s without samples")?)
    }

    fn forgets(&self) -> Result<usize, String> {
        let charge = MadeUp::usual().charge;
        let before = MadeUp { charge: charge.plus_s(-1_200.0), pace: 1.2, ..MadeUp::usual() }.readings();
        let both: Vec<Reading> = before.into_iter().chain(self.plain.iter().copied()).collect();
        let second: Vec<PredictionRow> =
            self.on(&both).into_iter().filter(|row| row.as_of_us >= charge.us()).collect();
        same(&self.on(&self.plain), &second, "after another roast", Apart::NONE)
    }
}
