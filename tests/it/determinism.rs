//! The same command gives the same bytes: run again, with any number of threads, and anywhere.

use std::path::Path;

use crate::support::{copied_repository, empty_folder, parquet, repository, sim_ends};

/// Runs `line` three ways, each into its own folder, and compares all tables byte by byte.
fn same_bytes_every_way(line: &str, code: i32) {
    let (folder, copy) = (empty_folder(), copied_repository());
    let ways: [(&str, &Path, &str); 3] = [
        ("first", repository(), "--jobs 1"),
        ("threads", repository(), "--jobs 2"),
        ("elsewhere", copy.path(), "--jobs 1"),
    ];
    let tables = ways.map(|(name, place, jobs)| {
        let out = folder.path().join(name);
        sim_ends(place, &format!("{line} {jobs} --out {}", out.display()), code);
        (name, parquet(&out))
    });
    let [(_, first), others @ ..] = &tables;
    for (name, other) in others {
        assert_eq!(other.keys().collect::<Vec<_>>(), first.keys().collect::<Vec<_>>(), "{name}");
        for (file, bytes) in first {
            assert!(other[file] == *bytes, "{file} of the run {name:?} has other bytes than the first run's");
        }
    }
}

#[test]
fn one_roast() {
    same_bytes_every_way("run scenarios/first-roast.toml --seed 7", 0);
}

#[test]
fn several_roasts() {
    same_bytes_every_way("run scenarios/first-roast.toml scenarios/steady/fast.toml --seeds 1..4", 0);
}

#[test]
fn a_golden_suite() {
    same_bytes_every_way("eval golden/first.toml --candidate slope90 --baseline artisan", 4);
}

#[test]
fn another_seed_is_another_roast() {
    let folder = empty_folder();
    let run = |seed: u32| {
        let out = folder.path().join(seed.to_string());
        sim_ends(
            repository(),
            &format!("run scenarios/first-roast.toml --seed {seed} --out {}", out.display()),
            0,
        );
        parquet(&out)
    };
    let (seven, eight) = (run(7), run(8));
    for file in ["telemetry.parquet", "truth.parquet", "sessions.parquet", "scores.parquet"] {
        assert!(seven[file] != eight[file], "{file} is the same for two seeds");
    }
}
