//! The faults of sensors, devices and operators, put into a simulated day: when, and how often. What a faulty probe or
//! device says is the evaluation's, which puts the same faults into golden cases.

use trier_eval::fault::{Channel, Fault as Struck, FaultKind, apply};
use trier_pipeline::Heard;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource};

use super::day::{Day, share, with_marks};

/// What a fault made of a day.
#[derive(Clone, Debug)]
pub(crate) struct Faulty {
    /// What is heard.
    pub(crate) heard: Vec<Heard>,
    /// How often the fault was put in.
    pub(crate) injected: u32,
}

/// One kind of fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// Its id in the taxonomy.
    pub(crate) id: &'static str,
    /// In words.
    pub(crate) what: &'static str,
    /// Flags, of which each sample it touches should carry one, joined by `|`; empty when none is promised.
    pub(crate) flag: &'static str,
    /// Puts it into a day, once in each roast.
    pub(crate) put: fn(&str, &Day) -> Faulty,
}

/// All of them.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) const FAULTS: [Fault; 22] = [
    Fault { id: "none", what: "nothing", flag: "", put: |_, day| Faulty { heard: day.heard.clone(), injected: 0 } },
    Fault { id: "S01", what: "no samples for 60 s", flag: "after_gap", put: |id, day| once(id, day, 60.0, &[(FaultKind::SensorDropout, Channel::All, 0.0)]) },
    Fault { id: "S02", what: "five spikes of 1 to 3 samples, ±80 to 800 °C", flag: "spike|range|missing", put: spikes },
    Fault { id: "S03", what: "BT stuck for 40 s", flag: "stuck", put: |id, day| once(id, day, 40.0, &[(FaultKind::SensorStuck, Channel::Bt, 0.0)]) },
    Fault { id: "S04", what: "BT drifts by 5 °C a roast", flag: "", put: drift },
    Fault { id: "S05", what: "BT lags by 20 s more", flag: "", put: |_, day| throughout(day, &[(FaultKind::SensorLag, Channel::Bt, 20.0)]) },
    Fault { id: "S05b", what: "BT lags by 20 s more from the fourth roast on", flag: "lag_suspect", put: |_, day| later(day, day.truth.len() - 3, &[(FaultKind::SensorLag, Channel::Bt, 20.0)]) },
    Fault { id: "S06", what: "noise of 1 °C for 40 s", flag: "", put: |id, day| once(id, day, 40.0, &[(FaultKind::SensorNoise, Channel::Bt, 1.0)]) },
    Fault { id: "S07", what: "°F for 40 s", flag: "unit_suspect", put: |id, day| once(id, day, 40.0, &[(FaultKind::SensorUnitFlip, Channel::All, 0.0)]) },
    Fault { id: "S08", what: "-1, 0, 9999 or nothing for 20 s", flag: "missing", put: |id, day| once(id, day, 20.0, &[(FaultKind::SensorSentinel, Channel::Bt, 0.0)]) },
    Fault { id: "S09", what: "open probe: 1300 °C for 20 s", flag: "range", put: |id, day| once(id, day, 20.0, &[(FaultKind::SensorOpen, Channel::Bt, 0.0)]) },
    Fault { id: "S10", what: "BT and ET swapped for 40 s", flag: "swap_suspect", put: |id, day| once(id, day, 40.0, &[(FaultKind::SensorSwap, Channel::All, 0.0)]) },
    Fault { id: "S11", what: "whole degrees, each fifth sample", flag: "", put: |_, day| throughout(day, &COARSE) },
    Fault { id: "S11b", what: "whole degrees, each fifth sample, from the fourth roast on", flag: "pace_change", put: |_, day| later(day, 1, &COARSE) },
    Fault { id: "S12a", what: "BT shows no more than 195 °C", flag: "clamped", put: |_, day| throughout(day, &[(FaultKind::SensorClamp, Channel::Bt, 195.0)]) },
    Fault { id: "S12b", what: "a bus repeats itself for 40 s", flag: "stale", put: |id, day| once(id, day, 40.0, &[(FaultKind::SensorStuck, Channel::All, 0.0)]) },
    Fault { id: "O01", what: "charge told up to 120 s early or late", flag: "", put: charge_off },
    Fault { id: "O02a", what: "drop not told", flag: "", put: |_, day| told(day, |mark, _| if mark.kind == MarkKind::Drop { vec![] } else { vec![mark] }) },
    Fault { id: "O02b", what: "drop told twice", flag: "", put: drop_twice },
    Fault { id: "O02c", what: "a drop told in the middle", flag: "", put: drop_spontaneous },
    Fault { id: "O03", what: "first crack told before dry end", flag: "", put: out_of_order },
    Fault { id: "D01", what: "reboot in the middle, 20 s without readings", flag: "", put: |id, day| once(id, day, 20.0, &[(FaultKind::DeviceReboot, Channel::All, 0.0)]) },
];

/// A mark as a person makes it: two seconds late.
fn by_hand(mark: Mark) -> Mark {
    Mark { source: MarkSource::Operator, at: mark.at.plus_s(2.0), ..mark }
}

/// Charge and drop told by hand, as `change` has it; `change` gets the roast's number too.
fn told(day: &Day, change: impl Fn(Mark, u64) -> Vec<Mark>) -> Faulty {
    let (mut roast, mut injected) = (0, 0);
    let heard = with_marks(&day.heard, |mark| {
        if mark.kind == MarkKind::Charge {
            roast += 1;
        }
        let by_hand = by_hand(mark);
        let changed = change(by_hand, roast);
        injected += u32::from(changed != [by_hand]);
        changed
    });
    Faulty { heard, injected }
}

