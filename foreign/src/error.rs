//! Why a predictor of somebody's could not be used at all. What goes wrong later is an abstain.

use std::path::PathBuf;

/// Why a predictor could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The argument is not of the form NAME=KIND:WHAT.
    #[error(
        "predictor {text:?}: {fault}\nhint: write NAME=cmd:PROGRAM ARGUMENTS, NAME=onnx:FILE, or a file that ends in .toml"
    )]
    Argument {
        /// What was typed.
        text: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A predictor file is not TOML, has an unknown key, or a value of the wrong type.
    #[error("cannot parse {}", path.display())]
    Parse {
        /// Which.
        path: PathBuf,
        /// Where and why.
        source: toml::de::Error,
    },
    /// A key of a predictor file has a value that cannot be.
    #[error("{}: key {key} is {got}, and must be {must}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The key.
        key: &'static str,
        /// Its value.
        got: String,
        /// What it may be.
        must: String,
    },
    /// The program could not be started, or did not introduce itself.
    #[error(
        "predictor {name:?}: {what}\nhint: run {command:?} yourself; it must read and write lines as docs/predictors.md says"
    )]
    Program {
        /// The predictor.
        name: String,
        /// How it is started.
        command: String,
        /// What happened.
        what: String,
    },
    /// The model could not be used.
    #[error("predictor {name:?}: {}: {what}\nhint: docs/predictors.md says what a model takes and gives", path.display())]
    Model {
        /// The predictor.
        name: String,
        /// Its file.
        path: PathBuf,
        /// Why not.
        what: String,
    },
}
