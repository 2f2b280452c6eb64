//! Conformance: is a predictor one that may run beside a roast? Any origin, ours too.
//!
//! It is asked through the same stream as in production, on made-up roasts, and its answers on one are held
//! against those on another that differs in one thing. How good the answers are is not judged here:
//! that is what scores are for.

mod answers;
mod checks;
mod roasts;

pub use checks::{Checked, conformance};
