//! The digest of all that decides what comes of a case: its own values, and all that it names.
//!
//! Another than that of its trace, which is of the case's own files and leaves out what people read.

use super::Input;
use super::file::CaseFile;
use crate::error::InputError;
use std::path::Path;
use std::sync::Arc;
use trier_sim::ResolvedScenario;

/// Of the values of the case; of its scenario with every machine, lot and recipe in it, or of the text of one
/// that cannot be used; or of its logs.
pub(super) fn digest(file: &CaseFile, input: &Input) -> Result<Arc<str>, InputError> {
    let bytes = |path: &Path| {
        let hint = "the path counts from the folder of the case file";
        std::fs::read(path).map_err(|source| InputError::Read { path: path.to_owned(), hint, source })
    };
    let mut parts = vec![text_of(file)];
    match input {
        Input::Scenario(path) => match ResolvedScenario::load(path) {
            Ok(scenario) => parts.push(text_of(&scenario)),
            Err(_) => parts.push(bytes(path)?),
        },
        Input::Log { path, earlier } => {
            for log in std::iter::once(path).chain(earlier) {
                parts.push(bytes(log)?);
            }
        }
    }
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(&part);
    }
    Ok(hasher.finalize().to_hex().as_str().into())
}

/// Files of ours hold texts, numbers and lists of them, which JSON can say.
fn text_of(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_else(|error| error.to_string().into_bytes())
}
