//! What must hold of every roast, however strange.

use trier_roast::{MarkKind, ReadingBody};
use trier_sim::{BatchRun, Outcome, Scenario};

/// Refuses a run with a number that is none, open books, time that runs back, or no proper end.
pub(crate) fn hold(scenario: &Scenario, run: &BatchRun) -> Result<(), String> {
    numbers(run)?;
    books(run)?;
    one_way(run)?;
    end(scenario, run)
}

fn numbers(run: &BatchRun) -> Result<(), String> {
    for reading in &run.readings {
        let ReadingBody::Sample(s) = &reading.body else { continue };
        let shown = [s.bt_c, s.et_c, s.inlet_c, s.drum_c, s.gas_pct, s.air_pct, s.drum_rpm];
        if !shown.iter().all(|value| value.is_some_and(f64::is_finite)) {
            return Err(format!("a display shows {shown:?}"));
        }
    }
    for row in &run.truth {
        let metal = [row.heater_w, row.plenum_c, row.outlet_c, row.wall_c, row.structure_c];
        let beans = [
            row.bean_shell_c,
            row.bean_core_c,
            row.moisture,
            row.organic_loss,
            row.reaction_kj_kg,
            row.dose_min,
            row.cracked,
            row.second_cracked,
            row.pops,
            row.lightness,
            row.redness,
            row.yellowness,
            row.agtron,
            row.beans_popped,
            row.beans_popping_per_s,
            row.expansion,
            row.bean_volume_mm3,
            row.bean_density_g_cm3,
            row.weight_loss_pct,
        ];
        let metal = metal.iter().all(|value| value.is_finite());
        if !metal || !beans.iter().flatten().all(|value| value.is_finite()) {
            return Err(format!("no number in the row at {} s: {row:?}", row.since_charge_s));
        }
    }
    Ok(())
}

fn books(run: &BatchRun) -> Result<(), String> {
    // B18. A run that breaks them stops with an error; this holds what it says of itself to its rows.
    let worst = |of: fn(&trier_sim::TruthRow) -> f64| run.truth.iter().map(of).fold(0.0, f64::max);
    let (energy, mass) = (worst(|row| row.energy_residual.abs()), worst(|row| row.mass_residual.abs()));
    let says = run.closure;
    if energy > says.energy || mass > says.mass || says.energy > 1e-9 || says.mass > 1e-12 || says.steps == 0
    {
        return Err(format!("books: {says:?}, rows {energy:e} {mass:e}"));
    }
    Ok(())
}

fn one_way(run: &BatchRun) -> Result<(), String> {
    if !run.readings.windows(2).all(|pair| pair[0].at <= pair[1].at) {
        return Err("readings run back".into());
    }
    let beans: Vec<_> = run.truth.iter().filter(|row| row.moisture.is_some()).collect();
    for pair in beans.windows(2) {
        let (was, is) = (pair[0], pair[1]);
        // B18: water and dry matter only leave, the rest only grows, and shares are shares.
        let falls = is.moisture <= was.moisture && is.moisture >= Some(0.0);
        let grows = is.organic_loss >= was.organic_loss
            && is.reaction_kj_kg >= was.reaction_kj_kg
            && is.dose_min >= was.dose_min
            && is.cracked >= was.cracked
            && is.second_cracked >= was.second_cracked;
        let bounded = is.cracked <= Some(1.0) && is.weight_loss_pct < Some(100.0) && is.pops >= Some(0.0);
        if !(falls && grows && bounded) {
            return Err(format!("from {was:?} to {is:?}"));
        }
    }
    Ok(())
}

fn end(scenario: &Scenario, run: &BatchRun) -> Result<(), String> {
    let at = |kind| run.truth_marks.iter().find(|m| m.kind == kind).map(|m| m.at.since_s(run.charged));
    let last_s = run.truth.last().map_or(f64::NAN, |row| row.since_charge_s);
    let sound = match run.outcome {
        Outcome::Dropped => at(MarkKind::Drop)
            .is_some_and(|drop_s| drop_s <= scenario.recording.timeout_s && last_s >= drop_s),
        // The last row may be up to one interval of the display before the end.
        Outcome::TimedOut => {
            let interval_s = scenario.machine.probes.interval_s;
            // Jitter may put the last sample after the end and the one before it half an interval early, and lost
            // samples may be the last ones.
            let is_seen = last_s > scenario.recording.timeout_s - 2.0 * interval_s - 0.25;
            at(MarkKind::Drop).is_none() && (is_seen || scenario.machine.probes.missing_share > 0.0)
        }
        // Ended otherwise, for a reason that has a name: never with beans out.
        _ => at(MarkKind::Drop).is_none() && !run.outcome.code().is_empty(),
    };
    let longest_s = {
        let (r, day) = (&scenario.recording, scenario.day.clone().unwrap_or_default());
        r.lead_in_s.max(day.preheat_s) + day.pause_s_max + r.timeout_s + r.cooling_s
    };
    if f64::from(run.closure.steps) * 0.25 > longest_s {
        return Err(format!("{} steps, more than {longest_s} s", run.closure.steps));
    }
    if sound { Ok(()) } else { Err(format!("{:?} with {:?}", run.outcome, run.truth_marks)) }
}
