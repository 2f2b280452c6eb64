//! From a case file to a checked case.

use super::demand::{MustNot, NO_SESSION};
use super::file::{CaseFile, Expect, RetiredFile};
use super::log::RoastLog;
use super::{Case, Input, Provenance, Retired, SCHEMA, Seeds};
use crate::error::{InputError, check_id, check_said, check_schema, read_toml};
use std::path::{Path, PathBuf};
use trier_pipeline::sessionize::Outcome;
use trier_roast::{Date, EventTime};
use trier_sim::Scenario;

/// What the pipeline may make of a roast.
const OUTCOMES: [&str; 7] = [
    Outcome::Complete.name(),
    Outcome::NoDrop.name(),
    Outcome::Aborted.name(),
    Outcome::Preheat.name(),
    Outcome::Cooling.name(),
    Outcome::NoBeans.name(),
    NO_SESSION,
];

impl Case {
    /// Reads the case at `path`. Its scenario file must exist, and is read for machine, lot and batch
    /// only: one that cannot be used is the runner's to report, and may be what the case is about. A log is read whole.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, or a value out of place, by file and key.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        Self::read(path).map(|(case, _)| case)
    }

    /// The same, and the file as written.
    pub(crate) fn read(path: &Path) -> Result<(Self, CaseFile), InputError> {
        let file: CaseFile =
            read_toml(path, "give the path of a case file, such as golden/cases/steady.toml")?;
        check_schema(path, &file.schema, SCHEMA)?;
        check_id(path, "id", &file.id)?;
        check_said(path, "why", &file.why, "say what would go unseen without this case")?;
        for (i, tag) in file.tags.iter().enumerate() {
            check_id(path, &format!("tags[{i}]"), tag)?;
        }
        let provenance = provenance(path, &file)?;
        check_expect(path, &file)?;
        let input = input(path, &file)?;
        let seeds = seeds(path, &file)?;
        let roasts = roasts(&input)?;
        let about = roasts.as_ref().map(|(machine, lot, kg)| (machine.as_str(), lot.as_str(), *kg));
        let scope = file.scope.as_ref().map(|scope| scope.checked(path, about)).transpose()?;
        let bounds = file.bounds.iter().enumerate().map(|(i, bound)| bound.checked(path, i));
        let faults = file.faults.iter().enumerate().map(|(i, fault)| fault.checked(path, i));
        let must_not = file.must_not.iter().enumerate().map(|(i, text)| MustNot::parse(path, i, text));
        let (machine, lot, _) = about.unwrap_or_default();
        let case = Self {
            id: file.id.as_str().into(),
            path: path.to_owned(),
            machine: machine.into(),
            lot: lot.into(),
            why: file.why.clone(),
            tags: file.tags.clone(),
            provenance,
            source: file.source.clone(),
            seeds,
            expect: file.expect.clone(),
            must_have: file.must_have.as_ref().map(|must| must.checked(path)).transpose()?,
            bounds: bounds.collect::<Result<_, _>>()?,
            must_not: must_not.collect::<Result<_, _>>()?,
            scope,
            retired: file.retired.as_ref().map(|retired| checked_retired(path, retired)).transpose()?,
            faults: faults.collect::<Result<_, _>>()?,
            digest: super::digest::digest(&file, &input)?,
            input,
        };
        Ok((case, file))
    }
}

fn provenance(path: &Path, file: &CaseFile) -> Result<Provenance, InputError> {
    let Some(found) = Provenance::ALL.into_iter().find(|known| known.name() == file.provenance) else {
        let limit = "synthetic, real_success or real_failure";
        let hint = "a log that we made ourselves is synthetic";
        return Err(InputError::value(path, "provenance", &file.provenance, limit, hint));
    };
    if found != Provenance::Synthetic {
        check_said(path, "source", &file.source, "say whose roast it is and where it comes from")?;
        if file.log.is_none() {
            let hint = "what a scenario makes is synthetic";
            return Err(InputError::value(
                path,
                "provenance",
                &file.provenance,
                "synthetic without a log",
                hint,
            ));
        }
    }
    Ok(found)
}

