//! The envelope around a reading, and the way in and out of JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trier_roast::{EventTime, Mark, Reading, ReadingBody};

use crate::seal::Seal;
use crate::{Payload, RoastEvent, TelemetryPoint, WireError, json};

/// The longest envelope that is read, bytes. Real ones are under 1 KiB.
const MAX_BYTES: usize = 64 * 1024;

/// Whose machine is speaking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// The roasting company.
    pub org_id: String,
    /// The roastery.
    pub site_id: String,
    /// The machine.
    pub machine_id: String,
}

/// Which kind of payload travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// A [`TelemetryPoint`].
    Telemetry,
    /// A [`RoastEvent`].
    Event,
}

/// One message of a machine, as production sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// When it was said, ISO 8601 with milliseconds, by the machine's clock.
    pub ts: String,
    /// Who said it.
    pub origin: Origin,
    /// Which kind of payload follows.
    pub topic: Topic,
    /// What was said.
    pub payload: Payload,
    /// The session the sender believes this to belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Ed25519 over the canonical JSON of this envelope without `sig`, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sig: Option<String>,
    /// Which key signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
}

impl Envelope {
    /// The unsigned envelope that carries `reading`.
    ///
    /// - `charge`: when this roast was charged; `elapsedSeconds` counts from it and
    ///   is 0 before it.
    ///
    /// Times are written to the millisecond, as production does; a reading off the
    /// millisecond grid comes back rounded.
    #[must_use]
    pub fn of_reading(origin: &Origin, charge: EventTime, reading: &Reading) -> Self {
        let ts = iso_ms(reading.at);
        let (topic, payload) = match &reading.body {
            ReadingBody::Sample(sample) => {
                let mut point = TelemetryPoint::of_sample(sample);
                point.ts.clone_from(&ts);
                point.machine_id.clone_from(&origin.machine_id);
                point.elapsed_seconds = reading.at.since_s(charge).max(0.0);
                (Topic::Telemetry, Payload::Telemetry(point))
            }
            ReadingBody::Mark(mark) => {
                let mut event = RoastEvent::of_mark(mark);
                event.ts.clone_from(&ts);
                event.machine_id.clone_from(&origin.machine_id);
                event.payload.elapsed_seconds = Some(mark.at.since_s(charge));
                event.payload.at_ts = (mark.at != reading.at).then(|| iso_ms(mark.at));
                (Topic::Event, Payload::Event(event))
            }
        };
        Self { ts, origin: origin.clone(), topic, payload, session_id: None, sig: None, kid: None }
    }

    /// The reading inside; None for an event that marks nothing, such as a note.
    ///
    /// # Errors
    /// When a time is no ISO instant, the topic contradicts the payload, or an event
    /// names a mark that does not exist.
    pub fn reading(&self) -> Result<Option<Reading>, WireError> {
        let at = parse_ts(&self.ts)?;
        let body = match (self.topic, &self.payload) {
            (Topic::Telemetry, Payload::Telemetry(point)) => ReadingBody::Sample(point.sample()),
            (Topic::Event, Payload::Event(event)) => {
                let Some(kind) = event.kind()? else { return Ok(None) };
                ReadingBody::Mark(Mark {
                    kind,
                    at: event.payload.at_ts.as_deref().map_or(Ok(at), parse_ts)?,
                    source: event.source(),
                    confidence: event.payload.confidence.unwrap_or(1.0),
                })
            }
            (Topic::Telemetry, _) => return Err(WireError::TopicMismatch { topic: "telemetry" }),
            (Topic::Event, _) => return Err(WireError::TopicMismatch { topic: "event" }),
        };
        Ok(Some(Reading { at, body }))
    }

    /// One line of JSON, without the line's end: the bytes that `JSON.stringify` writes.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::to_line(self)
    }

    /// The envelope that a line of JSON holds. Unknown keys are ignored, as production does.
    ///
    /// # Errors
    /// When the line is too long, is not JSON, or lacks a key of the envelope.
    pub fn from_json(line: &str) -> Result<Self, WireError> {
        check_length(line)?;
        serde_json::from_str(line).map_err(|source| WireError::Shape { source })
    }

    /// What a signature of this envelope covers.
    pub(crate) fn signed_bytes(&self) -> Vec<u8> {
        let value = serde_json::to_value(self).expect("an envelope is plain data with text keys");
        json::canonical(&signed_part(value))
    }
}

