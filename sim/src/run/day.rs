//! What differs from batch to batch (B16): nobody weighs, heats or stores alike twice.

use trier_roast::EventTime;

use crate::Lot;
use crate::physics::MOISTURE_WET_PCT;
use crate::scenario::Scenario;
use crate::seed::Seed;

use super::spread;

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
    /// The differences of the batch that `seed` is the root of, charged at `charged` or later, on the day that
    /// `of_day` is the root of.
    pub(super) fn draw(scenario: &Scenario, seed: &Seed, of_day: &Seed, charged: EventTime) -> Self {
        let by_batch = &scenario.machine.spread;
        let normal = |name: &str| seed.stream(name).normal();
        let (day_c, day_heat) = spread::of_day(&scenario.machine, seed, charged);
        let mut lot = spread::of_lot(&scenario.lot, seed).into_owned();
        // No day makes a lot drier or wetter than the driest and wettest that a lot file may be.
        let moisture_pct = lot.moisture_wet_pct + by_batch.moisture_wet_pct * normal("batch.moisture");
        lot.moisture_wet_pct = moisture_pct.clamp(MOISTURE_WET_PCT.0, MOISTURE_WET_PCT.1);
        lot.first_crack_mean_c += by_batch.first_crack_c * normal("batch.first_crack");
        Self {
            ambient_c: by_batch.ambient_c * of_day.stream("batch.ambient").normal() + day_c,
            wall_c: by_batch.metal_c * of_day.stream("batch.wall").normal(),
            heat_factor: seed.stream("batch.heat").log_normal(by_batch.heat_share) * day_heat,
            mass_factor: 1.0 + by_batch.mass_share * normal("batch.mass"),
            lot,
        }
    }
}
