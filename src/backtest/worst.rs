//! The roasts that the predictor tested first was farthest off at, kept with their curves.

use std::collections::BTreeSet;

use trier_eval::runner::ReplayedRoast;
use trier_eval::score::{BASELINES, worst, worst_curve, worst_forecasts};
use trier_roast::EventTime;
use trier_tables::RunFolder;
use trier_tables::rows::{AskedRow, PredictionRow, WorstCurveRow, WorstForecastRow};

use crate::output::Failure;

/// Writes the worst roasts of the first of `names` that is no baseline, or of the first where all are.
pub(super) fn write(
    folder: &mut RunFolder,
    roasts: &[ReplayedRoast],
    asked: &[AskedRow],
    names: &[String],
) -> Result<(), Failure> {
    let tested = names.iter().find(|name| !BASELINES.contains(&name.as_str())).or(names.first());
    let rows = worst(asked, tested.map_or("", String::as_str));
    let mut curves: Vec<WorstCurveRow> = Vec::new();
    let mut forecasts: Vec<WorstForecastRow> = Vec::new();
    let mut drawn = BTreeSet::new();
    for row in &rows {
        let Some(roast) = roasts.iter().find(|roast| roast.source == row.source) else { continue };
        let Some((charge, session)) = roast.charge.zip(roast.session.as_ref()) else { continue };
        if drawn.insert(&row.source) {
            let end = EventTime::from_us(session.end_us);
            curves.extend(worst_curve(&row.source, (charge, end), &roast.outputs.telemetry));
        }
        let of_roast = |said: &&PredictionRow| said.session_id == session.session_id;
        let predictions: Vec<&PredictionRow> = roast.outputs.predictions.iter().filter(of_roast).collect();
        forecasts.extend(worst_forecasts(row, charge, &predictions));
    }
    folder.write(&rows)?;
    folder.write(&curves)?;
    folder.write(&forecasts)?;
    Ok(())
}
