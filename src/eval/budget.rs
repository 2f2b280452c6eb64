//! The time a run may take.

use std::time::{Duration, Instant};

/// A time after which no more work is begun.
pub(crate) struct Budget {
    until: Option<Instant>,
}

impl Budget {
    /// `seconds` from now; endless without.
    pub(crate) fn of(seconds: Option<u32>) -> Self {
        #[allow(clippy::disallowed_methods)] // The one purpose of a budget of time.
        let now = Instant::now();
        Self { until: seconds.map(|s| now + Duration::from_secs(u64::from(s))) }
    }

    /// Whether it is over.
    pub(crate) fn is_over(&self) -> bool {
        #[allow(clippy::disallowed_methods)] // As above.
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// Seconds on a clock that only counts up.
pub(crate) fn now_s() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    #[allow(clippy::disallowed_methods)] // As above.
    let now = Instant::now();
    now.saturating_duration_since(*START.get_or_init(|| now)).as_secs_f64()
}
