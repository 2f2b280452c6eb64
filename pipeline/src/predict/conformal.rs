//! Any predictor that states an interval, with that interval set by its own past errors on the machine.
//!
//! A model's interval is as good as its beliefs. What it would have said of the machine's earlier
//! roasts shows how good: events lie within 90 % intervals 97 times of 100, or 70. So the sides
//! of each interval are drawn in or out until the share is right, near and far apart, later
//! roasts counting more; see `record.rs`. The median stays where it is.
//!
//! What is promised is the share over forecasts asked for half a minute to four minutes before the event,
//! as in a backtest. Of drop by a plan there is no record, and its interval stays as stated.

use super::{
    forecast::{Forecast, Quantiles},
    predictor::{Predictor, Seen, Target},
    record::LEVELS,
    said::Reach,
};

/// A predictor whose intervals are calibrated, under its own name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Calibrated<P>(pub P);

impl<P: Predictor> Predictor for Calibrated<P> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn title(&self) -> &str {
        self.0.title()
    }

    fn version(&self) -> u32 {
        self.0.version()
    }

    fn begin(&mut self) {
        self.0.begin();
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        let forecast = self.0.forecast(target, seen);
        let planned = target == Target::Drop && seen.drop_plan().is_some();
        match forecast {
            Forecast::Seconds { quantiles, mut reasons, used } if !planned => {
                let record = &seen.usual.record;
                let widths =
                    quantiles.p50_s.and_then(|mid_s| record.widths(self.name(), target, Reach::of(mid_s)));
                let Some(drawn) = widths.and_then(|widths| drawn(&quantiles, &widths)) else {
                    return Forecast::Seconds { quantiles, reasons, used };
                };
                reasons.push(format!("interval by the errors of {}", super::aim::roasts(record.roasts())));
                Forecast::Seconds { quantiles: drawn, reasons, used }
            }
            other => other,
        }
    }
}

/// The interval of `quantiles` with its sides drawn to so many `widths` at each of [`LEVELS`]; None
/// when it states no interval.
fn drawn(quantiles: &Quantiles, widths: &[f64; LEVELS.len()]) -> Option<Quantiles> {
    let (low_s, mid_s, high_s) = (quantiles.p05_s?, quantiles.p50_s?, quantiles.p95_s?);
    // Nothing lies before now.
    let [p05_s, p10_s, p25_s] = [0, 1, 2].map(|i| Some((mid_s + widths[i] * (mid_s - low_s)).max(0.0)));
    let [p75_s, p90_s, p95_s] = [3, 4, 5].map(|i| Some(mid_s + widths[i] * (high_s - mid_s)));
    Some(Quantiles { p05_s, p10_s, p25_s, p50_s: Some(mid_s), p75_s, p90_s, p95_s })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_drawn_and_nothing_lies_before_now() {
        let stated = Quantiles { p05_s: Some(40.0), p95_s: Some(160.0), ..Quantiles::point(60.0) };
        let got = drawn(&stated, &[-4.0, -1.0, -0.5, 0.1, 0.5, 2.0]).expect("an interval");
        let want = [0.0, 40.0, 50.0, 60.0, 70.0, 110.0, 260.0].map(Some);
        assert_eq!(got.ascending(), want);
        assert_eq!(drawn(&Quantiles::point(60.0), &[0.0; 6]), None);
    }
}
