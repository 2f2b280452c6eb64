//! What no roaster could run, said before it runs.

use std::path::{Path, PathBuf};

use trier_roast::math;

use super::{RoastingDay, Scenario, follow, instruments};
use crate::operator::Step;
use crate::physics::MOISTURE_WET_PCT;
use crate::{Lot, MachineSpec, Recipe, ScenarioError};

pub(super) type Checked = Result<(), ScenarioError>;

/// Where a value was written: a file, or a table of overrides in a scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub path: &'a Path,
    pub table: Option<&'static str>,
}

impl<'a> Place<'a> {
    /// The file itself.
    pub(crate) fn of_file(path: &'a Path) -> Self {
        Self { path, table: None }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.path.into()
    }

    pub(super) fn key(&self, key: &str) -> String {
        self.table.map_or_else(|| key.to_owned(), |table| format!("{table}.{key}"))
    }
}

/// Refuses a value outside `low` to `high`, and anything that is not a number.
pub(super) fn range(
    place: &Place<'_>,
    key: &str,
    got: f64,
    low: f64,
    high: f64,
    unit: &'static str,
) -> Checked {
    // Not `got < low || got > high`: NaN must fail too.
    if (low..=high).contains(&got) {
        return Ok(());
    }
    Err(ScenarioError::OutOfRange { path: place.path(), key: place.key(key), got, low, high, unit })
}

/// Refuses a file of another kind or version before its keys are looked at.
pub(crate) fn schema_of(path: &Path, kind: &'static str, text: &str, expected: &'static str) -> Checked {
    // A text that is no TOML, or has no schema, is refused with line and column when it is read.
    let found =
        text.parse::<toml::Table>().ok().and_then(|table| Some(table.get("schema")?.as_str()?.to_owned()));
    match found {
        Some(got) if got != expected => Err(ScenarioError::Schema { path: path.into(), kind, got, expected }),
        _ => Ok(()),
    }
}

/// Refuses an id that could not stand in a file name or a table.
pub(crate) fn id(place: &Place<'_>, id: &str) -> Checked {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.is_empty() && id.len() <= 64 && id.chars().all(plain) {
        return Ok(());
    }
    let got = id.chars().take(64).collect();
    Err(ScenarioError::BadId { path: place.path(), got, expected: "lower-case letters, digits and -".into() })
}

/// Refuses an id other than the file's name, under which scenarios look for it.
fn id_of_file(place: &Place<'_>, got: &str) -> Checked {
    id(place, got)?;
    let stem = place.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    // An override cannot change the id, so only the file itself is held against its name.
    if place.table.is_some() || got == stem {
        return Ok(());
    }
    Err(ScenarioError::BadId {
        path: place.path(),
        got: got.into(),
        expected: format!("the file's name, {stem:?}"),
    })
}

/// Refuses a time that is no whole number of simulator steps.
fn on_grid(place: &Place<'_>, key: &str, got_s: f64) -> Checked {
    let grid_s = crate::machine::STEP_S;
    if (got_s / grid_s).fract() == 0.0 {
        return Ok(());
    }
    Err(ScenarioError::OffGrid { path: place.path(), key: place.key(key), got_s, grid_s })
}

/// One row of a list of limits: key, value, lowest, highest, unit.
pub(crate) type Limit = (&'static str, f64, f64, f64, &'static str);

pub(super) fn ranges(place: &Place<'_>, limits: &[Limit]) -> Checked {
    limits.iter().try_for_each(|&(key, got, low, high, unit)| range(place, key, got, low, high, unit))
}

