//! The line: whatever the order of arrival, the same rows; whatever the clock, the same roast.

use proptest::prelude::*;
use trier_pipeline::ingest::{Form, Frame};
use trier_pipeline::{Basis, Fact, Line, LineConfig, LineOut};
use trier_roast::{EventTime, MarkKind, Reading, ReadingBody};

use crate::frames::{Kept, Start, config, feed, frame_of};
use crate::support::{at, bt, mark, plain_roast, run};

const US: i64 = 1_000_000;
const YEARS_10_US: i64 = 10 * 365 * 86_400 * US;

/// Three roasts, the third after a quiet hour.
fn day() -> Vec<Reading> {
    [plain_roast(0.0), plain_roast(800.0), plain_roast(5_300.0)].concat()
}

/// A device that began a minute before the first reading, and whose clock is ahead by so much.
fn start(ahead_us: &dyn Fn(EventTime) -> i64) -> Start<'_> {
    Start { device: "a", boot: 3, began: at(-90.0), ahead_us }
}

fn honest(_: EventTime) -> i64 {
    0
}

fn rows(kept: &Kept) -> String {
    format!("{:?}\n{:?}\n{:?}", kept.standing(), kept.telemetry, kept.marks)
}

#[test]
fn in_order_a_line_says_what_a_stream_says() {
    let kept = feed(config(), &start(&honest).frames(&day(), 5));
    let plain = run(&day(), Basis::default());
    // The quiet hour ends a stretch of its clock, which is right to the microsecond.
    let [Fact::Skew { ppm, .. }] = kept.facts[..] else { panic!("{:?}", kept.facts) };
    assert_eq!((kept.replays, ppm.to_bits()), (0, 0.0_f64.to_bits()));
    assert_eq!(kept.standing().len(), 3);
    for (ours, theirs) in kept.standing().iter().zip(&plain.sessions) {
        assert_eq!((ours.row.start_us, ours.row.n_readings), (theirs.start_us, theirs.n_readings));
        assert_eq!((ours.row.drop_s, &ours.row.outcome), (theirs.drop_s, &theirs.outcome));
    }
    assert_eq!(kept.telemetry.len(), plain.telemetry.len());
    assert_eq!(kept.counts.heard, day().len() as u64);
}

/// Frames in another order: each is late by up to `late_s`, and some come twice.
fn shuffled(frames: &[Frame], late_s: &[f64], twice: &[bool]) -> Vec<Frame> {
    let mut arrivals: Vec<(EventTime, Frame)> = Vec::new();
    for (i, frame) in frames.iter().enumerate() {
        let said = frame.readings.last().expect("not empty").at;
        let arrives = |i: usize| said.plus_s(late_s[i % late_s.len()]);
        arrivals.push((arrives(i), frame.clone()));
        if twice[i % twice.len()] {
            arrivals.push((arrives(i + 1), frame.clone()));
        }
    }
    arrivals.sort_by_key(|(at, _)| *at);
    arrivals.into_iter().map(|(_, frame)| frame).collect()
}

