//! Which logs can be calibrated on, in time order, and why the others cannot.

use std::path::PathBuf;

use trier_logs::{FindingCode, RoastLog};
use trier_sim::calibrate::Observed;

use crate::input::{self, Inputs};
use crate::output::{self, Failure};
use crate::run::read_log;

/// Reads `paths` and keeps what can be calibrated on.
pub(super) fn read(paths: &[PathBuf], charge_kg: Option<f64>) -> Result<Vec<Observed>, Failure> {
    let Inputs::Logs(files) = input::sort_out(paths)? else {
        return Err(Failure::usage("x"));
    };
    let mut logs: Vec<(String, RoastLog)> = Vec::new();
    for file in files {
        match read_log(&file) {
            Ok(log) => logs.push((file.source, log)),
            Err(e) => output::prose(&format!("{}: {e}", file.source)),
        }
    }
    let refs: Vec<&RoastLog> = logs.iter().map(|l| &l.1).collect();
    let copies = trier_logs::repeats(&refs);
    let mut kept = Vec::new();
    for ((source, log), copy) in logs.iter().zip(copies) {
        let simulated = log.findings.iter().any(|f| f.code == FindingCode::SimulatorSuspect);
        if copy.is_some() || simulated || log.is_fork {
            output::prose(&format!("{source}: copy, simulated or another's"));
            continue;
        }
        match Observed::from_readings(source, &log.readings(), log.weight_in_kg.or(charge_kg), None) {
            Ok(o) => kept.push((log.started, o)),
            Err(e) => output::prose(&format!("{source}: {e}")),
        }
    }
    kept.sort_by(|a, b| (a.0, &a.1.source).cmp(&(b.0, &b.1.source)));
    Ok(kept.into_iter().map(|k| k.1).collect())
}
