//! The doors: how readings come in. What they are worth is judged behind them.

mod http;
mod lines;
mod mqtt;
mod publish;
mod sequence;
mod serve;

pub use lines::{LinesError, Sent, take};
pub use mqtt::Broker;
pub use publish::{PublishError, publish};
pub use serve::{Doors, DoorsError, Open};

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::oneshot;
use trier_pipeline::ingest::Door as Route;
use trier_wire::Registry;

use crate::writer::{Desk, Refusal};
use crate::{Arrival, Taken, clock};

/// What every door needs. Cloned for each.
#[derive(Clone)]
pub struct Door {
    pub(crate) desk: Desk,
    registry: Arc<Registry>,
    tell: Arc<dyn Fn(&str) + Send + Sync>,
}

impl fmt::Debug for Door {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Door").field("desk", &self.desk).finish_non_exhaustive()
    }
}

impl Door {
    /// A door to the store behind `desk`.
    ///
    /// - `registry`: whose keys are believed.
    /// - `tell`: says to people what they may want to mend, such as a broker that is not there.
    pub fn new(desk: Desk, registry: Registry, tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { desk, registry: Arc::new(registry), tell: Arc::new(tell) }
    }

    /// A message as it came in now.
    pub(crate) fn arrival(&self, route: Route<'_>, bytes: Vec<u8>) -> Arrival {
        Arrival::read(bytes, route, &self.registry, clock::now())
    }

    pub(crate) fn tell(&self, what: &str) {
        (self.tell)(what);
    }
}

/// The answer to a job, or why there is none.
pub(crate) fn answer_of(
    answer: Result<Result<Vec<Taken>, Refusal>, oneshot::error::RecvError>,
) -> Result<Vec<Taken>, Refusal> {
    answer.unwrap_or_else(|_| Err(Refusal::Stopped { why: Arc::from("it was closed") }))
}

/// What a device is told of one message.
#[derive(Debug, Serialize)]
pub struct Told {
    /// `stored`, `duplicate`, `quarantined` or `rejected`. All four are answers for good: send none
    /// of them again.
    outcome: &'static str,
    /// Why, for the last two.
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'static str,
    /// Of a batch: the device's start it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    boot: Option<u64>,
    /// Of a batch: the last of that start's numbers, counted from 0, before which none is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    contiguous: Option<u64>,
}

impl From<&Taken> for Told {
    fn from(taken: &Taken) -> Self {
        Self {
            outcome: taken.outcome.place().name(),
            reason: taken.outcome.reason(),
            boot: taken.contiguous.map(|c| c.boot),
            contiguous: taken.contiguous.and_then(|c| c.seq),
        }
    }
}
