//! Writing traces: of new cases, of a model that moved, and of one case that somebody changed and says why.

use super::check::{TraceFault, Traced, folder, strays, traced};
use crate::suite::Suite;
use std::path::PathBuf;

/// What was written, and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blessed {
    /// The traces written, by case.
    pub written: Vec<PathBuf>,
    /// What is still wrong: each needs somebody to say that it is meant.
    pub refused: Vec<TraceFault>,
}

/// Why nothing could be blessed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlessError {
    /// No such case in the suite, or none that has a trace.
    #[error(
        "there is no case {case} with a trace in the suite\nhint: sim check shows its cases; logs, refused and retired cases have no trace"
    )]
    UnknownCase {
        /// The case asked for.
        case: String,
    },
    /// No reason was given.
    #[error("--because says nothing\nhint: say what changed in the case and why; it is kept in the trace")]
    NoReason,
    /// The reason would break the head of the trace.
    #[error("--because has several lines\nhint: say it in one line; it is kept in the trace's head")]
    LongReason,
    /// The files cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Writes the traces of `suite` that may be written, and says what else is wrong.
///
/// - Without `changed`: those of cases without a trace, and those that an older model made of the same case.
/// - With `changed`, a case and why it was changed: that one, whatever is wrong with it.
///
/// # Errors
/// No such case, no reason, or a file that cannot be written.
pub fn bless(suite: &Suite, changed: Option<(&str, &str)>) -> Result<Blessed, BlessError> {
    if let Some((_, because)) = changed {
        if because.trim().is_empty() {
            return Err(BlessError::NoReason);
        }
        if because.contains(char::is_control) {
            return Err(BlessError::LongReason);
        }
    }
    let all = traced(suite);
    if let Some((id, _)) = changed.filter(|(id, _)| !all.iter().any(|(case, _)| *case.id == **id)) {
        return Err(BlessError::UnknownCase { case: id.to_owned() });
    }
    let mut blessed = Blessed { written: Vec::new(), refused: Vec::new() };
    for (case, Traced { path, fresh, fault }) in all {
        let Some(fault) = fault else { continue };
        let because =
            changed.filter(|(id, _)| *case.id == **id).map(|(_, because)| because.trim().to_owned());
        let may = match &fault {
            TraceFault::Missing { .. } | TraceFault::OtherModel { .. } => {
                changed.is_none() || because.is_some()
            }
            _ => because.is_some(),
        };
        let Some((mut head, body)) = fresh.filter(|_| may) else {
            // Somebody who asks for one case hears of that one.
            if changed.is_none() || because.is_some() {
                blessed.refused.push(fault);
            }
            continue;
        };
        head.because = because;
        let unwritable = |source| BlessError::Write { path: path.clone(), source };
        std::fs::create_dir_all(folder(suite)).map_err(unwritable)?;
        std::fs::write(&path, head.text() + &body).map_err(unwritable)?;
        blessed.written.push(path);
    }
    if changed.is_none() {
        blessed.refused.extend(strays(suite));
    }
    Ok(blessed)
}