/// What the numbers of a machine may be, each by itself; probes apart.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn machine_limits(m: &MachineSpec) -> Vec<Limit> {
    let (h, a, b) = (&m.heater, &m.air, &m.bodies);
    vec![
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
        ("air.flow_share_least", a.flow_share_least, 0.0, a.flow_share_at_100_pct, "of 1"),
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
        ("bodies.speed_exponent", b.speed_exponent, 0.0, 2.0, "(no unit)"),
        ("bodies.radiant_w_k4", b.radiant_w_k4, 0.0, 1e-5, "W/K⁴"),
        ("door.air_kg_s", m.door.air_kg_s, 0.0, 50.0, "kg/s"),
        ("door.open_s", m.door.open_s, 0.0, 60.0, "s"),
        ("start.plenum_c", m.start.plenum_c, -20.0, 600.0, "°C"),
        ("start.wall_c", m.start.wall_c, -20.0, 400.0, "°C"),
        ("start.structure_c", m.start.structure_c, -20.0, 400.0, "°C"),
        ("tray.lag_s", m.tray.lag_s, 5.0, 3600.0, "s"),
        ("noise.burner_share", m.noise.burner_share, 0.0, 0.2, "of 1"),
        ("noise.burner_s", m.noise.burner_s, 0.5, 600.0, "s"),
        ("noise.air_share", m.noise.air_share, 0.0, 0.2, "of 1"),
        ("noise.air_s", m.noise.air_s, 0.5, 600.0, "s"),
        ("spread.heat_share", m.spread.heat_share, 0.0, 0.2, "of 1"),
        ("spread.metal_c", m.spread.metal_c, 0.0, 20.0, "°C"),
        ("spread.first_crack_c", m.spread.first_crack_c, 0.0, 5.0, "°C"),
        ("spread.mass_share", m.spread.mass_share, 0.0, 0.05, "of 1"),
        ("spread.ambient_c", m.spread.ambient_c, 0.0, 10.0, "°C"),
        ("spread.moisture_wet_pct", m.spread.moisture_wet_pct, 0.0, 1.0, "% wet"),
        ("probes.interval_s", m.probes.interval_s, 0.25, 10.0, "s"),
        ("probes.bt.air_share", m.probes.bt.air_share, 0.0, 1.0, "of 1"),
        ("probes.bt.bed_noise_c", m.probes.bt.bed_noise_c, 0.0, 5.0, "°C"),
        ("probes.bt.bed_noise_s", m.probes.bt.bed_noise_s, 0.1, 60.0, "s"),
    ]
}

#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn machine(place: &Place<'_>, m: &MachineSpec) -> Checked {
    id_of_file(place, &m.id)?;
    let (a, b) = (&m.air, &m.bodies);
    ranges(place, &machine_limits(m))?;
    ranges(place, &instruments::instrument_limits(m))?;
    on_grid(place, "probes.interval_s", m.probes.interval_s)?;
    // A body lighter than the heat that passes it in a second moves faster than a step can follow.
    let air_w_k = 1040.0 * a.flow_kg_s * a.flow_share_at_0_pct.max(a.flow_share_at_100_pct);
    let at_plenum = air_w_k + b.plenum_to_wall_w_k;
    // Of T⁴ at 300 °C the slope is 4·573³.
    let radiant_w_k = 4.0 * 573.0 * 573.0 * 573.0 * b.radiant_w_k4;
    let at_wall = radiant_w_k + b.plenum_to_wall_w_k + b.wall_to_beans_w_k + b.wall_to_structure_w_k + b.wall_loss_w_k
        + a.to_empty_wall_w_k;
    let at_structure = b.wall_to_structure_w_k + b.structure_loss_w_k;
    for (key, got_j_k, passing_w_k, most_j_k, passed_by) in [
        ("bodies.plenum_j_k", b.plenum_j_k, at_plenum, 1e7, "the air's flow and bodies.plenum_to_wall_w_k"),
        ("bodies.wall_j_k", b.wall_j_k, at_wall, 1e8, "air.to_empty_wall_w_k, bodies.radiant_w_k4 and bodies.*wall*_w_k"),
        ("bodies.structure_j_k", b.structure_j_k, at_structure, 1e8, "bodies.wall_to_structure_w_k and structure_loss_w_k"),
    ] {
        ranges(place, &[(key, got_j_k, 0.0, most_j_k, "J/K")])?;
        let least_j_k = 1.5 * passing_w_k;
        if got_j_k < least_j_k {
            let (path, key) = (place.path(), place.key(key));
            return Err(ScenarioError::TooLight { path, key, got_j_k, least_j_k, passed_by });
        }
    }
    instruments::probes(place, &m.probes)
}

/// What the numbers of a lot may be.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn lot_limits(lot: &Lot) -> Vec<Limit> {
    let fastest = 0.05 * math::pow(4.0, lot.laws.drying_order - 1.0);
    vec![
        ("moisture_wet_pct", lot.moisture_wet_pct, MOISTURE_WET_PCT.0, MOISTURE_WET_PCT.1, "% wet"),
        ("bean_diameter_mm", lot.bean_diameter_mm, 4.0, 9.0, "mm"),
        ("bean_mass_g", lot.bean_mass_g, 0.08, 0.3, "g"),
        ("first_crack_mean_c", lot.first_crack_mean_c, 170.0, 230.0, "°C"),
        ("first_crack_sd_c", lot.first_crack_sd_c, 0.5, 15.0, "°C"),
        ("second_crack_gap_c", lot.second_crack_gap_c, 10.0, 50.0, "°C"),
        ("flash_share", lot.flash_share, 0.0, 0.5, "of 1"),
        ("drying_factor", lot.drying_factor, 0.1, 3.0, "of 1"),
        ("reaction_factor", lot.reaction_factor, 0.0, 2.0, "of 1"),
        // Faster, and the wettest beans would dry faster than a step can follow.
        ("laws.drying_rate_per_s", lot.laws.drying_rate_per_s, 1e-5, fastest, "1/s"),
        ("laws.drying_activation_k", lot.laws.drying_activation_k, 1000.0, 15_000.0, "K"),
        ("laws.drying_order", lot.laws.drying_order, 1.0, 3.0, "(no unit)"),
        ("laws.reaction_endotherm_kj_kg", lot.laws.reaction_endotherm_kj_kg, 0.0, 200.0, "kJ/kg"),
    ]
}

