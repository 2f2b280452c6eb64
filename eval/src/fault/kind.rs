//! The kinds of fault: their names, and what each must be told.

/// Which probe a fault is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The bean probe.
    Bt,
    /// The environment probe.
    Et,
    /// Both; for a fault of all that is sent, the whole sample.
    All,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bt, Self::Et, Self::All];

    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bt => "bt",
            Self::Et => "et",
            Self::All => "all",
        }
    }
}

/// What a fault is about, and so which key says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A probe: `channel`, and `from_s` and perhaps `for_s`.
    Probe,
    /// Everything that is sent: `from_s` and perhaps `for_s`.
    Feed,
    /// A mark: `mark`.
    Mark,
}

/// What the size of a fault is, and what it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeSpec {
    /// Its unit.
    pub unit: &'static str,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

/// One kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// The channel is not read; with `all`, no samples come (S01).
    SensorDropout,
    /// Each sample is off by a tenth of `size` up to `size`, either way (S02).
    SensorSpike,
    /// The channel shows what it showed last; with `all`, the whole sample repeats (S03, S12).
    SensorStuck,
    /// The channel drifts off evenly, by `size` at the end of `for_s`, and stays so far off (S04).
    SensorDrift,
    /// The channel lags by `size` more (S05).
    SensorLag,
    /// White noise of standard deviation `size`, shown in tenths (S06).
    SensorNoise,
    /// °F is sent where °C is meant (S07).
    SensorUnitFlip,
    /// What devices send for no reading, in turn: -1, 0, 9999, nothing, not a number (S08).
    SensorSentinel,
    /// An open thermocouple: 1300 °C (S09).
    SensorOpen,
    /// BT and ET are swapped (S10).
    SensorSwap,
    /// Shown in steps of `size` (S11).
    SensorCoarse,
    /// Shows no more than `size` (S12).
    SensorClamp,
    /// The device restarts: no samples for `for_s`, and it counts one start more (D01).
    DeviceReboot,
    /// The device's clock is set by `size`, and set back after `for_s` (D02).
    DeviceClockStep,
    /// Each sample comes twice (N02).
    FeedDuplicate,
    /// Messages overtake each other: each comes up to `size` late, with its own time on it (N03).
    FeedReorder,
    /// Nothing comes through and nothing is kept, samples and marks (N01).
    FeedLoss,
    /// One sample in `size` comes through (S11).
    FeedThin,
    /// The mark is set `size` late; early when negative (O01).
    OperatorLateMark,
    /// The mark is not set (O02).
    OperatorMissingMark,
    /// The mark is set again after `size` (O02).
    OperatorDoubleMark,
}

impl FaultKind {
    /// All of them, in the order of the catalogue.
    pub const ALL: [Self; 21] = [
        Self::SensorDropout,
        Self::SensorSpike,
        Self::SensorStuck,
        Self::SensorDrift,
        Self::SensorLag,
        Self::SensorNoise,
        Self::SensorUnitFlip,
        Self::SensorSentinel,
        Self::SensorOpen,
        Self::SensorSwap,
        Self::SensorCoarse,
        Self::SensorClamp,
        Self::DeviceReboot,
        Self::DeviceClockStep,
        Self::FeedDuplicate,
        Self::FeedReorder,
        Self::FeedLoss,
        Self::FeedThin,
        Self::OperatorLateMark,
        Self::OperatorMissingMark,
        Self::OperatorDoubleMark,
    ];

    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SensorDropout => "sensor.dropout",
            Self::SensorSpike => "sensor.spike",
            Self::SensorStuck => "sensor.stuck",
            Self::SensorDrift => "sensor.drift",
            Self::SensorLag => "sensor.lag",
            Self::SensorNoise => "sensor.noise",
            Self::SensorUnitFlip => "sensor.unit_flip",
            Self::SensorSentinel => "sensor.sentinel",
            Self::SensorOpen => "sensor.open",
            Self::SensorSwap => "sensor.swap",
            Self::SensorCoarse => "sensor.coarse",
            Self::SensorClamp => "sensor.clamp",
            Self::DeviceReboot => "device.reboot",
            Self::DeviceClockStep => "device.clock_step",
            Self::FeedDuplicate => "feed.duplicate",
            Self::FeedReorder => "feed.reorder",
            Self::FeedLoss => "feed.loss",
            Self::FeedThin => "feed.thin",
            Self::OperatorLateMark => "operator.late_mark",
            Self::OperatorMissingMark => "operator.missing_mark",
            Self::OperatorDoubleMark => "operator.double_mark",
        }
    }

    /// What it is about.
    #[must_use]
    pub const fn subject(self) -> Subject {
        match self {
            Self::SensorSwap
            | Self::DeviceReboot
            | Self::DeviceClockStep
            | Self::FeedDuplicate
            | Self::FeedReorder
            | Self::FeedLoss
            | Self::FeedThin => Subject::Feed,
            Self::OperatorLateMark | Self::OperatorMissingMark | Self::OperatorDoubleMark => Subject::Mark,
            _ => Subject::Probe,
        }
    }

    /// Whether it cannot last to the end, so that `for_s` must be said.
    #[must_use]
    pub const fn must_end(self) -> bool {
        matches!(self, Self::SensorDrift | Self::DeviceReboot)
    }

    /// Its size; None for one that has none.
    #[must_use]
    pub const fn size(self) -> Option<SizeSpec> {
        let (unit, least, most) = match self {
            Self::SensorSpike => ("°C", 1.0, 2000.0),
            Self::SensorDrift => ("°C", -100.0, 100.0),
            Self::SensorLag => ("s", 1.0, 300.0),
            Self::SensorNoise => ("°C", 0.1, 50.0),
            Self::SensorCoarse => ("°C", 0.1, 20.0),
            Self::SensorClamp => ("°C", 0.0, 400.0),
            Self::DeviceClockStep => ("s", -86_400.0, 86_400.0),
            Self::FeedReorder => ("s", 0.1, 120.0),
            Self::FeedThin => ("samples", 2.0, 60.0),
            Self::OperatorLateMark => ("s", -600.0, 600.0),
            Self::OperatorDoubleMark => ("s", 0.1, 600.0),
            _ => return None,
        };
        Some(SizeSpec { unit, least, most })
    }
}
