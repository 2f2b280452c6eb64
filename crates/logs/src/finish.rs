//! From what a file says to a roast log: the checks and repairs all formats share.

use crate::controls::{self, ControlEvent};
use crate::drawn::refuse_drawn;
use crate::log::{Finding, FindingCode, RoastLog};
use crate::marks::{self, MarkAt, index_of, median_near};
use crate::number::rounded;
use crate::units::{self, Evidence};
use crate::weight::{Weights, weights_kg};
use crate::{LogError, LogFormat, simulated, timeline};
use trier_roast::{EventTime, Mark, MarkKind, Sample, TempUnit};

/// Shortest roast read, s. The fastest sample roasters take about three minutes.
const ROAST_MIN_S: f64 = 120.0;

/// Longest sample interval at which one sample out of line is a spike, s.
const SPIKE_INTERVAL_MAX_S: f64 = 10.0;

/// What a file says, in its own unit, before anything is checked.
pub(crate) struct Raw {
    pub(crate) format: LogFormat,
    pub(crate) device: String,
    pub(crate) title: String,
    pub(crate) is_fork: bool,
    pub(crate) machine_key: Option<String>,
    /// The unit the file declares.
    pub(crate) unit: Option<TempUnit>,
    /// Wall time at which `time_s` is zero.
    pub(crate) epoch: Option<EventTime>,
    /// Names of the time and bean curves in the file, for errors.
    pub(crate) keys: CurveKeys,
    pub(crate) time_s: Vec<f64>,
    pub(crate) bt: Vec<Option<f64>>,
    /// ET and others; empty when the file has none.
    pub(crate) et: Vec<Option<f64>>,
    pub(crate) inlet: Vec<Option<f64>>,
    pub(crate) exhaust: Vec<Option<f64>>,
    pub(crate) drum: Vec<Option<f64>>,
    pub(crate) controls: Vec<ControlEvent>,
    pub(crate) marks: Vec<MarkAt>,
    pub(crate) declared_interval_s: Option<f64>,
    pub(crate) weights: Weights,
    pub(crate) findings: Vec<Finding>,
}

impl Raw {
    /// A recording of which only times and BT are known; the rest is for the format to fill.
    pub(crate) fn new(format: LogFormat, keys: CurveKeys, time_s: Vec<f64>, bt: Vec<Option<f64>>) -> Self {
        Self {
            format,
            device: String::new(),
            title: String::new(),
            is_fork: false,
            machine_key: None,
            unit: None,
            epoch: None,
            keys,
            time_s,
            bt,
            et: Vec::new(),
            inlet: Vec::new(),
            exhaust: Vec::new(),
            drum: Vec::new(),
            controls: Vec::new(),
            marks: Vec::new(),
            declared_interval_s: None,
            weights: Weights::default(),
            findings: Vec::new(),
        }
    }
}

/// What the curves are called in a format.
#[derive(Clone, Copy)]
pub(crate) struct CurveKeys {
    pub(crate) time: &'static str,
    pub(crate) bt: &'static str,
    pub(crate) et: &'static str,
}

