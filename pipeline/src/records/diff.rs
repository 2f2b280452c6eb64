//! What differs between two profiles, in the words of a roaster.

use std::fmt;

use super::figure::{Figure, Target};
use super::profile::{ControlStep, Profile};
use super::thin::on_curve_c;

/// One difference.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// Another text: `bean`, `machine` or `note`.
    Text {
        /// The key.
        key: &'static str,
        /// What it was; empty when there was none.
        from: String,
        /// What it is; empty when there is none.
        to: String,
    },
    /// A target that came, went, moved or got another tolerance.
    Target {
        /// The figure.
        figure: Figure,
        /// What it was.
        from: Option<Target>,
        /// What it is.
        to: Option<Target>,
    },
    /// The curves differ where there are both.
    Curve {
        /// The largest difference there, second less first, °C.
        farthest_c: f64,
        /// Where that is, s since charge.
        at_s: f64,
        /// Root of the mean square of the difference over the time they share, °C.
        rms_c: f64,
    },
    /// The curve ends at another time, comes, or goes.
    CurveEnd {
        /// Its last time before, s.
        from_s: Option<f64>,
        /// Its last time now, s.
        to_s: Option<f64>,
    },
    /// A step of the controls that went.
    StepGone(ControlStep),
    /// A step of the controls that came.
    StepNew(ControlStep),
}

/// What `to` has that `from` has not, and the other way round. Nothing of who made them and when.
#[must_use]
pub fn diff(from: &Profile, to: &Profile) -> Vec<Change> {
    let mut changes = Vec::new();
    let texts = |profile: &Profile| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [("bean", text(&profile.bean)), ("machine", text(&profile.machine)), ("note", profile.note.clone())]
    };
    for ((key, from), (_, to)) in texts(from).into_iter().zip(texts(to)) {
        if from != to {
            changes.push(Change::Text { key, from, to });
        }
    }
    for figure in Figure::ALL {
        let (from, to) = (from.targets.get(&figure).copied(), to.targets.get(&figure).copied());
        if from != to {
            changes.push(Change::Target { figure, from, to });
        }
    }
    changes.extend(curves(from, to));
    let gone = from.controls.iter().filter(|step| !to.controls.contains(step));
    let new = to.controls.iter().filter(|step| !from.controls.contains(step));
    changes.extend(gone.copied().map(Change::StepGone));
    changes.extend(new.copied().map(Change::StepNew));
    changes
}

/// How far the curves are apart. Between the times of their points both are straight, so the largest difference
/// is at one of those, and the mean of its square has a formula for each stretch.
fn curves(from: &Profile, to: &Profile) -> Vec<Change> {
    let (one, other) = (from.curve.points(), to.curve.points());
    let mut changes = Vec::new();
    let ends = |curve: &[(f64, f64)]| curve.last().map(|point| point.0);
    let mut times_s: Vec<f64> = one.iter().chain(&other).map(|point| point.0).collect();
    times_s.sort_by(f64::total_cmp);
    times_s.dedup();
    let apart = |t_s: &f64| Some((*t_s, on_curve_c(&other, *t_s)? - on_curve_c(&one, *t_s)?));
    let apart: Vec<(f64, f64)> = times_s.iter().filter_map(apart).collect();
    let farthest =
        apart.iter().copied().reduce(|far, next| if next.1.abs() > far.1.abs() { next } else { far });
    if let Some((at_s, farthest_c)) = farthest.filter(|(_, apart_c)| apart_c.abs() > 0.0) {
        let stretches = apart.windows(2).map(|pair| {
            let ((from_s, a), (to_s, b)) = (pair[0], pair[1]);
            ((to_s - from_s), (to_s - from_s) * (a * a + a * b + b * b) / 3.0)
        });
        let (length_s, squares) = stretches.fold((0.0, 0.0), |(s, sum), (ds, square)| (s + ds, sum + square));
        let rms_c = if length_s > 0.0 { (squares / length_s).sqrt() } else { farthest_c.abs() };
        changes.push(Change::Curve { farthest_c, at_s, rms_c });
    }
    let (from_s, to_s) = (ends(&one), ends(&other));
    if from_s != to_s {
        changes.push(Change::CurveEnd { from_s, to_s });
    }
    changes
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = |target: &Option<Target>| match target {
            Some(Target { value, within }) => format!("{value} ± {within}"),
            None => "none".to_owned(),
        };
        let seconds = |s: &Option<f64>| s.map_or_else(|| "none".to_owned(), |s| format!("{s} s"));
        match self {
            Self::Text { key, from, to } => write!(f, "{key}: {from:?} to {to:?}"),
            Self::Target { figure, from, to } => {
                write!(f, "{}: {} to {}", figure.name(), target(from), target(to))?;
                match (from, to) {
                    (Some(from), Some(to)) => write!(f, " ({:+})", round(to.value - from.value)),
                    _ => Ok(()),
                }
            }
            Self::Curve { farthest_c, at_s, rms_c } => {
                write!(f, "curve: {farthest_c:+.1} °C at {at_s} s, {rms_c:.1} °C rms")
            }
            Self::CurveEnd { from_s, to_s } => {
                write!(f, "curve ends: {} to {}", seconds(from_s), seconds(to_s))
            }
            Self::StepGone(step) => write!(f, "control - {}", step_text(step)),
            Self::StepNew(step) => write!(f, "control + {}", step_text(step)),
        }
    }
}

