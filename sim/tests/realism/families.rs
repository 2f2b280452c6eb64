//! The roasts of `scenarios/realism/` in figures, beside what is published, family by family.

use std::fmt::Write;
use std::path::PathBuf;

use trier_sim::{Scenario, roast};

use crate::figures::{Figures, marked_by_hand};
use crate::published::{DRUM, ELECTRIC, FLUID_BED, Published, REAL_ROASTS, UNRANGED};
use crate::quantiles::{Quantiles, said};
use crate::scenarios;

/// Seeds that each scenario is roasted with: a new day each.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=8;

/// The roasts of one scenario.
struct Roasted {
    scenario: Scenario,
    roasts: Vec<Figures>,
}

fn files() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(scenarios().join("realism")).expect("ships");
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files
}

fn roast_all() -> Vec<Roasted> {
    let one = |path: &PathBuf| {
        let scenario = Scenario::load(path).unwrap_or_else(|error| panic!("{error}"));
        let figures = |seed| {
            let run = roast(&scenario, seed, scenario.history_roasts).expect("heat and mass add up");
            assert!(marked_by_hand(&run), "{} seed {seed}: no first crack was heard", scenario.id);
            Figures::of(&run)
        };
        Roasted { roasts: SEEDS.map(figures).collect(), scenario }
    };
    files().iter().map(one).collect()
}

/// All values of `figure` in the roasts of scenarios that have `only` in their name.
fn values<'a>(of: impl Iterator<Item = &'a Roasted>, figure: &str, only: &str) -> Vec<f64> {
    of.filter(|r| r.scenario.id.contains(only))
        .flat_map(|r| &r.roasts)
        .filter_map(|f| f.get(figure))
        .collect()
}

/// Where `q` lies in `low` to `high`, in words.
fn verdict(figure: &str, q: &Quantiles, low: f64, high: f64) -> String {
    let out = |value: f64| if value < low { value - low } else { (value - high).max(0.0) };
    let by = |value: f64| format!("{}{}", if value > 0.0 { "+" } else { "" }, said(figure, value));
    let (low_out, mid_out, high_out) = (out(q.p10), out(q.p50), out(q.p90));
    if mid_out != 0.0 {
        return format!("**outside by {}**", by(mid_out));
    }
    match (low_out != 0.0, high_out != 0.0) {
        (false, false) => "inside".into(),
        (true, false) => format!("median inside, p10 by {}", by(low_out)),
        (false, true) => format!("median inside, p90 by {}", by(high_out)),
        (true, true) => format!("median inside, p10 by {}, p90 by {}", by(low_out), by(high_out)),
    }
}

fn family(all: &[Roasted], machine: &str, published: &[Published]) -> String {
    let of = || all.iter().filter(|r| r.scenario.machine.id == machine);
    let names: Vec<&str> = of().map(|r| r.scenario.id.as_str()).collect();
    let mut text = format!("### {machine}\n\nRoasts of {}.\n\n", names.join(", "));
    text += "| figure | ours, p10 / p50 / p90 | published | source | verdict |\n|---|---|---|---|---|\n";
    for p in published {
        let named =
            if p.only.is_empty() { p.figure.to_owned() } else { format!("{} ({})", p.figure, p.only) };
        let Some(q) = Quantiles::of(values(of(), p.figure, p.only)) else {
            writeln!(text, "| {named} | none | | {} | not seen |", p.source).expect("to memory");
            continue;
        };
        let range = format!("{} to {}", said(p.figure, p.low), said(p.figure, p.high));
        let verdict = verdict(p.figure, &q, p.low, p.high);
        writeln!(text, "| {named} | {} | {range} | {} | {verdict} |", q.text(p.figure), p.source)
            .expect("to memory");
    }
    for figure in UNRANGED {
        if let Some(q) = Quantiles::of(values(of(), figure, "")) {
            writeln!(text, "| {figure} | {} | none | | |", q.text(figure)).expect("to memory");
        }
    }
    text + "\n"
}

fn beside_real(all: &[Roasted]) -> String {
    let mut text = String::from("| figure | ours | real roasts | medians differ by |\n|---|---|---|---|\n");
    for (figure, [p10, p50, p90]) in REAL_ROASTS {
        let ours = Quantiles::of(values(all.iter(), figure, "")).expect("every roast has it");
        let real = Quantiles { p10: *p10, p50: *p50, p90: *p90 };
        let apart = said(figure, ours.p50 - real.p50);
        writeln!(text, "| {figure} | {} | {} | {apart} |", ours.text(figure), real.text(figure))
            .expect("to memory");
    }
    text + "\n"
}

/// The sections of the page about families.
pub(crate) fn sections() -> String {
    let all = roast_all();
    let n: usize = all.iter().map(|r| r.roasts.len()).sum();
    let mut text = format!(
        "## By family\n\n{n} roasts: {} scenarios, seeds {} to {}, each seed another day.\n\n",
        all.len(),
        SEEDS.start(),
        SEEDS.end()
    );
    for (machine, published) in [("gd12", DRUM), ("gd60", DRUM), ("ei1", ELECTRIC), ("fb", FLUID_BED)] {
        text += &family(&all, machine, published);
    }
    text += "## All families beside 408 real roasts\n\n\
        Real: public logs of home and shop machines, p10 / p50 / p90. Ours are four machines in equal parts of\n\
        scenarios, not the mix that those logs are of; a charge at room temperature, a turning point at 0 s and\n\
        probes that show 175 °C at first crack are of small machines that are not among ours.\n\n";
    text + &beside_real(&all)
}
