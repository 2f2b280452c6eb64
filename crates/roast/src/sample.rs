//! Samples and readings: what a machine says, before anyone judges it.

use crate::{EventTime, Mark};

/// What the probes and controls showed at one instant. None: not read.
///
/// These are readings. What the beans truly are is the simulator's secret.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Bean probe, °C.
    pub bt_c: Option<f64>,
    /// Environment (exhaust or air) probe, °C.
    pub et_c: Option<f64>,
    /// Air entering the drum, °C.
    pub inlet_c: Option<f64>,
    /// Air leaving the drum, °C, where a machine has it apart from ET.
    pub exhaust_c: Option<f64>,
    /// Drum or wall probe, °C.
    pub drum_c: Option<f64>,
    /// Heat control, % of full.
    pub gas_pct: Option<f64>,
    /// Air control, % of full.
    pub air_pct: Option<f64>,
    /// Drum speed, revolutions per minute.
    pub drum_rpm: Option<f64>,
    /// Cracks heard by a microphone since the sample before, 1/s.
    pub pops_per_s: Option<f64>,
}

/// One thing heard from a machine: a sample, or a mark somebody or something set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// When the machine says it happened.
    pub at: EventTime,
    /// What it was.
    pub body: ReadingBody,
}

/// The two kinds of [`Reading`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReadingBody {
    /// Probe and control values.
    Sample(Sample),
    /// A mark, announced at the reading's time. `mark.at` may lie earlier: a
    /// person presses the button after hearing the crack, or moves the mark.
    Mark(Mark),
}
