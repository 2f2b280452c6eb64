//! What predictors would have said of a roast that is over, and how far that was off.
//!
//! Blending and calibration rest on it. It is asked for anew when a machine learns a roast, at
//! fixed leads and with what was known before that roast, and so hangs on nothing that ran then.

use super::predictor::Target;

/// Who is asked, in this order: the members of `blend`, then `blend` itself before calibration.
pub(super) const ASKED: [&str; MEMBERS + 1] = ["curve", "artisan", "prior", "blend"];

/// How many of them `blend` is made of.
pub(super) const MEMBERS: usize = 3;

/// Asked this long before the event, s: where roasters act on it, and where a backtest asks.
pub(super) const LEADS_S: [f64; 8] = [30.0, 60.0, 90.0, 120.0, 150.0, 180.0, 210.0, 240.0];

/// An answer that looks further than this is a far one, s: errors grow with the reach, and each
/// half has the same number of leads then.
const FAR_S: f64 = 90.0;

/// One answer. Seconds from when it was asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// The median.
    pub mid_s: f64,
    /// The 5 % and 95 % quantiles; None where no interval was stated.
    pub interval_s: Option<(f64, f64)>,
}

/// All answers at one moment of a roast that is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// What was asked for.
    pub target: Target,
    /// How long it then took, s.
    pub lead_s: f64,
    /// What each said: `curve`, `artisan`, `prior`, and `blend` uncalibrated; None where one abstained.
    pub said: [Option<Said>; ASKED.len()],
}

/// Whether an answer is near or far: errors of the two are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Near,
    Far,
}

impl Reach {
    pub(super) const ALL: [Self; 2] = [Self::Near, Self::Far];

    /// Of an answer of so many seconds.
    pub(super) fn of(mid_s: f64) -> Self {
        if mid_s > FAR_S { Self::Far } else { Self::Near }
    }
}

/// Errors count as this at most, s: one mark that was forgotten does not silence a predictor.
const ERROR_S_MAX: f64 = 200.0;

/// A side of an interval counts as this wide at least, s: narrower is within a sample or two.
const SIDE_S_MIN: f64 = 1.0;

impl Said {
    /// How far off the median was, s².
    pub(super) fn square(&self, lead_s: f64) -> f64 {
        let off_s = (self.mid_s - lead_s).abs().min(ERROR_S_MAX);
        off_s * off_s
    }

    /// How far the event lay from the median, in widths of that side of the interval: −1 is the
    /// 5 % quantile, 1 the 95 %; None without an interval.
    pub(super) fn place(&self, lead_s: f64) -> Option<f64> {
        let (low_s, high_s) = self.interval_s?;
        let off_s = lead_s - self.mid_s;
        let side_s = if off_s < 0.0 { self.mid_s - low_s } else { high_s - self.mid_s };
        Some(off_s / side_s.max(SIDE_S_MIN))
    }
}

/// For each member of `blend` the mean square of its errors in one roast, s²; None where it never
/// answered. How far `curve` looked says whether that was near or far.
pub(super) fn mean_squares(moments: &[Moment], target: Target, reach: Reach) -> [Option<f64>; MEMBERS] {
    let of_slice: Vec<&Moment> = moments
        .iter()
        .filter(|m| m.target == target && m.said[0].is_some_and(|said| Reach::of(said.mid_s) == reach))
        .collect();
    std::array::from_fn(|member| {
        let squares: Vec<f64> =
            of_slice.iter().filter_map(|m| Some(m.said[member]?.square(m.lead_s))).collect();
        #[allow(clippy::cast_precision_loss)] // Eight at most.
        (!squares.is_empty()).then(|| squares.iter().sum::<f64>() / squares.len() as f64)
    })
}

/// Where the event lay in the intervals that predictor `asked` (of [`ASKED`]) stated in one roast.
pub(super) fn places(moments: &[Moment], asked: usize, target: Target, reach: Reach) -> Vec<f64> {
    moments
        .iter()
        .filter(|m| m.target == target)
        .filter_map(|m| {
            let said = m.said[asked].filter(|said| Reach::of(said.mid_s) == reach)?;
            said.place(m.lead_s)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_in_widths_of_its_side() {
        let said = Said { mid_s: 100.0, interval_s: Some((80.0, 160.0)) };
        assert_eq!(said.place(80.0), Some(-1.0));
        assert_eq!(said.place(130.0), Some(0.5));
        assert_eq!(said.place(220.0), Some(2.0));
        assert_eq!(Said { mid_s: 100.0, interval_s: None }.place(100.0), None);
        // One that is sure to the second is held to a second.
        assert_eq!(Said { mid_s: 100.0, interval_s: Some((100.0, 100.0)) }.place(103.0), Some(3.0));
    }

    #[test]
    fn near_and_far_are_told_apart_by_what_was_said() {
        let said = |mid_s| Some(Said { mid_s, interval_s: None });
        let moment = |lead_s, curve_s, artisan_s| Moment {
            target: Target::FirstCrackStart,
            lead_s,
            said: [said(curve_s), artisan_s, None, None],
        };
        let moments = [moment(60.0, 70.0, said(40.0)), moment(80.0, 80.0, None), moment(120.0, 99.0, None)];
        let near = mean_squares(&moments, Target::FirstCrackStart, Reach::Near);
        assert_eq!(near, [Some(50.0), Some(400.0), None]);
        assert_eq!(mean_squares(&moments, Target::FirstCrackStart, Reach::Far), [Some(441.0), None, None]);
        assert_eq!(mean_squares(&moments, Target::Drop, Reach::Near), [None; MEMBERS]);
    }
}
