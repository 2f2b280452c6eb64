//! The machine: its parameters, its state, how the state moves, and the books of
//! heat and mass that must close at every step.

mod ledger;
mod plant;
#[cfg(test)]
mod sealed;
mod spec;
mod state;
mod step;

pub(crate) use ledger::Closure as StepClosure;
pub(crate) use ledger::{Books, ENERGY_LIMIT, MASS_LIMIT};
pub(crate) use plant::{Inputs, Load, Plant, crack_shares, expansion, mean_bean_c};
pub use spec::{
    AirSpec, BatchSpread, BodySpec, BtProbeSpec, HeaterSpec, MachineSpec, ProbeSpec, ProbesSpec,
    ProcessNoise, StartSpec, StepsSpec, TraySpec,
};
pub(crate) use state::State;
#[cfg(test)]
pub(crate) use step::advance_by;
pub(crate) use step::{STEP_S, STEP_US, advance};
