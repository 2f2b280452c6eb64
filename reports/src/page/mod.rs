//! Pages: one HTML file each, whole in itself, readable without a script and without a network.
//!
//! The frame and its parts are in `templates/page.html` and `templates/parts.html`; each page extends them.

mod parts;
pub mod run;
pub mod verdict;

mod lines;
mod sections;
mod whiskers;

pub mod backtest;
pub mod calibration;

pub use parts::{Cell, Fact, Figure, Grid, Tone, style};
pub use sections::Page;