/// An envelope as it came, with what its signature, if any, covers.
#[derive(Clone, Debug)]
pub struct EnvelopeMessage {
    /// What was said, whether believed or not.
    pub envelope: Envelope,
    /// BLAKE3 of the canonical JSON of what was said, without `sig`, `kid` and `_verification`: the
    /// same for a repeat signed by another key, or by none.
    pub digest: [u8; 32],
    pub(crate) seal: Option<Seal>,
}

impl EnvelopeMessage {
    /// The message that a line of JSON is.
    ///
    /// The signature covers every key that came, also those that nobody reads.
    ///
    /// # Errors
    /// As [`Envelope::from_json`].
    pub fn read(line: &str) -> Result<Self, WireError> {
        check_length(line)?;
        let shape = |source| WireError::Shape { source };
        let value: Value = serde_json::from_str(line).map_err(shape)?;
        let envelope = Envelope::deserialize(&value).map_err(shape)?;
        let mut value = signed_part(value);
        let signed = envelope.sig.is_some().then(|| json::canonical(&value));
        if let Some(keys) = value.as_object_mut() {
            keys.remove("kid");
        }
        let digest = *blake3::hash(&json::canonical(&value)).as_bytes();
        let seal = envelope.sig.as_deref().zip(signed).map(|(sig, signed)| Seal {
            kid: envelope.kid.clone().unwrap_or_default(),
            // A token has dots between its parts. What one covers is not this envelope.
            is_ed25519: !sig.contains('.'),
            signature: STANDARD.decode(sig).ok().and_then(|bytes| bytes.try_into().ok()),
            signed,
            said: digest,
        });
        Ok(Self { envelope, digest, seal })
    }
}

fn check_length(line: &str) -> Result<(), WireError> {
    if line.len() > MAX_BYTES {
        return Err(WireError::TooLong { got: line.len(), limit: MAX_BYTES });
    }
    Ok(())
}

/// An envelope without its signature, and without what receivers add.
fn signed_part(mut envelope: Value) -> Value {
    if let Some(keys) = envelope.as_object_mut() {
        keys.remove("sig");
        keys.remove("_verification");
    }
    envelope
}

/// `at` as ISO 8601 in UTC with milliseconds, such as `2026-01-05T09:00:00.000Z`.
#[must_use]
pub fn iso_ms(at: EventTime) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    // Beyond the years −9999 and 9999 there is no ISO text; the nearest instant that has one.
    let nearest = if at.us() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    let timestamp = Timestamp::from_microsecond(at.us()).unwrap_or(nearest);
    PRINTER.timestamp_to_string(&timestamp)
}

