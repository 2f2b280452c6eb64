//! Marks: in range, in order, and charge worked out when nobody marked it.

use crate::LogError;
use crate::log::{Finding, FindingCode};
use crate::number::{rounded, shortest};
use std::collections::VecDeque;
use trier_roast::order::median;
use trier_roast::{MarkKind, MarkSource};

/// A mark by the sample it lies on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MarkAt {
    pub(crate) kind: MarkKind,
    pub(crate) index: usize,
    pub(crate) source: MarkSource,
    pub(crate) confidence: f64,
}

/// Where `kind` is marked.
pub(crate) fn index_of(marks: &[MarkAt], kind: MarkKind) -> Option<usize> {
    marks.iter().find(|m| m.kind == kind).map(|m| m.index)
}

/// Drops marks that point beyond the last sample.
pub(crate) fn in_range(marks: Vec<MarkAt>, samples: usize, findings: &mut Vec<Finding>) -> Vec<MarkAt> {
    let (inside, outside): (Vec<_>, Vec<_>) = marks.into_iter().partition(|m| m.index < samples);
    for mark in outside {
        #[allow(clippy::cast_precision_loss)] // Shown to two digits where it matters.
        let index = shortest(mark.index as f64);
        let detail = format!("{} at sample {index} of {samples}: dropped", mark.kind.name());
        findings.push(Finding::new(FindingCode::MarkOutOfRange, detail));
    }
    inside
}

/// Keeps the marks that agree with each other, in roast order.
///
/// Marks are admitted by how much hangs on them: charge, drop, first-crack start,
/// then the rest. One that lies on the wrong side of a mark already admitted is
/// dropped with a finding, never moved.
///
/// # Errors
/// [`LogError::MarksContradict`] when charge is not before drop.
pub(crate) fn in_order(
    marks: &[MarkAt],
    time_s: &[f64],
    findings: &mut Vec<Finding>,
) -> Result<Vec<MarkAt>, LogError> {
    use MarkKind as K;
    const BY_WEIGHT: [MarkKind; 8] = [
        K::Charge,
        K::Drop,
        K::FirstCrackStart,
        K::DryEnd,
        K::FirstCrackEnd,
        K::SecondCrackStart,
        K::SecondCrackEnd,
        K::CoolEnd,
    ];
    if let (Some(charge), Some(drop)) = (index_of(marks, K::Charge), index_of(marks, K::Drop))
        && charge >= drop
    {
        return Err(LogError::MarksContradict { charge_s: time_s[charge], drop_s: time_s[drop] });
    }
    let mut kept: Vec<MarkAt> = Vec::new();
    for kind in BY_WEIGHT {
        let Some(mark) = marks.iter().find(|m| m.kind == kind) else { continue };
        let clash = kept.iter().find(|k| contradict(k, mark));
        if let Some(other) = clash {
            let detail = format!(
                "{} at {:.1} s contradicts {} at {:.1} s: dropped",
                kind.name(),
                time_s[mark.index],
                other.kind.name(),
                time_s[other.index]
            );
            findings.push(Finding::new(FindingCode::MarkOutOfOrder, detail));
        } else {
            kept.push(*mark);
        }
    }
    kept.sort_by_key(|m| m.kind);
    Ok(kept)
}

/// Whether two marks cannot both be right.
///
/// They may share a sample (the end of a crack is often pressed with the drop), but
/// nothing else happens at charge, and first crack does not start at drop.
fn contradict(a: &MarkAt, b: &MarkAt) -> bool {
    let (earlier, later) = if a.kind < b.kind { (a, b) } else { (b, a) };
    let crack_at_drop = earlier.kind == MarkKind::FirstCrackStart && later.kind == MarkKind::Drop;
    let apart = earlier.kind == MarkKind::Charge || crack_at_drop;
    earlier.index > later.index || (earlier.index == later.index && apart)
}

/// The sample of first crack or drop, whichever is first: the beans went in before.
pub(crate) fn first_of(marks: &[MarkAt]) -> Option<usize> {
    let before = |m: &&MarkAt| matches!(m.kind, MarkKind::FirstCrackStart | MarkKind::Drop);
    marks.iter().filter(before).map(|m| m.index).min()
}

