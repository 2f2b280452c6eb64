//! After drop: beans cool, and go on for a while (B12).

use trier_roast::{MarkKind, math};
use trier_sim::TruthRow;

use crate::{first_roast, in_drum, quiet_roast, run, truth_s};

fn tray_rows(rows: &[TruthRow]) -> Vec<&TruthRow> {
    rows.iter().filter(|row| row.beans_in.as_deref() == Some("tray")).collect()
}

#[test]
fn beans_cool_to_the_room_with_the_lag_of_the_tray() {
    for lag_s in [45.0, 90.0] {
        let mut s = quiet_roast();
        s.machine.tray.lag_s = lag_s;
        s.recording.cooling_s = 240.0;
        let run = run(&s);
        let rows = tray_rows(&run.truth);
        assert!(rows.len() > 230);
        let excess = |row: &TruthRow| row.bean_shell_c.expect("in the tray") - s.room.ambient_c;
        let (first, last) = (rows[0], rows[rows.len() - 1]);
        let time_s = last.since_charge_s - first.since_charge_s;
        // The exact law, step by step: rounding only.
        assert!((excess(last) / excess(first) - math::exp(-time_s / lag_s)).abs() < 1e-12);
        // "Near the room in less than four minutes."
        assert!(excess(last) < 15.0, "{} °C above the room", excess(last));
    }
}

#[test]
fn kinetics_go_on_in_the_tray_and_die_away() {
    let run = run(&quiet_roast());
    let drum = run.truth.iter().rev().find(|row| in_drum(row)).expect("roasted");
    let rows = tray_rows(&run.truth);
    let gained = |to: &TruthRow, value: fn(&TruthRow) -> Option<f64>| {
        value(to).expect("there") - value(drum).expect("there")
    };
    let last = rows[rows.len() - 1];
    // ∫ e^(−(E/R)·(1/T − 1/473)) dt with T falling by 190/60 °C/s at first: the rate falls to 1/e in R·T²/E
    // = 18 °C, 6 s, from about 1.9 at 213 °C: 11 s or 0.19 minutes. A tenth for the bend in the curve.
    let dose = gained(last, |row| row.dose_min);
    assert!((0.15..0.23).contains(&dose), "{dose} min of dose in the tray");
    assert!(gained(last, |row| row.weight_loss_pct) > 0.05);
    assert!(gained(last, |row| row.lightness) < 0.0 && gained(last, |row| row.agtron) < 0.0);
    assert!(gained(last, |row| row.cracked).abs() < 1e-15, "nothing cracks in the tray");
    // What is reported is what a scale shows when they are cold.
    assert_eq!(last.weight_loss_pct.map(f64::to_bits), Some(run.weight_loss_pct.to_bits()));
    let half = rows[rows.len() / 2];
    assert!(gained(half, |row| row.dose_min) > 0.99 * dose, "most happens in the first half minute");
}

#[test]
fn a_tray_changes_nothing_that_a_display_shows() {
    let mut s = first_roast();
    let usual = run(&s);
    s.machine.tray.lag_s = 10.0;
    let quick = run(&s);
    assert_eq!(usual.readings, quick.readings);
    assert!(usual.weight_loss_pct > quick.weight_loss_pct);
}

#[test]
fn popped_beans_add_up_to_those_that_cracked() {
    let run = run(&first_roast());
    let beans = run.green_kg * 1e3 / 0.15;
    let (mut popped, mut by_rate) = (0.0, 0.0);
    for row in run.truth.iter().filter(|row| in_drum(row)) {
        let now = row.beans_popped.expect("in");
        assert!(now >= 0.0 && now.fract().abs() < 1e-12, "{now} beans");
        popped += now;
        by_rate += row.beans_popping_per_s.expect("in");
        // Counted whole, so the sum is never a bean off.
        assert!(
            (popped - beans * row.cracked.expect("in")).abs() <= 1.0 + 1e-6,
            "at {} s",
            row.since_charge_s
        );
    }
    // Rows are a second apart.
    assert!((by_rate - popped).abs() < 1.0, "{by_rate} and {popped}");
    assert!(popped > 0.9 * beans, "{popped} of {beans}");
}

#[test]
fn beans_pop_at_the_same_pace_where_samples_are_lost() {
    // Found by review: what popped since the last row that came through was told as if in one interval.
    let mut s = first_roast();
    s.machine.probes.missing_share = 0.8;
    let run = run(&s);
    let (mut popped, mut by_rate, mut last_s) = (0.0, 0.0, None);
    for row in run.truth.iter().filter(|row| in_drum(row)) {
        popped += row.beans_popped.expect("in");
        let passed_s = row.since_charge_s - last_s.unwrap_or(row.since_charge_s);
        by_rate += row.beans_popping_per_s.expect("in") * passed_s;
        last_s = Some(row.since_charge_s);
    }
    assert!(popped > 1e4 && (by_rate - popped).abs() < 1.0, "{by_rate} and {popped}");
}

#[test]
fn each_true_mark_stands_beside_the_one_that_was_made() {
    let s = first_roast();
    let run = run(&s);
    let rows = run.truth_mark_rows(&"r".into(), &"gd12".into());
    assert_eq!(rows.len(), run.truth_marks.len());
    for row in &rows {
        match &*row.kind {
            "charge" | "drop" => {
                assert_eq!((row.marked_t_us, row.marked_late_s), (Some(row.t_us), Some(0.0)));
            }
            "turning_point" => assert_eq!((row.marked_t_us, row.marked_late_s), (None, None)),
            _ => {}
        }
    }
    let crack = rows.iter().find(|row| &*row.kind == "first_crack_start").expect("it cracks");
    let (marked, late_s) = (crack.marked_t_us.expect("heard"), crack.marked_late_s.expect("heard"));
    #[allow(clippy::cast_precision_loss)] // Some seconds.
    let apart_s = (marked - crack.t_us) as f64 / 1e6;
    // 1 to 4 s of reaction, 3 s late, 5 s of scatter: five standard deviations of it.
    assert!((apart_s - late_s).abs() < 1e-9 && (-21.0..32.0).contains(&late_s), "{late_s} s late");
    assert!(truth_s(&run, MarkKind::FirstCrackStart).is_some());
}
