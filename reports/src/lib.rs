//! Tables in, pictures and text out.
//!
//! Pure functions from rows to text: nothing is printed, read or worked out here
//! beyond counting rows and scaling an axis. Modules in order, each using only
//! those above it.

pub mod number;
pub mod terminal;

pub mod markup;
pub mod picture;

pub mod gates;
pub mod worst;

pub mod summary;

pub mod annotations;
pub mod junit;
pub mod markdown;

pub mod page;
