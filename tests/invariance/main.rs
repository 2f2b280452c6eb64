//! The same readings in any order, twice, and in other batches give the same bytes; and what a naive
//! reader of the rules makes of them agrees.
//!
//! `TRIER_CAMPAIGN=1000 cargo test --release --test invariance -- --nocapture` runs the campaign of
//! 1,000 days with 100 arrivals each and prints its figures; by default it is 10 days with 8.

mod arrivals;
mod days;
mod faults;
#[path = "../../pipeline/tests/it/frames.rs"]
mod frames;
#[path = "../../pipeline/tests/it/reference.rs"]
mod reference;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use trier_pipeline::{Basis, Heard, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, Trust};
use trier_tables::digest;

use crate::arrivals::Arrivals;
use crate::days::Day;
use crate::faults::{FaultId, Tally};
use crate::frames::{Kept, config, feed, feed_in_groups};
use crate::reference::reference_sessions;

/// Days and arrivals of each, from the environment or as few as a test run takes.
fn size() -> (u64, u64) {
    match std::env::var("TRIER_CAMPAIGN") {
        Ok(days) => (days.parse().expect("TRIER_CAMPAIGN is a number of days"), 100),
        Err(_) => (10, 8),
    }
}

/// What one day came to.
#[derive(Default)]
struct Outcome {
    sessions: usize,
    readings: usize,
    arrivals: u64,
    replays: usize,
    tally: Tally,
    digest: String,
}

fn play(seed: u64, arrivals: u64) -> Outcome {
    let day = Day::roast(seed);
    let mut tally = Tally::default();
    let expected = feed(config(), &day.frames(5, &mut tally));
    check_against_naive(&day, &expected);
    let mut outcome = Outcome {
        sessions: expected.standing().len(),
        readings: day.readings().count(),
        arrivals,
        digest: format!("{}", digest(&expected.telemetry)),
        ..Outcome::default()
    };
    let batched: BTreeMap<usize, _> =
        day.batch_sizes().map(|in_each| (in_each, day.frames(in_each, &mut Tally::default()))).collect();
    let sizes: Vec<&usize> = batched.keys().collect();
    for number in 0..arrivals {
        let in_each = sizes[usize::try_from(number).expect("small") % sizes.len()];
        let mut way = Arrivals::new(seed, number);
        let late = number % 4 == 3;
        let order = if late {
            way.beyond_lateness(&batched[in_each], &mut tally)
        } else {
            way.within(&batched[in_each], &mut tally)
        };
        let kept = feed_in_groups(config(), order, 64);
        let what = format!("day {seed}, arrivals {number}, {in_each} readings in each");
        assert_same(&kept.telemetry, &expected.telemetry, &what);
        assert_same(&kept.marks, &expected.marks, &what);
        assert_same(&kept.standing(), &expected.standing(), &what);
        if !late {
            // A clock that was never set may be set too late to put its readings in order at once.
            assert!(
                kept.replays == 0 || day.has_unset_clock(),
                "{what}: {} replays{}",
                kept.replays,
                day.faults()
            );
            if kept.replays == 0 && expected.replays == 0 {
                assert_same(&kept.revisions, &expected.revisions, &what);
            }
        }
        outcome.replays += kept.replays;
    }
    outcome.tally = tally;
    outcome
}

/// Asserts that two lists are the same, and shows the first place where they are not.
fn assert_same<T: PartialEq + std::fmt::Debug>(ours: &[T], theirs: &[T], what: &str) {
    let differs = ours.iter().zip(theirs).position(|(a, b)| a != b);
    if let Some(place) = differs {
        panic!("{what}: at {place}\n  {:?}\n  {:?}", ours[place], theirs[place]);
    }
    assert_eq!(ours.len(), theirs.len(), "{what}");
}

/// The oracle: all readings of the day sorted by true time, through streams; and the naive
/// sessionizer on the same.
fn check_against_naive(day: &Day, kept: &Kept) {
    let (source, machine): (Arc<str>, Arc<str>) = (Arc::from("trier"), Arc::from("lab/m1"));
    let stream_config = StreamConfig { source, machine, trust: Trust::Unsigned };
    let begin = || Stream::new(stream_config.clone(), Vec::new(), Basis::default());
    let (mut stream, mut out) = (begin(), Outputs::default());
    let sorted = day.sorted();
    for (i, (reading, boot)) in sorted.iter().enumerate() {
        // After a quarter of an hour of silence a machine is heard afresh.
        if i > 0 && reading.at.since_s(sorted[i - 1].0.at) > 900.0 {
            std::mem::replace(&mut stream, begin()).end_before(reading.at, &mut out);
        }
        stream.hear(Heard { reading: *reading, trust: Trust::Unsigned, boot: Some(*boot) }, &mut out);
    }
    stream.end(&mut out);
    if day.is_timed_true() {
        let what = format!("day {} against all readings sorted{}", day.seed, day.faults());
        assert_same(&kept.telemetry, &out.telemetry, &what);
        assert_same(&kept.marks, &out.marks, &what);
        let rows: Vec<_> = kept.standing().into_iter().map(|revision| revision.row).collect();
        assert_same(&rows, &out.sessions, &what);
    }
    let ours: Vec<_> = out.sessions.iter().map(|row| (row.start_us, row.end_us)).collect();
    let readings: Vec<_> = sorted.into_iter().map(|(reading, _)| reading).collect();
    let theirs: Vec<_> = reference_sessions(&readings)
        .into_iter()
        .map(|session| (session.start.us(), session.end.us()))
        .collect();
    assert_same(&ours, &theirs, &format!("day {} against the naive reference", day.seed));
    // Charged so often, roasted so often; and when it says, within the operator's own slowness.
    assert_eq!(ours.len(), day.charged.len(), "day {}", day.seed);
    for (session, charged) in ours.iter().zip(&day.charged) {
        let off_s = EventTime::from_us(session.0).since_s(*charged);
        assert!(off_s.abs() <= 5.0, "day {}: charge {off_s} s off", day.seed);
    }
}

#[test]
fn any_order_repetition_and_batching_gives_the_same_bytes() {
    let (days, arrivals) = size();
    let outcomes: Vec<Outcome> = (0..days).into_par_iter().map(|seed| play(seed, arrivals)).collect();
    let mut tally = Tally::default();
    let (mut sessions, mut readings, mut replays, mut orders) = (0, 0, 0, 0);
    let mut all = String::new();
    for outcome in &outcomes {
        sessions += outcome.sessions;
        readings += outcome.readings;
        replays += outcome.replays;
        orders += outcome.arrivals;
        tally.add(&outcome.tally);
        all += &outcome.digest;
    }
    println!("{days} days, {sessions} sessions, {readings} readings, {orders} arrivals, {replays} replays");
    println!("all telemetry: {:016x}", trier_roast::hash::fnv1a(all.as_bytes()));
    for (id, count) in tally.rows() {
        println!("{id}: {} injected, {} with an effect", count.injected, count.effective);
    }
    for id in FaultId::ALL {
        assert!(tally.effective(id) > 0, "{id} had no effect: the campaign proves nothing about it");
    }
}
