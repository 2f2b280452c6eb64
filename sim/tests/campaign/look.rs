//! What a roast must never look like, each in a form that can be tested.
//!
//! - *Bean temperature dipping at the turning point*: from charge until the probe turns, and after it for as
//!   long as shells are hotter than cores by [`HEATED_C`] and warm themselves, no core is colder than a row before
//!   by more than [`DIP_C`]. In a roast that stalls or whose fire is cut, as a controller may do from second to
//!   second, what dries may cost more than what comes in.
//! - *A break of RoR at first crack*: from 30 s before its start to 30 s after it, the rate at which shells
//!   warm changes by less than [`BREAK_PER_S`] of itself, but where somebody turned a knob.
//! - *First crack as one instant*: where it starts and ends, the two are at least [`CRACK_S`] apart, in roasts that
//!   come to it no faster than [`FASTEST_C_S`].
//! - *The same noise on all channels*: no two channels' second differences in the lead-in go together by
//!   more than [`TOGETHER`], where samples are evenly spaced and the machine idles.
//! - *ET always above BT*: in a drum, somewhere from lead-in to drop ET is shown below BT. In a fluid bed the two
//!   are about the same anyway.

use trier_roast::{MarkKind, ReadingBody, Sample};
use trier_sim::{BatchRun, Scenario, TruthRow};

/// At 3 °C/min cores trail shells by 10 s · 0.05 °C/s.
const HEATED_C: f64 = 0.5;
/// A drum that shows more at charge is hot, °C.
const HOT_C: f64 = 100.0;
/// Moist beans cool a little before they meet the drum, °C.
const DIP_C: f64 = 0.1;
/// A break would take a good part of the rate away in a second, 1/s.
const BREAK_PER_S: f64 = 0.15;
/// How long a knob's turn is to be seen: a few lags of heater and plenum, s.
const SETTLES_S: f64 = 12.0;
/// Rates smaller than this are taken for this, °C/s.
const SLOWEST_C_S: f64 = 0.2;
/// The steepest RoR at first crack that is published, 14 °C/min, °C/s.
const FASTEST_C_S: f64 = 14.0 / 60.0;
/// At that, the narrowest lot, 3.3 spreads of 3.3 °C, is passed in 46 s.
const CRACK_S: f64 = 30.0;
/// Sixty independent values go together by 0.13; seven of those, since all pairs of thousands are tried.
const TOGETHER: f64 = 0.9;

/// Refuses a run that looks like none.
pub(crate) fn holds(scenario: &Scenario, run: &BatchRun) -> Result<(), String> {
    let rows: Vec<&TruthRow> = run.truth.iter().filter(|row| row.bean_core_c.is_some()).collect();
    no_dip(scenario, run, &rows)?;
    no_break(run, &rows)?;
    crack_lasts(run, &rows)?;
    // Gaps and jitter on a curve that bends are alike on all channels, and no noise.
    let p = &scenario.machine.probes;
    if scenario.day.is_none() && p.jitter_s + p.missing_share == 0.0 {
        own_noise(run)?;
    }
    if scenario.machine.family == "fluid-bed" { Ok(()) } else { below_somewhere(run) }
}

fn at_s(run: &BatchRun, kind: MarkKind) -> Option<f64> {
    run.truth_marks.iter().find(|m| m.kind == kind).map(|m| m.at.since_s(run.charged))
}

fn samples(run: &BatchRun) -> impl Iterator<Item = (f64, Sample)> + '_ {
    run.readings.iter().filter_map(|r| match r.body {
        ReadingBody::Sample(sample) => Some((r.at.since_s(run.charged), sample)),
        ReadingBody::Mark(_) => None,
    })
}

fn no_dip(scenario: &Scenario, run: &BatchRun, rows: &[&TruthRow]) -> Result<(), String> {
    let shown_c = samples(run).find(|(t_s, _)| *t_s >= 0.0).and_then(|(_, s)| s.bt_c).unwrap_or(0.0);
    let turned_s = match at_s(run, MarkKind::TurningPoint) {
        Some(turned_s) => turned_s,
        // In a machine that has gone cold between roasts there is nothing to turn from.
        None if shown_c < HOT_C => 0.0,
        None => return Err("BT never turned".into()),
    };
    let end_s = at_s(run, MarkKind::Drop).unwrap_or(f64::INFINITY);
    for pair in rows.windows(2).filter(|pair| pair[1].since_charge_s <= end_s) {
        let gap_c = |row: &TruthRow| row.bean_shell_c.zip(row.bean_core_c).map_or(0.0, |(s, c)| s - c);
        let warms = pair[1].bean_shell_c > pair[0].bean_shell_c;
        let heated =
            warms && scenario.recipe.follow.is_none() && pair.iter().all(|row| gap_c(row) > HEATED_C);
        let dips = pair[1].bean_core_c < pair[0].bean_core_c.map(|c| c - DIP_C);
        let early = pair[1].since_charge_s <= turned_s;
        if (early || heated) && dips {
            let (was, is) = (pair[0].bean_core_c, pair[1].bean_core_c);
            return Err(format!("cores dip from {was:?} to {is:?} at {} s", pair[0].since_charge_s));
        }
    }
    Ok(())
}

