//! Which logs can be calibrated on, in time order, and why the others cannot.

use std::path::PathBuf;

use trier_logs::{FindingCode, RoastLog};
use trier_reports::terminal::clean;
use trier_roast::EventTime;
use trier_sim::calibrate::Observed;

use crate::input::{self, Inputs};
use crate::output::{self, Failure};
use crate::recorded::read_one;

/// Fewer roasts than this cannot both train and test.
const ROASTS_LEAST: usize = 2;

/// Reads `paths` and keeps what can be calibrated on, in time order. What cannot be used is said on
/// stderr, file by file.
pub(super) fn read(
    paths: &[PathBuf],
    charge_kg: Option<f64>,
    weighed: bool,
) -> Result<Vec<Observed>, Failure> {
    let Inputs::Logs(files) = input::sort_out(paths)? else {
        return Err(Failure::usage("these are scenarios\nhint: name recorded roasts, or folders of them"));
    };
    let n_files = files.len();
    let mut logs: Vec<(String, RoastLog)> = Vec::new();
    for file in files {
        match read_one(&file, None) {
            Ok(log) => logs.push((file.source, log)),
            Err(reason) => left_out(&file.source, &reason),
        }
    }
    let copies = trier_logs::repeats(&logs.iter().map(|(_, log)| log).collect::<Vec<_>>());
    let mut kept: Vec<(Option<EventTime>, Observed)> = Vec::new();
    for ((source, log), copy) in logs.iter().zip(copies) {
        if weighed && log.weight_out_kg.is_none() {
            left_out(source, "its yield was not weighed");
            continue;
        }
        match usable(source, log, copy.map(|of| logs[of].0.as_str()), charge_kg) {
            Ok(roast) => kept.push((log.started, roast)),
            Err(reason) => left_out(source, &reason),
        }
    }
    if kept.len() < ROASTS_LEAST {
        return Err(Failure::usage(format!(
            "{} of {n_files} files can be calibrated on; at least {ROASTS_LEAST} are needed, one to train and one to test\nhint: a roast needs its heat control over time (slider events in Artisan), its charge mass (else --charge-kg) and a drop mark; the lines above say what each file lacks",
            kept.len()
        )));
    }
    output::prose(&format!("{} of {n_files} files can be calibrated on", kept.len()));
    kept.sort_by(|a, b| (a.0, &a.1.source).cmp(&(b.0, &b.1.source)));
    Ok(kept.into_iter().map(|(_, roast)| roast).collect())
}

fn usable(
    source: &str,
    log: &RoastLog,
    copy_of: Option<&str>,
    charge_kg: Option<f64>,
) -> Result<Observed, String> {
    if let Some(other) = copy_of {
        return Err(format!("the same readings as {other}"));
    }
    if log.findings.iter().any(|finding| finding.code == FindingCode::SimulatorSuspect) {
        return Err("a simulation, no machine's roast".to_owned());
    }
    if log.is_fork {
        return Err("somebody else's roast, from another machine".to_owned());
    }
    Observed::from_readings(source, &log.readings(), log.weight_in_kg.or(charge_kg), None)
        .map_err(|reason| reason.to_string())
}

fn left_out(source: &str, reason: &str) {
    output::prose(&format!("left out: {}: {}", clean(source), clean(reason)));
}
