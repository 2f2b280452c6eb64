//! Axes of a picture: from values to places, with round numbers along them.

use crate::number::{clock, plain};
use crate::terminal::Scale;

/// The largest value that an axis shows.
const LARGEST: f64 = 1e12;

/// How the numbers along an axis are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// With so many decimals.
    Number(usize),
    /// Seconds as minutes and seconds: `8:05`.
    Clock,
    /// A share from 0 to 1 in percent.
    Percent,
    /// Whole numbers before zero, without their sign: how long until something.
    Before,
    /// Groups by name, the first at 0, the next at 1; nothing beyond the last.
    Names(&'static [&'static str]),
}

/// One axis: the values at its ends, round numbers between, and its name with the unit.
#[derive(Clone, Debug)]
pub struct Axis {
    scale: Scale,
    labels: Labels,
    name: String,
    is_quiet: bool,
}

impl Axis {
    /// An axis from a round number at or below `range.0` to one at or above `range.1`, with about `ticks`
    /// numbers at most. Ends that are no numbers stand for 0 and 1.
    ///
    /// - `name`: what it measures and in which unit, `BT, °C`; empty for none.
    #[must_use]
    pub fn round(name: &str, range: (f64, f64), labels: Labels, ticks: usize) -> Self {
        let (low, high) = sound(range);
        let steps = steps(high - low, labels);
        Self {
            scale: Scale::round(low, high, &steps, ticks.max(2)),
            labels,
            name: name.to_owned(),
            is_quiet: false,
        }
    }

    /// An axis from exactly `range.0` to `range.1`, numbers where round ones fall.
    #[must_use]
    pub fn exact(name: &str, range: (f64, f64), labels: Labels, ticks: usize) -> Self {
        let (low, high) = sound(range);
        let round = Self::round(name, range, labels, ticks);
        Self { scale: Scale { low, high, ..round.scale }, ..round }
    }

    /// The same without name and numbers, where they stand on a frame below.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { name: String::new(), is_quiet: true, ..self }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The values at its ends.
    #[must_use]
    pub const fn range(&self) -> (f64, f64) {
        (self.scale.low, self.scale.high)
    }

    /// Where a value stands between the ends, 0 at the low one; beyond them for values beyond.
    #[must_use]
    pub fn share(&self, value: f64) -> f64 {
        (value - self.scale.low) / (self.scale.high - self.scale.low)
    }

    /// The round numbers along it with their texts, ascending.
    #[must_use]
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let within = |tick: &f64| (-1e-9..=1.0 + 1e-9).contains(&self.share(*tick));
        let ticks = self.scale.ticks().into_iter().filter(within).map(|tick| (tick, self.text(tick)));
        ticks.filter(|(_, text)| !text.is_empty()).collect()
    }

    fn text(&self, value: f64) -> String {
        if self.is_quiet {
            return String::new();
        }
        match self.labels {
            Labels::Number(decimals) => plain(value, decimals),
            Labels::Clock => clock(value),
            Labels::Percent => format!("{} %", plain(value * 100.0, 0)),
            Labels::Before => plain(-value, 0),
            Labels::Names(names) => {
                let named = names.iter().zip(0_u32..).find(|(_, at)| (f64::from(*at) - value).abs() < 1e-9);
                named.map_or_else(String::new, |(name, _)| (*name).to_owned())
            }
        }
    }
}

/// The range as two numbers of which the second is larger.
fn sound((low, high): (f64, f64)) -> (f64, f64) {
    let (low, high) = (low.clamp(-LARGEST, LARGEST), high.clamp(-LARGEST, LARGEST));
    match (low.is_nan() || high.is_nan(), high > low) {
        (true, _) => (0.0, 1.0),
        (_, true) => (low, high),
        _ => (low, low + 1.0),
    }
}

/// Round steps that an axis of this length may take, ascending: of a clock those of a clock.
fn steps(length: f64, labels: Labels) -> Vec<f64> {
    if let Labels::Names(_) = labels {
        return vec![1.0];
    }
    if matches!(labels, Labels::Clock | Labels::Before) {
        return [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 86400.0]
            .into();
    }
    let mut decade = 1.0;
    while decade > length {
        decade /= 10.0;
    }
    while decade * 10.0 <= length {
        decade *= 10.0;
    }
    let decimals = if let Labels::Number(0) = labels { 1.0 } else { 0.0 };
    let all = [decade / 100.0, decade / 10.0, decade, decade * 10.0];
    let all = all.into_iter().flat_map(|decade| [1.0, 2.0, 5.0].map(|n| n * decade));
    all.filter(|step| *step >= decimals).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> Vec<String> {
        axis.ticks().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn numbers_along_an_axis_are_round() {
        let bt = Axis::round("BT, °C", (88.0, 221.0), Labels::Number(0), 9);
        assert_eq!(
            (bt.range(), texts(&bt)),
            (
                (80.0, 240.0),
                ["80", "100", "120", "140", "160", "180", "200", "220", "240"][..]
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            )
        );
        let time = Axis::exact("", (-20.0, 642.0), Labels::Clock, 8);
        assert_eq!(
            (time.range(), texts(&time)),
            ((-20.0, 642.0), ["0:00", "2:00", "4:00", "6:00", "8:00", "10:00"].map(String::from).to_vec())
        );
        let small = Axis::round("s", (-0.031, 0.012), Labels::Number(2), 7);
        assert_eq!(texts(&small), ["-0.04", "-0.03", "-0.02", "-0.01", "0.00", "0.01", "0.02"][..].to_vec());
    }

    #[test]
    fn an_axis_counts_down_to_something_or_names_groups() {
        let lead = Axis::exact("", (-240.0, -30.0), Labels::Before, 5);
        assert_eq!(texts(&lead), ["240", "180", "120", "60"]);
        let groups = Axis::exact("", (-0.4, 2.4), Labels::Names(&["few", "some"]), 9);
        assert_eq!(groups.ticks(), [(0.0, "few".to_owned()), (1.0, "some".to_owned())]);
    }

    #[test]
    fn an_axis_without_a_length_still_is_one() {
        for range in [(3.0, 3.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (5.0, -5.0), (1e300, 1e300)] {
            let axis = Axis::round("", range, Labels::Number(1), 5);
            assert!(axis.range().1 > axis.range().0, "{range:?}: {:?}", axis.range());
            assert!(axis.ticks().len() < 30);
        }
    }
}
