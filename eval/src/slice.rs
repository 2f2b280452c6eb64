//! Slices: which part of a suite a rule speaks of, such as `machine=gd60 & tag=faults`.
//!
//! What a roast belongs to is taken from the plan, never from score rows.

use crate::suite::Planned;
use std::fmt;
use std::sync::Arc;

/// What a term of a slice looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The machine's id.
    Machine,
    /// The lot's id.
    Lot,
    /// A tag of the case.
    Tag,
    /// The case's id.
    Case,
}

impl Key {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Machine, Self::Lot, Self::Tag, Self::Case];

    /// The name used in slices.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Lot => "lot",
            Self::Tag => "tag",
            Self::Case => "case",
        }
    }
}

/// A part of a suite: roasts for which every term holds; without terms, all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slice(Vec<(Key, Arc<str>)>);

impl Slice {
    /// The whole suite.
    pub const ALL: Self = Self(Vec::new());

    /// One term.
    #[must_use]
    pub fn of(key: Key, value: &str) -> Self {
        Self(vec![(key, value.into())])
    }

    /// Reads `all`, or terms `key=value` joined by `&`; None when it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim() == "all" {
            return Some(Self::ALL);
        }
        let term = |part: &str| {
            let (key, value) = part.split_once('=')?;
            let key = Key::ALL.into_iter().find(|known| known.name() == key.trim())?;
            let value = value.trim();
            (!value.is_empty()).then(|| (key, value.into()))
        };
        text.split('&').map(term).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Its terms, in the order they were written.
    #[must_use]
    pub fn terms(&self) -> &[(Key, Arc<str>)] {
        &self.0
    }

    /// Whether it is the whole suite.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `planned` belongs to it.
    #[must_use]
    pub fn holds(&self, planned: &Planned) -> bool {
        self.0.iter().all(|(key, value)| match key {
            Key::Machine => planned.machine == *value,
            Key::Lot => planned.lot == *value,
            Key::Case => planned.unit.case == *value,
            Key::Tag => planned.tags.contains(value),
        })
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return write!(f, "all");
        }
        for (i, (key, value)) in self.0.iter().enumerate() {
            let and = if i == 0 { "" } else { " & " };
            write!(f, "{and}{}={value}", key.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Expect;
    use crate::suite::{Unit, cluster_of};

    #[test]
    fn a_slice_says_what_it_holds_and_reads_back() {
        let planned = Planned {
            unit: Unit { case: "wet-lot".into(), seed: Some(1) },
            expect: Expect::Run,
            machine: "gd60".into(),
            lot: "washed".into(),
            tags: vec!["lot".into(), "slow".into()],
            cluster: cluster_of("washed", "gd60", "wet-lot"),
            digest: "".into(),
        };
        let tests = [
            ("all", true),
            ("machine=gd60", true),
            ("machine = gd60 & tag=slow", true),
            ("tag=slow & tag=lot & case=wet-lot & lot=washed", true),
            ("machine=gd6", false),
            ("tag=slow & machine=gd12", false),
        ];
        for (text, holds) in tests {
            let slice = Slice::parse(text).expect(text);
            assert_eq!(slice.holds(&planned), holds, "{text}");
            assert_eq!(Slice::parse(&slice.to_string()), Some(slice));
        }
        for wrong in ["", "sku=x", "machine=", "machine", "all & tag=x", "tag=a &"] {
            assert_eq!(Slice::parse(wrong), None, "{wrong}");
        }
    }
}
