//! Published cases: what was set and what came of it, and what comes of it here.

mod beans;
mod logs;
mod steered;

use trier_sim::{BatchRun, Scenario, roast};

use crate::scenarios;

pub(crate) use beans::sections as bean_sections;
pub(crate) use logs::sections as log_sections;
pub(crate) use steered::sections as steered_sections;

/// The steady scenario in `file` with nothing left to chance and a fine display.
fn quiet(file: &str) -> Scenario {
    let mut s = Scenario::load(&scenarios().join("steady").join(file)).expect("ships");
    let (spread, noise) = (&mut s.machine.spread, &mut s.machine.noise);
    for share in [
        &mut spread.heat_share,
        &mut spread.metal_c,
        &mut spread.mass_share,
        &mut spread.ambient_c,
        &mut spread.moisture_wet_pct,
        &mut spread.first_crack_c,
        &mut noise.burner_share,
        &mut noise.air_share,
        &mut s.machine.probes.bt.bed_noise_c,
    ] {
        *share = 0.0;
    }
    let p = &mut s.machine.probes;
    (p.bt.noise_c, p.bt.step_c) = (0.0, 0.001);
    for probe in [&mut p.et, &mut p.inlet, &mut p.drum] {
        (probe.noise_c, probe.step_c) = (0.0, 0.001);
    }
    s
}

fn run(scenario: &Scenario) -> BatchRun {
    roast(scenario, 1, scenario.history_roasts).expect("heat and mass add up")
}
