//! The shelf: a run that was stopped anywhere goes on to the same rows, and what was tampered with is run again.

use crate::evidence::repository;
use crate::stats_laws::Draws;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use trier_eval::runner::{Arms, How, Miss, Shard, Shelf, ShelfUse, SuiteRun, run_suite};
use trier_eval::suite::Suite;

/// Three cases with two seeds each, and one that is refused: seven units.
fn suite() -> Suite {
    let mut suite = Suite::load(&repository().join("golden/first.toml")).expect("the golden suite");
    let kept = ["steady", "late-mark", "wet-lot", "must-refuse-overweight"];
    suite.cases.retain(|case| kept.contains(&&*case.id));
    suite.seeds.last = suite.seeds.first + 1;
    suite
}

/// Units of [`suite`].
const UNITS: usize = 7;

/// Runs `suite` with a shelf in `folder`; `stop` is asked before each unit that is not on it.
fn run(suite: &Suite, folder: &Path, jobs: usize, stop: &(dyn Fn() -> bool + Sync)) -> (SuiteRun, ShelfUse) {
    let shelf = Shelf::open(folder, "this build").expect("a folder");
    let arms = Arms::named(&["artisan", "constant"]).expect("known predictors");
    let how = How { jobs, shelf: Some(&shelf), stop, ..How::default() };
    let done = run_suite(suite, &suite.units(), &arms, &how).expect("threads");
    (done, shelf.used())
}

/// The files of units on the shelf, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder.join("units")).expect("a shelf");
    let mut paths: Vec<PathBuf> = listed.map(|entry| entry.expect("listed").path()).collect();
    paths.sort();
    paths
}

#[test]
fn a_run_stopped_after_any_unit_goes_on_to_the_same_rows() {
    let suite = suite();
    let arms = Arms::named(&["artisan", "constant"]).expect("known predictors");
    let whole =
        run_suite(&suite, &suite.units(), &arms, &How { jobs: 1, ..How::default() }).expect("threads");
    for stopped_after in 0..=UNITS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let asked = AtomicUsize::new(0);
        let stop = || asked.fetch_add(1, Ordering::Relaxed) >= stopped_after;
        let (part, _) = run(&suite, folder.path(), 1, &stop);
        let left = part.cases.iter().filter(|row| &*row.status == "not_run").count();
        // A row for each arm.
        assert_eq!(left, 2 * (UNITS - stopped_after));
        assert_eq!(entries(folder.path()).len(), stopped_after, "what was left is not on the shelf");
        let (again, used) = run(&suite, folder.path(), 2, &|| false);
        assert!(again == whole, "stopped after {stopped_after} units, the rows are others");
        assert_eq!(used.found as usize, stopped_after);
        assert_eq!(used.missed.values().sum::<u32>() as usize, UNITS - stopped_after);
    }
}

#[test]
fn any_entries_may_be_gone_or_damaged() {
    let suite = suite();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (whole, _) = run(&suite, folder.path(), 2, &|| false);
    let mut draws = Draws::new(5);
    for jobs in [1, 2, 16, 2] {
        let (mut gone, mut damaged) = (0, 0);
        for path in entries(folder.path()) {
            let text = fs::read_to_string(&path).expect("an entry");
            let lot = draws.uniform();
            if lot < 0.3 {
                fs::remove_file(&path).expect("removed");
                gone += 1;
            } else if lot < 0.6 {
                // Cut short, a digit turned in the rows, or turned in its head.
                let (head, rows) = text.split_once('\n').expect("a head");
                let broken = match lot {
                    lot if lot < 0.4 => text[..text.len() / 2].to_owned(),
                    lot if lot < 0.5 => format!("{head}\n{}", rows.replacen("true", "false", 1)),
                    _ => text.replacen("unit/1", "unit/0", 1),
                };
                assert_ne!(broken, text);
                fs::write(&path, broken).expect("written");
                damaged += 1;
            }
        }
        let (again, used) = run(&suite, folder.path(), jobs, &|| false);
        assert!(again == whole, "the rows are others");
        let missed = |miss: &Miss| used.missed.get(miss).copied().unwrap_or(0);
        assert_eq!(missed(&Miss::Damaged), damaged);
        // Its key is known and its entry is not: as if it had never been run.
        assert_eq!(missed(&Miss::New), gone);
        assert_eq!(used.found as usize, UNITS - (gone + damaged) as usize);
    }
}

#[test]
fn a_miss_is_named_by_what_changed() {
    let mut suite = suite();
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(&suite, folder.path(), 2, &|| false);
    let steady = suite.cases.iter_mut().find(|case| &*case.id == "steady").expect("there");
    steady.digest = "another case".into();
    let (_, used) = run(&suite, folder.path(), 2, &|| false);
    assert_eq!(used.missed, BTreeMap::from([(Miss::Changed(vec!["case".to_owned()]), 2)]));
    suite.leads_s.pop();
    let (_, used) = run(&suite, folder.path(), 2, &|| false);
    let all = u32::try_from(UNITS).expect("few");
    assert_eq!(used.missed, BTreeMap::from([(Miss::Changed(vec!["leads".to_owned()]), all)]));
    let shelf = Shelf::open(folder.path(), "another build").expect("a folder");
    let arms = Arms::named(&["artisan", "slope90"]).expect("known predictors");
    run_suite(&suite, &suite.units(), &arms, &How { shelf: Some(&shelf), ..How::default() })
        .expect("threads");
    let changed = vec!["arms".to_owned(), "program".to_owned()];
    assert_eq!(shelf.used().missed, BTreeMap::from([(Miss::Changed(changed), all)]));
}

#[test]
fn parts_and_the_order_of_cases_change_no_row() {
    let suite = suite();
    let arms = Arms::named(&["artisan", "constant"]).expect("known predictors");
    let of = |suite: &Suite, jobs: usize, shard: Shard| {
        run_suite(suite, &suite.units(), &arms, &How { jobs, shard, ..How::default() }).expect("threads")
    };
    let whole = of(&suite, 1, Shard::WHOLE);
    for parts in [2, 5] {
        let mut merged = SuiteRun::default();
        for part in (1..=parts).rev() {
            let mut one = of(&suite, 2, Shard { part, parts });
            merged.cases.append(&mut one.cases);
            merged.scores.append(&mut one.scores);
            merged.sessions.append(&mut one.sessions);
            merged.marks.append(&mut one.marks);
        }
        merged.sort();
        assert!(merged == whole, "{parts} parts");
    }
    let mut shuffled = suite;
    shuffled.cases.reverse();
    assert!(of(&shuffled, 16, Shard::WHOLE) == whole, "another order of cases");
}
