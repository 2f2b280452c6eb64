//! A sweep: many roasts of a scenario with some of its numbers varied, in parts that a run which
//! was stopped finds again.

use std::path::Path;

use indicatif::ProgressBar;
use rayon::prelude::*;
use serde_json::json;
use trier_reports::summary::{Effects, Spread, effects_table, spreads_table};
use trier_reports::terminal;
use trier_sim::{EffectRow, Points, SpreadRow, Summary, Sweep, SweepRow, Swept};
use trier_tables::{RunFolder, Wide, read_wide};

use super::Args;
use crate::exit::Exit;
use crate::output::{self, Failure};
use crate::progress;

/// Roasts in a part: what is held in memory, and what a stopped run loses at most.
const PART: u32 = 1024;
/// Roasts that a thread takes at a time.
const BLOCK: u32 = 16;

/// The scores that the table of effects shows.
const MAIN: [&str; 5] = ["turning_point_s", "dry_end_s", "first_crack_s", "drop_s", "weight_loss_pct"];

pub(super) fn run(args: &Args, path: &Path) -> Result<Exit, Failure> {
    let sweep = Sweep::load(path).map_err(|error| Failure::of(&error))?;
    let work = work(&sweep, path, args.seed)?;
    let folder = args.work.resumed(&work)?;
    if let Some(folder) = &folder {
        let done = (0..parts(&sweep)).filter(|number| folder.part(*number).exists()).count();
        if done > 0 {
            output::prose(&format!("going on after {done} of {} parts", parts(&sweep)));
        }
    }
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(args.work.jobs()).build().map_err(|e| Failure::of(&e))?;
    let points = sweep.points(args.seed);
    let bar = progress::bar(sweep.roasts as usize, "roasts");
    let mut summary = Summary::new(&sweep);
    for number in 0..parts(&sweep) {
        let roasted = match &folder {
            Some(folder) => kept_part(folder, number, &points, &sweep, &pool, &bar)?,
            None => roast_part(&points, number, &sweep, &pool, &bar),
        };
        roasted.iter().for_each(|swept| summary.take(swept));
    }
    bar.finish_and_clear();
    let (spreads, effects) = (summary.spreads(), summary.effects());
    print(args, &sweep, &summary, &spreads, &effects)?;
    if let Some(folder) = folder {
        write(folder, &sweep, &summary, &spreads, &effects, path)?;
    }
    let count = |outcome: &str| summary.outcomes().get(outcome).copied().unwrap_or(0);
    Ok(if count("errored") + count("refused") == 0 { Exit::OK } else { Exit::CASES_ERRORED })
}

/// All that decides the parts of a sweep, for a later run to know its own by.
fn work(sweep: &Sweep, path: &Path, seed: u64) -> Result<String, Failure> {
    let resolved = trier_eval::file::InputFile::load(path).map_err(|error| Failure::of(&error))?;
    // Another build of the program may roast otherwise under the same version.
    let program = std::env::current_exe().and_then(std::fs::read).map_err(|error| Failure::of(&error))?;
    let program = trier_roast::hash::fnv1a(&program);
    let columns: Vec<String> = sweep.columns().into_iter().map(|column| column.name).collect();
    let head = format!("program {program:016x}\nseed {seed}\npart {PART}\n{}", columns.join(" "));
    Ok(format!("{head}\n\n{}", resolved.to_toml()))
}

fn parts(sweep: &Sweep) -> u32 {
    sweep.roasts.div_ceil(PART)
}

/// The part, from the folder if it is there whole, else roasted and kept there.
fn kept_part(
    folder: &RunFolder,
    number: u32,
    points: &Points<'_>,
    sweep: &Sweep,
    pool: &rayon::ThreadPool,
    bar: &ProgressBar,
) -> Result<Vec<Swept>, Failure> {
    let expected = sweep.roasts.saturating_sub(number * PART).min(PART);
    // A part that cannot be read is one that has to be roasted.
    if let Ok((_, wide)) = read_wide::<SweepRow>(&folder.part(number)) {
        bar.inc(expected.into());
        return Ok(wide
            .rows
            .into_iter()
            .zip(wide.more)
            .map(|(row, numbers)| Swept { row, numbers })
            .collect());
    }
    let roasted = roast_part(points, number, sweep, pool, bar);
    folder.write_part(number, |path| -> Result<(), trier_tables::FileError> {
        let mut file = trier_tables::WideFile::create(path, &sweep.columns(), roasted.len())?;
        file.push(&wide(&roasted))?;
        file.finish().map(|_| ())
    })?;
    Ok(roasted)
}

