//! What each decoder promises for any bytes at all: one function for each fuzz target.
//!
//! They panic where a promise is broken. The targets in `src/bin` give them what the fuzzer makes
//! up; `tests/it/fuzzed.rs` of the workspace gives them the seeds, without a fuzzer.

use trier_logs::{ColumnMap, ExportFormat, RoastLog, read, read_with, write};
use trier_roast::{EventTime, MarkKind, Trust};
use trier_wire::{Arrival, BatchMessage, EnvelopeMessage, Registry};

/// The names that a log may come under: the ending settles what content leaves open.
pub const NAMES: [&str; 5] = ["roast.alog", "roast.json", "roast.csv", "roast.klog", "notes.txt"];

/// When what the fuzzer makes is received: a time at which the seeds' keys are believed.
pub const RECEIVED: EventTime = EventTime::from_us(1_767_610_000_000_000);

/// A line that is read is written again as one line that says the same, and reading it is pure.
pub fn envelope(data: &[u8]) {
    let Ok(line) = core::str::from_utf8(data) else { return };
    let Ok(message) = EnvelopeMessage::read(line) else { return };
    let _ = message.envelope.reading();
    let trust =
        Registry::default().judge_envelope(&message, arrival(&message.envelope.origin.org_id)).trust();
    assert_ne!(trust, Trust::Verified, "a registry without keys believes nothing");
    let written = message.envelope.to_json();
    assert!(!written.contains(['\n', '\r']), "one envelope is one line");
    let again = EnvelopeMessage::read(&written).expect("what we write can be read");
    assert_eq!(again.envelope.to_json(), written);
}

/// One content has one encoding: what is read is written as the very bytes that came.
pub fn batch(data: &[u8]) {
    let Ok(message) = BatchMessage::read(data) else { return };
    let trust = Registry::default().judge_batch(&message, arrival(&message.batch.origin.org_id)).trust();
    assert_ne!(trust, Trust::Verified, "a registry without keys believes nothing");
    let bare = message.batch.encode().expect("what was read can be written");
    let again = BatchMessage::read(&bare).expect("what we write can be read");
    assert_eq!((&again.batch, again.digest), (&message.batch, message.digest));
    if trust == Trust::Unsigned {
        assert_eq!(bare, data);
    }
}

/// A registry is read or refused with words.
pub fn keys(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Err(error) = Registry::parse(text, "keys.toml") {
        assert!(!error.to_string().is_empty());
    }
}

/// A log is read or refused with words; what is read holds together, and so does what is written of it.
///
/// The first byte says under which name it comes.
pub fn logs(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    match read(bytes, name) {
        Ok(log) => {
            holds_together(&log);
            comes_back(&log);
        }
        Err(error) => assert!(!error.to_string().is_empty() && !error.code().is_empty()),
    }
}

/// A column map is read or refused with words, and so is the table after it, behind a zero byte.
pub fn columns(data: &[u8]) {
    let (map, table) = data.split_at(data.iter().position(|byte| *byte == 0).unwrap_or(data.len()));
    let Ok(map) = core::str::from_utf8(map) else { return };
    match ColumnMap::parse(map) {
        Ok(map) => {
            if let Ok(log) = read_with(table.strip_prefix(&[0]).unwrap_or(table), "table.csv", Some(&map)) {
                holds_together(&log);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn arrival(tenant: &str) -> Arrival<'_> {
    Arrival { tenant, at: RECEIVED }
}

/// What the rest of the house takes for granted of a log.
fn holds_together(log: &RoastLog) {
    assert!(!log.samples.is_empty());
    assert!(log.samples.windows(2).all(|pair| pair[0].0 <= pair[1].0), "times never fall");
    for (_, sample) in &log.samples {
        let shown = [
            sample.bt_c,
            sample.et_c,
            sample.inlet_c,
            sample.exhaust_c,
            sample.drum_c,
            sample.gas_pct,
            sample.air_pct,
            sample.drum_rpm,
            sample.pops_per_s,
        ];
        assert!(shown.iter().flatten().all(|value| value.is_finite()), "{sample:?}");
    }
    assert_eq!(log.marks.first().map(|mark| mark.kind), Some(MarkKind::Charge), "charge comes first");
    assert!(log.marks.windows(2).all(|pair| pair[0].at <= pair[1].at), "marks are in order");
    for (i, mark) in log.marks.iter().enumerate() {
        assert!((0.0..=1.0).contains(&mark.confidence), "{mark:?}");
        assert!(log.marks[..i].iter().all(|other| other.kind != mark.kind), "one mark of each kind");
    }
    assert!(log.sample_interval_s.is_finite());
    assert!([log.weight_in_kg, log.weight_out_kg].iter().flatten().all(|kg| kg.is_finite()));
}

/// Artisan's own file and its JSON hold what was read. A curve too smooth to be measured is refused there, and
/// not in every format.
fn comes_back(log: &RoastLog) {
    for format in [ExportFormat::Alog, ExportFormat::Json] {
        let text = write(log, format);
        let name = format!("back.{}", format.name());
        match read(text.as_bytes(), &name) {
            Ok(back) => {
                holds_together(&back);
                assert_eq!(back.samples.len(), log.samples.len());
            }
            Err(error) => assert_eq!(error.code(), "drawn_profile", "{name}: {error}\n{text}"),
        }
    }
    assert!(write(log, ExportFormat::Csv).starts_with("Date:"));
}
