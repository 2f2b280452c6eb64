//! The stream of one machine: push a reading, get rows.
//!
//! Wires the rooms together and computes nothing itself. Each sample becomes exactly
//! one telemetry row and each announced mark one mark row, at once and in order of
//! arrival; nothing put out is ever taken back. What comes out depends on what went
//! in so far and on nothing else, so a cut stream gives the same rows up to the cut.

use std::borrow::Cow;
use std::sync::Arc;

use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Quality, Reading, ReadingBody, Sample, Trust};
use trier_tables::rows::{MarkRow, PredictionRow, SessionRow, TelemetryRow};

use crate::{
    features::{Curve, InferredMark, Lag, session_row},
    ingest::{Falls, Ledger, OrderJudge, SampleJudge, as_read},
    predict::{Basis, Forecast, Predictor, Quantiles, Seen, Target, Used, Usual},
    sessionize::{SAME_CHARGE_S, Sealed, Sessionizer, Taken},
};

/// After charge BT may fall as fast as it likes for this long, s.
const PLUNGE_S: f64 = 15.0;

/// And then ever more slowly for this long, s.
const SLOWING_S: f64 = 60.0;

/// Points this long before charge help to tell BT at charge, s.
const BEFORE_CHARGE_S: f64 = 10.0;

/// What is the same in every row of a stream.
#[derive(Clone, Debug)]
pub struct StreamConfig {
    /// Where the readings come from: a scenario and seed, or a file name.
    pub source: Arc<str>,
    /// The machine that sends them.
    pub machine: Arc<str>,
    /// How far their origin is proven.
    pub trust: Trust,
}

/// One reading as it was heard from a machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// What the machine said.
    pub reading: Reading,
    /// How far its origin is proven.
    pub trust: Trust,
    /// How often the device that said it had started, where it counts that.
    pub boot: Option<u64>,
}

/// Rows put out, in the order they came to be. The caller empties it as it likes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outputs {
    /// One per sample.
    pub telemetry: Vec<TelemetryRow>,
    /// One per announced mark, and those inferred.
    pub marks: Vec<MarkRow>,
    /// One per session, when it is sealed.
    pub sessions: Vec<SessionRow>,
    /// One per predictor, target and sample while roasting.
    pub predictions: Vec<PredictionRow>,
}

/// The pipeline for one machine: a state machine without clock or I/O.
pub struct Stream {
    config: StreamConfig,
    targets: [(Target, Arc<str>); 2],
    arms: Vec<Arm>,
    basis: Basis,
    usual: Usual,
    ledger: Ledger,
    order: OrderJudge,
    judge: SampleJudge,
    sessionizer: Sessionizer,
    /// Of the open session; empty between sessions.
    curve: Curve,
    /// How fast BT fell in the roasts so far.
    lag: Lag,
}

/// A predictor with what its rows repeat.
struct Arm {
    predictor: Box<dyn Predictor>,
    name: Arc<str>,
    version: u32,
}

impl Stream {
    /// A stream that waits for its first reading.
    ///
    /// `basis` holds for every roast in it: learning from a sealed session is the
    /// caller's, who knows whether the next roast is of the same plan.
    #[must_use]
    pub fn new(config: StreamConfig, predictors: Vec<Box<dyn Predictor>>, basis: Basis) -> Self {
        let arm = |predictor: Box<dyn Predictor>| Arm {
            name: Arc::from(predictor.name()),
            version: predictor.version(),
            predictor,
        };
        Self {
            targets: Target::ALL.map(|target| (target, Arc::from(target.name()))),
            arms: predictors.into_iter().map(arm).collect(),
            usual: Usual::of(&basis),
            basis,
            ledger: Ledger::default(),
            order: OrderJudge::default(),
            judge: SampleJudge::default(),
            sessionizer: Sessionizer::new(Arc::clone(&config.source), Arc::clone(&config.machine)),
            curve: Curve::default(),
            lag: Lag::default(),
            config,
        }
    }

    /// Takes one reading of the stream's own trust and adds to `out` all that follows from it.
    pub fn push(&mut self, reading: Reading, out: &mut Outputs) {
        let heard = Heard { reading, trust: self.config.trust, boot: None };
        self.hear(heard, out);
    }

