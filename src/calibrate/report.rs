//! What a calibration came to: rows, tables, two pictures, and the machine's file.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::json;
use trier_reports::summary;
use trier_reports::terminal::{Look, clean, pair};
use trier_sim::MachineSpec;
use trier_sim::calibrate::{
    self, Bar, Baselines, BatchScalars, Estimate, Fit, FreeRun, Identified, Model, Observed, PHASES, Pace,
    RoastErrors,
};
use trier_tables::RunFolder;
use trier_tables::rows::{FitBarRow, FitCurveRow, FitErrorRow, FitPairRow, FitParameterRow, FitTotalRow};

use super::{Fold, misses};
use crate::output::{self, Failure};

/// Curves are kept this far apart, s.
const CURVE_S: f64 = 5.0;

/// One roast under one fit.
pub(super) struct Judged<'a> {
    pub(super) roast: &'a Observed,
    /// Where it stands in time.
    pub(super) place: usize,
    pub(super) part: &'static str,
    /// By curve: errors, where the curve could be had.
    pub(super) errors: Vec<(&'static str, RoastErrors)>,
    machine: Option<FreeRun>,
    batch: Option<FreeRun>,
    family: Option<FreeRun>,
    /// The batch's own numbers, and BT RMSE with each of them alone, °C.
    pub(super) own: BatchScalars,
    pub(super) alone_c: [Option<f64>; 3],
    /// First crack where the recorded curve says it, less the mark, s.
    pub(super) crack_at_recorded_s: Option<f64>,
}

/// All that is said about a calibration.
pub(super) struct Report<'a> {
    identified: Identified,
    judged: Vec<Judged<'a>>,
    parameters: Vec<FitParameterRow>,
    errors: Vec<FitErrorRow>,
    totals: Vec<FitTotalRow>,
}

