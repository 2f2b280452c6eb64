//! The machine's file: what was fitted, with its unit and how well it is known.

use std::fmt::Write;

use super::{Estimate, Level, Model, Observed};
use crate::MachineSpec;

/// What the first line of every file that [`machine_toml`] makes begins with, by which it is known again.
pub const WRITTEN_BY: &str = "Written by `sim calibrate`";

impl Model {
    /// This model's machine under its own name, standing as these roasts found it.
    ///
    /// - `family`: what it was fitted from; `id`: the name of its file, without `.toml`.
    #[must_use]
    pub fn machine_for(&self, roasts: &[&Observed], id: &str, family: &MachineSpec) -> MachineSpec {
        let mut machine = self.machine.clone();
        machine.id = id.to_owned();
        machine.title = format!("Calibrated on {} roasts from {}", roasts.len(), family.title);
        // The middle roast by its wall stands for all.
        let mut metal: Vec<(f64, f64)> = roasts.iter().map(|roast| self.start.metal_c(roast, 0.0)).collect();
        metal.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((wall_c, structure_c)) = metal.get(metal.len() / 2) {
            machine.start.wall_c = rounded(wall_c.clamp(-20.0, 400.0));
            machine.start.structure_c = rounded(structure_c.clamp(-20.0, 400.0));
            machine.start.plenum_c = machine.start.plenum_c.clamp(-20.0, 600.0);
        }
        machine
    }
}

/// Four significant digits: more would be read as knowledge.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// `machine` as a file, a comment behind each number that was fitted.
///
/// Numbers that were not fitted keep the family's and say so once, at the top.
///
/// # Errors
/// When `machine` cannot be written as TOML, which would be a fault of ours.
pub fn machine_toml(
    machine: &MachineSpec,
    estimates: &[Estimate],
    remarks: &[String],
) -> Result<String, toml::ser::Error> {
    let mut machine = toml::Table::try_from(machine)?;
    for estimate in estimates.iter().filter(|estimate| estimate.level == Level::Machine) {
        put(&mut machine, estimate.key, rounded(estimate.value));
    }
    let plain = toml::to_string(&machine)?;
    let mut out = String::new();
    for remark in remarks {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "# {remark}");
    }
    let mut table = String::new();
    for line in plain.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = format!("{name}.");
        }
        let key = line.split_once(" = ").map(|(key, _)| format!("{table}{key}"));
        let estimate = key.and_then(|key| estimates.iter().find(|estimate| estimate.key == key));
        match estimate {
            Some(e) => {
                let known = if e.sd_ratio < 0.8 {
                    ""
                } else {
                    "; hardly more than the family's, the roasts say little"
                };
                let _ = writeln!(
                    out,
                    "{line} # {}; fitted, {} to {} within one standard error, family {}{known}",
                    e.unit,
                    rounded(e.low),
                    rounded(e.high),
                    rounded(e.prior)
                );
            }
            None => {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    Ok(out)
}

/// Sets the number under a dotted key that is there.
fn put(table: &mut toml::Table, key: &str, value: f64) {
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    match (table.get_mut(first), rest) {
        (Some(toml::Value::Table(inner)), Some(rest)) => put(inner, rest, value),
        (Some(there), None) => *there = toml::Value::Float(value),
        _ => {}
    }
}
