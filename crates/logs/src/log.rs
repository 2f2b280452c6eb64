//! A log that was read: samples, marks, and what was repaired.

use crate::LogFormat;
use trier_roast::{EventTime, Mark, Reading, ReadingBody, Sample, TempUnit};

/// One roast out of a log file, in °C and event time.
#[derive(Clone, Debug, PartialEq)]
pub struct RoastLog {
    /// The format it was read from.
    pub format: LogFormat,
    /// The machine in the file's own words; empty when it has none.
    pub device: String,
    /// The unit of the file's temperatures: what it declares, unless a finding
    /// with [`FindingCode::UnitInferred`] says otherwise. Samples are always °C.
    pub declared_unit: TempUnit,
    /// Wall time of the first sample; None when the file states none that a clock can
    /// have shown ([`EventTime::is_wall_time`]), and times then count from zero.
    pub started: Option<EventTime>,
    /// The roast's name in the file; may be empty.
    pub title: String,
    /// Whether the file says it is somebody else's roast.
    pub is_fork: bool,
    /// Four hexadecimal digits that tell machines apart, made from the serial number;
    /// None when the file has none. So short that many numbers share each: it names no
    /// machine, and one pair in 65,536 is taken for one machine.
    pub machine_key: Option<String>,
    /// Median time between samples as recorded, s.
    pub sample_interval_s: f64,
    /// Samples in the order of the file; times never fall, and rarely stand still.
    pub samples: Vec<(EventTime, Sample)>,
    /// Marks in time order, charge first; at most one of each kind.
    pub marks: Vec<Mark>,
    /// Green beans put in, kg; None when not entered.
    pub weight_in_kg: Option<f64>,
    /// Roasted beans taken out, kg; None when not weighed.
    pub weight_out_kg: Option<f64>,
    /// Everything repaired, and everything odd that was kept.
    pub findings: Vec<Finding>,
}

impl RoastLog {
    /// Samples and marks as one stream in time order.
    ///
    /// A mark is announced at its own time, after the sample of the same time.
    #[must_use]
    pub fn readings(&self) -> Vec<Reading> {
        let samples = self.samples.iter().map(|(at, s)| Reading { at: *at, body: ReadingBody::Sample(*s) });
        let marks = self.marks.iter().map(|m| Reading { at: m.at, body: ReadingBody::Mark(*m) });
        let mut readings: Vec<Reading> = samples.chain(marks).collect();
        // Stable, so equal times keep samples before marks and both in file order.
        readings.sort_by_key(|reading| reading.at);
        readings
    }
}

/// One fact about how a log was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of fact.
    pub code: FindingCode,
    /// Where, and with which numbers.
    pub detail: String,
}

impl Finding {
    pub(crate) fn new(code: FindingCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// The kinds of [`Finding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingCode {
    /// The unit is not the declared one, or none is declared.
    UnitInferred,
    /// BT changes from °C to °F in the middle of the recording; converted from there on.
    UnitSwitched,
    /// Charge is not marked; its time was worked out.
    ChargeInferred,
    /// A mark contradicts more important ones and was dropped.
    MarkOutOfOrder,
    /// A mark points outside the recording and was dropped.
    MarkOutOfRange,
    /// First crack or drop is not marked.
    MarkMissing,
    /// First crack is marked within 30 s of drop; pressed late, perhaps.
    FirstCrackLate,
    /// BT at a mark is far from the samples around it; the value is kept.
    SpikeAtMark,
    /// Samples without BT.
    MissingSamples,
    /// Samples come at another pace than the file declares.
    IntervalDiffers,
    /// Stretches without samples.
    Gap,
    /// Nobody knows when the recording was made.
    NoStartTime,
    /// The time of the recording was worked out from other keys, or in another unit.
    StartTimeInferred,
    /// Time begins below zero.
    NegativeStart,
    /// Neighbouring samples with one time; order kept.
    EqualTimes,
    /// A weight was read in another unit than the file says.
    WeightUnit,
    /// Weights that cannot both be right.
    WeightImplausible,
    /// A number written as text.
    NumberAsText,
    /// Text escaped twice, and unescaped again.
    TextEscapedTwice,
    /// A part that does not matter for timing could not be read and was left out.
    FieldIgnored,
    /// A control's scale cannot be told; it was left out.
    ControlScaleUnclear,
    /// A curve beside BT that never shows a temperature was left out, as -1 is.
    ProbeAbsent,
    /// It looks or is named like a simulation.
    SimulatorSuspect,
    /// The document was inside a list or a text, or its values were lists of one; taken out.
    Unwrapped,
    /// Numbers that no probe shows were masked.
    SpikeMasked,
    /// Rows of a table that end too early, as a cut makes them, were left out.
    RowIncomplete,
    /// A time that no clock shows was read as the full minute.
    OddTime,
    /// A mark is on no row but in the header of the file, and was put on the row of that time.
    MarkFromHeader,
}

impl FindingCode {
    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnitInferred => "unit_inferred",
            Self::UnitSwitched => "unit_switched",
            Self::ChargeInferred => "charge_inferred",
            Self::MarkOutOfOrder => "mark_out_of_order",
            Self::MarkOutOfRange => "mark_out_of_range",
            Self::MarkMissing => "mark_missing",
            Self::FirstCrackLate => "first_crack_late",
            Self::SpikeAtMark => "spike_at_mark",
            Self::MissingSamples => "missing_samples",
            Self::IntervalDiffers => "interval_differs",
            Self::Gap => "gap",
            Self::NoStartTime => "no_start_time",
            Self::StartTimeInferred => "start_time_inferred",
            Self::NegativeStart => "negative_start",
            Self::EqualTimes => "equal_times",
            Self::WeightUnit => "weight_unit",
            Self::WeightImplausible => "weight_implausible",
            Self::NumberAsText => "number_as_text",
            Self::TextEscapedTwice => "text_escaped_twice",
            Self::FieldIgnored => "field_ignored",
            Self::ControlScaleUnclear => "control_scale_unclear",
            Self::ProbeAbsent => "probe_absent",
            Self::SimulatorSuspect => "simulator_suspect",
            Self::Unwrapped => "unwrapped",
            Self::SpikeMasked => "spike_masked",
            Self::RowIncomplete => "row_incomplete",
            Self::OddTime => "odd_time",
            Self::MarkFromHeader => "mark_from_header",
        }
    }

    /// Whether what left the importer differs from what the file says.
    ///
    /// The others only describe: nothing was changed or left out for them.
    #[must_use]
    pub const fn is_repair(self) -> bool {
        match self {
            Self::UnitInferred
            | Self::UnitSwitched
            | Self::ChargeInferred
            | Self::StartTimeInferred
            | Self::MarkOutOfOrder
            | Self::MarkOutOfRange
            | Self::WeightUnit
            | Self::WeightImplausible
            | Self::NumberAsText
            | Self::TextEscapedTwice
            | Self::FieldIgnored
            | Self::ControlScaleUnclear
            | Self::Unwrapped
            | Self::SpikeMasked
            | Self::RowIncomplete
            | Self::OddTime
            | Self::MarkFromHeader => true,
            Self::MarkMissing
            | Self::FirstCrackLate
            | Self::SpikeAtMark
            | Self::MissingSamples
            | Self::IntervalDiffers
            | Self::Gap
            | Self::NoStartTime
            | Self::NegativeStart
            | Self::EqualTimes
            | Self::ProbeAbsent
            | Self::SimulatorSuspect => false,
        }
    }
}
