//! The baselines: known answers, and every reason to abstain.

use std::{collections::BTreeSet, sync::Arc};

use trier_pipeline::{
    Basis, DropPlan, EarlierRoast, Forecast, MachineMemory, Outputs, PREDICTORS, Predictor, Quantiles, Seen,
    Stream, StreamConfig, Target, Used,
};
use trier_roast::{MarkKind, Reading, Sample, Trust};
use trier_tables::rows::PredictionRow;

use crate::support::{at, bt, mark, plain_roast, run, sample, shaped_roast, three_earlier};

fn asked<'a>(out: &'a Outputs, predictor: &str, target: &str, t_s: f64) -> &'a PredictionRow {
    out.predictions
        .iter()
        .find(|p| &*p.predictor == predictor && &*p.target == target && p.since_charge_s == t_s)
        .expect("asked at each sample")
}

/// First crack at `fc_c`, drop at `drop_c`, once each.
fn one_earlier(fc_c: f64, drop_c: f64) -> Basis {
    let roast = EarlierRoast {
        first_crack_s: Some(500.0),
        first_crack_bt_c: Some(fc_c),
        drop_s: Some(600.0),
        drop_bt_c: Some(drop_c),
        ..EarlierRoast::default()
    };
    Basis { earlier: vec![roast], ..Basis::default() }
}

/// Down to 150 °C at 60 s, then up 0.1 °C/s.
fn slow_climb_c(t_s: f64) -> f64 {
    if t_s < 60.0 { 200.0 - 50.0 * t_s.max(0.0) / 60.0 } else { 150.0 + 0.1 * (t_s - 60.0) }
}

#[test]
fn a_straight_climb_of_a_tenth_of_a_degree_has_200_s_to_go_for_20_degrees() {
    let out = run(&shaped_roast(0.0, slow_climb_c), one_earlier(196.0, 206.0));
    // 176 °C is reached at 320 s, 20 °C short of 196 °C and 30 °C short of 206 °C.
    for predictor in ["artisan", "slope90"] {
        for (target, want_s) in [("first_crack_start", 200.0), ("drop", 300.0)] {
            let row = asked(&out, predictor, target, 320.0);
            let got_s = row.p50_s.expect("answered");
            assert!((got_s - want_s).abs() < 1e-6, "{predictor} says {got_s} s to {target}");
            assert_eq!((row.p05_s, row.p95_s, row.abstain.as_deref()), (None, None, None));
        }
    }
    let constant = asked(&out, "constant", "first_crack_start", 320.0);
    assert_eq!(constant.p50_s, Some(180.0));
    assert_eq!(&*constant.reasons, "own median first crack 500 s of 1 roast");
    let artisan = asked(&out, "artisan", "first_crack_start", 320.0);
    assert_eq!(&*artisan.reasons, "BT 176.0 °C rises 6.0 °C/min; own median first crack 196.0 °C of 1 roast");
    // 20 s at 1 Hz, both ends; 90 s; and no reading at all.
    let used = |row: &PredictionRow| (row.used_until_s, row.used_points, row.used_roasts);
    assert_eq!(used(artisan), (Some(320.0), Some(21), Some(1)));
    assert_eq!(used(asked(&out, "slope90", "first_crack_start", 320.0)), (Some(320.0), Some(91), Some(0)));
    assert_eq!(used(constant), (None, Some(0), Some(1)));
    let early = asked(&out, "artisan", "first_crack_start", 30.0);
    assert_eq!((early.abstain.as_deref(), used(early)), (Some("too_early"), (None, None, None)));
}

#[test]
fn a_roast_that_stands_still_is_told_no_first_crack() {
    // At 170 °C from 260 s on, but for a third of a degree a minute, where first crack is at 196; for 40 s in `dip`,
    // which goes on then.
    let creep_c = |t_s: f64| 0.005 * (t_s - 260.0).max(0.0);
    let still_c = |t_s: f64| slow_climb_c(t_s.min(260.0)) + creep_c(t_s);
    let dip_c = |t_s: f64| slow_climb_c(t_s.min(260.0).max(t_s - 40.0)) + creep_c(t_s);
    let (still, dip) = (
        run(&shaped_roast(0.0, still_c), one_earlier(196.0, 206.0)),
        run(&shaped_roast(0.0, dip_c), one_earlier(196.0, 206.0)),
    );
    for predictor in ["curve", "blend"] {
        let at = |out, t_s| asked(out, predictor, "first_crack_start", t_s);
        assert_eq!(at(&still, 400.0).abstain.as_deref(), Some("rising_too_slowly"), "{predictor}");
        assert_eq!(at(&still, 400.0).p50_s, None);
        for t_s in [250.0, 290.0, 320.0, 400.0] {
            assert!(at(&dip, t_s).p50_s.is_some_and(|left_s| left_s > 0.0), "{predictor} at {t_s}");
        }
        // What has a clock of its own still has one: the drop may be wanted whatever BT does.
        assert!(asked(&still, predictor, "drop", 400.0).abstain.is_none());
    }
}