    /// Takes one reading as it was heard and adds to `out` all that follows from it.
    pub fn hear(&mut self, heard: Heard, out: &mut Outputs) {
        let Heard { reading, trust, boot } = heard;
        self.ledger.received += 1;
        let taken = self.sessionizer.advance(reading.at);
        self.follow(taken, reading.at, out);
        match reading.body {
            ReadingBody::Sample(sample) => self.take_sample(reading.at, &sample, trust, out),
            ReadingBody::Mark(mark) => self.take_mark(reading.at, &mark, out),
        }
        self.sessionizer.heard(reading.at, trust, boot);
    }

    /// Ends the stream: a session still open is sealed.
    pub fn end(mut self, out: &mut Outputs) {
        let StreamConfig { source, machine, .. } = &self.config;
        let idle = Sessionizer::new(Arc::clone(source), Arc::clone(machine));
        if let Some(sealed) = std::mem::replace(&mut self.sessionizer, idle).end() {
            self.put_session(&sealed, out);
        }
    }

    /// Ends the stream with a silence: nothing more was heard of the machine until `next`, which is
    /// another stream's.
    pub fn end_before(mut self, next: EventTime, out: &mut Outputs) {
        let taken = self.sessionizer.advance(next);
        self.follow(taken, next, out);
        self.end(out);
    }

    /// Readings in and rows out so far.
    #[must_use]
    pub const fn ledger(&self) -> Ledger {
        self.ledger
    }

    fn take_sample(&mut self, at: EventTime, sample: &Sample, trust: Trust, out: &mut Outputs) {
        let sample = as_read(sample);
        let quality = self.judge(at, &sample);
        let is_new = !quality.has(Quality::OUT_OF_ORDER) && !quality.has(Quality::DUPLICATE_TIME);
        let roasting = self.sessionizer.is_roasting();
        let usable_c = sample.bt_c.filter(|_| quality.is_usable());
        let (session_id, since_charge_s) = match self.sessionizer.sample(at, quality) {
            Some(session) => (Some(Arc::clone(&session.id)), Some(session.since_charge_s(at))),
            None => (None, None),
        };
        let point = since_charge_s.zip(usable_c);
        let inferred = match point {
            Some(point) if roasting => self.curve.push(point),
            Some(point) => {
                self.curve.push_cooling(point);
                None
            }
            None => None,
        };
        let quality = inferred.map_or(quality, |mark| quality.with(self.judge_lag(&mark)));
        let cracked = since_charge_s
            .zip(sample.pops_per_s)
            .filter(|_| roasting && is_new)
            .and_then(|(t_s, pops_per_s)| self.curve.hear(t_s, pops_per_s));
        let ror = point.filter(|_| roasting).and_then(|_| self.curve.rise_c_per_min());
        out.telemetry.push(TelemetryRow {
            source: Arc::clone(&self.config.source),
            machine: Arc::clone(&self.config.machine),
            session_id,
            t_us: at.us(),
            since_charge_s,
            bt_c: sample.bt_c,
            et_c: sample.et_c,
            inlet_c: sample.inlet_c,
            exhaust_c: sample.exhaust_c,
            drum_c: sample.drum_c,
            gas_pct: sample.gas_pct,
            air_pct: sample.air_pct,
            drum_rpm: sample.drum_rpm,
            pops_per_s: sample.pops_per_s,
            bt_ror_c_per_min: ror,
            quality: names(quality),
            trust: Cow::Borrowed(trust.name()),
        });
        self.ledger.telemetry += 1;
        for mark in inferred.into_iter().chain(cracked) {
            self.put_inferred(mark, out);
        }
        if roasting && is_new {
            let et_c = sample.et_c.filter(|_| quality.is_et_usable());
            self.predict(at, &Sample { bt_c: usable_c, et_c, ..sample }, out);
        }
        if let Some(bt_c) = usable_c {
            let et_c = sample.et_c.filter(|_| quality.is_et_usable());
            let taken = self.sessionizer.watch(at, bt_c, et_c);
            self.follow(taken, at, out);
        }
    }

    /// Follows what a reading did to the sessions: rows, and the curve of a roast that began or moved.
    fn follow(&mut self, taken: Taken, at: EventTime, out: &mut Outputs) {
        if let Some(sealed) = taken.sealed {
            self.put_session(&sealed, out);
        }
        let inferred = if taken.opened || taken.moved { self.begin() } else { Vec::new() };
        if let Some(mark) = taken.shown {
            self.put_mark(&mark, taken.opened, at, out);
            self.ledger.inferred_marks += 1;
        }
        for mark in inferred {
            self.put_inferred(mark, out);
        }
    }

