//! The faults of sensors, devices and operators, put into a simulated day.

use trier_pipeline::Heard;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, ReadingBody, Sample};

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
    Fault { id: "S01", what: "no samples for 60 s", flag: "after_gap", put: |id, day| dropout(id, day, 60.0) },
    Fault { id: "S02", what: "five spikes of 1 to 3 samples, ±20 to 800 °C", flag: "spike|range|missing", put: spikes },
    Fault { id: "S03", what: "BT stuck for 40 s", flag: "stuck", put: |id, day| frozen(id, day, false) },
    Fault { id: "S04", what: "BT drifts by 5 °C a roast", flag: "", put: drift },
    Fault { id: "S05", what: "BT lags by 20 s more", flag: "", put: lag },
    Fault { id: "S05b", what: "BT lags by 20 s more from the fourth roast on", flag: "lag_suspect", put: later_lag },
    Fault { id: "S06", what: "noise of 1 °C for 40 s", flag: "", put: noise },
    Fault { id: "S07", what: "°F for 40 s", flag: "unit_suspect", put: |id, day| changed(id, day, 40.0, fahrenheit) },
    Fault { id: "S08", what: "-1, 0, 9999 or nothing for 20 s", flag: "missing", put: unplugged },
    Fault { id: "S09", what: "open probe: 1300 °C for 20 s", flag: "range", put: |id, day| changed(id, day, 20.0, open) },
    Fault { id: "S10", what: "BT and ET swapped for 40 s", flag: "swap_suspect", put: |id, day| changed(id, day, 40.0, swapped) },
    Fault { id: "S11", what: "whole degrees, each fifth sample", flag: "", put: coarse },
    Fault { id: "S11b", what: "whole degrees, each fifth sample, from the fourth roast on", flag: "pace_change", put: later_coarse },
    Fault { id: "S12a", what: "BT shows no more than 195 °C", flag: "clamped", put: clamped },
    Fault { id: "S12b", what: "a bus repeats itself for 40 s", flag: "stale", put: |id, day| frozen(id, day, true) },
    Fault { id: "O01", what: "charge told up to 120 s early or late", flag: "", put: charge_off },
    Fault { id: "O02a", what: "drop not told", flag: "", put: |_, day| told(day, |mark, _| if mark.kind == MarkKind::Drop { vec![] } else { vec![mark] }) },
    Fault { id: "O02b", what: "drop told twice", flag: "", put: drop_twice },
    Fault { id: "O02c", what: "a drop told in the middle", flag: "", put: drop_spontaneous },
    Fault { id: "O03", what: "first crack told before dry end", flag: "", put: out_of_order },
    Fault { id: "D01", what: "reboot in the middle, 20 s without readings", flag: "", put: reboot },
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

/// `day` with every sample changed by `change`, which gets its number within its stretch, or None outside.
fn samples(
    day: &Day,
    stretches: &[(EventTime, EventTime)],
    mut change: impl FnMut(EventTime, Sample, Option<u32>) -> Option<Sample>,
) -> Faulty {
    let mut inside = vec![0_u32; stretches.len()];
    let mut heard = Vec::with_capacity(day.heard.len());
    for one in &day.heard {
        let ReadingBody::Sample(sample) = one.reading.body else {
            heard.push(*one);
            continue;
        };
        let at = one.reading.at;
        let stretch = stretches.iter().position(|(from, to)| *from <= at && at < *to);
        let number = stretch.map(|stretch| {
            inside[stretch] += 1;
            inside[stretch] - 1
        });
        if let Some(changed) = change(at, sample, number) {
            let mut one = *one;
            one.reading.body = ReadingBody::Sample(changed);
            heard.push(one);
        }
    }
    Faulty { heard, injected: inside.iter().map(|n| u32::from(*n > 0)).sum() }
}

fn changed(id: &str, day: &Day, length_s: f64, change: fn(Sample) -> Sample) -> Faulty {
    samples(day, &stretches(id, day, length_s), |_, sample, inside| {
        Some(if inside.is_some() { change(sample) } else { sample })
    })
}

fn fahrenheit(sample: Sample) -> Sample {
    let f = |c: Option<f64>| c.map(|c| 1.8 * c + 32.0);
    Sample { bt_c: f(sample.bt_c), et_c: f(sample.et_c), ..sample }
}

fn open(sample: Sample) -> Sample {
    Sample { bt_c: Some(1_300.0), ..sample }
}

fn swapped(sample: Sample) -> Sample {
    Sample { bt_c: sample.et_c, et_c: sample.bt_c, ..sample }
}

fn dropout(id: &str, day: &Day, length_s: f64) -> Faulty {
    samples(day, &stretches(id, day, length_s), |_, sample, inside| inside.is_none().then_some(sample))
}

