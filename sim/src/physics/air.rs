//! Air through the drum: how much flows, and what heat it leaves behind.
//!
//! Equations B2 and B4 of `docs/physics.md`.

use trier_roast::math;

use crate::lanes::plain::{exp, larger, smaller};

/// Heat capacity of air, J/(kg·K). Constant is enough from 20 to 360 °C (B2).
pub(crate) const AIR_J_KG_K: f64 = 1040.0;

/// Standard sea-level pressure, Pa.
const SEA_LEVEL_PA: f64 = 101_325.0;

/// Air pressure at `altitude_m` above the sea, Pa (B1, the standard atmosphere).
pub(crate) fn pressure_pa(altitude_m: f64) -> f64 {
    SEA_LEVEL_PA * math::pow(1.0 - 2.255_77e-5 * altitude_m, 5.255_88)
}

/// Mass flow through the bed, kg/s (B2).
///
/// - `nominal_kg_s`: G_nom, at sea level and 20 °C.
/// - `share`: φ, what the fan setting makes of it, 0 to about 1.
pub(crate) fn air_flow_kg_s(nominal_kg_s: f64, share: f64, pressure_pa: f64, ambient_c: f64) -> f64 {
    nominal_kg_s * share * (pressure_pa / SEA_LEVEL_PA) * 293.15 / (ambient_c + 273.15)
}

/// What the air does on its way from plenum to outlet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    /// Temperature at the outlet, °C.
    pub outlet_c: f64,
    /// Heat into the bean shell, W.
    pub to_beans_w: f64,
    /// Heat into the wall, W; only an emptier drum lets air meet its wall.
    pub to_wall_w: f64,
}

/// Air flowing past beans and wall at once (B4 for two sinks in parallel).
///
/// With conductances K_b, K_w to sinks at T_s, T_w the air relaxes toward
/// T* = (K_b·T_s + K_w·T_w)/(K_b + K_w): T_o = T* + (T_h − T*)·e^(−Y),
/// Y = (K_b + K_w)/(G·c). Each sink takes its conductance times the mean difference,
/// so the heats add up to G·c·(T_h − T_o) exactly. With K_w = 0 this is B4.
///
/// - `flow_w_k`: G·c, W/K, 0 or more. Still air carries nothing out, but conducts
///   between the sinks.
#[inline(always)]
pub(crate) fn exchange(flow_w_k: f64, plenum_c: f64, beans: (f64, f64), wall: (f64, f64)) -> Exchange {
    /// Stand for no conductance and no flow, for want of a division by 0; air that neither flows nor meets
    /// anything leaves as it came.
    const NO_W_K: f64 = 1e-150;
    const STILL_W_K: f64 = 1e-140;
    let (beans_w_k, shell_c) = beans;
    let (wall_w_k, wall_c) = wall;
    let total_w_k = larger(beans_w_k + wall_w_k, NO_W_K);
    let per_total = 1.0 / total_w_k;
    let sink_c = (beans_w_k * shell_c + wall_w_k * wall_c) * per_total;
    let kept = exp(-smaller(total_w_k / larger(flow_w_k, STILL_W_K), 700.0));
    // (1 − e^−Y)/Y, the mean over the way through, from the same e^−Y as the end of it.
    let mean_c = sink_c + (plenum_c - sink_c) * ((1.0 - kept) * (flow_w_k * per_total));
    Exchange {
        outlet_c: sink_c + (plenum_c - sink_c) * kept,
        to_beans_w: beans_w_k * (mean_c - shell_c),
        to_wall_w: wall_w_k * (mean_c - wall_c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heat_taken_is_the_heat_given() {
        for (beans_w_k, wall_w_k, flow) in [(28.0, 0.0, 25.0), (3.0, 20.0, 19.0), (0.0, 14.0, 1e-9)] {
            let x = exchange(flow, 350.0, (beans_w_k, 150.0), (wall_w_k, 230.0));
            let given = flow * (350.0 - x.outlet_c);
            assert!((x.to_beans_w + x.to_wall_w - given).abs() < 1e-9 * given.abs().max(1.0));
        }
    }

    #[test]
    fn no_conductance_gives_no_heat_and_no_flow_stays_finite() {
        let idle = exchange(25.0, 300.0, (0.0, 20.0), (0.0, 200.0));
        assert_eq!((idle.outlet_c, idle.to_beans_w), (300.0, 0.0));
        let still = exchange(0.0, 300.0, (10.0, 100.0), (10.0, 200.0));
        // Still air settles between its two sinks and passes heat from one to the other.
        assert!((still.outlet_c - 150.0).abs() < 1e-9);
        assert!((still.to_beans_w + still.to_wall_w).abs() < 1e-9 && still.to_beans_w > 0.0);
    }

    #[test]
    fn pressure_falls_with_height_as_the_standard_atmosphere_does() {
        assert!((pressure_pa(0.0) - 101_325.0).abs() < 1e-6);
        // ISO 2533: 84,556 Pa at 1500 m.
        assert!((pressure_pa(1500.0) - 84_556.0).abs() < 10.0);
    }
}
