//! Scenarios and seeds through the simulated roaster and the pipeline.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;
use serde_json::json;
use trier_eval::runner::{Arms, Trial, source_name, trial};
use trier_eval::score::totals;
use trier_pipeline::records::Profile;
use trier_reports::{summary, terminal};
use trier_sim::{Outcome, Scenario};
use trier_tables::RunFolder;
use trier_tables::rows::{ScoreRow, SuggestionRow};
use trier_wire::Envelope;

use super::{Args, LEADS_S, joined, machine_totals, publish, suggestions, write_outputs};
use crate::exit::Exit;
use crate::look::look;
use crate::output::{self, Failure};
use crate::predictors::Brought;
use crate::progress;
use crate::rows::as_marks;

/// One roast asked for.
pub(super) struct Asked<'a> {
    scenario: &'a Scenario,
    seed: u64,
}

pub(super) fn run(
    args: &Args,
    paths: &[PathBuf],
    brought: &Brought,
    folder: Option<RunFolder>,
) -> Result<Exit, Failure> {
    let scenarios: Vec<Scenario> = paths
        .iter()
        .map(|path| Scenario::load(path).map_err(|e| Failure::of(&e)))
        .collect::<Result<_, _>>()?;
    refuse_twins(paths, &scenarios)?;
    let asked: Vec<Asked<'_>> = scenarios
        .iter()
        .flat_map(|scenario| args.seeds().iter().map(move |seed| Asked { scenario, seed }))
        .collect();
    let profile = args.profile.as_deref().map(suggestions::profile_at).transpose()?;
    let trials = roast_all(&asked, &brought.arms, args.work.jobs())?;
    brought.report();
    let suggested = match &profile {
        Some(profile) => suggested(profile, &asked, &trials)?,
        None => Vec::new(),
    };
    if args.work.json {
        for trial in &trials {
            output::json_lines(trial.session.as_slice())?;
            output::json_lines(&trial.scores)?;
        }
        output::json_lines(&suggested)?;
    } else if let ([trial], [asked]) = (trials.as_slice(), asked.as_slice()) {
        let mut text = one_roast(asked, trial);
        if let Some(profile) = &profile {
            text += &suggestions::text(profile, &suggested);
        }
        output::result(&text);
    } else {
        output::result(&many_roasts(&trials));
    }
    if let Some(mut folder) = folder {
        if profile.is_some() {
            folder.write(&suggested)?;
        }
        write(args, &asked, &trials, brought, folder)?;
    }
    if let Some(broker) = &args.publish {
        publish::to_broker(broker, &asked, &trials)?;
    }
    for trial in &trials {
        for finding in &trial.run.findings {
            output::prose(&format!("{}: {finding}", trial.source));
        }
    }
    let stopped: Vec<_> = trials.iter().filter(|trial| trial.run.outcome != Outcome::Dropped).collect();
    for trial in &stopped {
        output::prose(&format!(
            "{}: the roast did not drop: {}\nhint: {}",
            trial.source,
            trial.run.outcome.code(),
            mend(trial.run.outcome)
        ));
    }
    Ok(if stopped.is_empty() { Exit::OK } else { Exit::CASES_ERRORED })
}

/// The suggestions of all roasts, in their order.
fn suggested(
    profile: &Profile,
    asked: &[Asked<'_>],
    trials: &[Trial],
) -> Result<Vec<SuggestionRow>, Failure> {
    let each =
        asked.iter().zip(trials).map(|(asked, trial)| suggestions::of_trial(profile, asked.scenario, trial));
    each.collect::<Result<Vec<_>, _>>().map(|all| all.into_iter().flatten().collect())
}

/// What may bring a roast that ended as `outcome` to its drop.
fn mend(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::FireRisk => {
            "less gas, more air, or an earlier drop; a machine of your own may have too much heater.power_w"
        }
        Outcome::Stalled => "more gas, a lower drop.bt_c, or a drop.at_s",
        _ => "more gas, a lower drop.bt_c, or a longer recording.timeout_s",
    }
}

/// Refuses two scenarios of one id: rows are told apart by it and the seed.
fn refuse_twins(paths: &[PathBuf], scenarios: &[Scenario]) -> Result<(), Failure> {
    let mut first: BTreeMap<&str, &PathBuf> = BTreeMap::new();
    for (path, scenario) in paths.iter().zip(scenarios) {
        if let Some(earlier) = first.insert(&scenario.id, path) {
            return Err(Failure::usage(format!(
                "{} and {} would both be called {:?} in the tables\nhint: give each scenario its own id, and name its file once",
                earlier.display(),
                path.display(),
                scenario.id
            )));
        }
    }
    Ok(())
}

