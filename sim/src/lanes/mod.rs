//! Many roasts at once: one step written for one roast, run over columns of roasts.
//!
//! A step is plain arithmetic on one roast's numbers, without branches on them. [`run`]
//! applies it to `N` roasts whose states lie in columns of `N`, and the compiler turns
//! that loop into vector instructions of whatever width the machine has ([`run_widest`]
//! asks the machine). Every operation is one that IEEE 754 rounds exactly, fused
//! multiply-add included and never at the compiler's choice, so a roast has the same bits
//! alone, in a lane, and on every width.
//!
//! It sits in this crate and not with the portable maths of `roast` because stepping a
//! plant is the roaster's business: production never integrates anything.

mod advance;
mod column;
mod exp;
pub(crate) mod plain;
mod real;
mod relax;
mod step;

pub use advance::{Width, run, run_at, run_widest};
pub use column::Column;
pub use real::Real;
pub use relax::{Follower, Relaxing, reciprocals};
pub use step::{Stepper, runge_kutta_4};
