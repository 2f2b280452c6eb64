//! Marks: the named instants of a roast, and who said so.

use crate::EventTime;

/// A named instant of a roast, in the order a roast meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// Green beans enter the drum.
    Charge,
    /// BT stops falling. A property of the probe: the beans only ever warm.
    TurningPoint,
    /// Beans turn yellow; drying ends. Also called colour change.
    DryEnd,
    /// First audible pops.
    FirstCrackStart,
    /// First crack dies away.
    FirstCrackEnd,
    /// First pops of second crack.
    SecondCrackStart,
    /// Second crack dies away.
    SecondCrackEnd,
    /// Beans leave the drum.
    Drop,
    /// Beans in the tray are cool.
    CoolEnd,
}

impl MarkKind {
    /// All kinds in roast order.
    pub const ALL: [Self; 9] = [
        Self::Charge,
        Self::TurningPoint,
        Self::DryEnd,
        Self::FirstCrackStart,
        Self::FirstCrackEnd,
        Self::SecondCrackStart,
        Self::SecondCrackEnd,
        Self::Drop,
        Self::CoolEnd,
    ];

    /// The name used in tables and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::TurningPoint => "turning_point",
            Self::DryEnd => "dry_end",
            Self::FirstCrackStart => "first_crack_start",
            Self::FirstCrackEnd => "first_crack_end",
            Self::SecondCrackStart => "second_crack_start",
            Self::SecondCrackEnd => "second_crack_end",
            Self::Drop => "drop",
            Self::CoolEnd => "cool_end",
        }
    }

    /// The kind with this table name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Who put a mark where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkSource {
    /// The machine reported it (a door switch, a state change).
    Device,
    /// A person pressed a button.
    Operator,
    /// Worked out from the curve.
    Inferred,
}

impl MarkSource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Device, Self::Operator, Self::Inferred];

    /// The name used in tables and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Operator => "operator",
            Self::Inferred => "inferred",
        }
    }
}

/// One mark: what, when, who says so, and how sure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// What happened.
    pub kind: MarkKind,
    /// When it happened, by the machine's time.
    pub at: EventTime,
    /// Who says so.
    pub source: MarkSource,
    /// From 0 (a guess) to 1 (certain).
    pub confidence: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_differ() {
        for kind in MarkKind::ALL {
            assert_eq!(MarkKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(MarkKind::from_name("first_crack"), None);
    }
}
