//! `sim calibrate`: fits a machine to somebody's own roasts, and says how far it is off on roasts it
//! never saw.

mod logs;
mod misses;
mod report;

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use trier_sim::calibrate::{self, Fit, Model, Observed, Problem};
use trier_sim::{Lot, MachineSpec};
use trier_tables::RunFolder;

use crate::exit::Exit;
use crate::output::{self, Failure};
use crate::progress;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim calibrate ~/roasts --family ei1
  sim calibrate ~/roasts --family ei1 --out scenarios/machines/mine.toml
  sim calibrate ~/roasts --machine scenarios/machines/mine.toml --charge-kg 0.22 --json

The logs are those of one machine. Each needs a heat control, a charge mass and a drop; what cannot be
used is named with the reason. Each roast is held out once, every fourth at a time; of the others at most
eight train, spread evenly over time. The machine that is kept is fitted on eight spread over all.")]
pub(crate) struct Args {
    /// Logs of one machine: files and folders
    #[arg(required = true)]
    logs: Vec<PathBuf>,
    /// Machine to start from, by its name or family in the library, made as large as the roasts
    #[arg(long, required_unless_present = "machine")]
    family: Option<String>,
    /// Machine file (.toml) to start from, as large as it is
    #[arg(long, value_name = "FILE", conflicts_with = "family")]
    machine: Option<PathBuf>,
    /// Folder that holds machines/ and beans/
    #[arg(long, value_name = "DIR", default_value = "scenarios")]
    library: PathBuf,
    /// Lot that stands for the roasted beans, by its name in the library
    #[arg(long, default_value = "washed-highland")]
    beans: String,
    /// Machine file to write
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder to write the tables and run.json to; it must not hold another run
    #[arg(long, value_name = "DIR")]
    tables: Option<PathBuf>,
    /// Roasts to train on
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=8))]
    train: u16,
    /// Places in the prior to start from
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=64))]
    starts: u32,
    /// Charge mass of roasts that do not say theirs, kg
    #[arg(long, value_name = "KG", value_parser = charge_kg)]
    charge_kg: Option<f64>,
    /// Use only roasts whose yield was weighed too: a charge mass alone may be a program's default
    #[arg(long, conflicts_with = "charge_kg")]
    weighed: bool,
    /// Threads; results are the same for any number [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Print rows as JSON Lines instead
    #[arg(long)]
    json: bool,
}

/// A charge mass that a machine can hold.
fn charge_kg(text: &str) -> Result<f64, String> {
    let (least, most) = calibrate::CHARGE_KG;
    let kg: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (least..=most).contains(&kg) { Ok(kg) } else { Err(format!("not between {least} and {most} kg")) }
}

/// One fit's roasts: those trained on and those held out, by place in time.
struct Fold<'a> {
    train: Vec<usize>,
    held: Vec<usize>,
    problem: Problem<'a>,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let tables = args.tables.as_deref().map(RunFolder::create).transpose()?;
    let id = args.out.as_deref().map_or_else(|| Ok("calibrated".to_owned()), id_of)?;
    args.out.as_deref().map(refuse_place).transpose()?;
    let family = family(args)?;
    let lot_path = args.library.join("beans").join(format!("{}.toml", args.beans));
    let lot = Lot::load(&lot_path).map_err(|error| Failure::of(&error))?;
    let roasts = logs::read(&args.logs, args.charge_kg, args.weighed)?;
    let prior = prior(args, &family, &lot, &roasts);

    let train = usize::from(args.train);
    let pick = |places: &[usize]| places.iter().map(|place| &roasts[*place]).collect::<Vec<&Observed>>();
    let mut folds: Vec<Fold<'_>> = calibrate::folds(roasts.len(), train)
        .into_iter()
        .map(|(train, held)| Fold { problem: Problem::new(&prior, pick(&train)), train, held })
        .collect();
    // The machine to keep is fitted on all that may train.
    let all = calibrate::spread_evenly(roasts.len(), train);
    folds.push(Fold { problem: Problem::new(&prior, pick(&all)), train: all, held: vec![] });
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.jobs.map_or(0, usize::from))
        .build()
        .map_err(|error| Failure::of(&error))?;
    let fits = pool.install(|| fit_all(&folds, args.starts));
    let report = pool.install(|| report::Report::new(&roasts, &folds, &fits, &prior))?;
    report.print(args.json)?;

    let (Some(kept), Some(fold)) = (fits.last(), folds.last()) else {
        return Err(Failure::usage("there is nothing to fit"));
    };
    if let Some(path) = &args.out {
        let machine = kept.model.machine_for(&pick(&fold.train), &id, &family);
        let text = report.machine_file(&machine, &family.id, fold.train.len())?;
        write_machine(path, &text)?;
    }
    if let Some(folder) = tables {
        let inputs: Vec<&Path> = args.logs.iter().map(PathBuf::as_path).collect();
        report.write(folder, &inputs)?;
    }
    Ok(Exit::OK)
}