#[test]
fn the_answer_does_not_hang_on_the_sampling_interval() {
    for interval_s in [0.25, 0.5, 2.0, 3.0, 5.0] {
        let mut readings = vec![mark(0.0, MarkKind::Charge)];
        let samples = (0..4_000).map(|i| f64::from(i) * interval_s).take_while(|t_s| *t_s <= 330.0);
        readings.extend(samples.map(|t_s| bt(t_s, slow_climb_c(t_s))));
        let out = run(&readings, one_earlier(196.0, 206.0));
        for predictor in ["artisan", "slope90"] {
            let row = asked(&out, predictor, "first_crack_start", 330.0);
            let got_s = row.p50_s.expect("answered");
            assert!((got_s - 190.0).abs() < 1e-6, "{predictor} says {got_s} s at {interval_s} s");
        }
    }
}

#[test]
fn whole_degrees_cost_the_slopes_little() {
    let whole = run(&shaped_roast(0.0, |t_s| slow_climb_c(t_s).round()), one_earlier(196.0, 206.0));
    // 0.1 °C/s shows one step in ten seconds: a 20 s slope is off by a third at worst, 90 s by less.
    for (predictor, within_s) in [("artisan", 140.0), ("slope90", 20.0)] {
        for t in 300..400 {
            let t_s = f64::from(t);
            let got_s = asked(&whole, predictor, "first_crack_start", t_s).p50_s.expect("answered");
            assert!((got_s - (520.0 - t_s)).abs() < within_s, "{predictor} says {got_s} s at {t_s} s");
        }
    }
}

#[test]
fn the_plan_outranks_the_habit_for_drop() {
    let basis = Basis { plan: Some(DropPlan::BtC(196.0)), ..one_earlier(190.0, 206.0) };
    let out = run(&shaped_roast(0.0, slow_climb_c), basis);
    let row = asked(&out, "slope90", "drop", 320.0);
    assert!((row.p50_s.expect("answered") - 200.0).abs() < 1e-6);
    assert!(row.reasons.ends_with("planned drop BT 196.0 °C"), "{}", row.reasons);
}

#[test]
fn a_plan_by_time_or_development_is_a_matter_of_the_clock() {
    let planned = |plan: DropPlan, t_s: f64| {
        let out = run(&plain_roast(0.0), Basis { plan: Some(plan), ..three_earlier() });
        let of = |predictor: &str, target: &str| asked(&out, predictor, target, t_s).p50_s.expect("answered");
        (
            [of("curve", "drop"), of("prior", "drop")],
            [("curve"), ("prior")].map(|p| (t_s < 560.0).then(|| of(p, "first_crack_start"))),
        )
    };
    // First crack is marked at 560 s; 98.82 s are 15 % of 658.82 s.
    for (plan, want_s) in [
        (DropPlan::TimeS(650.0), 50.0),
        (DropPlan::DevelopmentS(100.0), 60.0),
        (DropPlan::DevelopmentRatio(0.15), 58.82),
    ] {
        for got_s in planned(plan, 600.0).0 {
            // What is over is left out of the odds, which moves a median of ± 5 s by nothing here.
            assert!((got_s - want_s).abs() < 0.1, "{plan:?}: {got_s} s");
        }
    }
    // Before, it follows first crack's forecast.
    let (drops, cracks) = planned(DropPlan::DevelopmentS(100.0), 450.0);
    for (drop_s, crack_s) in drops.iter().zip(cracks) {
        assert!((drop_s - crack_s.expect("not cracked") - 100.0).abs() < 1e-9);
    }
    let (drops, cracks) = planned(DropPlan::DevelopmentRatio(0.2), 450.0);
    for (drop_s, crack_s) in drops.iter().zip(cracks) {
        assert!(((450.0 + crack_s.expect("not cracked")) / 0.8 - 450.0 - drop_s).abs() < 1e-9);
    }
    // A profile's drop at 650 s and 204 °C, where BT is at 630 s: in between, nearer what BT says.
    let ([curve_s, _], _) = planned(DropPlan::Profile { bt_c: 204.0, at_s: 650.0 }, 600.0);
    assert!((25.0..50.0).contains(&curve_s), "{curve_s}");
}

