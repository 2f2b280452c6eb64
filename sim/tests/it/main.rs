//! The roaster through its public door.
#![allow(missing_docs)]

mod beans;
mod books;
mod calibrate;
mod days;
mod ends;
mod families;
mod instruments;
mod laws;
mod limits;
mod probes;
mod refuse;
mod repeat;
mod shape;
mod signs;
mod steered;
mod streams;
mod tray;

use std::path::{Path, PathBuf};

use trier_roast::{MarkKind, ReadingBody, Sample};
use trier_sim::{BatchRun, DropRule, Scenario, TruthRow, roast};

pub fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

pub fn first_roast() -> Scenario {
    Scenario::load(&scenarios().join("first-roast.toml")).expect("ships with the repository")
}

/// The first roast with nothing left to chance: no noise, no spread, a fine display.
pub fn quiet_roast() -> Scenario {
    quiet(first_roast())
}

/// The scenario with nothing left to chance.
pub fn quiet(mut scenario: Scenario) -> Scenario {
    let m = &mut scenario.machine;
    m.spread.heat_share = 0.0;
    m.spread.metal_c = 0.0;
    m.spread.mass_share = 0.0;
    m.spread.ambient_c = 0.0;
    m.spread.moisture_wet_pct = 0.0;
    m.spread.first_crack_c = 0.0;
    m.noise.burner_share = 0.0;
    m.noise.air_share = 0.0;
    m.probes.bt.bed_noise_c = 0.0;
    m.probes.bt.noise_c = 0.0;
    m.probes.bt.step_c = 0.001;
    scenario
}

/// The machine under one setting of its controls from start to end, beans never dropped.
pub fn steady(gas_pct: f64, air_pct: f64, lead_in_s: f64, timeout_s: f64) -> Scenario {
    let mut s = quiet_roast();
    s.recipe.steps.truncate(1);
    s.recipe.steps[0].gas_pct = Some(gas_pct);
    s.recipe.steps[0].air_pct = Some(air_pct);
    s.recipe.drop = DropRule::default();
    s.recording.lead_in_s = lead_in_s;
    s.recording.timeout_s = timeout_s;
    s
}

/// Sets both shares of flow, so that the fan setting no longer matters.
pub fn set_flow(s: &mut Scenario, share: f64) {
    s.machine.air.flow_share_at_0_pct = share;
    s.machine.air.flow_share_at_100_pct = share;
}

/// The steady scenario of each family of machines, by machine.
pub const FAMILIES: [(&str, &str); 4] = [
    ("gd12", "steady.toml"),
    ("gd60", "steady-gd60.toml"),
    ("ei1", "steady-ei1.toml"),
    ("fb", "steady-fb.toml"),
];

/// That of `machine`.
pub fn of_family(machine: &str) -> Scenario {
    let (_, file) = FAMILIES.iter().find(|(id, _)| *id == machine).expect("a family");
    let scenario = Scenario::load(&scenarios().join("steady").join(file)).expect("ships");
    assert_eq!(scenario.machine.id, machine);
    scenario
}

pub fn run(scenario: &Scenario) -> BatchRun {
    roast(scenario, 7, scenario.history_roasts).expect("heat and mass add up")
}

pub fn truth_s(run: &BatchRun, kind: MarkKind) -> Option<f64> {
    run.truth_marks.iter().find(|m| m.kind == kind).map(|m| m.at.since_s(run.charged))
}

/// Whether the beans are in the drum, rather than in the tray or not there.
pub fn in_drum(row: &TruthRow) -> bool {
    row.beans_in.as_deref() == Some("drum")
}

/// Samples with seconds since charge.
pub fn samples(run: &BatchRun) -> Vec<(f64, Sample)> {
    let sample = |body: &ReadingBody| match body {
        ReadingBody::Sample(sample) => Some(*sample),
        ReadingBody::Mark(_) => None,
    };
    run.readings.iter().filter_map(|r| Some((r.at.since_s(run.charged), sample(&r.body)?))).collect()
}

/// First time after the turning point at which BT shows `bt_c`, s since charge.
pub fn reached_s(run: &BatchRun, bt_c: f64) -> Option<f64> {
    let turned_s = truth_s(run, MarkKind::TurningPoint)?;
    samples(run).into_iter().find(|(t, s)| *t > turned_s && s.bt_c.is_some_and(|c| c >= bt_c)).map(|(t, _)| t)
}
