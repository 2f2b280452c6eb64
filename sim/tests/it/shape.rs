//! What a simulated roast must look like, and must never (section D of `docs/physics.md`).

use trier_roast::{MarkKind, MarkSource, ReadingBody};
use trier_sim::Outcome;

use crate::{first_roast, in_drum, quiet_roast, run, samples, truth_s};

#[test]
fn the_first_roast_is_a_roast() {
    // Ranges of section D for drums of 5 to 60 kg.
    let run = run(&first_roast());
    assert_eq!(run.outcome, Outcome::Dropped);
    let turning_s = truth_s(&run, MarkKind::TurningPoint).expect("it turns");
    let first_crack_s = truth_s(&run, MarkKind::FirstCrackStart).expect("it cracks");
    let drop_s = truth_s(&run, MarkKind::Drop).expect("it drops");
    assert!((57.0..77.0).contains(&turning_s), "turning point at {turning_s} s");
    assert!((443.0..646.0).contains(&first_crack_s), "first crack at {first_crack_s} s");
    assert!((552.0..800.0).contains(&drop_s), "drop at {drop_s} s");
    let dry_end_s = truth_s(&run, MarkKind::DryEnd).expect("it yellows");
    assert!((213.0..310.0).contains(&dry_end_s), "dry end at {dry_end_s} s");
    assert!((0.12..0.30).contains(&((drop_s - first_crack_s) / drop_s)), "development ratio");
    // Light to medium, for a drop at 214 °C.
    assert!((12.0..15.0).contains(&run.weight_loss_pct), "weight loss {} %", run.weight_loss_pct);
    let samples = samples(&run);
    let bt_c = |t_s: f64| samples.iter().find(|(t, _)| *t >= t_s).and_then(|(_, s)| s.bt_c).expect("read");
    assert!((226.0..246.0).contains(&bt_c(0.0)) && (70.0..90.0).contains(&bt_c(turning_s)));
    assert!((199.0..206.0).contains(&bt_c(first_crack_s)));
    assert!((148.0..156.0).contains(&bt_c(dry_end_s)), "dry end at {} °C", bt_c(dry_end_s));
    // Gas is cut at first crack: RoR loses 22 to 58 % in the minute after it, the inlet comes down.
    let ror = |t_s: f64| bt_c(t_s) - bt_c(t_s - 30.0);
    let kept = ror(first_crack_s + 60.0) / ror(first_crack_s);
    assert!((0.42..0.80).contains(&kept), "RoR keeps {kept} of itself");
    let inlet_c: Vec<f64> =
        samples.iter().filter(|(t, _)| (0.0..drop_s).contains(t)).filter_map(|(_, s)| s.inlet_c).collect();
    let peak_c = inlet_c.iter().copied().fold(0.0, f64::max);
    assert!((328.0..364.0).contains(&peak_c), "inlet peaks at {peak_c} °C");
    assert!((212.0..268.0).contains(inlet_c.last().expect("read")));
    let peak_ror =
        (70..400).map(|t| 2.0 * (bt_c(f64::from(t)) - bt_c(f64::from(t - 30)))).fold(0.0, f64::max);
    assert!((22.0..32.0).contains(&peak_ror), "peak RoR {peak_ror} °C/min");
}

#[test]
fn beans_only_warm_while_the_probe_dips() {
    let run = run(&quiet_roast());
    let cores: Vec<_> = run.truth.iter().filter(|row| in_drum(row)).map(|row| row.bean_core_c).collect();
    assert!(cores.windows(2).all(|pair| pair[1] > pair[0]), "a bean cooled in the drum");
}

#[test]
fn cracking_beans_bend_the_rate_of_rise_without_a_jump() {
    // B9: the flash bends RoR down over a minute, never in one step; without it RoR goes on.
    let mut scenario = quiet_roast();
    scenario.recipe.steps.truncate(6);
    let curve = |flash: f64| {
        let mut scenario = scenario.clone();
        scenario.lot.flash_share = flash;
        let run = run(&scenario);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let crack = truth_s(&run, MarkKind::FirstCrackStart).expect("it cracks") as usize;
        let bt: Vec<f64> =
            samples(&run).iter().filter(|(t, _)| *t >= 0.0).filter_map(|(_, s)| s.bt_c).collect();
        (crack, bt)
    };
    let (crack, bt) = curve(0.12);
    let slope = |bt: &[f64], t: usize| bt[t] - bt[t - 1];
    for t in crack - 30..crack + 60 {
        assert!((slope(&bt, t + 1) - slope(&bt, t)).abs() < 0.01, "RoR jumps at {t} s");
    }
    let ror = |bt: &[f64], t: usize| 2.0 * (bt[t] - bt[t - 30]);
    let (plain_crack, plain) = curve(0.0);
    let lost = ror(&bt, crack) - ror(&bt, crack + 90);
    let plain_lost = ror(&plain, plain_crack) - ror(&plain, plain_crack + 90);
    assert!(lost > plain_lost + 0.8, "RoR falls by {lost}, without the flash by {plain_lost} °C/min");
}

#[test]
fn production_hears_samples_in_order_and_marks_where_they_were_pressed() {
    let run = run(&first_roast());
    assert!(run.readings.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let marks: Vec<_> = run
        .readings
        .iter()
        .filter_map(|r| match r.body {
            ReadingBody::Mark(mark) => Some((mark.kind, mark.source)),
            ReadingBody::Sample(_) => None,
        })
        .collect();
    assert_eq!(marks.first(), Some(&(MarkKind::Charge, MarkSource::Device)));
    assert!(marks.contains(&(MarkKind::FirstCrackStart, MarkSource::Operator)));
    assert!(
        marks.iter().all(|(kind, _)| *kind != MarkKind::TurningPoint),
        "nobody presses the turning point"
    );
}
