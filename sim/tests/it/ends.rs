//! What cannot work ends all the same, and says how.

use trier_roast::{MarkKind, ReadingBody};
use trier_sim::{DropRule, Outcome, Scenario};

use crate::{FAMILIES, of_family, quiet, run, set_flow, truth_s};

/// Roasts and holds that the end is one of `may`, within the time that the scenario allows, and as told.
fn ends(scenario: &Scenario, may: &[Outcome], what: &str) -> Outcome {
    let run = run(scenario);
    let name = &scenario.machine.id;
    assert!(may.contains(&run.outcome), "{name}, {what}: {:?}", run.outcome);
    let dropped = truth_s(&run, MarkKind::Drop);
    assert_eq!(dropped.is_some(), run.outcome == Outcome::Dropped, "{name}, {what}");
    let last_s = run.truth.last().map_or(f64::NAN, |row| row.since_charge_s);
    let longest_s = scenario.recording.timeout_s + scenario.recording.cooling_s;
    assert!(last_s <= longest_s, "{name}, {what}: still there at {last_s} s");
    assert!(
        run.truth.iter().all(|row| row.plenum_c.is_finite() && row.outlet_c.is_finite()),
        "{name}, {what}"
    );
    run.outcome
}

fn each_family(change: impl Fn(&mut Scenario)) -> impl Iterator<Item = Scenario> {
    FAMILIES.into_iter().map(move |(machine, _)| {
        let mut s = quiet(of_family(machine));
        change(&mut s);
        s
    })
}

const GIVEN_UP: [Outcome; 2] = [Outcome::Stalled, Outcome::TimedOut];

#[test]
fn a_bed_without_air_never_roasts_and_ends() {
    // Without a fan the heat stays in the plenum. On a fire it glows within a minute, 1.4 kW into 110 J/K; on none
    // nothing happens.
    for (gas_pct, may) in [(0.0, &GIVEN_UP[..]), (100.0, &[Outcome::FireRisk])] {
        for is_gone in [false, true] {
            let mut s = quiet(of_family("fb"));
            s.machine.air.flow_share_least = 0.0;
            // One that is off, or none at all.
            if is_gone {
                set_flow(&mut s, 0.0);
            }
            for step in &mut s.recipe.steps {
                (step.gas_pct, step.air_pct) = (Some(gas_pct), Some(0.0));
            }
            ends(&s, may, "no air");
        }
    }
}

#[test]
fn a_roast_without_fire_is_given_up() {
    for s in each_family(|s| {
        s.recipe.steps.iter_mut().for_each(|step| step.gas_pct = Some(0.0));
        s.recipe.drop.at_s = None;
    }) {
        ends(&s, &GIVEN_UP, "no fire");
    }
}

#[test]
fn a_drop_hotter_than_the_machine_gets_is_given_up_or_stopped() {
    for s in each_family(|s| s.recipe.drop = DropRule { bt_c: Some(260.0), at_s: None }) {
        ends(&s, &[GIVEN_UP[0], GIVEN_UP[1], Outcome::FireRisk], "260 °C");
    }
}

#[test]
fn a_cold_machine_whose_probe_never_turns_does_not_drop_by_bt() {
    // Metal, beans and room alike and no fire: BT stays where it is.
    for s in each_family(|s| {
        let start = &mut s.machine.start;
        (start.plenum_c, start.wall_c, start.structure_c) = (22.0, 22.0, 22.0);
        s.recipe.steps.iter_mut().for_each(|step| step.gas_pct = Some(0.0));
        (s.recipe.drop.at_s, s.recording.timeout_s) = (None, 600.0);
    }) {
        assert_eq!(ends(&s, &GIVEN_UP, "cold"), Outcome::TimedOut);
    }
}

#[test]
fn bt_above_the_drop_at_charge_is_no_drop() {
    // The empty drum shows 200 °C and more at charge: a drop at 150 °C waits until BT has turned.
    for s in each_family(|s| s.recipe.drop = DropRule { bt_c: Some(150.0), at_s: None }) {
        ends(&s, &[Outcome::Dropped], "a drop below the charge");
        let run = run(&s);
        let (turned_s, drop_s) = (truth_s(&run, MarkKind::TurningPoint), truth_s(&run, MarkKind::Drop));
        assert!(turned_s.is_some() && turned_s < drop_s, "{}: {turned_s:?}, {drop_s:?}", s.machine.id);
    }
}

#[test]
fn a_display_that_loses_nearly_everything_still_ends() {
    for s in each_family(|s| s.machine.probes.missing_share = 0.9) {
        ends(&s, &[Outcome::Dropped, Outcome::FireRisk], "nine of ten samples lost");
        let shown = run(&s).readings.iter().filter(|r| matches!(r.body, ReadingBody::Sample(_))).count();
        assert!(shown > 5, "{}: {shown} samples", s.machine.id);
    }
}

#[test]
fn a_controller_with_a_curve_out_of_reach_ends() {
    let file = crate::scenarios().join("steady/follow.toml");
    for (bt_c, may) in [(20.0, GIVEN_UP), (260.0, [Outcome::Dropped, Outcome::FireRisk])] {
        let mut s = quiet(Scenario::load(&file).expect("ships"));
        s.recipe.drop.at_s = None;
        let follow = s.recipe.follow.as_mut().expect("it follows");
        follow.curve.iter_mut().for_each(|point| point.bt_c = bt_c);
        (follow.gas_pct_min, follow.gas_pct_max) = (0.0, 100.0);
        ends(&s, &may, "out of reach");
    }
}
