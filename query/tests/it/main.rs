//! Questions through the public door.

mod questions;
