//! What tells machines apart without naming them.

use trier_roast::hash::fnv1a;

/// Four digits made from a serial number, see [`RoastLog::machine_key`](crate::RoastLog::machine_key);
/// None for an empty one.
pub(crate) fn machine_key(serial: &str) -> Option<String> {
    let hash = fnv1a(serial.as_bytes());
    let folded = hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48);
    (!serial.is_empty()).then(|| format!("{:04x}", folded & 0xffff))
}
