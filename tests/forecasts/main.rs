//! How well predictors forecast simulated roasts, with each fault of sensors in them: the page
//! `docs/forecasts.md`, made from days of every machine family.
#![allow(missing_docs)]

mod asked;
#[path = "../detection/day.rs"]
#[allow(dead_code)] // What detection alone asks of a day.
mod day;
#[path = "../detection/faults.rs"]
#[allow(dead_code)]
mod faults;
mod page;