/// Two devices of one machine: one says the samples, the other the marks, a second later each.
fn two_devices(in_each: usize) -> Vec<Frame> {
    let (samples, marks): (Vec<_>, Vec<_>) =
        day().into_iter().partition(|reading| matches!(reading.body, ReadingBody::Sample(_)));
    let other = Start { device: "b", boot: 0, began: at(-100.0), ahead_us: &honest };
    let mut frames = start(&honest).frames(&samples, in_each);
    frames.extend(other.frames(&marks, 1));
    frames.sort_by_key(|frame| frame.readings[0].at);
    frames
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn within_lateness_every_order_gives_the_same_bytes_at_once(
        late_s in prop::collection::vec(0.0..24.0, 1..40),
        twice in prop::collection::vec(any::<bool>(), 1..20),
        in_each in 1..6_usize,
    ) {
        let expected = feed(config(), &two_devices(5));
        let kept = feed(config(), &shuffled(&two_devices(in_each), &late_s, &twice));
        prop_assert_eq!(kept.replays, 0);
        prop_assert_eq!(&kept.revisions, &expected.revisions);
        prop_assert_eq!(rows(&kept), rows(&expected));
    }

    #[test]
    fn beyond_lateness_every_order_comes_to_the_same(
        late_s in prop::collection::vec(prop_oneof![6 => 0.0..20.0, 1 => 20.0..8_000.0], 1..40),
        twice in prop::collection::vec(any::<bool>(), 1..20),
        in_each in 20..60_usize,
    ) {
        let expected = feed(config(), &two_devices(5));
        let kept = feed(config(), &shuffled(&two_devices(in_each), &late_s, &twice));
        prop_assert_eq!(rows(&kept), rows(&expected));
    }

    #[test]
    fn any_order_at_all_comes_to_the_same(seed in prop::collection::vec(any::<u32>(), 120)) {
        let expected = feed(config(), &two_devices(40));
        let mut frames: Vec<(u32, Frame)> = seed.into_iter().cycle().zip(two_devices(40)).collect();
        frames.sort_by_key(|(key, _)| *key);
        let frames: Vec<Frame> = frames.into_iter().map(|(_, frame)| frame).collect();
        prop_assert_eq!(rows(&feed(config(), &frames)), rows(&expected));
    }

    #[test]
    fn a_clock_that_is_set_changes_nothing_but_its_labels(
        step_us in prop_oneof![
            Just(US), Just(-US), Just(3_600 * US), Just(-3_600 * US), Just(YEARS_10_US), Just(-YEARS_10_US),
            -YEARS_10_US..YEARS_10_US,
        ],
        // While it speaks: over a pause of 51 s, 1 s more or less passes for skew.
        step_at_s in prop_oneof![620.0..719.0_f64, 771.0..1_519.0_f64],
        in_each in 1..6_usize,
    ) {
        prop_assume!(step_us.abs() >= 500_000);
        let expected = feed(config(), &start(&honest).frames(&day(), in_each));
        let ahead_us = |t: EventTime| if t < at(step_at_s) { 0 } else { step_us };
        let kept = feed(config(), &start(&ahead_us).frames(&day(), in_each));
        // The quiet hour has the clock's word again where that can be.
        let roasts = 2;
        prop_assert_eq!(&kept.standing()[..roasts], &expected.standing()[..roasts]);
        let offsets = kept.facts.iter().filter(|fact| matches!(fact, Fact::Offset { .. })).count();
        prop_assert!(offsets >= 1 && kept.standing().len() == 3, "{:?}", kept.facts);
    }
}

#[test]
fn a_clock_set_after_its_start_dates_what_came_before() {
    let expected = feed(config(), &start(&honest).frames(&day(), 5));
    // Since its start the clock said 1970; it is set 8 minutes later, in the middle of a roast.
    let ahead_us = |t: EventTime| if t < at(390.0) { -at(-90.0).us() } else { 0 };
    let kept = feed(config(), &start(&ahead_us).frames(&day(), 5));
    assert_eq!(rows(&kept), rows(&expected));
    assert_eq!(kept.counts.undated, 0);
    // The same where it was wrong by a day, so that it was believed at first.
    let ahead_us = |t: EventTime| if t < at(390.0) { -86_400 * US } else { 0 };
    let kept = feed(config(), &start(&ahead_us).frames(&day(), 5));
    assert_eq!(rows(&kept), rows(&expected));
    assert!(kept.replays > 0);
}

#[test]
fn a_clock_that_is_never_set_waits_for_a_date() {
    let ahead_us = |_: EventTime| -at(-90.0).us();
    let kept = feed(config(), &start(&ahead_us).frames(&day(), 5));
    assert_eq!((kept.standing().len(), kept.counts.undated), (0, day().len() as u64));
}

#[test]
fn a_restart_amid_a_roast_is_one_session_even_without_a_clock() {
    let readings = plain_roast(0.0);
    let (before, after): (Vec<Reading>, Vec<Reading>) =
        readings.iter().partition(|reading| reading.at < at(300.0));
    let after: Vec<Reading> = after.into_iter().filter(|reading| reading.at > at(330.0)).collect();
    for lost in [0, at(320.0).us()] {
        let ahead_us = |_: EventTime| -lost;
        let again = Start { device: "a", boot: 4, began: at(320.0), ahead_us: &ahead_us };
        let mut frames = start(&honest).frames(&before, 5);
        frames.extend(again.frames(&after, 5));
        let kept = feed(config(), &frames);
        let [session] = &kept.standing()[..] else { panic!("one roast, not {:?}", kept.standing()) };
        // Away for 32 s, or for the 30 s that a restart is taken to need.
        let drop_s = session.row.drop_s.expect("dropped");
        assert!((drop_s - 660.0).abs() < 2.5, "dropped at {drop_s} s, clock off by {lost} µs");
    }
}

#[test]
fn skew_is_told_and_does_no_more_harm_than_its_share() {
    for ppm in [-20_000, -200, 200, 20_000] {
        let ahead_us = |t: EventTime| (t.us() - at(0.0).us()) / 1_000_000 * ppm;
        let readings = plain_roast(0.0);
        let kept = feed(config(), &start(&ahead_us).frames(&readings, 5));
        let [session] = &kept.standing()[..] else { panic!("one roast") };
        let drop_s = session.row.drop_s.expect("dropped");
        let share = ppm as f64 / 1e6;
        assert!((drop_s - 660.0 * (1.0 + share)).abs() < 0.01, "{ppm} ppm: {drop_s} s");
        assert!(kept.facts.iter().all(|fact| !matches!(fact, Fact::Offset { .. })), "{:?}", kept.facts);
    }
}

