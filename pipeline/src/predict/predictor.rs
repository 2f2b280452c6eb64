//! The trait all predictors share, what they are shown, and their names.

use trier_roast::{MarkKind, Sample};

use super::{
    artisan::Artisan,
    basis::{Basis, Usual},
    blend::Blend,
    conformal::Calibrated,
    constant::Constant,
    curve::CurveAhead,
    forecast::Forecast,
    plan::DropPlan,
    prior::Prior,
    slope90::Slope90,
};
use crate::{PipelineError, features::Point, sessionize::PlacedMark};

/// An event to forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The first audible pops.
    FirstCrackStart,
    /// Beans leave the drum.
    Drop,
}

impl Target {
    /// Both, in roast order.
    pub const ALL: [Self; 2] = [Self::FirstCrackStart, Self::Drop];

    /// The mark that ends the forecasting.
    #[must_use]
    pub const fn mark(self) -> MarkKind {
        match self {
            Self::FirstCrackStart => MarkKind::FirstCrackStart,
            Self::Drop => MarkKind::Drop,
        }
    }

    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.mark().name()
    }
}

/// A roast as far as it has gone. Nothing in it lies after `now_s`.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The time of the newest sample, usable or not, s since charge.
    pub now_s: f64,
    /// Usable BT since charge, ascending by time.
    pub points: &'a [Point],
    /// What the newest sample showed; BT and ET only where they are usable.
    pub newest: &'a Sample,
    /// Since when BT has been warming, s since charge; None before that is sure.
    pub warming_since_s: Option<f64>,
    /// Marks announced so far, in that order.
    pub marks: &'a [PlacedMark],
    /// What was known before the roast.
    pub basis: &'a Basis,
    /// The medians of it.
    pub usual: &'a Usual,
}

impl Seen<'_> {
    /// What the plan says about when to drop; None where it says nothing that can be.
    #[must_use]
    pub fn drop_plan(&self) -> Option<&DropPlan> {
        self.basis.plan.as_ref().filter(|plan| plan.is_sound())
    }
}

/// Forecasts events of one roast at a time.
pub trait Predictor: Send {
    /// The name in tables and on the command line.
    fn name(&self) -> &str;

    /// One line about it.
    fn title(&self) -> &str;

    /// Goes up with each change of what is said.
    fn version(&self) -> u32;

    /// Forgets the roast before; called at each charge, and again when the charge of the
    /// roast turns out to be another: times count anew from it.
    fn begin(&mut self) {}

    /// Seconds from `seen.now_s` to `target`, or why not. Asked at each sample in turn.
    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast;
}

/// The names of the predictors there are, the default first.
pub const PREDICTORS: [&str; 6] = ["blend", "curve", "prior", "artisan", "slope90", "constant"];

/// The predictor called `name`, fresh.
#[must_use]
pub fn predictor_named(name: &str) -> Option<Box<dyn Predictor>> {
    match name {
        "blend" => Some(Box::new(Calibrated(Blend))),
        "curve" => Some(Box::new(CurveAhead)),
        "prior" => Some(Box::new(Prior)),
        "artisan" => Some(Box::new(Artisan)),
        "slope90" => Some(Box::new(Slope90)),
        "constant" => Some(Box::new(Constant)),
        _ => None,
    }
}

/// The predictors called `names`, fresh and in that order.
///
/// # Errors
/// [`PipelineError::UnknownPredictor`] for the first name there is no predictor of,
/// [`PipelineError::RepeatedPredictor`] for the first one named twice.
pub fn predictors_named<S: AsRef<str>>(names: &[S]) -> Result<Vec<Box<dyn Predictor>>, PipelineError> {
    let mut predictors: Vec<Box<dyn Predictor>> = Vec::with_capacity(names.len());
    for name in names.iter().map(AsRef::as_ref) {
        let unknown =
            || PipelineError::UnknownPredictor { name: name.to_owned(), known: PREDICTORS.join(", ") };
        let predictor = predictor_named(name).ok_or_else(unknown)?;
        if predictors.iter().any(|p| p.name() == predictor.name()) {
            return Err(PipelineError::RepeatedPredictor { name: name.to_owned() });
        }
        predictors.push(predictor);
    }
    Ok(predictors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_keeps_nothing_between_readings() {
        // All it knows is shown to it, so a session costs no memory for it, however long.
        assert_eq!(size_of::<Calibrated<Blend>>(), 0);
        assert_eq!(PREDICTORS[0], "blend");
    }

    #[test]
    fn every_name_is_its_predictors_own() {
        for name in PREDICTORS {
            assert_eq!(predictor_named(name).map(|p| p.name().to_owned()).as_deref(), Some(name));
        }
        let error = predictors_named(&["artisan", "oracle"]).err().expect("no oracle");
        assert_eq!(
            error.to_string(),
            "no predictor is called 'oracle'; there are: blend, curve, prior, artisan, slope90, constant"
        );
        assert!(predictors_named(&["artisan", "artisan"]).is_err());
    }
}
