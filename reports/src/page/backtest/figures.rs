//! The figures of a backtest, found by what they are of.

use std::collections::BTreeMap;

use trier_tables::rows::BacktestRow;

use super::Backtest;
use crate::number::plain;

/// What a figure is of: target, earlier roasts, machine, lead or regime.
type Key<'a> = (&'a str, &'a str, Option<&'a str>, Option<u64>, &'a str, &'a str);

/// All figures.
pub(super) struct Figures<'a> {
    by_key: BTreeMap<Key<'a>, &'a BacktestRow>,
    names: Vec<(&'a str, &'static str)>,
    n_tested: usize,
}

/// What is forecast.
#[derive(Debug)]
pub(super) struct Target {
    /// As in the table.
    pub name: &'static str,
    /// As a heading.
    pub heading: &'static str,
    /// In a sentence.
    pub event: &'static str,
    /// In the names of figures.
    pub id: &'static str,
}

/// All that is forecast.
pub(super) const TARGETS: [Target; 2] = [
    Target { name: "first_crack_start", heading: "First crack", event: "first crack", id: "first-crack" },
    Target { name: "drop", heading: "Drop", event: "the drop", id: "drop" },
];

/// The figures of one target.
pub(super) struct Slice<'a> {
    all: &'a Figures<'a>,
    /// The target.
    pub target: &'static Target,
    /// Which earlier roasts are looked at, as in the table.
    pub earlier: &'static str,
    /// The leads asked for, s, from the longest.
    pub leads_s: Vec<f64>,
    /// The machines, by name.
    pub machines: Vec<&'a str>,
}

/// The inks of predictors tested, the last for all that are more.
const TESTED: [&str; 4] = ["who0", "who1", "who2", "who3"];

/// The inks of baselines.
const BASELINES: [&str; 3] = ["usual0", "usual1", "usual2"];

impl<'a> Figures<'a> {
    pub(super) fn of(of: &Backtest<'a>) -> Self {
        let key = |row: &'a BacktestRow| -> Key<'a> {
            let lead = row.lead_s.map(f64::to_bits);
            (&row.target, &row.earlier, row.machine.as_deref(), lead, &row.regime, &row.predictor)
        };
        let inked = |names: Vec<&'a str>, inks: &'static [&'static str]| {
            let last = inks.last().copied().unwrap_or_default();
            let inks = inks.iter().copied().chain(std::iter::repeat(last));
            names.into_iter().zip(inks).collect::<Vec<_>>()
        };
        let mut names = inked(of.tested.iter().map(String::as_str).collect(), &TESTED);
        let n_tested = names.len();
        names.extend(inked(of.baselines.to_vec(), &BASELINES));
        Self { by_key: of.figures.iter().map(|row| (key(row), row)).collect(), names, n_tested }
    }

    /// The figures of `target`; None where nothing was asked about it.
    pub(super) fn slice(&'a self, target: &'static Target) -> Option<Slice<'a>> {
        let rows = || self.by_key.values().filter(move |row| *row.target == *target.name);
        let mut leads_s: Vec<f64> = rows().filter_map(|row| row.lead_s).collect();
        leads_s.sort_by(|a, b| b.total_cmp(a));
        leads_s.dedup();
        let mut machines: Vec<&str> = rows().filter_map(|row| row.machine.as_deref()).collect();
        machines.sort_unstable();
        machines.dedup();
        let known = |earlier: &&str| rows().any(|row| *row.earlier == **earlier && row.n_scored > 0);
        let earlier = ["3+", "all"].into_iter().find(known)?;
        Some(Slice { all: self, target, earlier, leads_s, machines })
    }
}

impl<'a> Slice<'a> {
    /// Predictors and their inks: those tested, then the baselines.
    pub(super) fn names(&self) -> &[(&'a str, &'static str)] {
        &self.all.names
    }

    /// The predictor that the page is about, and its ink.
    pub(super) fn first(&self) -> (&'a str, &'static str) {
        self.names().first().copied().unwrap_or_default()
    }

    /// The first predictor and the baselines.
    pub(super) fn beside(&self) -> Vec<(&'a str, &'static str)> {
        let baselines = self.names().iter().skip(self.all.n_tested).copied();
        std::iter::once(self.first()).chain(baselines).collect()
    }

    /// Over all machines at a lead.
    pub(super) fn all(&self, lead_s: f64, name: &str) -> Option<&'a BacktestRow> {
        self.known_by(self.earlier, None, lead_s, name)
    }

    /// Of one machine at a lead.
    pub(super) fn machine(&self, machine: &str, lead_s: f64, name: &str) -> Option<&'a BacktestRow> {
        self.known_by(self.earlier, Some(machine), lead_s, name)
    }

    /// With other numbers of earlier roasts, over all machines or of one.
    pub(super) fn known_by(
        &self,
        earlier: &str,
        machine: Option<&str>,
        lead_s: f64,
        name: &str,
    ) -> Option<&'a BacktestRow> {
        let key: Key<'_> = (self.target.name, earlier, machine, Some(lead_s.to_bits()), "all", name);
        self.all.by_key.get(&key).copied()
    }

    /// Of a regime, all leads together.
    pub(super) fn regime(&self, regime: &str, name: &str) -> Option<&'a BacktestRow> {
        let key: Key<'_> = (self.target.name, self.earlier, None, None, regime, name);
        self.all.by_key.get(&key).copied()
    }

    /// `wanted` where it was asked for, else the one in the middle.
    pub(super) fn lead_s(&self, wanted: f64) -> f64 {
        let has = self.leads_s.iter().find(|lead_s| lead_s.to_bits() == wanted.to_bits());
        has.or_else(|| self.leads_s.get(self.leads_s.len() / 2)).copied().unwrap_or(wanted)
    }

    /// Which earlier roasts were known, in a sentence.
    pub(super) fn known(&self) -> &'static str {
        if self.earlier == "3+" {
            "three or more earlier roasts known"
        } else {
            "any number of earlier roasts known"
        }
    }
}

/// An interval after `words`; nothing where there is none.
pub(super) fn interval(low: Option<f64>, high: Option<f64>, words: &str) -> String {
    let both = low.zip(high);
    both.map_or_else(String::new, |(low, high)| format!("{words}[{}, {}] s", plain(low, 1), plain(high, 1)))
}

/// A lead as it is told.
pub(super) fn seconds(lead_s: f64) -> String {
    format!("{} s", plain(lead_s, 0))
}