/// Checks and repairs what a file says.
///
/// # Errors
/// Any of the [`LogError`]s about content rather than form.
pub(crate) fn finish(mut raw: Raw, name: &str) -> Result<RoastLog, LogError> {
    let mut findings = std::mem::take(&mut raw.findings);
    check_lengths(&raw)?;
    let interval_s = timeline::check(&raw.time_s, raw.declared_interval_s, raw.keys.time, &mut findings)?;
    if matches!(raw.format, LogFormat::ArtisanAlog | LogFormat::ArtisanJson | LogFormat::ArtisanCsv) {
        let read = raw.bt.iter().any(Option::is_some);
        refuse_drawn(&raw.time_s, if read { &raw.bt } else { &raw.et })?;
    }
    refuse_missing(&raw.bt, "of the recording")?;

    let said = marks::in_range(std::mem::take(&mut raw.marks), raw.time_s.len(), &mut findings);
    if let Some(detail) = units::undo_switch(&mut raw.bt) {
        findings.push(Finding::new(FindingCode::UnitSwitched, detail));
    }
    let unit = unit_of(&raw, &said, &mut findings)?;
    let mut samples = samples_of(&raw, unit);
    controls::hold(&raw.controls, &mut samples, &mut findings);
    let bt_c: Vec<Option<f64>> = samples.iter().map(|s| s.bt_c).collect();
    // A table of seconds and temperatures has no place for marks, so their absence tells nothing there.
    let markless = matches!(raw.format, LogFormat::PlainCsv | LogFormat::MappedCsv) && said.is_empty();
    let marks = settle_marks(said, &raw.time_s, &bt_c, markless, &mut findings)?;
    check_span(&raw.time_s, &bt_c, &marks)?;
    describe(&raw.time_s, &bt_c, &marks, interval_s, &mut findings);
    let charge = index_of(&marks, MarkKind::Charge).unwrap_or(0);
    for detail in simulated::suspicions(name, &raw.time_s, &bt_c, charge) {
        findings.push(Finding::new(FindingCode::SimulatorSuspect, detail));
    }
    let (weight_in_kg, weight_out_kg) = weights_kg(&raw.weights, &mut findings);

    let zero = raw.epoch.unwrap_or_default();
    let at = |index: usize| zero.plus_s(raw.time_s[index]);
    let mark =
        |m: &MarkAt| Mark { kind: m.kind, at: at(m.index), source: m.source, confidence: m.confidence };
    Ok(RoastLog {
        format: raw.format,
        declared_unit: unit,
        started: raw.epoch.map(|_| at(0)),
        is_fork: raw.is_fork,
        machine_key: raw.machine_key,
        sample_interval_s: interval_s,
        marks: marks.iter().map(mark).collect(),
        samples: samples.into_iter().enumerate().map(|(i, sample)| (at(i), sample)).collect(),
        weight_in_kg,
        weight_out_kg,
        findings,
        device: raw.device,
        title: raw.title,
    })
}

fn check_lengths(raw: &Raw) -> Result<(), LogError> {
    let want = raw.time_s.len();
    if want == 0 {
        return Err(LogError::NoSamples { key: raw.keys.time });
    }
    for (key, got) in [(raw.keys.bt, raw.bt.len()), (raw.keys.et, raw.et.len())] {
        // A file without ET is a file without that probe; without BT it is no roast.
        if got != want && (got > 0 || key == raw.keys.bt) {
            return Err(LogError::LengthMismatch { key, got, time_key: raw.keys.time, want });
        }
    }
    Ok(())
}

fn refuse_missing(bt: &[Option<f64>], span: &'static str) -> Result<(), LogError> {
    let missing = bt.iter().filter(|v| v.is_none()).count();
    if missing == bt.len() {
        return Err(LogError::AllMissing { missing, samples: bt.len(), span });
    }
    Ok(())
}

fn unit_of(raw: &Raw, said: &[MarkAt], findings: &mut Vec<Finding>) -> Result<TempUnit, LogError> {
    let near = |kind| index_of(said, kind).and_then(|i| median_near(&raw.bt, i));
    let lasting = (0..raw.bt.len()).filter_map(|i| median_near(&raw.bt, i));
    let time_s = |kind| index_of(said, kind).map(|i| raw.time_s[i]);
    let begins_s = time_s(MarkKind::Charge).unwrap_or(raw.time_s[0]);
    let ends_s = time_s(MarkKind::Drop).unwrap_or(raw.time_s[raw.time_s.len() - 1]);
    let seen = Evidence {
        length_s: ends_s - begins_s,
        first_crack: near(MarkKind::FirstCrackStart),
        drop: near(MarkKind::Drop),
        peak: lasting.fold(f64::NEG_INFINITY, f64::max),
    };
    let (unit, why) = units::decide(raw.unit, &seen)?;
    findings.extend(why.map(|detail| Finding::new(FindingCode::UnitInferred, detail)));
    Ok(unit)
}

