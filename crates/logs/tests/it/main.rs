//! The log importers through their public door.

mod bad;
mod fixtures;
mod good;
mod real;
