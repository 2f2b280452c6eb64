//! The page `docs/forecasts.md`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use rayon::prelude::*;
use trier_tables::rows::AskedRow;

use super::asked::{ARMS, asked_of, scenario};
use super::day::{Day, SCENARIOS};
use super::faults::{FAULTS, Fault};

/// Days of each scenario without a fault, and with each.
const SEEDS: core::ops::Range<u64> = 500..503;
const SEEDS_OF_A_FAULT: core::ops::Range<u64> = 500..502;

/// Most that a forecast of first crack may be off 120 s before, s, in the mean.
const MAE_120_S_MAX: f64 = 12.0;

/// Least share of events that the 90 % interval holds, with a fault.
const HELD_MIN: f64 = 0.87;

/// Leads in the columns of the first table, s.
const SHOWN_S: [f64; 4] = [30.0, 60.0, 120.0, 240.0];

const HEAD: &str = "# Forecasts of simulated roasts

Made by `TRIER_BLESS=1 cargo test --release --workspace --test forecasts`; the same test fails when this page and the
predictors differ. Days of six roasts back to back, on each of the four machine families and on gd12 with a display of whole degrees, with
noise, and with a slow probe. Each predictor knows what the pipeline made of the day's earlier roasts; forecasts of the fourth
to sixth are held against the true start of first crack. What predictors rest on: [prediction](prediction.md).

";

/// The days and what is asked of them, with one fault in each roast.
fn asked(fault: &Fault, seeds: &core::ops::Range<u64>) -> Vec<(&'static str, AskedRow)> {
    let days: Vec<(&str, u64)> =
        SCENARIOS.iter().flat_map(|name| seeds.clone().map(move |seed| (*name, seed))).collect();
    let rows = days.into_par_iter().map(|(name, seed)| {
        let Some(day) = Day::simulate(name, seed) else { return Vec::new() };
        let faulty = (fault.put)(fault.id, &day);
        asked_of(&day, &faulty.heard, &scenario(name)).into_iter().map(|row| (name, row)).collect::<Vec<_>>()
    });
    rows.collect::<Vec<_>>()
        .into_iter()
        .flatten()
        .filter(|(_, row)| &*row.target == "first_crack_start")
        .collect()
}

/// What many forecasts come to.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    asked: u32,
    said: u32,
    off_s: f64,
    bias_s: f64,
    within: f64,
    width_s: f64,
    with_interval: u32,
}

impl Figures {
    fn of<'a>(rows: impl Iterator<Item = &'a AskedRow>) -> Self {
        rows.fold(Self::default(), |mut sum, row| {
            sum.asked += 1;
            if let Some(error_s) = row.error_s {
                sum.said += 1;
                sum.off_s += error_s.abs();
                sum.bias_s += error_s;
            }
            if let (Some(within), Some(width_s)) = (row.within_90, row.width_90_s) {
                sum.with_interval += 1;
                sum.within += within;
                sum.width_s += width_s;
            }
            sum
        })
    }

    fn mae_s(&self) -> Option<f64> {
        (self.said > 0).then(|| self.off_s / f64::from(self.said))
    }

    fn held(&self) -> Option<f64> {
        (self.with_interval > 0).then(|| self.within / f64::from(self.with_interval))
    }
}

fn seconds(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |s| format!("{s:.1}"))
}

