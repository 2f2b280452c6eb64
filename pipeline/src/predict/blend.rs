//! `blend`: what `curve`, `artisan` and `prior` say, each by its own past errors on this machine.
//!
//! Reasoning: they err apart. `artisan` knows only the last half minute, `prior` only the clock,
//! `curve` weighs both but by one rule for all machines. On the shared logs errors of `artisan` and
//! `curve` two minutes before first crack correlate by a half, those of `artisan` and `prior` not at
//! all; so their mean is nearer than the best of them, and by how much each should count differs by
//! machine: some operators mark at one BT, some keep a time. Weights are one over the mean square of
//! what each would have been off in the machine's earlier roasts (`record.rs`), near and far apart. Of this
//! roast they hang on one thing more: where it came to 150 °C much sooner or later than usual, the clock of
//! `prior` is known to be off by about as much, and counts for less (`pace.rs`).
//!
//! The shape is that of `curve`, stretched so that its median is where the blend lies. Without an
//! answer of `curve` there is none. It is `curve`'s answer where the plan says when to drop, for there is
//! nothing to weigh, and until three roasts of the machine are on record: `artisan` and `prior` rest on
//! the machine's own roasts, and on the shared logs the mean is no better than `curve` before.

use super::{
    artisan::Artisan,
    curve::CurveAhead,
    forecast::{Forecast, Quantiles},
    pace::clock_off_s2,
    predictor::{Predictor, Seen, Target},
    prior::Prior,
    record::ROASTS_MIN,
    said::{ASKED, MEMBERS, Reach},
};
use trier_roast::MarkKind;

/// `curve` is stretched or shrunk by this at most: its shape says nothing about other places.
const STRETCH: f64 = 3.0;

/// The members' answers by their past errors.
#[derive(Clone, Copy, Debug, Default)]
pub struct Blend;

impl Predictor for Blend {
    fn name(&self) -> &'static str {
        "blend"
    }

    fn title(&self) -> &'static str {
        "curve, artisan and prior, each by its past errors on the machine"
    }

    fn version(&self) -> u32 {
        3
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        let curve = CurveAhead.forecast(target, seen).checked(seen.now_s);
        let planned = target == Target::Drop && seen.drop_plan().is_some();
        let Forecast::Seconds { quantiles: Quantiles { p50_s: Some(curve_s), .. }, .. } = &curve else {
            return curve;
        };
        let curve_s = *curve_s;
        let few = seen.usual.record.roasts() < ROASTS_MIN;
        if planned || few || curve_s <= 0.0 {
            return curve;
        }
        let answers = [
            Some(curve_s),
            median_s(Artisan.forecast(target, seen), seen),
            median_s(Prior.forecast(target, seen), seen),
        ];
        let more_s2 = [0.0, 0.0, clock_off(target, seen)];
        let weights = seen.usual.record.weights(target, Reach::of(curve_s), more_s2);
        let mid_s = mean(&answers, &weights);
        let stretch = (mid_s / curve_s).clamp(1.0 / STRETCH, STRETCH);
        match curve {
            Forecast::Seconds { quantiles, mut reasons, used } => {
                reasons.insert(0, in_words(&answers, &weights));
                Forecast::Seconds { quantiles: quantiles.map(|s| stretch * s), reasons, used }
            }
            abstain @ Forecast::Abstain(_) => abstain,
        }
    }
}

/// By how much more than usual `prior` is off, s²: after first crack it counts from there, whatever the pace was.
fn clock_off(target: Target, seen: &Seen<'_>) -> f64 {
    let cracked = seen.marks.iter().any(|mark| mark.kind == MarkKind::FirstCrackStart);
    if target == Target::Drop && cracked { 0.0 } else { clock_off_s2(seen) }
}

/// The median that a member states, s.
fn median_s(forecast: Forecast, seen: &Seen<'_>) -> Option<f64> {
    match forecast.checked(seen.now_s) {
        Forecast::Seconds { quantiles, .. } => quantiles.p50_s,
        Forecast::Abstain(_) => None,
    }
}

/// The mean of those who answered.
fn mean(answers: &[Option<f64>; MEMBERS], weights: &[f64; MEMBERS]) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for (answer, weight) in answers.iter().zip(weights) {
        if let Some(seconds) = answer {
            sum += weight * seconds;
            all += weight;
        }
    }
    sum / all
}

/// "curve 120 s by 0.5, artisan 95 s by 0.3, prior 140 s by 0.2".
fn in_words(answers: &[Option<f64>; MEMBERS], weights: &[f64; MEMBERS]) -> String {
    let words: Vec<String> = ASKED
        .iter()
        .zip(answers.iter().zip(weights))
        .filter_map(|(name, (answer, weight))| Some(format!("{name} {:.0} s by {weight:.2}", (*answer)?)))
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_answer_does_not_count() {
        let weights = [0.5, 0.3, 0.2];
        assert!((mean(&[Some(100.0), Some(50.0), Some(150.0)], &weights) - 95.0).abs() < 1e-12);
        assert!((mean(&[Some(100.0), None, Some(170.0)], &weights) - 120.0).abs() < 1e-12);
        assert_eq!(
            in_words(&[Some(100.0), None, Some(170.0)], &weights),
            "curve 100 s by 0.50, prior 170 s by 0.20"
        );
    }
}
