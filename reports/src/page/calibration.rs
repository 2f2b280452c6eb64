//! The page of a calibration: how near the fitted machine comes to roasts it never saw, and what they tell of it.

mod charts;
mod tables;

use std::collections::BTreeSet;

use trier_tables::rows::{FitBarRow, FitCurveRow, FitErrorRow, FitPairRow, FitParameterRow, FitTotalRow};

use super::parts::{Fact, Tone};
use super::sections::{Block, Page, Section, Sections};
use crate::number::{NONE, plain};

/// What a calibration left.
#[derive(Clone, Copy, Debug)]
pub struct Calibration<'a> {
    /// The numbers fitted.
    pub parameters: &'a [FitParameterRow],
    /// Those that go together.
    pub pairs: &'a [FitPairRow],
    /// Errors over all roasts.
    pub totals: &'a [FitTotalRow],
    /// The bars.
    pub bars: &'a [FitBarRow],
    /// Errors roast by roast.
    pub errors: &'a [FitErrorRow],
    /// Curves measured and simulated.
    pub curves: &'a [FitCurveRow],
}

/// The part of the roasts that says how good a machine is.
const HELD_OUT: &str = "held_out";

/// The metric of a whole roast.
const RMSE: &str = "bt_rmse";

impl Calibration<'_> {
    /// One error of one roast held out.
    fn error(&self, source: &str, curve: &str, metric: &str) -> Option<f64> {
        let is_it = |row: &&FitErrorRow| {
            &*row.part == HELD_OUT && &*row.source == source && &*row.curve == curve && &*row.metric == metric
        };
        self.errors.iter().find(is_it).and_then(|row| row.value)
    }

    /// One total.
    fn total(&self, part: &str, curve: &str, metric: &str) -> Option<&FitTotalRow> {
        let is_it = |row: &&FitTotalRow| &*row.part == part && &*row.curve == curve && &*row.metric == metric;
        self.totals.iter().find(is_it)
    }

    /// The roasts held out, those that the machine is farthest off at first.
    fn held_out(&self) -> Vec<&str> {
        let names: BTreeSet<&str> =
            self.errors.iter().filter(|row| &*row.part == HELD_OUT).map(|row| &*row.source).collect();
        let mut by_error: Vec<(Option<f64>, &str)> =
            names.into_iter().map(|name| (self.error(name, "machine", RMSE), name)).collect();
        by_error.sort_by(|a, b| b.0.unwrap_or(f64::INFINITY).total_cmp(&a.0.unwrap_or(f64::INFINITY)));
        by_error.into_iter().map(|(_, name)| name).collect()
    }
}

/// The page.
///
/// # Errors
/// None that is known: the page goes to memory.
pub fn page(of: &Calibration<'_>) -> Result<Page, askama::Error> {
    let held = of.held_out();
    let trained: BTreeSet<&str> =
        of.curves.iter().filter(|row| &*row.part == "train").map(|row| &*row.source).collect();
    let lead = format!(
        "A machine fitted to {} roasts, and how far off fits like it are on {} roasts that none of them had seen. Nothing of a \
         recorded curve enters a simulated one but the temperatures at charge and what the controls did.",
        trained.len(),
        held.len()
    );
    let sections = [result(of), roasts(of, &held), phases(of), numbers(of)];
    let footer = "Made from the tables that sim calibrate --tables wrote, whose names begin with fit; docs/tables.md says what \
                  their columns hold, and docs/calibration.md how a fit is made.";
    Sections::page(["How near the fitted machine comes", "calibration", &lead, footer], &sections)
}

fn section(id: &str, name: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), name: name.to_owned(), blocks }
}

fn result(of: &Calibration<'_>) -> Section {
    let met = of.bars.iter().filter(|bar| bar.met).count();
    let (tone, word) = match (met, of.bars.len()) {
        (_, 0) => (Tone::Warn, "No bar was asked for".to_owned()),
        (met, all) if met == all => (Tone::Pass, format!("All {all} bars met")),
        (met, all) => (Tone::Fail, format!("{met} of {all} bars met")),
    };
    let missed: Vec<&str> = of.bars.iter().filter(|bar| !bar.met).map(|bar| &*bar.what).collect();
    let mut text = middle(of);
    if !missed.is_empty() {
        text += &format!(" Missed: {}.", missed.join("; "));
    }
    let mut blocks = vec![Block::Strip { tone, word, text }, Block::Facts(of.bars.iter().map(bar).collect())];
    blocks.extend(charts::beside(of).map(|figure| Block::Figures { class: "single", figures: vec![figure] }));
    blocks.push(Block::Table(tables::totals(of)));
    section("result", "How near it comes", blocks)
}

/// The middle roast in a sentence, beside the family's machine.
fn middle(of: &Calibration<'_>) -> String {
    let median = |curve: &str| of.total(HELD_OUT, curve, "median.bt_rmse").and_then(|row| row.value);
    let Some(machine_c) = median("machine") else {
        return "No roast was held out that could be compared.".to_owned();
    };
    let mut text = format!(
        "Half of the roasts held out are within {} °C of their BT, as the root mean square from charge to drop",
        plain(machine_c, 1)
    );
    if let Some(family_c) = median("family") {
        text += &format!("; the family's machine, before any fit, within {} °C", plain(family_c, 1));
    }
    text + "."
}

fn bar(bar: &FitBarRow) -> Fact {
    let (value, limit) = if &*bar.unit == "1" {
        let percent = |share: f64| format!("{} %", plain(share * 100.0, 0));
        (bar.value.map(percent), percent(bar.limit))
    } else {
        let measured = |value: f64| format!("{} {}", plain(value, 1), bar.unit);
        (bar.value.map(measured), measured(bar.limit))
    };
    let side = if bar.at_most { "at most" } else { "at least" };
    let (word, tone) = if bar.met { ("met", Tone::Pass) } else { ("missed", Tone::Fail) };
    Fact {
        name: bar.what.to_string(),
        value: value.unwrap_or_else(|| NONE.to_owned()),
        note: format!("{word}: {side} {limit}"),
        tone,
    }
}

fn roasts(of: &Calibration<'_>, held: &[&str]) -> Section {
    let text = "BT as measured, as the fitted machine shows it, the same with three numbers of the batch (its water, its \
                burner, its wall at charge), and as the family's machine shows it before any fit. Farthest off first.";
    let blocks = vec![
        Block::Text(text.to_owned()),
        Block::Figures { class: "panels", figures: charts::roasts(of, held) },
        Block::Table(tables::errors(of, held)),
    ];
    section("roasts", "Roasts held out", blocks)
}

fn phases(of: &Calibration<'_>) -> Section {
    let text = "What all roasts miss alike is the model's shape; what each misses on its own is something about the batch \
                that is not in the log.";
    let mut blocks = vec![Block::Text(text.to_owned())];
    blocks.extend(charts::phases(of).map(|figure| Block::Figures { class: "single", figures: vec![figure] }));
    blocks.push(Block::Table(tables::phases(of)));
    section("phases", "Misses by phase", blocks)
}

fn numbers(of: &Calibration<'_>) -> Section {
    let mut blocks: Vec<Block> = Vec::new();
    blocks.extend(
        charts::parameters(of).map(|figure| Block::Figures { class: "single", figures: vec![figure] }),
    );
    blocks.push(Block::Table(tables::parameters(of)));
    if of.pairs.is_empty() {
        blocks
            .push(Block::Text("No two of the numbers go together beyond a correlation of 0.95.".to_owned()));
    } else {
        blocks.push(Block::Table(tables::pairs(of)));
    }
    section("numbers", "What the roasts tell of the machine", blocks)
}
