//! The report on a folder that `sim calibrate --tables` wrote.

use std::path::Path;

use trier_reports::page::calibration::{Calibration, page};
use trier_reports::summary;
use trier_tables::rows::{FitBarRow, FitCurveRow, FitErrorRow, FitPairRow, FitParameterRow, FitTotalRow};
use trier_tables::table_in;

use super::Made;
use crate::output::Failure;

/// Makes it.
pub(super) fn make(folder: &Path) -> Result<Made, Failure> {
    let parameters: Vec<FitParameterRow> = table_in(folder)?;
    let pairs: Vec<FitPairRow> = table_in(folder)?;
    let totals: Vec<FitTotalRow> = table_in(folder)?;
    let bars: Vec<FitBarRow> = table_in(folder)?;
    let errors: Vec<FitErrorRow> = table_in(folder)?;
    let curves: Vec<FitCurveRow> = table_in(folder)?;
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
    let parameters: Vec<FitParameterRow> = table_in(folder)?;
    let totals: Vec<FitTotalRow> = table_in(folder)?;
    let errors: Vec<FitErrorRow> = table_in(folder)?;
    let tables = [
        summary::parameters_table(&parameters),
        summary::fit_errors_table(&errors),
        summary::fit_totals_table(&totals),
    ];
    Ok(tables.join("\n"))
}
