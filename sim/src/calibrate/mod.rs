//! Calibration: a machine fitted to somebody's own roasts.
//!
//! A roast comes in as [`Observed`]: what the controls did, what went in, and what the bean probe
//! showed. The plant runs free under those controls, and least squares with priors moves the
//! machine's numbers until the two curves meet. No threads and no files here; the caller decides
//! which fits run at once. Physics: `docs/physics.md`; how far it gets: `docs/calibration.md`.

mod observed;

mod model;
mod parameter;

mod free_run;

mod solve;

mod fit;

mod identify;

mod baseline;
mod score;
mod total;

mod missing;

mod file;

pub use baseline::Baselines;
pub use file::{WRITTEN_BY, machine_toml};
pub use fit::{BatchScalars, Fit, Problem, folds, spread_evenly};
pub use free_run::{Diverged, FreeRun, Pace};
pub use identify::{Estimate, Identified, identify};
pub use missing::{Bar, GoesWith, bars, crack_at_recorded_bt, go_together, shared_and_own_c};
pub use model::{Model, StartLaw};
pub use observed::{CHARGE_KG, ControlAt, Observed, Unusable};
pub use parameter::Level;
pub use score::{PHASES, RoastErrors, roast_errors};
pub use total::{Total, median_and_worst, metrics, middle_and_largest, totals};
