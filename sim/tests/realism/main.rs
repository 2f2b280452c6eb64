//! Whether simulated roasts look like roasts: the page `docs/realism.md`, made from the roasts of
//! `scenarios/realism/` and from published cases, and held to them.
#![allow(missing_docs)]

mod cases;
mod families;
mod figures;
mod page;
mod published;
mod quantiles;

use std::path::{Path, PathBuf};

pub fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}
