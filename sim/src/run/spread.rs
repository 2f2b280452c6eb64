//! What this machine, this day and this lot are like, of all that their files allow (B16).

use std::borrow::Cow;

use trier_roast::{EventTime, math};

use crate::physics::{LotDraws, MOISTURE_WET_PCT};
use crate::seed::Seed;
use crate::{Lot, MachineSpec};

/// The machine that `seed` is about, one of its kind.
pub(super) fn of_unit<'a>(machine: &'a MachineSpec, seed: &Seed) -> Cow<'a, MachineSpec> {
    let Some(spread) = &machine.unit_spread else { return Cow::Borrowed(machine) };
    // Rare draws are cut at a half and twice, where a machine would no longer be of its kind.
    let factor = |name: &str, share: f64| seed.unit_stream(name).log_normal(share).clamp(0.5, 2.0);
    let mut unit = machine.clone();
    unit.air.to_beans_w_k *= factor("unit.air_to_beans", spread.air_to_beans_share);
    unit.bodies.wall_to_beans_w_k *= factor("unit.wall_to_beans", spread.wall_to_beans_share);
    unit.bodies.wall_j_k *= factor("unit.wall_heat", spread.wall_heat_share);
    unit.probes.bt.lag_s *= factor("unit.bt_lag", spread.bt_lag_share);
    unit.probes.bt.bias_c += spread.bt_bias_c * seed.unit_stream("unit.bt_bias").normal();
    Cow::Owned(unit)
}

/// The day of `at`: room temperature above the batch's, °C, and factor on heat delivered.
pub(super) fn of_day(machine: &MachineSpec, seed: &Seed, at: EventTime) -> (f64, f64) {
    const DAY_US: i64 = 86_400_000_000;
    let Some(spread) = &machine.day_spread else { return (0.0, 1.0) };
    let day = at.us().div_euclid(DAY_US);
    let ambient_c = spread.ambient_c * seed.day_stream(day, "day.ambient").normal();
    (ambient_c, seed.day_stream(day, "day.calorific").log_normal(spread.calorific_share))
}

