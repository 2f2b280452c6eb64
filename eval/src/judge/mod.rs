//! The judge: two arms on the same roasts, compared metric by metric under a policy.

mod compare;
mod evidence;
mod explore;
mod own;
mod pairs;
mod tail;

pub use compare::{Comparison, Finding, compare};
pub use evidence::{Evidence, Fault, Repeated};
pub(crate) use evidence::{listed, named, rows_of};
pub use explore::explore;
pub(crate) use own::{Own, bias, calibration, safety};
