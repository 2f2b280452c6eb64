//! A program as a predictor: what the roast shows is sent as it comes, and each question waits for its answer.
//!
//! The first fault of a kind costs one answer. After three in a row, or when it ended, the program rests until
//! the next roast and is then started anew, a few times at most. A new stream has a new process, so nothing
//! goes from one stream to another.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use trier_pipeline::{Abstain, DropPlan, Fault, Forecast, Predictor, Quantiles, Seen, Target, Used};

use crate::child::{Child, Deadline, Failure};
use crate::incidents::Incidents;
use crate::limits::{FAULTS_IN_A_ROW_MAX, Limits, REASON_BYTES_MAX, REASONS_MAX, STARTS_MAX};
use crate::protocol::{Answer, Earlier, FromProgram, Introduction, PROTOCOL, Plan, SampleLine, ToProgram};

/// What starts the program, and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// The name that its user gave it.
    pub name: String,
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Where it runs; where we are when None.
    pub folder: Option<std::path::PathBuf>,
    /// What it may take.
    pub limits: Limits,
}

impl Start {
    /// Starts the program and says hello. Its own hello is for [`introduced`].
    fn run(&self) -> Result<Child, Failure> {
        let started = Child::start(&self.words, self.folder.as_deref(), self.limits.memory_mib);
        let mut child = started.map_err(|error| (Fault::NotStarted, format!("cannot start it: {error}")))?;
        let targets = Target::ALL.map(Target::name);
        child.send(line(&ToProgram::Hello { protocol: PROTOCOL, targets: &targets }))?;
        Ok(child)
    }

    /// Starts the program once to hear who it is.
    pub(crate) fn introduction(&self) -> Result<Introduction, String> {
        let mut child = self.run().map_err(|(_, what)| what)?;
        introduced(&mut child, Deadline::within(self.limits.start)).map_err(|(_, what)| what)
    }
}

/// The program's own hello.
fn introduced(child: &mut Child, until: Deadline) -> Result<Introduction, Failure> {
    let said = child.receive(until).map_err(|(fault, what)| match fault {
        Fault::Late => {
            (Fault::NotStarted, format!("it did not introduce itself: {what}; does it flush what it writes?"))
        }
        Fault::OutOfMemory => (fault, what),
        _ => (Fault::NotStarted, format!("it did not introduce itself: {what}")),
    })?;
    let bad = |what: String| (Fault::NotStarted, format!("its hello was refused: {what}"));
    let FromProgram::Hello(hello) = parsed(&said).map_err(|(_, what)| bad(what))? else {
        return Err(bad("it is an answer".to_owned()));
    };
    if hello.protocol != PROTOCOL {
        return Err(bad(format!("protocol {}, and it must be {PROTOCOL}", hello.protocol)));
    }
    let known = Target::ALL.map(Target::name);
    match hello.targets.iter().find(|target| !known.contains(&target.as_str())) {
        Some(target) => Err(bad(format!("target {target:?}, and there are {}", known.join(" and ")))),
        None if hello.targets.is_empty() => Err(bad("no targets".to_owned())),
        None => Ok(hello),
    }
}

/// How a program is.
enum State {
    /// To be started.
    Idle,
    /// Started, and its hello not heard yet.
    Greeted(Child, Deadline),
    /// Running.
    Ready(Child),
    /// Not to be asked until the next roast.
    Resting(Failure),
}

/// A program of somebody's that forecasts.
pub(crate) struct Program {
    start: Arc<Start>,
    hello: Arc<Introduction>,
    incidents: Incidents,
    state: State,
    starts: u32,
    in_a_row: u32,
    questions: u64,
    /// Questions that were not answered in time; what comes of them yet is dropped.
    unanswered: BTreeSet<u64>,
    told: Told,
}

/// What the program has been told of this roast.
#[derive(Default)]
struct Told {
    begun: bool,
    until_s: Option<f64>,
    marks: usize,
}

impl Program {
    /// A predictor of its own process, which is started at once so that it is ready when it is asked.
    pub(crate) fn new(start: Arc<Start>, hello: Arc<Introduction>, incidents: Incidents) -> Self {
        let mut program = Self {
            start,
            hello,
            incidents,
            state: State::Idle,
            starts: 0,
            in_a_row: 0,
            questions: 0,
            unanswered: BTreeSet::new(),
            told: Told::default(),
        };
        program.launch();
        program
    }

    fn launch(&mut self) {
        self.starts += 1;
        self.unanswered.clear();
        self.state = match self.start.run() {
            Ok(child) => State::Greeted(child, Deadline::within(self.start.limits.start)),
            Err(failure) => State::Resting(failure),
        };
    }

