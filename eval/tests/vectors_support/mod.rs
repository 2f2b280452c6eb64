//! Reading the vector file, and comparing with its tolerances.

pub(crate) mod edges;
pub(crate) mod metrics;
pub(crate) mod mistakes;
mod mistakes_spread;
pub(crate) mod paired;
pub(crate) mod sequential;
pub(crate) mod several;
pub(crate) mod special;
pub(crate) mod spreads;
pub(crate) mod uplift;

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One covered vector: its id and the check of all its expected fields.
pub(crate) type Check = (&'static str, fn(&Vector, &mut Checker));

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
    formula: String,
    rel: f64,
    abs: f64,
}

/// The file, or None with a message when it is absent and this is not CI.
pub(crate) fn load() -> Option<VectorFile> {
    let beside = beside();
    let named = std::env::var_os("TRIER_STATS_VECTORS").map(PathBuf::from);
    let path = named.clone().unwrap_or(beside);
    if !path.exists() {
        let in_ci = std::env::var("CI").is_ok_and(|v| v == "true");
        assert!(!in_ci && named.is_none(), "{} is absent", path.display());
        println!("skipped: {} is absent; set TRIER_STATS_VECTORS to run", path.display());
        return None;
    }
    Some(read(path))
}

/// The file beside the repository whatever the environment names, for what rests on its very numbers.
pub(crate) fn load_own() -> Option<VectorFile> {
    let path = beside();
    if path.exists() { Some(read(path)) } else { load() }
}

fn beside() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/stats-vectors.json")
}

fn read(path: PathBuf) -> VectorFile {
    let text = std::fs::read_to_string(&path).expect("readable vector file");
    let root = serde_json::from_str(&text).expect("vector file is JSON");
    VectorFile { path, root }
}

impl VectorFile {
    /// How many vectors the file holds, edge cases not counted.
    pub(crate) fn count(&self) -> usize {
        self.root["vectors"].as_array().map_or(0, Vec::len)
    }

    /// The ids of all vectors and edge cases.
    pub(crate) fn ids(&self) -> Vec<String> {
        let lists = [&self.root["vectors"], &self.root["edge_cases"]];
        let all = lists.iter().filter_map(|list| list.as_array()).flatten();
        all.map(|v| v["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The vector or edge case of this id.
    pub(crate) fn vector(&self, id: &str) -> Option<Vector> {
        let lists = [&self.root["vectors"], &self.root["edge_cases"]];
        let found = lists.iter().filter_map(|l| l.as_array()).flatten().find(|v| v["id"] == id)?;
        let expected = if found["expected"].is_null() { &found["required"] } else { &found["expected"] };
        Some(Vector {
            inputs: found["inputs"].clone(),
            expected: expected.clone(),
            formula: found["formula"].as_str().unwrap_or_default().to_owned(),
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

    /// The whole number in input `name`.
    pub(crate) fn count(&self, name: &str) -> u64 {
        self.inputs[name].as_u64().expect("a whole number")
    }

    /// The number that the formula states after `name`.
    pub(crate) fn stated(&self, name: &str) -> f64 {
        let (_, rest) = self.formula.split_once(name).expect("stated in the formula");
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        digits.parse().expect("a number")
    }

    /// How far from `want` a value may lie.
    pub(crate) fn allowed(&self, want: f64) -> f64 {
        self.abs + self.rel * want.abs()
    }
}

/// The number of an expected field; `name/2` is the third of a list.
pub(crate) fn at(expected: &Value, field: &str) -> f64 {
    number(expected.pointer(&format!("/{field}")).expect("an expected field"))
}

/// A list of lists of numbers.
pub(crate) fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().expect("a list of lists").iter().map(numbers).collect()
}

/// Rows of indices, each a text of indices between spaces.
pub(crate) fn index_rows(value: &Value) -> Vec<Vec<usize>> {
    let row = |row: &Value| {
        row.as_str().expect("indices").split(' ').map(|i| i.parse().expect("an index")).collect()
    };
    value.as_array().expect("rows").iter().map(row).collect()
}

/// A list of texts.
pub(crate) fn strings(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect()
}

/// A list of numbers; the strings nan, inf and -inf stand for themselves.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

pub(crate) fn number(value: &Value) -> f64 {
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
            let allowed = vector.allowed(*want);
            if !(got == want || (got - want).abs() <= allowed) {
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
