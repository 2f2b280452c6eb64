//! Probes: each shows what it touches, late by its own lag, off by its own bias (B11).

use trier_roast::{Sample, math};
use trier_sim::{Scenario, TruthRow};

use crate::{in_drum, quiet_roast, run, samples, steady};

/// Channels in one order: BT, ET, inlet, drum.
const NAMES: [&str; 4] = ["bt", "et", "inlet", "drum"];

/// Half a step of the display, and rounding.
const HALF_STEP_C: f64 = 0.000_5 + 1e-9;

fn shown(sample: &Sample) -> [f64; 4] {
    [sample.bt_c, sample.et_c, sample.inlet_c, sample.drum_c].map(|c| c.expect("read"))
}

/// What the table of B11 says that each probe touches.
fn touched(s: &Scenario, row: &TruthRow) -> [f64; 4] {
    let p = &s.machine.probes;
    let mix = |share: f64, one: f64, other: f64| (1.0 - share) * one + share * other;
    let bt_c = match row.bean_shell_c.filter(|_| in_drum(row)) {
        Some(shell_c) => mix(p.bt.air_share, shell_c, row.outlet_c),
        None => 0.5 * (row.outlet_c + row.wall_c),
    };
    [
        bt_c,
        mix(p.et.stray_share, row.outlet_c, s.room.ambient_c),
        row.plenum_c,
        mix(p.drum.stray_share, row.wall_c, 0.5 * (row.plenum_c + row.outlet_c)),
    ]
}

/// The displays fine, the noise off, and lag and bias of each probe as given.
fn set_probes(s: &mut Scenario, lag_s: Option<f64>, bias_c: [f64; 4]) {
    let p = &mut s.machine.probes;
    (p.bt.lag_s, p.bt.bias_c) = (lag_s.unwrap_or(p.bt.lag_s), bias_c[0]);
    for (probe, bias_c) in [&mut p.et, &mut p.inlet, &mut p.drum].into_iter().zip(&bias_c[1..]) {
        (probe.lag_s, probe.bias_c) = (lag_s.unwrap_or(probe.lag_s), *bias_c);
        (probe.noise_c, probe.step_c) = (0.0, 0.001);
    }
}

#[test]
fn a_quick_probe_shows_what_it_touches_and_its_bias() {
    let bias_c = [1.5, -2.25, 3.5, -4.75];
    let mut s = quiet_roast();
    set_probes(&mut s, Some(1e-6), bias_c);
    let run = run(&s);
    let mut seen = [0, 0];
    for ((t, sample), row) in samples(&run).iter().zip(&run.truth) {
        // The charge buries the probe within 25 s (e^-16), and the drop frees it as slowly.
        let dropped_s = run.truth_marks.last().expect("a drop").at.since_s(run.charged);
        let emptied = *t < -0.5 || *t > dropped_s + 25.0;
        if !emptied && !(25.0..=dropped_s).contains(t) {
            continue;
        }
        seen[usize::from(emptied)] += 1;
        for (i, (got, wanted)) in shown(sample).into_iter().zip(touched(&s, row)).enumerate() {
            assert!(
                (got - wanted - bias_c[i]).abs() < HALF_STEP_C,
                "{} shows {got}, touches {wanted} at {t} s",
                NAMES[i]
            );
        }
    }
    assert!(seen[0] > 400 && seen[1] > 60, "{seen:?}");
}

#[test]
fn each_probe_follows_with_its_own_lag() {
    // Lit from cold; behind what moves in a straight line the probe trails as B11's lag says.
    let mut s = steady(80.0, 50.0, 300.0, 60.0);
    set_probes(&mut s, None, [0.0; 4]);
    s.machine.probes.interval_s = 0.25;
    (s.machine.start.plenum_c, s.machine.start.wall_c) = (100.0, 60.0);
    let p = &s.machine.probes;
    let lag_s = [p.bt.lag_s, p.et.lag_s, p.inlet.lag_s, p.drum.lag_s];
    let run = run(&s);
    let mut last: Option<([f64; 4], [f64; 4])> = None;
    for ((_, sample), row) in samples(&run).iter().zip(&run.truth).filter(|((t, _), _)| *t < 0.0) {
        let goal_c = touched(&s, row);
        let (was_c, mut now_c) = last.unwrap_or((goal_c, goal_c));
        for i in 0..4 {
            let trail_c = lag_s[i] / 0.25 * (goal_c[i] - was_c[i]);
            now_c[i] = goal_c[i] - trail_c + math::exp(-0.25 / lag_s[i]) * (now_c[i] - was_c[i] + trail_c);
            let got = shown(sample)[i];
            assert!((got - now_c[i]).abs() < HALF_STEP_C, "{} shows {got}, not {}", NAMES[i], now_c[i]);
        }
        last = Some((goal_c, now_c));
    }
    assert!(last.expect("rows").1[2] > 200.0, "nothing warmed");
}
