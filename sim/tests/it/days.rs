//! Days: roasts back to back on a machine that keeps its heat (B12).

use trier_roast::{MarkKind, math};
use trier_sim::{BatchRun, Finding, Outcome, RoastingDay, Scenario, roast, roasts, score};
use trier_tables::digest;

use crate::{first_roast, quiet, run, samples, scenarios, truth_s};

fn shipped(file: &str) -> Scenario {
    Scenario::load(&scenarios().join("steady").join(file)).expect("ships")
}

/// The roasts of the scenario's day, the asked one last.
fn of_day(s: &Scenario) -> Vec<BatchRun> {
    let before = s.day.as_ref().expect("a day").roasts - 1;
    let skipped = (s.history_roasts - before) as usize;
    roasts(s, 7).skip(skipped).map(|run| run.expect("adds up")).collect()
}

#[test]
fn a_day_of_one_without_preheat_is_a_plain_roast() {
    let plain = first_roast();
    let mut alone = plain.clone();
    alone.day = Some(RoastingDay::default());
    for batch in [0, 4, 5] {
        let [a, b] = [&plain, &alone].map(|s| roast(s, 7, batch).expect("adds up"));
        assert_eq!((a.charged, &a.readings), (b.charged, &b.readings));
        assert_eq!(digest(&a.truth), digest(&b.truth));
        assert_eq!(a.truth_marks, b.truth_marks);
    }
}

#[test]
fn batches_in_order_are_those_asked_for_one_by_one() {
    for s in [first_roast(), shipped("day-of-four.toml")] {
        let all: Vec<_> = roasts(&s, 7).map(|run| run.expect("adds up")).collect();
        assert_eq!(all.len(), 1 + s.history_roasts as usize);
        for batch in [0, s.history_roasts - 1, s.history_roasts] {
            let one = roast(&s, 7, batch).expect("adds up");
            assert_eq!(one.readings, all[batch as usize].readings, "batch {batch}");
            let scores = score(&s, 7, batch).expect("adds up");
            assert_eq!(scores.drop_s, truth_s(&one, MarkKind::Drop), "batch {batch}");
        }
        let last = all.last().expect("asked");
        assert_eq!(roasts(&s, 7).asked().expect("adds up").readings, last.readings);
        // Windows of one machine never overlap, and every one is in order.
        let ends = |run: &BatchRun| (run.readings[0].at, run.readings[run.readings.len() - 1].at);
        assert!(all.windows(2).all(|pair| ends(&pair[0]).1 < ends(&pair[1]).0));
        assert!(all.iter().all(|run| run.readings.windows(2).all(|pair| pair[0].at <= pair[1].at)));
    }
}

#[test]
fn a_cold_housing_makes_the_first_roast_the_slowest() {
    // B12: wall and structure carry over. Charged at the same BT, the first meets the coldest structure: it
    // turns lower, and takes longer to every mark; the difference shrinks from roast to roast.
    for file in ["day-of-four.toml", "day-from-cold-ei1.toml"] {
        let s = quiet(shipped(file));
        let day = of_day(&s);
        let at_charge = |run: &BatchRun| {
            run.truth.iter().find(|row| row.since_charge_s >= 0.0).expect("charged").structure_c
        };
        let structure_c: Vec<f64> = day.iter().map(at_charge).collect();
        assert!(structure_c.windows(2).all(|pair| pair[1] > pair[0]), "{file}: {structure_c:?} °C");
        let scores: Vec<_> =
            (0..4).map(|i| score(&s, 7, s.history_roasts - 3 + i).expect("adds up")).collect();
        for (run, got) in day.iter().zip(&scores) {
            println!(
                "{file}: charge {:.1} °C, structure {:.0} °C, turns {:.0} s {:.1} °C, yellow {:.0} s, crack {:.0} s, drop {:.0} s, loss {:.2} %",
                got.charge_bt_c.expect("read"),
                at_charge(run),
                got.turning_point_s.expect("turns"),
                got.turning_point_bt_c.expect("turns"),
                got.dry_end_s.expect("yellow"),
                got.first_crack_s.expect("cracks"),
                got.drop_s.expect("drops"),
                got.weight_loss_pct.expect("weighed"),
            );
        }
        assert!(day.iter().all(|run| run.outcome == Outcome::Dropped && run.findings.is_empty()), "{file}");
        let (first, last) = (&scores[0], &scores[3]);
        assert!(first.turning_point_bt_c < last.turning_point_bt_c, "{file}: turning point");
        assert!(first.dry_end_s > last.dry_end_s, "{file}: drying");
        assert!(first.first_crack_s > last.first_crack_s, "{file}: first crack");
        assert!(first.drop_s > last.drop_s, "{file}: drop");
        let apart = |a: usize| {
            scores[a].first_crack_s.expect("cracks") - scores[a + 1].first_crack_s.expect("cracks")
        };
        assert!(apart(0) > apart(2), "{file}: later roasts differ more");
    }
}

