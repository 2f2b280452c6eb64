//! One roast in figures, from what its probes showed and what its operator marked, as a log would give
//! them. Only weight loss, colour and second crack, which no probe shows, are truth, and say so.

use trier_roast::{MarkKind, MarkSource, ReadingBody, Sample};
use trier_sim::{BatchRun, Outcome};

/// RoR looks back over this long, s.
const ROR_S: f64 = 30.0;

/// A roast's readings since charge, one a second.
pub(crate) struct Curve {
    samples: Vec<(f64, Sample)>,
    before: Option<Sample>,
}

impl Curve {
    pub(crate) fn of(run: &BatchRun) -> Self {
        let sampled = |body: &ReadingBody| match body {
            ReadingBody::Sample(sample) => Some(*sample),
            ReadingBody::Mark(_) => None,
        };
        let all: Vec<(f64, Sample)> = run
            .readings
            .iter()
            .filter_map(|r| Some((r.at.since_s(run.charged), sampled(&r.body)?)))
            .collect();
        let before = all.iter().rev().find(|(t_s, _)| *t_s < 0.0).map(|(_, sample)| *sample);
        Self { samples: all.into_iter().filter(|(t_s, _)| *t_s >= 0.0).collect(), before }
    }

    /// What `probe` showed at `t_s`, straight between readings, the last reading beyond them.
    pub(crate) fn at(&self, t_s: f64, probe: fn(&Sample) -> Option<f64>) -> f64 {
        let after = self.samples.partition_point(|(t, _)| *t < t_s).min(self.samples.len() - 1);
        let (t1, s1) = &self.samples[after];
        let (t0, s0) = &self.samples[after.saturating_sub(1)];
        let read = |s: &Sample| probe(s).expect("simulated probes always read");
        if t1 - t0 < 1e-9 {
            return read(s1);
        }
        read(s0) + ((t_s - t0) / (t1 - t0)).clamp(0.0, 1.0) * (read(s1) - read(s0))
    }

    pub(crate) fn bt_c(&self, t_s: f64) -> f64 {
        self.at(t_s, |s| s.bt_c)
    }

    /// Rate of rise, °C/min, over the 30 s before.
    pub(crate) fn ror(&self, t_s: f64) -> f64 {
        (self.bt_c(t_s) - self.bt_c(t_s - ROR_S)) * 60.0 / ROR_S
    }

    /// Times of readings from `from_s` to `to_s`.
    pub(crate) fn times(&self, from_s: f64, to_s: f64) -> impl Iterator<Item = f64> + '_ {
        self.samples.iter().map(|(t, _)| *t).filter(move |t| (from_s..=to_s).contains(t))
    }

    /// When BT was lowest within 5 min of charge, s, and how low, °C.
    pub(crate) fn turning_point(&self) -> (f64, f64) {
        self.times(0.0, 300.0)
            .map(|t| (t, self.bt_c(t)))
            .fold((0.0, f64::INFINITY), |low, now| if now.1 < low.1 { now } else { low })
    }

    /// The highest RoR that does not look back beyond the turning point, and when, up to `to_s`.
    pub(crate) fn peak_ror(&self, to_s: f64) -> (f64, f64) {
        let from_s = self.turning_point().0 + ROR_S;
        self.times(from_s, to_s)
            .map(|t| (self.ror(t), t))
            .fold((f64::NEG_INFINITY, 0.0), |a, b| if b.0 > a.0 { b } else { a })
    }

    /// ET less BT just before the charge, °C.
    fn et_over_bt_before(&self) -> Option<f64> {
        self.before.and_then(|s| Some(s.et_c? - s.bt_c?))
    }

    pub(crate) fn et_over_bt(&self, t_s: f64) -> f64 {
        self.at(t_s, |s| s.et_c) - self.bt_c(t_s)
    }
}

/// When somebody marked `kind`, s since charge.
pub(crate) fn marked_s(run: &BatchRun, kind: MarkKind) -> Option<f64> {
    run.readings.iter().find_map(|r| match r.body {
        ReadingBody::Mark(mark) if mark.kind == kind => Some(r.at.since_s(run.charged)),
        _ => None,
    })
}

/// When `kind` truly happened, s since charge.
pub(crate) fn truth_s(run: &BatchRun, kind: MarkKind) -> Option<f64> {
    run.truth_marks.iter().find(|m| m.kind == kind).map(|m| m.at.since_s(run.charged))
}

/// L* of the beans at `t_s`, truth.
pub(crate) fn lightness(run: &BatchRun, t_s: f64) -> Option<f64> {
    let beans = run.truth.iter().filter(|row| row.lightness.is_some());
    beans.take_while(|row| row.since_charge_s <= t_s).last().and_then(|row| row.lightness)
}

