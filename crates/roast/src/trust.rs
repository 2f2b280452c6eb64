//! How far the origin of a reading is proven, and why not.

/// Why a signature, or its absence, proves nothing.
///
/// The codes go into tables and counters and never change. Ordered by name of the fault, not by harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Distrust {
    /// It speaks for a tenant other than the door it came through, or than the key's.
    CrossTenant,
    /// The key may not speak for this site, machine or device.
    OutOfScope,
    /// No signature where the policy asks for one.
    Stripped,
    /// Signed by a means other than the key's, such as a token or another curve.
    WrongAlgorithm,
    /// No key of that name is registered.
    UnknownKey,
    /// The key is registered and not yet released.
    PendingKey,
    /// The key's first valid instant is yet to come.
    NotYetValid,
    /// The key's last valid instant is past.
    ExpiredKey,
    /// The key was replaced and its overlap is over.
    RetiredKey,
    /// The key was withdrawn.
    RevokedKey,
    /// No signature that an honest signer writes: S not below the group's order, R of
    /// small order, or another text for the same 64 bytes.
    Malleated,
    /// The signature is not this key's over these bytes.
    Altered,
    /// The same bytes came before.
    Replayed,
    /// Other bytes came before under the same device, boot and sequence number.
    Conflict,
    /// Too old for the memory of what came before.
    BeyondMemory,
}

impl Distrust {
    /// Every reason, in order.
    pub const ALL: [Self; 15] = [
        Self::CrossTenant,
        Self::OutOfScope,
        Self::Stripped,
        Self::WrongAlgorithm,
        Self::UnknownKey,
        Self::PendingKey,
        Self::NotYetValid,
        Self::ExpiredKey,
        Self::RetiredKey,
        Self::RevokedKey,
        Self::Malleated,
        Self::Altered,
        Self::Replayed,
        Self::Conflict,
        Self::BeyondMemory,
    ];

    /// The code used in tables and counters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CrossTenant => "cross_tenant",
            Self::OutOfScope => "out_of_scope",
            Self::Stripped => "stripped",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::UnknownKey => "unknown_key",
            Self::PendingKey => "pending_key",
            Self::NotYetValid => "not_yet_valid",
            Self::ExpiredKey => "expired_key",
            Self::RetiredKey => "retired_key",
            Self::RevokedKey => "revoked_key",
            Self::Malleated => "malleated",
            Self::Altered => "altered",
            Self::Replayed => "replayed",
            Self::Conflict => "conflict",
            Self::BeyondMemory => "beyond_memory",
        }
    }
}

/// How far the origin of a reading is proven. Ordered from worst to best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// A proof was offered or due, and failed.
    Unverified(Distrust),
    /// No signature came with it. Allowed, and shown.
    #[default]
    Unsigned,
    /// Signed by a known, valid key that may speak for its origin.
    Verified,
}

impl Trust {
    /// The name used in tables; why something is unverified is [`Trust::reason`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unverified(_) => "unverified",
            Self::Unsigned => "unsigned",
            Self::Verified => "verified",
        }
    }

    /// Why it is unverified; None for the other states.
    #[must_use]
    pub const fn reason(self) -> Option<Distrust> {
        match self {
            Self::Unverified(reason) => Some(reason),
            Self::Unsigned | Self::Verified => None,
        }
    }

    /// The trust of a whole, such as a session, from that of its parts: the worst.
    /// Of nothing it is unsigned, as nothing was proven.
    #[must_use]
    pub fn worst(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().min().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_part_spoils_the_whole_in_any_order() {
        let bad = Trust::Unverified(Distrust::Altered);
        assert_eq!(Trust::worst([Trust::Verified, bad, Trust::Unsigned]), bad);
        assert_eq!(Trust::worst([bad, Trust::Verified]), bad);
        assert_eq!(Trust::worst([Trust::Unsigned, Trust::Verified]), Trust::Unsigned);
        assert_eq!(Trust::worst([Trust::Verified; 3]), Trust::Verified);
        assert_eq!(Trust::worst([]), Trust::Unsigned);
    }

    #[test]
    fn every_reason_is_listed_once_with_a_code_of_its_own() {
        let mut codes = Distrust::ALL.map(Distrust::code).to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Distrust::ALL.len());
        // Declared order is listed order, so no variant is missing in the middle.
        assert!(Distrust::ALL.is_sorted());
    }
}