/// The rows of a part, in order whatever thread roasted them.
fn roast_part(
    points: &Points<'_>,
    number: u32,
    sweep: &Sweep,
    pool: &rayon::ThreadPool,
    bar: &ProgressBar,
) -> Vec<Swept> {
    let (first, end) = (number * PART, sweep.roasts.min(number.saturating_add(1).saturating_mul(PART)));
    let blocks: Vec<u32> = (first..end).step_by(BLOCK as usize).collect();
    let block = |from: &u32| {
        let range = *from..end.min(from + BLOCK);
        bar.inc(range.len() as u64);
        points.roast(range)
    };
    let done: Vec<Vec<Swept>> = pool.install(|| blocks.par_iter().map(block).collect());
    done.into_iter().flatten().collect()
}

fn wide(roasted: &[Swept]) -> Wide<SweepRow> {
    Wide {
        rows: roasted.iter().map(|swept| swept.row.clone()).collect(),
        more: roasted.iter().map(|swept| swept.numbers.clone()).collect(),
    }
}

/// Joins the parts and puts the folder in place.
fn write(
    mut folder: RunFolder,
    sweep: &Sweep,
    summary: &Summary,
    spreads: &[SpreadRow],
    effects: &[EffectRow],
    path: &Path,
) -> Result<(), Failure> {
    let mut file = folder.begin::<SweepRow>(&sweep.columns(), sweep.roasts as usize)?;
    for number in 0..parts(sweep) {
        let (_, part) = read_wide::<SweepRow>(&folder.part(number))?;
        file.push(&part)?;
    }
    folder.close(file)?;
    folder.write(spreads)?;
    folder.write(effects)?;
    let facts = json!({
        "sweep": sweep.id,
        "scenario": sweep.base.id,
        "machine": sweep.base.machine.id,
        "roasts": sweep.roasts,
        "method": sweep.method,
        "outcomes": outcomes(summary),
        "summed_up": summary.kept(),
    });
    output::commit(folder, &[path], &facts)
}

fn outcomes(summary: &Summary) -> serde_json::Map<String, serde_json::Value> {
    summary.outcomes().iter().map(|(name, count)| (name.to_string(), json!(count))).collect()
}

fn print(
    args: &Args,
    sweep: &Sweep,
    summary: &Summary,
    spreads: &[SpreadRow],
    effects: &[EffectRow],
) -> Result<(), Failure> {
    if args.work.json {
        output::json_lines(spreads)?;
        return output::json_lines(effects);
    }
    output::result(&text(sweep, summary, spreads, effects));
    Ok(())
}

/// What the sweep came to, for people.
fn text(sweep: &Sweep, summary: &Summary, spreads: &[SpreadRow], effects: &[EffectRow]) -> String {
    let counts: Vec<String> =
        summary.outcomes().iter().map(|(name, count)| format!("{count} {name}")).collect();
    let mut text = format!(
        "{}: {}\n{} roasts of {} in {}: {}\n",
        sweep.id,
        terminal::clean(&sweep.title),
        sweep.roasts,
        sweep.base.id,
        sweep.base.machine.id,
        counts.join(", "),
    );
    if summary.kept() < sweep.roasts {
        text += &format!("the tables are worked out from {} of them, taken by chance\n", summary.kept());
    }
    text += &format!("\n{}\n", spreads_table(&spreads.iter().map(spread).collect::<Vec<_>>()));
    let of_key = |varied: &trier_sim::Varied| {
        let with = |score: &&str| {
            let found = effects.iter().find(|row| *row.key == varied.key && &*row.score == *score);
            found.and_then(|row| row.rank_correlation)
        };
        (varied.key.clone(), MAIN.iter().map(with).collect::<Vec<_>>())
    };
    let found: Vec<_> = sweep.varied.iter().map(of_key).collect();
    let lines: Vec<Effects<'_>> =
        found.iter().map(|(key, with)| Effects { key, with: with.clone() }).collect();
    text += &effects_table(&MAIN, &lines);
    let noise = 2.0 / f64::from(summary.kept().max(1)).sqrt();
    text + &format!("correlations below {noise:.2} are noise at this many roasts")
}

fn spread(row: &SpreadRow) -> Spread<'_> {
    let SpreadRow { score, unit, n, p10, p50, p90 } = row;
    Spread { score, unit, n: *n, quantiles: [*p10, *p50, *p90] }
}
