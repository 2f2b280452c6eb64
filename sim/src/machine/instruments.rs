//! Probes and microphone as a machine's file says (B9, B11). Every key that is not required is
//! off, and moves no byte, where it is left out.

use serde::{Deserialize, Serialize};

/// The probes (B11).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProbesSpec {
    /// How often they are read, s; a multiple of 0.25.
    pub interval_s: f64,
    /// How far a sample may lie from its place on that grid, either way, s; under half of `interval_s`.
    #[serde(default)]
    pub jitter_s: f64,
    /// Share of samples that are lost on the way, at random, 0 to 0.9.
    #[serde(default)]
    pub missing_share: f64,
    /// Batches since the probes were cleaned, before the asked roast; `wear` counts from there.
    #[serde(default)]
    pub batches_since_cleaning: u32,
    /// Days since the probes were held against a reference; their drift has walked since then.
    #[serde(default)]
    pub days_since_reference: f64,
    /// The bean probe.
    pub bt: BtProbeSpec,
    /// The environment probe, in the outlet air.
    pub et: ProbeSpec,
    /// The inlet probe, in the plenum.
    pub inlet: ProbeSpec,
    /// The drum probe.
    pub drum: ProbeSpec,
}

/// How a probe senses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ProbeKind {
    /// It touches: a thermocouple or a resistance in its sheath.
    #[default]
    Contact,
    /// It looks: no contact and no stem, but it believes that what it sees is black.
    Infrared,
}

/// The bean probe.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BtProbeSpec {
    /// Touching or looking; one that looks sees bean shells, or the empty drum's wall, and no air.
    #[serde(default)]
    pub kind: ProbeKind,
    /// β, how much of the air it sees, 0 to 1.
    pub air_share: f64,
    /// Noise of the bean bed at the probe, standard deviation, °C.
    pub bed_noise_c: f64,
    /// How long that noise remembers, s.
    pub bed_noise_s: f64,
    /// τ, first-order lag, s.
    pub lag_s: f64,
    /// Lag of a second stage behind the first, such as the tip in its sheath, s; 0 is none.
    #[serde(default)]
    pub second_lag_s: f64,
    /// Share of the machine's housing in what it shows: heat that its stem carries, 0 to 0.5.
    #[serde(default)]
    pub stem_share: f64,
    /// ε of what an infrared probe sees, 0.3 to 1; the rest it sees mirrored.
    #[serde(default = "black")]
    pub emissivity: f64,
    /// Constant error from placement, °C.
    #[serde(default)]
    pub bias_c: f64,
    /// White noise, standard deviation, °C.
    pub noise_c: f64,
    /// Smallest step shown, °C.
    pub step_c: f64,
    /// What use does to it.
    #[serde(default)]
    pub wear: WearSpec,
}

impl BtProbeSpec {
    /// The part that every probe has.
    #[must_use]
    pub fn probe(&self) -> ProbeSpec {
        let Self { kind, lag_s, second_lag_s, stem_share, emissivity, bias_c, noise_c, step_c, .. } = *self;
        let wear = self.wear.clone();
        let stray_share = 0.0;
        ProbeSpec {
            kind,
            lag_s,
            second_lag_s,
            stray_share,
            stem_share,
            emissivity,
            bias_c,
            noise_c,
            step_c,
            wear,
        }
    }
}

/// What every probe has.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProbeSpec {
    /// Touching or looking. Air cannot be looked at: of these only the drum probe may be infrared, and
    /// sees the wall alone.
    #[serde(default)]
    pub kind: ProbeKind,
    /// τ, first-order lag, s.
    pub lag_s: f64,
    /// Lag of a second stage behind the first, such as the tip in its sheath, s; 0 is none.
    #[serde(default)]
    pub second_lag_s: f64,
    /// Share of room air or of another body it sees beside its target, 0 to 1.
    #[serde(default)]
    pub stray_share: f64,
    /// Share of the machine's housing in what it shows: heat that its stem carries, 0 to 0.5.
    #[serde(default)]
    pub stem_share: f64,
    /// ε of what an infrared probe sees, 0.3 to 1; the rest it sees mirrored.
    #[serde(default = "black")]
    pub emissivity: f64,
    /// Constant error, °C.
    #[serde(default)]
    pub bias_c: f64,
    /// White noise, standard deviation, °C.
    pub noise_c: f64,
    /// Smallest step shown, °C.
    pub step_c: f64,
    /// What use does to it.
    #[serde(default)]
    pub wear: WearSpec,
}

fn black() -> f64 {
    1.0
}

/// What use does to a probe (B11; no measurement behind any rate).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WearSpec {
    /// Random walk of its error: standard deviation after one day, °C; grows with the root of time.
    pub drift_c_per_day: f64,
    /// Steady drift of its error, °C for each batch since cleaning.
    pub drift_c_per_batch: f64,
    /// k: the film of oil makes its lags τ·(1 + k·batches since cleaning).
    pub fouling_share_per_batch: f64,
}

/// A microphone that counts cracks (B9).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MicrophoneSpec {
    /// p, share of fractures that it can hear, 0 to 1.
    pub audible_share: f64,
    /// Other noise taken for pops, 1/s.
    pub background_per_s: f64,
    /// How long it is deaf after each pop it counts, s.
    pub dead_time_s: f64,
}

impl Default for MicrophoneSpec {
    fn default() -> Self {
        Self { audible_share: 0.15, background_per_s: 0.0, dead_time_s: 0.0 }
    }
}
