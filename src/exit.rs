//! What the exit code of `sim` means: one meaning each, whatever the verb and flags.
//! `docs/cli.md` lists them.

use std::process::ExitCode;

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exit(pub u8);

impl Exit {
    /// Done; a candidate was promoted.
    pub(crate) const OK: Self = Self(0);
    /// A bug in `sim`.
    pub(crate) const BUG: Self = Self(1);
    /// Wrong usage, or a file that cannot be read or used.
    pub(crate) const USAGE: Self = Self(2);
    /// There was nothing to work on.
    pub(crate) const NOTHING_SELECTED: Self = Self(3);
    /// A candidate may not ship, or a gate keeps not to its bounds.
    pub(crate) const REFUSED: Self = Self(4);
    /// Evidence that cannot be used.
    pub(crate) const EVIDENCE_INVALID: Self = Self(9);
    /// Roasts that should have run did not.
    pub(crate) const CASES_ERRORED: Self = Self(10);
    /// Another process works on the same folder.
    pub(crate) const LOCKED: Self = Self(14);
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}
