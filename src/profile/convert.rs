//! Profiles out of logs, and into logs that Artisan opens as a background.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use trier_logs::{LogFormat, RoastLog};
use trier_pipeline::records::{Figure, Profile, Roast};
use trier_pipeline::{Basis, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Sample, TempUnit, Trust};

use crate::input::{Inputs, sort_out};
use crate::output::Failure;
use crate::recorded::read_one;

/// The profile that asks for what a log's roast was.
pub(super) fn of_log(
    path: &Path,
    name: &str,
    author: &str,
    machine: Option<&str>,
) -> Result<Profile, Failure> {
    let inputs = sort_out(&[PathBuf::from(path)])?;
    let Inputs::Logs(files) = &inputs else {
        return Err(Failure::usage(format!("{} is no log", path.display())));
    };
    let file = files.first().ok_or_else(|| Failure::usage(format!("{} holds no log", path.display())))?;
    let refused = |why: String| Failure::usage(format!("{}: {why}", path.display()));
    let log = read_one(file, None).map_err(refused)?;
    let machine: Arc<str> = machine.unwrap_or(&file.machine).into();
    let config = StreamConfig { source: file.source.as_str().into(), machine, trust: Trust::Unsigned };
    let mut stream = Stream::new(config, Vec::new(), Basis::default());
    let mut out = Outputs::default();
    log.readings().into_iter().for_each(|reading| stream.push(reading, &mut out));
    stream.end(&mut out);
    let session = out.sessions.first().ok_or_else(|| refused("no roast was found in it".to_owned()))?;
    let weights_kg = [log.weight_in_kg, log.weight_out_kg];
    let roast = Roast { session, telemetry: &out.telemetry, weights_kg };
    Profile::of_roast(name, author, &roast).map_err(|error| Failure::of(&error))
}

/// The roast that a profile asks for, a sample a second, as the writers want it; why there is none.
pub(super) fn to_log(profile: &Profile) -> Result<RoastLog, Failure> {
    let last_s = profile.curve.t_s.last().copied().filter(|last_s| *last_s > 0.0);
    let last_s = last_s.ok_or_else(|| {
        let name = format!("{}@{}", profile.name, profile.version);
        Failure::usage(format!(
            "{name} has no curve, and Artisan's files are curves\nhint: export it with --format toml"
        ))
    })?;
    let zero = EventTime::default();
    let mut samples = Vec::new();
    let mut set = Sample::default();
    let mut steps = profile.controls.iter().peekable();
    for s in 0_u32.. {
        let t_s = f64::from(s);
        if t_s > last_s {
            break;
        }
        while let Some(step) = steps.next_if(|step| step.t_s <= t_s) {
            set.gas_pct = step.gas_pct.or(set.gas_pct);
            set.air_pct = step.air_pct.or(set.air_pct);
            set.drum_rpm = step.drum_rpm.or(set.drum_rpm);
        }
        samples.push((zero.plus_s(t_s), Sample { bt_c: profile.bt_at_c(t_s), ..set }));
    }
    let asked = |figure| profile.targets.get(&figure).map(|target| target.value);
    let marks = [
        (MarkKind::Charge, Some(0.0)),
        (MarkKind::DryEnd, asked(Figure::DryEndS)),
        (MarkKind::FirstCrackStart, asked(Figure::FirstCrackS)),
        (MarkKind::Drop, asked(Figure::DropS)),
    ];
    let mark = |(kind, at_s): (MarkKind, Option<f64>)| {
        let at = zero.plus_s(at_s.filter(|at_s| *at_s <= last_s)?);
        Some(Mark { kind, at, source: MarkSource::Operator, confidence: 1.0 })
    };
    let mut marks: Vec<Mark> = marks.into_iter().filter_map(mark).collect();
    marks.sort_by_key(|mark| mark.at);
    let green_kg = asked(Figure::ChargeMassKg);
    let loss_pct = asked(Figure::WeightLossPct);
    Ok(RoastLog {
        format: LogFormat::ArtisanAlog,
        device: profile.machine.clone().unwrap_or_default(),
        declared_unit: TempUnit::Celsius,
        started: None,
        title: format!("{} {}", profile.name, profile.version),
        is_fork: false,
        machine_key: None,
        sample_interval_s: 1.0,
        samples,
        marks,
        weight_in_kg: green_kg,
        weight_out_kg: green_kg.zip(loss_pct).map(|(kg, loss_pct)| kg * (1.0 - loss_pct / 100.0)),
        findings: Vec::new(),
    })
}
