//! Aliases: a value that is right, but said in the wrong unit or by the wrong wire.
//!
//! °F read as °C, °C as °F, and BT and ET swapped put the reading where simple arithmetic
//! on the readings before says. Such a reading is held: flagged until it comes back or
//! goes elsewhere. It is never converted here, for that takes a person's word.

use trier_roast::EventTime;

/// How near an alias must come to where arithmetic puts it, °C, and for each second, °C/s.
const NEAR_C: f64 = 2.5;
const NEAR_C_PER_S: f64 = 0.7;

/// After a longer hole it must come no less near, s.
const NEAR_S_MAX: f64 = 5.0;

/// A jump smaller than this, °C, has no need of an alias.
const JUMP_C: f64 = 8.0;

/// A fall slower than this, °C/s, is what a probe does when a machine is charged.
const PLUNGE_C_PER_S: f64 = 25.0;

/// Readings before that are older than this, s, tell nothing of where a reading should be.
const OLD_S: f64 = 30.0;

/// How a reading may be disguised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disguise {
    /// °F where °C should be.
    Fahrenheit,
    /// °C taken for °F and converted.
    TwiceCelsius,
    /// The other probe's.
    Swapped,
}

impl Disguise {
    const ALL: [Self; 3] = [Self::Swapped, Self::Fahrenheit, Self::TwiceCelsius];

    /// BT and ET behind what was read, °C.
    fn behind(self, bt_c: f64, et_c: Option<f64>) -> Option<(f64, Option<f64>)> {
        let celsius = |f: f64| (f - 32.0) / 1.8;
        let fahrenheit = |c: f64| 1.8 * c + 32.0;
        match self {
            Self::Fahrenheit => Some((celsius(bt_c), et_c.map(celsius))),
            Self::TwiceCelsius => Some((fahrenheit(bt_c), et_c.map(fahrenheit))),
            Self::Swapped => Some((et_c?, Some(bt_c))),
        }
    }
}

/// The newest BT and ET that were believed, or seen through.
#[derive(Clone, Copy, Debug)]
struct Held {
    at: EventTime,
    bt_c: f64,
    et_c: Option<f64>,
}

/// Watches for disguises.
#[derive(Clone, Debug, Default)]
pub(super) struct Aliases {
    held: Option<Held>,
    worn: Option<Disguise>,
}

impl Aliases {
    /// The disguise that BT read at `at` wears, if it does.
    ///
    /// - `falls_freely`: cold beans or cold air may have met the probe, so a fall needs no alias.
    pub(super) fn see(
        &mut self,
        at: EventTime,
        bt_c: f64,
        et_c: Option<f64>,
        falls_freely: bool,
    ) -> Option<Disguise> {
        let held = self.held.filter(|held| at.since_s(held.at) <= OLD_S)?;
        let near_c = NEAR_C + NEAR_C_PER_S * at.since_s(held.at).min(NEAR_S_MAX);
        let is_near = |a: f64, b: f64| (a - b).abs() <= near_c;
        if is_near(bt_c, held.bt_c) {
            self.worn = None;
            return None;
        }
        let jump_c = bt_c - held.bt_c;
        let fits = |disguise: &Disguise| {
            let Some((bt, et)) = disguise.behind(bt_c, et_c) else { return false };
            let et_fits = match (et, held.et_c) {
                (Some(et), Some(was)) => is_near(et, was),
                // Without ET nothing but BT speaks for it.
                _ => *disguise != Disguise::Swapped,
            };
            is_near(bt, held.bt_c) && et_fits
        };
        // One wire alone may change its unit; a whole device changes both.
        let alone = |disguise: &Disguise| {
            let behind = disguise.behind(bt_c, None);
            *disguise != Disguise::Swapped && behind.is_some_and(|(bt, _)| is_near(bt, held.bt_c))
        };
        let plunge = jump_c < 0.0 && falls_freely && -jump_c <= PLUNGE_C_PER_S * at.since_s(held.at);
        let found = if let Some(worn) = self.worn.filter(|worn| fits(worn) || alone(worn)) {
            Some(worn)
        } else if jump_c.abs() < JUMP_C || plunge {
            None
        } else {
            let all = Disguise::ALL.into_iter();
            all.clone().find(fits).or_else(|| all.clone().find(|d| !falls_freely && alone(d)))
        };
        self.worn = found;
        let (bt_c, et) = found?.behind(bt_c, et_c)?;
        // Seen through, it still says where BT is; the wire that did not change keeps its word.
        self.held =
            Some(Held { at, bt_c, et_c: et.filter(|_| found.as_ref().is_some_and(&fits)).or(held.et_c) });
        found
    }

    /// Keeps what was believed.
    pub(super) fn believe(&mut self, at: EventTime, bt_c: f64, et_c: Option<f64>) {
        self.worn = None;
        self.held = Some(Held { at, bt_c, et_c });
    }
}
