//! How finely a scenario must be stepped: a light charge follows wall and air faster than its machine's own step.

use trier_roast::math;

use super::Scenario;
use crate::physics::SHELL_SHARE;

/// Time, in steps' parts of 0.25 s, in which shells may come to 1/e of what wall and air ask of them, s. At a
/// tenth of it heat's books are still closed to a few parts in 1e-9; found by random scenarios.
const SHELL_S: f64 = 36.0;
/// Heat capacity of green beans, J per kg of charge and K: dry matter and water at some 20 °C (B6).
const GREEN_J_KG_K: f64 = 1350.0;
/// The most parts that a step is cut into.
const PARTS_MAX: f64 = 32.0;

/// The parts that a step must be cut into for the charge, 1 to 32; a machine's file may ask for more.
pub(super) fn parts_least(s: &Scenario) -> u32 {
    let (air, bodies) = (&s.machine.air, &s.machine.bodies);
    let share = s.charge.mass_kg / s.machine.reference_charge_kg;
    let fastest = s.recipe.steps.iter().filter_map(|step| step.drum_pct).fold(100.0, f64::max) / 100.0;
    let wall_k = s.machine.start.wall_c.max(300.0) + 273.15;
    let by_wall_w_k =
        bodies.wall_to_beans_w_k * math::pow(share, 0.26) * math::pow(fastest, bodies.speed_exponent)
            + 4.0 * bodies.radiant_w_k4 * wall_k * wall_k * wall_k;
    let by_air_w_k =
        air.to_beans_w_k * share.sqrt() * math::pow(air.flow_share_at_100_pct, air.flow_exponent);
    let shell_s = SHELL_SHARE * s.charge.mass_kg * GREEN_J_KG_K / (by_wall_w_k + by_air_w_k).max(1e-9);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 32.
    let parts = (SHELL_S / shell_s).ceil().clamp(1.0, PARTS_MAX) as u32;
    parts
}
