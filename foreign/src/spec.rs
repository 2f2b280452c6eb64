//! How a user names a predictor of theirs: in one argument, or in a file of schema `predictor/1`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use trier_pipeline::Predictor;

use crate::error::ForeignError;
use crate::incidents::Incidents;
use crate::limits::Limits;
#[cfg(feature = "onnx")]
use crate::model;
#[cfg(not(feature = "onnx"))]
use crate::no_model as model;
use crate::program::{Program, Start};

/// The longest name, bytes.
const NAME_BYTES_MAX: usize = 40;

/// What a name must be.
const NAME_MUST: &str = "a name of a to z, 0 to 9, '-' and '_', 40 at most";

/// The most memory a program may be given, MiB.
const MEMORY_MIB_MAX: u64 = 1024 * 1024;

/// The longest deadlines, ms.
const ANSWER_MS_MAX: u64 = 60_000;
const START_MS_MAX: u64 = 600_000;

/// A predictor as its user describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The name in tables.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What it may take.
    pub limits: Limits,
}

/// What a predictor of somebody's is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A program that speaks the protocol.
    Program {
        /// The program and its arguments.
        words: Vec<String>,
        /// Where it runs; None: where we are.
        folder: Option<PathBuf>,
    },
    /// An ONNX model.
    Model {
        /// Its file.
        path: PathBuf,
    },
}

/// A file of schema `predictor/1`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    name: String,
    command: Option<Vec<String>>,
    onnx: Option<PathBuf>,
    answer_ms: Option<u64>,
    start_ms: Option<u64>,
    memory_mib: Option<u64>,
}

impl Spec {
    /// Whether an argument names a predictor of somebody's, and not one of ours.
    #[must_use]
    pub fn is_foreign(text: &str) -> bool {
        text.contains('=') || text.ends_with(".toml")
    }

    /// Reads `NAME=cmd:PROGRAM ARGUMENTS`, `NAME=onnx:FILE`, or the name of a file of schema `predictor/1`.
    ///
    /// The words of a program are parted by white space; one that holds some goes into a file.
    ///
    /// # Errors
    /// An argument of another form, and those of [`Spec::load`].
    pub fn parse(text: &str) -> Result<Self, ForeignError> {
        let wrong = |fault| ForeignError::Argument { text: text.to_owned(), fault };
        let Some((name, what)) = text.split_once('=') else {
            return Self::load(Path::new(text));
        };
        if !is_name(name) {
            return Err(wrong("before '=' stands a name of a to z, 0 to 9, '-' and '_', 40 at most"));
        }
        let kind = match what.split_once(':') {
            Some(("cmd", command)) => {
                let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
                if words.is_empty() {
                    return Err(wrong("no program after cmd:"));
                }
                Kind::Program { words, folder: None }
            }
            Some(("onnx", "")) => return Err(wrong("no file after onnx:")),
            Some(("onnx", path)) => Kind::Model { path: path.into() },
            _ => return Err(wrong("it is neither cmd: nor onnx: after the name")),
        };
        Ok(Self { name: name.to_owned(), kind, limits: Limits::default() })
    }

    /// Reads a file of schema `predictor/1`. Its paths count from its folder, and a program runs there.
    ///
    /// # Errors
    /// A file that cannot be read or parsed, or with a value that cannot be.
    pub fn load(path: &Path) -> Result<Self, ForeignError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ForeignError::Read { path: path.to_owned(), source })?;
        let file: File =
            toml::from_str(&text).map_err(|source| ForeignError::Parse { path: path.to_owned(), source })?;
        let wrong = |key, got: String, must: &str| ForeignError::Value {
            path: path.to_owned(),
            key,
            got,
            must: must.to_owned(),
        };
        if file.schema != "predictor/1" {
            return Err(wrong("schema", format!("{:?}", file.schema), "\"predictor/1\""));
        }
        if !is_name(&file.name) {
            return Err(wrong("name", format!("{:?}", file.name), NAME_MUST));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned);
        let kind = match (file.command, file.onnx) {
            (Some(words), None) if words.first().is_some_and(|word| !word.is_empty()) => {
                Kind::Program { words, folder }
            }
            (None, Some(model)) => Kind::Model { path: folder.unwrap_or_default().join(model) },
            (Some(_), None) => {
                return Err(wrong("command", "empty".to_owned(), "a program and its arguments"));
            }
            (Some(_), Some(_)) => return Err(wrong("onnx", "given with command".to_owned(), "given alone")),
            (None, None) => return Err(wrong("command", "missing".to_owned(), "given where onnx is not")),
        };
        let bounded = |key, value: Option<u64>, most: u64| match value {
            Some(value) if !(1..=most).contains(&value) => {
                Err(wrong(key, value.to_string(), &format!("1 to {most}")))
            }
            value => Ok(value),
        };
        let usual = Limits::default();
        let limits = Limits {
            answer: bounded("answer_ms", file.answer_ms, ANSWER_MS_MAX)?
                .map_or(usual.answer, Duration::from_millis),
            start: bounded("start_ms", file.start_ms, START_MS_MAX)?
                .map_or(usual.start, Duration::from_millis),
            memory_mib: bounded("memory_mib", file.memory_mib, MEMORY_MIB_MAX)?.unwrap_or(usual.memory_mib),
        };
        Ok(Self { name: file.name, kind, limits })
    }

    /// Starts the program once, or loads the model, to see that it is what it should be.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn open(&self, incidents: &Incidents) -> Result<Opened, ForeignError> {
        let (name, limits) = (self.name.clone(), self.limits);
        let what = match &self.kind {
            Kind::Program { words, folder } => {
                let start = Start { name, words: words.clone(), folder: folder.clone(), limits };
                let hello = start.introduction().map_err(|what| ForeignError::Program {
                    name: self.name.clone(),
                    command: words.join(" "),
                    what,
                })?;
                What::Program(Arc::new(start), Arc::new(hello))
            }
            Kind::Model { path } => {
                let loaded = model::load(&self.name, path).map_err(|what| ForeignError::Model {
                    name: self.name.clone(),
                    path: path.clone(),
                    what,
                })?;
                What::Model(Arc::new(loaded), limits)
            }
        };
        Ok(Opened { what, incidents: incidents.clone() })
    }
}

