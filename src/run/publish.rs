//! Simulated readings on their way to a broker, as a device would send them.

use trier_eval::runner::Trial;
use trier_intake::doors::{Broker, publish};
use trier_wire::Envelope;

use super::scenarios::{Asked, envelopes};
use crate::output::{self, Failure};
use crate::progress;

/// Sends the readings of every roast, one roast after the other.
pub(super) fn to_broker(broker: &Broker, asked: &[Asked<'_>], trials: &[Trial]) -> Result<(), Failure> {
    let all: Vec<Envelope> =
        asked.iter().zip(trials).flat_map(|(asked, trial)| envelopes(asked, trial)).collect();
    let bar = progress::bar(all.len(), "readings");
    // Two programs of one name would throw each other out.
    let client = format!("trier-sim-{}", std::process::id());
    let sent = publish(broker, &client, &all, |sent| bar.set_position(sent as u64));
    bar.finish_and_clear();
    sent.map_err(|error| Failure::of(&error))?;
    output::prose(&format!("{} readings acknowledged by {}:{}", all.len(), broker.host, broker.port));
    Ok(())
}
