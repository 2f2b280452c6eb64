//! The record of a machine: how much each member of `blend` is worth there, and how wide intervals
//! have to be, by what would have been said of its earlier roasts.
//!
//! Held towards [`Kin`], other machines, while few are known. It is learned from roasts that are over,
//! so nothing in it changes while one goes on. Later roasts count more, as in [`Basis::weighed`]:
//! operators, beans and probes change, and so do errors.
//!
//! The intervals are conformal: where the event lay in past intervals, in widths of their sides,
//! says how many widths the next needs. If past and next roasts are exchangeable, the share within
//! is as stated, whatever the predictor.

use super::{
    basis::Basis,
    kin::Kin,
    predictor::Target,
    said::{ASKED, MEMBERS, Reach, mean_squares, places},
};

/// [`Kin`] counts as this many of the machine's roasts in the errors.
const KIN_ROASTS: f64 = 2.0;

/// With fewer roasts on record, answers stay as stated.
pub(super) const ROASTS_MIN: usize = 3;

/// Quantiles that an interval is made of, but for the median.
pub(super) const LEVELS: [f64; 6] = [0.05, 0.10, 0.25, 0.75, 0.90, 0.95];

/// Of one target and reach.
#[derive(Clone, Debug, Default, PartialEq)]
struct Slice {
    /// Mean squares of the errors of `blend`'s members, s².
    squares_s2: [f64; MEMBERS],
    /// Widths of a side at each of [`LEVELS`]; None for one without a record.
    widths: [Option<[f64; LEVELS.len()]>; ASKED.len()],
}

/// What a machine's past errors come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Targets, each near and far.
    slices: [[Slice; 2]; 2],
    /// Earlier roasts of which something was said.
    roasts: usize,
}

impl Record {
    /// Of the earlier roasts of `basis`, held towards its kin.
    pub(super) fn of(basis: &Basis) -> Self {
        let shipped = Kin::shipped();
        let kin = basis.kin.as_deref().unwrap_or(&shipped);
        Self {
            slices: Target::ALL.map(|target| Reach::ALL.map(|reach| slice(basis, kin, target, reach))),
            roasts: basis.earlier.iter().filter(|roast| !roast.said.is_empty()).count(),
        }
    }

    /// The weight of each member of `blend`, one over the mean square of its errors, which is best for errors of their
    /// own; they sum to one.
    ///
    /// - `more_s2`: what is known of each in this roast to come on top of its past errors, s².
    pub(super) fn weights(&self, target: Target, reach: Reach, more_s2: [f64; MEMBERS]) -> [f64; MEMBERS] {
        let squares_s2 = self.slice(target, reach).squares_s2;
        let worth: [f64; MEMBERS] = std::array::from_fn(|i| 1.0 / (squares_s2[i] + more_s2[i]).max(1.0));
        let sum: f64 = worth.iter().sum();
        worth.map(|one| one / sum)
    }

    /// How many widths of its sides an interval of `predictor` reaches at each of [`LEVELS`], lower
    /// ones negative; None without a record to say so.
    pub(super) fn widths(
        &self,
        predictor: &str,
        target: Target,
        reach: Reach,
    ) -> Option<[f64; LEVELS.len()]> {
        self.slice(target, reach).widths[ASKED.iter().position(|asked| *asked == predictor)?]
    }

    /// Earlier roasts that it rests on.
    pub(super) const fn roasts(&self) -> usize {
        self.roasts
    }

    const fn slice(&self, target: Target, reach: Reach) -> &Slice {
        &self.slices[target as usize][reach as usize]
    }
}

fn slice(basis: &Basis, kin: &Kin, target: Target, reach: Reach) -> Slice {
    let widths = |asked: usize| {
        let telling =
            basis.earlier.iter().filter(|roast| roast.said.iter().any(|m| m.target == target)).count();
        let kins = kin.places(ASKED[asked], target, reach)?;
        (telling >= ROASTS_MIN).then(|| widths(basis, &kins, asked, target, reach))
    };
    Slice { squares_s2: squares_s2(basis, kin, target, reach), widths: std::array::from_fn(widths) }
}

/// The mean squares of the errors, where those of kin count as [`KIN_ROASTS`].
fn squares_s2(basis: &Basis, kin: &Kin, target: Target, reach: Reach) -> [f64; MEMBERS] {
    let mut squares = kin.squares_s2(target, reach).map(|kins| KIN_ROASTS * kins);
    let mut counts = [KIN_ROASTS; MEMBERS];
    for (roast, weight) in basis.weighed() {
        for (member, own) in mean_squares(&roast.said, target, reach).into_iter().enumerate() {
            if let Some(own) = own {
                squares[member] += weight * own;
                counts[member] += weight;
            }
        }
    }
    std::array::from_fn(|member| squares[member] / counts[member])
}