/// The sample of the highest lasting BT; the beans went in before.
pub(crate) fn hottest(bt_c: &[Option<f64>]) -> Option<usize> {
    smoothed(bt_c).into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

/// The sample nearest to `t_s`; the first of an empty recording.
pub(crate) fn nearest(time_s: &[f64], t_s: f64) -> usize {
    let after = time_s.partition_point(|t| *t < t_s);
    let before = after.saturating_sub(1);
    let distance = |i: usize| time_s.get(i).map_or(f64::INFINITY, |t| (t - t_s).abs());
    if distance(before) <= distance(after) { before } else { after }
}

/// How BT of an unmarked charge must fall to show it, °C.
const FALL_MIN_C: f64 = 20.0;

/// How BT must fall from the first samples on to show that recording began with charge, °C.
const FIRST_FALL_MIN_C: f64 = 5.0;

/// How long a fall at charge lasts at most, s. Turning points come within 120 s.
const FALL_MAX_S: f64 = 120.0;

/// BT below which a machine was not preheated, °C: the beans went in cold.
const COLD_MAX_C: f64 = 50.0;

/// Works out where charge was, with a finding that says how.
///
/// Looks only before sample `end`, by which the beans are in. A steep fall of BT is charge, at its
/// upper edge; a fall from the first samples on, or a cold start, puts charge at
/// the first sample.
///
/// # Errors
/// [`LogError::NoCharge`] when `end` is not known, or when nothing shows it.
pub(crate) fn infer_charge(
    time_s: &[f64],
    bt_c: &[Option<f64>],
    end: Option<usize>,
) -> Result<(MarkAt, Finding), LogError> {
    let refuse = |detail: String| Err(LogError::NoCharge { detail });
    let Some(end) = end else {
        return refuse("neither first crack nor drop is marked either".to_owned());
    };
    let curve: Vec<(usize, f64)> = smoothed(bt_c).into_iter().take_while(|(i, _)| *i < end).collect();
    let Some(&(first, first_c)) = curve.first() else {
        return refuse("BT is missing before first crack and drop".to_owned());
    };
    let (top, fall_c) = steepest_fall(time_s, &curve);
    let after_s = time_s[top] - time_s[0];
    let (fell, began) = (rounded(fall_c, 0), rounded(first_c, 0));
    let (index, confidence, detail) = if after_s <= 10.0 && fall_c >= FIRST_FALL_MIN_C {
        (0, 0.6, format!("BT falls {fell} °C from the start: charge at the first sample"))
    } else if fall_c >= FALL_MIN_C {
        (top, 0.6, format!("BT falls {fell} °C from {after_s:.0} s on: charge there"))
    } else if first_c < COLD_MAX_C && time_s[first] - time_s[0] <= 10.0 {
        (0, 0.3, format!("BT starts cold at {began} °C: charge at the first sample"))
    } else {
        return refuse(format!(
            "BT starts at {began} °C {:.0} s after recording began, and no fall shows the beans going in",
            time_s[first] - time_s[0]
        ));
    };
    let mark = MarkAt { kind: MarkKind::Charge, index, source: MarkSource::Inferred, confidence };
    Ok((mark, Finding::new(FindingCode::ChargeInferred, detail)))
}

/// The sample where the largest fall within [`FALL_MAX_S`] begins, and its size, °C.
fn steepest_fall(time_s: &[f64], curve: &[(usize, f64)]) -> (usize, f64) {
    // Lowest reading of the window ahead, kept as a queue of ever lower readings, so
    // that a hostile million of samples within one second costs no million squared.
    let mut lows: VecDeque<(usize, f64)> = VecDeque::new();
    let (mut start, mut fall_c, mut top_c) = (0, 0.0, 0.0);
    for (i, &(from, from_c)) in curve.iter().enumerate().rev() {
        while lows.front().is_some_and(|(_, low_c)| *low_c >= from_c) {
            lows.pop_front();
        }
        lows.push_front((from, from_c));
        while lows.back().is_some_and(|(low, _)| time_s[*low] - time_s[from] > FALL_MAX_S) {
            lows.pop_back();
        }
        let low_c = lows.back().map_or(from_c, |(_, low_c)| *low_c);
        if from_c - low_c >= fall_c {
            (start, fall_c, top_c) = (i, from_c - low_c, from_c);
        }
    }
    // The edge: the last sample still within 2 °C of the top.
    let edge = curve[start..].iter().take_while(|(_, c)| *c > top_c - 2.0).last();
    (edge.map_or(0, |(i, _)| *i), fall_c)
}

/// Medians of five neighbouring readings: single spikes gone, edges kept.
fn smoothed(bt: &[Option<f64>]) -> Vec<(usize, f64)> {
    let read: Vec<(usize, f64)> = bt.iter().enumerate().filter_map(|(i, v)| v.map(|c| (i, c))).collect();
    (0..read.len())
        .filter_map(|k| {
            let near: Vec<f64> =
                read[k.saturating_sub(2)..read.len().min(k + 3)].iter().map(|(_, c)| *c).collect();
            Some((read[k].0, median(&near)?))
        })
        .collect()
}

/// The median of the readings within two samples of `index`, None when all are missing.
pub(crate) fn median_near(curve: &[Option<f64>], index: usize) -> Option<f64> {
    let near: Vec<f64> =
        curve.iter().take(index.saturating_add(3)).skip(index.saturating_sub(2)).copied().flatten().collect();
    median(&near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use MarkKind::{Charge, Drop, DryEnd, FirstCrackEnd, FirstCrackStart};

    fn mark(kind: MarkKind, index: usize) -> MarkAt {
        MarkAt { kind, index, source: MarkSource::Operator, confidence: 1.0 }
    }

    fn seconds() -> Vec<f64> {
        (0..600).map(f64::from).collect()
    }

    fn ordered(marks: &[MarkAt]) -> (Result<Vec<MarkKind>, &'static str>, usize) {
        let mut findings = Vec::new();
        let kept = in_order(marks, &seconds(), &mut findings);
        (kept.map(|m| m.iter().map(|m| m.kind).collect()).map_err(|e| e.code()), findings.len())
    }

    #[test]
    fn contradicting_marks_give_way_to_weightier_ones() {
        let fine = [mark(Charge, 0), mark(DryEnd, 200), mark(FirstCrackStart, 400), mark(Drop, 500)];
        assert_eq!(ordered(&fine), (Ok(vec![Charge, DryEnd, FirstCrackStart, Drop]), 0));
        let late_crack = [mark(Charge, 0), mark(FirstCrackStart, 550), mark(Drop, 500)];
        assert_eq!(ordered(&late_crack), (Ok(vec![Charge, Drop]), 1));
        let late_dry = [mark(Charge, 0), mark(DryEnd, 450), mark(FirstCrackStart, 400), mark(Drop, 500)];
        assert_eq!(ordered(&late_dry), (Ok(vec![Charge, FirstCrackStart, Drop]), 1));
        assert_eq!(ordered(&[mark(Charge, 500), mark(Drop, 500)]), (Err("marks_contradict"), 0));
    }

    #[test]
    fn the_end_of_a_crack_may_be_pressed_with_drop_but_not_its_start() {
        let end = [mark(Charge, 0), mark(FirstCrackStart, 400), mark(FirstCrackEnd, 500), mark(Drop, 500)];
        assert_eq!(ordered(&end), (Ok(vec![Charge, FirstCrackStart, FirstCrackEnd, Drop]), 0));
        assert_eq!(
            ordered(&[mark(Charge, 0), mark(FirstCrackStart, 500), mark(Drop, 500)]),
            (Ok(vec![Charge, Drop]), 1)
        );
    }

    #[test]
    fn the_nearest_sample_is_found_from_both_sides() {
        for (t_s, index) in [(-5.0, 0), (7.4, 7), (7.6, 8), (599.0, 599), (1e9, 599)] {
            assert_eq!(nearest(&seconds(), t_s), index, "{t_s}");
        }
        assert_eq!(nearest(&[], 3.0), 0);
    }

    /// BT that stays at `hot_c` until `charge_s`, falls by 1 °C/s to 90 °C, then rises.
    fn plunge(hot_c: f64, charge_s: f64) -> Vec<Option<f64>> {
        let fall_s = hot_c - 90.0;
        let bt = |t: f64| {
            let since = t - charge_s;
            if since < 0.0 {
                hot_c
            } else if since < fall_s {
                hot_c - since
            } else {
                90.0 + 0.25 * (since - fall_s)
            }
        };
        seconds().into_iter().map(|t| Some(bt(t))).collect()
    }

    #[test]
    fn charge_is_where_bt_begins_to_fall() {
        for (hot_c, charge_s) in [(160.0, 0.0), (160.0, 45.0), (190.0, 200.0)] {
            let mut bt = plunge(hot_c, charge_s);
            bt[20] = Some(-60.0); // One spike must not pass for a charge.
            let (charge, _) = infer_charge(&seconds(), &bt, Some(500)).expect("a fall");
            assert!((seconds()[charge.index] - charge_s).abs() <= 3.0, "{} for {charge_s}", charge.index);
            assert_eq!(charge.source, MarkSource::Inferred);
        }
    }

    #[test]
    fn nothing_is_inferred_from_nothing() {
        let hot_and_rising: Vec<_> = seconds().iter().map(|t| Some(120.0 + 0.15 * t)).collect();
        let crack = Some(500);
        assert_eq!(
            infer_charge(&seconds(), &hot_and_rising, crack).expect_err("no fall").code(),
            "no_charge"
        );
        assert_eq!(
            infer_charge(&seconds(), &plunge(160.0, 9.0), None).expect_err("no marks").code(),
            "no_charge"
        );
        assert_eq!(infer_charge(&seconds(), &[None; 600], crack).expect_err("no BT").code(), "no_charge");
    }
}
