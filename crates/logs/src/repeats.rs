//! The same recording under two names. People copy roasts, and mark them anew.

use std::collections::BTreeMap;

use crate::RoastLog;

/// For each log, the index of the first one before it with the same BT curve; None when
/// there is none.
///
/// Curves are the same when each sample's time since the first, to the millisecond, and its BT, to
/// 0.001 °C, are. Marks, weights and titles do not count: copies differ in them. Logs
/// without BT repeat nothing.
#[must_use]
pub fn repeats(logs: &[&RoastLog]) -> Vec<Option<usize>> {
    let mut first: BTreeMap<Vec<(i64, Option<i64>)>, usize> = BTreeMap::new();
    logs.iter()
        .enumerate()
        .map(|(index, log)| {
            let curve = curve(log);
            if curve.iter().all(|(_, bt)| bt.is_none()) {
                return None;
            }
            let earliest = *first.entry(curve).or_insert(index);
            (earliest != index).then_some(earliest)
        })
        .collect()
}

/// Milliseconds since the first sample, and BT in thousandths of a degree.
fn curve(log: &RoastLog) -> Vec<(i64, Option<i64>)> {
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

    /// A small roast as text; `bump` moves one sample, `mark` the crack.
    fn log(bump: f64, mark: usize) -> RoastLog {
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
            "{{'mode': 'C', 'timex': [{}], 'temp1': [{}], 'temp2': [{}], 'timeindex': [0, 0, {mark}, 0, 0, 0, 390, 0], \
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
}
