//! A scenario without anything that chance decides: what a roast comes to on the mean day.

use super::Scenario;
use crate::machine::{BatchSpread, ProbeSpec, ProcessNoise};

/// Steps of a display that hides nothing, °C: the finest that a probe may have.
const FINEST_C: f64 = 0.001;

impl Scenario {
    /// This scenario with every source of chance at rest: no noise and no steps on any probe, samples on their grid
    /// and none lost, no drift, burner and air steady, no spread of units, days, lots and batches, hands that take
    /// their mean time. Every seed roasts it alike, marks apart: those are the operator's.
    ///
    /// Lags, biases, faults of placement and wear by batches stay: they are no chance.
    #[must_use]
    pub fn without_chance(&self) -> Self {
        let mut quiet = self.clone();
        let machine = &mut quiet.machine;
        machine.noise = ProcessNoise { burner_share: 0.0, air_share: 0.0, ..machine.noise };
        machine.spread = BatchSpread {
            heat_share: 0.0,
            metal_c: 0.0,
            mass_share: 0.0,
            ambient_c: 0.0,
            moisture_wet_pct: 0.0,
            first_crack_c: 0.0,
        };
        (machine.day_spread, machine.unit_spread, machine.microphone) = (None, None, None);
        let probes = &mut machine.probes;
        (probes.jitter_s, probes.missing_share) = (0.0, 0.0);
        let bt = &mut probes.bt;
        (bt.bed_noise_c, bt.noise_c, bt.step_c, bt.wear.drift_c_per_day) = (0.0, 0.0, FINEST_C, 0.0);
        [&mut probes.et, &mut probes.inlet, &mut probes.drum].into_iter().for_each(silence);
        quiet.lot.spread = None;
        let operator = &mut quiet.operator;
        let mean_s = 0.5 * (operator.control_delay_s_min + operator.control_delay_s_max);
        (operator.control_delay_s_min, operator.control_delay_s_max) = (mean_s, mean_s);
        operator.gas_error_pct = 0.0;
        quiet
    }
}

fn silence(probe: &mut ProbeSpec) {
    (probe.noise_c, probe.step_c, probe.wear.drift_c_per_day) = (0.0, FINEST_C, 0.0);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_seed_roasts_it_alike() {
        // Of each family one, and one with hands, a day and a worn probe.
        let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
        for name in ["steady/coarse-probe", "realism/fb-light", "steady/steady-ei1", "steady/steady-gd60"] {
            let mut scenario =
                Scenario::load(&scenarios.join(format!("{name}.toml"))).expect("it ships").without_chance();
            scenario.operator.forgets_share = 0.0;
            let of = |seed| {
                let run = crate::roasts(&scenario, seed).asked().expect("books close");
                (run.truth_marks, run.readings.len(), run.weight_loss_pct.to_bits())
            };
            let (one, other) = (of(1), of(2));
            assert_eq!(one.0, other.0, "{name}");
            assert_eq!(one.2, other.2, "{name}");
        }
    }
}
