//! Whether two lists of results may be compared at all: the same cases, and every slice that must be there.

use super::error::StatsError;
use std::collections::{BTreeMap, BTreeSet};

/// Why evidence cannot be used, by name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// The arms did not run the same cases.
    #[error(
        "cases do not pair: missing in the candidate {missing:?}, extra {extra:?}, repeated {repeated:?}"
    )]
    Pairing {
        /// Cases of the baseline that the candidate lacks.
        missing: Vec<String>,
        /// Cases of the candidate that the baseline lacks.
        extra: Vec<String>,
        /// Cases that one arm has more than once.
        repeated: Vec<String>,
    },
    /// A slice that the plan requires has no cases.
    #[error("required slice {slice} has no cases")]
    EmptySlice {
        /// Its name.
        slice: String,
    },
}

impl EvidenceError {
    /// The reason as tables name it.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Pairing { .. } => "pairing_mismatch",
            Self::EmptySlice { .. } => "required_slice_missing",
        }
    }

    /// The verdict it leads to.
    #[must_use]
    pub const fn verdict(&self) -> &'static str {
        match self {
            Self::Pairing { .. } => "ERROR",
            Self::EmptySlice { .. } => "FAIL",
        }
    }
}

impl StatsError {
    /// The verdict it leads to: broken evidence is an error, evidence that cannot tell is inconclusive.
    #[must_use]
    pub const fn verdict(&self) -> &'static str {
        match self {
            Self::NonFinite { .. } | Self::Unequal { .. } | Self::OutOfRange { .. } => "ERROR",
            _ => "INCONCLUSIVE",
        }
    }
}

/// Pairs cases by id, in the order of ids: (index in the baseline, index in the candidate). Edge case `edge/unmatched_case_ids`.
///
/// # Errors
/// Ids that one arm lacks or repeats, all of them listed.
pub fn paired(baseline: &[&str], candidate: &[&str]) -> Result<Vec<(usize, usize)>, EvidenceError> {
    let mut repeated = BTreeSet::new();
    let mut places = |ids: &[&str]| -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        for (i, id) in ids.iter().enumerate() {
            if found.insert((*id).to_owned(), i).is_some() {
                repeated.insert((*id).to_owned());
            }
        }
        found
    };
    let (left, right) = (places(baseline), places(candidate));
    let lacking = |of: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>| -> Vec<String> {
        of.keys().filter(|id| !other.contains_key(*id)).cloned().collect()
    };
    let (missing, extra) = (lacking(&left, &right), lacking(&right, &left));
    if !missing.is_empty() || !extra.is_empty() || !repeated.is_empty() {
        return Err(EvidenceError::Pairing { missing, extra, repeated: repeated.into_iter().collect() });
    }
    Ok(left.iter().filter_map(|(id, i)| right.get(id).map(|j| (*i, *j))).collect())
}

/// Checks that every slice the plan requires has cases; `slices` are (name, cases). Edge case `edge/empty_slice`.
///
/// # Errors
/// The first that has none.
pub fn all_there(slices: &[(&str, usize)]) -> Result<(), EvidenceError> {
    match slices.iter().find(|(_, cases)| *cases == 0) {
        Some((slice, _)) => Err(EvidenceError::EmptySlice { slice: (*slice).to_owned() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_go_by_id_not_by_place() {
        assert_eq!(paired(&["b", "a"], &["a", "b"]), Ok(vec![(1, 0), (0, 1)]));
        assert!(
            matches!(paired(&["a", "a"], &["a"]), Err(EvidenceError::Pairing { repeated, .. }) if repeated == ["a"])
        );
        assert_eq!(all_there(&[("m1", 3), ("m2", 1)]), Ok(()));
    }
}
