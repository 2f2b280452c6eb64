//! End to end: the built `sim`, started as people and CI start it, judged by what it prints and leaves.

mod bad_input;
mod bless;
mod calibrate;
mod check;
mod ci;
mod command_line;
mod determinism;
mod documents;
mod eval;
mod exit_codes;
mod first_roast;
mod fuzzed;
mod golden;
mod import_export;
mod list;
mod logs_bad;
mod logs_good;
mod out_folder;
mod real_logs;
mod records;
mod report_verdict;
mod resumed;
mod roasts;
mod schemas;
mod support;
mod sweep;
