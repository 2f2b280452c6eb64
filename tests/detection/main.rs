//! How well charge and drop are found, and readings judged: the page `docs/detection.md`, made
//! from simulated days with each fault in them and from the marks of recorded roasts.
#![allow(missing_docs)]

mod bt_break;
mod day;
mod faults;
mod page;
mod recorded;
mod simulated;
