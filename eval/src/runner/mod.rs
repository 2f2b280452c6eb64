//! The runner: scenarios and real logs through the pipeline, scored. Same rows for any number of threads.

mod arms;
mod attempt;
mod entry;
mod held;
mod replay;
mod shelf;
mod suite_run;
mod trial;
mod unit;

pub use arms::Arms;
pub use replay::{Recorded, Replay, ReplayedRoast, Told, kin_of, replay, replay_leaving_out};
pub use shelf::{Inputs, Miss, Shelf, ShelfUse};
pub use suite_run::{How, Seen, Shard, SuiteRun, run_suite};
pub use trial::{Trial, plan_of, source_name, trial, trial_with_faults};
pub use unit::Limits;

pub(crate) use trial::through_pipeline;

use trier_tables::rows::ScoreRow;

/// Why nothing could be run at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunnerError {
    /// The system would not start the threads asked for.
    #[error("cannot start {jobs} threads\nhint: lower --jobs")]
    Threads {
        /// How many.
        jobs: usize,
        /// What the system said.
        source: rayon::ThreadPoolBuildError,
    },
}

/// Runs `work` on a pool of `jobs` threads; 0 means one per processor.
fn on_threads<T: Send>(jobs: usize, work: impl FnOnce() -> T + Send) -> Result<T, RunnerError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    let pool = pool.map_err(|source| RunnerError::Threads { jobs, source })?;
    Ok(pool.install(work))
}

/// Puts score rows in the table's order: case, arm, seed, metric, lead.
fn sort_scores(scores: &mut [ScoreRow]) {
    scores.sort_by_cached_key(|row| {
        // Leads are positive, and positive doubles sort as their bits do.
        let lead = row.lead_s.map(f64::to_bits);
        (row.case.clone(), row.arm.clone(), row.seed, row.metric.clone(), lead, row.session_id.clone())
    });
}