/// Named figures of one roast; a figure that the roast has not is absent.
#[derive(Default)]
pub(crate) struct Figures(Vec<(&'static str, f64)>);

impl Figures {
    fn put(&mut self, name: &'static str, value: impl Into<Option<f64>>) {
        if let Some(value) = value.into() {
            self.0.push((name, value));
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
    }

    pub(crate) fn of(run: &BatchRun) -> Self {
        assert_eq!(
            run.outcome,
            Outcome::Dropped,
            "{}: a roast for the page ends with its drop",
            run.truth[0].source
        );
        let (curve, mut f) = (Curve::of(run), Self::default());
        let drop_s = truth_s(run, MarkKind::Drop).expect("dropped");
        let (turn_s, turn_c) = curve.turning_point();
        f.put("charge BT, °C", curve.bt_c(0.0));
        f.put("turning point, s", turn_s);
        f.put("turning point BT, °C", turn_c);
        let dry_s = marked_s(run, MarkKind::DryEnd);
        f.put("colour change, s", dry_s);
        f.put("colour change BT, °C", dry_s.map(|t| curve.bt_c(t)));
        f.put("drop, s", drop_s);
        f.put("drop BT, °C", curve.bt_c(drop_s));
        f.put("weight loss, %", run.weight_loss_pct);
        f.put("L* at drop", lightness(run, drop_s));
        f.put("L* at colour change", truth_s(run, MarkKind::DryEnd).and_then(|t| lightness(run, t)));
        f.put("L* at first crack", truth_s(run, MarkKind::FirstCrackStart).and_then(|t| lightness(run, t)));
        f.put("L* at second crack", truth_s(run, MarkKind::SecondCrackStart).and_then(|t| lightness(run, t)));
        f.environment(&curve, drop_s);
        if let Some(crack_s) = marked_s(run, MarkKind::FirstCrackStart) {
            f.crack(run, &curve, crack_s, drop_s);
            if let Some(dry_s) = dry_s {
                f.put("drying, % of time", 100.0 * dry_s / drop_s);
                f.put("Maillard, % of time", 100.0 * (crack_s - dry_s) / drop_s);
            }
        }
        f
    }

    fn environment(&mut self, curve: &Curve, drop_s: f64) {
        self.put("ET − BT before charge, °C", curve.et_over_bt_before());
        let et = |t| curve.at(t, |s| s.et_c);
        let low = curve
            .times(0.0, 180.0)
            .fold((f64::INFINITY, 0.0), |low, t| if et(t) < low.0 { (et(t), t) } else { low });
        self.put("lowest ET after charge, °C", low.0);
        self.put("lowest ET after charge, s", low.1);
        self.put("ET − BT at 2 min, °C", curve.et_over_bt(120.0));
        self.put("ET − BT at 4 min, °C", curve.et_over_bt(240.0));
        self.put("ET − BT at drop, °C", curve.et_over_bt(drop_s));
        let inlet = |t| curve.at(t, |s| s.inlet_c);
        let peak = curve
            .times(0.0, drop_s)
            .fold((f64::NEG_INFINITY, 0.0), |peak, t| if inlet(t) > peak.0 { (inlet(t), t) } else { peak });
        self.put("inlet at charge, °C", inlet(0.0));
        self.put("inlet peak, °C", peak.0);
        self.put("inlet peak, s", peak.1);
        self.put("inlet at drop, °C", inlet(drop_s));
    }

    fn crack(&mut self, run: &BatchRun, curve: &Curve, crack_s: f64, drop_s: f64) {
        let (peak, peak_s) = curve.peak_ror(crack_s);
        self.put("peak RoR, °C/min", peak);
        self.put("peak RoR, s", peak_s);
        self.put("first crack, s", crack_s);
        self.put("first crack BT, °C", curve.bt_c(crack_s));
        let ror = curve.ror(crack_s);
        self.put("RoR at first crack, °C/min", ror);
        self.put("ET − BT at first crack, °C", curve.et_over_bt(crack_s));
        self.put("development, % of time", 100.0 * (drop_s - crack_s) / drop_s);
        if crack_s + 60.0 <= drop_s {
            self.put("RoR lost in 60 s, %", 100.0 * (1.0 - curve.ror(crack_s + 60.0) / ror));
        }
        let mut low = f64::INFINITY;
        let rebound = curve.times(crack_s, drop_s).fold(0.0_f64, |most, t| {
            low = low.min(curve.ror(t));
            most.max(curve.ror(t) - low)
        });
        self.put("rebound of RoR, °C/min", rebound);
        let end_s = marked_s(run, MarkKind::FirstCrackEnd);
        self.put("first crack lasts, s", end_s.map(|end_s| end_s - crack_s));
        if let Some(second_s) = marked_s(run, MarkKind::SecondCrackStart) {
            self.put("first to second crack, °C", curve.bt_c(second_s) - curve.bt_c(crack_s));
            self.put("first to second crack, s", second_s - crack_s);
        }
    }
}

/// Whether a person, not the machine, pressed the mark of first crack.
pub(crate) fn marked_by_hand(run: &BatchRun) -> bool {
    run.readings.iter().any(|r| {
        matches!(r.body, ReadingBody::Mark(mark)
            if mark.kind == MarkKind::FirstCrackStart && mark.source == MarkSource::Operator)
    })
}
