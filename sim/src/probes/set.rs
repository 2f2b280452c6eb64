//! The probes of a machine: what each one touches or sees, and reading them all.

use trier_roast::{Sample, math};

use crate::machine::{Inputs, Plant, ProbeKind, ProbeSpec, STEP_S, State};
use crate::seed::Seed;

use super::Wander;
use super::chain::{Chain, Past};
use super::microphone::Microphone;
use super::sampling::{Due, Sampler};

/// What the probes touch, °C.
#[derive(Clone, Copy, Debug)]
struct Targets {
    bt_c: f64,
    et_c: f64,
    inlet_c: f64,
    drum_c: f64,
}

/// All probes of one machine, and its microphone.
#[derive(Clone, Debug)]
pub(crate) struct ProbeSet {
    bt: Chain,
    et: Chain,
    inlet: Chain,
    drum: Chain,
    bed: Wander,
    microphone: Option<Box<Microphone>>,
    sampler: Sampler,
    /// How much of the bean probe is buried in beans, 0 to 1.
    buried: f64,
    keep_buried: f64,
    /// Length of the part of a step that they were moved by last, s.
    part_s: f64,
}

impl ProbeSet {
    /// Probes that have settled in the empty machine.
    pub(crate) fn settled(plant: &Plant<'_>, state: &State, seed: &Seed) -> Self {
        let spec = &plant.spec.probes;
        let targets = targets(plant, state, state.outlet_c, 0.0, 0.0);
        let chain = |probe: &ProbeSpec, target_c, name: &str| {
            let drift = format!("probe.{name}.drift");
            let past = Past {
                noise: seed.stream(&format!("probe.{name}.noise")),
                drift: (seed.unit_stream(&drift), seed.stream(&drift)),
                days: spec.days_since_reference,
                // Earlier batches had fewer before them.
                batches: spec.batches_since_cleaning.saturating_sub(seed.batch()),
            };
            Chain::settled(probe, target_c, STEP_S, past)
        };
        Self {
            bt: chain(&spec.bt.probe(), targets.bt_c, "bt"),
            et: chain(&spec.et, targets.et_c, "et"),
            inlet: chain(&spec.inlet, targets.inlet_c, "inlet"),
            drum: chain(&spec.drum, targets.drum_c, "drum"),
            bed: Wander::new(spec.bt.bed_noise_c, spec.bt.bed_noise_s, STEP_S, seed.stream("probe.bt.bed")),
            microphone: (plant.spec.microphone.as_ref())
                .map(|spec| Box::new(Microphone::new(spec, seed.stream("probe.microphone")))),
            sampler: Sampler::new(spec, seed),
            buried: 0.0,
            part_s: f64::NAN,
            keep_buried: 0.0,
        }
    }

    /// Lets the bean probe show `shown_c` now, whatever it touches.
    pub(crate) fn show_bt(&mut self, shown_c: f64) {
        self.bt.show(shown_c);
    }

    /// One more batch goes past the probes.
    pub(crate) fn charged(&mut self) {
        self.each(Chain::charged);
    }

    /// Moves what wanders of its own accord, once for each whole step and before its parts.
    pub(crate) fn wander(&mut self) {
        self.bed.advance();
        self.each(Chain::wander);
    }

    fn each(&mut self, act: impl Fn(&mut Chain)) {
        [&mut self.bt, &mut self.et, &mut self.inlet, &mut self.drum].into_iter().for_each(act);
    }

    /// Follows the machine for one part of a step, `part_s` long, that ends in `state`, under `inputs` as they
    /// were at its beginning.
    pub(crate) fn follow(&mut self, plant: &Plant<'_>, state: &State, inputs: &Inputs<'_>, part_s: f64) {
        if part_s.to_bits() != self.part_s.to_bits() {
            self.part_s = part_s;
            self.keep_buried = math::exp(-part_s / plant.spec.bodies.fill_s);
            self.each(|chain| chain.pace(part_s));
        }
        // Beans bury the probe, and fall away from it, as fast as they fill the drum.
        let goal = if inputs.load.is_some() { 1.0 } else { 0.0 };
        self.buried = goal + self.keep_buried * (self.buried - goal);
        let targets = targets(plant, state, state.outlet_c, self.buried, self.bed.value());
        self.bt.follow(targets.bt_c);
        self.et.follow(targets.et_c);
        self.inlet.follow(targets.inlet_c);
        self.drum.follow(targets.drum_c);
        if let Some(microphone) = &mut self.microphone {
            microphone.listen(state, inputs, part_s);
        }
    }

    /// Temperature of the bean probe's own tip, °C, before noise and display.
    pub(crate) fn bt_element_c(&self) -> f64 {
        self.bt.element_c()
    }