#[test]
fn books_close_over_the_whole_day_and_nothing_jumps_between_roasts() {
    for file in ["day-of-four.toml", "day-from-cold-ei1.toml"] {
        let day = of_day(&shipped(file));
        for run in &day {
            // The residual is a share of all heat since the morning: B18's limits, for the day.
            assert!(run.closure.energy < 1e-9 && run.closure.mass < 1e-12, "{file}: {:?}", run.closure);
        }
        for pair in day.windows(2) {
            let (end, start) = (pair[0].truth.last().expect("rows"), &pair[1].truth[0]);
            #[allow(clippy::cast_precision_loss)] // Some seconds.
            let gap_s = (start.t_us - end.t_us) as f64 / 1e6;
            assert!(gap_s > 0.0 && gap_s <= 2.0, "{file}: {gap_s} s without a row");
            // No body of these machines moves by more than a few °C in a second.
            for (was, is) in [
                (end.plenum_c, start.plenum_c),
                (end.wall_c, start.wall_c),
                (end.structure_c, start.structure_c),
            ] {
                assert!((was - is).abs() < 3.0 * gap_s, "{file}: {was} to {is} °C");
            }
            assert!(start.beans_in.is_none() && start.since_charge_s < 0.0);
        }
    }
}

#[test]
fn the_room_is_one_for_the_day_and_the_charge_is_not() {
    let day = of_day(&shipped("day-of-four.toml"));
    let kg: Vec<u64> = day.iter().map(|run| run.green_kg.to_bits()).collect();
    assert!(kg.windows(2).all(|pair| pair[0] != pair[1]), "weighed anew");
}

#[test]
fn a_charge_waits_for_its_temperature_and_not_for_ever() {
    let mut s = quiet(shipped("day-of-four.toml"));
    s.day.as_mut().expect("a day").roasts = 2;
    let wanted_c = s.day.as_ref().and_then(|day| day.charge_bt_c).expect("said");
    let charge_c = |run: &BatchRun| {
        samples(run).iter().find(|(t, _)| *t >= 0.0).and_then(|(_, s)| s.bt_c).expect("read")
    };
    for run in of_day(&s) {
        // Half a degree counts as there, and BT goes on for a second.
        assert!((charge_c(&run) - wanted_c).abs() < 1.5, "{} °C", charge_c(&run));
    }
    // A temperature that an idling drum never has.
    let day = s.day.as_mut().expect("a day");
    (day.charge_bt_c, day.pause_s_max) = (Some(390.0), 400.0);
    let runs = of_day(&s);
    let found = |run: &BatchRun| {
        run.findings
            .iter()
            .any(|f| matches!(f, Finding::ChargedOffTemperature { wanted_bt_c, .. } if *wanted_bt_c > 389.0))
    };
    assert!(runs.iter().all(found));
    let pause_s = runs[1].charged.since_s(runs[0].truth_marks.last().expect("a drop").at);
    assert!((pause_s - 400.0).abs() < 1.5, "{pause_s} s");
    assert!(runs[0].findings[0].to_string().contains("390.0 °C did not come"));
}

#[test]
fn a_roast_that_is_given_up_does_not_end_the_day() {
    let mut s = quiet(shipped("day-of-four.toml"));
    s.recording.timeout_s = 200.0;
    let day = of_day(&s);
    assert_eq!(day.len(), 4);
    assert!(day.iter().all(|run| run.outcome == Outcome::TimedOut));
    assert!(day.iter().all(|run| truth_s(run, MarkKind::Drop).is_none()));
}

#[test]
fn an_empty_drum_warms_its_probe_as_measured_and_at_low_fire_too_much() {
    // C11: the bean probe in air, empty drum, gas 25 %: 168.0 °C at −165 s, then each 15 s. τ = 29.8 s.
    let measured = [168.0, 195.5, 212.2, 222.2, 228.2, 232.0];
    let goal_c = 237.5;
    let kept: Vec<f64> = measured.windows(2).map(|p| (goal_c - p[1]) / (goal_c - p[0])).collect();
    let tau_s = -15.0 / (kept.iter().map(|k| math::ln(*k)).sum::<f64>() / kept.len() as f64);
    let ours_s = first_roast().machine.probes.bt.lag_s;
    println!("C11: lag in air {tau_s:.1} s, ours {ours_s:.1} s");
    assert!((tau_s - ours_s).abs() < 5.0, "{tau_s} s");

    // C10, steady: inlet 254.5, exhaust 221.4, drum 240.0, BT 237.5 at gas 25 %, fan 50 %.
    let s = crate::steady(25.0, 50.0, 3_600.0, 60.0);
    let run = run(&s);
    let (_, last) = samples(&run).into_iter().rfind(|(t, _)| *t < 0.0).expect("lead-in");
    let rows = [
        ("inlet", last.inlet_c, 254.5),
        ("exhaust", last.et_c, 221.4),
        ("drum", last.drum_c, 240.0),
        ("BT", last.bt_c, 237.5),
    ];
    for (name, got, wanted) in rows {
        let got = got.expect("read");
        println!("C10 {name}: {got:.1} °C, measured {wanted:.1}, off by {:.1}", got - wanted);
        // Known to be wrong, docs/physics.md: an hour at low fire leaves the nominal machine far too hot. When this
        // fails because the machine got better, the documents are to say so.
        assert!(got - wanted > 20.0, "{name}: {got} °C");
    }
}
