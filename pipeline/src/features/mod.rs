//! Features: what the curve of one roast says, by time and looking back only.
//!
//! Made of usable points alone, so no broken reading reaches one. Nothing counts
//! samples where it means seconds.

mod at_mark;
mod cracks;
mod curve;
mod dry_end;
mod lag;
mod summary;
mod tail;
mod turning;

pub use at_mark::bt_at_c;
pub use curve::{Curve, InferredMark};
pub use dry_end::DRY_END_C;
pub use lag::Lag;
pub use summary::{GRADE_REASONS, session_row};
pub(crate) use tail::span_s;
pub use tail::{Point, since};
