//! Admission: nothing is dropped without a reason, nothing is counted twice, and no order of arrival
//! picks a winner.

use std::collections::BTreeSet;

use proptest::prelude::*;
use trier_pipeline::ingest::{
    AHEAD_S_MAX, Act, Admission, DecisionError, Door, Form, Frame, Known, MachineClock, Place, REOPEN_S,
    Reason, Rejection, admit, decode,
};
use trier_pipeline::{Line, LineOut};
use trier_roast::{Distrust, Trust};
use trier_wire::{Batch, DeviceKey, Envelope, Origin, Registry};

use crate::desk::Desk;
use crate::frames::{config, frame_of};
use crate::support::{at, bt};

fn origin() -> Origin {
    Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "m1".into() }
}

fn key() -> DeviceKey {
    DeviceKey::from_seed("k", &[7; 32]).expect("a name")
}

fn registry(state: &str) -> Registry {
    let text = format!(
        "schema = \"keys/1\"\n[[key]]\nkid = \"k\"\npublic_key = \"{}\"\norg = \"trier\"\nstate = \"{state}\"\n\
         valid_from = \"2026-01-01T00:00:00Z\"\n",
        key().public_key()
    );
    Registry::parse(&text, "keys.toml").expect("a registry")
}

fn batch(seq: u64, bt_c: f64) -> Batch {
    let readings = vec![bt(0.0, bt_c), bt(1.0, bt_c)];
    Batch { origin: origin(), device: "a".into(), boot: 1, seq, tick_us: Some(0), readings }
}

fn line(s: f64, bt_c: f64) -> String {
    Envelope::of_reading(&origin(), at(0.0), &bt(s, bt_c)).to_json()
}

const DOOR: Door<'static> = Door::of("trier");

fn read(bytes: &[u8]) -> Frame {
    decode(bytes, DOOR, &registry("active"), at(10.0)).expect("a frame")
}

#[test]
fn both_forms_are_told_apart_and_named() {
    let batch = batch(5, 100.0);
    let bare = read(&batch.encode().expect("can be written"));
    let signed = read(&key().seal(&batch).expect("can be written"));
    assert_eq!((bare.form, bare.trust, bare.key.seq), (Form::Batch, Trust::Unsigned, 5));
    assert_eq!((signed.trust, signed.digest, &signed.key), (Trust::Verified, bare.digest, &bare.key));
    let plain = read(line(0.0, 100.0).as_bytes());
    let spaced = read(line(0.0, 100.0).replace(':', " : ").replace(" : 20 : 00", ":20:00").as_bytes());
    assert_eq!((plain.form, plain.key.device.as_str(), plain.n_readings()), (Form::Envelope, "lab/m1", 1));
    assert_eq!((&plain.key, plain.digest), (&spaced.key, spaced.digest));
    let named = key().sign(Envelope::from_json(&line(0.0, 100.0)).expect("ours")).to_json();
    let named = read(named.as_bytes());
    assert_eq!((named.digest, named.trust), (plain.digest, Trust::Verified));
    assert_ne!(read(line(0.0, 100.5).as_bytes()).key, plain.key);
}

#[test]
fn a_message_is_of_the_door_it_came_through() {
    let bytes = batch(0, 100.0).encode().expect("can be written");
    let through = |door| decode(&bytes, door, &registry("active"), at(10.0)).expect("a frame").trust;
    let of = |tenant, site, machine| Door { tenant, machine: Some((site, machine)) };
    assert_eq!(through(of("trier", "lab", "m1")), Trust::Unsigned);
    assert_eq!(through(of("trier", "lab", "m2")), Trust::Unverified(Distrust::OutOfScope));
    assert_eq!(through(of("other", "lab", "m1")), Trust::Unverified(Distrust::CrossTenant));
}

