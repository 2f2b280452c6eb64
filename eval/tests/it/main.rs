//! The evaluation through its public door.

mod adversarial;
mod cases;
mod conformance;
mod evidence;
mod false_promotion;
mod flow_page;
mod flows;
mod gate;
mod inputs;
mod replays;
mod rules;
mod runs;
mod scores;
mod selftest;
mod shelf;
mod stats_coverage;
mod stats_laws;
mod trust;
mod twin;
