//! Batches as bytes: nothing is lost, one encoding for one content, no bytes do harm.

use proptest::prelude::*;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample, Trust};
use trier_wire::{BATCH_BYTES_MAX, Batch, BatchError, BatchMessage, READINGS_MAX};

use crate::support::{batch, judged, key, now, registry};

fn samples() -> impl Strategy<Value = ReadingBody> {
    // Short floats, long ones, and the odd ones that stay finite.
    let value = prop_oneof![
        (-4000_i32..8000).prop_map(|eighths| f64::from(eighths) / 8.0),
        -1e3..1e3,
        any::<f64>().prop_filter("finite", |v| v.is_finite())
    ];
    prop::array::uniform9(prop::option::of(value)).prop_map(
        |[bt_c, et_c, inlet_c, exhaust_c, drum_c, gas_pct, air_pct, drum_rpm, pops_per_s]| {
            let sample =
                Sample { bt_c, et_c, inlet_c, exhaust_c, drum_c, gas_pct, air_pct, drum_rpm, pops_per_s };
            ReadingBody::Sample(sample)
        },
    )
}

fn marks() -> impl Strategy<Value = ReadingBody> {
    let sources = [MarkSource::Device, MarkSource::Operator, MarkSource::Inferred];
    let parts = (
        prop::sample::select(MarkKind::ALL.to_vec()),
        any::<i64>(),
        prop::sample::select(sources.to_vec()),
        0.0..=1.0,
    );
    parts.prop_map(|(kind, us, source, confidence)| {
        ReadingBody::Mark(Mark { kind, at: EventTime::from_us(us), source, confidence })
    })
}

/// Any batch, with times anywhere in their range: differences of them need more than 64 bits.
fn batches() -> impl Strategy<Value = Batch> {
    let reading = (any::<i64>(), prop_oneof![4 => samples(), 1 => marks()])
        .prop_map(|(us, body)| Reading { at: EventTime::from_us(us), body });
    let numbers = (any::<u64>(), any::<u64>(), any::<Option<u64>>());
    let parts = ("[a-zé]{1,9}", numbers, prop::collection::vec(reading, 1..12));
    parts.prop_map(|(device, (boot, seq, tick_us), readings)| Batch {
        device,
        boot,
        seq,
        tick_us,
        readings,
        ..batch()
    })
}

