//! What beans do, against laws that have an answer of their own: dry matter, water, pops, colour, crack.

use trier_roast::{MarkKind, math};

use crate::{first_roast, quiet_roast, run, samples, steady, truth_s};

#[test]
fn dry_matter_goes_with_dose_alone() {
    // B8 at any temperature: dv/dD = 0.038·(0.25 − v), so v = 0.25·(1 − e^(−0.038·D)).
    let s = steady(62.0, 60.0, 0.0, 1_800.0);
    let mut last = (0.0, 0.0);
    for row in run(&s).truth.iter() {
        let (Some(lost), Some(dose)) = (row.organic_loss, row.dose_min) else { continue };
        // Two quadratures of one rate by a method of fourth order.
        assert!((lost + 0.25 * math::exp_m1(-0.038 * dose)).abs() < 1e-8, "at {} s", row.since_charge_s);
        for (at, quoted) in [(5.0, 0.045), (11.0, 0.085)] {
            if last.0 < at && dose >= at {
                // Section B8 quotes two figures.
                assert!((lost - quoted).abs() < 0.002, "v = {lost} at D = {dose}");
            }
        }
        last = (dose, lost);
    }
    assert!(last.0 > 11.0, "dose {}", last.0);
}

#[test]
fn without_drying_water_leaves_by_crack_alone() {
    // dX = −φ·X·dF, so X = X0·e^(−φ·F).
    for flash in [0.12, 0.4] {
        let mut s = quiet_roast();
        (s.lot.drying_factor, s.lot.flash_share) = (0.0, flash);
        let rows = run(&s).truth;
        let beans: Vec<_> = rows.iter().filter_map(|row| row.moisture.zip(row.cracked)).collect();
        for (moisture, cracked) in &beans {
            // The running maximum meets the core at the end of steps only: F is known to 1e-6 or so.
            let wanted = s.lot.moisture_dry() * math::exp(-flash * cracked);
            assert!((moisture / wanted - 1.0).abs() < 1e-6, "{moisture} is not {wanted}");
        }
        assert!(beans.last().expect("in").1 > 0.9, "hardly any cracked");
    }
}

#[test]
fn pops_are_as_many_as_beans_crack_and_are_heard() {
    // Poisson of mean N·p·F with p = 0.15 (B9): five standard deviations of the sum.
    let mut s = first_roast();
    for (bean_mass_g, mass_kg) in [(0.15, 9.0), (0.18, 5.0)] {
        (s.lot.bean_mass_g, s.charge.mass_kg) = (bean_mass_g, mass_kg);
        let run = run(&s);
        let heard: f64 = run.truth.iter().filter_map(|row| row.pops).sum();
        let cracked = run.truth.iter().rev().find_map(|row| row.cracked).expect("beans were in");
        let mean = run.green_kg * 1e3 / bean_mass_g * 0.15 * cracked;
        assert!((heard - mean).abs() < 5.0 * mean.sqrt(), "{heard} pops, {mean} expected");
    }
}

#[test]
fn beans_turn_yellow_where_probes_corrected_for_lag_saw_it() {
    // Measured 159.4 ± 1.5 °C over 12 roasts (B9); two standard deviations. BT + τ·dBT/dt is what the
    // probe touches.
    let s = quiet_roast();
    let run = run(&s);
    let dry_end_s = truth_s(&run, MarkKind::DryEnd).expect("it yellows");
    let samples = samples(&run);
    let at = samples.iter().position(|(t, _)| *t >= dry_end_s).expect("sampled");
    let bt = |i: usize| samples[i].1.bt_c.expect("read");
    let slope = (bt(at + 5) - bt(at - 5)) / 10.0;
    let touched_c = bt(at) + s.machine.probes.bt.lag_s * slope;
    assert!((touched_c - 159.4).abs() < 3.0, "{touched_c} °C");
}

#[test]
fn both_cracks_are_normal_populations_a_gap_apart() {
    for gap_c in [15.0, 25.0] {
        let mut s = steady(65.0, 60.0, 0.0, 1_200.0);
        s.lot.second_crack_gap_c = gap_c;
        let run = run(&s);
        // The core only warms here, so it is its own maximum. Spreads 4 (lot) and 5 °C (B9).
        for row in run.truth.iter().filter(|row| row.since_charge_s > 0.0) {
            let core_c = row.bean_core_c.expect("in");
            for (share, mean_c, sd_c) in [(row.cracked, 203.0, 4.0), (row.second_cracked, 203.0 + gap_c, 5.0)]
            {
                let wanted = math::normal_cdf((core_c - mean_c) / sd_c);
                // The maximum and the core are two sums of the same rates.
                assert!((share.expect("in") - wanted).abs() < 1e-6, "at {core_c} °C");
            }
        }
        let at_c = |kind| {
            let at_s = truth_s(&run, kind).expect("it gets there");
            let row = run.truth.iter().find(|row| row.since_charge_s >= at_s).expect("a row");
            row.bean_core_c.expect("in")
        };
        // 5 % lie 1.645 spreads below each mean: gap − 1.645·(5 − 4); a row is up to 0.2 °C late.
        let apart_c = at_c(MarkKind::SecondCrackStart) - at_c(MarkKind::FirstCrackStart);
        assert!((apart_c - (gap_c - 1.645)).abs() < 0.2, "{apart_c} °C apart");
    }
}
