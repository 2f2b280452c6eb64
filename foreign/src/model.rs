//! An ONNX model as a predictor, evaluated by tract.
//!
//! Its shapes, its operators and a first evaluation are checked when it is loaded; at each question only
//! its numbers can be wrong. It runs in this process: what it computes is bounded by its file's size and by
//! resting after faults in a row, and not in memory. A model that is not trusted is run as a program.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::DimLike;
use tract_onnx::tract_hir::infer::Factoid;
use trier_pipeline::{Abstain, Basis, Fault, Forecast, Predictor, Quantiles, Seen, Target, Used, Usual};
use trier_roast::Sample;

use crate::child::Deadline;
use crate::grid::{CHANNELS, KNOWN, curve, known};
use crate::incidents::Incidents;
use crate::limits::{FAULTS_IN_A_ROW_MAX, Limits, MODEL_BYTES_MAX};

/// The shortest and the longest grid, s.
const SECONDS: std::ops::RangeInclusive<usize> = 10..=900;

/// How many numbers a forecast has: a median, or seven quantiles.
const NUMBERS: [usize; 2] = [1, 7];

/// What is told of an error of the evaluator, characters.
const ERROR_CHARS: usize = 300;

/// A model that is ready to run.
pub(crate) struct Loaded {
    name: String,
    title: String,
    version: u32,
    plan: Arc<TypedRunnableModel>,
    seconds: usize,
    takes_known: bool,
    targets: usize,
    numbers: usize,
}

/// Reads and checks the model in `path`.
///
/// # Errors
/// Why it cannot be used, in words.
pub(crate) fn load(name: &str, path: &Path) -> Result<Loaded, String> {
    let size = std::fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?.len();
    if size > MODEL_BYTES_MAX {
        return Err(format!("it has {size} bytes, limit {MODEL_BYTES_MAX}"));
    }
    let bytes = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let file = path.file_name().map_or_else(PathBuf::new, PathBuf::from).display().to_string();
    guarded(|| planned(name, &file, &bytes))?
}

fn planned(name: &str, file: &str, bytes: &[u8]) -> Result<Loaded, String> {
    let onnx = tract_onnx::onnx();
    let proto =
        onnx.proto_model_for_read(&mut &*bytes).map_err(|error| short("it is no ONNX file", &error))?;
    let unusable = |error: TractError| short("it cannot be evaluated here", &error);
    let mut model = onnx.model_for_proto_model(&proto).map_err(unusable)?;
    let inputs = model.input_outlets().map_err(unusable)?.len();
    if !(1..=2).contains(&inputs) {
        return Err(format!("it has {inputs} inputs, and must have 1 or 2"));
    }
    let stated = model.input_fact(0).map_err(unusable)?;
    let dims: Vec<Option<usize>> = stated.shape.dims().map(|dim| dim.concretize()?.to_usize().ok()).collect();
    let [_, Some(seconds), Some(channels)] = dims[..] else {
        return Err(format!(
            "its first input is {stated:?}, and must be of [1, seconds, {}]",
            CHANNELS.len()
        ));
    };
    if !SECONDS.contains(&seconds) || channels != CHANNELS.len() {
        return Err(format!(
            "its first input is of [1, {seconds}, {channels}], and must be of [1, {} to {}, {}]",
            SECONDS.start(),
            SECONDS.end(),
            CHANNELS.len()
        ));
    }
    model.set_input_fact(0, f32::fact([1, seconds, CHANNELS.len()]).into()).map_err(unusable)?;
    if inputs == 2 {
        model.set_input_fact(1, f32::fact([1, KNOWN.len()]).into()).map_err(unusable)?;
    }
    let plan = model.into_optimized().and_then(|model| model.into_runnable()).map_err(unusable)?;
    let title = match proto.doc_string.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => line.chars().take(100).collect(),
        None => format!("the model {file}"),
    };
    let version = u32::try_from(proto.model_version).unwrap_or(0);
    let mut loaded = Loaded {
        name: name.to_owned(),
        title,
        version,
        plan,
        seconds,
        takes_known: inputs == 2,
        targets: 0,
        numbers: 0,
    };
    (loaded.targets, loaded.numbers) = loaded.tried()?;
    Ok(loaded)
}

impl Loaded {
    /// Targets and numbers of each, as a first evaluation on a made-up climb gives them.
    fn tried(&self) -> Result<(usize, usize), String> {
        let points: Vec<(f64, f64)> =
            (0..=1_000).map(|t| (f64::from(t), 90.0 + 0.1 * f64::from(t))).collect();
        let (basis, usual, newest) = (Basis::default(), Usual::default(), Sample::default());
        let (now_s, warming_since_s) = (1_000.0, Some(0.0));
        let seen = Seen {
            now_s,
            points: &points,
            newest: &newest,
            warming_since_s,
            marks: &[],
            basis: &basis,
            usual: &usual,
        };
        let input = curve(&seen, &[], self.seconds).map_err(|why| why.to_string())?;
        let (shape, _) = self.run(&input, &seen)?;
        let (targets, numbers) = match shape[..] {
            [1, numbers] => (1, numbers),
            [1, 2, numbers] => (2, numbers),
            _ => (0, 0),
        };
        if targets == 0 || !NUMBERS.contains(&numbers) {
            return Err(format!("it gives {shape:?}, and must give [1, 1], [1, 7], [1, 2, 1] or [1, 2, 7]"));
        }
        Ok((targets, numbers))
    }

