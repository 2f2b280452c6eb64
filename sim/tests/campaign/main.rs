//! Random scenarios by the thousand, each through its text, its limits and its roast.
//!
//! `TRIER_CAMPAIGN=10000 cargo test --release -p trier-sim --test campaign` runs the full number.
#![allow(missing_docs)]

mod bars;
mod case;
mod draw;
mod invariants;
mod look;

use std::path::Path;
use std::thread;

use trier_sim::{Outcome, roast};

use case::{Case, Library, Reach};

/// How many scenarios are tried where the environment does not say.
const FEW: u64 = 160;

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
        Err(error) => return Fate::Broken(format!("refused for another reason than its limits: {error}")),
    };
    let run = match roast(&scenario, case.seed, scenario.history_roasts) {
        Ok(run) => run,
        Err(error) => return Fate::Broken(error.to_string()),
    };
    let checked = bars::hold(&scenario, &run).and_then(|()| match case.reach {
        Reach::Near => look::holds(&scenario, &run),
        Reach::Far => Ok(()),
    });
    checked.map_or_else(Fate::Broken, |()| Fate::Roasted(run.outcome))
}

/// The case with everything left out that it breaks without.
fn shrunk(library: &Library, place: &Path, mut case: Case) -> Case {
    let broken = |case: &Case| matches!(try_one(library, place, case), Fate::Broken(_));
    let mut i = 0;
    while i < case.changes.len() {
        let mut less = case.clone();
        less.changes.remove(i);
        if broken(&less) { case = less } else { i += 1 }
    }
    case
}

fn wanted() -> u64 {
    std::env::var("TRIER_CAMPAIGN").ok().map_or(FEW, |n| n.parse().expect("TRIER_CAMPAIGN is a number"))
}

#[test]
fn random_scenarios_roast_or_are_refused() {
    let (library, n) = (Library::new(), wanted());
    let jobs = thread::available_parallelism().map_or(1, usize::from) as u64;
    let work = |job: u64| {
        let place = library.place(job);
        let mine = (0..n).filter(|index| index % jobs == job);
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
    // A campaign of refusals, or of roasts that nobody drops, would show nothing.
    assert!(refused * 2 < fates.len(), "{refused} of {n} refused");
    assert!(dropped * 5 > fates.len(), "{dropped} of {n} dropped");
}
