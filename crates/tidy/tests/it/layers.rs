//! Who may depend on whom: the table of the house, read against every manifest.

use toml::Table;

use crate::repo::{Files, assert_none, files, made_up};
use crate::source::{code_only, has_word};

/// What one crate may and may not use.
struct Layer {
    /// Its folder; empty for the root.
    folder: &'static str,
    /// Crates of ours it may depend on in any way, by package name without `trier-`. Tests too: a
    /// test that needs more belongs to a crate that may.
    ours: &'static [&'static str],
    /// Crates of others it may never depend on in any way.
    never: &'static [&'static [&'static str]],
    /// Words its source may never say.
    unsaid: &'static [&'static [&'static str]],
}

const ARROW: &[&str] = &["arrow", "parquet", "polars", "datafusion"];
const RANDOM: &[&str] = &["rand", "rand_core", "rand_chacha", "getrandom", "fastrand"];
/// Without the one that may expand a hash, as wire does for the factors of signatures checked together.
const SOURCES_OF_LUCK: &[&str] = &["rand", "rand_core", "getrandom", "fastrand"];
const THREADS: &[&str] = &["rayon", "crossbeam", "tokio", "async-std"];
const TERMINAL: &[&str] = &["clap", "indicatif"];
const CLOCK_WORDS: &[&str] = &["Instant::now", "SystemTime", "Timestamp::now", "Zoned::now"];
const THREAD_WORDS: &[&str] = &["std::thread", "std::sync::Mutex", "std::sync::mpsc"];
const IO_WORDS: &[&str] = &["std::fs", "std::net", "std::env", "std::process"];

const LAYERS: [Layer; 14] = [
    Layer {
        folder: "crates/roast",
        ours: &[],
        never: &[ARROW, RANDOM, THREADS, TERMINAL],
        unsaid: &[CLOCK_WORDS, THREAD_WORDS, IO_WORDS],
    },
    Layer {
        folder: "crates/wire",
        ours: &["roast"],
        never: &[ARROW, SOURCES_OF_LUCK, THREADS, TERMINAL],
        unsaid: &[CLOCK_WORDS, THREAD_WORDS],
    },
    Layer {
        folder: "crates/logs",
        ours: &["roast"],
        never: &[ARROW, RANDOM, THREADS, TERMINAL],
        unsaid: &[CLOCK_WORDS, THREAD_WORDS],
    },
    Layer {
        folder: "crates/tables",
        ours: &["roast"],
        never: &[RANDOM, THREADS, TERMINAL],
        unsaid: &[CLOCK_WORDS, THREAD_WORDS],
    },
    Layer { folder: "crates/tidy", ours: &[], never: &[ARROW, RANDOM, THREADS, TERMINAL], unsaid: &[] },
    Layer {
        folder: "sim",
        ours: &["roast", "wire", "tables"],
        never: &[THREADS, TERMINAL],
        unsaid: &[CLOCK_WORDS, THREAD_WORDS, &["trier_pipeline", "trier_eval", "trier_logs"]],
    },
    Layer {
        folder: "pipeline",
        ours: &["roast", "wire", "tables"],
        never: &[RANDOM, THREADS, TERMINAL],
        unsaid: &[CLOCK_WORDS, THREAD_WORDS, IO_WORDS, &["trier_sim", "trier_logs", "truth"]],
    },
    Layer {
        folder: "intake",
        ours: &["roast", "wire", "tables", "pipeline"],
        never: &[ARROW, RANDOM, TERMINAL],
        unsaid: &[&["trier_sim", "trier_eval", "trier_logs", "trier_reports"]],
    },
    // It starts processes, waits for them and measures how long that takes; nothing else.
    Layer {
        folder: "foreign",
        ours: &["roast", "tables", "pipeline"],
        never: &[ARROW, RANDOM, THREADS, TERMINAL],
        unsaid: &[
            &["SystemTime", "Timestamp::now", "Zoned::now"],
            &["std::net"],
            &["trier_sim", "trier_eval", "trier_logs", "trier_reports"],
        ],
    },
    Layer {
        folder: "eval",
        ours: &["roast", "tables", "sim", "pipeline"],
        never: &[TERMINAL],
        unsaid: &[CLOCK_WORDS, &["trier_reports", "trier_logs"]],
    },
    Layer {
        folder: "reports",
        ours: &["roast", "tables"],
        never: &[RANDOM, THREADS, TERMINAL],
        unsaid: &[CLOCK_WORDS, THREAD_WORDS, IO_WORDS, &["trier_sim", "trier_pipeline", "trier_eval"]],
    },
    // It asks files, whatever is in them, and knows no table by name.
    Layer {
        folder: "query",
        ours: &[],
        never: &[RANDOM, THREADS, TERMINAL],
        unsaid: &[CLOCK_WORDS, THREAD_WORDS],
    },
    Layer { folder: "fuzz", ours: &["roast", "wire", "logs"], never: &[ARROW, RANDOM], unsaid: &[] },
    Layer {
        folder: "",
        ours: &[
            "roast", "wire", "logs", "tables", "sim", "pipeline", "intake", "foreign", "eval", "reports",
            "query",
        ],
        never: &[RANDOM],
        unsaid: &[],
    },
];

/// The packages a manifest depends on in any way, with the real name behind a renaming, be it
/// here or in the workspace's list.
fn dependencies(manifest: &Table, workspace: &Table) -> Vec<String> {
    let shared = workspace.get("workspace").and_then(|w| w.get("dependencies")).and_then(|d| d.as_table());
    let real = |name: &str, spec: &toml::Value| -> String {
        let by_rename = |spec: &toml::Value| Some(spec.get("package")?.as_str()?.to_owned());
        let shared = shared.filter(|_| spec.get("workspace").is_some()).and_then(|all| all.get(name));
        by_rename(spec).or_else(|| by_rename(shared?)).unwrap_or_else(|| name.to_owned())
    };
    let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter();
    let tables =
        std::iter::once(manifest).chain(targets.flat_map(|t| t.values().filter_map(|v| v.as_table())));
    let mut found: Vec<String> = tables
        .flat_map(|table| {
            ["dependencies", "dev-dependencies", "build-dependencies"]
                .into_iter()
                .filter_map(|k| table.get(k))
        })
        .filter_map(toml::Value::as_table)
        .flat_map(|list| list.iter().map(|(name, spec)| real(name, spec)))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn check(files: &Files) -> Vec<String> {
    let parsed = |path: &str| -> Table { files[path].parse().expect("a manifest is TOML") };
    let workspace = parsed("Cargo.toml");
    let mut wrong = Vec::new();
    for path in files.keys().filter(|path| *path == "Cargo.toml" || path.ends_with("/Cargo.toml")) {
        let folder = path.trim_end_matches("Cargo.toml").trim_end_matches('/');
        let Some(layer) = LAYERS.iter().find(|layer| layer.folder == folder) else {
            wrong.push(format!("{path}: not in the table of layers in crates/tidy/tests/it/layers.rs"));
            continue;
        };
        for package in dependencies(&parsed(path), &workspace) {
            let ours = package.strip_prefix("trier-").filter(|name| !layer.ours.contains(name));
            if ours.is_some() || layer.never.concat().contains(&package.as_str()) {
                wrong.push(format!("{path}: may not depend on {package}"));
            }
        }
        wrong.extend(words(files, layer));
    }
    wrong
}

fn words(files: &Files, layer: &Layer) -> Vec<String> {
    let source = format!("{}/src/", layer.folder);
    let said = |text: &str| layer.unsaid.concat().into_iter().filter(|word| has_word(text, word)).collect();
    files
        .iter()
        .filter(|(path, _)| !layer.folder.is_empty() && path.starts_with(&source) && path.ends_with(".rs"))
        .flat_map(|(path, text)| {
            let said: Vec<&str> = said(&code_only(text));
            said.into_iter().map(|word| format!("{path}: may not say {word}")).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_repository_keeps_its_layers() {
    let files = files();
    assert_none(&check(&files));
    for layer in &LAYERS {
        let manifest = format!("{}/Cargo.toml", layer.folder);
        assert!(files.contains_key(manifest.trim_start_matches('/')), "{manifest} is in the table only");
    }
}

#[test]
fn every_way_round_the_table_is_seen() {
    let workspace = r#"
        [workspace.dependencies]
        roaster = { path = "sim", package = "trier-sim" }
        [dependencies]
        trier-sim.workspace = true
    "#;
    let ways = [
        ("[dependencies]\ntrier-sim = { path = '../sim' }", "trier-sim"),
        ("[dev-dependencies]\ntrier-sim.workspace = true", "trier-sim"),
        ("[build-dependencies]\nother = { package = 'trier-sim', path = '../sim' }", "trier-sim"),
        ("[dev-dependencies]\nroaster.workspace = true", "trier-sim"),
        ("[target.'cfg(unix)'.dependencies]\ntrier-logs.workspace = true", "trier-logs"),
        ("[dependencies]\nrand = '0.10'", "rand"),
    ];
    for (manifest, package) in ways {
        let files = made_up(&[("Cargo.toml", workspace), ("pipeline/Cargo.toml", manifest)]);
        assert_eq!(check(&files), [format!("pipeline/Cargo.toml: may not depend on {package}")]);
    }
    let fine = "[dependencies]\ntrier-roast.workspace = true\nthiserror = '2'";
    assert_none(&check(&made_up(&[("Cargo.toml", workspace), ("pipeline/Cargo.toml", fine)])));
}

#[test]
fn words_and_unknown_crates_are_seen() {
    let files = made_up(&[
        ("Cargo.toml", ""),
        ("pipeline/Cargo.toml", ""),
        (
            "pipeline/src/a.rs",
            "// trier_sim is not named here\nuse trier_sim::x;\nfn f() { std::fs::read(p) }",
        ),
        ("extra/Cargo.toml", ""),
    ]);
    assert_eq!(
        check(&files),
        [
            "extra/Cargo.toml: not in the table of layers in crates/tidy/tests/it/layers.rs",
            "pipeline/src/a.rs: may not say std::fs",
            "pipeline/src/a.rs: may not say trier_sim",
        ]
    );
}