    /// The shape and the numbers of the first output.
    fn run(&self, input: &[f32], seen: &Seen<'_>) -> Result<(Vec<usize>, Vec<f32>), String> {
        let failed = |error: TractError| short("it cannot be evaluated", &error);
        let tensor = Tensor::from_shape(&[1, self.seconds, CHANNELS.len()], input).map_err(failed)?;
        let mut inputs = tvec!(tensor.into_tvalue());
        if self.takes_known {
            let tensor = Tensor::from_shape(&[1, KNOWN.len()], &known(seen)).map_err(failed)?;
            inputs.push(tensor.into_tvalue());
        }
        let outputs = self.plan.run(inputs).map_err(failed)?;
        let output = outputs.first().ok_or("it gives nothing")?.cast_to::<f32>().map_err(failed)?;
        let numbers = output.to_plain_array_view::<f32>().map_err(failed)?.iter().copied().collect();
        Ok((output.shape().to_vec(), numbers))
    }

    /// The seconds to go that the model gives for both targets.
    fn numbers(&self, input: &[f32], seen: &Seen<'_>) -> Result<Vec<f32>, (Fault, String)> {
        let run = guarded(|| self.run(input, seen)).and_then(|done| done);
        let (shape, numbers) = run.map_err(|what| (Fault::Model, what))?;
        if numbers.len() != self.targets * self.numbers {
            return Err((Fault::WrongShape, format!("it gave {shape:?}, and another shape before")));
        }
        Ok(numbers)
    }
}

/// What `work` comes to; a panic in it is an error like others.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| "the evaluator gave up (a panic)".to_owned())
}

fn short(what: &str, error: &TractError) -> String {
    let text: String = format!("{what}: {error:#}").chars().take(ERROR_CHARS).collect();
    text.replace('\n', " ")
}

/// A model that forecasts.
struct Model {
    loaded: Arc<Loaded>,
    limits: Limits,
    incidents: Incidents,
    /// Usable ET of this roast.
    et: Vec<(f64, f64)>,
    in_a_row: u32,
    /// What came of the newest sample, for the second target.
    newest: Option<(f64, Result<Vec<f32>, Abstain>)>,
}

impl Model {
    fn answered(&mut self, seen: &Seen<'_>) -> Result<Vec<f32>, Abstain> {
        if let Some((_, answer)) =
            self.newest.as_ref().filter(|(at_s, _)| at_s.to_bits() == seen.now_s.to_bits())
        {
            return answer.clone();
        }
        if let Some(et_c) = seen.newest.et_c {
            self.et.push((seen.now_s, et_c));
        }
        let answer =
            curve(seen, &self.et, self.loaded.seconds).and_then(|input| self.evaluated(&input, seen));
        self.newest = Some((seen.now_s, answer.clone()));
        answer
    }

    fn evaluated(&mut self, input: &[f32], seen: &Seen<'_>) -> Result<Vec<f32>, Abstain> {
        if self.in_a_row >= FAULTS_IN_A_ROW_MAX {
            let what = format!("stopped after {} faults in a row", self.in_a_row);
            return Err(self.failed(Fault::Stopped, what));
        }
        let until = Deadline::within(self.limits.answer);
        let answer = self.loaded.numbers(input, seen);
        let late = until.left().is_zero();
        match answer {
            Ok(_) if late => {
                let what = format!("no answer within {} ms", self.limits.answer.as_millis());
                Err(self.failed(Fault::Late, what))
            }
            Ok(numbers) => {
                self.in_a_row = 0;
                Ok(numbers)
            }
            Err((fault, what)) => Err(self.failed(fault, what)),
        }
    }

    fn failed(&mut self, fault: Fault, what: String) -> Abstain {
        self.incidents.note(&self.loaded.name, fault, &what);
        self.in_a_row += u32::from(fault != Fault::Stopped);
        Abstain::Failed { fault, what }
    }
}

/// A predictor of a model that was loaded, for one stream.
pub(crate) fn predictor(loaded: &Arc<Loaded>, limits: Limits, incidents: Incidents) -> Box<dyn Predictor> {
    Box::new(Model {
        loaded: Arc::clone(loaded),
        limits,
        incidents,
        et: Vec::new(),
        in_a_row: 0,
        newest: None,
    })
}

impl Predictor for Model {
    fn name(&self) -> &str {
        &self.loaded.name
    }

    fn title(&self) -> &str {
        &self.loaded.title
    }

    fn version(&self) -> u32 {
        self.loaded.version
    }

    fn begin(&mut self) {
        self.et.clear();
        self.in_a_row = 0;
        self.newest = None;
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        let at = match target {
            Target::FirstCrackStart => 0,
            Target::Drop => 1,
        };
        if at >= self.loaded.targets {
            return Forecast::Abstain(Abstain::Declined {
                why: format!("it does not forecast {}", target.name()),
            });
        }
        let numbers = match self.answered(seen) {
            Ok(numbers) => numbers,
            Err(why) => return Forecast::Abstain(why),
        };
        let own: Vec<f64> = numbers
            .chunks(self.loaded.numbers)
            .nth(at)
            .unwrap_or_default()
            .iter()
            .map(|n| f64::from(*n))
            .collect();
        let quantiles = match own[..] {
            [p05, p10, p25, p50, p75, p90, p95] => Quantiles {
                p05_s: Some(p05),
                p10_s: Some(p10),
                p25_s: Some(p25),
                p50_s: Some(p50),
                p75_s: Some(p75),
                p90_s: Some(p90),
                p95_s: Some(p95),
            },
            [median, ..] => Quantiles::point(median),
            [] => Quantiles::default(),
        };
        let roasts = if self.loaded.takes_known { seen.basis.earlier.len() } else { 0 };
        let reasons =
            vec![format!("the last {} s of the curve, as the model takes them", self.loaded.seconds)];
        Forecast::Seconds { quantiles, reasons, used: Used::of(seen.points, roasts) }
    }
}