/// The lot at hand, one of its kind.
pub(super) fn of_lot<'a>(lot: &'a Lot, seed: &Seed) -> Cow<'a, Lot> {
    let Some(spread) = &lot.spread else { return Cow::Borrowed(lot) };
    let normal = |name: &str| seed.lot_stream(&lot.id, name).normal();
    let shift = spread.shift(LotDraws {
        altitude: normal("lot.altitude"),
        density: normal("lot.density"),
        moisture: normal("lot.moisture"),
        diameter: normal("lot.diameter"),
        first_crack: normal("lot.first_crack"),
        first_crack_sd: normal("lot.first_crack_sd"),
    });
    let mut drawn = lot.clone();
    drawn.altitude_m = lot.altitude_m.map(|m| m + shift.altitude_m);
    // No lot is drawn outside what a lot file may say.
    drawn.moisture_wet_pct =
        (lot.moisture_wet_pct + shift.moisture_wet_pct).clamp(MOISTURE_WET_PCT.0, MOISTURE_WET_PCT.1);
    drawn.bean_diameter_mm = (lot.bean_diameter_mm + shift.bean_diameter_mm).clamp(4.0, 9.0);
    drawn.first_crack_mean_c = (lot.first_crack_mean_c + shift.first_crack_c).clamp(170.0, 230.0);
    drawn.first_crack_sd_c = (lot.first_crack_sd_c * math::exp(shift.first_crack_sd_log)).clamp(0.5, 15.0);
    let wider = drawn.bean_diameter_mm / lot.bean_diameter_mm;
    let mut heavier = wider * wider * wider;
    if let Some(density_g_l) = lot.density_g_l {
        let drawn_g_l = (density_g_l + shift.density_g_l).clamp(300.0, 1000.0);
        heavier *= drawn_g_l / density_g_l;
        drawn.density_g_l = Some(drawn_g_l);
    }
    drawn.bean_mass_g = (lot.bean_mass_g * heavier).clamp(0.08, 0.3);
    Cow::Owned(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNS: u64 = 1_000;

    /// Mean and standard deviation of `value` over runs.
    fn moments(value: impl Fn(&Seed) -> f64) -> (f64, f64) {
        let values: Vec<f64> = (0..RUNS).map(|run| value(&Seed::new(run, "gd12", 0))).collect();
        let mean = values.iter().sum::<f64>() / RUNS as f64;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / RUNS as f64;
        (mean, variance.sqrt())
    }

    /// Standard errors of 1,000: 3.2 % of a spread on its mean, 2.2 % on itself. Five of each.
    fn assert_moments(what: &str, (mean, sd): (f64, f64), wanted: (f64, f64)) {
        assert!((mean - wanted.0).abs() < 0.16 * wanted.1, "{what}: mean {mean}, not {}", wanted.0);
        assert!((sd / wanted.1 - 1.0).abs() < 0.12, "{what}: spread {sd}, not {}", wanted.1);
    }

    #[test]
    fn units_days_and_lots_have_the_moments_said() {
        let mut machine: MachineSpec =
            toml::from_str(include_str!("../../../scenarios/machines/gd12.toml")).expect("ships");
        let text = "air_to_beans_share = 0.05\nwall_to_beans_share = 0.04\nwall_heat_share = 0.03\n\
                    bt_lag_share = 0.06\nbt_bias_c = 3.0";
        machine.unit_spread = Some(toml::from_str(text).expect("a spread"));
        machine.day_spread =
            Some(toml::from_str("ambient_c = 4.0\ncalorific_share = 0.02").expect("a spread"));
        let unit = |seed: &Seed| of_unit(&machine, seed).into_owned();
        let (air, bodies, bt) = (&machine.air, &machine.bodies, &machine.probes.bt);
        let log = |now: f64, file: f64| math::ln(now / file);
        assert_moments("K_0", moments(|s| log(unit(s).air.to_beans_w_k, air.to_beans_w_k)), (0.0, 0.05));
        let wall = |s: &Seed| log(unit(s).bodies.wall_to_beans_w_k, bodies.wall_to_beans_w_k);
        assert_moments("K_wb0", moments(wall), (0.0, 0.04));
        assert_moments("C_w", moments(|s| log(unit(s).bodies.wall_j_k, bodies.wall_j_k)), (0.0, 0.03));
        assert_moments("lag", moments(|s| log(unit(s).probes.bt.lag_s, bt.lag_s)), (0.0, 0.06));
        assert_moments("bias", moments(|s| unit(s).probes.bt.bias_c), (0.0, 3.0));
        let morning = EventTime::from_us(1_767_603_600_000_000);
        assert_moments("room", moments(|s| of_day(&machine, s, morning).0), (0.0, 4.0));
        assert_moments("gas", moments(|s| math::ln(of_day(&machine, s, morning).1)), (0.0, 0.02));
        // One day is one day, whatever the batch; the next is another.
        let day = |batch, hours: f64| {
            of_day(&machine, &Seed::new(1, "gd12", batch), morning.plus_s(hours * 3600.0))
        };
        assert_eq!(day(0, 0.0), day(3, 5.0));
        assert_ne!(day(0, 0.0), day(0, 24.0));
    }

    #[test]
    fn denser_lots_grow_higher_and_crack_later_where_asked() {
        let text = include_str!("../../../scenarios/beans/high-density.toml");
        let lot: Lot = toml::from_str(text).expect("ships");
        let drawn = |seed: &Seed| of_lot(&lot, seed).into_owned();
        assert_moments("moisture", moments(|s| drawn(s).moisture_wet_pct), (lot.moisture_wet_pct, 0.7));
        // Heights spread by 100 m are 11 g/L, beside 15 of their own: 18.6; by 0.0475 °C per g/L 0.884 °C, beside
        // 1.1 of its own: 1.411.
        let density = |s: &Seed| drawn(s).density_g_l.expect("said");
        assert_moments("density", moments(density), (760.0, 18.6));
        assert_moments(
            "first crack",
            moments(|s| drawn(s).first_crack_mean_c),
            (lot.first_crack_mean_c, 1.411),
        );
        let (height, _) = moments(|s| (drawn(s).altitude_m.expect("said") - 1950.0) * (density(s) - 760.0));
        // Covariance 0.11·100² = 1,100; its standard error is about 68.
        assert!((height - 1_100.0).abs() < 340.0, "height and density go together by {height}");
        // One lot is itself on every machine and in every batch.
        let other = of_lot(&lot, &Seed::new(3, "gd60", 4)).into_owned();
        assert_eq!(drawn(&Seed::new(3, "gd12", 0)), other);
    }
}
