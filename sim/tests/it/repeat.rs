//! Same seed, same bits; and no stream leans on another.

use trier_roast::MarkKind;
use trier_sim::{Step, roast};
use trier_tables::digest;

use crate::{first_roast, run, truth_s};

#[test]
fn a_seed_gives_one_roast() {
    let (once, again) = (run(&first_roast()), run(&first_roast()));
    assert_eq!(once.readings, again.readings);
    assert_eq!(digest(&once.truth), digest(&again.truth));
    let other = roast(&first_roast(), 8, 5).expect("adds up");
    assert_ne!(once.readings, other.readings);
}

#[test]
fn the_asked_roast_does_not_depend_on_its_history() {
    let mut scenario = first_roast();
    let five = roast(&scenario, 7, 5).expect("adds up");
    scenario.history_roasts = 0;
    let none = roast(&scenario, 7, 0).expect("adds up");
    assert_eq!(five.readings, none.readings);
}

#[test]
fn probe_noise_moves_no_bean() {
    // Up to the first step by BT, which the noise may move by a sample.
    let mut scenario = first_roast();
    let quiet = run(&scenario);
    scenario.machine.probes.bt.noise_c = 1.0;
    let noisy = run(&scenario);
    assert_ne!(quiet.readings, noisy.readings);
    let early = |run: &trier_sim::BatchRun| -> Vec<_> {
        run.truth.iter().filter(|row| row.since_charge_s < 400.0).map(|row| row.bean_core_c).collect()
    };
    assert_eq!(early(&quiet), early(&noisy));
}

#[test]
fn a_step_that_sets_nothing_new_changes_nothing() {
    // B18: by time and by BT, saying nothing and saying what is so already.
    let plain = first_roast();
    let same = |at_s, at_bt_c, gas_pct, air_pct| Step { at_s, at_bt_c, gas_pct, air_pct, ..Step::default() };
    let mut more = plain.clone();
    more.recipe.steps.insert(3, same(Some(100.0), None, None, None));
    more.recipe.steps.insert(4, same(Some(150.5), None, Some(80.0), Some(52.0)));
    let by_bt = more.recipe.steps.iter().position(|step| step.at_bt_c == Some(201.0)).expect("ships so");
    more.recipe.steps.insert(by_bt, same(None, Some(199.0), None, Some(66.0)));
    let (was, is) = (run(&plain), run(&more));
    assert_eq!(was.readings, is.readings);
    assert_eq!(digest(&was.truth), digest(&is.truth));
}

#[test]
fn envelopes_carry_every_reading() {
    let run = run(&first_roast());
    let origin = trier_wire_origin();
    let envelopes = trier_sim::envelopes(&origin, run.charged, &run.readings);
    let back: Vec<_> = envelopes.iter().map(|e| e.reading().expect("ours").expect("a reading")).collect();
    assert_eq!(back, run.readings);
    assert!(truth_s(&run, MarkKind::Drop).is_some());
}

fn trier_wire_origin() -> trier_wire::Origin {
    trier_wire::Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "gd12".into() }
}
