//! The crate through its public door.

mod batches;
mod example;
mod memory;
mod support;
mod together;
mod trust;
