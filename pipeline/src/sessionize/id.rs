//! Session ids: derived from the machine and the charge, never drawn at random.

use std::sync::Arc;

use trier_roast::hash::fnv1a;
use trier_roast::{Date, EventTime};

/// The id of the roast that `machine` was charged with at `charge`.
///
/// `S-`, the FNV-1a hash (64 bits, hexadecimal) of the machine's name, `-`, and the
/// charge in UTC to the millisecond: `S-af63dc4c8601ec8c-20260104T092000000Z`. The
/// same readings give the same id on any machine and in any replay; the name itself,
/// which may hold a serial number, is not in it. One stream never opens two sessions
/// within a minute, so a millisecond is fine enough.
///
/// A charge that no set clock can have told ([`EventTime::is_wall_time`]), such as that
/// of a recording without a date, tells no two roasts apart. There `source` is hashed
/// with the machine.
#[must_use]
pub fn session_id(source: &str, machine: &str, charge: EventTime) -> Arc<str> {
    let Date { year, month, day } = Date::of(charge);
    let ms = charge.us_of_day() / 1_000;
    let (s, ms) = (ms / 1_000, ms % 1_000);
    let (hour, minute, second) = (s / 3_600, s / 60 % 60, s % 60);
    let seed = if charge.is_wall_time() {
        fnv1a(machine.as_bytes())
    } else {
        // No text holds the byte 0xff, so no two pairs run together.
        fnv1a(&[machine.as_bytes(), &[0xff], source.as_bytes()].concat())
    };
    Arc::from(format!("S-{seed:016x}-{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}{ms:03}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_derived_and_tells_machines_and_charges_apart() {
        let charge = EventTime::from_us(1_767_518_400_250_000);
        let id = session_id("x", "a", charge);
        // FNV-1a of "a" as published with the algorithm.
        assert_eq!(&*id, "S-af63dc4c8601ec8c-20260104T092000250Z");
        assert_eq!(id, session_id("another copy", "a", charge));
        assert_ne!(id, session_id("x", "b", charge));
        assert_ne!(id, session_id("x", "a", charge.plus_s(60.0)));
    }

    #[test]
    fn without_a_date_the_source_tells_roasts_apart() {
        let charge = EventTime::default().plus_s(20.0);
        let id = session_id("1.alog", "drum", charge);
        assert!(id.ends_with("-19700101T000020000Z"), "{id}");
        assert_eq!(id, session_id("1.alog", "drum", charge));
        assert_ne!(id, session_id("2.alog", "drum", charge));
        assert_ne!(id, session_id("log", "drum1.a", charge));
    }

    #[test]
    fn the_ends_of_time_have_ids() {
        for us in [i64::MIN, i64::MAX] {
            assert!(session_id("", "", EventTime::from_us(us)).starts_with("S-"));
        }
    }
}
