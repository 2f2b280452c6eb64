//! What becomes of messages on their way: lost, doubled, out of order, or stamped by another clock.

use super::draws::Draws;
use super::file::Fault;
use super::kind::FaultKind;
use trier_pipeline::Heard;
use trier_roast::{EventTime, Mark, Reading, ReadingBody};

/// `heard` after a fault of the device or of the way, and how many messages it changed, lost, added or moved.
pub(super) fn sent(
    fault: &Fault,
    from: EventTime,
    mut draws: Draws,
    heard: Vec<Heard>,
) -> (Vec<Heard>, usize) {
    let inside = |one: &Heard| (0.0..fault.for_s).contains(&one.reading.at.since_s(from));
    match fault.kind {
        FaultKind::DeviceReboot => rebooted(heard, |one| one.reading.at >= from, inside),
        FaultKind::DeviceClockStep => {
            let stepped = |one: Heard| if inside(&one) { moved(one, fault.size) } else { one };
            let n = heard.iter().filter(|one| inside(one)).count();
            (heard.into_iter().map(stepped).collect(), if fault.size == 0.0 { 0 } else { n })
        }
        FaultKind::FeedDuplicate => {
            let twice =
                |one: Heard| std::iter::once(one).chain((is_sample(&one) && inside(&one)).then_some(one));
            let before = heard.len();
            let heard: Vec<Heard> = heard.into_iter().flat_map(twice).collect();
            let added = heard.len() - before;
            (heard, added)
        }
        FaultKind::FeedReorder => reordered(heard, |one| {
            let late_s = fault.size * draws.uniform();
            if inside(one) { late_s } else { 0.0 }
        }),
        FaultKind::FeedThin => {
            let mut n = 0_u32;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A whole number, 2 to 60.
            let one_in = fault.size as u32;
            kept(heard, |one| {
                if !is_sample(one) || !inside(one) {
                    return true;
                }
                n += 1;
                n.is_multiple_of(one_in)
            })
        }
        _ => kept(heard, |one| !inside(one)),
    }
}

fn is_sample(one: &Heard) -> bool {
    matches!(one.reading.body, ReadingBody::Sample(_))
}

/// Those of `heard` to keep, and how many are not.
fn kept(mut heard: Vec<Heard>, keep: impl FnMut(&Heard) -> bool) -> (Vec<Heard>, usize) {
    let before = heard.len();
    heard.retain(keep);
    let lost = before - heard.len();
    (heard, lost)
}

/// No samples while it starts; one start more is counted from then on.
fn rebooted(
    heard: Vec<Heard>,
    after: impl Fn(&Heard) -> bool,
    silent: impl Fn(&Heard) -> bool,
) -> (Vec<Heard>, usize) {
    let started = |one: Heard| {
        let boot = one.boot.unwrap_or(1) + u64::from(after(&one));
        Heard { boot: Some(boot), ..one }
    };
    let counted = heard.iter().filter(|one| after(one)).count();
    let (heard, _) = kept(heard, |one| !(is_sample(one) && silent(one)));
    (heard.into_iter().map(started).collect(), counted)
}

/// The message as a clock says it that is `by_s` ahead.
fn moved(one: Heard, by_s: f64) -> Heard {
    let body = match one.reading.body {
        ReadingBody::Mark(mark) => ReadingBody::Mark(Mark { at: mark.at.plus_s(by_s), ..mark }),
        sample @ ReadingBody::Sample(_) => sample,
    };
    Heard { reading: Reading { at: one.reading.at.plus_s(by_s), body }, ..one }
}

/// The order in which messages arrive that come so much late each, and how many have another place.
fn reordered(heard: Vec<Heard>, mut late_s: impl FnMut(&Heard) -> f64) -> (Vec<Heard>, usize) {
    let mut arriving: Vec<(EventTime, usize, Heard)> =
        heard.into_iter().enumerate().map(|(n, one)| (one.reading.at.plus_s(late_s(&one)), n, one)).collect();
    // By time of arrival; what arrives together keeps its order.
    arriving.sort_by_key(|(at, n, _)| (*at, *n));
    let elsewhere = arriving.iter().enumerate().filter(|(place, (_, n, _))| place != n).count();
    (arriving.into_iter().map(|(_, _, one)| one).collect(), elsewhere)
}
