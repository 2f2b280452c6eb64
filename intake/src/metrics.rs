//! Counters of a running store, in the text that Prometheus reads.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::{StoreError, Taken};

/// What became of a message.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    outcome: &'static str,
    reason: &'static str,
}

/// Counters since the start of the process. The books of the store are in the store.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    messages: Family<Labels, Counter>,
    readings: Family<Labels, Counter>,
    groups: Counter,
    commit_s: Histogram,
    sealed: Counter,
    waiting_bytes: Gauge,
    stopped: Gauge,
    /// Messages that were turned away because too much was waiting.
    pub(crate) refused_busy: Counter,
    trouble: Mutex<Option<String>>,
}

impl Default for Metrics {
    fn default() -> Self {
        // 0.5 ms to 4 s.
        let commit_s = Histogram::new(exponential_buckets(0.0005, 2.0, 14));
        let mut metrics = Self {
            registry: Registry::with_prefix("trier"),
            messages: Family::default(),
            readings: Family::default(),
            groups: Counter::<u64, AtomicU64>::default(),
            commit_s,
            sealed: Counter::default(),
            waiting_bytes: Gauge::default(),
            stopped: Gauge::default(),
            refused_busy: Counter::default(),
            trouble: Mutex::new(None),
        };
        let r = &mut metrics.registry;
        r.register("messages", "Messages by what became of them", metrics.messages.clone());
        r.register("readings", "Readings by what became of them", metrics.readings.clone());
        r.register("groups", "Groups committed", metrics.groups.clone());
        let help = "Time from the end of a group's gathering to its commit";
        r.register_with_unit("commit", help, Unit::Seconds, metrics.commit_s.clone());
        r.register("sealed", "Revisions of sessions sealed", metrics.sealed.clone());
        let help = "Messages that wait for a commit";
        r.register_with_unit("waiting", help, Unit::Bytes, metrics.waiting_bytes.clone());
        r.register(
            "refused_busy",
            "Requests turned away for the queue's length",
            metrics.refused_busy.clone(),
        );
        r.register("stopped", "1 once the store has stopped for a failing disk", metrics.stopped.clone());
        metrics
    }
}

impl Metrics {
    /// All counters, as OpenMetrics text.
    #[must_use]
    pub fn text(&self, waiting_bytes: usize) -> String {
        self.waiting_bytes.set(i64::try_from(waiting_bytes).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to memory does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    /// Groups committed so far.
    #[must_use]
    pub fn groups(&self) -> u64 {
        self.groups.get()
    }

    /// The last that went wrong; None when all is well.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().ok().and_then(|trouble| trouble.clone())
    }

    pub(crate) fn committed(&self, taken: &[Taken], took: Duration) {
        self.groups.inc();
        self.commit_s.observe(took.as_secs_f64());
        for one in taken {
            let labels = Labels { outcome: one.outcome.place().name(), reason: one.outcome.reason() };
            self.messages.get_or_create(&labels).inc();
            self.readings.get_or_create(&labels).inc_by(u64::from(one.readings));
        }
        self.say(None);
    }

    pub(crate) fn sealed(&self, sealed: usize) {
        self.sealed.inc_by((sealed as u64).saturating_sub(self.sealed.get()));
    }

    pub(crate) fn note(&self, error: &StoreError) {
        if !error.is_passing() {
            self.stopped.set(1);
        }
        self.say(Some(error.to_string()));
    }

    fn say(&self, trouble: Option<String>) {
        if let Ok(mut kept) = self.trouble.lock() {
            *kept = trouble;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;

    #[test]
    fn the_text_counts_by_outcome_and_reason() {
        let metrics = Metrics::default();
        let taken = |outcome| Taken { outcome, readings: 3, contiguous: None };
        metrics.committed(&[taken(Outcome::Stored), taken(Outcome::Stored)], Duration::from_millis(3));
        let text = metrics.text(1234);
        for line in [
            r#"trier_messages_total{outcome="stored",reason=""} 2"#,
            r#"trier_readings_total{outcome="stored",reason=""} 6"#,
            "trier_groups_total 1",
            "trier_waiting_bytes 1234",
            "trier_commit_seconds_count 1",
        ] {
            assert!(text.contains(line), "no {line} in\n{text}");
        }
    }
}