#[test]
fn what_cannot_be_read_is_counted_with_its_own_reason() {
    let mut desk = Desk::default();
    let good = batch(0, 100.0).encode().expect("can be written");
    let with = |from: &str, to: &str| line(0.0, 100.0).replacen(from, to, 1).into_bytes();
    let mark = crate::support::mark(0.0, trier_roast::MarkKind::Drop);
    let event = Envelope::of_reading(&origin(), at(0.0), &mark).to_json();
    let cases: [(Vec<u8>, &str); 11] = [
        (vec![0xff, 0xfe], "not_text"),
        (vec![b'{'; 70_000], "too_long"),
        (vec![0x87; 70_000], "too_long"),
        (b"{\"ts\":1}".to_vec(), "not_an_envelope"),
        (with("2026-01-04T09", "2026-13-04T09"), "no_instant"),
        (with("\"topic\":\"telemetry\"", "\"topic\":\"event\""), "topic_mismatch"),
        (event.replace("\"drop\"", "\"dorp\"").into_bytes(), "unknown_mark"),
        (good[..20].to_vec(), "not_a_batch"),
        (good.iter().map(|byte| if *byte == b'1' { b'2' } else { *byte }).collect(), "unknown_schema"),
        (vec![0xd2, 0x84, 0x40], "not_signed_as_a_batch"),
        ([&good[..], &[0]].concat(), "not_canonical"),
    ];
    let mut seen = BTreeSet::new();
    for (bytes, code) in &cases {
        assert_eq!(desk.receive(bytes, DOOR, &registry("active"), at(10.0)), Err(*code));
        seen.insert(*code);
    }
    assert!(desk.account.balances());
    assert_eq!(desk.account.total(Place::Rejected).messages, cases.len() as u64);
    assert!(seen.iter().all(|code| Rejection::CODES.contains(code)));
}

#[test]
fn every_reason_has_a_code_of_its_own() {
    let own = [Reason::Late, Reason::Future, Reason::ClockUnset];
    let distrusts = Distrust::ALL.into_iter().map(Reason::Distrust);
    let codes: BTreeSet<&str> = own.into_iter().chain(distrusts).map(Reason::code).collect();
    assert_eq!(codes.len(), own.len() + Distrust::ALL.len());
    for code in codes {
        assert_eq!(Reason::from_code(code).map(Reason::code), Some(code));
        assert!(!Rejection::CODES.contains(&code), "{code} is a rejection's too");
    }
    assert_eq!(Reason::from_code("conflict"), Some(Reason::Conflict));
}

#[test]
fn an_untrusted_frame_uses_up_no_number() {
    let mut desk = Desk::default();
    let sealed = key().seal(&batch(0, 100.0)).expect("can be written");
    let mut take = |state: &str| desk.receive(&sealed, DOOR, &registry(state), at(10.0)).expect("a frame");
    let pending = Admission::Quarantine(Reason::Distrust(Distrust::PendingKey));
    assert_eq!(take("pending"), pending);
    assert_eq!(take("pending"), Admission::Duplicate);
    // The key is released: the same bytes are good now.
    assert_eq!(take("active"), Admission::Store);
    assert_eq!(take("active"), Admission::Duplicate);
    assert!(desk.account.balances());
}

#[test]
fn a_copy_without_its_signature_takes_nothing_away() {
    let batch = batch(0, 100.0);
    let (bare, sealed) = (batch.encode().expect("ours"), key().seal(&batch).expect("ours"));
    for order in [[&bare, &sealed], [&sealed, &bare]] {
        let mut desk = Desk::default();
        for bytes in order {
            desk.receive(bytes, DOOR, &registry("active"), at(10.0)).expect("a frame");
        }
        assert_eq!(desk.used()[0].2, Trust::Verified);
        assert_eq!(desk.account.total(Place::Duplicate).messages, 1);
        assert!(desk.account.balances());
    }
}

/// A clock whose machine was last heard at this time.
fn clock_at(s: f64) -> Line {
    let mut line = Line::new(config());
    line.push(&frame_of("b", 0, 0, None, vec![bt(s, 100.0)], at(s)), &mut LineOut::default());
    line
}

#[test]
fn a_day_late_is_merged_and_more_needs_a_person() {
    let line = clock_at(REOPEN_S);
    for (s, admission) in [
        (0.000_001, Admission::Store),
        (0.0, Admission::Store),
        (-0.000_001, Admission::Quarantine(Reason::Late)),
    ] {
        let frame = frame_of("a", 1, 0, None, vec![bt(s, 100.0)], at(REOPEN_S));
        assert_eq!(admit(&frame, &Known::default(), line.clock()), admission, "{s} s");
    }
}

#[test]
fn clocks_that_cannot_be_right_are_kept_apart_unless_a_tick_dates_them() {
    let unset = -at(0.0).us() as f64 / 1e6;
    let none = MachineClock::default();
    for (label_s, received_s, reason) in [
        (0.0, 0.0, None),
        (AHEAD_S_MAX, 0.0, None),
        (AHEAD_S_MAX + 0.001, 0.0, Some(Reason::Future)),
        // An old recording, read in eight years later.
        (0.0, 8.0 * 365.0 * 86_400.0, None),
        (unset, 0.0, Some(Reason::ClockUnset)),
    ] {
        let frame = |tick_us| frame_of("a", 1, 0, tick_us, vec![bt(label_s, 100.0)], at(received_s));
        let expected = reason.map_or(Admission::Store, Admission::Quarantine);
        assert_eq!(admit(&frame(None), &Known::default(), &none), expected, "{label_s} s");
        assert_eq!(admit(&frame(Some(5)), &Known::default(), &none), Admission::Store, "{label_s} s");
    }
}