/// The quantiles of where events lay: each place of kin counts as a roast, and all of one roast of
/// the machine count as one, since they hang together.
fn widths(basis: &Basis, kins: &[f64], asked: usize, target: Target, reach: Reach) -> [f64; LEVELS.len()] {
    let mut lay: Vec<(f64, f64)> = kins.iter().map(|place| (*place, 1.0)).collect();
    for (roast, weight) in basis.weighed() {
        let own = places(&roast.said, asked, target, reach);
        #[allow(clippy::cast_precision_loss)] // Eight at most.
        let each = weight / own.len() as f64;
        lay.extend(own.into_iter().map(|place| (place, each)));
    }
    lay.sort_by(|a, b| a.0.total_cmp(&b.0));
    LEVELS.map(|level| {
        let width = quantile(&lay, level);
        // The median stays where it is, whatever side events lay on.
        if level < 0.5 { width.min(0.0) } else { width.max(0.0) }
    })
}

/// The quantile of ascending values with weights above zero: each stands in the middle of its weight,
/// straight between, level beyond.
pub(super) fn quantile(ascending: &[(f64, f64)], level: f64) -> f64 {
    let goal = level * ascending.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut so_far = 0.0;
    let mut before: Option<(f64, f64)> = None;
    for (value, weight) in ascending {
        let middle = so_far + 0.5 * weight;
        if middle >= goal {
            return match before {
                Some((at, low)) => low + (value - low) * (goal - at) / (middle - at),
                None => *value,
            };
        }
        before = Some((middle, *value));
        so_far += weight;
    }
    before.map_or(0.0, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::predict::{EarlierRoast, Moment, Said};

    /// Roasts in which `curve` and `blend` say 60 s with 30 s to either side, and the event lies
    /// `places[i]` of those away; `artisan` is off by three times as much.
    fn roasts(places: &[f64]) -> Basis {
        let roast = |place: &f64| {
            let lead_s = 60.0 + 30.0 * place;
            let said = |mid_s| Some(Said { mid_s, interval_s: Some((30.0, 90.0)) });
            let three = said(lead_s + 3.0 * (60.0 - lead_s));
            let moment = Moment {
                target: Target::FirstCrackStart,
                lead_s,
                said: [said(60.0), three, None, said(60.0)],
            };
            EarlierRoast { said: Arc::from([moment]), ..EarlierRoast::default() }
        };
        Basis { earlier: places.iter().map(roast).collect(), ..Basis::default() }
    }

    #[test]
    fn a_member_three_times_as_far_off_gets_a_ninth() {
        let places: Vec<f64> = (0..400).map(|i| f64::from(i % 5) - 2.0).collect();
        let record = Record::of(&roasts(&places));
        let weights = |record: &Record, target, reach| record.weights(target, reach, [0.0; MEMBERS]);
        let [curve, artisan, prior] = weights(&record, Target::FirstCrackStart, Reach::Near);
        // Kin counts as two of some twenty roasts in it.
        assert!((7.0..11.0).contains(&(curve / artisan)), "{curve} to {artisan}");
        assert!((curve + artisan + prior - 1.0).abs() < 1e-12);
        // Nothing was said of drop: there all is kin's.
        let none = Record::of(&Basis::default());
        assert_eq!(weights(&record, Target::Drop, Reach::Far), weights(&none, Target::Drop, Reach::Far));
        // What is known to be 1,000 s off this time hardly counts.
        let [.., late] = record.weights(Target::FirstCrackStart, Reach::Near, [0.0, 0.0, 1e6]);
        assert!(late < 0.01 * prior, "{late} of {prior}");
    }

    #[test]
    fn widths_follow_where_events_lay_and_wait_for_three_roasts() {
        let near = |places: &[f64]| {
            Record::of(&roasts(places)).widths("blend", Target::FirstCrackStart, Reach::Near)
        };
        assert_eq!(near(&[0.1, -0.1]), None);
        let narrow = near(&[0.2, -0.2].repeat(50)).expect("a record");
        let wide = near(&[2.0, -2.0].repeat(50)).expect("a record");
        for (level, (narrow, wide)) in LEVELS.iter().zip(narrow.iter().zip(&wide)) {
            assert!(wide.abs() >= narrow.abs(), "{narrow} and {wide} at {level}");
        }
        assert!(wide.is_sorted() && narrow.is_sorted());
        assert!(wide[5] >= 1.9 && wide[0] <= -1.9, "{wide:?}");
    }

    #[test]
    fn quantiles_of_even_weights_are_straight_between_middles() {
        let values: Vec<(f64, f64)> = (0..10).map(|i| (f64::from(i), 2.0)).collect();
        assert!((quantile(&values, 0.05) - 0.0).abs() < 1e-12);
        assert!((quantile(&values, 0.5) - 4.5).abs() < 1e-12);
        assert!((quantile(&values, 0.99) - 9.0).abs() < 1e-12);
    }
}