/// To a millionth: the difference of two decimals has digits that neither had.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn step_text(step: &ControlStep) -> String {
    let parts = [("gas", step.gas_pct, " %"), ("air", step.air_pct, " %"), ("drum", step.drum_rpm, " 1/min")];
    let set = parts.iter().filter_map(|(name, value, unit)| Some(format!("{name} {}{unit}", (*value)?)));
    format!("at {} s: {}", step.t_s, set.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::profile::CurvePoints;
    use super::*;

    fn profile() -> Profile {
        let mut profile = Profile::empty("house", "Ana");
        profile.targets.insert(Figure::DropBtC, Target { value: 212.0, within: 1.5 });
        profile.curve = CurvePoints { t_s: vec![0.0, 60.0, 600.0], bt_c: vec![200.0, 90.0, 212.0] };
        profile.controls = vec![ControlStep { t_s: 0.0, gas_pct: Some(80.0), ..ControlStep::default() }];
        profile
    }

    #[test]
    fn a_profile_does_not_differ_from_itself_whoever_made_it() {
        let mut other = profile().after(&profile(), "0".repeat(64));
        other.author = "Ben".into();
        assert_eq!(diff(&profile(), &other), []);
    }

    #[test]
    fn a_curve_raised_everywhere_is_as_far_off_at_its_worst_as_on_average() {
        let mut raised = profile();
        raised.curve.bt_c.iter_mut().for_each(|c| *c += 2.0);
        let changes = diff(&profile(), &raised);
        let [Change::Curve { farthest_c, rms_c, .. }] = changes[..] else { panic!("{changes:?}") };
        assert!((farthest_c - 2.0).abs() < 1e-9 && (rms_c - 2.0).abs() < 1e-9, "{farthest_c} {rms_c}");
    }

    #[test]
    fn a_bend_has_the_mean_square_of_a_triangle() {
        // A triangle 3 °C high over the whole curve: the root of its mean square is 3 over the root of 3.
        let mut bent = profile();
        bent.curve =
            CurvePoints { t_s: vec![0.0, 60.0, 330.0, 600.0], bt_c: vec![200.0, 90.0, 154.0, 212.0] };
        let mut straight = profile();
        straight.curve = CurvePoints { t_s: vec![60.0, 600.0], bt_c: vec![90.0, 212.0] };
        bent.curve.t_s.remove(0);
        bent.curve.bt_c.remove(0);
        let changes = diff(&straight, &bent);
        let [Change::Curve { farthest_c, at_s, rms_c }] = changes[..] else { panic!("{changes:?}") };
        assert!((farthest_c - 3.0).abs() < 1e-9 && (at_s - 330.0).abs() < 1e-9, "{farthest_c} at {at_s}");
        assert!((rms_c - 3.0_f64.sqrt()).abs() < 1e-9, "{rms_c}");
    }

    #[test]
    fn what_came_went_and_moved_is_said_in_words() {
        let mut other = profile();
        other.bean = Some("Guji".into());
        other.targets.insert(Figure::DropBtC, Target { value: 213.2, within: 1.5 });
        other.targets.insert(Figure::DropS, Target { value: 600.0, within: 20.0 });
        other.curve.t_s[2] = 620.0;
        other.controls[0].gas_pct = Some(75.0);
        let said: Vec<String> = diff(&profile(), &other).iter().map(Change::to_string).collect();
        // Off by a line from 0 to 4.36 °C over 540 of 600 s: 4.36 · √(540 / (3 · 600)) = 2.39.
        let curve = "curve: -4.4 °C at 600 s, 2.4 °C rms";
        assert_eq!(
            said,
            [
                "bean: \"\" to \"Guji\"",
                "drop_s: none to 600 ± 20",
                "drop_bt_c: 212 ± 1.5 to 213.2 ± 1.5 (+1.2)",
                curve,
                "curve ends: 600 s to 620 s",
                "control - at 0 s: gas 80 %",
                "control + at 0 s: gas 75 %",
            ]
        );
    }
}
