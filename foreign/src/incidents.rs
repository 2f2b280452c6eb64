//! What went wrong with predictors of others, counted over all streams of a run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use trier_pipeline::Fault;

/// One kind of fault of one predictor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The predictor.
    pub predictor: String,
    /// In which way it failed.
    pub fault: Fault,
    /// How often: answers that were lost by it.
    pub times: u64,
    /// One of them in words; the first in the order of the alphabet, so that threads do not matter.
    pub example: String,
}

impl Incident {
    /// Whether the same would happen again on another machine or another day: all but lateness, which
    /// hangs on what else the machine does.
    #[must_use]
    pub const fn is_reproducible(&self) -> bool {
        !matches!(self.fault, Fault::Late)
    }
}

/// How often, and an example.
type Seen = (u64, String);

/// The list that all predictors of a run write to.
#[derive(Clone, Debug, Default)]
pub struct Incidents(Arc<Mutex<BTreeMap<(String, Fault), Seen>>>);

impl Incidents {
    /// Notes a fault of `predictor`.
    pub(crate) fn note(&self, predictor: &str, fault: Fault, what: &str) {
        // What a thread left half done is a count of one kind, and whole.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (times, example) =
            all.entry((predictor.to_owned(), fault)).or_insert_with(|| (0, what.to_owned()));
        *times += 1;
        if what < example.as_str() {
            what.clone_into(example);
        }
    }

    /// Those so far, by predictor and kind.
    #[must_use]
    pub fn list(&self) -> Vec<Incident> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = |((predictor, fault), (times, example)): (&(String, Fault), &Seen)| Incident {
            predictor: predictor.clone(),
            fault: *fault,
            times: *times,
            example: example.clone(),
        };
        all.iter().map(one).collect()
    }
}
