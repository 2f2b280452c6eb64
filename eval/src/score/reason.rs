//! Why a roast has no value: reasons that lie in the roast, and those that lie in the arm or the pipeline.

/// What should have happened did not, or nobody knows whether it did: there is nothing to hold a score against.
pub const NO_REFERENCE: &str = "no_reference";
/// So long before the event the beans were not in the drum yet.
pub const LEAD_BEFORE_CHARGE: &str = "lead_before_charge";
/// The event came, so nothing is censored.
pub const EVENT_CAME: &str = "event_came";

/// No forecast, or none fresh enough, where there should be one.
pub const NO_FORECAST: &str = "no_forecast";
/// A forecast of one number, or without the quantiles asked for.
pub const NO_INTERVAL: &str = "no_interval";
/// The pipeline did not mark it.
pub const NOT_MARKED: &str = "not_marked";
/// The pipeline made no session of the roast.
pub const NO_SESSION: &str = "no_session";
/// Fewer than half of the instants asked for have a usable value.
pub const TOO_FEW_SAMPLES: &str = "too_few_samples";

/// Whether a value is missing for a reason that lies in the roast, so that it is missing for every arm alike
/// and no arm owes it. All other reasons are somebody's silence, `abstained:<code>` among them.
#[must_use]
pub fn lies_in_the_roast(reason: &str) -> bool {
    matches!(reason, NO_REFERENCE | LEAD_BEFORE_CHARGE | EVENT_CAME)
}
