//! What the numbers of probes, microphone and spreads of machines and lots may be.

use super::check::{Checked, Limit, Place, range};
use crate::machine::ProbeKind;
use crate::{Lot, MachineSpec, ProbeSpec, ProbesSpec, ScenarioError};

/// What the numbers of the tables that a machine may leave out, and of its sampling, may be.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn instrument_limits(m: &MachineSpec) -> Vec<Limit> {
    let p = &m.probes;
    let (hears, days, units) =
        (m.microphone.clone().unwrap_or_default(), m.day_spread.clone().unwrap_or_default(), m.unit_spread.clone().unwrap_or_default());
    vec![
        // Under half an interval, so that samples keep their order.
        ("probes.jitter_s", p.jitter_s, 0.0, 0.45 * p.interval_s, "s"),
        ("probes.missing_share", p.missing_share, 0.0, 0.9, "of 1"),
        ("probes.batches_since_cleaning", f64::from(p.batches_since_cleaning), 0.0, 1e6, "batches"),
        ("probes.days_since_reference", p.days_since_reference, 0.0, 3650.0, "days"),
        ("microphone.audible_share", hears.audible_share, 0.0, 1.0, "of 1"),
        ("microphone.background_per_s", hears.background_per_s, 0.0, 100.0, "1/s"),
        ("microphone.dead_time_s", hears.dead_time_s, 0.0, 10.0, "s"),
        ("day_spread.ambient_c", days.ambient_c, 0.0, 10.0, "°C"),
        ("day_spread.calorific_share", days.calorific_share, 0.0, 0.2, "of 1"),
        ("unit_spread.air_to_beans_share", units.air_to_beans_share, 0.0, 0.2, "of 1"),
        ("unit_spread.wall_to_beans_share", units.wall_to_beans_share, 0.0, 0.2, "of 1"),
        ("unit_spread.wall_heat_share", units.wall_heat_share, 0.0, 0.2, "of 1"),
        ("unit_spread.bt_lag_share", units.bt_lag_share, 0.0, 0.2, "of 1"),
        ("unit_spread.bt_bias_c", units.bt_bias_c, 0.0, 20.0, "°C"),
    ]
}

/// What the facts and the spread of a lot may be.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn origin_limits(lot: &Lot) -> Vec<Limit> {
    let s = lot.spread.clone().unwrap_or_default();
    vec![
        ("density_g_l", lot.density_g_l.unwrap_or(700.0), 400.0, 900.0, "g/L"),
        ("altitude_m", lot.altitude_m.unwrap_or(0.0), 0.0, 3500.0, "m"),
        ("spread.altitude_m", s.altitude_m, 0.0, 1000.0, "m"),
        ("spread.density_g_l", s.density_g_l, 0.0, 100.0, "g/L"),
        ("spread.moisture_wet_pct", s.moisture_wet_pct, 0.0, 3.0, "% wet"),
        ("spread.bean_diameter_mm", s.bean_diameter_mm, 0.0, 1.0, "mm"),
        ("spread.first_crack_c", s.first_crack_c, 0.0, 10.0, "°C"),
        ("spread.first_crack_sd_share", s.first_crack_sd_share, 0.0, 0.5, "of 1"),
        ("spread.first_crack_c_per_g_l", s.first_crack_c_per_g_l, -0.2, 0.2, "°C·L/g"),
    ]
}

/// What the numbers of a probe may be.
pub(crate) fn probe_limits(spec: &ProbeSpec) -> Vec<Limit> {
    let wear = &spec.wear;
    vec![
        ("lag_s", spec.lag_s, 0.1, 300.0, "s"),
        ("second_lag_s", spec.second_lag_s, 0.0, 300.0, "s"),
        ("stray_share", spec.stray_share, 0.0, 1.0, "of 1"),
        ("stem_share", spec.stem_share, 0.0, 0.5, "of 1"),
        ("emissivity", spec.emissivity, 0.3, 1.0, "of 1"),
        ("bias_c", spec.bias_c, -50.0, 50.0, "°C"),
        ("noise_c", spec.noise_c, 0.0, 20.0, "°C"),
        ("step_c", spec.step_c, 0.001, 10.0, "°C"),
        ("wear.drift_c_per_day", wear.drift_c_per_day, 0.0, 10.0, "°C"),
        ("wear.drift_c_per_batch", wear.drift_c_per_batch, -1.0, 1.0, "°C"),
        ("wear.fouling_share_per_batch", wear.fouling_share_per_batch, 0.0, 1.0, "of 1"),
    ]
}

pub(super) fn probes(place: &Place<'_>, p: &ProbesSpec) -> Checked {
    let named = [("bt", &p.bt.probe()), ("et", &p.et), ("inlet", &p.inlet), ("drum", &p.drum)];
    for (name, spec) in named {
        if spec.kind == ProbeKind::Infrared && matches!(name, "et" | "inlet") {
            let key = place.key(&format!("probes.{name}.kind"));
            return Err(ScenarioError::LooksAtAir { path: place.path(), key });
        }
        for (key, got, low, high, unit) in probe_limits(spec) {
            range(place, &format!("probes.{name}.{key}"), got, low, high, unit)?;
        }
    }
    Ok(())
}
