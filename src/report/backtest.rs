//! The report on a folder that `sim backtest` wrote.

use std::path::Path;

use trier_eval::score::{BASELINES, worse_than_baseline};
use trier_reports::page::backtest::{Backtest, Held, Worst, page};
use trier_tables::rows::{AskedRow, BacktestRow, WorstCurveRow, WorstForecastRow, WorstRow};
use trier_tables::{table_in, table_path};

use super::Made;
use crate::output::Failure;

/// Makes it.
pub(super) fn make(folder: &Path) -> Result<Made, Failure> {
    let asked: Vec<AskedRow> = table_in(folder)?;
    let figures: Vec<BacktestRow> = table_in(folder)?;
    let tested = tested(&asked);
    let baselines: Vec<&str> =
        BASELINES.into_iter().filter(|name| !tested.iter().any(|own| own == name)).collect();
    let name = tested.first().map_or("", String::as_str);
    let held = ["first_crack_start", "drop"].map(|target| held(&figures, target, name));
    // Folders of earlier versions have none.
    let kept: Option<(Vec<WorstRow>, Vec<WorstCurveRow>, Vec<WorstForecastRow>)> =
        if table_path::<WorstRow>(folder).is_file() {
            Some((table_in(folder)?, table_in(folder)?, table_in(folder)?))
        } else {
            None
        };
    let worst = kept.as_ref().map(|(roasts, curves, forecasts)| Worst { roasts, curves, forecasts });
    let of = Backtest {
        tested: &tested,
        baselines: &baselines,
        asked: &asked,
        figures: &figures,
        held: &held,
        worst,
    };
    let made = page(&of).map_err(|error| Failure::of(&error))?;
    Ok(Made { html: made.html, figures: made.figures })
}

fn held(figures: &[BacktestRow], target: &str, predictor: &str) -> Held {
    let (n_machines, worse) = worse_than_baseline(figures, target, predictor);
    let at = |row: &&BacktestRow| Some((row.machine.as_deref()?.to_owned(), row.lead_s?));
    Held { target: target.to_owned(), n_machines, worse: worse.iter().filter_map(at).collect() }
}

/// The predictors that were tested, in the order they were asked for; of baselines alone, the first.
fn tested(asked: &[AskedRow]) -> Vec<String> {
    let mut tested: Vec<String> = Vec::new();
    for row in asked.iter().filter(|row| !BASELINES.contains(&&*row.predictor)) {
        if !tested.iter().any(|name| **name == *row.predictor) {
            tested.push(row.predictor.to_string());
        }
    }
    if tested.is_empty() {
        tested.extend(asked.first().map(|row| row.predictor.to_string()));
    }
    tested
}

/// The same in text, as the command printed it.
pub(super) fn text(folder: &Path) -> Result<String, Failure> {
    let asked: Vec<AskedRow> = table_in(folder)?;
    let figures: Vec<BacktestRow> = table_in(folder)?;
    Ok(crate::backtest::text(&figures, &tested(&asked)))
}
