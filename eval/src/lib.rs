//! Golden suite, scores, statistics, judge, gate: may this change ship?
//!
//! Modules in order, each using only those above it. Nothing here reads a clock
//! or prints; files are read in [`case`], [`suite`], [`trace`], [`flow`],
//! [`judge`]'s policy, [`mod@file`] and [`library`] only, and written in [`trace`] alone.

pub mod error;

pub mod flow;

pub mod stats;

pub mod score;

pub mod fault;

pub mod case;
pub mod suite;

pub mod trace;

pub mod slice;

pub mod policy;

pub mod plan;

pub mod runner;

pub mod conformance;
pub mod twin;

pub mod judge;

pub mod gate;

pub mod posed;

pub mod policy_tests;

pub mod selftest;

pub mod figures;

pub mod retire;

pub mod file;

pub mod library;

pub use error::InputError;
