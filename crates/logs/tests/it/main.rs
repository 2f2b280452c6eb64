//! The log importers through their public door.

mod bad;
mod fixtures;
mod fixtures_tables;
mod good;
mod real;
mod tables;
mod written;
