//! Statistics of paired comparisons, on numbers alone: no files, no clocks, no rows.
//!
//! Definitions are in `docs/statistics.md`; each public function names the
//! reference vector that the test target `vectors` holds it to. Loss is lower
//! when better, a difference is candidate minus baseline, and every function
//! gives the same bits for any order of its input unless it says otherwise.

mod error;

// Special functions and sums.
pub mod beta;
pub mod binomial;
pub mod chi2;
pub mod f_dist;
pub mod gamma;
pub mod kolmogorov;
pub mod normal;
pub mod quantile;
pub mod ranks;
pub mod student_t;
pub mod studentised_range;
pub mod sum;

// Metrics of forecasts.
pub mod alarms;
pub mod calibration;
pub mod crps;
pub mod interval;
pub mod lead_time;
pub mod point;
pub mod poisson;
pub mod proportion;
pub mod survival;

// Paired comparisons.
pub mod bootstrap;
pub mod cluster;
pub mod comparison;
pub mod crn;
pub mod decision;
pub mod diebold_mariano;
pub mod dominance;
pub mod evidence;
pub mod friedman;
pub mod graphical;
pub mod mcnemar;
pub mod multiplicity;
pub mod non_inferiority;
pub mod p_value;
pub mod paired_t;
pub mod power;
pub mod sign_flip;
pub mod sign_test;
pub mod signed_rank;
pub mod signed_rank_ties;

// Spread: whether it became smaller, and whose it is.
pub mod bonett;
pub mod meta;
pub mod miller;
pub mod pitman_morgan;
pub mod planned;
pub mod regression;
pub mod spread;
pub mod spread_bootstrap;
pub mod variance_ratio;
pub mod welch;

pub mod reml;
pub mod varcomp;

// Uplift before and after, and the health of what it rests on.
pub mod counts;
pub mod cuped;
pub mod diff_in_diff;
pub mod interrupted;
pub mod switchback;

// Looking before the end.
pub mod asymptotic_cs;
pub mod e_process;
pub mod group_sequential;
pub mod normal_mixture;
pub mod sprt;

// Before anything runs.
pub mod power_simulated;
pub mod power_spread;

pub use error::StatsError;