    /// The process, when it has introduced itself as the one it was.
    fn ready(&mut self) -> Result<&mut Child, Failure> {
        if matches!(self.state, State::Greeted(..))
            && let State::Greeted(mut child, until) = std::mem::replace(&mut self.state, State::Idle)
        {
            let hello = introduced(&mut child, until)?;
            if hello != *self.hello {
                let what = format!(
                    "it is another than before: version {}, then {}",
                    self.hello.version, hello.version
                );
                return Err((Fault::NotStarted, what));
            }
            self.state = State::Ready(child);
        }
        match &mut self.state {
            State::Ready(child) => Ok(child),
            State::Resting(failure) => Err(failure.clone()),
            State::Idle | State::Greeted(..) => Err((Fault::Stopped, "it is not running".to_owned())),
        }
    }

    fn ask(&mut self, target: Target, seen: &Seen<'_>) -> Result<Answer, Failure> {
        let allowed = self.start.limits.answer;
        self.ready()?;
        let id = self.questions;
        self.questions += 1;
        let mut lines = self.told.news(seen);
        let (target, now_s, warming_since_s) = (target.name(), seen.now_s, seen.warming_since_s);
        lines.extend(line(&ToProgram::Ask { id, target, now_s, warming_since_s }));
        self.unanswered.insert(id);
        let until = Deadline::within(allowed);
        self.ready()?.send(lines)?;
        loop {
            let said = self.ready()?.receive(until)?;
            let FromProgram::Answer(answer) = parsed(&said)? else {
                return Err((Fault::WrongShape, "it said hello again".to_owned()));
            };
            if !self.unanswered.remove(&answer.id) {
                let what = format!("it answered question {}, and was asked {id}", answer.id);
                return Err((Fault::WrongId, what));
            }
            // An answer to an earlier question came too late: that was said then.
            if answer.id == id {
                return Ok(answer);
            }
        }
    }

    /// Takes note of a fault; the program rests where that is no use.
    fn failed(&mut self, (fault, what): Failure) -> Forecast {
        self.incidents.note(&self.start.name, fault, &what);
        self.in_a_row += 1;
        let ended = matches!(fault, Fault::Gone | Fault::OutOfMemory | Fault::NotStarted | Fault::Flood);
        if matches!(self.state, State::Resting(_)) {
            // It rests already.
        } else if ended {
            self.rest((fault, what.clone()));
        } else if self.in_a_row >= FAULTS_IN_A_ROW_MAX {
            let why = format!("stopped after {} faults in a row, the last: {what}", self.in_a_row);
            self.rest((Fault::Stopped, why));
        }
        Forecast::Abstain(Abstain::Failed { fault, what })
    }

    fn rest(&mut self, why: Failure) {
        let before = std::mem::replace(&mut self.state, State::Resting(why));
        if let State::Ready(child) | State::Greeted(child, _) = before {
            child.kill();
        }
    }
}

impl Predictor for Program {
    fn name(&self) -> &str {
        &self.start.name
    }

    fn title(&self) -> &str {
        &self.hello.title
    }

    fn version(&self) -> u32 {
        self.hello.version
    }

