//! The twin on a plant so simple that its answers are known: BT climbs by what the gas gives it.

use std::sync::Arc;

use proptest::{prelude::*, test_runner::RngSeed};
use trier_pipeline::predict::{Controls, Course, Known, KnownCrack, Member, Plant, Twin};
use trier_pipeline::suggest::{NoChange, suggest};
use trier_pipeline::{Basis, DropPlan, EarlierRoast, Outputs, Seen, Stream, StreamConfig, Usual};
use trier_roast::{MarkKind, Reading, Sample, Trust};
use trier_tables::rows::PredictionRow;

use crate::support::{mark, sample};

/// °C/s for each % of gas, where nothing is uncertain.
const RISE_PER_PCT: f64 = 0.004;

/// Beans crack at this BT.
const CRACK_C: f64 = 190.0;

/// A drum without inertia: at 50 % gas BT rises 0.2 °C/s, give or take a fifth.
struct Climb;

#[derive(Clone, Copy)]
struct Climber {
    z: f64,
    bt_c: f64,
}

impl Climber {
    fn rise(&self, gas_pct: f64) -> f64 {
        RISE_PER_PCT * gas_pct * (1.0 + 0.2 * self.z)
    }
}

impl Plant for Climb {
    fn name(&self) -> &str {
        "climb"
    }

    fn known(&self) -> Known {
        Known {
            crack: Some(KnownCrack { between_c: 0.5, within_c: 0.3 }),
            reading_c: 0.2,
            instant_s: 0.0,
            led_share: 0.0,
            heat_per_root_min: 0.0,
        }
    }

    fn uncertain(&self) -> usize {
        1
    }

    fn charged(&self, bt_c: f64, _: &Controls, z: &[f64]) -> Box<dyn Member> {
        Box::new(Climber { z: z[0], bt_c })
    }
}

impl Member for Climber {
    fn copy(&self) -> Box<dyn Member> {
        Box::new(*self)
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.z, self.bt_c]
    }

    fn put(&mut self, numbers: &[f64]) {
        (self.z, self.bt_c) = (numbers[0], numbers[1]);
    }

    fn advance(&mut self, controls: &Controls, by_s: f64) {
        self.bt_c += self.rise(controls.gas_pct.unwrap_or(50.0)) * by_s;
    }

    fn bt_c(&self) -> f64 {
        self.bt_c
    }

    fn cracked(&self) -> f64 {
        if self.bt_c >= CRACK_C { 1.0 } else { 0.0 }
    }
}

fn twin(plan: Option<Course>) -> Twin {
    Twin::new(vec![Arc::new(Climb)], plan)
}

/// A roast from 90 °C at charge, 1 Hz, up by `rise` a second, gas as `gas` says.
fn climb(charge_s: f64, seconds: u32, rise: f64, gas: impl Fn(f64) -> f64) -> Vec<Reading> {
    let mut readings = vec![mark(charge_s, MarkKind::Charge)];
    let shown = |t: u32| {
        let t_s = f64::from(t);
        let bt_c = Some(90.0 + rise * t_s);
        sample(charge_s + t_s, Sample { bt_c, gas_pct: Some(gas(t_s)), ..Sample::default() })
    };
    readings.extend((0..seconds).map(shown));
    readings
}

/// Machines whose mark is at 190 °C: time says nothing, for roasts of all lengths were seen.
fn basis() -> Basis {
    let roast = |s: f64| EarlierRoast {
        first_crack_bt_c: Some(CRACK_C),
        first_crack_s: Some(s),
        ..EarlierRoast::default()
    };
    Basis {
        earlier: vec![roast(350.0), roast(650.0), roast(500.0)],
        plan: Some(DropPlan::BtC(212.0)),
        kin: None,
    }
}

fn run(readings: &[Reading], plan: Option<Course>) -> Outputs {
    let config = StreamConfig { source: "t".into(), machine: "m".into(), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, vec![Box::new(twin(plan))], basis());
    let mut out = Outputs::default();
    readings.iter().for_each(|reading| stream.push(*reading, &mut out));
    stream.end(&mut out);
    out
}

fn at(out: &Outputs, t_s: f64) -> &PredictionRow {
    let first_crack = |row: &&PredictionRow| &*row.target == "first_crack_start";
    out.predictions.iter().filter(first_crack).find(|row| row.since_charge_s == t_s).expect("asked")
}

fn gas(gas_pct: f64) -> Controls {
    Controls { gas_pct: Some(gas_pct), ..Controls::default() }
}

#[test]
fn a_climb_faster_than_the_plant_expects_is_learned_from_its_readings() {
    // 0.22 °C/s is half a standard deviation up: 100 °C take 454.5 s, of which 154.5 are left at 300 s.
    let out = run(&climb(0.0, 320, 0.22, |_| 50.0), None);
    let said = at(&out, 300.0);
    // 1.5 s is 0.33 °C: what 60 readings of 0.2 °C and a crack known to half a degree leave open.
    let median_s = said.p50_s.expect("it answers");
    assert!((median_s - 154.5).abs() < 1.5, "{median_s}");
    let width_s = said.p95_s.expect("stated") - said.p05_s.expect("stated");
    assert!((2.0..20.0).contains(&width_s), "{width_s}");
}

