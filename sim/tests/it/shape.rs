//! What a simulated roast must look like, and must never (section D of `docs/physics.md`).

use trier_roast::{MarkKind, MarkSource, ReadingBody};
use trier_sim::Outcome;

use crate::{first_roast, quiet_roast, run, samples, truth_s};

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
    assert!((0.12..0.30).contains(&((drop_s - first_crack_s) / drop_s)), "development ratio");
    assert!((11.0..17.0).contains(&run.weight_loss_pct), "weight loss {} %", run.weight_loss_pct);
    let samples = samples(&run);
    let bt_c = |t_s: f64| samples.iter().find(|(t, _)| *t >= t_s).and_then(|(_, s)| s.bt_c).expect("read");
    assert!((226.0..246.0).contains(&bt_c(0.0)) && (70.0..90.0).contains(&bt_c(turning_s)));
    assert!((195.0..206.0).contains(&bt_c(first_crack_s)));
    let peak_ror =
        (70..400).map(|t| 2.0 * (bt_c(f64::from(t)) - bt_c(f64::from(t - 30)))).fold(0.0, f64::max);
    assert!((22.0..32.0).contains(&peak_ror), "peak RoR {peak_ror} °C/min");
}

#[test]
fn beans_only_warm_while_the_probe_dips() {
    let run = run(&quiet_roast());
    let cores: Vec<f64> = run.truth.iter().filter_map(|row| row.bean_core_c).collect();
    assert!(cores.windows(2).all(|pair| pair[1] > pair[0]), "a bean cooled in the drum");
}

#[test]
fn rate_of_rise_has_no_jump_at_first_crack_but_a_dip() {
    // B9: the flash of cracking beans bends RoR down over a minute, never in one step.
    let run = run(&quiet_roast());
    let first_crack_s = truth_s(&run, MarkKind::FirstCrackStart).expect("it cracks");
    let bt: Vec<f64> = samples(&run).iter().filter(|(t, _)| *t >= 0.0).filter_map(|(_, s)| s.bt_c).collect();
    let ror = |t: usize| bt[t] - bt[t - 1];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let crack = first_crack_s as usize;
    for t in crack - 30..crack + 60 {
        assert!((ror(t + 1) - ror(t)).abs() < 0.01, "RoR jumps at {t} s");
    }
}

#[test]
fn the_first_batch_and_the_fifth_differ() {
    let scenario = first_roast();
    let first = trier_sim::roast(&scenario, 7, 0).expect("adds up");
    let fifth = trier_sim::roast(&scenario, 7, 4).expect("adds up");
    assert_ne!(first.green_kg.to_bits(), fifth.green_kg.to_bits());
    assert_ne!(truth_s(&first, MarkKind::FirstCrackStart), truth_s(&fifth, MarkKind::FirstCrackStart));
    assert!(first.charged < fifth.charged);
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