fn no_break(run: &BatchRun, rows: &[&TruthRow]) -> Result<(), String> {
    let Some(crack_s) = at_s(run, MarkKind::FirstCrackStart) else { return Ok(()) };
    let end_s = at_s(run, MarkKind::Drop).unwrap_or(f64::INFINITY).min(crack_s + 30.0);
    let near: Vec<_> =
        rows.iter().filter(|row| (crack_s - 30.0..end_s).contains(&row.since_charge_s)).collect();
    let rate = |a: &TruthRow, b: &TruthRow| {
        (b.bean_shell_c.unwrap_or(f64::NAN) - a.bean_shell_c.unwrap_or(f64::NAN))
            / (b.since_charge_s - a.since_charge_s)
    };
    let seen: Vec<(f64, Sample)> = samples(run).collect();
    let turned: Vec<f64> = seen
        .windows(2)
        .filter(|pair| {
            let set = |s: &Sample| (s.gas_pct, s.air_pct, s.drum_rpm);
            set(&pair[0].1) != set(&pair[1].1)
        })
        .map(|pair| pair[0].0)
        .collect();
    for three in near.windows(3) {
        let (from_s, to_s) = (three[0].since_charge_s, three[2].since_charge_s);
        if turned.iter().any(|t_s| (from_s - SETTLES_S..=to_s).contains(t_s)) {
            continue;
        }
        let (before, after) = (rate(three[0], three[1]), rate(three[1], three[2]));
        let change = (after - before) / (three[2].since_charge_s - three[1].since_charge_s);
        if change.abs() > BREAK_PER_S * before.abs().max(SLOWEST_C_S) {
            let (at_s, from_s) = (three[1].since_charge_s, crack_s);
            return Err(format!(
                "shells warm by {before}, then {after} °C/s at {at_s} s; crack at {from_s} s"
            ));
        }
    }
    Ok(())
}

fn crack_lasts(run: &BatchRun, rows: &[&TruthRow]) -> Result<(), String> {
    let both = at_s(run, MarkKind::FirstCrackStart).zip(at_s(run, MarkKind::FirstCrackEnd));
    let warmed_c = |from_s: f64, to_s: f64| {
        let near = || rows.iter().filter(|row| (from_s..=to_s).contains(&row.since_charge_s));
        let (first, last) = (near().next(), near().next_back());
        first.zip(last).and_then(|(a, b)| Some(b.bean_shell_c? - a.bean_shell_c?)).unwrap_or(0.0)
    };
    match both {
        Some((start_s, end_s))
            if end_s - start_s < CRACK_S && warmed_c(start_s - 30.0, start_s) < 30.0 * FASTEST_C_S =>
        {
            Err(format!("first crack lasts {} s", end_s - start_s))
        }
        _ => Ok(()),
    }
}

fn own_noise(run: &BatchRun) -> Result<(), String> {
    let early: Vec<Sample> = samples(run).filter(|(t_s, _)| *t_s < 0.0).map(|(_, s)| s).collect();
    let probes: [fn(&Sample) -> Option<f64>; 4] = [|s| s.bt_c, |s| s.et_c, |s| s.inlet_c, |s| s.drum_c];
    let kinks = probes.map(|probe| {
        let shown: Vec<f64> = early.iter().filter_map(probe).collect();
        shown.windows(3).map(|w| w[2] - 2.0 * w[1] + w[0]).collect::<Vec<f64>>()
    });
    // Too few to tell.
    if kinks[0].len() < 30 {
        return Ok(());
    }
    for i in 0..4 {
        for j in 0..i {
            let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            let (a, b) = (&kinks[i], &kinks[j]);
            let together = product(a, b) / (product(a, a) * product(b, b)).sqrt();
            if together > TOGETHER {
                return Err(format!("channels {j} and {i} go together by {together}"));
            }
        }
    }
    Ok(())
}

fn below_somewhere(run: &BatchRun) -> Result<(), String> {
    let drop_s = at_s(run, MarkKind::Drop).unwrap_or(f64::INFINITY);
    if samples(run).any(|(t_s, s)| t_s <= drop_s && s.et_c < s.bt_c) {
        return Ok(());
    }
    Err("ET is above BT throughout".into())
}