fn roast_all(asked: &[Asked<'_>], arms: &Arms, jobs: usize) -> Result<Vec<Trial>, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|e| Failure::of(&e))?;
    let bar = progress::bar(asked.len(), "roasts");
    let one = |asked: &Asked<'_>| {
        let case = source_name(asked.scenario, asked.seed);
        let done = trial(asked.scenario, asked.seed, &case, arms, &LEADS_S);
        bar.inc(1);
        done.map_err(|error| Failure::of(&error))
    };
    let trials = pool.install(|| asked.par_iter().map(one).collect());
    bar.finish_and_clear();
    trials
}

/// What happened, for people.
fn one_roast(asked: &Asked<'_>, trial: &Trial) -> String {
    let (scenario, run) = (asked.scenario, &trial.run);
    let truth = run.truth_mark_rows(&trial.source, &scenario.machine.id.as_str().into());
    let mut text = format!(
        "{}: {}\n{:.2} kg of {} in {}, after {} earlier roasts of the machine\n\n",
        trial.source,
        terminal::clean(&scenario.title),
        run.green_kg,
        scenario.lot.id,
        scenario.machine.id,
        trial.earlier.len(),
    );
    text += &terminal::curves(&trial.outputs.telemetry, &trial.outputs.marks, look());
    text.push('\n');
    if let Some(session) = &trial.session {
        let happened = as_marks(&truth);
        let reference = summary::Reference { name: "true", marks: &happened, scores: &trial.scores };
        text += &summary::marks_table(session, Some(reference));
        text += &format!("\n{}\nweight loss {:.1} %\n\n", summary::phases_line(session), run.weight_loss_pct);
    }
    text += &summary::errors_table(&trial.scores);
    text += &format!(
        "\nheat and mass, worst of {} steps: energy {:.1e} of throughput (limit 1e-9), mass {:.1e} of the charge (limit 1e-12)",
        run.closure.steps, run.closure.energy, run.closure.mass,
    );
    text
}

/// One line a roast and the errors over all.
fn many_roasts(trials: &[Trial]) -> String {
    let sessions: Vec<_> = trials.iter().filter_map(|trial| trial.session.clone()).collect();
    let scores = all_scores(trials);
    let table = summary::logs_table(&sessions, &scores);
    let totals = totals(&scores);
    format!("{table}\n{}", summary::totals_table(&machine_totals(&totals, &totals)))
}

fn all_scores(trials: &[Trial]) -> Vec<ScoreRow> {
    trials.iter().flat_map(|trial| trial.scores.iter().cloned()).collect()
}

fn write(
    args: &Args,
    asked: &[Asked<'_>],
    trials: &[Trial],
    brought: &Brought,
    mut folder: RunFolder,
) -> Result<(), Failure> {
    write_outputs(&mut folder, &joined(trials.iter().map(|trial| &trial.outputs)))?;
    let truth: Vec<_> = trials.iter().flat_map(|trial| trial.run.truth.iter().cloned()).collect();
    let truth_marks: Vec<_> = asked
        .iter()
        .zip(trials)
        .flat_map(|(asked, trial)| {
            trial.run.truth_mark_rows(&trial.source, &asked.scenario.machine.id.as_str().into())
        })
        .collect();
    folder.write(&truth)?;
    folder.write(&truth_marks)?;
    folder.write(&all_scores(trials))?;
    if let ([asked], [trial]) = (asked, trials) {
        let lines: String =
            envelopes(asked, trial).iter().map(|envelope| envelope.to_json() + "\n").collect();
        folder.write_file("envelopes.jsonl", lines.as_bytes())?;
    }
    let facts: Vec<_> = asked.iter().zip(trials).map(|(asked, trial)| facts(asked, trial)).collect();
    output::commit(folder, &args.inputs(), &brought.with_incidents(json!({ "roasts": facts })))
}

fn facts(asked: &Asked<'_>, trial: &Trial) -> serde_json::Value {
    json!({
        "source": &*trial.source,
        "scenario": asked.scenario.id,
        "machine": asked.scenario.machine.id,
        "seed": asked.seed,
        "outcome": trial.run.outcome.code(),
        "green_kg": trial.run.green_kg,
        "weight_loss_pct": trial.run.weight_loss_pct,
        "steps": trial.run.closure.steps,
        "energy_residual_max": trial.run.closure.energy,
        "mass_residual_max": trial.run.closure.mass,
    })
}

/// What production received.
pub(super) fn envelopes(asked: &Asked<'_>, trial: &Trial) -> Vec<Envelope> {
    let origin = trier_wire::Origin {
        org_id: "trier".into(),
        site_id: "simulated".into(),
        machine_id: asked.scenario.machine.id.clone(),
    };
    trier_sim::envelopes(&origin, trial.run.charged, &trial.run.readings)
}