    /// The flags of a sample. One that came late or twice is not held against its neighbours.
    fn judge(&mut self, at: EventTime, sample: &Sample) -> Quality {
        let order = self.order.judge(at);
        if !order.is_usable() {
            let missing = if sample.bt_c.is_none() { Quality::MISSING } else { Quality::GOOD };
            return order.with(missing);
        }
        order.with(self.judge.judge(at, sample, self.falls(at)))
    }

    /// What a mark that the curve implies says of its probe; the session keeps it too.
    fn judge_lag(&mut self, mark: &InferredMark) -> Quality {
        let turned = mark.kind == MarkKind::TurningPoint;
        if !turned || !self.lag.turned(self.curve.points(), mark.at_s) {
            return Quality::GOOD;
        }
        self.sessionizer.flag(Quality::LAG_SUSPECT);
        Quality::LAG_SUSPECT
    }

    /// How fast BT may fall now.
    fn falls(&self, at: EventTime) -> Falls {
        let Some(session) = self.sessionizer.open().filter(|session| session.drop.is_none()) else {
            return Falls::Free;
        };
        let since_s = session.since_charge_s(at);
        // A charge that was only told may be early: its plunge is still to come.
        let shown = session.charge_said.shown.is_some();
        if since_s <= PLUNGE_S || !shown && since_s <= SAME_CHARGE_S {
            Falls::Free
        } else if since_s <= SLOWING_S {
            Falls::Slowing
        } else {
            Falls::AsRises
        }
    }

    fn take_mark(&mut self, announced: EventTime, mark: &Mark, out: &mut Outputs) {
        let mark = Mark { confidence: bounded(mark.confidence), ..*mark };
        let mut taken = self.sessionizer.mark(announced, &mark);
        if let Some(sealed) = taken.sealed.take() {
            self.put_session(&sealed, out);
        }
        let opened = taken.opened;
        self.ledger.marks += 1;
        if opened {
            // The curve of the roast that it opens tells BT at it.
            let (inferred, shown) = (self.begin(), taken.shown.take());
            self.put_mark(&mark, opened, announced, out);
            for mark in inferred {
                self.put_inferred(mark, out);
            }
            taken = Taken { shown, ..Taken::default() };
        } else {
            self.put_mark(&mark, opened, announced, out);
        }
        self.follow(taken, announced, out);
    }

    /// Tells the predictors, and begins the curve of a session that was opened or whose charge has
    /// moved with the readings that came between its charge and now; the marks they imply.
    fn begin(&mut self) -> Vec<InferredMark> {
        for arm in &mut self.arms {
            arm.predictor.begin();
        }
        let Some(session) = self.sessionizer.open() else {
            return Vec::new();
        };
        let recent = self.sessionizer.recent().iter();
        let points = recent.map(|(at, bt_c)| (session.since_charge_s(*at), *bt_c));
        let (before, since): (Vec<_>, Vec<_>) =
            points.filter(|(t_s, _)| *t_s >= -BEFORE_CHARGE_S).partition(|(t_s, _)| *t_s < 0.0);
        self.curve = Curve::after(before);
        since.into_iter().filter_map(|point| self.curve.push(point)).collect()
    }

    fn put_mark(&self, mark: &Mark, opened: bool, announced: EventTime, out: &mut Outputs) {
        let at = mark.at.min(announced);
        // A charge told early belongs to the roast all the same.
        let told_charge = mark.kind == MarkKind::Charge;
        let session = self.sessionizer.open().filter(|session| {
            let near = told_charge && session.since_charge_s(at).abs() <= SAME_CHARGE_S;
            opened || near || at >= session.charge
        });
        let since_charge_s = session.map(|session| session.since_charge_s(mark.at));
        out.marks.push(MarkRow {
            source: Arc::clone(&self.config.source),
            machine: Arc::clone(&self.config.machine),
            session_id: session.map(|session| Arc::clone(&session.id)),
            kind: Arc::from(mark.kind.name()),
            t_us: mark.at.us(),
            since_charge_s,
            mark_source: Arc::from(mark.source.name()),
            confidence: mark.confidence,
            bt_c: since_charge_s.and_then(|t_s| self.curve.bt_at_c(t_s)),
        });
    }

