//! The roaster: a scenario goes in, what the probes showed and what truly happened
//! come out.
//!
//! Readings and truth are kept apart. [`BatchRun::readings`] is all that the
//! production pipeline ever sees; [`BatchRun::truth`] is for scoring only. No
//! threads, no clock; randomness comes from the seed alone. Equations carry the
//! numbers of `docs/physics.md`.
//!
//! Modules in order, each using only those above it: error, seed, draw | lanes | physics |
//! machine | operator | probes | feed | truth, scenario, run | calibrate | sweep.

/// The version of the model: physics, numbers and the files that all roasts share, as far as a roast shows them.
///
/// Raise it by one in the commit in which a roast comes out otherwise on purpose: another equation, a constant, a
/// step size, or a number in a machine, lot or recipe that ships. Golden traces are then written anew by `sim bless`;
/// without it they are stale and fail. Do not raise it for noise, marks or anything else that a trace does not show.
pub const MODEL_VERSION: u32 = 1;

mod draw;
mod error;
mod seed;

pub mod lanes;

mod physics;

mod machine;

mod operator;

mod probes;

mod feed;

mod run;
mod scenario;
mod truth;

pub mod calibrate;

mod sweep;

pub use error::{ScenarioError, SimError};
pub use feed::envelopes;
pub use machine::{
    AirSpec, BatchSpread, BodySpec, BtProbeSpec, DoorSpec, HeaterSpec, MachineSpec, ProbeSpec, StartSpec,
};
pub use machine::{DaySpread, MicrophoneSpec, ProbeKind, UnitSpread, WearSpec};
pub use machine::{ProbesSpec, ProcessNoise, TraySpec};
pub use operator::{AfterDrop, DropRule, Operator, Recipe, Step};
pub use operator::{CurvePoint, Follow};
pub use physics::{DryingLaw, HeatCapacityLaw, Laws, Lot, LotSpread, Process, ReactionLaw};
pub use run::{BareEnd, bare_evaluations, bare_roast, bare_roasts};
pub use run::{BatchRun, Closure, Ended, Finding, Look, Outcome, Roasts, Scores, Sink};
pub use run::{MOVING, Settings, Steered};
pub use run::{roast, roasts, score, watch_roast};
#[cfg(feature = "schema")]
pub use scenario::schema::schemas;
pub use scenario::{Charge, Recording, ResolvedScenario, RoastingDay, Room, Scenario};
#[cfg(feature = "schema")]
pub use sweep::sweep_schema;
pub use sweep::{EffectRow, KEPT_MAX, SpreadRow, Summary, SweepRow, Swept};
pub use sweep::{Method, Points, ResolvedSweep, Seeds, Sweep, SweepError, Varied};
pub use truth::{TruthMarkRow, TruthRow};
