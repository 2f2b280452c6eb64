//! The pipeline through its public door: readings in, rows out.

mod marks;
mod predictions;
mod properties;
mod quality;
mod records;
mod sessions;
mod support;