#[test]
fn a_tick_that_stands_still_or_goes_back_leaves_the_numbering() {
    let expected = feed(config(), &start(&honest).frames(&day(), 1));
    let freeze = |i: usize, tick: u64| if i >= 400 { tick.min(500 * 1_000_000) } else { tick };
    let rewind = |i: usize, tick: u64| if i >= 400 { tick - 300 * 1_000_000 } else { tick };
    for wrong in [freeze, rewind] as [fn(usize, u64) -> u64; 2] {
        let mut frames = start(&honest).frames(&day(), 1);
        for (i, frame) in frames.iter_mut().enumerate() {
            frame.tick_us = frame.tick_us.map(|tick| wrong(i, tick));
        }
        assert_eq!(rows(&feed(config(), &frames)), rows(&expected));
    }
}

#[test]
fn without_ticks_a_clock_that_went_back_does_not_reorder() {
    let ahead_us = |t: EventTime| if t < at(300.0) { 0 } else { -3_600 * US };
    let start = start(&ahead_us);
    let mut frames = start.frames(&plain_roast(0.0), 1);
    frames.iter_mut().for_each(|frame| frame.tick_us = None);
    let kept = feed(config(), &frames);
    let [session] = &kept.standing()[..] else { panic!("one roast") };
    assert_eq!(session.row.drop_s, Some(660.0));
}

#[test]
fn the_lateness_bound_is_exact() {
    let frames = two_devices(1);
    let of = |kind: MarkKind| {
        let is = |reading: &Reading| matches!(reading.body, ReadingBody::Mark(m) if m.kind == kind);
        frames.iter().position(|frame| is(&frame.readings[0])).expect("it is there")
    };
    let drop = of(MarkKind::Drop);
    for (late_ms, replays) in [(29_999, 0), (30_000, 0), (30_001, 1)] {
        let mut frames = frames.clone();
        // The next sample comes exactly so much later than the mark happened; then the mark itself.
        let mut mark = frames.remove(drop);
        let last = frames.iter().position(|frame| frame.readings[0].at > at(690.0)).expect("more follows");
        let newest = frames[last - 1].readings[0].at;
        let ReadingBody::Mark(said) = mark.readings[0].body else { panic!("a mark") };
        let happened = EventTime::from_us(newest.us() - late_ms * 1_000);
        let body = ReadingBody::Mark(trier_roast::Mark { at: happened, ..said });
        mark.readings = vec![Reading { at: happened, body }];
        mark.tick_us = Some(u64::try_from(happened.us() - at(-100.0).us()).expect("later"));
        frames.insert(last, mark);
        assert_eq!(feed(config(), &frames).replays, replays, "{late_ms} ms");
    }
}

#[test]
fn numbers_at_the_ends_of_their_ranges_keep_their_order() {
    // What wraps in a device (8, 16 or 32 bits) is counted on by its agent: 255, 256; 65535, 65536.
    for first in [0, 254, 65_534, u64::from(u32::MAX) - 1, u64::MAX - 160] {
        let mut frames = start(&honest).frames(&plain_roast(0.0), 5);
        let expected = rows(&feed(config(), &frames));
        for (seq, frame) in (first..).zip(&mut frames) {
            frame.key.seq = seq;
        }
        frames.reverse();
        assert_eq!(rows(&feed(config(), &frames)), expected, "from {first}");
    }
}

#[test]
fn the_same_said_in_two_messages_is_heard_once() {
    // An envelope that is sent again with, say, its session named: other bytes, the same reading.
    let envelope = |half: u64, reading: &Reading| {
        let mut frame = frame_of("lab/m1", half, half, None, vec![*reading], reading.at);
        frame.form = Form::Envelope;
        frame
    };
    let readings = plain_roast(0.0);
    let first: Vec<Frame> = (0..).zip(&readings).map(|(half, reading)| envelope(half, reading)).collect();
    let twice: Vec<Frame> = (5_000..)
        .zip(&readings)
        .zip(&first)
        .flat_map(|((half, r), f)| [f.clone(), envelope(half, r)])
        .collect();
    let (once, kept) = (feed(config(), &first), feed(config(), &twice));
    assert_eq!(rows(&kept), rows(&once));
    assert_eq!(kept.counts.repeats, readings.len() as u64);
    // Without numbers, a sample is heard before the mark of its instant: that of charge is none of the roast.
    assert_eq!(once.standing()[0].row.n_readings, 719);
}

