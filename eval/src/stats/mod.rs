//! Statistics of paired comparisons, on numbers alone: no files, no clocks, no rows.
//!
//! Definitions are in `docs/evaluation.md`; each public function names the
//! reference vector that the test target `vectors` holds it to. Loss is lower
//! when better, a difference is candidate minus baseline, and every function
//! gives the same bits for any order of its input unless it says otherwise.

mod error;

pub mod beta;
pub mod bootstrap;
pub mod cluster;
pub mod crn;
pub mod decision;
pub mod interval;
pub mod multiplicity;
pub mod non_inferiority;
pub mod normal;
pub mod paired_t;
pub mod point;
pub mod power;
pub mod quantile;
pub mod sign_flip;
pub mod signed_rank;
pub mod student_t;
pub mod sum;

pub use error::StatsError;
