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
mod constant;
mod controls;
mod curve;
mod ensemble;
mod forecast;
mod odds;
mod plant;
mod predictor;
mod prior;
mod rises;
mod slope90;
mod twin;

pub use abstain::{Abstain, Fault};
pub use artisan::Artisan;
pub use basis::{Basis, EarlierRoast, MachineMemory, Median, Usual};
pub use constant::Constant;
pub use controls::{Controls, Course};
pub use curve::CurveAhead;
pub use forecast::{Forecast, HORIZON_S, Quantiles, Used};
pub use plant::{Known, KnownCrack, Member, Plant, UNCERTAIN_MAX};
pub use predictor::{PREDICTORS, Predictor, Seen, Target, predictor_named, predictors_named};
pub use prior::Prior;
pub use rises::Rises;
pub use slope90::Slope90;
pub use twin::Twin;
