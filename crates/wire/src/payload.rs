//! What an envelope carries: a telemetry point or a roast event.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use trier_roast::{Mark, MarkKind, MarkSource, Sample};

use crate::WireError;

/// One row of probe and control values. Absent keys were not read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TelemetryPoint {
    /// When, ISO 8601.
    pub ts: String,
    /// Which machine.
    pub machine_id: String,
    /// The sender's name of the roast. Carried, never used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
    /// Seconds since charge, never negative.
    pub elapsed_seconds: f64,
    /// Bean probe, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bt_c: Option<f64>,
    /// Environment probe, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub et_c: Option<f64>,
    /// The device's own rate of rise. Carried, never used: windows differ by device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ror_c_per_min: Option<f64>,
    /// Heat control, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas_pct: Option<f64>,
    /// Air control, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fan_pct: Option<f64>,
    /// Drum speed, 1/min.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drum_rpm: Option<f64>,
    /// Room temperature, °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ambient_c: Option<f64>,
    /// Further channels by name: `inletC`, `exhaustC`, `drumC` and `popsPerS` are numbers; devices
    /// put anything else there too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extras: BTreeMap<String, serde_json::Value>,
}

impl TelemetryPoint {
    /// The point that shows `sample`. Times and machine are the envelope's to fill.
    #[must_use]
    pub fn of_sample(sample: &Sample) -> Self {
        let mut extras = BTreeMap::new();
        for (name, value) in [
            ("inletC", sample.inlet_c),
            ("exhaustC", sample.exhaust_c),
            ("drumC", sample.drum_c),
            ("popsPerS", sample.pops_per_s),
        ] {
            if let Some(value) = value {
                extras.insert(name.to_owned(), value.into());
            }
        }
        Self {
            bt_c: sample.bt_c,
            et_c: sample.et_c,
            gas_pct: sample.gas_pct,
            fan_pct: sample.air_pct,
            drum_rpm: sample.drum_rpm,
            extras,
            ..Self::default()
        }
    }

    /// What the point says about probes and controls.
    #[must_use]
    pub fn sample(&self) -> Sample {
        let extra = |name: &str| self.extras.get(name).and_then(serde_json::Value::as_f64);
        Sample {
            bt_c: self.bt_c,
            et_c: self.et_c,
            inlet_c: extra("inletC"),
            exhaust_c: extra("exhaustC"),
            drum_c: extra("drumC"),
            gas_pct: self.gas_pct,
            air_pct: self.fan_pct,
            drum_rpm: self.drum_rpm,
            pops_per_s: extra("popsPerS"),
        }
    }
}

/// The event types production knows. Marks without one travel as `NOTE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventType {
    /// Beans in.
    Charge,
    /// Turning point.
    Tp,
    /// First crack starts.
    Fc,
    /// Development starts; production sets it at first crack.
    DevelopmentStart,
    /// Beans out.
    Drop,
    /// Anything else, told in the event's payload.
    Note,
}

/// A mark on its way through production.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoastEvent {
    /// When it was announced, ISO 8601.
    pub ts: String,
    /// Which machine.
    pub machine_id: String,
    /// The type production acts on.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// Details.
    pub payload: EventDetail,
}

/// What a [`RoastEvent`] says beyond its type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventDetail {
    /// Seconds since charge at which the mark lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_seconds: Option<f64>,
    /// Our name of the mark, for the ones production has no type for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// `device`, `operator` or `inferred`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// When the mark lies, where that is before the announcement, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ts: Option<String>,
    /// What else the sender says, such as the text of a note. Carried, never used.
    #[serde(flatten)]
    pub others: BTreeMap<String, serde_json::Value>,
}

impl EventType {
    /// The type that `kind` travels as.
    #[must_use]
    pub const fn of_mark(kind: MarkKind) -> Self {
        match kind {
            MarkKind::Charge => Self::Charge,
            MarkKind::TurningPoint => Self::Tp,
            MarkKind::FirstCrackStart => Self::Fc,
            MarkKind::Drop => Self::Drop,
            _ => Self::Note,
        }
    }

    /// The mark this type stands for by itself.
    const fn mark(self) -> Option<MarkKind> {
        match self {
            Self::Charge => Some(MarkKind::Charge),
            Self::Tp => Some(MarkKind::TurningPoint),
            Self::Fc => Some(MarkKind::FirstCrackStart),
            Self::Drop => Some(MarkKind::Drop),
            Self::DevelopmentStart | Self::Note => None,
        }
    }
}

impl RoastEvent {
    /// The event that announces `mark`; times and machine are the envelope's to fill.
    pub(crate) fn of_mark(mark: &Mark) -> Self {
        Self {
            ts: String::new(),
            machine_id: String::new(),
            event_type: EventType::of_mark(mark.kind),
            payload: EventDetail {
                elapsed_seconds: None,
                mark: Some(mark.kind.name().to_owned()),
                source: Some(mark.source.name().to_owned()),
                confidence: Some(mark.confidence),
                at_ts: None,
                others: BTreeMap::new(),
            },
        }
    }

    /// The kind of mark, from its own name or else from the event type; None where it marks nothing.
    pub(crate) fn kind(&self) -> Result<Option<MarkKind>, WireError> {
        let Some(name) = &self.payload.mark else { return Ok(self.event_type.mark()) };
        MarkKind::from_name(name).map(Some).ok_or_else(|| WireError::UnknownMark { got: name.clone() })
    }

    /// Who set the mark. Production's own events carry no source: it works the turning point
    /// out itself, and the others are buttons.
    pub(crate) fn source(&self) -> MarkSource {
        match self.payload.source.as_deref() {
            Some("device") => MarkSource::Device,
            Some("inferred") => MarkSource::Inferred,
            None if self.event_type == EventType::Tp => MarkSource::Inferred,
            _ => MarkSource::Operator,
        }
    }
}

/// What an envelope carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Payload {
    /// A mark.
    Event(RoastEvent),
    /// Probe and control values.
    Telemetry(TelemetryPoint),
}
