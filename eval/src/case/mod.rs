//! A golden case: one roast, why it is there, what goes wrong with it, and what must come of it.
//!
//! The numbers of a simulated roast are in its scenario, those of a recorded one in its log; the case holds what makes
//! it golden. Whether what came is what must come is the runner's to say. The format is in `docs/golden.md`.

mod bound;
mod demand;
mod digest;
mod file;
mod log;
mod read;
#[cfg(test)]
mod schema;
mod seeds;

pub use bound::{Arm, Bound, Quantity};
pub use demand::{CHANNELS, MustHave, MustNot, NO_SESSION, Scope};
pub use file::{CaseFile, Expect};
pub use log::RoastLog;
pub use seeds::{SEEDS_END, Seeds};

use crate::fault::Fault;
use std::path::PathBuf;
use std::sync::Arc;

/// The schema this build reads.
pub(crate) const SCHEMA: &str = "case/2";

/// What a case roasts.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A scenario, simulated.
    Scenario(PathBuf),
    /// A recorded roast, and earlier ones of the machine by which it is known, oldest first.
    Log {
        /// The log of the roast.
        path: PathBuf,
        /// The logs before it.
        earlier: Vec<PathBuf>,
    },
}

impl Input {
    /// The file that says what is roasted.
    #[must_use]
    pub fn path(&self) -> &PathBuf {
        match self {
            Self::Scenario(path) | Self::Log { path, .. } => path,
        }
    }
}

/// Where a case comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Made up: a scenario, or a log that we made.
    Synthetic,
    /// A roast that somebody made, and that went well.
    RealSuccess,
    /// A roast that somebody made, and that went wrong.
    RealFailure,
}

impl Provenance {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Synthetic, Self::RealSuccess, Self::RealFailure];

    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Synthetic => "synthetic",
            Self::RealSuccess => "real_success",
            Self::RealFailure => "real_failure",
        }
    }
}

/// Why a case is kept and not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    /// Since when, such as 2026-11-22.
    pub on: String,
    /// Why.
    pub why: String,
}

/// One golden case, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its name, unique in a suite.
    pub id: Arc<str>,
    /// The file it came from.
    pub path: PathBuf,
    /// What it roasts, found beside the case file.
    pub input: Input,
    /// The machine that roasts, by its id; empty when the scenario cannot be used.
    pub machine: Arc<str>,
    /// The lot of beans; empty as above.
    pub lot: Arc<str>,
    /// Why the case exists: what would go unseen without it.
    pub why: String,
    /// Words to select by.
    pub tags: Vec<String>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The same in words; empty when there is nothing to say.
    pub source: String,
    /// Seeds in place of the suite's; None for the suite's, and for a log, which has none.
    pub seeds: Option<Seeds>,
    /// What must come of it.
    pub expect: Expect,
    /// What the executed roast must hold, so that missing data cannot pass.
    pub must_have: Option<MustHave>,
    /// What quantities of truth and scores must lie between.
    pub bounds: Vec<Bound>,
    /// What must not come of it.
    pub must_not: Vec<MustNot>,
    /// What it is said to be about; held against what it roasts.
    pub scope: Option<Scope>,
    /// Why it is not run any more; None when it is.
    pub retired: Option<Retired>,
    /// What goes wrong between machine and pipeline, in order.
    pub faults: Vec<Fault>,
    /// BLAKE3 of all that decides what comes of it, in hex; what it names included.
    pub digest: Arc<str>,
}

impl Case {
    /// Whether it is run: it is not when it is retired.
    #[must_use]
    pub const fn is_run(&self) -> bool {
        self.retired.is_none()
    }

    /// Whether each arm owes scores for it: only of a roast that must run to its end.
    #[must_use]
    pub fn owes_scores(&self) -> bool {
        self.expect == Expect::Run
    }

    /// Whether it comes from a log and has no seed.
    #[must_use]
    pub const fn is_log(&self) -> bool {
        matches!(self.input, Input::Log { .. })
    }
}
