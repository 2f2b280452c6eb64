//! Why a predictor would not answer. Codes are stable: tables and tests rely on them.

use std::fmt;

/// How a predictor that is not ours can fail to answer.
///
/// Each ends in an abstain with its code, and the stream goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// It could not be started, or did not introduce itself.
    NotStarted,
    /// No answer by the deadline. The one fault that hangs on the machine it runs on.
    Late,
    /// What it said is not a line of the protocol.
    Garbled,
    /// What it said is longer than a line may be.
    TooLong,
    /// The answer has keys missing or more than are known, or a tensor of another shape.
    WrongShape,
    /// The answer is to a question that was not asked.
    WrongId,
    /// It said more on its error stream than is listened to.
    Flood,
    /// It ended.
    Gone,
    /// It ended for want of memory.
    OutOfMemory,
    /// It was stopped after faults in a row, until the next roast.
    Stopped,
    /// The model could not be evaluated.
    Model,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::NotStarted,
        Self::Late,
        Self::Garbled,
        Self::TooLong,
        Self::WrongShape,
        Self::WrongId,
        Self::Flood,
        Self::Gone,
        Self::OutOfMemory,
        Self::Stopped,
        Self::Model,
    ];

    /// The stable reason code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Late => "late",
            Self::Garbled => "garbled",
            Self::TooLong => "too_long",
            Self::WrongShape => "wrong_shape",
            Self::WrongId => "wrong_id",
            Self::Flood => "flood",
            Self::Gone => "gone",
            Self::OutOfMemory => "out_of_memory",
            Self::Stopped => "stopped",
            Self::Model => "model",
        }
    }
}

/// A reason not to answer, with its numbers.
///
/// [`Abstain::code`] is for machines; `Display` is for people.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Abstain {
    /// No usable BT now or in the last seconds.
    NoBt {
        /// How long there has been none, s; None: none since charge.
        for_s: Option<f64>,
    },
    /// BT has not been seen to warm since charge.
    BeforeTurningPoint,
    /// Too little of the curve since the turning point.
    WindowNotFull {
        /// The window wanted, s.
        window_s: f64,
        /// How much of it the points span, s.
        span_s: f64,
        /// How many points there are in it.
        points: usize,
    },
    /// The machine has no earlier roast that tells this.
    NoHistory {
        /// What it would have told.
        of: &'static str,
    },
    /// Neither plan nor history says at what BT this roast is dropped.
    NoDropTarget,
    /// BT is not rising, or hardly, short of the target.
    RisingTooSlowly {
        /// Rise now, °C per minute.
        c_per_min: f64,
        /// Distance to the target, °C.
        short_c: f64,
    },
    /// The answer is further off than any roast lasts.
    BeyondHorizon {
        /// What would have been said, s.
        seconds: f64,
    },
    /// The plant does not do what the probe shows.
    OffModel {
        /// How far BT is from where the plant has it, °C; positive when it is warmer.
        off_c: f64,
        /// How far it may be, °C.
        limit_c: f64,
    },
    /// What the predictor said is no forecast: not finite, negative, out of order or empty.
    BadOutput {
        /// What was wrong with it.
        what: String,
    },
    /// A predictor that is not ours would not say, in its own words.
    Declined {
        /// Why, as it says.
        why: String,
    },
    /// A predictor that is not ours failed.
    Failed {
        /// In which way.
        fault: Fault,
        /// What happened, with numbers.
        what: String,
    },
}

impl Abstain {
    /// The codes of all but [`Abstain::Failed`], whose are those of [`Fault::ALL`].
    pub const CODES: [&str; 9] = [
        "no_bt",
        "too_early",
        "no_history",
        "no_drop_target",
        "rising_too_slowly",
        "beyond_horizon",
        "off_model",
        "bad_output",
        "declined",
    ];

    /// The stable reason code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoBt { .. } => "no_bt",
            Self::BeforeTurningPoint | Self::WindowNotFull { .. } => "too_early",
            Self::NoHistory { .. } => "no_history",
            Self::NoDropTarget => "no_drop_target",
            Self::RisingTooSlowly { .. } => "rising_too_slowly",
            Self::BeyondHorizon { .. } => "beyond_horizon",
            Self::OffModel { .. } => "off_model",
            Self::BadOutput { .. } => "bad_output",
            Self::Declined { .. } => "declined",
            Self::Failed { fault, .. } => fault.code(),
        }
    }
}

impl fmt::Display for Abstain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBt { for_s: Some(for_s) } => write!(f, "no usable BT for {for_s:.0} s"),
            Self::NoBt { for_s: None } => write!(f, "no usable BT since charge"),
            Self::BeforeTurningPoint => write!(f, "BT has not been seen to turn"),
            Self::WindowNotFull { window_s, span_s, points } => write!(
                f,
                "the {window_s:.0} s window since BT turned holds {points} points over {span_s:.0} s"
            ),
            Self::NoHistory { of } => write!(f, "no earlier roast of this machine tells its {of}"),
            Self::NoDropTarget => write!(f, "no plan and no earlier roast gives a drop BT"),
            Self::RisingTooSlowly { c_per_min, short_c } => {
                write!(f, "BT rises {c_per_min:.1} °C/min, {short_c:.1} °C short of the target")
            }
            Self::BeyondHorizon { seconds } => write!(f, "{seconds:.0} s is longer than a roast"),
            Self::OffModel { off_c, limit_c } => {
                write!(f, "BT is {off_c:+.1} °C from where the plant has it, more than {limit_c:.1} °C")
            }
            Self::BadOutput { what } => write!(f, "the predictor's answer was refused: {what}"),
            Self::Declined { why } => write!(f, "{why}"),
            Self::Failed { what, .. } => write!(f, "{what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed() {
        let all = [
            Abstain::NoBt { for_s: None },
            Abstain::BeforeTurningPoint,
            Abstain::WindowNotFull { window_s: 1.0, span_s: 0.0, points: 0 },
            Abstain::NoHistory { of: "a" },
            Abstain::NoDropTarget,
            Abstain::RisingTooSlowly { c_per_min: 0.0, short_c: 1.0 },
            Abstain::BeyondHorizon { seconds: 1.0 },
            Abstain::OffModel { off_c: 1.0, limit_c: 0.0 },
            Abstain::BadOutput { what: String::new() },
            Abstain::Declined { why: String::new() },
        ];
        let mut codes: Vec<&str> = all.iter().map(Abstain::code).collect();
        codes.dedup();
        assert_eq!(codes, Abstain::CODES);
    }
}