fn spikes(id: &str, day: &Day) -> Faulty {
    let mut all = Vec::new();
    for spike in 0..5 {
        let length_s = 1.0 + (2.0 * share(&format!("{id} length {spike}"), 0)).round();
        all.extend(stretches(&format!("{id} {spike}"), day, length_s));
    }
    let name = format!("{id} {}", day.name);
    samples(day, &all, |at, sample, inside| {
        let second = at.us().unsigned_abs() / 1_000_000;
        let sign = if share(&name, second / 4) < 0.5 { -1.0 } else { 1.0 };
        let by_c = sign * (20.0 + 780.0 * share(&name, second));
        let wild = |c: f64| if inside.is_some() { c + by_c } else { c };
        Some(Sample { bt_c: sample.bt_c.map(wild), ..sample })
    })
}

fn frozen(id: &str, day: &Day, all_channels: bool) -> Faulty {
    let mut held: Option<Sample> = None;
    samples(day, &stretches(id, day, 40.0), |_, sample, inside| {
        let now = match (inside, held) {
            (Some(_), Some(held)) if all_channels => held,
            (Some(_), Some(held)) => Sample { bt_c: held.bt_c, ..sample },
            _ => sample,
        };
        held = Some(now);
        Some(now)
    })
}

fn unplugged(id: &str, day: &Day) -> Faulty {
    samples(day, &stretches(id, day, 20.0), |_, sample, inside| {
        let Some(number) = inside else { return Some(sample) };
        let words = [Some(-1.0), Some(0.0), Some(9_999.0), None, Some(f64::NAN)];
        Some(Sample { bt_c: words[number as usize % words.len()], ..sample })
    })
}

/// `day` with BT changed by what has passed since the roast before it began; in every roast.
fn throughout(day: &Day, mut change: impl FnMut(EventTime, f64) -> f64) -> Faulty {
    let mut faulty = samples(day, &[], |at, sample, _| {
        Some(Sample { bt_c: sample.bt_c.map(|c| change(at, c)), ..sample })
    });
    faulty.injected = u32::try_from(day.truth.len()).expect("few");
    faulty
}

fn drift(_: &str, day: &Day) -> Faulty {
    let start = day.heard[0].reading.at;
    throughout(day, |at, c| c + 5.0 * at.since_s(start) / 900.0)
}

fn lag(_: &str, day: &Day) -> Faulty {
    lag_from(day, day.heard[0].reading.at)
}

fn lag_from(day: &Day, from: EventTime) -> Faulty {
    let mut shown: Option<(EventTime, f64)> = None;
    throughout(day, |at, c| {
        if at < from {
            return c;
        }
        let now = shown.map_or(c, |(was, shown_c)| {
            let share = 1.0 - trier_roast::math::exp(-at.since_s(was) / 20.0);
            shown_c + share * (c - shown_c)
        });
        shown = Some((at, now));
        // As displays do.
        (now * 10.0).round() / 10.0
    })
}

/// Half a minute before the fourth charge.
fn fourth(day: &Day) -> EventTime {
    day.truly(MarkKind::Charge)[3].plus_s(-30.0)
}

fn later_lag(_: &str, day: &Day) -> Faulty {
    let later = u32::try_from(day.truth.len() - 3).expect("few");
    Faulty { injected: later, ..lag_from(day, fourth(day)) }
}

fn clamped(_: &str, day: &Day) -> Faulty {
    throughout(day, |_, c| c.min(195.0))
}

fn noise(id: &str, day: &Day) -> Faulty {
    let name = format!("{id} {}", day.name);
    samples(day, &stretches(id, day, 40.0), |at, sample, inside| {
        let second = at.us().unsigned_abs() / 1_000_000;
        // Twelve shares of 1 sum up to nearly a normal of deviation 1.
        let normal = (0..12).map(|n| share(&name, 16 * second + n)).sum::<f64>() - 6.0;
        let shaken = |c: f64| if inside.is_some() { ((c + normal) * 10.0).round() / 10.0 } else { c };
        Some(Sample { bt_c: sample.bt_c.map(shaken), ..sample })
    })
}

fn coarse(_: &str, day: &Day) -> Faulty {
    coarse_from(day, day.heard[0].reading.at)
}

fn later_coarse(_: &str, day: &Day) -> Faulty {
    Faulty { injected: 1, ..coarse_from(day, fourth(day)) }
}

fn coarse_from(day: &Day, from: EventTime) -> Faulty {
    let mut n = 0_u32;
    let mut faulty = samples(day, &[], |at, sample, _| {
        if at < from {
            return Some(sample);
        }
        n += 1;
        let whole = |c: Option<f64>| c.map(f64::round);
        n.is_multiple_of(5).then_some(Sample { bt_c: whole(sample.bt_c), et_c: whole(sample.et_c), ..sample })
    });
    faulty.injected = u32::try_from(day.truth.len()).expect("few");
    faulty
}

fn reboot(id: &str, day: &Day) -> Faulty {
    let stretches = stretches(id, day, 20.0);
    let mut faulty = samples(day, &stretches, |_, sample, inside| inside.is_none().then_some(sample));
    for one in &mut faulty.heard {
        let starts = stretches.iter().filter(|(from, _)| *from <= one.reading.at).count();
        one.boot = Some(1 + starts as u64);
    }
    faulty
}
