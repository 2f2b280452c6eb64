//! Predict: seconds to first crack and to drop, from the roast so far, or an abstain.
//!
//! A predictor reads and answers; it can change nothing. Each is one file with its
//! reasoning. What they may know is [`Seen`]: this roast up to now, and [`Basis`]:
//! the machine's earlier roasts and the plan. What they say passes [`Forecast::checked`].

mod abstain;
mod aim;
mod artisan;
mod basis;
mod belief;
mod blend;
mod conformal;
mod constant;
mod controls;
mod curve;
mod ensemble;
mod forecast;
mod hindsight;
mod kin;
mod memory;
mod odds;
mod pace;
mod plan;
mod plant;
mod predictor;
mod prior;
mod record;
mod rises;
mod said;
mod slope90;
mod twin;

pub use abstain::{Abstain, Fault};
pub use artisan::Artisan;
pub use basis::{Basis, EarlierRoast, Median, Usual};
pub use blend::Blend;
pub use conformal::Calibrated;
pub use constant::Constant;
pub use controls::{Controls, Course};
pub use curve::CurveAhead;
pub use forecast::{Forecast, HORIZON_S, Quantiles, Used};
pub use kin::{Kin, KinSlice, PLACES};
pub use memory::MachineMemory;
pub use pace::UsualPace;
pub use plan::DropPlan;
pub use plant::{Known, KnownCrack, Member, Plant, UNCERTAIN_MAX};
pub use predictor::{PREDICTORS, Predictor, Seen, Target, predictor_named, predictors_named};
pub use prior::Prior;
pub use record::Record;
pub use rises::Rises;
pub use said::{Moment, Said};
pub use slope90::Slope90;
pub use twin::Twin;
