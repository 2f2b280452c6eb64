//! What one unit was seen to do, held against the catalogue.

use super::catalogue::{Catalogue, Flow, What};
use super::trace::{Event, Trace};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use trier_pipeline::Outputs;

/// The arm of flows that no predictor has a part in.
const PIPELINE: &str = "pipeline";

/// What one unit was seen to do; small, so that each unit can keep one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// Ids of the flows that it met.
    pub met: BTreeSet<String>,
    /// Of those that it did not meet and began, how many steps.
    pub begun: BTreeMap<String, u32>,
    /// By safety flow and arm: how often what it is about came to be, and was answered as it must be.
    pub answers: BTreeMap<String, BTreeMap<String, Answers>>,
    /// How often each state was followed by which.
    pub transitions: BTreeMap<String, BTreeMap<String, u32>>,
    /// From the first sample to the last, s.
    pub simulated_s: f64,
}

/// How often a danger was met with its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Streams in which the danger came to be.
    pub dangers: u32,
    /// Those in which it was answered.
    pub answered: u32,
}

/// What a unit was seen to do.
///
/// - `outputs`: what the pipeline made of the roast.
/// - `day`: what it made of all roasts of the day heard as one stream, if they are of one day; flows may be
///   met there too, and transitions are counted there.
///
/// A flow that predictors have a part in is met when one of them, by itself, met it.
#[must_use]
pub fn observe(catalogue: &Catalogue, outputs: &Outputs, day: Option<&Outputs>) -> Observed {
    let mut observed = Observed::default();
    for outputs in [Some(outputs), day].into_iter().flatten() {
        let trace = Trace::new(outputs);
        let cells: BTreeSet<_> = trace.cells();
        let shared = trace.events(None);
        let arms: Vec<(&str, Vec<Event>)> =
            trace.arms().into_iter().map(|arm| (arm, trace.events(Some(arm)))).collect();
        for flow in &catalogue.flows {
            match &flow.what {
                What::Cell { tag, phase } => {
                    let has = |cell: &(String, _)| &cell.0 == tag;
                    let steps = if cells.contains(&(tag.clone(), *phase)) {
                        2
                    } else {
                        u32::from(cells.iter().any(has))
                    };
                    observed.note(flow, steps);
                }
                What::Steps { .. } if flow.asks_predictors() => {
                    arms.iter().for_each(|(arm, events)| observed.follow(flow, arm, events));
                }
                What::Steps { .. } => observed.follow(flow, PIPELINE, &shared),
            }
        }
        observed.simulated_s = observed.simulated_s.max(trace.simulated_s());
        observed.transitions = BTreeMap::new();
        for ((from, to), count) in trace.transitions() {
            observed.transitions.entry(from).or_default().insert(to, count);
        }
    }
    observed
}

impl Observed {
    fn follow(&mut self, flow: &Flow, arm: &str, events: &[Event]) {
        let What::Steps { danger, whole } = &flow.what else { return };
        let steps = whole.followed(events);
        self.note(flow, u32::try_from(steps).unwrap_or(u32::MAX));
        if danger.as_ref().is_some_and(|danger| danger.followed(events) == danger.length()) {
            let of_flow = self.answers.entry(flow.id.to_string()).or_default();
            let answers = of_flow.entry(arm.to_owned()).or_default();
            answers.dangers += 1;
            answers.answered += u32::from(steps == whole.length());
        }
    }

    /// Notes that `steps` of a flow were met, once in whichever stream and by whichever arm.
    fn note(&mut self, flow: &Flow, steps: u32) {
        if steps >= flow.length() {
            self.begun.remove(&*flow.id);
            self.met.insert(flow.id.to_string());
        } else if steps > 0 && !self.met.contains(&*flow.id) {
            let most = self.begun.entry(flow.id.to_string()).or_default();
            *most = steps.max(*most);
        }
    }
}
