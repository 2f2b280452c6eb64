//! What came before: nothing is new twice, and memory stays within its bound.

use std::collections::BTreeMap;

use proptest::prelude::*;
use trier_roast::EventTime;
use trier_wire::{Batch, BatchMessage, Memory, MemoryLimits, Seen};

use crate::support::{batch, key};

fn message(device: &str, boot: u64, seq: u64, content: u8) -> BatchMessage {
    let mut batch = Batch { device: device.into(), boot, seq, ..batch() };
    batch.readings[0].at = EventTime::from_us(i64::from(content));
    BatchMessage::read(&batch.encode().expect("can be written")).expect("can be read")
}

#[test]
fn repeats_and_conflicts_are_told_apart() {
    let mut memory = Memory::default();
    let first = message("a", 1, 5, 0);
    assert_eq!(memory.see(&first), Seen::New);
    assert_eq!(memory.see(&first), Seen::Replayed);
    assert_eq!(memory.see(&message("a", 1, 5, 1)), Seen::Conflict);
    assert_eq!(memory.see(&first), Seen::Replayed);
    // Another device, start or company has numbers of its own.
    assert_eq!(memory.see(&message("b", 1, 5, 1)), Seen::New);
    assert_eq!(memory.see(&message("a", 2, 5, 1)), Seen::New);
    let mut elsewhere = first.clone();
    elsewhere.batch.origin.org_id = "other".into();
    assert_eq!(memory.see(&elsewhere), Seen::New);
    // Signed anew by the next key, it is the same batch.
    let resealed = key().seal(&first.batch).expect("can be written");
    assert_eq!(memory.see(&BatchMessage::read(&resealed).expect("can be read")), Seen::Replayed);
}

#[test]
fn what_fell_out_is_never_new() {
    let mut memory = Memory::new(MemoryLimits { devices: 1, boots: 2, batches: 2 });
    for seq in [10, 30, 20] {
        assert_eq!(memory.see(&message("a", 5, seq, 0)), Seen::New, "{seq}");
    }
    // Room for two: 10 fell out when 20 came, and with it all that is older.
    for (seq, seen) in [(10, Seen::BeyondMemory), (9, Seen::BeyondMemory), (30, Seen::Replayed)] {
        assert_eq!(memory.see(&message("a", 5, seq, 0)), seen, "{seq}");
    }
    for (boot, seen) in [(7, Seen::New), (6, Seen::New), (5, Seen::BeyondMemory), (4, Seen::BeyondMemory)] {
        assert_eq!(memory.see(&message("a", boot, 30, 0)), seen, "boot {boot}");
    }
    assert_eq!(memory.see(&message("b", 1, 1, 0)), Seen::BeyondMemory, "no room for another device");
    assert_eq!(memory.see(&message("a", u64::MAX, u64::MAX, 0)), Seen::New);
    assert_eq!(memory.see(&message("a", u64::MAX, u64::MAX, 0)), Seen::Replayed);
}

proptest! {
    #[test]
    fn nothing_is_new_twice_whatever_the_order_and_the_room(
        limits in (1..4_usize, 1..6_usize, 1..9_usize),
        arrivals in prop::collection::vec((0..3_u8, 0..5_u64, 0..8_u64, 0..2_u8), 1..200),
    ) {
        let (devices, boots, batches) = limits;
        let mut memory = Memory::new(MemoryLimits { devices, boots, batches });
        // All that was taken for new, for ever: what an unbounded memory would know.
        let mut taken = BTreeMap::new();
        for (device, boot, seq, content) in arrivals {
            let number = (device, boot, seq);
            let seen = memory.see(&message(["a", "b", "c"][usize::from(device)], boot, seq, content));
            match seen {
                Seen::New => prop_assert_eq!(taken.insert(number, content), None),
                Seen::Replayed => prop_assert_eq!(taken.get(&number), Some(&content)),
                Seen::Conflict => prop_assert_eq!(taken.get(&number), Some(&(1 - content))),
                Seen::BeyondMemory => {}
            }
            let room = devices >= 3 && boots >= 5 && batches >= 8;
            prop_assert!(!room || seen != Seen::BeyondMemory);
        }
    }
}