fn clean_table(rows: &[(&'static str, AskedRow)]) -> String {
    let mut text = "## Without faults\n\nMean absolute error of first crack in s, by time before it; bias at 120 s, positive when said too late; share held\nby the 90 % interval and its width, over all leads.\n\n| machine and probe | predictor | 30 s | 60 s | 120 s | 240 s | bias | held | width |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n".to_owned();
    for name in SCENARIOS.into_iter().chain(["all"]) {
        for arm in ARMS {
            let own: Vec<&AskedRow> = rows
                .iter()
                .filter(|(of, row)| (*of == name || name == "all") && &*row.predictor == arm)
                .map(|(_, row)| row)
                .collect();
            let at = |lead_s: f64| Figures::of(own.iter().copied().filter(move |row| row.lead_s == lead_s));
            let _ = write!(text, "| {name} | `{arm}` |");
            for lead_s in SHOWN_S {
                let _ = write!(text, " {} |", seconds(at(lead_s).mae_s()));
            }
            let (late, all) = (at(120.0), Figures::of(own.iter().copied()));
            let bias = late.mae_s().map(|_| late.bias_s / f64::from(late.said));
            let held = all.held().map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", 100.0 * share));
            let width = all.held().map(|_| all.width_s / f64::from(all.with_interval));
            let _ = writeln!(text, " {} | {held} | {} |", seconds(bias), seconds(width));
        }
    }
    text
}

/// The arms whose intervals are held against the faults: those that state one and look at BT.
const JUDGED: [&str; 3] = ["twin", "blend", "curve"];

fn faults_table() -> (String, Vec<String>) {
    let mut text = "\n## With each fault\n\nThe fault is in every roast of the day, earlier ones too. Share of forecasts that were given and not abstained from, mean\nabsolute error at 120 s, and share of events that the 90 % interval held over all leads: at least 87 % is asked for.\n\n| | fault | predictor | said | off at 120 s | held | width |\n|---|---|---|--:|--:|--:|--:|\n".to_owned();
    let mut wrong = Vec::new();
    for fault in FAULTS.iter().filter(|fault| fault.id.starts_with('S')) {
        let mut by_arm: BTreeMap<&str, Vec<AskedRow>> = BTreeMap::new();
        for (_, row) in asked(fault, &SEEDS_OF_A_FAULT) {
            if let Some(arm) = JUDGED.iter().find(|arm| **arm == &*row.predictor) {
                by_arm.entry(arm).or_default().push(row);
            }
        }
        for arm in JUDGED {
            let own = by_arm.get(arm).map_or(&[][..], Vec::as_slice);
            let all = Figures::of(own.iter());
            let late = Figures::of(own.iter().filter(|row| row.lead_s == 120.0));
            let held = all.held().unwrap_or(1.0);
            let _ = writeln!(
                text,
                "| {} | {} | `{arm}` | {:.0} % | {} | {:.1} % | {} |",
                fault.id,
                fault.what,
                100.0 * f64::from(all.said) / f64::from(all.asked.max(1)),
                seconds(late.mae_s()),
                100.0 * held,
                seconds(all.held().map(|_| all.width_s / f64::from(all.with_interval))),
            );
            if held < HELD_MIN {
                wrong.push(format!("{arm} holds {held:.3} with {}", fault.id));
            }
        }
    }
    (text, wrong)
}

#[allow(clippy::print_stdout)] // What is below a bar, for whoever looks: `-- --nocapture`.
#[test]
#[cfg_attr(debug_assertions, ignore = "minutes without optimization")]
fn the_page_on_forecasts_is_what_predictors_do() {
    let clean = asked(&FAULTS[0], &SEEDS);
    let late = |arm: &str| {
        Figures::of(
            clean.iter().map(|(_, row)| row).filter(|row| &*row.predictor == arm && row.lead_s == 120.0),
        )
    };
    println!("{}", clean_table(&clean));
    let (faults, mut wrong) = faults_table();
    for arm in JUDGED {
        let mae_s = late(arm).mae_s().expect("it forecasts");
        if mae_s > MAE_120_S_MAX {
            wrong.push(format!("{arm} is {mae_s:.1} s off at 120 s"));
        }
    }
    println!("{wrong:#?}");
    let text = [HEAD, &clean_table(&clean), &faults].concat();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/forecasts.md");
    if std::env::var_os("TRIER_BLESS").is_some() {
        std::fs::write(&path, &text).expect("writable");
    }
    let written = std::fs::read_to_string(&path).expect("docs/forecasts.md");
    assert!(written == text, "docs/forecasts.md differs from the predictors; bless it and see what moved");
}
