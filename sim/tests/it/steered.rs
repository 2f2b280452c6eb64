//! A roast led from outside against the same roast by its recipe.

use trier_roast::MarkKind;
use trier_sim::{Settings, Steered};

use super::{quiet_roast, run, samples, truth_s};

/// Leads the machine of a quiet roast under the controls that its telemetry shows, each second in `parts`; the
/// largest difference of BT from 30 s on, when a twentieth of the beans had cracked, and when they truly had.
fn led(parts: u32) -> (f64, f64, f64) {
    let scenario = quiet_roast();
    let run = run(&scenario);
    let crack_s = truth_s(&run, MarkKind::FirstCrackStart).expect("it cracks");
    let rpm = scenario.machine.bodies.drum_rpm;
    let shown: Vec<(f64, f64, Settings)> = samples(&run)
        .into_iter()
        .filter(|(t_s, _)| (0.0..crack_s + 20.0).contains(t_s))
        .filter_map(|(t_s, sample)| {
            let (gas, air) = (sample.gas_pct? / 100.0, sample.air_pct? / 100.0);
            Some((t_s, sample.bt_c?, Settings { gas, air, drum: sample.drum_rpm? / rpm }))
        })
        .collect();
    let (machine, lot) = (scenario.machine.clone(), scenario.lot.clone());
    let charge = scenario.charge.clone();
    let mut led = Steered::charged(machine, lot, charge, &scenario.room, &shown[0].2, shown[0].1);
    let (mut off_c, mut cracked_s) = (0.0_f64, f64::INFINITY);
    for pair in shown.windows(2) {
        let ((from_s, _, settings), (to_s, bt_c, _)) = (pair[0], pair[1]);
        for _ in 0..parts {
            led.advance(&settings, 1.0, (to_s - from_s) / f64::from(parts));
        }
        if to_s >= 30.0 {
            off_c = off_c.max((led.bt_c() - bt_c).abs());
        }
        if led.cracked() >= 0.05 {
            cracked_s = cracked_s.min(to_s);
        }
    }
    (off_c, cracked_s, crack_s)
}

#[test]
fn under_the_same_controls_it_shows_the_same_and_cracks_at_the_same_time() {
    // Whole seconds and settled controls at charge for 0.25 s and a drum that idled for a minute: within
    // half a degree, as a free run of calibration, and two seconds.
    for parts in [1, 4] {
        let (off_c, cracked_s, crack_s) = led(parts);
        assert!(off_c < 0.5, "{off_c} °C");
        assert!((cracked_s - crack_s).abs() < 2.0, "{cracked_s} s, not {crack_s} s");
    }
}

#[test]
fn what_moves_can_be_taken_and_put_back_to_the_bit() {
    let scenario = quiet_roast();
    let settings = Settings { gas: 0.7, air: 0.5, drum: 1.0 };
    let charged = || {
        let (machine, lot) = (scenario.machine.clone(), scenario.lot.clone());
        Steered::charged(machine, lot, scenario.charge.clone(), &scenario.room, &settings, 210.0)
    };
    let (mut one, mut other) = (charged(), charged());
    one.advance(&settings, 1.0, 200.0);
    other.advance(&Settings { gas: 0.2, ..settings }, 0.9, 200.0);
    other.put(&one.moving());
    one.advance(&settings, 1.0, 60.0);
    other.advance(&settings, 1.0, 60.0);
    assert_eq!(one.moving().map(f64::to_bits), other.moving().map(f64::to_bits));
}
