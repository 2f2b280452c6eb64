//! The pipeline through its public door: readings in, rows out.

mod frames;
mod line;
mod marks;
mod predictions;
mod properties;
mod quality;
mod sessions;
mod support;
