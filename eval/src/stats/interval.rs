//! Forecasts with an interval, held against what happened: pinball, coverage, width, CRPS.

/// The pinball loss of quantile `q` at level `tau` (0 to 1), in the unit of `y`: never negative,
/// zero where they are equal. Vector: `metric/pinball_interval`.
#[must_use]
pub fn pinball(y: f64, q: f64, tau: f64) -> f64 {
    let off = y - q;
    (tau * off).max((tau - 1.0) * off)
}

/// The interval score of `low` to `high` at `alpha` (0.1 for 90 %): the width, and 2/α for each unit
/// by which `y` lies outside. Vector: `metric/pinball_interval`.
#[must_use]
pub fn interval_score(y: f64, low: f64, high: f64, alpha: f64) -> f64 {
    let outside = (low - y).max(0.0) + (y - high).max(0.0);
    (high - low) + 2.0 / alpha * outside
}

/// The weighted interval score of a `median` with `intervals` around it, in the unit of `y`.
///
/// - `intervals`: (alpha, low, high) each.
///
/// (|y − median|/2 + Σ α/2 · interval score) / (K + 1/2) over K intervals: the pinball losses of all
/// the quantiles, over K + 1/2. Vector: `metric/pinball_interval`.
#[must_use]
pub fn weighted_interval_score(y: f64, median: f64, intervals: &[(f64, f64, f64)]) -> f64 {
    let terms: f64 =
        intervals.iter().map(|(alpha, low, high)| 0.5 * alpha * interval_score(y, *low, *high, *alpha)).sum();
    #[allow(clippy::cast_precision_loss)]
    let count = intervals.len() as f64;
    (0.5 * (y - median).abs() + terms) / (count + 0.5)
}

/// Whether `y` lies from `low` to `high`, both included. Vector: `metric/pinball_interval`.
#[must_use]
pub fn covers(y: f64, low: f64, high: f64) -> bool {
    y >= low && y <= high
}

/// The continuous ranked probability score of a forecast known by some quantiles, in the unit of `y`.
///
/// - `quantiles`: (level, value), ascending by both; one alone is a forecast without a width.
///
/// Twice the pinball loss over all levels: trapezoids between the levels stated, and beyond the
/// outermost ones the forecast is taken to end there. So it is the exact score of that
/// forecast only up to the levels' spacing.
#[must_use]
pub fn crps_of_quantiles(y: f64, quantiles: &[(f64, f64)]) -> Option<f64> {
    let (first, last) = (quantiles.first()?, quantiles.last()?);
    let loss = |(tau, q): (f64, f64)| pinball(y, q, tau);
    let between: f64 = quantiles
        .windows(2)
        .map(|pair| 0.5 * (pair[1].0 - pair[0].0) * (loss(pair[0]) + loss(pair[1])))
        .sum();
    let below = 0.5 * first.0 * (loss((0.0, first.1)) + loss(*first));
    let above = 0.5 * (1.0 - last.0) * (loss((1.0, last.1)) + loss(*last));
    Some(2.0 * (below + between + above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_without_width_scores_its_error() {
        // Twice the mean of max(τ e, (τ − 1) e) over τ is |e|.
        for error in [-7.0, 0.0, 12.5] {
            let got = crps_of_quantiles(100.0, &[(0.5, 100.0 - error)]).expect("one quantile");
            assert!((got - f64::abs(error)).abs() < 1e-12, "{got} for {error}");
        }
        assert_eq!(crps_of_quantiles(1.0, &[]), None);
    }

    #[test]
    fn many_quantiles_of_a_uniform_forecast_score_as_it_does() {
        // Uniform on 0 to 1 with y in the middle: ∫(F − 1{x ≥ ½})² = 2·(½)³/3 = 1/12.
        let quantiles: Vec<(f64, f64)> = (1..1000).map(|i| f64::from(i) / 1000.0).map(|p| (p, p)).collect();
        let got = crps_of_quantiles(0.5, &quantiles).expect("quantiles");
        assert!((got - 1.0 / 12.0).abs() < 1e-5, "{got}");
    }

    #[test]
    fn the_weighted_score_is_the_pinball_loss_of_its_quantiles() {
        // Each interval and the median are quantiles; twice their pinball loss over K + 1/2 is the score.
        let (y, low, high, alpha) = (12.0, 3.0, 9.0, 0.2);
        let got = weighted_interval_score(y, 7.0, &[(alpha, low, high)]);
        let loss = pinball(y, 7.0, 0.5) + pinball(y, low, 0.1) + pinball(y, high, 0.9);
        assert!((got - loss / 1.5).abs() < 1e-12, "{got}");
        assert!(covers(3.0, 3.0, 9.0) && !covers(2.9, 3.0, 9.0));
    }

    #[test]
    fn an_interval_pays_for_width_and_for_misses() {
        assert_eq!(interval_score(5.0, 0.0, 10.0, 0.1), 10.0);
        assert_eq!(interval_score(12.0, 0.0, 10.0, 0.1), 10.0 + 20.0 * 2.0);
    }
}