    fn begin(&mut self) {
        self.in_a_row = 0;
        if self.told.begun {
            self.told = Told::default();
            if let State::Ready(child) = &mut self.state {
                // Where it cannot be told, the first question finds out why.
                let _ = child.send(line(&ToProgram::End));
            }
        }
        if matches!(self.state, State::Resting(_) | State::Idle) {
            if self.starts < STARTS_MAX {
                self.launch();
            } else {
                let what =
                    format!("it was started {} times for this stream, and failed each time", self.starts);
                self.state = State::Resting((Fault::Stopped, what));
            }
        }
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        if !self.hello.targets.iter().any(|known| known == target.name()) {
            return Forecast::Abstain(Abstain::Declined {
                why: format!("it does not forecast {}", target.name()),
            });
        }
        match self.ask(target, seen).and_then(|answer| said(answer, seen)) {
            Ok(forecast) => {
                self.in_a_row = 0;
                forecast
            }
            Err(failure) => self.failed(failure),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let State::Ready(child) = &mut self.state {
            // A program that is gone needs no goodbye.
            let _ = child.send(line(&ToProgram::End));
        }
    }
}

impl Told {
    /// The lines that tell what is new of the roast since the last time.
    fn news(&mut self, seen: &Seen<'_>) -> Vec<u8> {
        let mut lines = Vec::new();
        if !self.begun {
            self.begun = true;
            let earlier = seen.basis.earlier.iter().map(|roast| Earlier {
                first_crack_s: roast.first_crack_s,
                first_crack_bt_c: roast.first_crack_bt_c,
                drop_s: roast.drop_s,
                drop_bt_c: roast.drop_bt_c,
            });
            let plan = seen.drop_plan().map_or_else(Plan::default, plan);
            lines.extend(line(&ToProgram::Begin { earlier: earlier.collect(), plan }));
        }
        let is_new = |t_s: f64| self.until_s.is_none_or(|until_s| t_s > until_s);
        if is_new(seen.now_s) {
            // Before the roast was known there were readings of it, of which BT is kept.
            let first = seen.points.partition_point(|(t_s, _)| !is_new(*t_s));
            for (t_s, bt_c) in seen.points[first..].iter().filter(|(t_s, _)| *t_s < seen.now_s) {
                lines.extend(line(&ToProgram::Sample(SampleLine {
                    t_s: *t_s,
                    bt_c: Some(*bt_c),
                    ..SampleLine::default()
                })));
            }
            lines.extend(line(&ToProgram::Sample(sample(seen))));
            self.until_s = Some(seen.now_s);
        }
        for mark in seen.marks.iter().skip(self.marks) {
            let (kind, source) = (mark.kind.name(), mark.source.name());
            lines.extend(line(&ToProgram::Mark {
                kind,
                at_s: mark.at_s,
                source,
                confidence: mark.confidence,
            }));
        }
        self.marks = seen.marks.len();
        lines
    }
}

/// A plan as the program is told it.
fn plan(plan: &DropPlan) -> Plan {
    match *plan {
        DropPlan::TimeS(drop_s) => Plan { drop_s: Some(drop_s), ..Plan::default() },
        DropPlan::DevelopmentS(s) => Plan { development_s: Some(s), ..Plan::default() },
        DropPlan::DevelopmentRatio(ratio) => Plan { development_ratio: Some(ratio), ..Plan::default() },
        DropPlan::Profile { bt_c, at_s } => {
            Plan { drop_bt_c: Some(bt_c), drop_s: Some(at_s), ..Plan::default() }
        }
        _ => Plan { drop_bt_c: plan.bt_c(), ..Plan::default() },
    }
}

fn sample(seen: &Seen<'_>) -> SampleLine {
    let newest = seen.newest;
    SampleLine {
        t_s: seen.now_s,
        bt_c: newest.bt_c,
        et_c: newest.et_c,
        inlet_c: newest.inlet_c,
        exhaust_c: newest.exhaust_c,
        drum_c: newest.drum_c,
        gas_pct: newest.gas_pct,
        air_pct: newest.air_pct,
        drum_rpm: newest.drum_rpm,
        pops_per_s: newest.pops_per_s,
    }
}

fn line(message: &ToProgram<'_>) -> Vec<u8> {
    // Of these types nothing can fail to be written, and a number that is not finite becomes null.
    let mut line = serde_json::to_vec(message).unwrap_or_default();
    line.push(b'\n');
    line
}

/// A line as what it says.
fn parsed(said: &[u8]) -> Result<FromProgram, Failure> {
    let value: Value = serde_json::from_slice(said).map_err(|error| {
        let hint = if said.windows(3).any(|w| w == b"NaN") || said.windows(8).any(|w| w == b"Infinity") {
            "; JSON has no NaN and no Infinity"
        } else {
            ""
        };
        (Fault::Garbled, format!("a line is no JSON: {error}{hint}"))
    })?;
    serde_json::from_value(value).map_err(|error| (Fault::WrongShape, format!("a line is refused: {error}")))
}

/// An answer as a forecast. Its bounds are checked by whoever asked.
fn said(answer: Answer, seen: &Seen<'_>) -> Result<Forecast, Failure> {
    let wrong = |what: String| Err((Fault::WrongShape, what));
    let long = |text: &String| text.len() > REASON_BYTES_MAX;
    if answer.reasons.len() > REASONS_MAX {
        return wrong(format!("{} reasons, limit {REASONS_MAX}", answer.reasons.len()));
    }
    if let Some(text) = answer.reasons.iter().chain(&answer.abstain).find(|text| long(text)) {
        return wrong(format!("a reason of {} bytes, limit {REASON_BYTES_MAX}", text.len()));
    }
    let quantiles = Quantiles {
        p05_s: answer.p05_s,
        p10_s: answer.p10_s,
        p25_s: answer.p25_s,
        p50_s: answer.p50_s,
        p75_s: answer.p75_s,
        p90_s: answer.p90_s,
        p95_s: answer.p95_s,
    };
    match (answer.abstain, quantiles == Quantiles::default()) {
        (Some(why), true) => Ok(Forecast::Abstain(Abstain::Declined { why })),
        (Some(_), false) => wrong("it abstains and answers".to_owned()),
        (None, true) => wrong("neither an answer nor an abstain".to_owned()),
        // What it was told is what it can have used.
        (None, false) => {
            let used = Used::of(seen.points, seen.basis.earlier.len());
            Ok(Forecast::Seconds { quantiles, reasons: answer.reasons, used })
        }
    }
}
