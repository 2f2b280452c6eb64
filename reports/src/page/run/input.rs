//! What a run report is made of. Everything in it was worked out before; here it is only shown.

use std::collections::BTreeMap;

use trier_roast::Quality;
use trier_tables::rows::{FileRow, FindingRow, MarkRow, ScoreRow, SessionRow};

/// Columns over time since charge, by their names in the tables; NaN where there is no value.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Time since charge, s, ascending; negative before it.
    pub at_s: Vec<f64>,
    /// The columns, each as long as the time.
    pub by_name: BTreeMap<&'static str, Vec<f64>>,
}

impl Columns {
    /// A column's values with their times; none when there is no such column.
    #[must_use]
    pub fn points(&self, name: &str) -> Vec<(f64, f64)> {
        let values = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        self.at_s.iter().copied().zip(values.iter().copied()).collect()
    }

    /// The last value that there is of a column.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<f64> {
        self.by_name.get(name)?.iter().rev().copied().find(|value| value.is_finite())
    }

    /// Whether a column has any value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.last(name).is_some()
    }
}

/// What was read, in order of time.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// The columns of the table `telemetry`.
    pub columns: Columns,
    /// The quality of each sample.
    pub quality: Vec<Quality>,
}

impl Readings {
    /// A column as it may be drawn: what came late or twice is left out, and the line ends where a value is
    /// missing or may not be used, and where readings stayed away.
    ///
    /// - `is_usable`: whether a sample of this quality may be used.
    #[must_use]
    pub fn drawn(&self, name: &str, is_usable: impl Fn(Quality) -> bool) -> Vec<(f64, f64)> {
        let mut points = Vec::new();
        for ((at_s, value), quality) in self.columns.points(name).into_iter().zip(&self.quality) {
            if quality.has(Quality::OUT_OF_ORDER) || quality.has(Quality::DUPLICATE_TIME) {
                continue;
            }
            if quality.has(Quality::AFTER_GAP) {
                points.push((at_s, f64::NAN));
            }
            points.push((at_s, if is_usable(*quality) { value } else { f64::NAN }));
        }
        points
    }

    /// The flags raised, by name, with the times they were raised at.
    #[must_use]
    pub fn flags(&self) -> Vec<(&'static str, Vec<f64>)> {
        let times = |flag: Quality| {
            let raised = self.columns.at_s.iter().zip(&self.quality).filter(|(_, quality)| quality.has(flag));
            raised.map(|(at_s, _)| *at_s).collect::<Vec<f64>>()
        };
        let all = Quality::named().iter().map(|(flag, name)| (*name, times(*flag)));
        all.filter(|(_, times)| !times.is_empty()).collect()
    }
}

/// One phase of a roast.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Its name: `Drying`, `Maillard`, `Development`.
    pub name: &'static str,
    /// When it begins, s since charge; None where its mark is absent, as for all that follows.
    pub from_s: Option<f64>,
    /// When it ends, s since charge.
    pub to_s: Option<f64>,
    /// How long it lasts, s.
    pub seconds: Option<f64>,
    /// Its share of the whole roast, 0 to 1.
    pub share: Option<f64>,
    /// BT at its begin, °C.
    pub from_c: Option<f64>,
    /// BT at its end, °C.
    pub to_c: Option<f64>,
    /// Mean rate of rise of BT, °C/min; of drying from the turning point on.
    pub ror_c_per_min: Option<f64>,
}

/// One forecast; times since charge, NaN where the predictor stated none.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// When it was asked, s.
    pub at_s: f64,
    /// The 5, 25, 50, 75 and 95 % quantiles of the event's time, s.
    pub quantiles_s: [f64; 5],
    /// Why the predictor would not say.
    pub abstain: Option<String>,
}

/// The forecasts of one event by one predictor, in order of time.
#[derive(Clone, Debug)]
pub struct Fan {
    /// Who forecast.
    pub predictor: String,
    /// What: `first_crack_start` or `drop`.
    pub target: String,
    /// The forecasts.
    pub asks: Vec<Ask>,
}

