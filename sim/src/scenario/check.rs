//! What no roaster could run, said before it runs.

use std::path::Path;

use super::Scenario;
use crate::operator::Step;
use crate::{Lot, MachineSpec, ProbeSpec, Recipe, ScenarioError};

type Checked = Result<(), ScenarioError>;

/// Refuses a value outside `low` to `high`, and anything that is not a number.
pub(super) fn range(path: &Path, key: &str, got: f64, low: f64, high: f64, unit: &'static str) -> Checked {
    // Not `got < low || got > high`: NaN must fail too.
    if (low..=high).contains(&got) {
        return Ok(());
    }
    Err(ScenarioError::OutOfRange { path: path.into(), key: key.into(), got, low, high, unit })
}

/// Refuses a file of another kind or version.
pub(super) fn schema(path: &Path, kind: &'static str, got: &str, expected: &'static str) -> Checked {
    if got == expected {
        return Ok(());
    }
    Err(ScenarioError::Schema { path: path.into(), kind, got: got.into(), expected })
}

/// One row of a list of limits: key, value, lowest, highest, unit.
type Limit = (&'static str, f64, f64, f64, &'static str);

fn ranges(path: &Path, limits: &[Limit]) -> Checked {
    limits.iter().try_for_each(|&(key, got, low, high, unit)| range(path, key, got, low, high, unit))
}

#[rustfmt::skip] // A table reads better as a table.
pub(super) fn machine(path: &Path, m: &MachineSpec) -> Checked {
    schema(path, "machine", &m.schema, "machine/1")?;
    let (h, a, b) = (&m.heater, &m.air, &m.bodies);
    ranges(path, &[
        ("capacity_kg", m.capacity_kg, 0.01, 1000.0, "kg"),
        ("reference_charge_kg", m.reference_charge_kg, 0.01, 1000.0, "kg"),
        ("heater.power_w", h.power_w, 100.0, 5e6, "W"),
        ("heater.efficiency", h.efficiency, 0.05, 1.0, "of 1"),
        ("heater.control_exponent", h.control_exponent, 0.2, 3.0, "(no unit)"),
        ("heater.lag_s", h.lag_s, 0.5, 600.0, "s"),
        ("heater.share_to_air", h.share_to_air, 0.0, 1.0, "of 1"),
        ("air.flow_kg_s", a.flow_kg_s, 1e-4, 50.0, "kg/s"),
        ("air.flow_share_at_0_pct", a.flow_share_at_0_pct, 0.0, 2.0, "of 1"),
        ("air.flow_share_at_100_pct", a.flow_share_at_100_pct, 0.01, 2.0, "of 1"),
        ("air.recirculation", a.recirculation, 0.0, 0.95, "of 1"),
        ("air.to_beans_w_k", a.to_beans_w_k, 0.0, 1e5, "W/K"),
        ("air.flow_exponent", a.flow_exponent, 0.0, 2.0, "(no unit)"),
        ("air.to_empty_wall_w_k", a.to_empty_wall_w_k, 0.0, 1e5, "W/K"),
        ("bodies.plenum_j_k", b.plenum_j_k, 10.0, 1e7, "J/K"),
        ("bodies.wall_j_k", b.wall_j_k, 10.0, 1e8, "J/K"),
        ("bodies.structure_j_k", b.structure_j_k, 10.0, 1e8, "J/K"),
        ("bodies.plenum_to_wall_w_k", b.plenum_to_wall_w_k, 0.0, 1e5, "W/K"),
        ("bodies.wall_to_beans_w_k", b.wall_to_beans_w_k, 0.0, 1e5, "W/K"),
        ("bodies.wall_to_structure_w_k", b.wall_to_structure_w_k, 0.0, 1e5, "W/K"),
        ("bodies.wall_loss_w_k", b.wall_loss_w_k, 0.0, 1e5, "W/K"),
        ("bodies.structure_loss_w_k", b.structure_loss_w_k, 0.0, 1e5, "W/K"),
        ("bodies.bean_core_lag_s", b.bean_core_lag_s, 2.0, 120.0, "s"),
        ("bodies.fill_s", b.fill_s, 0.5, 30.0, "s"),
        ("bodies.drum_rpm", b.drum_rpm, 0.0, 200.0, "1/min"),
        ("start.plenum_c", m.start.plenum_c, -20.0, 600.0, "°C"),
        ("start.wall_c", m.start.wall_c, -20.0, 400.0, "°C"),
        ("start.structure_c", m.start.structure_c, -20.0, 400.0, "°C"),
        ("noise.burner_share", m.noise.burner_share, 0.0, 0.2, "of 1"),
        ("noise.burner_s", m.noise.burner_s, 0.5, 600.0, "s"),
        ("noise.air_share", m.noise.air_share, 0.0, 0.2, "of 1"),
        ("noise.air_s", m.noise.air_s, 0.5, 600.0, "s"),
        ("spread.heat_share", m.spread.heat_share, 0.0, 0.2, "of 1"),
        ("spread.wall_c", m.spread.wall_c, 0.0, 20.0, "°C"),
        ("spread.mass_share", m.spread.mass_share, 0.0, 0.05, "of 1"),
        ("spread.ambient_c", m.spread.ambient_c, 0.0, 10.0, "°C"),
        ("spread.moisture_wet_pct", m.spread.moisture_wet_pct, 0.0, 1.0, "% wet"),
        ("probes.interval_s", m.probes.interval_s, 0.25, 10.0, "s"),
        ("probes.bt.air_share", m.probes.bt.air_share, 0.0, 1.0, "of 1"),
        ("probes.bt.bed_noise_c", m.probes.bt.bed_noise_c, 0.0, 5.0, "°C"),
        ("probes.bt.bed_noise_s", m.probes.bt.bed_noise_s, 0.1, 60.0, "s"),
    ])?;
    let (got_s, grid_s) = (m.probes.interval_s, crate::machine::STEP_S);
    if (got_s / grid_s).fract() != 0.0 {
        let key = "probes.interval_s";
        return Err(ScenarioError::OffGrid { path: path.into(), key, got_s, grid_s });
    }
    let p = &m.probes;
    let named = [("bt", &p.bt.probe()), ("et", &p.et), ("inlet", &p.inlet), ("drum", &p.drum)];
    named.iter().try_for_each(|(name, spec)| probe(path, name, spec))
}

