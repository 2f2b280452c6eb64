//! Charge and drop by the curve alone, on curves that are hard to read.

use trier_pipeline::Basis;
use trier_roast::math::exp;
use trier_roast::{EventTime, Reading};

use crate::support::{at, bt, plain_c, run};

/// What is made of BT, read each `interval_s` with no mark and shown in tenths of a degree: the outcome of each
/// session, its charge and its drop, s.
fn sessions(interval_s: f64, until_s: f64, bt_c: impl Fn(f64) -> f64) -> Vec<(String, f64, Option<f64>)> {
    let times = (0..).map(|n| f64::from(n) * interval_s).take_while(|t_s| *t_s < until_s);
    let readings: Vec<Reading> = times.map(|t_s| bt(t_s, (bt_c(t_s) * 10.0).round() / 10.0)).collect();
    let out = run(&readings, Basis::default());
    let sessions = out.sessions.iter().map(|row| {
        let charge_s = EventTime::from_us(row.start_us).since_s(at(0.0));
        (row.outcome.to_string(), charge_s, row.drop_s.map(|drop_s| charge_s + drop_s))
    });
    sessions.collect()
}

/// Whether the only roast among `sessions` has this charge and drop, give or take `by_s`.
fn is_roast(sessions: &[(String, f64, Option<f64>)], charge_s: f64, drop_s: f64, by_s: f64) -> bool {
    let mut roasts = sessions.iter().filter(|(outcome, ..)| outcome != "preheat");
    let near = roasts.next().is_some_and(|(outcome, charge, drop)| {
        let off_s = |told: f64, true_s: f64| (told - true_s).abs();
        outcome == "complete"
            && off_s(*charge, charge_s) <= by_s
            && drop.is_some_and(|drop| off_s(drop, drop_s) <= by_s)
    });
    near && roasts.next().is_none()
}

/// A machine that has cooled to 41 °C is charged and heated at 40 s; the heat takes 10 s to come on.
fn cold_c(t_s: f64) -> f64 {
    let since_s = t_s - 40.0;
    if since_s < 0.0 {
        45.0 - 0.1 * t_s
    } else if since_s < 10.0 {
        41.0 + 0.03 * since_s * since_s
    } else {
        (44.0 + 0.6 * (since_s - 10.0)).min(150.0 + 0.3 * (since_s - 186.7).max(0.0))
    }
}

#[test]
fn a_cold_charge_is_where_the_rise_began_and_not_where_it_shows() {
    let got = sessions(1.0, 560.0, |t_s| cold_c(t_s.min(460.0)) - 4.0 * (t_s - 460.0).max(0.0));
    assert!(is_roast(&got, 40.0, 460.0, 2.0), "{got:?}");
}

#[test]
fn a_probe_that_rounds_the_knee_is_believed_where_the_knee_begins() {
    // Two lags of 12 s, one after the other: BT is off by 0.4 °C after 1 s, and steepest after 12 s.
    let knee_c = |t_s: f64| 200.0 - 110.0 * (1.0 - (1.0 + t_s / 12.0) * exp(-t_s / 12.0));
    let got = sessions(1.0, 800.0, |t_s| {
        let (since_s, fall_s) = ((t_s.min(720.0) - 60.0).max(0.0), (t_s - 720.0).max(0.0));
        knee_c(since_s) + 0.2 * (since_s - 60.0).max(0.0) - 2.0 * fall_s
    });
    assert!(is_roast(&got, 60.0, 720.0, 1.0), "{got:?}");
}

#[test]
fn a_knee_in_an_emptied_machine_that_cools_is_no_charge() {
    // It stands still for 8 s, and then falls on by 24 °C.
    let cooling_c = |t_s: f64| match t_s {
        t if t < 20.0 => 210.0 - 2.0 * t,
        t if t < 28.0 => 170.0,
        t if t < 68.0 => 170.0 - 0.6 * (t - 28.0),
        t => 146.0 + 0.05 * (t - 68.0),
    };
    let got =
        sessions(1.0, 900.0, |t_s| if t_s < 720.0 { plain_c(t_s - 60.0) } else { cooling_c(t_s - 720.0) });
    assert!(is_roast(&got, 60.0, 720.0, 1.0), "{got:?}");
}

#[test]
fn a_plunge_too_fast_for_a_slow_sampler_is_a_charge_after_a_preheat() {
    // Heated from room temperature, which looks like a cold charge, and charged at 480 s; read each 5 s.
    let roast_c = |t_s: f64| 90.0 + 103.0 * exp(-t_s / 12.0) + 0.2 * (t_s - 40.0).max(0.0);
    let got = sessions(5.0, 1_300.0, |t_s| match t_s {
        t if t < 480.0 => 25.0 + 0.4 * (t - 60.0).max(0.0),
        t => roast_c((t - 480.0).min(700.0)) - 2.0 * (t - 1_180.0).max(0.0),
    });
    assert!(got[0].0 == "preheat" && is_roast(&got, 480.0, 1_180.0, 5.0), "{got:?}");
}

#[test]
fn an_eye_that_sees_the_tray_for_a_while_makes_a_drop_no_charge() {
    let got = sessions(1.0, 560.0, |t_s| match t_s - 460.0 {
        after if after < 0.0 => cold_c(t_s),
        after if after < 4.0 => cold_c(460.0) - after,
        after if after < 16.0 => 85.0,
        after => 178.0 - 1.5 * (after - 16.0),
    });
    assert!(is_roast(&got, 40.0, 460.0, 2.0), "{got:?}");
}

#[test]
fn a_steep_fall_is_told_by_its_third_reading_but_not_in_a_machine_that_was_just_emptied() {
    // Off by 0.3, 1.0 and 2.3 °C in its first three seconds, and no further.
    let dip_c = |since_s: f64| 0.26 * since_s.clamp(0.0, 3.0) * since_s.clamp(0.0, 3.0);
    let got = sessions(1.0, 64.0, |t_s| 200.0 - dip_c(t_s - 60.0));
    assert!(got.len() == 1 && (got[0].1 - 60.0).abs() <= 1.0, "{got:?}");
    // After its drop a machine falls, warms by 8 °C, rests, and dips as far: its door was opened.
    let emptied_c = |after_s: f64| 170.0 + 0.2 * after_s.min(40.0) - dip_c(after_s - 80.0);
    let got = sessions(1.0, 840.0, |t_s| match t_s - 720.0 {
        before if before < 0.0 => plain_c(t_s - 60.0),
        after if after < 20.0 => 210.0 - 2.0 * after,
        after => emptied_c(after - 20.0),
    });
    assert_eq!(got.len(), 1, "{got:?}");
}