#[test]
fn a_person_decides_once_and_later_copies_change_nothing() {
    let mut desk = Desk::default();
    let frame = |bt_c| read(&batch(0, bt_c).encode().expect("ours"));
    let none = MachineClock::default();
    let (a, b, c) = (frame(100.0), frame(101.0), frame(102.0));
    assert_eq!(desk.take(a.clone(), &none), Admission::Store);
    assert_eq!(desk.take(b.clone(), &none), Admission::Conflict);
    assert_eq!(desk.take(a.clone(), &none), Admission::Duplicate);
    assert!(desk.used().is_empty());
    let refused = desk.decide(Act::Release, &b.key, b.digest, at(0.0));
    assert_eq!(refused, Err(DecisionError::NeedsRuling));
    assert_eq!(desk.decide(Act::Keep, &b.key, b.digest, at(0.0)), Ok(Admission::Store));
    assert_eq!(desk.take(c, &none), Admission::Quarantine(Reason::Conflict));
    assert_eq!(desk.take(a, &none), Admission::Duplicate);
    assert_eq!(desk.take(b.clone(), &none), Admission::Duplicate);
    assert_eq!(desk.used().iter().map(|used| used.1).collect::<Vec<_>>(), [b.digest]);
    assert!(desk.account.balances());
}

#[test]
fn a_release_uses_what_is_not_there_yet() {
    let line = clock_at(2.0 * REOPEN_S);
    let mut desk = Desk::default();
    let late = frame_of("a", 1, 0, None, vec![bt(0.0, 100.0)], at(2.0 * REOPEN_S));
    assert_eq!(desk.take(late.clone(), line.clock()), Admission::Quarantine(Reason::Late));
    let keep = desk.decide(Act::Keep, &late.key, late.digest, at(0.0));
    assert_eq!(keep, Err(DecisionError::NoConflict { reason: "late" }));
    assert_eq!(desk.decide(Act::Release, &late.key, late.digest, at(0.0)), Ok(Admission::Store));
    assert_eq!(desk.take(late, line.clock()), Admission::Duplicate);
    // What is labelled ahead is not used before its time.
    let ahead = frame_of("a", 1, 1, None, vec![bt(7_200.0, 100.0)], at(0.0));
    assert_eq!(desk.take(ahead.clone(), line.clock()), Admission::Quarantine(Reason::Future));
    let early = desk.decide(Act::Release, &ahead.key, ahead.digest, at(6_000.0));
    assert_eq!(early, Err(DecisionError::StillAhead { ahead_s: 1_200.0 }));
    assert_eq!(desk.decide(Act::Release, &ahead.key, ahead.digest, at(7_000.0)), Ok(Admission::Store));
    assert!(desk.account.balances());
}

proptest! {
    #[test]
    fn whatever_comes_in_whatever_order_is_accounted_for_and_used_alike(
        arrivals in prop::collection::vec((0..6_u64, 0..3_u8, any::<bool>()), 1..60),
        shuffle in prop::collection::vec(any::<u32>(), 60),
    ) {
        let none = MachineClock::default();
        // Few numbers and few contents, so that repeats and conflicts are common.
        let frame = |(seq, content, is_signed): (u64, u8, bool)| {
            let batch = batch(seq, 100.0 + f64::from(content));
            let bytes = if is_signed { key().seal(&batch) } else { batch.encode() };
            read(&bytes.expect("can be written"))
        };
        let mut desk = Desk::default();
        for arrival in &arrivals {
            desk.take(frame(*arrival), &none);
            prop_assert!(desk.account.balances(), "{:?}", desk.account.imbalance());
        }
        let contents = |seq| arrivals.iter().filter(|a| a.0 == seq).map(|a| a.1).collect::<BTreeSet<_>>();
        let undisputed = (0..6).filter(|seq| contents(*seq).len() == 1).count();
        prop_assert_eq!(desk.used().len(), undisputed);
        let mut other: Vec<_> = shuffle.iter().zip(&arrivals).collect();
        other.sort();
        let mut again = Desk::default();
        for (_, arrival) in other {
            again.take(frame(*arrival), &none);
        }
        prop_assert_eq!(again.used(), desk.used());
        prop_assert_eq!(again.account.total(Place::Stored), desk.account.total(Place::Stored));
        prop_assert_eq!(again.account.total(Place::Quarantined), desk.account.total(Place::Quarantined));
    }
}
