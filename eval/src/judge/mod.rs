//! The judge: two arms on the same roasts, compared metric by metric under a policy.

mod compare;
mod evidence;
mod pairs;
pub mod policy;

pub use compare::{Comparison, Finding, compare};
pub(crate) use evidence::named;
pub use evidence::{Evidence, Fault};
pub(crate) use policy::PolicyFile;
pub use policy::{Policy, Role, Rule};
