//! What an evaluation can come to, and which of several reasons names it.

/// What the evaluation comes to. Exit codes are those of `docs/cli.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The candidate may ship.
    Promoted,
    /// There was nothing to judge.
    NothingSelected,
    /// The candidate may not ship.
    Refused,
    /// The evidence is too weak to say.
    Inconclusive,
    /// It may ship when a person has approved.
    NeedsApproval,
    /// The same work came out otherwise when it was done again.
    NotReproducible,
    /// Too few critical flows were seen.
    CoverageShort,
    /// The evidence cannot be used.
    EvidenceInvalid,
    /// More units errored than may.
    CasesErrored,
    /// A waiver that is named does not hold.
    WaiverInvalid,
    /// A budget ended the work before its end.
    BudgetReached,
    /// Somebody stopped all promotions.
    Stopped,
    /// The plan could hardly find what it is made for.
    Underpowered,
}

impl Outcome {
    /// The order in which outcomes take precedence when several hold, first wins.
    pub const PRECEDENCE: [Self; 13] = [
        Self::Stopped,
        Self::NothingSelected,
        Self::EvidenceInvalid,
        Self::NotReproducible,
        Self::CasesErrored,
        Self::BudgetReached,
        Self::WaiverInvalid,
        Self::CoverageShort,
        Self::Underpowered,
        Self::Refused,
        Self::Inconclusive,
        Self::NeedsApproval,
        Self::Promoted,
    ];

    /// The exit code.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Promoted => 0,
            Self::NothingSelected => 3,
            Self::Refused => 4,
            Self::Inconclusive => 5,
            Self::NeedsApproval => 6,
            Self::NotReproducible => 7,
            Self::CoverageShort => 8,
            Self::EvidenceInvalid => 9,
            Self::CasesErrored => 10,
            Self::WaiverInvalid => 11,
            Self::BudgetReached => 12,
            Self::Stopped => 13,
            Self::Underpowered => 15,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Promoted => "PROMOTED",
            Self::NothingSelected => "NOTHING SELECTED",
            Self::Refused => "REFUSED",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::NeedsApproval => "NEEDS APPROVAL",
            Self::NotReproducible => "NOT REPRODUCIBLE",
            Self::CoverageShort => "COVERAGE SHORT",
            Self::EvidenceInvalid => "EVIDENCE INVALID",
            Self::CasesErrored => "CASES ERRORED",
            Self::WaiverInvalid => "WAIVER INVALID",
            Self::BudgetReached => "BUDGET REACHED",
            Self::Stopped => "STOPPED",
            Self::Underpowered => "UNDERPOWERED",
        }
    }

    /// The outcome of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::PRECEDENCE.into_iter().find(|outcome| outcome.word() == word)
    }

    /// What a gate that asks for it is labelled.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Promoted => "pass",
            Self::Inconclusive | Self::NeedsApproval => "inconclusive",
            Self::Refused
            | Self::NotReproducible
            | Self::CoverageShort
            | Self::Underpowered
            | Self::Stopped => "fail",
            Self::NothingSelected
            | Self::EvidenceInvalid
            | Self::CasesErrored
            | Self::WaiverInvalid
            | Self::BudgetReached => "error",
        }
    }
}