proptest! {
    #[test]
    fn a_batch_comes_back_bit_for_bit_and_verified(batch in batches()) {
        let message = BatchMessage::read(&key().seal(&batch).expect("can be written")).expect("can be read");
        // Debug tells -0 from 0, which == does not.
        prop_assert_eq!(format!("{:?}", &message.batch), format!("{batch:?}"));
        prop_assert_eq!(registry().judge_batch(&message, now()).trust(), Trust::Verified);
    }

    #[test]
    fn bytes_changed_anywhere_do_no_harm_and_are_never_believed(
        batch in batches(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let honest = key().seal(&batch).expect("can be written");
        let mut bytes = honest.clone();
        for (place, byte, how) in changes {
            let place = place.index(bytes.len());
            match how {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => drop(bytes.drain(place..bytes.len().min(place + 1 + usize::from(byte) / 32))),
            }
            if bytes.is_empty() {
                bytes.push(byte);
            }
        }
        prop_assume!(bytes != honest);
        if let Ok(message) = BatchMessage::read(&bytes) {
            prop_assert_ne!(registry().judge_batch(&message, now()).trust(), Trust::Verified);
        }
    }

    #[test]
    fn what_is_read_is_the_one_encoding_of_its_content(
        batch in batches(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = batch.encode().expect("can be written");
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(read) = Batch::decode(&bytes) {
            prop_assert_eq!(read.encode().expect("was read"), bytes);
        }
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300), tagged in any::<bool>()) {
        let head: &[u8] = if tagged { &[0xd2, 0x84] } else { &[0x87, 0x67] };
        let _ = BatchMessage::read(&bytes);
        let _ = BatchMessage::read(&[head, &bytes].concat());
    }
}

#[test]
fn no_single_bit_can_be_flipped() {
    let (registry, honest) = (registry(), key().seal(&batch()).expect("can be written"));
    assert_eq!(judged(&registry, &honest), Trust::Verified);
    for bit in 0..8 * honest.len() {
        let mut bytes = honest.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(message) = BatchMessage::read(&bytes) {
            assert_ne!(registry.judge_batch(&message, now()).trust(), Trust::Verified, "bit {bit}");
        }
    }
}

#[test]
fn other_encodings_of_the_same_content_are_refused() {
    let bytes = batch().encode().expect("can be written");
    // Boot 3 and its neighbours: the text "agent-1" before, 19 021c (sequence 540) behind.
    let place = bytes.windows(4).position(|w| w == [b'1', 3, 0x19, 2]).expect("boot 3, then 540") + 1;
    let with = |range: std::ops::Range<usize>, instead: &[u8]| {
        [&bytes[..range.start], instead, &bytes[range.end..]].concat()
    };
    // 75 % in half precision.
    let gas = bytes.windows(3).position(|w| w == [0xf9, 0x54, 0xb0]).expect("75 as a short float");
    for (what, other) in [
        ("an integer too wide", with(place..place + 1, &[0x18, 3])),
        ("an integer far too wide", with(place..place + 1, &[0x1b, 0, 0, 0, 0, 0, 0, 0, 3])),
        ("a text's length too wide", [&[0x87, 0x78, 7], &bytes[2..]].concat()),
        ("a list's length too wide", [&[0x98, 7], &bytes[1..]].concat()),
        ("a float too wide", with(gas..gas + 3, &[0xfa, 0x42, 0x96, 0, 0])),
        ("a float far too wide", with(gas..gas + 3, &[0xfb, 0x40, 0x52, 0xc0, 0, 0, 0, 0, 0])),
        ("minus zero too wide", with(gas..gas + 3, &[0xfa, 0x80, 0, 0, 0])),
        ("a byte left over", [&bytes[..], &[0]].concat()),
    ] {
        assert_eq!(Batch::decode(&other), Err(BatchError::NotCanonical), "{what}");
    }
    let open_ended = [&[0x9f], &bytes[1..], &[0xff]].concat();
    assert!(matches!(Batch::decode(&open_ended), Err(BatchError::Shape { .. })));
    let not_a_number = with(gas..gas + 3, &[0xf9, 0x7e, 0]);
    assert_eq!(Batch::decode(&not_a_number), Err(BatchError::Value { index: 0 }));
    for strange in [&[0xf8, 0xff][..], &[0xf7], &[0xff], &[0xfa, 0x7f, 0xc0, 0, 1], &[0x1c], &[0xfb, 0]] {
        assert!(Batch::decode(&with(gas..gas + 3, strange)).is_err(), "{strange:x?}");
    }
}

#[test]
fn declared_lengths_and_counts_are_not_believed() {
    let bytes = batch().encode().expect("can be written");
    let tick = bytes.windows(5).position(|w| w == [0x1a, 0x8f, 0x0d, 0x18, 0]).expect("a tick of 40 min");
    let head = tick + 5;
    assert_eq!(bytes[head], 0x83, "three readings follow");
    let count = |header: &[u8]| [&bytes[..head], header, &bytes[head + 1..]].concat();
    let most = usize::MAX as u64;
    for (declared, expected) in [
        (count(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), BatchError::Readings { got: most }),
        (count(&[0x19, 0x10, 0]), BatchError::Shape { at: head + 3, expected: "a list of readings" }),
        (count(&[0x80]), BatchError::Readings { got: 0 }),
        (vec![0xd2; BATCH_BYTES_MAX + 1], BatchError::TooLong { got: BATCH_BYTES_MAX + 1 }),
    ] {
        assert_eq!(BatchMessage::read(&declared).map(|_| ()), Err(expected));
    }
    // A text of 2^63 bytes where the schema stands; and arrays within arrays, bare and tagged.
    assert!(BatchMessage::read(&[0x87, 0x7b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).is_err());
    assert!(BatchMessage::read(&[0x81; BATCH_BYTES_MAX]).is_err());
    assert!(BatchMessage::read(&[&[0xd2][..], &[0x81; BATCH_BYTES_MAX - 1]].concat()).is_err());
}

#[test]
fn what_no_batch_can_hold_is_not_written() {
    let wrong = |change: fn(&mut Batch)| {
        let mut batch = batch();
        change(&mut batch);
        batch.encode().expect_err("no batch")
    };
    let bt = |batch: &mut Batch, bt_c| {
        batch.readings[2].body = ReadingBody::Sample(Sample { bt_c: Some(bt_c), ..Sample::default() });
    };
    assert_eq!(wrong(|batch| batch.readings.clear()), BatchError::Readings { got: 0 });
    let many = wrong(|batch| batch.readings = vec![batch.readings[0]; READINGS_MAX + 1]);
    assert_eq!(many, BatchError::Readings { got: READINGS_MAX as u64 + 1 });
    assert_eq!(wrong(|batch| batch.device = "a\nb".into()), BatchError::Name { what: "device" });
    assert_eq!(
        wrong(|batch| batch.origin.org_id = "x".repeat(129)),
        BatchError::Name { what: "organisation" }
    );
    for odd in [f64::NAN, f64::INFINITY] {
        let mut batch = batch();
        bt(&mut batch, odd);
        assert_eq!(batch.encode(), Err(BatchError::Value { index: 2 }));
    }
}