#[test]
fn memory_is_bounded_and_early_release_costs_no_reading() {
    let small = LineConfig { readings_held_max: 20, lateness_s: 300.0, ..config() };
    let frames = start(&honest).frames(&day(), 5);
    let kept = feed(small, &frames);
    assert!(kept.facts.iter().any(|fact| matches!(fact, Fact::Crowded { .. })));
    assert_eq!(rows(&kept), rows(&feed(config(), &frames)));
}

#[test]
fn a_line_goes_on_after_a_restart_and_says_nothing_twice() {
    let frames = start(&honest).frames(&day(), 5);
    let whole = feed(config(), &frames);
    for cut in [3, 150, 290, 310, frames.len()] {
        let (mut line, mut out) = (Line::new(config()), LineOut::default());
        frames[..cut].iter().for_each(|frame| line.push(frame, &mut out));
        let kept = serde_json::to_string(line.earliest().expect("there is one")).expect("can be written");
        drop(line);
        let mut line = Line::resume(config(), serde_json::from_str(&kept).expect("can be read"));
        out.revisions.iter().cloned().for_each(|revision| line.recall(revision));
        let mut more = LineOut::default();
        line.replay(frames[..cut].to_vec(), &mut more);
        assert_eq!((line.wanted(), more.revisions.len()), (None, 0));
        frames[cut..].iter().for_each(|frame| line.push(frame, &mut more));
        assert_eq!(line.end(&mut more).heard, whole.counts.heard);
        let revisions = [out.revisions, more.revisions].concat();
        assert_eq!(revisions, whole.revisions, "cut at {cut}");
        assert_eq!(more.rows.telemetry, whole.telemetry, "cut at {cut}");
    }
}

#[test]
fn a_withheld_frame_leaves_the_rows_and_a_kept_one_comes_back() {
    let frames = start(&honest).frames(&day(), 5);
    let whole = feed(config(), &frames);
    // The frame in which the second roast is charged, long after.
    let charged = frames.iter().position(|frame| {
        frame.readings.iter().any(|r| r.at == at(800.0) && matches!(r.body, ReadingBody::Mark(_)))
    });
    let charged = charged.expect("it is charged");
    let others: Vec<Frame> =
        frames.iter().enumerate().filter(|(i, _)| *i != charged).map(|(_, frame)| frame.clone()).collect();
    let (mut line, mut out) = (Line::new(config()), LineOut::default());
    frames.iter().for_each(|frame| line.push(frame, &mut out));
    let before = out.revisions.len();
    line.withhold(&frames[charged]);
    line.replay(others.clone(), &mut out);
    let without = feed(config(), &others);
    let changed = out.revisions.split_off(before);
    assert!(line.wanted().is_none() && !changed.is_empty());
    let kept = Kept { revisions: [out.revisions.clone(), changed.clone()].concat(), ..Kept::default() };
    assert_eq!(kept.standing(), without.standing()[..kept.standing().len()]);
    line.push(&frames[charged], &mut out);
    line.replay(frames, &mut out);
    let revisions = [&out.revisions[..before], &changed[..], &out.revisions[before..]].concat();
    let kept = Kept { revisions, ..Kept::default() };
    assert_eq!(kept.standing(), whole.standing()[..kept.standing().len()]);
}

#[test]
fn a_machine_that_is_never_quiet_says_nothing_twice_either() {
    // A sample a minute for 60 h; roasts at 1 h and at 58 h; the crack of the second comes 1 h late,
    // when a day has passed since the first.
    let mut readings: Vec<Reading> = (0..3_600).map(|minute| bt(f64::from(60 * minute), 100.0)).collect();
    for hour in [1.0, 58.0] {
        readings.push(mark(3_600.0 * hour + 1.0, MarkKind::Charge));
        readings.push(mark(3_600.0 * hour + 601.0, MarkKind::Drop));
    }
    readings.sort_by_key(|reading| reading.at);
    let mut frames = start(&honest).frames(&readings, 1);
    let crack = Start { device: "b", boot: 0, began: at(0.0), ahead_us: &honest };
    let crack = crack.frames(&[mark(3_600.0 * 58.0 + 501.0, MarkKind::FirstCrackStart)], 1);
    let sorted: Vec<Frame> = {
        let mut all = [&frames[..], &crack[..]].concat();
        all.sort_by_key(|frame| frame.readings[0].at);
        all
    };
    frames.extend(crack);
    let kept = feed(config(), &frames);
    assert_eq!((kept.replays, kept.revisions.len()), (1, 3));
    assert_eq!(rows(&kept), rows(&feed(config(), &sorted)));
}
