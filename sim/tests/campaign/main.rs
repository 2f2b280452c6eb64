//! Random scenarios by the thousand, each through its text, its limits and its roast.
//!
//! `TRIER_CAMPAIGN=10000 cargo test --release -p trier-sim --test campaign` runs the full number.
#![allow(missing_docs)]

mod bars;
mod case;
mod draw;
mod invariants;
mod look;
mod optional;

use std::path::Path;
use std::thread;

use trier_sim::{BatchRun, Outcome, Scenario, SimError, roast, roasts};

use case::{Case, Library, Reach};

/// How many scenarios are tried where the environment does not say.
const FEW: u64 = 160;
/// Those that once broke a bar, tried each time: heat's books open where steps were too coarse.
const FOUND: [u64; 4] = [274, 891, 3950, 6637];

/// How the message on a scenario begins that is no scenario.
const NO_LIMIT: &str = "refused for another reason than its limits";

/// What became of a scenario.
#[derive(Clone, Debug, PartialEq)]
enum Fate {
    /// Its limits refused it.
    Refused,
    /// It roasted, and nothing was wrong.
    Roasted(Outcome),
    /// What was wrong.
    Broken(String),
}

fn try_one(library: &Library, place: &Path, case: &Case) -> Fate {
    let scenario = match library.load(place, case) {
        Ok(scenario) => scenario,
        Err(error) if case::is_about_limits(&error) => return Fate::Refused,
        Err(error) => return Fate::Broken(format!("{NO_LIMIT}: {error}")),
    };
    let mut outcome = Outcome::TimedOut;
    for run in of_day(&scenario, case.seed) {
        let run = match run {
            Ok(run) => run,
            Err(error) => return Fate::Broken(error.to_string()),
        };
        let checked = bars::hold(&scenario, &run).and_then(|()| match case.reach {
            Reach::Near => look::holds(&scenario, &run),
            Reach::Far => Ok(()),
        });
        if let Err(what) = checked {
            return Fate::Broken(what);
        }
        outcome = run.outcome;
    }
    Fate::Roasted(outcome)
}

/// The asked roast, after those of its day.
fn of_day(scenario: &Scenario, seed: u64) -> Vec<Result<BatchRun, SimError>> {
    match &scenario.day {
        None => vec![roast(scenario, seed, scenario.history_roasts)],
        Some(day) => {
            // Those before the day are nobody's concern here.
            let mut alone = scenario.clone();
            alone.history_roasts = day.roasts - 1;
            roasts(&alone, seed).collect()
        }
    }
}

/// The case with everything left out that it breaks without.
fn shrunk(library: &Library, place: &Path, mut case: Case) -> Case {
    // A table that lost a key it needs is no smaller failure.
    let broken = |case: &Case| match try_one(library, place, case) {
        Fate::Broken(what) => !what.starts_with(NO_LIMIT),
        _ => false,
    };
    let mut i = 0;
    while i < case.changes.len() {
        let mut less = case.clone();
        less.changes.remove(i);
        if broken(&less) { case = less } else { i += 1 }
    }
    case
}

/// Numbers of the scenarios to try: `10000` in the environment is 0 to 9,999, `274..275` is that one.
fn wanted() -> std::ops::Range<u64> {
    let Ok(text) = std::env::var("TRIER_CAMPAIGN") else { return 0..FEW };
    let (from, to) = text.split_once("..").unwrap_or(("0", &text));
    let number = |text: &str| text.parse().expect("TRIER_CAMPAIGN is a number, or two with .. between");
    number(from)..number(to)
}

#[test]
fn random_scenarios_roast_or_are_refused() {
    let (library, indices) = (Library::new(), wanted());
    let n = indices.end - indices.start;
    let jobs = thread::available_parallelism().map_or(1, usize::from) as u64;
    let work = |job: u64| {
        let place = library.place(job);
        let all = indices.clone().chain(FOUND.into_iter().filter(|index| !indices.contains(index)));
        let mine = all.filter(|index| index % jobs == job);
        mine.map(|index| (index, try_one(&library, &place, &library.case(index)))).collect::<Vec<_>>()
    };
    let mut fates: Vec<(u64, Fate)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs).map(|job| scope.spawn(move || work(job))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic on any scenario")).collect()
    });
    fates.sort_by_key(|(index, _)| *index);
    let count = |wanted: fn(&Fate) -> bool| fates.iter().filter(|(_, fate)| wanted(fate)).count();
    let refused = count(|fate| *fate == Fate::Refused);
    let dropped = count(|fate| *fate == Fate::Roasted(Outcome::Dropped));
    let broken: Vec<_> = fates.iter().filter(|(_, fate)| matches!(fate, Fate::Broken(_))).collect();
    if let Some((index, fate)) = broken.first() {
        let place = library.place(jobs);
        let case = shrunk(&library, &place, library.case(*index));
        let what = try_one(&library, &place, &case);
        let all: Vec<String> = broken.iter().take(40).map(|(i, fate)| format!("{i} {fate:?}")).collect();
        panic!(
            "{} of {n} scenarios broke a bar, {refused} were refused, {dropped} dropped\n{}\n\
             the first, {index}: {fate:?}\nshrunk, seed {}: {what:?}\n{}",
            broken.len(),
            all.join("\n"),
            case.seed,
            library.text(&case)
        );
    }
    if n < FEW {
        return;
    }
    // A campaign of refusals, or of roasts that nobody drops, would show nothing.
    assert!(refused * 2 < fates.len(), "{refused} of {n} refused");
    assert!(dropped * 5 > fates.len(), "{dropped} of {n} dropped");
}
