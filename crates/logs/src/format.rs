//! The formats a log can have.

/// A log format of the roasting world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LogFormat {
    /// Artisan's own file: a Python dict literal.
    ArtisanAlog,
    /// RoasTime, the Aillio Bullet's program: a JSON object.
    RoasTimeJson,
    /// RoasTime's roast report as CSV: milestones, then a timeline.
    RoasTimeCsv,
    /// Artisan's JSON export.
    ArtisanJson,
    /// Artisan's CSV export (tab separated).
    ArtisanCsv,
    /// Kaffelogic log.
    Klog,
    /// TC4 thermocouple shield, pBourbon CSV.
    Tc4Csv,
    /// Roasting agent's CSV, one row per wall-clock instant.
    AgentCsv,
    /// Telemetry messages collected as JSON.
    TelemetryJson,
    /// CSV kept by hand, one row per half minute.
    HandCsv,
    /// A table of seconds and bean temperature, and little else.
    PlainCsv,
    /// Any other table, read by a column map.
    MappedCsv,
}

impl LogFormat {
    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ArtisanAlog => "artisan_alog",
            Self::RoasTimeJson => "roastime_json",
            Self::RoasTimeCsv => "roastime_csv",
            Self::ArtisanJson => "artisan_json",
            Self::ArtisanCsv => "artisan_csv",
            Self::Klog => "klog",
            Self::Tc4Csv => "tc4_csv",
            Self::AgentCsv => "agent_csv",
            Self::TelemetryJson => "telemetry_json",
            Self::HandCsv => "hand_csv",
            Self::PlainCsv => "plain_csv",
            Self::MappedCsv => "mapped_csv",
        }
    }

    /// The name in a sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ArtisanAlog => "Artisan .alog",
            Self::RoasTimeJson => "RoasTime JSON",
            Self::RoasTimeCsv => "RoasTime CSV",
            Self::ArtisanJson => "Artisan JSON export",
            Self::ArtisanCsv => "Artisan CSV export",
            Self::Klog => "Kaffelogic .klog",
            Self::Tc4Csv => "TC4 CSV",
            Self::AgentCsv => "agent CSV",
            Self::TelemetryJson => "telemetry JSON",
            Self::HandCsv => "hand-kept CSV",
            Self::PlainCsv => "plain CSV",
            Self::MappedCsv => "mapped CSV",
        }
    }
}
