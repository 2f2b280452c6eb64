//! The probes of a machine: what each one touches, and reading them all.

use trier_roast::{Sample, math};

use crate::machine::{Inputs, Plant, STEP_S, State};
use crate::seed::Seed;

use super::Wander;
use super::chain::Chain;

/// What the probes touch, °C.
#[derive(Clone, Copy, Debug)]
struct Targets {
    bt_c: f64,
    et_c: f64,
    inlet_c: f64,
    drum_c: f64,
}

/// All probes of one machine.
#[derive(Clone, Debug)]
pub(crate) struct ProbeSet {
    bt: Chain,
    et: Chain,
    inlet: Chain,
    drum: Chain,
    bed: Wander,
    /// How much of the bean probe is buried in beans, 0 to 1.
    buried: f64,
    keep_buried: f64,
}

impl ProbeSet {
    /// Probes that have settled in the empty machine.
    pub(crate) fn settled(plant: &Plant<'_>, state: &State, inputs: &Inputs<'_>, seed: &Seed) -> Self {
        let spec = &plant.spec.probes;
        let outlet_c = plant.outlet_c(state, inputs, 0.0);
        let targets = targets(plant, state, outlet_c, 0.0, 0.0);
        let part_s = STEP_S / f64::from(plant.spec.steps.parts);
        let chain = |probe: &crate::ProbeSpec, target_c, name: &str| {
            Chain::settled(probe, target_c, part_s, seed.stream(name))
        };
        Self {
            bt: chain(&spec.bt.probe(), targets.bt_c, "probe.bt.noise"),
            et: chain(&spec.et, targets.et_c, "probe.et.noise"),
            inlet: chain(&spec.inlet, targets.inlet_c, "probe.inlet.noise"),
            drum: chain(&spec.drum, targets.drum_c, "probe.drum.noise"),
            bed: Wander::new(spec.bt.bed_noise_c, spec.bt.bed_noise_s, STEP_S, seed.stream("probe.bt.bed")),
            buried: 0.0,
            keep_buried: math::exp(-part_s / plant.spec.bodies.fill_s),
        }
    }

    /// Moves what wanders of its own accord, once for each whole step.
    pub(crate) fn wander(&mut self) {
        self.bed.advance();
    }

    /// Follows the machine for one part of a step that ends in `state`, under `inputs` as they were at
    /// its beginning.
    pub(crate) fn follow(&mut self, plant: &Plant<'_>, state: &State, inputs: &Inputs<'_>) {
        // Beans bury the probe, and fall away from it, as fast as they fill the drum.
        let goal = if inputs.load.is_some() { 1.0 } else { 0.0 };
        self.buried = goal + self.keep_buried * (self.buried - goal);
        let targets = targets(plant, state, state.outlet_c, self.buried, self.bed.value());
        self.bt.follow(targets.bt_c);
        self.et.follow(targets.et_c);
        self.inlet.follow(targets.inlet_c);
        self.drum.follow(targets.drum_c);
    }

    /// Temperature of the bean probe's own tip, °C, before noise and display.
    pub(crate) fn bt_element_c(&self) -> f64 {
        self.bt.element_c()
    }

    /// What the displays show.
    pub(crate) fn read(&mut self, controls_pct: (f64, f64), drum_rpm: f64) -> Sample {
        Sample {
            bt_c: Some(self.bt.read()),
            et_c: Some(self.et.read()),
            inlet_c: Some(self.inlet.read()),
            exhaust_c: None,
            drum_c: Some(self.drum.read()),
            gas_pct: Some(controls_pct.0),
            air_pct: Some(controls_pct.1),
            drum_rpm: Some(drum_rpm),
        }
    }
}

/// B11: the bean probe sees bean shells and a little air, or air and wall when the drum
/// is empty; ET sees outlet air and some room air; the drum probe sees wall and air.
fn targets(plant: &Plant<'_>, state: &State, outlet_c: f64, buried: f64, bed_c: f64) -> Targets {
    let probes = &plant.spec.probes;
    let bare_c = 0.5 * (outlet_c + state.wall_c);
    let in_beans_c = state.shell_c + probes.bt.air_share * (outlet_c - state.shell_c) + bed_c;
    let stray = |clean_c: f64, other_c: f64, share: f64| clean_c + share * (other_c - clean_c);
    Targets {
        bt_c: stray(bare_c, in_beans_c, buried),
        et_c: stray(outlet_c, plant.ambient_c, probes.et.stray_share),
        inlet_c: stray(state.plenum_c, plant.ambient_c, probes.inlet.stray_share),
        drum_c: stray(state.wall_c, 0.5 * (state.plenum_c + outlet_c), probes.drum.stray_share),
    }
}