pub(crate) fn lot(place: &Place<'_>, lot: &Lot) -> Checked {
    id_of_file(place, &lot.id)?;
    ranges(place, &lot_limits(lot))?;
    ranges(place, &instruments::origin_limits(lot))
}

/// The same as [`Limit`] for a number that may be absent.
pub(crate) type LimitIfGiven = (&'static str, Option<f64>, f64, f64, &'static str);

/// What the numbers of a recipe may be; those of its steps apart.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn recipe_limits(recipe: &Recipe) -> [LimitIfGiven; 5] {
    let (drop, after) = (&recipe.drop, recipe.after_drop.as_ref());
    [
        ("drop.bt_c", drop.bt_c, 100.0, 260.0, "°C"),
        ("drop.at_s", drop.at_s, 0.0, 7200.0, "s"),
        ("after_drop.gas_pct", after.map(|set| set.gas_pct), 0.0, 100.0, "%"),
        ("after_drop.air_pct", after.map(|set| set.air_pct), 0.0, 100.0, "%"),
        ("after_drop.drum_pct", after.and_then(|set| set.drum_pct), 10.0, 200.0, "%"),
    ]
}

/// What the numbers of a recipe's step may be.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn step_limits(step: &Step) -> [LimitIfGiven; 5] {
    [
        ("at_s", step.at_s, -3600.0, 7200.0, "s"),
        ("at_bt_c", step.at_bt_c, 50.0, 260.0, "°C"),
        ("gas_pct", step.gas_pct, 0.0, 100.0, "%"),
        ("air_pct", step.air_pct, 0.0, 100.0, "%"),
        ("drum_pct", step.drum_pct, 10.0, 200.0, "%"),
    ]
}

pub(crate) fn recipe(place: &Place<'_>, recipe: &Recipe) -> Checked {
    id_of_file(place, &recipe.id)?;
    steps(place, &recipe.steps)?;
    if let Some(table) = &recipe.follow {
        follow::follow(place, table)?;
    }
    let drop = &recipe.drop;
    match (drop.bt_c, drop.at_s) {
        (None, None) => return Err(ScenarioError::NoDrop { path: place.path() }),
        (_, Some(got_s)) if got_s <= 0.0 => {
            return Err(ScenarioError::DropBeforeCharge { path: place.path(), got_s });
        }
        _ => {}
    }
    recipe_limits(recipe).iter().try_for_each(|&(key, got, low, high, unit)| {
        got.map_or(Ok(()), |got| range(place, key, got, low, high, unit))
    })
}

/// What is wrong with entry `index` of the list `key`, such as a step.
pub(super) fn bad_step(place: &Place<'_>, key: &str, index: usize, problem: String) -> ScenarioError {
    ScenarioError::BadStep { path: place.path(), key: place.key(key), index: index + 1, problem }
}

fn steps(place: &Place<'_>, steps: &[Step]) -> Checked {
    let Some(first) = steps.first() else {
        return Err(bad_step(
            place,
            "step",
            0,
            "the recipe has none; it needs at least one, with gas_pct and air_pct".into(),
        ));
    };
    if first.gas_pct.is_none() || first.air_pct.is_none() || first.at_s.is_none_or(|s| s > 0.0) {
        let problem =
            "the first step is in force from the start: it needs gas_pct, air_pct and an at_s of 0 or less";
        return Err(bad_step(place, "step", 0, problem.into()));
    }
    let (mut latest_s, mut hottest_c) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (index, each) in steps.iter().enumerate() {
        step(place, index, each)?;
        let (at_s, at_bt_c) = (each.at_s.unwrap_or(latest_s), each.at_bt_c.unwrap_or(hottest_c));
        if at_s < latest_s {
            return Err(bad_step(
                place,
                "step",
                index,
                format!("at_s = {at_s} lies before a step at {latest_s} s"),
            ));
        }
        if at_bt_c < hottest_c {
            return Err(bad_step(
                place,
                "step",
                index,
                format!("at_bt_c = {at_bt_c} lies below a step at {hottest_c} °C"),
            ));
        }
        (latest_s, hottest_c) = (at_s, at_bt_c);
    }
    Ok(())
}

