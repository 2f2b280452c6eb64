//! The shelf: units that were run before, by what they were made from.
//!
//! An entry is found by the digest of its inputs, so nothing has to be thrown away when something
//! changes, and a run that was killed goes on where it ended: each unit is on the shelf as soon as it is done,
//! as a whole or not at all. Nothing but what decides the result is an input; whatever else is on the
//! machine is not.

use super::entry;
use super::unit::UnitRun;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// All that decides what comes of a unit, by name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Inputs(BTreeMap<String, String>);

impl Inputs {
    /// These inputs.
    #[must_use]
    pub fn of<const N: usize>(parts: [(&str, &str); N]) -> Self {
        Self(parts.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The same and one more.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    /// BLAKE3 of names and values, in hex.
    #[must_use]
    pub fn key(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for part in self.0.iter().flat_map(|(name, value)| [name, value]) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The names of inputs that differ from `other`'s.
    fn differing(&self, other: &Self) -> Vec<String> {
        let names = self.0.keys().chain(other.0.keys());
        let mut differing: Vec<String> =
            names.filter(|name| self.0.get(*name) != other.0.get(*name)).cloned().collect();
        differing.sort();
        differing.dedup();
        differing
    }
}

/// Why a unit had to be run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Miss {
    /// It was never run here.
    New,
    /// It was run with other inputs, those of these names.
    Changed(Vec<String>),
    /// Its entry was there and is damaged.
    Damaged,
}

impl std::fmt::Display for Miss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::New => write!(f, "not run before"),
            Self::Changed(names) => write!(f, "another {}", names.join(", ")),
            Self::Damaged => write!(f, "its entry is damaged"),
        }
    }
}

/// How a shelf was used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShelfUse {
    /// Units that were on it.
    pub found: u32,
    /// Units that were not, by why.
    pub missed: BTreeMap<Miss, u32>,
    /// Entries that could not be written, and what the system said of the first.
    pub unwritten: Option<(u32, String)>,
}

/// A folder of entries.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    /// Names whatever made the entries beyond their inputs: the build of the program.
    program: String,
    used: Mutex<ShelfUse>,
}

impl Shelf {
    /// The shelf in `folder`, which is made where it is not there.
    ///
    /// - `program`: digest of the program that runs the units; another build finds nothing of this one's.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(folder: &Path, program: &str) -> std::io::Result<Self> {
        for part in ["units", "latest"] {
            std::fs::create_dir_all(folder.join(part))?;
        }
        Ok(Self { folder: folder.to_owned(), program: program.to_owned(), used: Mutex::default() })
    }

    /// How it was used so far.
    #[must_use]
    pub fn used(&self) -> ShelfUse {
        self.used.lock().map(|used| used.clone()).unwrap_or_default()
    }

    fn inputs(&self, inputs: &Inputs) -> Inputs {
        inputs.clone().and("program", &self.program)
    }

    /// The unit made from `inputs`, if it is here.
    pub(super) fn find(&self, name: &str, inputs: &Inputs) -> Option<UnitRun> {
        let inputs = self.inputs(inputs);
        let found = match std::fs::read_to_string(self.entry(&inputs.key())) {
            Ok(text) => entry::read(&text, &inputs),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(self.why_not(name, &inputs)),
            Err(_) => Err(Miss::Damaged),
        };
        if let Ok(mut used) = self.used.lock() {
            match &found {
                Ok(_) => used.found += 1,
                Err(miss) => *used.missed.entry(miss.clone()).or_default() += 1,
            }
        }
        found.ok()
    }

    /// Keeps `unit`. A shelf that cannot be written costs time later and nothing else, so it is only told.
    pub(super) fn keep(&self, name: &str, inputs: &Inputs, unit: &UnitRun) {
        let inputs = self.inputs(inputs);
        let key = inputs.key();
        let written = entry::write(unit, &inputs)
            .map_err(std::io::Error::other)
            .and_then(|text| self.write_whole(&self.entry(&key), &text))
            .and_then(|()| self.write_whole(&self.latest(name), &key));
        if let (Err(error), Ok(mut used)) = (written, self.used.lock()) {
            let (n, said) = used.unwritten.take().unwrap_or((0, error.to_string()));
            used.unwritten = Some((n + 1, said));
        }
    }

    fn why_not(&self, name: &str, inputs: &Inputs) -> Miss {
        let latest = std::fs::read_to_string(self.latest(name));
        let Ok(key) = latest else { return Miss::New };
        let text = std::fs::read_to_string(self.entry(key.trim()));
        text.ok()
            .and_then(|text| entry::inputs_of(&text))
            .map_or(Miss::New, |before| Miss::Changed(inputs.differing(&before)))
    }

    fn entry(&self, key: &str) -> PathBuf {
        self.folder.join("units").join(format!("{key}.jsonl"))
    }

    /// Where the key of the entry made last under `name` is kept.
    fn latest(&self, name: &str) -> PathBuf {
        self.folder.join("latest").join(blake3::hash(name.as_bytes()).to_hex().as_str())
    }

    /// Writes a file so that it is there as a whole or not at all, whoever else writes it.
    fn write_whole(&self, path: &Path, text: &str) -> std::io::Result<()> {
        let mut draft = tempfile::NamedTempFile::new_in(&self.folder)?;
        std::io::Write::write_all(&mut draft, text.as_bytes())?;
        draft.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}
