//! Drawn profiles: curves somebody designed, saved as if they were recordings.
//!
//! A profile editor samples its spline at exact intervals, so time is regular to
//! the last digit and the curve bends as splines do. A measurement has neither: a
//! computer's clock jitters by tenths of a millisecond, and a probe's last digit
//! flickers. Only both together count as drawn, so an import with regular time
//! but real temperatures passes.

use crate::LogError;

/// Largest spread of the sample interval in a drawn profile, s. Recorded ones
/// spread by 1e-4 s and more; splines by rounding, 1e-13 s.
const SPREAD_MAX_S: f64 = 1e-6;

/// Fewest samples that can be judged.
const SAMPLES_MIN: usize = 30;

/// Share of sign changes among second differences below which a curve is a
/// spline. Noise and quantisation change sign in 0.2 to 0.8 of places; a spline
/// only where its curvature does, under 0.02 here.
const FLIPS_MAX: f64 = 0.05;

/// Second difference, in degrees, that 97 % of a rounded straight drawing stays
/// below. A probe's last digit is 0.1 or more coarse and moves more than that.
const BEND_MAX: f64 = 0.02;

/// Refuses a curve that was drawn.
///
/// - `time_s`: sample times, s; - `curve`: one temperature per time.
///
/// # Errors
/// [`LogError::DrawnProfile`] when time is exactly regular and the curve has no noise.
pub(crate) fn refuse_drawn(time_s: &[f64], curve: &[Option<f64>]) -> Result<(), LogError> {
    let (Some(first_s), Some(last_s)) = (time_s.first(), time_s.last()) else { return Ok(()) };
    if time_s.len() < SAMPLES_MIN {
        return Ok(());
    }
    #[allow(clippy::cast_precision_loss)]
    let interval_s = (last_s - first_s) / (time_s.len() - 1) as f64;
    let regular = time_s.windows(2).all(|pair| (pair[1] - pair[0] - interval_s).abs() < SPREAD_MAX_S);
    if !regular {
        return Ok(());
    }
    let values: Vec<f64> = curve.iter().copied().flatten().collect();
    let bends: Vec<f64> = values.windows(3).map(|w| w[2] - 2.0 * w[1] + w[0]).collect();
    match smoothness(&bends) {
        None => Ok(()),
        Some(smooth) => Err(LogError::DrawnProfile { samples: time_s.len(), interval_s, smooth }),
    }
}

/// How the second differences show a drawing; None when they show a measurement.
fn smoothness(bends: &[f64]) -> Option<String> {
    // Flat stretches say nothing; a quantised reading flips at each of its steps.
    let turning: Vec<f64> = bends.iter().copied().filter(|b| b.abs() > 1e-9).collect();
    let flips = turning.windows(2).filter(|w| w[0] * w[1] < 0.0).count();
    #[allow(clippy::cast_precision_loss)]
    let share = flips as f64 / turning.len().max(2) as f64;
    if share < FLIPS_MAX {
        return Some(format!("a curve whose bend changes direction in {:.1} % of places", share * 100.0));
    }
    let mut sizes: Vec<f64> = bends.iter().map(|b| b.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let bend = trier_roast::order::quantile_of_sorted(&sizes, 0.97)?;
    (bend < BEND_MAX).then(|| format!("a curve that bends by less than {BEND_MAX} degrees per sample"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 600 samples, 1 s apart, moved off the raster by up to `jitter_s`.
    fn times(jitter_s: f64) -> Vec<f64> {
        (0..600_u32).map(|i| 53.37 + f64::from(i) + jitter_s * f64::from(i * 7919 % 13) / 13.0).collect()
    }

    fn curve(of: impl Fn(f64) -> f64) -> Vec<Option<f64>> {
        (0..600_u32).map(|i| Some(of(f64::from(i)))).collect()
    }

    #[test]
    fn splines_straight_lines_and_flat_lines_are_drawn() {
        let spline = curve(|t| 100.0 + 0.3 * t - 1e-4 * t * t);
        let rounded = curve(|t| ((150.0 + 0.39 * t) * 100.0).round() / 100.0);
        for drawn in [spline, rounded, curve(|_| 20.0)] {
            let error = refuse_drawn(&times(0.0), &drawn).expect_err("drawn");
            assert_eq!(error.code(), "drawn_profile");
        }
    }

    #[test]
    fn a_measured_curve_on_a_perfect_clock_is_kept() {
        // Tenths of a degree, and whole degrees at a slow climb: what devices show.
        for step in [0.1, 1.0] {
            let measured = curve(|t| ((100.0 + 0.16 * t) / step).round() * step);
            assert_eq!(refuse_drawn(&times(0.0), &measured), Ok(()));
        }
    }

    #[test]
    fn a_smooth_curve_on_a_real_clock_is_kept() {
        assert_eq!(refuse_drawn(&times(1e-3), &curve(|t| 100.0 + 0.3 * t)), Ok(()));
    }
}
