//! A device with a key, a batch of it, and a registry that knows it.

use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample, Trust};
use trier_wire::{
    Arrival, Batch, BatchMessage, DeviceKey, Envelope, EnvelopeMessage, Origin, Registry, parse_ts,
};

pub(crate) const KID: &str = "device:gd12@lab";

pub(crate) fn origin() -> Origin {
    Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "gd12".into() }
}

pub(crate) fn key() -> DeviceKey {
    DeviceKey::from_seed(KID, &[7; 32]).expect("a name")
}

pub(crate) fn charge() -> EventTime {
    EventTime::from_us(1_767_603_600_000_000)
}

/// Two samples and the mark between them.
pub(crate) fn batch() -> Batch {
    let sample = |after_s: f64, bt_c: f64| Reading {
        at: charge().plus_s(after_s),
        body: ReadingBody::Sample(Sample { bt_c: Some(bt_c), gas_pct: Some(75.0), ..Sample::default() }),
    };
    let at = charge().plus_s(540.5);
    let kind = MarkKind::FirstCrackStart;
    let mark = Mark { kind, at: at.plus_s(-2.5), source: MarkSource::Operator, confidence: 1.0 };
    let readings =
        vec![sample(540.0, 196.3), Reading { at, body: ReadingBody::Mark(mark) }, sample(541.0, 196.5)];
    Batch {
        origin: origin(),
        device: "agent-1".into(),
        boot: 3,
        seq: 540,
        tick_us: Some(2_400_000_000),
        readings,
    }
}

/// One key of the registry: `extra` may set `device`, `valid_until`.
pub(crate) fn entry(key: &DeviceKey, kid: &str, org: &str, state: &str, extra: &str) -> String {
    let public = key.public_key();
    format!(
        "[[key]]\nkid = \"{kid}\"\npublic_key = \"{public}\"\norg = \"{org}\"\nsite = \"lab\"\nmachine = \"gd12\"\n\
         state = \"{state}\"\nvalid_from = \"2026-01-01T00:00:00Z\"\n{extra}\n"
    )
}

pub(crate) fn registry_of(entries: &str) -> Registry {
    Registry::parse(&format!("schema = \"keys/1\"\n{entries}"), "keys.toml").expect("a registry")
}

/// The registry in which this key is active.
pub(crate) fn registry() -> Registry {
    registry_of(&entry(&key(), KID, "trier", "active", ""))
}

pub(crate) fn at(time: &str) -> Arrival<'static> {
    Arrival { tenant: "trier", at: parse_ts(time).expect("a time") }
}

pub(crate) fn now() -> Arrival<'static> {
    at("2026-01-05T10:00:00Z")
}

/// How far a batch of these bytes is believed now.
pub(crate) fn judged(registry: &Registry, bytes: &[u8]) -> Trust {
    registry.judge_batch(&BatchMessage::read(bytes).expect("a batch"), now()).trust()
}

/// How far an envelope of this line is believed now.
pub(crate) fn judged_line(registry: &Registry, line: &str) -> Trust {
    registry.judge_envelope(&EnvelopeMessage::read(line).expect("an envelope"), now()).trust()
}

/// A signed telemetry envelope, as a line.
pub(crate) fn signed_line() -> String {
    key().sign(Envelope::of_reading(&origin(), charge(), &batch().readings[0])).to_json()
}