fn probe(path: &Path, name: &str, spec: &ProbeSpec) -> Checked {
    let limits = [
        ("lag_s", spec.lag_s, 0.1, 300.0, "s"),
        ("stray_share", spec.stray_share, 0.0, 1.0, "of 1"),
        ("bias_c", spec.bias_c, -50.0, 50.0, "°C"),
        ("noise_c", spec.noise_c, 0.0, 20.0, "°C"),
        ("step_c", spec.step_c, 0.001, 10.0, "°C"),
    ];
    limits.iter().try_for_each(|&(key, got, low, high, unit)| {
        range(path, &format!("probes.{name}.{key}"), got, low, high, unit)
    })
}

#[rustfmt::skip] // A table reads better as a table.
pub(super) fn lot(path: &Path, lot: &Lot) -> Checked {
    schema(path, "lot of beans", &lot.schema, "lot/1")?;
    ranges(path, &[
        ("moisture_wet_pct", lot.moisture_wet_pct, 2.0, 20.0, "% wet"),
        ("bean_diameter_mm", lot.bean_diameter_mm, 4.0, 9.0, "mm"),
        ("bean_mass_g", lot.bean_mass_g, 0.08, 0.3, "g"),
        ("first_crack_mean_c", lot.first_crack_mean_c, 170.0, 230.0, "°C"),
        ("first_crack_sd_c", lot.first_crack_sd_c, 0.5, 15.0, "°C"),
        ("second_crack_gap_c", lot.second_crack_gap_c, 10.0, 50.0, "°C"),
        ("flash_share", lot.flash_share, 0.0, 0.5, "of 1"),
        ("drying_factor", lot.drying_factor, 0.1, 3.0, "of 1"),
        ("reaction_factor", lot.reaction_factor, 0.0, 2.0, "of 1"),
    ])
}

