//! The report on a folder that `sim calibrate --tables` wrote.

use std::path::Path;

use trier_reports::page::calibration::{Calibration, page};
use trier_reports::summary;
use trier_tables::read_table;
use trier_tables::rows::{FitBarRow, FitCurveRow, FitErrorRow, FitPairRow, FitParameterRow, FitTotalRow};

use super::Made;
use crate::output::Failure;

/// The table that only such a folder holds.
pub(super) const TABLE: &str = "fit_parameters.parquet";

/// Makes it.
pub(super) fn make(folder: &Path) -> Result<Made, Failure> {
    let of = |table: &str| folder.join(table);
    let parameters: Vec<FitParameterRow> = read_table(&of(TABLE))?;
    let pairs: Vec<FitPairRow> = read_table(&of("fit_pairs.parquet"))?;
    let totals: Vec<FitTotalRow> = read_table(&of("fit_totals.parquet"))?;
    let bars: Vec<FitBarRow> = read_table(&of("fit_bars.parquet"))?;
    let errors: Vec<FitErrorRow> = read_table(&of("fit_errors.parquet"))?;
    let curves: Vec<FitCurveRow> = read_table(&of("fit_curves.parquet"))?;
    let calibration = Calibration {
        parameters: &parameters,
        pairs: &pairs,
        totals: &totals,
        bars: &bars,
        errors: &errors,
        curves: &curves,
    };
    let made = page(&calibration).map_err(|error| Failure::of(&error))?;
    Ok(Made { html: made.html, figures: made.figures })
}

/// What was fitted and how far off it is, in the tables that the command prints.
pub(super) fn text(folder: &Path) -> Result<String, Failure> {
    let parameters: Vec<FitParameterRow> = read_table(&folder.join(TABLE))?;
    let totals: Vec<FitTotalRow> = read_table(&folder.join("fit_totals.parquet"))?;
    let errors: Vec<FitErrorRow> = read_table(&folder.join("fit_errors.parquet"))?;
    let tables = [
        summary::parameters_table(&parameters),
        summary::fit_errors_table(&errors),
        summary::fit_totals_table(&totals),
    ];
    Ok(tables.join("\n"))
}