#[test]
fn a_plan_that_no_roast_could_meet_is_no_plan() {
    let said = |plan| run(&plain_roast(0.0), Basis { plan, ..three_earlier() }).predictions;
    let none = said(None);
    for plan in [
        DropPlan::BtC(f64::NAN),
        DropPlan::TimeS(0.0),
        DropPlan::DevelopmentS(f64::INFINITY),
        DropPlan::DevelopmentRatio(1.0),
        DropPlan::Profile { bt_c: 210.0, at_s: -1.0 },
    ] {
        assert_eq!(said(Some(plan)), none, "{plan:?}");
    }
}

#[test]
fn zero_is_said_at_the_target_and_when_overdue() {
    let out = run(&plain_roast(0.0), one_earlier(180.0, 206.0));
    let there = asked(&out, "artisan", "first_crack_start", 540.0);
    assert_eq!(there.p50_s, Some(0.0));
    assert!(there.reasons.starts_with("BT 186.0 °C is at or above the target"), "{}", there.reasons);
    let overdue = asked(&out, "constant", "first_crack_start", 540.0);
    assert_eq!(overdue.p50_s, Some(0.0));
    assert!(overdue.reasons.starts_with("overdue by 40 s"), "{}", overdue.reasons);
}

#[test]
fn forecasts_end_when_what_they_forecast_is_announced() {
    let out = run(&plain_roast(0.0), three_earlier());
    let last = |target: &str| {
        out.predictions.iter().filter(|p| &*p.target == target).map(|p| p.since_charge_s).fold(0.0, f64::max)
    };
    // The mark is announced before the sample of the same second.
    assert_eq!((last("first_crack_start"), last("drop")), (559.0, 659.0));
}

#[test]
fn without_history_only_fixed_targets_are_forecast() {
    let out = run(&plain_roast(0.0), Basis::default());
    let code = |predictor, target| asked(&out, predictor, target, 400.0).abstain.as_deref();
    assert_eq!(code("artisan", "first_crack_start"), Some("no_history"));
    assert_eq!(code("constant", "first_crack_start"), Some("no_history"));
    assert_eq!(code("constant", "drop"), Some("no_history"));
    assert_eq!(code("artisan", "drop"), Some("no_drop_target"));
    assert_eq!(code("slope90", "drop"), Some("no_drop_target"));
    assert_eq!(code("slope90", "first_crack_start"), None);
}

#[test]
fn every_reason_to_abstain_can_be_reached() {
    // Rises, then stalls at 150 °C, then creeps, with a probe that drops out at 300 s.
    let bt_c = |t_s: f64| match t_s {
        t if (300.0..330.0).contains(&t) => f64::NAN,
        t if t < 360.0 => crate::support::plain_c(t),
        // Never the same to the last digit, as a probe that is stuck would be.
        t if t < 450.0 => 150.0 + 0.001 * (t % 2.0),
        t => 150.0 + 0.009 * (t - 450.0),
    };
    let with_history = run(&shaped_roast(0.0, bt_c), three_earlier());
    let cold = run(&shaped_roast(0.0, bt_c), Basis::default());
    let codes: BTreeSet<&str> = with_history
        .predictions
        .iter()
        .chain(&cold.predictions)
        .filter_map(|p| p.abstain.as_deref())
        .collect();
    let all = ["beyond_horizon", "no_bt", "no_drop_target", "no_history", "rising_too_slowly", "too_early"];
    assert_eq!(codes, BTreeSet::from(all));
    let at_s = |t_s| asked(&with_history, "artisan", "first_crack_start", t_s).abstain.as_deref();
    assert_eq!(at_s(10.0), Some("too_early"));
    assert_eq!(at_s(305.0), None);
    assert_eq!(at_s(320.0), Some("no_bt"));
    assert_eq!(at_s(440.0), Some("rising_too_slowly"));
    assert_eq!(at_s(520.0), Some("beyond_horizon"));
}

#[test]
fn a_row_has_an_answer_or_a_code_and_always_a_reason() {
    let out = run(&plain_roast(0.0), three_earlier());
    assert_eq!(out.predictions.len(), PREDICTORS.len() * (560 + 660));
    for row in &out.predictions {
        assert_eq!(row.p50_s.is_some(), row.abstain.is_none());
        assert!(!row.reasons.is_empty());
    }
}