    /// Puts out a mark the curve implies, unless the roast is past it by the marks announced.
    fn put_inferred(&mut self, inferred: InferredMark, out: &mut Outputs) {
        let Some(session) = self.sessionizer.open() else {
            return;
        };
        if session.marks.iter().any(|mark| mark.kind >= inferred.kind) {
            return;
        }
        let mark = Mark {
            kind: inferred.kind,
            at: session.charge.plus_s(inferred.at_s),
            source: MarkSource::Inferred,
            confidence: inferred.confidence,
        };
        self.put_mark(&mark, false, mark.at, out);
        self.ledger.inferred_marks += 1;
    }

    /// Asks every predictor, given the usable part of the newest sample.
    fn predict(&mut self, at: EventTime, newest: &Sample, out: &mut Outputs) {
        let Some(session) = self.sessionizer.open() else {
            return;
        };
        let seen = Seen {
            now_s: session.since_charge_s(at),
            points: self.curve.points(),
            newest,
            warming_since_s: self.curve.warming_since_s(),
            marks: &session.marks,
            basis: &self.basis,
            usual: &self.usual,
        };
        for arm in &mut self.arms {
            for (target, target_name) in &self.targets {
                if *target == Target::FirstCrackStart && session.mark_s(target.mark()).is_some() {
                    continue;
                }
                let forecast = arm.predictor.forecast(*target, &seen).checked(seen.now_s);
                let Columns { quantiles, used, abstain, reasons } = in_columns(forecast);
                out.predictions.push(PredictionRow {
                    source: Arc::clone(&self.config.source),
                    machine: Arc::clone(&self.config.machine),
                    session_id: Arc::clone(&session.id),
                    predictor: Arc::clone(&arm.name),
                    version: arm.version,
                    target: Arc::clone(target_name),
                    as_of_us: at.us(),
                    since_charge_s: seen.now_s,
                    p05_s: quantiles.p05_s,
                    p10_s: quantiles.p10_s,
                    p25_s: quantiles.p25_s,
                    p50_s: quantiles.p50_s,
                    p75_s: quantiles.p75_s,
                    p90_s: quantiles.p90_s,
                    p95_s: quantiles.p95_s,
                    abstain,
                    reasons: Arc::from(reasons),
                    used_until_s: used.and_then(|used| used.until_s),
                    used_points: used.map(|used| count(used.points)),
                    used_roasts: used.map(|used| count(used.roasts)),
                });
            }
        }
    }

    fn put_session(&mut self, sealed: &Sealed, out: &mut Outputs) {
        let curve = std::mem::take(&mut self.curve);
        self.lag.seal();
        let (source, machine) = (&self.config.source, &self.config.machine);
        if let Some(drop) = sealed.drop_at_the_end() {
            let since_charge_s = sealed.session.since_charge_s(drop.at);
            out.marks.push(MarkRow {
                source: Arc::clone(source),
                machine: Arc::clone(machine),
                session_id: Some(Arc::clone(&sealed.session.id)),
                kind: Arc::from(MarkKind::Drop.name()),
                t_us: drop.at.us(),
                since_charge_s: Some(since_charge_s),
                mark_source: Arc::from(MarkSource::Inferred.name()),
                confidence: drop.confidence,
                bt_c: curve.bt_at_c(since_charge_s),
            });
            self.ledger.inferred_marks += 1;
        }
        out.sessions.push(session_row(source, machine, sealed, &curve));
    }
}

/// The flags' names as columns hold them; most samples have none.
fn names(quality: Quality) -> Cow<'static, str> {
    if quality == Quality::GOOD { Cow::Borrowed("") } else { Cow::Owned(quality.names()) }
}

/// A confidence as columns hold it: 0 to 1, and 0 for what is no number.
fn bounded(confidence: f64) -> f64 {
    if confidence.is_finite() { confidence.clamp(0.0, 1.0) } else { 0.0 }
}

/// A forecast as the table has it.
struct Columns {
    quantiles: Quantiles,
    used: Option<Used>,
    abstain: Option<Arc<str>>,
    reasons: String,
}

fn in_columns(forecast: Forecast) -> Columns {
    match forecast {
        Forecast::Seconds { quantiles, reasons, used } => {
            Columns { quantiles, used: Some(used), abstain: None, reasons: reasons.join("; ") }
        }
        Forecast::Abstain(why) => Columns {
            quantiles: Quantiles::default(),
            used: None,
            abstain: Some(Arc::from(why.code())),
            reasons: why.to_string(),
        },
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
