//! The operator: follows a recipe, and marks what they hear and see, late.

mod hand;
mod knobs;
mod pid;
mod recipe;

pub use hand::Operator;
pub(crate) use hand::pressed;
pub use pid::{CurvePoint, Follow};
pub(crate) use recipe::Follower;
pub use recipe::{AfterDrop, DropRule, Recipe, Step};