/// What is expected must be of a known kind, and a refusal leaves nothing to hold.
fn check_expect(path: &Path, file: &CaseFile) -> Result<(), InputError> {
    match &file.expect {
        Expect::Run => Ok(()),
        Expect::Outcome(name) if OUTCOMES.contains(&name.as_str()) => Ok(()),
        Expect::Outcome(name) => {
            let limit = format!("one of {}", OUTCOMES.join(", "));
            let hint = "outcomes of sessions are in docs/detection.md; none means that there is no session";
            Err(InputError::value(path, "expect.outcome", &format!("\"{name}\""), &limit, hint))
        }
        Expect::Refuse(code) => {
            check_id(path, "expect.refuse", code)?;
            let given = [
                ("bounds", file.bounds.is_empty()),
                ("must_not", file.must_not.is_empty()),
                ("must_have", file.must_have.is_none()),
                ("fault", file.faults.is_empty()),
                ("seeds", file.seeds.is_none()),
                ("log", file.log.is_none()),
            ];
            match given.into_iter().find(|(_, is_absent)| !is_absent) {
                None => Ok(()),
                Some((key, _)) => {
                    let hint = "of a refused case there is nothing to hold";
                    Err(InputError::value(path, key, "given", "absent with expect.refuse", hint))
                }
            }
        }
    }
}

fn input(path: &Path, file: &CaseFile) -> Result<Input, InputError> {
    let found = |key: &str, named: &Path| -> Result<PathBuf, InputError> {
        let full = path.parent().unwrap_or(Path::new("")).join(named);
        if full.is_file() {
            return Ok(full);
        }
        let hint = "the path counts from the folder of the case file";
        let limit = if key == "scenario" { "an existing scenario file" } else { "an existing log" };
        Err(InputError::value(path, key, &named.display().to_string(), limit, hint))
    };
    match (&file.scenario, &file.log) {
        (Some(scenario), None) => {
            if !file.earlier_logs.is_empty() {
                let hint = "a scenario says itself what the machine roasted before";
                return Err(InputError::value(path, "earlier_logs", "given", "absent with scenario", hint));
            }
            Ok(Input::Scenario(found("scenario", scenario)?))
        }
        (None, Some(log)) => {
            let earlier = file.earlier_logs.iter().enumerate();
            let earlier = earlier.map(|(i, log)| found(&format!("earlier_logs[{i}]"), log));
            Ok(Input::Log { path: found("log", log)?, earlier: earlier.collect::<Result<_, _>>()? })
        }
        (both, _) => {
            let value = if both.is_some() { "given beside log" } else { "absent, and log too" };
            let hint = "a case roasts one thing";
            Err(InputError::value(path, "scenario", value, "given, or log", hint))
        }
    }
}

fn seeds(path: &Path, file: &CaseFile) -> Result<Option<Seeds>, InputError> {
    let Some(text) = &file.seeds else { return Ok(None) };
    if file.log.is_some() {
        let hint = "a log happened once";
        return Err(InputError::value(path, "seeds", text, "absent with log", hint));
    }
    Seeds::parse(text).map(Some).ok_or_else(|| {
        let limit = format!("\"first..last\", both included, below {}", super::SEEDS_END);
        InputError::value(path, "seeds", text, &limit, "\"1..2\" means two seeds")
    })
}

/// Machine, lot and batch, kg, of what is roasted; None of a scenario that cannot be used.
fn roasts(input: &Input) -> Result<Option<(String, String, f64)>, InputError> {
    match input {
        Input::Scenario(path) => Ok(Scenario::load(path)
            .ok()
            .map(|scenario| (scenario.machine.id, scenario.lot.id, scenario.charge.mass_kg))),
        Input::Log { path, earlier } => {
            let log = RoastLog::load(path)?;
            for path in earlier {
                let machine = RoastLog::load(path)?.machine;
                if machine != log.machine {
                    let limit = format!("\"{}\", as that of the case", log.machine);
                    let hint = "one machine is not known by another's roasts";
                    return Err(InputError::value(path, "machine", &format!("\"{machine}\""), &limit, hint));
                }
            }
            Ok(Some((log.machine, log.lot, log.batch_kg)))
        }
    }
}

fn checked_retired(path: &Path, file: &RetiredFile) -> Result<Retired, InputError> {
    check_said(path, "retired.why", &file.why, "say why the case tells nothing any more")?;
    let numbers: Vec<Option<i64>> = file.on.split('-').map(|part| part.parse().ok()).collect();
    let date = match numbers[..] {
        [Some(year), Some(month), Some(day)] => Some(Date { year, month, day }),
        _ => None,
    };
    let is_day = date.is_some_and(|date| {
        date.to_string() == file.on && date.midnight().is_some_and(EventTime::is_wall_time)
    });
    if !is_day {
        let hint = "for example \"2026-11-22\"";
        return Err(InputError::value(path, "retired.on", &file.on, "a day as year-month-day", hint));
    }
    Ok(Retired { on: file.on.clone(), why: file.why.clone() })
}
