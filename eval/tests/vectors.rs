//! Holds the statistics to the reference vectors of the project.
//!
//! Reads the file in `TRIER_STATS_VECTORS` when set, else `shared/data/stats-vectors.json`
//! beside the repository. Every vector must be known here and every expected field of it checked;
//! then planted mistakes show that the vectors would notice them.

#![allow(clippy::print_stdout)] // The count and the skip are for whoever runs the test.

mod vectors_support;

use vectors_support::{Check, Checker, load, load_own};
use vectors_support::{edges, metrics, mistakes, paired, sequential, several, special, spreads, uplift};

/// Every vector and edge case that the statistics cover, by group.
const GROUPS: [&[Check]; 8] = [
    special::CHECKS,
    metrics::CHECKS,
    paired::CHECKS,
    several::CHECKS,
    spreads::CHECKS,
    uplift::CHECKS,
    sequential::CHECKS,
    edges::CHECKS,
];

#[test]
fn every_vector_is_met_within_its_tolerance() {
    let Some(file) = load() else { return };
    let mut checker = Checker::default();
    let mut covered = [0, 0];
    for id in file.ids() {
        let Some((_, check)) = GROUPS.iter().flat_map(|group| group.iter()).find(|(known, _)| *known == id)
        else {
            checker.fail(&format!("{id} has no check"));
            continue;
        };
        let vector = file.vector(&id).expect("listed");
        checker.begin(&id);
        check(&vector, &mut checker);
        checker.end(&vector);
        covered[usize::from(id.starts_with("edge/"))] += 1;
    }
    let [vectors, edges] = covered;
    let (all, values) = (file.count(), checker.compared);
    println!(
        "{}: {vectors} of {all} vectors and {edges} edge cases covered, {values} values compared",
        file.path.display()
    );
    checker.assert_clean();
}

#[test]
fn every_planted_mistake_is_noticed() {
    let Some(file) = load_own() else { return };
    let mut unseen = Vec::new();
    let bank = mistakes::bank();
    for mistake in &bank {
        let vector = file.vector(mistake.id).unwrap_or_else(|| panic!("{} is not there", mistake.id));
        let (right, wrong) = ((mistake.right)(&vector), (mistake.wrong)(&vector));
        // The right way must meet the vector too, or the bank itself would be off.
        let want = vectors_support::at(&vector.expected, mistake.field);
        let allowed = vector.allowed(want);
        if right.is_nan() || (right - want).abs() > allowed {
            unseen.push(format!("{}: the right way gives {right:e}, want {want:e}", mistake.name));
        }
        if (wrong - want).abs() <= allowed {
            unseen.push(format!("{}: {wrong:e} passes for {want:e}", mistake.name));
        }
    }
    println!("{} planted mistakes noticed", bank.len() - unseen.len());
    assert!(unseen.is_empty(), "\n{}", unseen.join("\n"));
}
