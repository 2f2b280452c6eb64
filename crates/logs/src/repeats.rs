//! The same recording under two names. People copy roasts, and mark them anew.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use trier_roast::MarkKind;

use crate::{LogFormat, RoastLog};

/// For each log, the index of the log with the same BT curve that stands for it; None
/// when it stands for itself.
///
/// Of several copies the one that says most stands: with first crack and drop rather
/// than one of them or none, then with fewer repairs, then the first of `logs`.
///
/// Curves are the same when each sample's time since the first, to the millisecond, and its BT, to
/// 0.001 °C, are. An Artisan export rounds both, so it is also a copy of a roast that has all of
/// its readings within a second and 0.002 °C. Marks, weights and titles do not count: copies differ in them. Logs
/// without BT repeat nothing.
#[must_use]
pub fn repeats(logs: &[&RoastLog]) -> Vec<Option<usize>> {
    let mut copies: BTreeMap<Curve, Vec<usize>> = BTreeMap::new();
    for (index, log) in logs.iter().enumerate() {
        let curve = curve(log);
        if curve.iter().any(|(_, bt)| bt.is_some()) {
            copies.entry(curve).or_default().push(index);
        }
    }
    let mut stands = vec![None; logs.len()];
    for copies in with_exports(copies, logs) {
        let best = copies
            .iter()
            .copied()
            .min_by_key(|index| (Reverse(n_marks(logs[*index])), n_repairs(logs[*index])));
        for index in copies {
            stands[index] = best.filter(|best| *best != index);
        }
    }
    stands
}

/// Milliseconds since the first sample, and BT in thousandths of a degree.
type Curve = Vec<(i64, Option<i64>)>;

/// Fewest readings by which a rounded copy is told from a false start like another.
const READINGS_MIN: usize = 30;

/// The groups of copies, with those that are exports of one another made one; each in the order of the logs.
fn with_exports(copies: BTreeMap<Curve, Vec<usize>>, logs: &[&RoastLog]) -> Vec<Vec<usize>> {
    let rounds = |members: &[usize]| {
        let rounds = |format| matches!(format, LogFormat::ArtisanCsv | LogFormat::ArtisanJson);
        members.iter().any(|index| rounds(logs[*index].format))
    };
    let mut groups: Vec<(Curve, Vec<usize>)> = Vec::new();
    for (curve, members) in copies {
        let same = |(other, others): &&mut (Curve, Vec<usize>)| {
            (rounds(&members) || rounds(others)) && is_rounded(&curve, other)
        };
        match groups.iter_mut().find(same) {
            Some((other, others)) => {
                others.extend(members);
                others.sort_unstable();
                if curve.len() > other.len() {
                    *other = curve;
                }
            }
            None => groups.push((curve, members)),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// Whether one of two curves holds every reading of the other, but for rounding.
fn is_rounded(a: &Curve, b: &Curve) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let read = |curve: &Curve| -> Vec<(i64, i64)> {
        curve.iter().filter_map(|(ms, bt)| bt.map(|bt| (*ms, bt))).collect()
    };
    let (short, long) = (read(short), read(long));
    let mut rest = long.iter();
    short.len() >= READINGS_MIN
        && short.iter().all(|(ms, bt)| {
            let alike = |(at, t): &&(i64, i64)| at.abs_diff(*ms) <= 1_010 && t.abs_diff(*bt) <= 2;
            // Readings are in order of time, so what is passed over here is in nothing that follows.
            rest.by_ref().take_while(|(at, _)| *at <= ms.saturating_add(1_010)).any(|reading| alike(&reading))
        })
}

/// How many of first crack and drop are marked.
fn n_marks(log: &RoastLog) -> usize {
    let counts = |kind| matches!(kind, MarkKind::FirstCrackStart | MarkKind::Drop);
    log.marks.iter().filter(|mark| counts(mark.kind)).count()
}

fn n_repairs(log: &RoastLog) -> usize {
    log.findings.iter().filter(|finding| finding.code.is_repair()).count()
}

/// The curve by which a recording is known again.
fn curve(log: &RoastLog) -> Curve {
    let Some((start, _)) = log.samples.first() else { return Vec::new() };
    let thousandths = |value: f64| {
        #[allow(clippy::cast_possible_truncation)] // `as` saturates; two curves out there are alike.
        let whole = (value * 1e3).round() as i64;
        whole
    };
    log.samples
        .iter()
        .map(|(at, sample)| (thousandths(at.since_s(*start)), sample.bt_c.map(thousandths)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    /// A small roast; `bump` moves one sample, `mark` the crack.
    fn log(bump: f64, mark: i64) -> RoastLog {
        marked(bump, [0, 0, mark, 390])
    }

    /// The same with charge, dry end, crack and drop.
    fn marked(bump: f64, [charge, dry, crack, drop]: [i64; 4]) -> RoastLog {
        let bt: Vec<String> = (0..400_i32)
            .map(|i| {
                let t = f64::from(i);
                let wobble = f64::from((i * 7919) % 13) * 0.02;
                let fall = 110.0 * (1.0 - (t / 40.0).min(1.0));
                format!("{:.3}", 80.0 + fall + 0.35 * t + wobble + if i == 77 { bump } else { 0.0 })
            })
            .collect();
        let times: Vec<String> =
            (0..400_i32).map(|i| format!("{:.3}", f64::from(i) + 0.001 * f64::from(i % 7))).collect();
        let text = format!(
            "{{'mode': 'C', 'timex': [{}], 'temp1': [{}], 'temp2': [{}], 'timeindex': [{charge}, {dry}, {crack}, 0, 0, 0, {drop}, 0], \
             'roastepoch': 1767603600, 'samplinginterval': 1.0}}",
            times.join(", "),
            vec!["-1"; 400].join(", "),
            bt.join(", ")
        );
        read(text.as_bytes(), "x.alog").expect("a good log")
    }

    #[test]
    fn a_copy_with_other_marks_is_a_copy_and_another_curve_is_not() {
        let logs = [log(0.0, 300), log(0.5, 300), log(0.0, 320), log(0.5, 300)];
        let found = repeats(&logs.iter().collect::<Vec<_>>());
        assert_eq!(found, [None, None, Some(0), Some(1)]);
    }

    #[test]
    fn of_copies_the_one_with_more_marks_stands_then_the_one_with_fewer_repairs() {
        let bare = marked(0.0, [0, 0, 0, 0]);
        let dropped = marked(0.0, [0, 0, 0, 390]);
        let whole = log(0.0, 300);
        // Dry end after first crack is left out: a repair.
        let repaired = marked(0.0, [0, 350, 300, 390]);
        let of = |logs: &[&RoastLog]| repeats(logs);
        assert_eq!(of(&[&bare, &dropped, &whole]), [Some(2), Some(2), None]);
        assert_eq!(of(&[&bare, &dropped]), [Some(1), None]);
        assert_eq!(of(&[&repaired, &whole, &whole]), [Some(1), None, Some(1)]);
        assert_eq!(of(&[&dropped, &repaired]), [Some(1), None]);
    }
}
