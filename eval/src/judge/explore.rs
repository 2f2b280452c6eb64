//! Slices nobody asked about: every machine, lot and tag with enough clusters, primaries only.
//!
//! They decide nothing. With many of them some look bad by luck, so their p are adjusted together.

use super::compare::{Asked, Comparison, ask};
use super::evidence::Evidence;
use super::pairs::promised;
use crate::policy::{Policy, Role};
use crate::slice::{Key, Slice};
use crate::stats::multiplicity::benjamini_hochberg;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The name of their role in tables.
const EXPLORATORY: &str = "exploratory";

/// Every primary on every machine, lot and tag that has clusters enough and is not the whole.
#[must_use]
pub fn explore(policy: &Policy, evidence: &Evidence<'_>) -> Vec<Comparison> {
    let expected = promised(evidence);
    let all = expected.values().map(|planned| &planned.cluster).collect::<BTreeSet<_>>().len();
    let mut clusters: BTreeMap<(Key, Arc<str>), BTreeSet<&Arc<str>>> = BTreeMap::new();
    for planned in expected.values() {
        let keys = [(Key::Machine, &planned.machine), (Key::Lot, &planned.lot)];
        for (key, value) in keys.into_iter().chain(planned.tags.iter().map(|tag| (Key::Tag, tag))) {
            clusters.entry((key, Arc::clone(value))).or_default().insert(&planned.cluster);
        }
    }
    let is_worth = |n: usize| n >= policy.clusters_min as usize && n < all;
    let slices: Vec<Slice> = clusters
        .iter()
        .filter(|(_, own)| is_worth(own.len()))
        .map(|((key, value), _)| Slice::of(*key, value))
        .collect();
    let asked: Vec<Asked<'_>> = policy
        .rules_of(Role::Primary)
        .flat_map(|rule| slices.iter().map(|slice| Asked { role: EXPLORATORY, slice, ..Asked::by(rule) }))
        .collect();
    let mut found: Vec<Comparison> =
        asked.par_iter().map(|asked| ask(policy, asked, evidence, &expected)).collect();
    let p: Vec<f64> = found.iter().map(|one| one.row.p.unwrap_or(1.0)).collect();
    if let Ok(adjusted) = benjamini_hochberg(&p) {
        for (one, p) in found.iter_mut().zip(adjusted) {
            one.row.p_adjusted = one.row.p.map(|_| p);
        }
    }
    found
}