/// The best fit of each fold, from all its starts.
fn fit_all(folds: &[Fold<'_>], starts: u32) -> Vec<Fit> {
    let units: Vec<(usize, u32)> =
        (0..folds.len()).flat_map(|fold| (0..starts).map(move |start| (fold, start))).collect();
    let bar = progress::bar(units.len(), "fits");
    let fits: Vec<Fit> = units
        .par_iter()
        .map(|(fold, start)| folds[*fold].problem.fit_from(*start))
        .inspect(|_| bar.inc(1))
        .collect();
    bar.finish_and_clear();
    #[allow(clippy::cast_possible_truncation)] // 64 at most.
    let per_fold = starts as usize;
    fits.chunks(per_fold).filter_map(|fits| Problem::best(fits.to_vec())).collect()
}

fn prior(args: &Args, family: &MachineSpec, lot: &Lot, roasts: &[Observed]) -> Model {
    let masses: Vec<f64> = roasts.iter().map(|roast| roast.charge_kg).collect();
    let model = match calibrate::middle_and_largest(&masses) {
        Some((typical_kg, largest_kg)) if args.machine.is_none() => {
            Model::of_family(family, lot, typical_kg, largest_kg)
        }
        _ => Model::of_machine(family, lot),
    };
    model.standing_as(roasts)
}

/// The machine file to start from.
fn family(args: &Args) -> Result<MachineSpec, Failure> {
    let load = |path: &Path| MachineSpec::load(path).map_err(|error| Failure::of(&error));
    if let Some(path) = &args.machine {
        return load(path);
    }
    let asked = args.family.as_deref().unwrap_or_default();
    let folder = args.library.join("machines");
    let named = folder.join(format!("{asked}.toml"));
    if !asked.contains(['/', '\\', '.']) && named.is_file() {
        return load(&named);
    }
    let mut known = Vec::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|error| {
            Failure::usage(format!(
                "cannot read {}: {error}\nhint: name the folder that holds machines/ with --library",
                folder.display()
            ))
        })?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    for path in files {
        let Ok(machine) = MachineSpec::load(&path) else { continue };
        if machine.family == asked {
            return Ok(machine);
        }
        known.push(format!("{} ({})", machine.id, machine.family));
    }
    Err(Failure::usage(format!(
        "no machine in {} is called {asked:?} or of that family\nhint: known are {}",
        folder.display(),
        known.join(", ")
    )))
}

/// The id that a machine file's name gives it.
fn id_of(path: &Path) -> Result<String, Failure> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_toml = path.extension().is_some_and(|e| e == "toml");
    if is_toml && !stem.is_empty() && stem.chars().all(plain) {
        return Ok(stem);
    }
    Err(Failure::usage(format!(
        "--out {}: a machine's file is called by its id\nhint: lower-case letters, digits and -, then .toml, such as scenarios/machines/mine.toml",
        path.display()
    )))
}

/// Refuses, before the work, a place that a machine cannot be written to or that holds one somebody wrote.
fn refuse_place(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let text = format!("cannot write {}: no folder {}", path.display(), folder.display());
        return Err(Failure::usage(text));
    }
    let is_ours = |text: String| text.contains(calibrate::WRITTEN_BY);
    if path.exists() && !std::fs::read_to_string(path).is_ok_and(is_ours) {
        return Err(Failure::usage(format!(
            "{} is there, and no calibration wrote it\nhint: give --out another name; only machines that sim calibrate wrote are written over",
            path.display()
        )));
    }
    Ok(())
}

/// Writes the machine beside its place, has it read as a scenario would, and moves it there.
fn write_machine(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::usage(format!("cannot write {}: {error}", path.display()));
    // A machine is called by its file's name, so what waits is a folder.
    let waiting = path.with_extension("partial");
    let file = waiting.join(path.file_name().unwrap_or_default());
    std::fs::create_dir_all(&waiting).map_err(failed)?;
    let written = std::fs::write(&file, text)
        .map_err(failed)
        .and_then(|()| MachineSpec::load(&file).map_err(|error| Failure::of(&error)))
        .and_then(|_| std::fs::rename(&file, path).map_err(failed));
    // Whether or not it was good; what is left of it is no use.
    std::fs::remove_dir_all(&waiting).map_err(failed)?;
    written?;
    output::prose(&format!("written to {}", path.display()));
    Ok(())
}