impl<'a> Report<'a> {
    /// Runs every roast under the fit that held it out, and those trained on under the kept fit.
    ///
    /// - `family`: the model before any fit.
    pub(super) fn new(
        roasts: &'a [Observed],
        folds: &[Fold<'_>],
        fits: &[Fit],
        family: &Model,
    ) -> Result<Self, Failure> {
        let (Some(kept), Some(last)) = (fits.last(), folds.last()) else {
            return Err(Failure::usage("there is nothing to fit"));
        };
        let mut units: Vec<(usize, usize, &'static str)> = Vec::new();
        units.extend(last.train.iter().map(|place| (folds.len() - 1, *place, "train")));
        for (fold, of) in folds.iter().enumerate() {
            units.extend(of.held.iter().map(|place| (fold, *place, "held_out")));
        }
        let judged: Vec<Judged<'a>> = units
            .par_iter()
            .map(|(fold, place, part)| {
                judge(roasts, *place, part, &folds[*fold].train, &fits[*fold].model, family)
            })
            .collect();
        let identified = calibrate::identify(&last.problem, kept);
        Ok(Self {
            parameters: identified.estimates.iter().map(parameter_row).collect(),
            errors: error_rows(&judged),
            totals: total_rows(&judged),
            identified,
            judged,
        })
    }

    pub(super) fn print(&self, json: bool) -> Result<(), Failure> {
        if json {
            output::json_lines(&self.parameters)?;
            output::json_lines(&self.errors)?;
            return output::json_lines(&self.totals);
        }
        output::result(&summary::parameters_table(&self.parameters));
        output::result(&self.told_apart());
        output::result(&summary::fit_errors_table(&self.errors));
        output::result(&summary::fit_totals_table(&self.totals));
        output::result(&misses::told(&self.judged));
        for (what, judged, run) in self.pictured() {
            let name = clean(&judged.roast.source);
            output::result(&format!(
                "{what} held-out roast: {name}\n{}",
                pair(&judged.roast.bt, &run.bt, look())
            ));
        }
        Ok(())
    }

    /// Which numbers go together, in words.
    fn told_apart(&self) -> String {
        let n = self.identified.estimates.len();
        let known = self.identified.directions;
        let mut text = format!("the roasts say more than the family does in {known} of {n} directions");
        for (a, b, correlation) in &self.identified.pairs {
            text.push_str(&format!("\nnot told apart: {a} and {b}, correlation {correlation:.2}"));
        }
        for estimate in self.identified.estimates.iter().filter(|estimate| estimate.at_bound) {
            text.push_str(&format!(
                "\nat its bound: {}, {:.4} {}: these roasts ask for another law than the model's",
                estimate.key, estimate.value, estimate.unit
            ));
        }
        text + "\n"
    }

    /// The median and the worst of the roasts held out.
    fn pictured(&self) -> Vec<(&'static str, &Judged<'a>, &FreeRun)> {
        let held: Vec<(&Judged<'a>, &FreeRun, f64)> = self
            .judged
            .iter()
            .filter(|judged| judged.part == "held_out")
            .filter_map(|judged| {
                let (_, errors) = judged.errors.iter().find(|(curve, _)| *curve == "machine")?;
                Some((judged, judged.machine.as_ref()?, errors.bt_rmse_c))
            })
            .collect();
        let sizes: Vec<f64> = held.iter().map(|(_, _, rmse_c)| *rmse_c).collect();
        let Some((median, worst)) = calibrate::median_and_worst(&sizes) else { return vec![] };
        [("median", median), ("worst", worst)].map(|(what, i)| (what, held[i].0, held[i].1)).into()
    }

    /// The machine as a file.
    pub(super) fn machine_file(
        &self,
        machine: &MachineSpec,
        family: &str,
        n_train: usize,
    ) -> Result<String, Failure> {
        let held = self.totals.iter().find(|row| {
            &*row.part == "held_out" && &*row.curve == "machine" && &*row.metric == "median.bt_rmse"
        });
        let tested = held.and_then(|row| Some((row.value?, row.n))).map_or_else(
            || "no roast was held out, so nobody knows how good it is".to_owned(),
            |(value, n)| format!("median BT RMSE {value:.1} °C over {n} roasts held out"),
        );
        let mut remarks = vec![
            format!(
                "{}: fitted to {n_train} roasts from the family {family}; {tested}.",
                calibrate::WRITTEN_BY
            ),
            "Numbers without a remark are the family's, made as large as the roasts.".to_owned(),
        ];
        let lots = self.identified.estimates.iter().filter(|e| e.level == calibrate::Level::Lot);
        remarks.extend(lots.map(|e| {
            format!(
                "The beans of these roasts, for a lot's file: {} = {:.4} ({:.4} to {:.4})",
                e.key, e.value, e.low, e.high
            )
        }));
        calibrate::machine_toml(machine, &self.identified.estimates, &remarks)
            .map_err(|error| Failure::of(&error))
    }

    /// The tables.
    pub(super) fn write(&self, mut folder: RunFolder, inputs: &[&Path]) -> Result<(), Failure> {
        folder.write(&self.parameters)?;
        folder.write(&self.errors)?;
        folder.write(&self.totals)?;
        folder.write(&self.judged.iter().flat_map(curve_rows).collect::<Vec<FitCurveRow>>())?;
        folder.write(&self.identified.pairs.iter().map(pair_row).collect::<Vec<FitPairRow>>())?;
        folder.write(&misses::bars(&self.judged).iter().map(bar_row).collect::<Vec<FitBarRow>>())?;
        output::commit(folder, inputs, &json!({ "roasts": self.judged.len() }))
    }
}

fn look() -> Look {
    let is_terminal = std::io::stdout().is_terminal();
    let width = if is_terminal {
        terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
    } else {
        None
    };
    Look { width: width.unwrap_or(100).min(120), height: 14, colour: false }
}

fn judge<'a>(
    roasts: &'a [Observed],
    place: usize,
    part: &'static str,
    train: &[usize],
    model: &Model,
    family: &Model,
) -> Judged<'a> {
    let roast = &roasts[place];
    let machine = model.free_run(roast, &BatchScalars::default(), Pace::Shipped).ok();
    let own = model.fit_batch(roast, [true; 3]);
    let batch = model.free_run(roast, &own, Pace::Shipped).ok();
    let family = family.free_run(roast, &BatchScalars::default(), Pace::Shipped).ok();
    let alone_c = std::array::from_fn(|i| {
        let own = model.fit_batch(roast, std::array::from_fn(|j| j == i));
        let run = model.free_run(roast, &own, Pace::Coarse).ok()?;
        Some(calibrate::roast_errors(&run, roast).bt_rmse_c)
    });
    let trained: Vec<&Observed> = train.iter().map(|place| &roasts[*place]).collect();
    let crack_at_recorded_s = calibrate::crack_at_recorded_bt(&trained, roast);
    let baselines = Baselines::new(trained);
    let errors = [
        ("machine", machine.as_ref().map(|run| calibrate::roast_errors(run, roast))),
        ("machine_and_batch", batch.as_ref().map(|run| calibrate::roast_errors(run, roast))),
        ("family", family.as_ref().map(|run| calibrate::roast_errors(run, roast))),
        ("last_roast", baselines.last_roast(train, place, roast)),
        ("mean_curve", baselines.mean_curve(roast)),
    ];
    let errors = errors.into_iter().filter_map(|(curve, errors)| Some((curve, errors?)));
    // A training roast replayed on itself would be no baseline.
    let is_fair = |curve: &str| part == "held_out" || !matches!(curve, "last_roast" | "mean_curve");
    let errors = errors.filter(|(curve, _)| is_fair(curve)).collect();
    Judged { roast, place, part, errors, machine, batch, family, own, alone_c, crack_at_recorded_s }
}

fn parameter_row(estimate: &Estimate) -> FitParameterRow {
    FitParameterRow {
        key: estimate.key.into(),
        level: estimate.level.name().into(),
        unit: estimate.unit.into(),
        prior: estimate.prior,
        prior_low: estimate.prior_low,
        prior_high: estimate.prior_high,
        value: estimate.value,
        low: estimate.low,
        high: estimate.high,
        sd_ratio: estimate.sd_ratio,
        at_bound: estimate.at_bound,
    }
}

fn error_rows(judged: &[Judged<'_>]) -> Vec<FitErrorRow> {
    let rows_of = |judged: &Judged<'_>, curve: &'static str, errors: &RoastErrors| {
        let source = Arc::clone(&judged.roast.source);
        let part: Arc<str> = judged.part.into();
        calibrate::metrics(errors).into_iter().map(move |(metric, unit, value)| FitErrorRow {
            source: Arc::clone(&source),
            part: Arc::clone(&part),
            curve: curve.into(),
            metric: metric.into(),
            value,
            unit: unit.into(),
        })
    };
    judged
        .iter()
        .flat_map(|one| one.errors.iter().flat_map(move |(curve, errors)| rows_of(one, curve, errors)))
        .collect()
}

fn total_rows(judged: &[Judged<'_>]) -> Vec<FitTotalRow> {
    let mut rows = Vec::new();
    for part in ["train", "held_out"] {
        for curve in ["machine", "machine_and_batch", "family", "last_roast", "mean_curve"] {
            let of = judged.iter().filter(|judged| judged.part == part).flat_map(|judged| &judged.errors);
            let errors: Vec<RoastErrors> =
                of.filter(|(name, _)| *name == curve).map(|(_, errors)| *errors).collect();
            if errors.is_empty() {
                continue;
            }
            rows.extend(calibrate::totals(&errors).into_iter().map(|total| FitTotalRow {
                part: part.into(),
                curve: curve.into(),
                metric: total.metric.into(),
                value: total.value,
                low: total.interval.map(|(low, _)| low),
                high: total.interval.map(|(_, high)| high),
                unit: total.unit.into(),
                n: count(total.n),
            }));
            rows.extend((0..PHASES.len()).flat_map(|phase| phase_rows(&errors, part, curve, phase)));
        }
    }
    rows
}

/// What all roasts miss alike in a phase, and the spread of what each misses on its own.
fn phase_rows(errors: &[RoastErrors], part: &str, curve: &str, phase: usize) -> Vec<FitTotalRow> {
    let Some((shared_c, own_c)) = calibrate::shared_and_own_c(errors, phase) else { return vec![] };
    let n = errors.iter().filter(|roast| roast.phase_bias_c[phase].is_some()).count();
    let row = |which: &str, value: f64| FitTotalRow {
        part: part.into(),
        curve: curve.into(),
        metric: format!("{which}.bt_bias.{}", PHASES[phase]).into(),
        value: Some(value),
        low: None,
        high: None,
        unit: "°C".into(),
        n: count(n),
    };
    vec![row("shared", shared_c), row("own", own_c)]
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn bar_row(bar: &Bar) -> FitBarRow {
    FitBarRow {
        what: bar.what.into(),
        value: bar.value,
        limit: bar.limit,
        // A share has no unit in tables.
        unit: if bar.unit == "of roasts" { "1" } else { bar.unit }.into(),
        at_most: bar.at_most,
        met: bar.met(),
    }
}

fn pair_row((one, other, correlation): &(&str, &str, f64)) -> FitPairRow {
    FitPairRow { one: (*one).into(), other: (*other).into(), correlation: *correlation }
}

fn curve_rows(judged: &Judged<'_>) -> Vec<FitCurveRow> {
    let roast = judged.roast;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A roast is two hours at most.
    let n = (roast.drop_s / CURVE_S) as u32;
    (0..=n)
        .map(|i| {
            let since_charge_s = CURVE_S * f64::from(i);
            FitCurveRow {
                source: Arc::clone(&roast.source),
                part: judged.part.into(),
                since_charge_s,
                bt_c: roast.bt_at(since_charge_s),
                machine_bt_c: judged.machine.as_ref().map(|run| run.bt_at(since_charge_s)),
                machine_and_batch_bt_c: judged.batch.as_ref().map(|run| run.bt_at(since_charge_s)),
                family_bt_c: judged.family.as_ref().map(|run| run.bt_at(since_charge_s)),
            }
        })
        .collect()
}