    /// Steps are counted from another instant from now on.
    pub(crate) fn restart_clock(&mut self) {
        self.sampler.restart();
    }

    /// The sample that falls into the step ending `step` steps since charge, if one does.
    pub(crate) fn due(&mut self, step: i64) -> Option<Due> {
        self.sampler.due(step)
    }

    /// What the displays show at the instant of `due`; None where the sample is lost.
    pub(crate) fn read(&mut self, due: Due, controls_pct: (f64, f64), drum_rpm: f64) -> Option<Sample> {
        let back = due.back_share();
        let sample = Sample {
            bt_c: Some(self.bt.read(back)),
            et_c: Some(self.et.read(back)),
            inlet_c: Some(self.inlet.read(back)),
            exhaust_c: None,
            drum_c: Some(self.drum.read(back)),
            gas_pct: Some(controls_pct.0),
            air_pct: Some(controls_pct.1),
            drum_rpm: Some(drum_rpm),
            pops_per_s: self.microphone.as_mut().and_then(|microphone| microphone.read()),
        };
        (!due.lost).then_some(sample)
    }
}

/// What the bean probe touches in `state`, °C, `buried` from 0 to 1 in beans that do not jump.
pub(crate) fn bt_touches_c(plant: &Plant<'_>, state: &State, buried: f64) -> f64 {
    targets(plant, state, state.outlet_c, buried, 0.0).bt_c
}

/// B11: the bean probe touches bean shells and a little air, or air and wall when the drum
/// is empty; ET sees outlet air and some room air; the drum probe sees wall and air. Stems stand in the
/// housing and carry its heat. An infrared probe sees shells or wall, and mirrored in them the wall or the room.
fn targets(plant: &Plant<'_>, state: &State, outlet_c: f64, buried: f64, bed_c: f64) -> Targets {
    let probes = &plant.spec.probes;
    let mixed = |clean_c: f64, other_c: f64, share: f64| clean_c + share * (other_c - clean_c);
    let touched = |clean_c: f64, stem_share: f64| mixed(clean_c, state.structure_c, stem_share);
    let bt_c = match probes.bt.kind {
        ProbeKind::Contact => {
            let bare_c = 0.5 * (outlet_c + state.wall_c);
            let in_beans_c = state.shell_c + probes.bt.air_share * (outlet_c - state.shell_c) + bed_c;
            touched(mixed(bare_c, in_beans_c, buried), probes.bt.stem_share)
        }
        ProbeKind::Infrared => {
            let in_beans_c = seen_c(probes.bt.emissivity, state.shell_c, state.wall_c) + bed_c;
            mixed(state.wall_c, in_beans_c, buried)
        }
    };
    let drum_c = match probes.drum.kind {
        ProbeKind::Contact => {
            let air_c = 0.5 * (state.plenum_c + outlet_c);
            touched(mixed(state.wall_c, air_c, probes.drum.stray_share), probes.drum.stem_share)
        }
        ProbeKind::Infrared => seen_c(probes.drum.emissivity, state.wall_c, plant.ambient_c),
    };
    let in_air = |air_c: f64, probe: &ProbeSpec| {
        touched(mixed(air_c, plant.ambient_c, probe.stray_share), probe.stem_share)
    };
    Targets {
        bt_c,
        et_c: in_air(outlet_c, &probes.et),
        inlet_c: in_air(state.plenum_c, &probes.inlet),
        drum_c,
    }
}

/// What a probe set for a black body shows of a grey one, °C: T⁴ = ε·T_body⁴ + (1 − ε)·T_mirrored⁴, in K.
fn seen_c(emissivity: f64, body_c: f64, mirrored_c: f64) -> f64 {
    const ZERO_C_K: f64 = 273.15;
    let fourth = |c: f64| {
        let squared = (c + ZERO_C_K) * (c + ZERO_C_K);
        squared * squared
    };
    let radiated = emissivity * fourth(body_c) + (1.0 - emissivity) * fourth(mirrored_c);
    radiated.sqrt().sqrt() - ZERO_C_K
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grey_body_is_seen_between_itself_and_what_it_mirrors() {
        // Black, and grey among its like: itself, to rounding of a fourth root.
        assert!((seen_c(1.0, 205.0, 240.0) - 205.0).abs() < 1e-9);
        assert!((seen_c(0.7, 205.0, 205.0) - 205.0).abs() < 1e-9);
        // In surroundings at absolute zero T·ε^(1/4): 478.15 K at 0.8 is 452.2.
        assert!((seen_c(0.8, 205.0, -273.15) + 273.15 - 478.15 * math::pow(0.8, 0.25)).abs() < 1e-9);
        // Near to each other it is the mean by emissivity, 0.9·205 + 0.1·207, but for second order.
        assert!((seen_c(0.9, 205.0, 207.0) - 205.2).abs() < 0.01);
    }
}