/// What truly happened in a simulated roast.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// The columns of the table `truth`, those of beans only while they are in the drum; besides `heater_kw`, the
    /// heater's power in kW, and `energy_ppt`, energy from nowhere in parts of 10¹².
    pub columns: Columns,
    /// The worst `energy_residual`, share of throughput.
    pub worst_energy: Option<f64>,
    /// The worst `mass_residual`, share of green mass.
    pub worst_mass: Option<f64>,
    /// Marks: kind, s since charge, and how late it was marked for production, s, if it was.
    pub marks: Vec<(String, f64, Option<f64>)>,
}

/// What people weighed, measured and said of a roast, or its run record holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// The lot.
    pub bean: Option<String>,
    /// The profile.
    pub profile: Option<String>,
    /// Green beans put in, kg.
    pub green_kg: Option<f64>,
    /// Roasted beans taken out, kg.
    pub roasted_kg: Option<f64>,
    /// Weight loss, %.
    pub weight_loss_pct: Option<f64>,
    /// Colour of whole beans, Agtron.
    pub whole_agtron: Option<f64>,
    /// Colour of ground coffee, Agtron.
    pub ground_agtron: Option<f64>,
    /// Points in the cup.
    pub cupping_score: Option<f64>,
    /// Faults found.
    pub defects: Vec<String>,
    /// Who placed which mark.
    pub placed_by: BTreeMap<String, String>,
}

/// One roast.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Its session as it stands.
    pub session: SessionRow,
    /// What people say of it.
    pub said: Said,
    /// What was read.
    pub readings: Readings,
    /// Its marks, those of no session left out.
    pub marks: Vec<MarkRow>,
    /// Its phases.
    pub phases: Vec<Phase>,
    /// Its forecasts, by event and predictor.
    pub fans: Vec<Fan>,
    /// Truth, when it was simulated.
    pub truth: Option<Truth>,
    /// Its scores.
    pub scores: Vec<ScoreRow>,
    /// Its file, when it was recorded.
    pub file: Option<FileRow>,
    /// What was found wrong with its file.
    pub findings: Vec<FindingRow>,
}

/// A curve of one roast of many, resampled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Small {
    /// Time since charge, BT, and its rate of rise; NaN where there is none.
    pub points: Vec<(f64, f64, f64)>,
}

/// Quantiles over roasts at one time since charge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Time since charge, s.
    pub at_s: f64,
    /// The 10, 50 and 90 % quantiles of BT, °C; NaN where there are none.
    pub bt_c: [f64; 3],
    /// Those of its rate of rise, °C/min.
    pub ror_c_per_min: [f64; 3],
}

/// How one measure is spread over roasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// What is measured.
    pub name: &'static str,
    /// How it is written.
    pub unit: Unit,
    /// Roasts that have it.
    pub n: usize,
    /// The 10, 50 and 90 % quantiles; None when no roast has it.
    pub quantiles: Option<[f64; 3]>,
}

/// How a measure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, as minutes and seconds.
    Clock,
    /// A temperature, °C.
    Celsius,
    /// A share from 0 to 1, in percent.
    Share,
    /// Percent.
    Percent,
}

/// Many roasts at once.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Their sessions as they stand.
    pub sessions: Vec<SessionRow>,
    /// The curve of each, in the same order.
    pub curves: Vec<Small>,
    /// Quantiles over all at times since charge, as long as half of the roasts are in the drum.
    pub bands: Vec<Band>,
    /// How they differ.
    pub spreads: Vec<Spread>,
    /// Files, when they were recorded.
    pub files: Vec<FileRow>,
    /// Sessions left out because somebody discarded them.
    pub discarded: usize,
}

/// A run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// All its roasts together, where there are several.
    pub overview: Option<Overview>,
    /// Those that are shown in full.
    pub batches: Vec<Batch>,
}
