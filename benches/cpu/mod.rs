//! Time on the processor, for benches on machines that others use too: a neighbour takes wall time
//! from us and little of this.

use std::time::Duration;

use criterion::Throughput;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use rustix::time::{ClockId, clock_gettime};

/// Time on the processor so far, of all threads of the process.
pub(crate) fn so_far() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    // Neither is ever negative.
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// Has criterion measure [`so_far`] in place of wall time; what it prints looks the same.
pub(crate) struct CpuTime;

static SHOWN: WallTime = WallTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        so_far()
    }

    fn end(&self, start: Duration) -> Duration {
        so_far().saturating_sub(start)
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    #[allow(clippy::cast_precision_loss)] // Days of nanoseconds fit.
    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        SHOWN.formatter()
    }
}

/// Elements for criterion's rates.
pub(crate) fn elements(count: usize) -> Throughput {
    Throughput::Elements(count as u64)
}
