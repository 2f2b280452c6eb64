//! The pipeline through its public door: readings in, rows out.

mod admission;
mod agreement;
mod desk;
mod frames;
mod line;
mod marks;
mod past_errors;
mod predictions;
mod properties;
mod quality;
mod records;
mod reference;
mod sessions;
mod shapes;
mod support;
