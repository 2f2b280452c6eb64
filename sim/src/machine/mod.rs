//! The machine: its parameters, its state, how the state moves, and the books of
//! heat and mass that must close at every step.

#[macro_use]
mod columns;
mod instruments;
mod ledger;
mod plant;
mod plants;
#[cfg(test)]
mod sealed;
mod slopes;
mod spec;
mod spread;
mod state;
mod step;
mod terms;

pub use instruments::{BtProbeSpec, MicrophoneSpec, ProbeKind, ProbeSpec, ProbesSpec, WearSpec};
pub(crate) use ledger::Closure as StepClosure;
pub(crate) use ledger::{Books, ENERGY_LIMIT, MASS_LIMIT};
pub(crate) use plant::{Inputs, Load, Plant, crack_shares, expansion, mean_bean_c};
pub(crate) use plants::Plants;
pub use spec::{AirSpec, BodySpec, DoorSpec, HeaterSpec, MachineSpec, ProcessNoise, StartSpec, TraySpec};
pub use spread::{BatchSpread, DaySpread, UnitSpread};
pub(crate) use state::State;
pub(crate) use step::{EVALUATIONS, STEP_S, STEP_US, Stepper, cut};
