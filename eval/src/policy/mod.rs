//! The policy: which differences matter, by how much, and what it takes to promote.

mod file;
mod rule;
mod said;
mod waiver;

pub(crate) use file::PolicyFile;
pub use file::{CoverageBars, Policy, Purpose, RiskTerms, Rollout, Undo};
pub(crate) use rule::gate_name;
pub use rule::{Bias, Calibration, Role, Rule, Safety, Statistic};
pub use said::{Expectation, Shift};
pub use waiver::{Waiver, WaiverFault, Waivers};
