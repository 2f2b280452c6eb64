//! What differs from batch to batch (B16): nobody weighs, heats or stores alike twice.

use crate::Lot;
use crate::physics::MOISTURE_WET_PCT;
use crate::scenario::Scenario;
use crate::seed::Seed;

/// One batch's share of the differences.
pub(super) struct Day {
    /// Room temperature above the scenario's, °C.
    pub ambient_c: f64,
    /// Temperature of all metal above the machine's start, °C.
    pub wall_c: f64,
    /// Factor on heat delivered.
    pub heat_factor: f64,
    /// Factor on charge mass.
    pub mass_factor: f64,
    /// The lot as it is today.
    pub lot: Lot,
}

impl Day {
    /// The differences of the batch that `seed` is the root of, on the day that `of_day` is the root of.
    pub(super) fn draw(scenario: &Scenario, seed: &Seed, of_day: &Seed) -> Self {
        let spread = &scenario.machine.spread;
        let normal = |name: &str| seed.stream(name).normal();
        let mut lot = scenario.lot.clone();
        // No day makes a lot drier or wetter than the driest and wettest that a lot file may be.
        let moisture_pct = lot.moisture_wet_pct + spread.moisture_wet_pct * normal("batch.moisture");
        lot.moisture_wet_pct = moisture_pct.clamp(MOISTURE_WET_PCT.0, MOISTURE_WET_PCT.1);
        lot.first_crack_mean_c += spread.first_crack_c * normal("batch.first_crack");
        Self {
            ambient_c: spread.ambient_c * of_day.stream("batch.ambient").normal(),
            wall_c: spread.metal_c * of_day.stream("batch.wall").normal(),
            heat_factor: seed.stream("batch.heat").log_normal(spread.heat_share),
            mass_factor: 1.0 + spread.mass_share * normal("batch.mass"),
            lot,
        }
    }
}
