//! What a model is shown: the newest part of the curve on a grid of whole seconds, and what the machine usually does.
//!
//! Models want numbers of one shape at each question, and roasts come at any interval and with holes. Here the
//! one becomes the other, or there is no answer: nothing is made up over a hole that a probe left.

use trier_pipeline::{Abstain, DropPlan, Seen};

/// The numbers of one second of the grid, in order: BT, °C; ET, °C, or 0 where it is not known; 1 where ET is
/// known, else 0; rise of BT over the 30 s before, °C/min; time since charge, s.
pub const CHANNELS: [&str; 5] = ["bt_c", "et_c", "et_known", "bt_ror_c_per_min", "since_charge_s"];

/// The numbers of what was known before, in order, −1 where it is not: medians of the machine's earlier
/// roasts in s and °C, and the BT at which the plan says to drop.
pub const KNOWN: [&str; 5] = ["first_crack_s", "first_crack_bt_c", "drop_s", "drop_bt_c", "plan_drop_bt_c"];

/// A reading older than this tells nothing about now, and a longer hole is not bridged, s.
const HOLE_S: f64 = 10.0;

/// The rise is taken over so long, s.
const RISE_S: f64 = 30.0;

/// The last `seconds` of the curve: [`CHANNELS`] for each second, the oldest first, the last one now.
///
/// - `et`: usable ET of this roast, time since charge and °C, ascending.
///
/// # Errors
/// `no_bt` where BT is missing for over 10 s; `too_early` until the curve is 30 s longer than the grid.
pub(crate) fn curve(seen: &Seen<'_>, et: &[(f64, f64)], seconds: usize) -> Result<Vec<f32>, Abstain> {
    #[allow(clippy::cast_precision_loss)] // A quarter of an hour at most.
    let span_s = (seconds - 1) as f64;
    let from_s = seen.now_s - span_s - RISE_S;
    let newest_s = seen.points.last().ok_or(Abstain::NoBt { for_s: None })?.0;
    if seen.now_s - newest_s > HOLE_S {
        return Err(Abstain::NoBt { for_s: Some(seen.now_s - newest_s) });
    }
    // The last point before the grid belongs to it: the first second lies after it.
    let first = seen.points.partition_point(|(t_s, _)| *t_s <= from_s).saturating_sub(1);
    let points = &seen.points[first..];
    if points[0].0 > from_s {
        let have_s = newest_s - points[0].0;
        return Err(Abstain::WindowNotFull {
            window_s: span_s + RISE_S,
            span_s: have_s,
            points: points.len(),
        });
    }
    if let Some(hole) = points.windows(2).find(|pair| pair[1].0 - pair[0].0 > HOLE_S) {
        return Err(Abstain::NoBt { for_s: Some(hole[1].0 - hole[0].0) });
    }
    let mut numbers = Vec::with_capacity(seconds * CHANNELS.len());
    for second in 0..seconds {
        #[allow(clippy::cast_precision_loss)] // As above.
        let t_s = seen.now_s - (seconds - 1 - second) as f64;
        let bt_c = between(points, t_s);
        let rise_c_per_min = (bt_c - between(points, t_s - RISE_S)) * (60.0 / RISE_S);
        let et_c = latest(et, t_s);
        let known = f64::from(u8::from(et_c.is_some()));
        #[allow(clippy::cast_possible_truncation)] // Models take 32 bits; a probe has fewer.
        numbers.extend([bt_c, et_c.unwrap_or(0.0), known, rise_c_per_min, t_s].map(|n| n as f32));
    }
    Ok(numbers)
}

/// [`KNOWN`] of this roast.
pub(crate) fn known(seen: &Seen<'_>) -> [f32; 5] {
    let usual = seen.usual;
    let medians = [usual.first_crack_s, usual.first_crack_bt_c, usual.drop_s, usual.drop_bt_c];
    let [a, b, c, d] = medians.map(|median| median.map(|m| m.value));
    #[allow(clippy::cast_possible_truncation)] // As above.
    [a, b, c, d, seen.drop_plan().and_then(DropPlan::bt_c)].map(|value| value.unwrap_or(-1.0) as f32)
}