#[test]
fn a_step_that_the_plan_will_take_is_in_the_forecast_before_it_is_taken() {
    // 0.2 °C/s to 150 °C at 300 s; from 350 s on at half of it: 10 °C, and 30 more in 300 s.
    let plan = Course::of([(0.0, gas(60.0)), (350.0, gas(35.0))]);
    let planned = run(&climb(0.0, 310, 0.2, |_| 50.0), Some(plan));
    // The roast runs ten points below its plan, so it will at 25 %.
    let median_s = at(&planned, 300.0).p50_s.expect("it answers");
    assert!((median_s - 350.0).abs() < 5.0, "{median_s}");
    let held = at(&run(&climb(0.0, 310, 0.2, |_| 50.0), None), 300.0).p50_s.expect("it answers");
    assert!((held - 200.0).abs() < 2.0, "{held}");
}

#[test]
fn a_probe_that_leaves_the_plant_makes_it_abstain() {
    // At 300 s the gas is told as full, and BT stands all but still: no member does that.
    let mut readings = climb(0.0, 300, 0.2, |_| 50.0);
    for t in 300..420 {
        let t_s = f64::from(t);
        let bt_c = Some(150.0 + 0.02 * (t_s - 300.0));
        readings.push(sample(t_s, Sample { bt_c, gas_pct: Some(100.0), ..Sample::default() }));
    }
    let out = run(&readings, None);
    assert_eq!(at(&out, 299.0).abstain, None);
    let codes: Vec<_> = (310..420).filter_map(|t| at(&out, f64::from(t)).abstain.clone()).collect();
    assert!(codes.iter().any(|code| &**code == "off_model"), "{codes:?}");
}

/// What the twin is shown of a climb at 0.2 °C/s with 50 % gas, 300 s in, 40 °C short: 200 s to go.
fn suggested(wanted_s: f64) -> trier_pipeline::suggest::Suggestion {
    let points: Vec<(f64, f64)> = (0..=300).map(|t| (f64::from(t), 90.0 + 0.2 * f64::from(t))).collect();
    let (basis, newest) = (basis(), Sample { gas_pct: Some(50.0), ..Sample::default() });
    let usual = Usual::of(&basis);
    let seen = Seen {
        now_s: 300.0,
        points: &points,
        newest: &newest,
        warming_since_s: Some(0.0),
        marks: &[],
        basis: &basis,
        usual: &usual,
    };
    suggest(&mut twin(None), &seen, wanted_s)
}

#[test]
fn the_gas_that_is_suggested_is_the_one_that_meets_the_profile() {
    // 40 °C in 240 s are 0.1667 °C/s, which 41.7 % give; in 160 s 0.25 °C/s, 62.5 %. To whole points.
    for (wanted_s, want_pct) in [(540.0, 41.7), (460.0, 62.5)] {
        let suggestion = suggested(wanted_s);
        let change = suggestion.change.as_ref().expect("a change");
        assert!((change.to_pct - want_pct).abs() <= 1.0, "{suggestion}");
        let then_s = 300.0 + change.first_crack.p50_s.expect("an answer");
        // A point of gas is 2 % of the time to go.
        assert!((then_s - wanted_s).abs() < 6.0, "{then_s} for {wanted_s}");
    }
    assert!(suggested(540.0).to_string().contains("before the profile; less gas by"));
}

#[test]
fn nothing_is_suggested_on_pace_out_of_reach_or_too_late() {
    let why = |wanted_s| suggested(wanted_s).change.expect_err("nothing");
    assert_eq!(why(503.0), NoChange::OnPace);
    // 20 points less, 0.12 °C/s, take 333 s.
    let NoChange::OutOfReach { gas_pct, left_s } = why(800.0) else { panic!("in reach") };
    assert!((gas_pct + 20.0).abs() < 1e-9 && (left_s + 167.0).abs() < 8.0, "{gas_pct} {left_s}");
    assert_eq!(why(330.0).code(), "too_late");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_reading_after_a_forecast_moves_it_and_no_date_does(
        cut in 60_usize..300,
        rise in 0.12..0.3_f64,
        charge_s in prop::sample::select(vec![0.0, 86_400.0, 1e7]),
    ) {
        let whole = climb(0.0, 310, rise, |t_s| if t_s < 150.0 { 70.0 } else { 45.0 });
        let all = run(&whole, None);
        let before = run(&whole[..cut], None);
        prop_assert_eq!(&all.predictions[..before.predictions.len()], &before.predictions[..]);
        let later = run(&climb(charge_s, 310, rise, |t_s| if t_s < 150.0 { 70.0 } else { 45.0 }), None);
        for (one, other) in all.predictions.iter().zip(&later.predictions) {
            prop_assert_eq!((one.p05_s, one.p50_s, one.p95_s), (other.p05_s, other.p50_s, other.p95_s));
        }
    }
}
