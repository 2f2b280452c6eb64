//! What is known about how good a reading is.

/// Quality flags of one sample, as a set of bits. No bit set means no complaint.
///
/// A flag never changes the value beside it: the raw reading is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Quality(u32);

impl Quality {
    /// No complaint.
    pub const GOOD: Self = Self(0);
    /// BT was not read (absent, or a device's word for absent).
    pub const MISSING: Self = Self(1);
    /// BT jumped further than beans and a probe can.
    pub const SPIKE: Self = Self(1 << 1);
    /// BT is outside what a roaster's probe can show.
    pub const RANGE: Self = Self(1 << 2);
    /// The sample came with an earlier time than one before it.
    pub const OUT_OF_ORDER: Self = Self(1 << 3);
    /// The sample has the same time as the one before it.
    pub const DUPLICATE_TIME: Self = Self(1 << 4);
    /// More than ten sample intervals passed since the sample before it.
    pub const AFTER_GAP: Self = Self(1 << 5);
    /// BT stands still to the last digit while it should be moving.
    pub const STUCK: Self = Self(1 << 6);
    /// BT and ET stand still together: a bus repeats what it heard last.
    pub const STALE: Self = Self(1 << 7);
    /// BT stands still at the top of its range: it cannot show more.
    pub const CLAMPED: Self = Self(1 << 8);
    /// BT jumped to where °F read as °C, or °C as °F, would put it.
    pub const UNIT_SUSPECT: Self = Self(1 << 9);
    /// BT and ET jumped to each other's place.
    pub const SWAP_SUSPECT: Self = Self(1 << 10);
    /// The first sample believed of a level that BT jumped to and stayed at.
    pub const STEP_CHANGE: Self = Self(1 << 11);
    /// ET is outside what a roaster's probe can show.
    pub const ET_RANGE: Self = Self(1 << 12);
    /// ET jumped further than air and a probe can.
    pub const ET_SPIKE: Self = Self(1 << 13);
    /// ET stands still to the last digit while it should be moving.
    pub const ET_STUCK: Self = Self(1 << 14);
    /// The first sample of which it is sure that BT is shown in whole degrees, after it was shown finer.
    pub const COARSER: Self = Self(1 << 15);
    /// The first sample of which it is sure that the device has come to speak at another pace.
    pub const PACE_CHANGE: Self = Self(1 << 16);
    /// The sample by which BT turned after charge, having fallen far more slowly than it used to.
    pub const LAG_SUSPECT: Self = Self(1 << 17);

    const NAMES: [(Self, &'static str); 18] = [
        (Self::MISSING, "missing"),
        (Self::SPIKE, "spike"),
        (Self::RANGE, "range"),
        (Self::OUT_OF_ORDER, "out_of_order"),
        (Self::DUPLICATE_TIME, "duplicate_time"),
        (Self::AFTER_GAP, "after_gap"),
        (Self::STUCK, "stuck"),
        (Self::STALE, "stale"),
        (Self::CLAMPED, "clamped"),
        (Self::UNIT_SUSPECT, "unit_suspect"),
        (Self::SWAP_SUSPECT, "swap_suspect"),
        (Self::STEP_CHANGE, "step_change"),
        (Self::ET_RANGE, "et_range"),
        (Self::ET_SPIKE, "et_spike"),
        (Self::ET_STUCK, "et_stuck"),
        (Self::COARSER, "coarser"),
        (Self::PACE_CHANGE, "pace_change"),
        (Self::LAG_SUSPECT, "lag_suspect"),
    ];

    /// Each flag by itself with its name in tables, in the order of [`Quality::names`].
    #[must_use]
    pub const fn named() -> &'static [(Self, &'static str)] {
        &Self::NAMES
    }

    /// The flags of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every flag of `other` is set here.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether BT of this sample may be used to compute anything.
    #[must_use]
    pub const fn is_usable(self) -> bool {
        let unusable = Self::MISSING.0
            | Self::SPIKE.0
            | Self::RANGE.0
            | Self::OUT_OF_ORDER.0
            | Self::DUPLICATE_TIME.0
            | Self::STUCK.0
            | Self::STALE.0
            | Self::CLAMPED.0
            | Self::UNIT_SUSPECT.0
            | Self::SWAP_SUSPECT.0;
        self.0 & unusable == 0
    }

    /// Whether ET of this sample, where it has one, may be used to compute anything.
    #[must_use]
    pub const fn is_et_usable(self) -> bool {
        let unusable = Self::ET_RANGE.0
            | Self::ET_SPIKE.0
            | Self::ET_STUCK.0
            | Self::OUT_OF_ORDER.0
            | Self::DUPLICATE_TIME.0
            | Self::STALE.0
            | Self::UNIT_SUSPECT.0
            | Self::SWAP_SUSPECT.0;
        self.0 & unusable == 0
    }

    /// The flags that [`Quality::names`] wrote; names that are no flag's do not count.
    #[must_use]
    pub fn of_names(names: &str) -> Self {
        names
            .split('|')
            .filter_map(|name| Self::NAMES.iter().find(|(_, known)| *known == name))
            .fold(Self::GOOD, |set, (flag, _)| set.with(*flag))
    }

    /// The flags' names joined by `|`, empty when good; as written in tables.
    #[must_use]
    pub fn names(self) -> String {
        let set: Vec<&str> =
            Self::NAMES.iter().filter(|(flag, _)| self.has(*flag)).map(|(_, name)| *name).collect();
        set.join("|")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_add_up_and_name_themselves() {
        let both = Quality::SPIKE.with(Quality::AFTER_GAP);
        assert!(both.has(Quality::SPIKE) && !both.has(Quality::MISSING));
        assert_eq!(both.names(), "spike|after_gap");
        assert_eq!(Quality::of_names(&both.names()), both);
        assert_eq!(Quality::of_names(""), Quality::GOOD);
        assert_eq!(Quality::GOOD.names(), "");
    }

    #[test]
    fn a_gap_before_a_sample_does_not_spoil_it() {
        assert!(Quality::AFTER_GAP.is_usable());
        assert!(!Quality::SPIKE.with(Quality::AFTER_GAP).is_usable());
    }
}