/// BT at `t_s` on the line between its neighbours; that of the end beyond it.
fn between(points: &[(f64, f64)], t_s: f64) -> f64 {
    let next = points.partition_point(|(at_s, _)| *at_s <= t_s);
    match (next.checked_sub(1).map(|before| points[before]), points.get(next)) {
        (Some((a_s, a_c)), Some((b_s, b_c))) => a_c + (b_c - a_c) * (t_s - a_s) / (b_s - a_s),
        (Some((_, c)), None) => c,
        (None, next) => next.map_or(0.0, |(_, c)| *c),
    }
}

/// ET as last read by `t_s`, if that is not long ago.
fn latest(et: &[(f64, f64)], t_s: f64) -> Option<f64> {
    let next = et.partition_point(|(at_s, _)| *at_s <= t_s);
    et[..next].last().filter(|(at_s, _)| t_s - at_s <= HOLE_S).map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use trier_pipeline::{Basis, Usual};
    use trier_roast::Sample;

    fn on(points: &[(f64, f64)], now_s: f64, et: &[(f64, f64)], seconds: usize) -> Result<Vec<f32>, Abstain> {
        let (basis, usual, newest) = (Basis::default(), Usual::default(), Sample::default());
        let warming_since_s = Some(0.0);
        curve(
            &Seen {
                now_s,
                points,
                newest: &newest,
                warming_since_s,
                marks: &[],
                basis: &basis,
                usual: &usual,
            },
            et,
            seconds,
        )
    }

    #[test]
    fn a_straight_climb_is_itself_on_the_grid_at_any_interval() {
        for interval_s in [0.3, 1.0, 2.5, 7.0] {
            let points: Vec<(f64, f64)> = (0..2_000)
                .map(|i| f64::from(i) * interval_s)
                .take_while(|t| *t <= 300.0)
                .map(|t| (t, 80.0 + 0.3 * t))
                .collect();
            let now_s = points[points.len() - 1].0;
            let grid = on(&points, now_s, &[(now_s - 3.0, 220.0)], 60).expect("the curve is long enough");
            assert_eq!(grid.len(), 60 * CHANNELS.len());
            for (second, row) in grid.chunks(CHANNELS.len()).enumerate() {
                let t_s = now_s - (59 - second) as f64;
                // Of 32 bits the last place at 300 is 3e-5.
                assert!((f64::from(row[0]) - (80.0 + 0.3 * t_s)).abs() < 1e-4, "{row:?} at {t_s} s");
                assert!((row[3] - 18.0).abs() < 1e-3, "{row:?}");
                let et = if t_s >= now_s - 3.0 { (220.0, 1.0) } else { (0.0, 0.0) };
                assert_eq!((row[1], row[2]), et, "at {t_s} s");
            }
        }
    }

    #[test]
    fn holes_and_short_curves_are_no_input() {
        let climb = |from: i32, to: i32| (from..=to).map(|t| (f64::from(t), 100.0));
        let code = |points: &[(f64, f64)], now_s| on(points, now_s, &[], 60).err().map(|why| why.code());
        let whole: Vec<_> = climb(0, 200).collect();
        assert_eq!(code(&whole, 200.0), None);
        assert_eq!(code(&whole, 210.0), None);
        assert_eq!(code(&whole, 210.5), Some("no_bt"));
        assert_eq!(code(&[], 10.0), Some("no_bt"));
        let short: Vec<_> = climb(0, 88).collect();
        assert_eq!(code(&short, 88.0), Some("too_early"));
        // The grid is 59 s and the rise 30 s more.
        assert_eq!(code(&climb(0, 89).collect::<Vec<_>>(), 89.0), None);
        let holed: Vec<_> = climb(0, 150).chain(climb(161, 200)).collect();
        assert_eq!(code(&holed, 200.0), Some("no_bt"));
    }
}
