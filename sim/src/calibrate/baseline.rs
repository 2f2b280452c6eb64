//! What a machine model has to beat: curves that need no model.

use super::score::curve_errors;
use super::{Observed, RoastErrors};

/// Curves of the roasts that were trained on.
pub struct Baselines<'a> {
    train: Vec<&'a Observed>,
}

impl<'a> Baselines<'a> {
    /// Baselines from `train`, in time order.
    #[must_use]
    pub fn new(train: Vec<&'a Observed>) -> Self {
        Self { train }
    }

    /// The last training roast before `roast`, replayed: the newest of those before place `place`, else
    /// the oldest of all.
    ///
    /// - `places`: where each training roast stands in time, ascending; `place`: where `roast` stands.
    #[must_use]
    pub fn last_roast(&self, places: &[usize], place: usize, roast: &Observed) -> Option<RoastErrors> {
        let before = places.iter().rposition(|other| *other < place).unwrap_or(0);
        let replayed = self.train.get(before)?;
        Some(curve_errors(&|t_s| replayed.bt_at(t_s), roast))
    }

    /// The mean of all training curves, each held at its last reading.
    #[must_use]
    pub fn mean_curve(&self, roast: &Observed) -> Option<RoastErrors> {
        let n = self.train.len();
        #[allow(clippy::cast_precision_loss)] // A handful.
        let mean = |t_s: f64| self.train.iter().map(|train| train.bt_at(t_s)).sum::<f64>() / n as f64;
        (n > 0).then(|| curve_errors(&mean, roast))
    }
}
