//! The wall clock: the one place here that reads it. Everything below gets times as arguments.

use trier_roast::EventTime;

/// Now, by this machine's clock. What came in is stamped with it and nothing is decided by it but
/// whether a key is valid and how far a device's own clock is off.
#[must_use]
pub fn now() -> EventTime {
    #[allow(clippy::disallowed_methods)] // Receipt is by the wall clock of the receiver.
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let us = since_1970.map_or(0, |time| i64::try_from(time.as_micros()).unwrap_or(i64::MAX));
    EventTime::from_us(us)
}

/// Time passed, for counters and for how long a group waits. Decides nothing that is stored.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Begins to count.
    #[must_use]
    pub fn start() -> Self {
        #[allow(clippy::disallowed_methods)] // How long something took is no input of anything.
        Self(std::time::Instant::now())
    }

    /// Since the start.
    #[must_use]
    pub fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}
