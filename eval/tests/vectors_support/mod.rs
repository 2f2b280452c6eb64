//! Reading the vector file, and comparing with its tolerances.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The vector file, read.
pub(crate) struct VectorFile {
    /// Where it lies.
    pub(crate) path: PathBuf,
    root: Value,
}

/// One vector: what goes in, what must come out, and how near.
pub(crate) struct Vector {
    /// Inputs by name.
    pub(crate) inputs: Value,
    /// Expected values by name.
    pub(crate) expected: Value,
    rel: f64,
    abs: f64,
}

/// The file, or None with a message when it is absent and this is not CI.
pub(crate) fn load() -> Option<VectorFile> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/stats-vectors.json");
    let named = std::env::var_os("TRIER_STATS_VECTORS").map(PathBuf::from);
    let path = named.clone().unwrap_or(beside);
    if !path.exists() {
        let in_ci = std::env::var("CI").is_ok_and(|v| v == "true");
        assert!(!in_ci && named.is_none(), "{} is absent", path.display());
        println!("skipped: {} is absent; set TRIER_STATS_VECTORS to run", path.display());
        return None;
    }
    let text = std::fs::read_to_string(&path).expect("readable vector file");
    let root = serde_json::from_str(&text).expect("vector file is JSON");
    Some(VectorFile { path, root })
}

impl VectorFile {
    /// How many vectors the file holds, edge cases not counted.
    pub(crate) fn count(&self) -> usize {
        self.root["vectors"].as_array().map_or(0, Vec::len)
    }

    /// The vector or edge case of this id.
    pub(crate) fn vector(&self, id: &str) -> Option<Vector> {
        let lists = [&self.root["vectors"], &self.root["edge_cases"]];
        let found = lists.iter().filter_map(|l| l.as_array()).flatten().find(|v| v["id"] == id)?;
        let expected = if found["expected"].is_null() { &found["required"] } else { &found["expected"] };
        Some(Vector {
            inputs: found["inputs"].clone(),
            expected: expected.clone(),
            rel: found["tol"]["rel"].as_f64().unwrap_or(0.0),
            abs: found["tol"]["abs"].as_f64().unwrap_or(0.0),
        })
    }
}

impl Vector {
    /// The numbers of input `name`.
    pub(crate) fn list(&self, name: &str) -> Vec<f64> {
        numbers(&self.inputs[name])
    }

    /// The number in input `name`.
    pub(crate) fn input(&self, name: &str) -> f64 {
        number(&self.inputs[name])
    }
}

/// A list of numbers; the strings nan, inf and -inf stand for themselves.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).expect("a number")
}

/// Collects what differs, so that one run shows all of it.
#[derive(Default)]
pub(crate) struct Checker {
    /// Numbers compared so far.
    pub(crate) compared: usize,
    id: String,
    fields: BTreeSet<String>,
    failures: Vec<String>,
}

impl Checker {
    /// Starts on a vector.
    pub(crate) fn begin(&mut self, id: &str) {
        self.id = id.to_owned();
        self.fields.clear();
    }

    /// Ends a vector: every expected field must have been looked at.
    pub(crate) fn end(&mut self, vector: &Vector) {
        for name in vector.expected.as_object().expect("named values").keys() {
            if !self.fields.contains(name) {
                self.fail(&format!("{}: field {name} was not checked", self.id));
            }
        }
    }

    /// Compares one number.
    pub(crate) fn number(&mut self, vector: &Vector, name: &str, got: f64) {
        self.values(vector, name, &[got], &[number(&vector.expected[name])]);
        self.seen(name);
    }

    /// Compares a list of numbers.
    pub(crate) fn list(&mut self, vector: &Vector, name: &str, got: &[f64]) {
        self.values(vector, name, got, &numbers(&vector.expected[name]));
        self.seen(name);
    }

    /// Compares numbers with numbers: |got − want| ≤ abs + rel·|want|.
    pub(crate) fn values(&mut self, vector: &Vector, name: &str, got: &[f64], want: &[f64]) {
        if got.len() != want.len() {
            self.fail(&format!("{} {name}: {} values, {} wanted", self.id, got.len(), want.len()));
        }
        for (i, (got, want)) in got.iter().zip(want).enumerate() {
            self.compared += 1;
            let allowed = vector.abs + vector.rel * want.abs();
            if (got - want).abs() > allowed || got.is_nan() {
                self.fail(&format!("{} {name}[{i}]: got {got:e}, want {want:e} ± {allowed:e}", self.id));
            }
        }
    }

    /// Compares anything else for equality.
    pub(crate) fn same(&mut self, vector: &Vector, name: &str, got: &Value) {
        self.compared += 1;
        if *got != vector.expected[name] {
            self.fail(&format!("{} {name}: got {got}, want {}", self.id, vector.expected[name]));
        }
        self.seen(name);
    }

    /// Notes a requirement stated in words.
    pub(crate) fn holds(&mut self, name: &str, is_met: bool) {
        self.compared += 1;
        if !is_met {
            self.fail(&format!("{} {name}: not met", self.id));
        }
        self.seen(name);
    }

    /// Marks a field as looked at.
    pub(crate) fn seen(&mut self, name: &str) {
        self.fields.insert(name.to_owned());
    }

    /// Notes a failure.
    pub(crate) fn fail(&mut self, what: &str) {
        self.failures.push(what.to_owned());
    }

    /// Fails the test if anything differed.
    pub(crate) fn assert_clean(&self) {
        assert!(self.failures.is_empty(), "\n{}", self.failures.join("\n"));
    }
}
