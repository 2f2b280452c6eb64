//! Phases of a machine's time, by the session table's last word.

use trier_tables::rows::SessionRow;

/// What goes on at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// No session.
    Between,
    /// An empty machine is heated: a session that came out as `preheat`.
    Preheat,
    /// From charge to the end of drying.
    Drying,
    /// From there to first crack.
    Maillard,
    /// From there to drop.
    Development,
    /// After drop, and a session that came out as `cooling`.
    Cooling,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 6] =
        [Self::Between, Self::Preheat, Self::Drying, Self::Maillard, Self::Development, Self::Cooling];

    /// The name used in files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Between => "between",
            Self::Preheat => "preheat",
            Self::Drying => "drying",
            Self::Maillard => "maillard",
            Self::Development => "development",
            Self::Cooling => "cooling",
        }
    }

    /// The phase with this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }

    /// The phases that `session` went through, each with when it began, µs since 1970, in order of time.
    ///
    /// One whose mark is missing is left out: what would have been in it counts to the phase before.
    #[must_use]
    pub fn of_session(session: &SessionRow) -> Vec<(i64, Self)> {
        #[allow(clippy::cast_possible_truncation)] // Session times came from whole µs.
        let at = |since_charge_s: f64| session.start_us + (since_charge_s * 1e6).round() as i64;
        match &*session.outcome {
            "preheat" => return vec![(session.start_us, Self::Preheat)],
            "cooling" => return vec![(session.start_us, Self::Cooling)],
            _ => {}
        }
        let begun = [
            (Some(0.0), Self::Drying),
            (session.dry_end_s, Self::Maillard),
            (session.first_crack_s, Self::Development),
            (session.drop_s, Self::Cooling),
        ];
        let mut begun: Vec<(i64, Self)> =
            begun.into_iter().filter_map(|(since_s, phase)| Some((at(since_s?), phase))).collect();
        // Marks may contradict each other; time goes on all the same.
        begun.sort();
        begun
    }
}
