//! What a metric is: its name, its unit, which way is better, and what it says.

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A loss: lower is better, and never below 0.
    Lower,
    /// Higher is better.
    Higher,
    /// An error with a sign: nearer to zero is better, on average.
    Zero,
    /// Neither way by itself: held against what it should be, as coverage is against its nominal share.
    None,
}

impl Direction {
    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Higher => "higher",
            Self::Zero => "zero",
            Self::None => "none",
        }
    }
}

/// One metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name in tables and policies.
    pub name: &'static str,
    /// Its unit; `1` for shares and counts.
    pub unit: &'static str,
    /// Which way is better.
    pub direction: Direction,
    /// Whether it is scored at each lead before the event.
    pub at_leads: bool,
    /// What it says, in a line.
    pub meaning: &'static str,
}

impl Metric {
    /// A metric with one value a roast.
    pub(super) const fn of_roast(
        name: &'static str,
        unit: &'static str,
        direction: Direction,
        meaning: &'static str,
    ) -> Self {
        Self { name, unit, direction, at_leads: false, meaning }
    }

    /// A metric with one value a roast and lead.
    pub(super) const fn at_leads(
        name: &'static str,
        unit: &'static str,
        direction: Direction,
        meaning: &'static str,
    ) -> Self {
        Self { name, unit, direction, at_leads: true, meaning }
    }

    /// Two metrics that differ by their target alone: of first crack, then of drop.
    pub(super) const fn pair(first_crack: Self, drop: &'static str) -> [Self; 2] {
        [first_crack, Self { name: drop, ..first_crack }]
    }
}

/// The tables of `parts`, one after the other.
///
/// # Panics
/// When `N` is not how many there are; in a constant the build stops.
pub(super) const fn joined<const N: usize>(parts: &[&[Metric]]) -> [Metric; N] {
    let mut all = [parts[0][0]; N];
    let (mut part, mut n) = (0, 0);
    while part < parts.len() {
        let mut at = 0;
        while at < parts[part].len() {
            all[n] = parts[part][at];
            (at, n) = (at + 1, n + 1);
        }
        part += 1;
    }
    assert!(n == N, "a table of metrics is as long as its parts");
    all
}
