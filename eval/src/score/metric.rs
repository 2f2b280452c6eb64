//! What is scored: every metric with its unit and which way is better.

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A loss: lower is better.
    Lower,
    /// Higher is better.
    Higher,
    /// An error with a sign: nearer to zero is better, on average.
    Zero,
    /// Neither way by itself.
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
    /// Its unit.
    pub unit: &'static str,
    /// Which way is better.
    pub direction: Direction,
    /// Whether it is scored at each lead before the event.
    pub at_leads: bool,
}

/// Every metric scored, by name. Errors are predicted or marked minus happened.
pub const METRICS: [Metric; 10] = [
    Metric { name: "first_crack.error", unit: "s", direction: Direction::Zero, at_leads: true },
    Metric { name: "first_crack.abs_error", unit: "s", direction: Direction::Lower, at_leads: true },
    Metric { name: "drop.error", unit: "s", direction: Direction::Zero, at_leads: true },
    Metric { name: "drop.abs_error", unit: "s", direction: Direction::Lower, at_leads: true },
    Metric { name: "mark.charge.error", unit: "s", direction: Direction::Zero, at_leads: false },
    Metric { name: "mark.turning_point.error", unit: "s", direction: Direction::Zero, at_leads: false },
    Metric { name: "mark.dry_end.error", unit: "s", direction: Direction::Zero, at_leads: false },
    Metric { name: "mark.first_crack_start.error", unit: "s", direction: Direction::Zero, at_leads: false },
    Metric { name: "mark.first_crack_end.error", unit: "s", direction: Direction::Zero, at_leads: false },
    Metric { name: "mark.drop.error", unit: "s", direction: Direction::Zero, at_leads: false },
];

/// The metric of this name, if there is one.
#[must_use]
pub fn metric_named(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}
