//! A forecast: quantiles of the seconds to go, and the bounds any answer must keep.

use super::abstain::Abstain;
use crate::features::Point;

/// No forecast reaches further than this, s.
pub const HORIZON_S: f64 = 3_600.0;

/// Quantiles of the time from now to an event, s. None: not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quantiles {
    /// 5 %.
    pub p05_s: Option<f64>,
    /// 10 %.
    pub p10_s: Option<f64>,
    /// 25 %.
    pub p25_s: Option<f64>,
    /// The median: what is said when one number is asked for.
    pub p50_s: Option<f64>,
    /// 75 %.
    pub p75_s: Option<f64>,
    /// 90 %.
    pub p90_s: Option<f64>,
    /// 95 %.
    pub p95_s: Option<f64>,
}

impl Quantiles {
    /// One number and no interval: only the median is stated.
    #[must_use]
    pub fn point(seconds: f64) -> Self {
        Self { p50_s: Some(seconds), ..Self::default() }
    }

    /// Each stated quantile as `to` makes it; ascending still where `to` never falls.
    #[must_use]
    pub fn map(&self, to: impl Fn(f64) -> f64) -> Self {
        let [p05_s, p10_s, p25_s, p50_s, p75_s, p90_s, p95_s] = self.ascending().map(|q| q.map(&to));
        Self { p05_s, p10_s, p25_s, p50_s, p75_s, p90_s, p95_s }
    }

    /// All seven, lowest first.
    #[must_use]
    pub const fn ascending(&self) -> [Option<f64>; 7] {
        [self.p05_s, self.p10_s, self.p25_s, self.p50_s, self.p75_s, self.p90_s, self.p95_s]
    }
}

/// The data that an answer rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Used {
    /// The newest reading in it, s since charge; None: it looks at no reading.
    pub until_s: Option<f64>,
    /// Points of BT.
    pub points: usize,
    /// Earlier roasts of the machine.
    pub roasts: usize,
}

impl Used {
    /// The points of a window, ascending, and some earlier roasts.
    #[must_use]
    pub fn of(window: &[Point], roasts: usize) -> Self {
        Self { until_s: window.last().map(|(t_s, _)| *t_s), points: window.len(), roasts }
    }
}

/// What a predictor says when asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Forecast {
    /// Seconds from now to the event.
    Seconds {
        /// How many, and how sure.
        quantiles: Quantiles,
        /// What that rests on, most important first, with numbers.
        reasons: Vec<String>,
        /// The data it rests on.
        used: Used,
    },
    /// No answer, and why.
    Abstain(Abstain),
}

impl Forecast {
    /// One number with its reasons and the data it rests on.
    #[must_use]
    pub fn point(seconds: f64, reasons: Vec<String>, used: Used) -> Self {
        Self::Seconds { quantiles: Quantiles::point(seconds), reasons, used }
    }

    /// This forecast if it keeps the bounds, else the abstain that takes its place.
    ///
    /// - `now_s`: when it was asked for, s since charge.
    ///
    /// A median is stated, it is within [`HORIZON_S`], all quantiles stated are finite,
    /// not negative and ascending, and it rests on nothing after now. Holds for predictors
    /// of any origin.
    #[must_use]
    pub fn checked(self, now_s: f64) -> Self {
        let Self::Seconds { quantiles, used, .. } = &self else {
            return self;
        };
        let refuse = |what: String| Self::Abstain(Abstain::BadOutput { what });
        if let Some(until_s) = used.until_s.filter(|until_s| *until_s > now_s) {
            return refuse(format!("it rests on a reading at {until_s} s, after {now_s} s"));
        }
        let mut floor_s = 0.0;
        for seconds in quantiles.ascending().into_iter().flatten() {
            if !seconds.is_finite() {
                return refuse(format!("{seconds} is not a number of seconds"));
            }
            if seconds < floor_s {
                return refuse(format!("{seconds} s is below {floor_s} s"));
            }
            floor_s = seconds;
        }
        match quantiles.p50_s {
            None => refuse("no median".to_owned()),
            Some(seconds) if seconds > HORIZON_S => Self::Abstain(Abstain::BeyondHorizon { seconds }),
            Some(_) => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(quantiles: Quantiles) -> Option<&'static str> {
        code_of(Forecast::Seconds { quantiles, reasons: Vec::new(), used: Used::default() })
    }

    fn code_of(forecast: Forecast) -> Option<&'static str> {
        match forecast.checked(300.0) {
            Forecast::Seconds { .. } => None,
            Forecast::Abstain(why) => Some(why.code()),
        }
    }

    #[test]
    fn only_a_bounded_ascending_finite_answer_passes() {
        assert_eq!(code(Quantiles::point(120.0)), None);
        assert_eq!(code(Quantiles::point(0.0)), None);
        let interval = Quantiles { p05_s: Some(60.0), p95_s: Some(200.0), ..Quantiles::point(120.0) };
        assert_eq!(code(interval), None);
        assert_eq!(code(Quantiles::default()), Some("bad_output"));
        assert_eq!(code(Quantiles::point(f64::NAN)), Some("bad_output"));
        assert_eq!(code(Quantiles::point(-1.0)), Some("bad_output"));
        let crossed = Quantiles { p05_s: Some(130.0), ..Quantiles::point(120.0) };
        assert_eq!(code(crossed), Some("bad_output"));
        assert_eq!(code(Quantiles::point(3_601.0)), Some("beyond_horizon"));
        let seen_at = |at_s| code_of(Forecast::point(60.0, Vec::new(), Used::of(&[(at_s, 180.0)], 0)));
        assert_eq!(seen_at(300.0), None);
        assert_eq!(seen_at(300.5), Some("bad_output"));
    }
}