pub(super) fn recipe(path: &Path, recipe: &Recipe) -> Checked {
    schema(path, "recipe", &recipe.schema, "recipe/1")?;
    if recipe.steps.is_empty() {
        return Err(bad_step(path, 0, "the recipe has no step".into()));
    }
    let mut latest_s = f64::NEG_INFINITY;
    for (index, each) in recipe.steps.iter().enumerate() {
        step(path, index, each)?;
        if let Some(at_s) = each.at_s {
            if at_s < latest_s {
                let problem = format!("at_s = {at_s} lies before the step at {latest_s} s");
                return Err(bad_step(path, index, problem));
            }
            latest_s = at_s;
        }
    }
    let first = &recipe.steps[0];
    if first.gas_pct.is_none() || first.air_pct.is_none() {
        return Err(bad_step(path, 0, "the first step sets both gas_pct and air_pct".into()));
    }
    match (recipe.drop.bt_c, recipe.drop.at_s) {
        (None, None) => return Err(ScenarioError::NoDrop { path: path.into() }),
        (_, Some(got_s)) if got_s <= 0.0 => {
            return Err(ScenarioError::DropBeforeCharge { path: path.into(), got_s });
        }
        _ => {}
    }
    range(path, "drop.bt_c", recipe.drop.bt_c.unwrap_or(200.0), 100.0, 260.0, "°C")?;
    range(path, "drop.at_s", recipe.drop.at_s.unwrap_or(600.0), 0.0, 7200.0, "s")
}

fn bad_step(path: &Path, index: usize, problem: String) -> ScenarioError {
    ScenarioError::BadStep { path: path.into(), index: index + 1, problem }
}

fn step(path: &Path, index: usize, step: &Step) -> Checked {
    let problem = match (step.at_s, step.at_bt_c) {
        (Some(_), Some(_)) => Some("it has both at_s and at_bt_c"),
        (None, None) => Some("it has neither at_s nor at_bt_c"),
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(bad_step(path, index, problem.into()));
    }
    let key = |name: &str| format!("step {}.{name}", index + 1);
    range(path, &key("at_s"), step.at_s.unwrap_or(0.0), -3600.0, 7200.0, "s")?;
    range(path, &key("at_bt_c"), step.at_bt_c.unwrap_or(150.0), 50.0, 260.0, "°C")?;
    range(path, &key("gas_pct"), step.gas_pct.unwrap_or(0.0), 0.0, 100.0, "%")?;
    range(path, &key("air_pct"), step.air_pct.unwrap_or(0.0), 0.0, 100.0, "%")
}

#[rustfmt::skip] // A table reads better as a table.
pub(super) fn scenario(path: &Path, s: &Scenario) -> Checked {
    let (r, o) = (&s.recording, &s.operator);
    ranges(path, &[
        ("charge.mass_kg", s.charge.mass_kg, 0.001, 10_000.0, "kg"),
        ("charge.bean_temp_c", s.charge.bean_temp_c, -20.0, 60.0, "°C"),
        ("room.ambient_c", s.room.ambient_c, -30.0, 60.0, "°C"),
        ("room.altitude_m", s.room.altitude_m, -400.0, 5000.0, "m"),
        ("recording.lead_in_s", r.lead_in_s, 0.0, 3600.0, "s"),
        ("recording.cooling_s", r.cooling_s, 0.0, 3600.0, "s"),
        ("recording.timeout_s", r.timeout_s, 60.0, 7200.0, "s"),
        ("operator.reaction_s_min", o.reaction_s_min, 0.0, 60.0, "s"),
        ("operator.reaction_s_max", o.reaction_s_max, o.reaction_s_min, 60.0, "s"),
        ("operator.first_crack_late_s", o.first_crack_late_s, -120.0, 120.0, "s"),
        ("operator.first_crack_sd_s", o.first_crack_sd_s, 0.0, 60.0, "s"),
        ("operator.dry_end_sd_s", o.dry_end_sd_s, 0.0, 60.0, "s"),
    ])?;
    let (got_kg, limit_kg) = (s.charge.mass_kg, s.machine.capacity_kg);
    if got_kg > limit_kg {
        let machine = s.machine.id.clone();
        return Err(ScenarioError::ChargeTooHeavy { path: path.into(), machine, got_kg, limit_kg });
    }
    if let Some(drop_s) = s.recipe.drop.at_s.filter(|drop_s| *drop_s > r.timeout_s) {
        return Err(ScenarioError::EndBeforeDrop { path: path.into(), timeout_s: r.timeout_s, drop_s });
    }
    Ok(())
}
