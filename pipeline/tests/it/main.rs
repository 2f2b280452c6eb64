//! The pipeline through its public door: readings in, rows out.

mod admission;
mod desk;
mod frames;
mod line;
mod marks;
mod predictions;
mod properties;
mod quality;
mod records;
mod sessions;
mod support;