fn charge_off(id: &str, day: &Day) -> Faulty {
    told(day, |mark, roast| match mark.kind {
        MarkKind::Charge => {
            let off_s = 240.0 * share(&format!("{id} {}", day.name), roast) - 120.0;
            vec![Mark { at: mark.at.plus_s(off_s), ..mark }]
        }
        _ => vec![mark],
    })
}

fn drop_twice(id: &str, day: &Day) -> Faulty {
    told(day, |mark, roast| match mark.kind {
        MarkKind::Drop => {
            let after_s = 5.0 + 55.0 * share(&format!("{id} {}", day.name), roast);
            vec![mark, Mark { at: mark.at.plus_s(after_s), ..mark }]
        }
        _ => vec![mark],
    })
}

fn drop_spontaneous(id: &str, day: &Day) -> Faulty {
    told(day, |mark, roast| match mark.kind {
        MarkKind::Charge => {
            let after_s = 120.0 + 240.0 * share(&format!("{id} {}", day.name), roast);
            vec![mark, Mark { kind: MarkKind::Drop, at: mark.at.plus_s(after_s), ..mark }]
        }
        _ => vec![mark],
    })
}

fn out_of_order(_: &str, day: &Day) -> Faulty {
    told(day, |mark, _| match mark.kind {
        MarkKind::DryEnd => vec![Mark { kind: MarkKind::FirstCrackStart, ..mark }],
        MarkKind::FirstCrackStart => vec![Mark { kind: MarkKind::DryEnd, ..mark }],
        _ => vec![mark],
    })
}

/// A stretch of `length_s` somewhere in each roast, from half a minute before charge to 10 s after drop.
fn stretches(id: &str, day: &Day, length_s: f64) -> Vec<(EventTime, EventTime)> {
    let both = day.truly(MarkKind::Charge).into_iter().zip(day.truly(MarkKind::Drop));
    both.zip(0..)
        .map(|((charge, drop), roast)| {
            let room_s = drop.since_s(charge) + 40.0 - length_s;
            let from = charge.plus_s(-30.0 + room_s * share(&format!("{id} {}", day.name), roast));
            (from, from.plus_s(length_s))
        })
        .collect()
}

/// What a fault of the evaluation is, apart from when: kind, channel and size.
type What = (FaultKind, Channel, f64);

/// A logger that writes little.
const COARSE: [What; 2] =
    [(FaultKind::SensorCoarse, Channel::All, 1.0), (FaultKind::FeedThin, Channel::All, 5.0)];

/// `day` with each of `what` in each of `stretches`, and in how many of those it changed anything.
fn struck(day: &Day, stretches: &[(EventTime, EventTime)], what: &[What]) -> Faulty {
    let start = day.heard[0].reading.at;
    let of = |(from, to): &(EventTime, EventTime), (kind, channel, size): What| Struck {
        kind,
        channel,
        mark: None,
        from_s: from.since_s(start),
        for_s: to.since_s(*from),
        size,
    };
    let faults: Vec<Struck> =
        stretches.iter().flat_map(|stretch| what.iter().map(|what| of(stretch, *what))).collect();
    let seed = trier_roast::hash::fnv1a(day.name.as_bytes());
    let struck = apply(&faults, seed, start, day.heard.clone());
    let felt = struck.changed.chunks(what.len()).filter(|all| all.iter().all(|n| *n > 0)).count();
    Faulty { heard: struck.heard, injected: u32::try_from(felt).expect("few") }
}

/// Once in each roast, for `length_s`.
fn once(id: &str, day: &Day, length_s: f64, what: &[What]) -> Faulty {
    struck(day, &stretches(id, day, length_s), what)
}

/// From the first reading to the last; in every roast.
fn throughout(day: &Day, what: &[What]) -> Faulty {
    Faulty { injected: u32::try_from(day.truth.len()).expect("few"), ..struck(day, &[whole(day)], what) }
}

/// From half a minute before the fourth charge on, which is told `injected` times.
fn later(day: &Day, injected: usize, what: &[What]) -> Faulty {
    let from = day.truly(MarkKind::Charge)[3].plus_s(-30.0);
    let faulty = struck(day, &[(from, whole(day).1)], what);
    Faulty { injected: u32::try_from(injected).expect("few"), ..faulty }
}

fn whole(day: &Day) -> (EventTime, EventTime) {
    let at = |heard: Option<&Heard>| heard.expect("a day has readings").reading.at;
    (at(day.heard.first()), at(day.heard.last()).plus_s(1.0))
}

fn drift(_: &str, day: &Day) -> Faulty {
    let (from, to) = whole(day);
    throughout(day, &[(FaultKind::SensorDrift, Channel::Bt, 5.0 * to.since_s(from) / 900.0)])
}

fn spikes(id: &str, day: &Day) -> Faulty {
    let mut all = Vec::new();
    for spike in 0..5 {
        let length_s = 1.0 + (2.0 * share(&format!("{id} length {spike}"), 0)).round();
        all.extend(stretches(&format!("{id} {spike}"), day, length_s));
    }
    struck(day, &all, &[(FaultKind::SensorSpike, Channel::Bt, 800.0)])
}