fn samples_of(raw: &Raw, unit: TempUnit) -> Vec<Sample> {
    let reading = |curve: &[Option<f64>], i: usize| curve.get(i).copied().flatten().map(|t| unit.to_c(t));
    let sample = |i| Sample {
        bt_c: reading(&raw.bt, i),
        et_c: reading(&raw.et, i),
        inlet_c: reading(&raw.inlet, i),
        exhaust_c: reading(&raw.exhaust, i),
        drum_c: reading(&raw.drum, i),
        ..Sample::default()
    };
    (0..raw.time_s.len()).map(sample).collect()
}

/// The marks that hold: charge inferred where absent, contradictions dropped.
fn settle_marks(
    mut said: Vec<MarkAt>,
    time_s: &[f64],
    bt_c: &[Option<f64>],
    markless: bool,
    findings: &mut Vec<Finding>,
) -> Result<Vec<MarkAt>, LogError> {
    if index_of(&said, MarkKind::Charge).is_none() {
        let before = if markless { marks::hottest(bt_c) } else { marks::first_of(&said) };
        let (charge, finding) = marks::infer_charge(time_s, bt_c, before)?;
        said.push(charge);
        findings.push(finding);
    }
    marks::in_order(&said, time_s, findings)
}

/// Refuses what is too short or too blind to be a roast.
fn check_span(time_s: &[f64], bt_c: &[Option<f64>], marks: &[MarkAt]) -> Result<(), LogError> {
    let charge = index_of(marks, MarkKind::Charge).unwrap_or(0);
    let drop = index_of(marks, MarkKind::Drop);
    let end = drop.unwrap_or(time_s.len() - 1);
    let roast = &bt_c[charge..=end];
    refuse_missing(roast, "from charge on")?;
    let missing = roast.iter().filter(|v| v.is_none()).count();
    if 2 * missing > roast.len() {
        return Err(LogError::AllMissing { missing, samples: roast.len(), span: "from charge on" });
    }
    let length_s = time_s[end] - time_s[charge];
    let until = if drop.is_some() { "drop" } else { "the end of the recording" };
    if length_s < ROAST_MIN_S {
        return Err(LogError::TooShort { length_s, until, limit_s: ROAST_MIN_S });
    }
    Ok(())
}

/// Records what is odd about a roast that is read.
fn describe(
    time_s: &[f64],
    bt_c: &[Option<f64>],
    marks: &[MarkAt],
    interval_s: f64,
    findings: &mut Vec<Finding>,
) {
    let mut note = |code, detail: String| findings.push(Finding::new(code, detail));
    let missing = bt_c.iter().filter(|v| v.is_none()).count();
    if missing > 0 {
        note(FindingCode::MissingSamples, format!("BT missing in {missing} of {} samples", bt_c.len()));
    }
    for mark in marks {
        if let (Some(bt), Some(near)) = (bt_c[mark.index], median_near(bt_c, mark.index)) {
            // Beans and probes move under 10 °C within two samples, even at charge.
            // Half a minute between samples leaves room for more, and no spike to tell.
            if (bt - near).abs() > 20.0 && interval_s <= SPIKE_INTERVAL_MAX_S {
                let (bt, near) = (rounded(bt, 0), rounded(near, 0));
                let detail = format!("{}: BT {bt} °C among {near} °C", mark.kind.name());
                note(FindingCode::SpikeAtMark, detail);
            }
        }
    }
    let crack = index_of(marks, MarkKind::FirstCrackStart);
    let drop = index_of(marks, MarkKind::Drop);
    for (index, kind) in [(crack, MarkKind::FirstCrackStart), (drop, MarkKind::Drop)] {
        if index.is_none() {
            note(FindingCode::MarkMissing, format!("{} is not marked", kind.name()));
        }
    }
    if let (Some(crack), Some(drop)) = (crack, drop) {
        let development_s = time_s[drop] - time_s[crack];
        if development_s < 30.0 {
            note(FindingCode::FirstCrackLate, format!("marked {development_s:.0} s before drop"));
        }
    }
}