#[test]
fn a_machine_remembers_its_own_complete_roasts() {
    let mut memory = MachineMemory::default();
    let mut unfinished: Vec<Reading> = plain_roast(760.0);
    // The recording breaks off before its drop.
    unfinished.retain(|r| r.at < at(1_400.0));
    let readings: Vec<Reading> = plain_roast(0.0).into_iter().chain(unfinished).collect();
    let out = run(&readings, Basis::default());
    for row in &out.sessions {
        memory.learn(row, &out.telemetry);
    }
    let basis = memory.basis_for("m1", Some(DropPlan::BtC(205.0)));
    assert_eq!(basis.plan, Some(DropPlan::BtC(205.0)));
    assert_eq!(basis.earlier.len(), 1);
    assert_eq!(basis.earlier[0].first_crack_s, Some(560.0));
    assert!((basis.earlier[0].first_crack_bt_c.expect("read") - 190.0).abs() < 1e-9);
    assert_eq!(memory.basis_for("m2", None), Basis::default());
}

/// Counts how often it was asked since the roast began, and answers nonsense in turn.
struct Unruly {
    asked: u32,
}

impl Predictor for Unruly {
    fn name(&self) -> &str {
        "unruly"
    }

    fn title(&self) -> &str {
        "a test's own"
    }

    fn version(&self) -> u32 {
        3
    }

    fn begin(&mut self) {
        self.asked = 0;
    }

    fn forecast(&mut self, target: Target, _: &Seen<'_>) -> Forecast {
        if target == Target::Drop {
            self.asked += 1;
            return Forecast::point(f64::from(self.asked), Vec::new(), Used::default());
        }
        let quantiles = match self.asked % 3 {
            0 => Quantiles::point(f64::NAN),
            1 => Quantiles { p05_s: Some(90.0), ..Quantiles::point(60.0) },
            _ => Quantiles::point(-1.0),
        };
        Forecast::Seconds { quantiles, reasons: Vec::new(), used: Used::default() }
    }
}

#[test]
fn an_unruly_predictor_is_bounded_and_carries_nothing_from_roast_to_roast() {
    let config = StreamConfig { source: Arc::from("test"), machine: Arc::from("m1"), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, vec![Box::new(Unruly { asked: 0 })], Basis::default());
    let mut out = Outputs::default();
    for reading in plain_roast(0.0).into_iter().chain(plain_roast(760.0)) {
        stream.push(reading, &mut out);
    }
    let (drops, cracks): (Vec<_>, Vec<_>) = out.predictions.iter().partition(|p| &*p.target == "drop");
    assert!(cracks.iter().all(|p| p.abstain.as_deref() == Some("bad_output") && p.version == 3));
    let said: Vec<_> = drops.iter().filter_map(|p| p.p50_s).collect();
    let once: Vec<f64> = (1..=660).map(f64::from).collect();
    assert_eq!(said, [once.clone(), once].concat());
}

/// Says what the newest sample it was shown held, as reasons.
struct Shown;

impl Predictor for Shown {
    fn name(&self) -> &str {
        "shown"
    }

    fn title(&self) -> &str {
        "a test's own"
    }

    fn version(&self) -> u32 {
        1
    }

    fn forecast(&mut self, _: Target, seen: &Seen<'_>) -> Forecast {
        let of = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| format!("{v:.0}"));
        let newest = [seen.newest.bt_c, seen.newest.et_c, seen.newest.gas_pct];
        Forecast::point(1.0, newest.map(of).to_vec(), Used::default())
    }
}

#[test]
fn of_the_newest_sample_only_what_can_be_believed_is_shown() {
    let config = StreamConfig { source: Arc::from("test"), machine: Arc::from("m1"), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, vec![Box::new(Shown)], Basis::default());
    let mut out = Outputs::default();
    for reading in plain_roast(0.0).iter().filter(|reading| reading.at < at(200.0)) {
        stream.push(*reading, &mut out);
    }
    // 118 °C at 200 s. A probe that was pulled, then an air probe that was, then both well.
    let newest = |bt_c, et_c| Sample { bt_c, et_c, gas_pct: Some(70.0), ..Sample::default() };
    for (t_s, bt_c, et_c) in
        [(200.0, None, 150.0), (201.0, Some(118.2), 1_300.0), (202.0, Some(118.4), 151.0)]
    {
        stream.push(sample(t_s, newest(bt_c, Some(et_c))), &mut out);
    }
    let shown = |t_s| asked(&out, "shown", "drop", t_s).reasons.to_string();
    assert_eq!([200.0, 201.0, 202.0].map(shown), ["-; 150; 70", "118; -; 70", "118; 151; 70"]);
}
