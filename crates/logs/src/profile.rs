//! A roast as the keys of an Artisan profile, for `.alog` and JSON.
//!
//! Written are the keys that Artisan needs to show a roast, and none that claims to
//! come from it: no version, no signature, no hash. No booleans either, so that the
//! text is the same literal to every reader. What a profile cannot hold is left out:
//! who set a mark and how sure, fractions of a % of heat and air, the drum's speed.

use crate::log::RoastLog;
use crate::marks::nearest;
use crate::value::Value;
use trier_roast::{Date, EventTime, MarkKind, Sample};

/// Marks in the order of `timeindex`.
pub(crate) const TIMEINDEX: [MarkKind; 8] = [
    MarkKind::Charge,
    MarkKind::DryEnd,
    MarkKind::FirstCrackStart,
    MarkKind::FirstCrackEnd,
    MarkKind::SecondCrackStart,
    MarkKind::SecondCrackEnd,
    MarkKind::Drop,
    MarkKind::CoolEnd,
];

/// Artisan's number for an extra pair of curves that no device feeds.
const VIRTUAL_DEVICE: i64 = 25;

/// One kind of reading out of a sample.
pub(crate) type Reading = fn(&Sample) -> Option<f64>;

/// A kind of reading with the name it gets in files.
pub(crate) type Named = (&'static str, Reading);

/// Curves beside BT and ET.
const EXTRA: [Named; 3] =
    [("Inlet", |s| s.inlet_c), ("Exhaust", |s| s.exhaust_c), ("Drum temp", |s| s.drum_c)];

/// The extra curves that a roast has, in pairs; a last one without partner has an empty one.
pub(crate) fn extra_pairs(log: &RoastLog) -> Vec<[Named; 2]> {
    let has = |reading: Reading| log.samples.iter().any(|(_, sample)| reading(sample).is_some());
    let there: Vec<_> = EXTRA.into_iter().filter(|(_, reading)| has(*reading)).collect();
    there.chunks(2).map(|pair| [pair[0], pair.get(1).copied().unwrap_or(("", |_| None))]).collect()
}

/// A temperature in a file where -1 is "no reading". So a reading of exactly -1 °C, which no roast
/// needs, is moved by a ten-millionth.
pub(crate) fn shown(reading: Option<f64>) -> f64 {
    match reading.filter(|t| t.is_finite()) {
        None => -1.0,
        Some(t) if t.to_bits() == (-1.0_f64).to_bits() => -0.999_999_9,
        Some(t) => t,
    }
}

/// The whole second at or before the first sample; 1970 for a roast nobody dated.
pub(crate) fn zero(log: &RoastLog) -> EventTime {
    let us = log.started.map_or(0, EventTime::us);
    EventTime::from_us(us - us.rem_euclid(1_000_000))
}

/// The sample nearest to each mark that a profile has, by its place in [`TIMEINDEX`].
pub(crate) fn mark_samples(log: &RoastLog, time_s: &[f64]) -> [Option<usize>; 8] {
    let zero = zero(log);
    TIMEINDEX.map(|kind| {
        let mark = log.marks.iter().find(|mark| mark.kind == kind)?;
        Some(nearest(time_s, mark.at.since_s(zero)))
    })
}

/// Times of the samples since [`zero`], s.
pub(crate) fn times_s(log: &RoastLog) -> Vec<f64> {
    let zero = zero(log);
    log.samples.iter().map(|(at, _)| at.since_s(zero)).collect()
}

/// The roast as a profile's dict.
pub(crate) fn document(log: &RoastLog) -> Value {
    let time_s = times_s(log);
    let floats = |values: &[f64]| Value::List(values.iter().copied().map(Value::Float).collect());
    let ints = |values: &[i64]| Value::List(values.iter().copied().map(Value::Int).collect());
    let texts = |values: &[&str]| Value::List(values.iter().copied().map(text).collect());
    let curve = |reading: Reading| -> Value {
        Value::List(log.samples.iter().map(|(_, sample)| Value::Float(shown(reading(sample)))).collect())
    };
    let index = |i: usize| i64::try_from(i).unwrap_or(i64::MAX);
    let marked = mark_samples(log, &time_s);
    let unset = |place| if place == 0 { -1 } else { 0 };
    let timeindex: Vec<i64> =
        marked.iter().enumerate().map(|(place, i)| i.map_or(unset(place), index)).collect();
    let grams = |kg: Option<f64>| Value::Float((kg.unwrap_or(0.0) * 1e9).round() / 1e6);
    let mut doc = vec![
        ("mode", text("C")),
        ("title", text(&log.title)),
        ("roastertype", text(&log.device)),
        ("weight", Value::List(vec![grams(log.weight_in_kg), grams(log.weight_out_kg), text("g")])),
        ("samplinginterval", Value::Float(log.sample_interval_s)),
        ("timeindex", ints(&timeindex)),
        ("timex", floats(&time_s)),
        ("temp1", curve(|s| s.et_c)),
        ("temp2", curve(|s| s.bt_c)),
        ("phases", ints(&[150, 150, 200, 230])),
        ("etypes", texts(&["Air", "Drum", "Damper", "Burner", "--"])),
    ];
    doc.extend(dates(log));
    doc.extend(events(log));
    doc.extend(extra_curves(log, &floats(&time_s), &curve));
    Value::Dict(doc.into_iter().map(|(key, value)| (text(key), value)).collect())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn dates(log: &RoastLog) -> Vec<(&'static str, Value)> {
    if log.started.is_none() {
        return Vec::new();
    }
    let zero = zero(log);
    vec![
        ("roastepoch", Value::Int(zero.us().div_euclid(1_000_000))),
        ("roastisodate", text(&Date::of(zero).to_string())),
        ("roasttime", text(&time_of_day(zero))),
        ("roasttzoffset", Value::Int(0)),
    ]
}

/// The time of day as `09:00:00`, UTC.
pub(crate) fn time_of_day(at: EventTime) -> String {
    let s = at.us_of_day() / 1_000_000;
    format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

/// Changes of air (type 0) and heat (type 3) in whole %, as slider events.
fn events(log: &RoastLog) -> Vec<(&'static str, Value)> {
    let sliders: [(i64, Reading); 2] = [(0, |s| s.air_pct), (3, |s| s.gas_pct)];
    let [mut at, mut kinds, mut values, mut words] = [const { Vec::new() }; 4];
    let mut last = [None; 2];
    for (i, (_, sample)) in log.samples.iter().enumerate() {
        for ((slider, reading), last) in sliders.iter().zip(&mut last) {
            let percent = reading(sample).map(f64::round).filter(|p| (0.0..=100.0).contains(p));
            if percent.is_none() || percent == *last {
                continue;
            }
            *last = percent;
            let percent = percent.unwrap_or(0.0);
            at.push(Value::Int(i64::try_from(i).unwrap_or(i64::MAX)));
            kinds.push(Value::Int(*slider));
            values.push(Value::Float(if percent > 0.0 { percent / 10.0 + 1.0 } else { 0.0 }));
            words.push(text(&format!("{percent}")));
        }
    }
    vec![
        ("specialevents", Value::List(at)),
        ("specialeventstype", Value::List(kinds)),
        ("specialeventsvalue", Value::List(values)),
        ("specialeventsStrings", Value::List(words)),
    ]
}

/// The parallel lists of extra curves. Each list that goes with them has one entry a pair, or
/// Artisan takes the set-up for damaged.
fn extra_curves(
    log: &RoastLog,
    time_s: &Value,
    curve: &dyn Fn(Reading) -> Value,
) -> Vec<(&'static str, Value)> {
    let pairs = extra_pairs(log);
    let each =
        |value: &dyn Fn(&[Named; 2]) -> Value| -> Value { Value::List(pairs.iter().map(value).collect()) };
    let same = |value: Value| each(&|_| value.clone());
    vec![
        ("extradevices", same(Value::Int(VIRTUAL_DEVICE))),
        ("extraname1", each(&|pair| text(pair[0].0))),
        ("extraname2", each(&|pair| text(pair[1].0))),
        ("extratimex", same(time_s.clone())),
        ("extratemp1", each(&|pair| curve(pair[0].1))),
        ("extratemp2", each(&|pair| curve(pair[1].1))),
        ("extramathexpression1", same(text(""))),
        ("extramathexpression2", same(text(""))),
        ("extradevicecolor1", same(text("black"))),
        ("extradevicecolor2", same(text("black"))),
        ("extramarkersizes1", same(Value::Float(6.0))),
        ("extramarkersizes2", same(Value::Float(6.0))),
        ("extramarkers1", same(text("None"))),
        ("extramarkers2", same(text("None"))),
        ("extralinewidths1", same(Value::Float(1.0))),
        ("extralinewidths2", same(Value::Float(1.0))),
        ("extralinestyles1", same(text("-"))),
        ("extralinestyles2", same(text("-"))),
        ("extradrawstyles1", same(text("default"))),
        ("extradrawstyles2", same(text("default"))),
    ]
}