fn step(place: &Place<'_>, index: usize, step: &Step) -> Checked {
    if step.at_s.is_none() && step.at_bt_c.is_none() {
        let problem = "it has neither at_s nor at_bt_c; a step has one, or both for whichever comes first";
        return Err(bad_step(place, "step", index, problem.into()));
    }
    step_limits(step).iter().try_for_each(|&(name, got, low, high, unit)| {
        let key = format!("step {}.{name}", index + 1);
        got.map_or(Ok(()), |got| range(place, &key, got, low, high, unit))
    })
}

/// What the numbers of a scenario may be, each by itself or with another.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn scenario_limits(s: &Scenario) -> Vec<Limit> {
    let (r, o) = (&s.recording, &s.operator);
    vec![
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
        ("operator.forgets_share", o.forgets_share, 0.0, 1.0, "of 1"),
        ("operator.control_delay_s_min", o.control_delay_s_min, 0.0, 60.0, "s"),
        ("operator.control_delay_s_max", o.control_delay_s_max, o.control_delay_s_min, 60.0, "s"),
        ("operator.gas_error_pct", o.gas_error_pct, 0.0, 20.0, "%"),
    ]
}

/// What the numbers of a day may be, given those of its scenario.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn day_limits(day: &RoastingDay, s: &Scenario) -> Vec<LimitIfGiven> {
    // A recording ends before the next charge, and the recipe's own lead-in comes after preheating.
    let r = &s.recording;
    let preheat_s_least = if day.preheat_s > 0.0 { r.lead_in_s } else { 0.0 };
    vec![
        ("day.roasts", Some(f64::from(day.roasts)), 1.0, 1.0 + f64::from(s.history_roasts), "roasts"),
        ("day.preheat_s", Some(day.preheat_s), preheat_s_least, 14_400.0, "s"),
        ("day.preheat_gas_pct", Some(day.preheat_gas_pct), 0.0, 100.0, "%"),
        ("day.preheat_air_pct", Some(day.preheat_air_pct), 0.0, 100.0, "%"),
        ("day.pause_s", Some(day.pause_s), r.cooling_s + crate::machine::STEP_S, 7200.0, "s"),
        ("day.charge_bt_c", day.charge_bt_c, 20.0, 400.0, "°C"),
        ("day.pause_s_max", Some(day.pause_s_max), day.pause_s, 7200.0, "s"),
    ]
}

fn day(place: &Place<'_>, day: &RoastingDay, s: &Scenario) -> Checked {
    day_limits(day, s).iter().try_for_each(|&(key, got, low, high, unit)| {
        got.map_or(Ok(()), |got| range(place, key, got, low, high, unit))
    })?;
    on_grid(place, "day.preheat_s", day.preheat_s)?;
    on_grid(place, "day.pause_s", day.pause_s)?;
    on_grid(place, "day.pause_s_max", day.pause_s_max)
}

pub(crate) fn scenario(place: &Place<'_>, s: &Scenario) -> Checked {
    let r = &s.recording;
    ranges(place, &scenario_limits(s))?;
    on_grid(place, "recording.lead_in_s", r.lead_in_s)?;
    on_grid(place, "recording.cooling_s", r.cooling_s)?;
    on_grid(place, "recording.timeout_s", r.timeout_s)?;
    s.day.as_ref().map_or(Ok(()), |of| day(place, of, s))?;
    // Less than a hundredth of what a drum is made for is no bed: it would follow air and wall faster
    // than a step can.
    let least_kg = 0.01 * s.machine.capacity_kg;
    range(place, "charge.mass_kg", s.charge.mass_kg, least_kg, 10_000.0, "kg")?;
    let (got_kg, limit_kg) = (s.charge.mass_kg, s.machine.capacity_kg);
    if got_kg > limit_kg {
        let machine = s.machine.id.clone();
        return Err(ScenarioError::ChargeTooHeavy { path: place.path(), machine, got_kg, limit_kg });
    }
    if let Some(drop_s) = s.recipe.drop.at_s.filter(|drop_s| *drop_s > r.timeout_s) {
        return Err(ScenarioError::EndBeforeDrop { path: place.path(), timeout_s: r.timeout_s, drop_s });
    }
    Ok(())
}
