//! Randomness: each source has a stream of its own, and reaches what it is named after (B16).

use trier_roast::math;
use trier_sim::{Scenario, roast};

use crate::{run, samples, steady};

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn sd(values: &[f64]) -> f64 {
    let centre = mean(values);
    mean(&values.iter().map(|v| (v - centre) * (v - centre)).collect::<Vec<_>>()).sqrt()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (a0, b0) = (mean(a), mean(b));
    let products: Vec<f64> = a.iter().zip(b).map(|(x, y)| (x - a0) * (y - b0)).collect();
    mean(&products) / (sd(a) * sd(b))
}

/// An hour of the empty machine, then a short roast.
fn idle_hour() -> Scenario {
    let mut s = steady(12.0, 50.0, 3_600.0, 60.0);
    let p = &mut s.machine.probes;
    for probe in [&mut p.et, &mut p.inlet, &mut p.drum] {
        (probe.noise_c, probe.step_c) = (0.0, 0.001);
    }
    s
}

#[test]
fn no_probe_hears_the_noise_of_another() {
    let noise_c = [0.06, 0.10, 0.18, 0.11];
    let clean = run(&idle_hour());
    let mut s = idle_hour();
    let p = &mut s.machine.probes;
    p.bt.noise_c = noise_c[0];
    for (probe, noise_c) in [&mut p.et, &mut p.inlet, &mut p.drum].into_iter().zip(&noise_c[1..]) {
        probe.noise_c = *noise_c;
    }
    let noisy = run(&s);
    let mut errors = [const { Vec::new() }; 4];
    for ((_, is), (_, was)) in samples(&noisy).iter().zip(&samples(&clean)).take(3_600) {
        let pairs =
            [(is.bt_c, was.bt_c), (is.et_c, was.et_c), (is.inlet_c, was.inlet_c), (is.drum_c, was.drum_c)];
        for (error, (is, was)) in errors.iter_mut().zip(pairs) {
            error.push(is.expect("read") - was.expect("read"));
        }
    }
    for i in 0..4 {
        // 3,600 independent values: standard errors 1.2 % of a spread, 0.017 of a correlation. Five of each.
        assert!((sd(&errors[i]) / noise_c[i] - 1.0).abs() < 0.06, "probe {i}: {}", sd(&errors[i]));
        for j in 0..i {
            let together = correlation(&errors[i], &errors[j]);
            assert!(together.abs() < 0.085, "probes {i} and {j}: {together}");
        }
    }
}

#[test]
fn burner_and_air_wander_apart_each_by_its_own_law() {
    let mut s = idle_hour();
    s.machine.probes.interval_s = 0.25;
    let n = &mut s.machine.noise;
    (n.burner_share, n.burner_s, n.air_share, n.air_s) = (0.01, 5.0, 0.005, 3.0);
    let run = run(&s);
    let rows = &run.truth[..14_401];
    // Undo the heater's lag, one Runge–Kutta step of P' = (w − P)/τ: P moves by 1 − R of the way to w.
    let z = 0.25 / s.machine.heater.lag_s;
    let kept = 1.0 - z + z * z / 2.0 - z * z * z / 6.0 + z * z * z * z / 24.0;
    let steady_w = 20_000.0 * 0.85 * math::pow(0.12, 0.65);
    let burner: Vec<f64> = rows
        .windows(2)
        .map(|pair| (pair[1].heater_w - kept * pair[0].heater_w) / (1.0 - kept) / steady_w - 1.0)
        .collect();
    // In the empty drum e^(−K_idle/(G·c)) is what is left of T_h − T_w at the outlet (B4).
    let flow_w_k = 1040.0 * 0.024 * (0.53 + 0.52 * 0.5) * 293.15 / 295.15;
    let air: Vec<f64> = rows[..14_400]
        .iter()
        .map(|row| {
            let left = (row.outlet_c - row.wall_c) / (row.plenum_c - row.wall_c);
            -14.0 / math::ln(left) / flow_w_k - 1.0
        })
        .collect();
    for (name, values, share, memory_s) in [("burner", &burner, 0.01, 5.0), ("air", &air, 0.005, 3.0)] {
        // About 3600/(2·5) = 360 independent values: 3.7 % of a spread and 0.05 of a correlation; five.
        assert!((sd(values) / share - 1.0).abs() < 0.19, "{name}: {}", sd(values));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let later = (memory_s * 4.0) as usize;
        let kept = correlation(&values[..values.len() - later], &values[later..]);
        assert!((kept - math::exp(-1.0)).abs() < 0.25, "{name} remembers {kept} after {memory_s} s");
    }
    // The product of the two forgets in 1.9 s: 950 independent values, 0.033 each; five.
    let together = correlation(&burner, &air);
    assert!(together.abs() < 0.17, "burner and air go together: {together}");
}

#[test]
fn the_days_heat_reaches_the_heater() {
    let mut s = steady(50.0, 50.0, 0.0, 60.0);
    s.machine.spread.heat_share = 0.025;
    let settled_w = 20_000.0 * 0.85 * math::pow(0.5, 0.65);
    let logs: Vec<f64> = (0..200)
        .map(|seed| {
            let run = roast(&s, seed, s.history_roasts).expect("adds up");
            // 60 s are 15 lags of the heater.
            math::ln(run.truth.last().expect("rows").heater_w / settled_w)
        })
        .collect();
    // Standard errors of 200: 5 % of the spread, 0.0018 of the mean. Five of each.
    assert!((sd(&logs) / 0.025 - 1.0).abs() < 0.25, "{}", sd(&logs));
    assert!(mean(&logs).abs() < 0.009, "{}", mean(&logs));
}