/// The instant that an ISO 8601 text with a zone names.
///
/// # Errors
/// [`WireError::Time`] when it names none.
pub fn parse_ts(text: &str) -> Result<EventTime, WireError> {
    let timestamp: Timestamp = text.parse().map_err(|_| WireError::Time { got: text.to_owned() })?;
    Ok(EventTime::from_us(timestamp.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use trier_roast::{MarkKind, MarkSource, Sample};

    fn origin() -> Origin {
        Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "gd12".into() }
    }

    #[test]
    fn readings_survive_the_wire_bit_for_bit() {
        let charge = EventTime::from_us(1_767_603_600_000_000);
        let sample = Sample {
            bt_c: Some(203.099_999_999_999_97),
            gas_pct: Some(0.0),
            inlet_c: Some(280.3),
            pops_per_s: Some(2.0),
            ..Sample::default()
        };
        let pressed = charge.plus_s(612.0);
        let mark = |kind, at| Mark { kind, at, source: MarkSource::Operator, confidence: 0.8 };
        let bodies = [
            ReadingBody::Sample(sample),
            ReadingBody::Sample(Sample::default()),
            ReadingBody::Mark(mark(MarkKind::FirstCrackStart, pressed.plus_s(-3.25))),
            ReadingBody::Mark(mark(MarkKind::DryEnd, pressed)),
        ];
        for body in bodies {
            let reading = Reading { at: pressed, body };
            let line = Envelope::of_reading(&origin(), charge, &reading).to_json();
            let back = Envelope::from_json(&line).expect("ours").reading().expect("ours");
            assert_eq!(back, Some(reading), "{line}");
        }
    }

    #[test]
    fn the_envelope_reads_as_production_writes_it() {
        let line = r#"{"ts":"2026-01-05T09:00:00.000Z","origin":{"orgId":"o","siteId":"s","machineId":"m"},
            "topic":"telemetry","payload":{"ts":"2026-01-05T09:00:00.000Z","machineId":"m",
            "elapsedSeconds":12,"btC":151.5,"fanPct":40},"_verification":{"verified":false}}"#;
        let reading =
            Envelope::from_json(line).expect("an envelope").reading().expect("good").expect("a reading");
        assert_eq!(reading.at.us(), 1_767_603_600_000_000);
        let ReadingBody::Sample(sample) = reading.body else { panic!("a sample went in") };
        assert_eq!((sample.bt_c, sample.air_pct, sample.et_c), (Some(151.5), Some(40.0), None));
    }

    #[test]
    fn productions_lines_come_back_byte_for_byte() {
        let head = r#"{"ts":"2026-01-05T09:00:00.000Z","origin":{"orgId":"o","siteId":"s","machineId":"m"},"#;
        let tail = r#","sessionId":"S-o-s-m-1","sig":"eyJ.e30.c2ln","kid":"device:m@s"}"#;
        for body in [
            r#""topic":"telemetry","payload":{"ts":"2026-01-05T09:00:00.000Z","machineId":"m","batchId":"b7","elapsedSeconds":12,"btC":151.5,"etC":1e-7,"rorCPerMin":-3,"gasPct":100,"fanPct":40,"drumRpm":52.5,"ambientC":22,"extras":{"inletC":300,"mode":"auto"}}"#,
            r#""topic":"event","payload":{"ts":"2026-01-05T09:00:00.000Z","machineId":"m","type":"NOTE","payload":{"elapsedSeconds":61,"text":"smells of \"bread\""}}"#,
        ] {
            let line = format!("{head}{body}{tail}");
            assert_eq!(Envelope::from_json(&line).expect("an envelope").to_json(), line);
        }
    }

    #[test]
    fn events_that_mark_nothing_are_no_reading_and_strange_extras_do_no_harm() {
        let line = |kind: &str, extras: &str| {
            format!(
                r#"{{"ts":"2026-01-05T09:00:00.000Z","origin":{{"orgId":"o","siteId":"s","machineId":"m"}},
                "topic":"event","payload":{{"ts":"2026-01-05T09:00:00.000Z","machineId":"m","type":"{kind}","payload":{extras}}}}}"#
            )
        };
        for kind in ["NOTE", "DEVELOPMENT_START"] {
            let note =
                Envelope::from_json(&line(kind, r#"{"text":"smells of bread"}"#)).expect("an envelope");
            assert_eq!(note.reading().expect("no fault"), None, "{kind}");
        }
        let turned = Envelope::from_json(&line("TP", r#"{"elapsedSeconds":61}"#)).expect("an envelope");
        let Some(Reading { body: ReadingBody::Mark(mark), .. }) = turned.reading().expect("good") else {
            panic!("a mark went in")
        };
        // Production works the turning point out itself.
        assert_eq!((mark.kind, mark.source), (MarkKind::TurningPoint, MarkSource::Inferred));
        let point = r#"{"ts":"2026-01-05T09:00:00.000Z","origin":{"orgId":"o","siteId":"s","machineId":"m"},
            "topic":"telemetry","payload":{"ts":"2026-01-05T09:00:00.000Z","machineId":"m","elapsedSeconds":1,
            "btC":99.5,"extras":{"inletC":300.5,"mode":"auto"}}}"#;
        let read =
            Envelope::from_json(point).expect("an envelope").reading().expect("good").expect("a reading");
        let ReadingBody::Sample(sample) = read.body else { panic!("a sample went in") };
        assert_eq!((sample.bt_c, sample.inlet_c), (Some(99.5), Some(300.5)));
    }

    #[test]
    fn what_is_not_an_envelope_is_told_apart() {
        assert!(matches!(Envelope::from_json("{"), Err(WireError::Shape { .. })));
        assert!(matches!(Envelope::from_json(&"x".repeat(70_000)), Err(WireError::TooLong { .. })));
        let reading = Reading { at: EventTime::from_us(0), body: ReadingBody::Sample(Sample::default()) };
        let mut envelope = Envelope::of_reading(&origin(), EventTime::from_us(0), &reading);
        envelope.topic = Topic::Event;
        assert!(matches!(envelope.reading(), Err(WireError::TopicMismatch { .. })));
        envelope.ts = "yesterday".into();
        assert!(matches!(envelope.reading(), Err(WireError::Time { .. })));
    }
}
