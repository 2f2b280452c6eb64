//! Faults put into what is heard of a machine, one after the other, and counted.

use super::draws::Draws;
use super::file::Fault;
use super::kind::{FaultKind, Subject};
use super::marks::marked;
use super::sensor::Sensor;
use super::sent::sent;
use trier_pipeline::Heard;
use trier_roast::{EventTime, Reading, ReadingBody};

/// What is heard of a machine with faults.
#[derive(Clone, Debug, PartialEq)]
pub struct Struck {
    /// What is heard, in order of arrival.
    pub heard: Vec<Heard>,
    /// How many messages each fault changed, lost, added or moved, in the order of the faults.
    pub changed: Vec<usize>,
}

impl Struck {
    /// The first fault that changed nothing, by its place in the list; such a case tests nothing.
    #[must_use]
    pub fn without_effect(&self) -> Option<usize> {
        self.changed.iter().position(|n| *n == 0)
    }
}

/// Puts `faults` into `heard` in the order listed, each into what the one before left.
///
/// - `seed`: each fault draws from a stream of its own, keyed by this and its place in the list.
/// - `charged`: true charge, from which the faults' times count.
///
/// No faults leave everything as it was.
#[must_use]
pub fn apply(faults: &[Fault], seed: u64, charged: EventTime, heard: Vec<Heard>) -> Struck {
    let mut struck = Struck { heard, changed: Vec::with_capacity(faults.len()) };
    for (index, fault) in faults.iter().enumerate() {
        let (from, draws) = (charged.plus_s(fault.from_s), Draws::new(seed, index));
        let (heard, changed) = match fault.kind.subject() {
            Subject::Probe => shown(fault, from, draws, struck.heard),
            Subject::Feed if fault.kind == FaultKind::SensorSwap => shown(fault, from, draws, struck.heard),
            Subject::Feed => sent(fault, from, draws, struck.heard),
            Subject::Mark => marked(fault, struck.heard),
        };
        struck.heard = heard;
        struck.changed.push(changed);
    }
    struck
}

/// `heard` with the samples that faulty probes show.
fn shown(fault: &Fault, from: EventTime, draws: Draws, heard: Vec<Heard>) -> (Vec<Heard>, usize) {
    let mut sensor = Sensor::new(fault, draws);
    let mut changed = 0;
    let mut out = Vec::with_capacity(heard.len());
    for one in heard {
        let ReadingBody::Sample(sample) = one.reading.body else {
            out.push(one);
            continue;
        };
        let at = one.reading.at;
        let shown = sensor.show(at, at.since_s(from), sample);
        changed += usize::from(shown != Some(sample));
        out.extend(
            shown.map(|sample| Heard { reading: Reading { at, body: ReadingBody::Sample(sample) }, ..one }),
        );
    }
    (out, changed)
}

#[cfg(test)]
mod tests;
