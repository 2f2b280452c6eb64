//! Sweeps: many roasts of one scenario, some of its numbers varied by a design.
//!
//! Each roast is a function of the sweep, its seed and the roast's number, so a sweep can be done
//! in any order, in parts and on any number of threads; who does so keeps the rows in order.

mod design;
mod error;
mod file;
mod joe_kuo;
mod keys;
mod law;
mod load;
mod point;
mod roasted;
#[cfg(feature = "schema")]
mod schema;
mod sobol;
mod summary;

pub use design::Method;
pub use error::SweepError;
pub use file::Seeds;
pub use load::{ResolvedSweep, Sweep, Varied};
pub use point::Points;
pub use roasted::{SweepRow, Swept};
#[cfg(feature = "schema")]
pub use schema::sweep_schema;
pub use summary::{EffectRow, KEPT_MAX, SpreadRow, Summary};
