//! The flags that every verb with work to do has.

use std::path::PathBuf;

use trier_tables::RunFolder;

use crate::output::Failure;

/// Where to write, how many threads, and in which form to print.
#[derive(clap::Args)]
pub(crate) struct Work {
    /// Folder to write the tables and run.json to; it must not hold another run
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Threads; results are the same for any number [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Print rows as JSON Lines instead
    #[arg(long)]
    pub json: bool,
}

impl Work {
    /// The folder asked for, if any: refused before the work and not after it.
    pub(crate) fn folder(&self) -> Result<Option<RunFolder>, Failure> {
        Ok(self.out.as_deref().map(RunFolder::create).transpose()?)
    }

    /// The same for work in parts that a stopped run finds again, see [`RunFolder::resume`].
    pub(crate) fn resumed(&self, work: &str) -> Result<Option<RunFolder>, Failure> {
        Ok(self.out.as_deref().map(|out| RunFolder::resume(out, work)).transpose()?)
    }

    /// Threads to use; 0 means one per processor.
    pub(crate) fn jobs(&self) -> usize {
        self.jobs.map_or(0, usize::from)
    }
}