/// A predictor that was seen to be one; makes as many of it as there are streams.
pub struct Opened {
    what: What,
    incidents: Incidents,
}

enum What {
    Program(Arc<Start>, Arc<crate::protocol::Introduction>),
    Model(Arc<model::Loaded>, Limits),
}

impl Opened {
    /// A fresh predictor for one stream: a program has a process of its own.
    #[must_use]
    pub fn make(&self) -> Box<dyn Predictor> {
        let incidents = self.incidents.clone();
        match &self.what {
            What::Program(start, hello) => {
                Box::new(Program::new(Arc::clone(start), Arc::clone(hello), incidents))
            }
            What::Model(loaded, limits) => model::predictor(loaded, *limits, incidents),
        }
    }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    (1..=NAME_BYTES_MAX).contains(&name.len()) && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_a_program_or_a_model_and_says_what_is_wrong_else() {
        let spec = Spec::parse("py=cmd:python3  my.py --fast").expect("a program");
        let words = ["python3", "my.py", "--fast"].map(str::to_owned).to_vec();
        assert_eq!((spec.name.as_str(), spec.kind), ("py", Kind::Program { words, folder: None }));
        let spec = Spec::parse("net=onnx:a=b:c.onnx").expect("a model");
        assert_eq!(spec.kind, Kind::Model { path: "a=b:c.onnx".into() });
        for (text, says) in [
            ("=cmd:x", "a name of a to z"),
            ("My Net=onnx:x", "a name of a to z"),
            ("py=cmd:  ", "no program after cmd:"),
            ("net=onnx:", "no file after onnx:"),
            ("net=model.onnx", "neither cmd: nor onnx:"),
            ("absent.toml", "cannot read absent.toml"),
        ] {
            let error = Spec::parse(text).expect_err(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn a_file_is_read_with_its_key_named_where_it_is_wrong() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("mine.toml");
        let read = |text: &str| {
            std::fs::write(&path, text).expect("writable");
            Spec::load(&path)
        };
        let head = "schema = \"predictor/1\"\nname = \"mine\"\n";
        let spec =
            read(&format!("{head}command = [\"python3\", \"a b.py\"]\nanswer_ms = 20\nmemory_mib = 64\n"));
        let spec = spec.expect("a program");
        let words = ["python3", "a b.py"].map(str::to_owned).to_vec();
        assert_eq!(spec.kind, Kind::Program { words, folder: Some(place.path().to_owned()) });
        assert_eq!(
            spec.limits,
            Limits { answer: Duration::from_millis(20), memory_mib: 64, ..Limits::default() }
        );
        let spec = read(&format!("{head}onnx = \"net.onnx\"\n")).expect("a model");
        assert_eq!(spec.kind, Kind::Model { path: place.path().join("net.onnx") });
        for (text, says) in [
            (format!("{head}onnx = \"a\"\ncommand = [\"b\"]\n"), "key onnx is given with command"),
            (head.to_owned(), "key command is missing"),
            (format!("{head}command = []\n"), "key command is empty"),
            (format!("{head}onnx = \"a\"\nanswer_ms = 0\n"), "key answer_ms is 0, and must be 1 to 60000"),
            (head.replace("/1", "/2"), "key schema is \"predictor/2\""),
            (format!("{head}onnx = \"a\"\nspeed = 3\n"), "cannot parse"),
        ] {
            let error = read(&text).expect_err(&text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
