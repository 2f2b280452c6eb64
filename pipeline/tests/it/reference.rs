//! The naive reference: sessions as somebody reads them off the rules with all readings on the table.
//!
//! Sorted, scanned once, nothing remembered but the roast at hand. It shares no code with the
//! sessionizer. It goes by what is told and by time; the curve it does not look at, so it is asked
//! only where a door switch tells or where the curve shows nothing else. Rules: decision 0012.

use trier_roast::{EventTime, MarkKind, Reading, ReadingBody};

/// A roast as the reference sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReferenceSession {
    pub(crate) start: EventTime,
    pub(crate) end: EventTime,
}

/// A roast that is not over.
struct Open {
    start: EventTime,
    /// When beans came out, and the latest time that was known then.
    drop: Option<(EventTime, EventTime)>,
}

fn closed(open: &Open, last_heard: EventTime) -> ReferenceSession {
    let end = open.drop.map_or(last_heard, |(at, _)| at).max(open.start);
    ReferenceSession { start: open.start, end }
}

/// The roasts among readings in order.
pub(crate) fn reference_sessions(readings: &[Reading]) -> Vec<ReferenceSession> {
    let mut roasts: Vec<ReferenceSession> = Vec::new();
    let mut open: Option<Open> = None;
    let mut last_charge: Option<EventTime> = None;
    for (i, reading) in readings.iter().enumerate() {
        let now = reading.at;
        let before = if i == 0 { now } else { readings[i - 1].at };
        // A roast is over two minutes after its drop, after five minutes of silence, after an hour.
        if let Some(roast) = &open {
            let over = match roast.drop {
                Some((_, announced)) => now.since_s(announced) > 120.0,
                None => now.since_s(before) > 300.0 || now.since_s(roast.start) > 3_600.0,
            };
            if over {
                roasts.push(closed(roast, before));
                open = None;
            }
        }
        let ReadingBody::Mark(mark) = reading.body else { continue };
        let at = if mark.at < now { mark.at } else { now };
        if mark.kind == MarkKind::Charge {
            // Told again within a minute, it is the same charge; and so it is while that roast goes on,
            // within two and a half.
            let again = last_charge.is_some_and(|last| at.since_s(last) < 60.0);
            let still = open
                .as_ref()
                .is_some_and(|roast| roast.drop.is_none() && at.since_s(roast.start).abs() <= 150.0);
            if again || still {
                continue;
            }
            let reach = now.plus_s(-600.0);
            let mut start = if mark.at < reach { reach } else { at };
            if let Some(roast) = open.take() {
                roasts.push(closed(&roast, start));
            }
            if let Some(last) = roasts.last()
                && start < last.end
            {
                start = last.end;
            }
            open = Some(Open { start, drop: None });
            last_charge = Some(start);
        } else if mark.kind == MarkKind::Drop
            && let Some(roast) = &mut open
            && roast.drop.is_none()
            && at > roast.start
            // Just after a charge, it is the drop before that, told again.
            && !(at.since_s(roast.start) < 60.0 && roasts.last().is_some_and(|last| at.since_s(last.end) < 120.0))
        {
            roast.drop = Some((at, now));
        }
    }
    if let (Some(roast), Some(last)) = (open, readings.last()) {
        roasts.push(closed(&roast, last.at));
    }
    roasts
}
