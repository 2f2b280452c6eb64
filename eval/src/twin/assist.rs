//! A scenario roasted with somebody looking over the operator's shoulder: suggestions, asked for as it goes on.
//!
//! Nothing flows back: the roast is over before the first suggestion is read.

use std::sync::{Arc, Mutex, PoisonError};

use trier_pipeline::predict::{Controls, Course, Twin};
use trier_pipeline::records::{Figure, Profile};
use trier_pipeline::suggest::{Suggestion, suggest};
use trier_pipeline::{Basis, Forecast, Predictor, Seen, Stream, StreamConfig, Target};
use trier_roast::{MarkKind, Reading};
use trier_tables::rows::SuggestionRow;

/// A suggestion is asked for this often, s.
const EVERY_S: f64 = 30.0;

/// What an assisted roast needs.
#[derive(Clone, Debug)]
pub struct Assisted<'a> {
    /// What is the same in every row.
    pub config: &'a StreamConfig,
    /// What was known before the roast.
    pub basis: Basis,
    /// What the roast should be.
    pub profile: &'a Profile,
}

/// The suggestions that would have been made in a roast of these `readings`, every 30 s from the turning point to
/// first crack.
///
/// None when the profile says no time of first crack: then there is nothing to meet.
#[must_use]
pub fn assisted(
    of: &Assisted<'_>,
    plants: Vec<Arc<dyn trier_pipeline::predict::Plant>>,
    readings: &[Reading],
) -> Option<Vec<SuggestionRow>> {
    let wanted_s = of.profile.targets.get(&Figure::FirstCrackS)?.value;
    let said = Arc::new(Mutex::new(Vec::new()));
    let over_the_shoulder = Shoulder {
        twin: Twin::new(plants, course(of.profile)),
        wanted_s,
        asked_s: f64::NEG_INFINITY,
        said: Arc::clone(&said),
    };
    let mut stream = Stream::new(of.config.clone(), vec![Box::new(over_the_shoulder)], of.basis.clone());
    let mut out = trier_pipeline::Outputs::default();
    readings.iter().for_each(|reading| stream.push(*reading, &mut out));
    stream.end(&mut out);
    let said = said.lock().unwrap_or_else(PoisonError::into_inner);
    Some(said.iter().map(|suggestion| row(of, suggestion)).collect())
}

/// The controls of a profile; None where it sets none.
fn course(profile: &Profile) -> Option<Course> {
    (!profile.controls.is_empty()).then(|| {
        Course::of(profile.controls.iter().map(|step| {
            let (gas_pct, air_pct, drum_rpm) = (step.gas_pct, step.air_pct, step.drum_rpm);
            (step.t_s, Controls { gas_pct, air_pct, drum_rpm })
        }))
    })
}

/// Is shown the roast as a predictor is, forecasts nothing, and notes what it would suggest.
struct Shoulder {
    twin: Twin,
    wanted_s: f64,
    asked_s: f64,
    said: Arc<Mutex<Vec<Suggestion>>>,
}

impl Predictor for Shoulder {
    fn name(&self) -> &str {
        "assist"
    }

    fn title(&self) -> &str {
        "what change of gas would meet the profile"
    }

    fn version(&self) -> u32 {
        1
    }

    fn begin(&mut self) {
        self.twin.begin();
        self.asked_s = f64::NEG_INFINITY;
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        let forecast = self.twin.forecast(target, seen);
        let cracked = seen.marks.iter().any(|mark| mark.kind == MarkKind::FirstCrackStart);
        let due = seen.now_s - self.asked_s >= EVERY_S && seen.warming_since_s.is_some();
        if target == Target::FirstCrackStart && due && !cracked {
            self.asked_s = seen.now_s;
            let suggestion = suggest(&mut self.twin, seen, self.wanted_s);
            self.said.lock().unwrap_or_else(PoisonError::into_inner).push(suggestion);
        }
        forecast
    }
}

fn row(of: &Assisted<'_>, suggestion: &Suggestion) -> SuggestionRow {
    let after = |to_go_s: Option<f64>| Some(suggestion.now_s + to_go_s?);
    let change = suggestion.change.as_ref().ok();
    let held = suggestion.as_it_is;
    SuggestionRow {
        source: Arc::clone(&of.config.source),
        machine: Arc::clone(&of.config.machine),
        profile: of.profile.name.as_str().into(),
        since_charge_s: suggestion.now_s,
        wanted_s: suggestion.wanted_s,
        first_crack_p05_s: after(held.and_then(|q| q.p05_s)),
        first_crack_p50_s: after(held.and_then(|q| q.p50_s)),
        first_crack_p95_s: after(held.and_then(|q| q.p95_s)),
        gas_from_pct: change.map(|change| change.from_pct),
        gas_to_pct: change.map(|change| change.to_pct),
        changed_p05_s: after(change.and_then(|change| change.first_crack.p05_s)),
        changed_p50_s: after(change.and_then(|change| change.first_crack.p50_s)),
        changed_p95_s: after(change.and_then(|change| change.first_crack.p95_s)),
        why_not: suggestion.change.as_ref().err().map(|why| why.code().into()),
        text: suggestion.to_string().into(),
    }
}
