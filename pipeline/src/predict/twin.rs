//! `twin`: a plant of the machine beside the machine, drawn along by the readings and then led ahead.
//!
//! Reasoning: what BT does next follows from what is in the drum and from the controls. A slope sees
//! neither a gas that was turned down a moment ago nor a step that the plan will take; a plant does. Sixteen
//! members differ in what nobody knows at charge (heat that arrives, exchange, metal, mass, lag), are moved by
//! each reading in all of these (`ensemble`), and run on with the controls as the plan has them, or the
//! machine's last roast, at the distance that this roast has from it now; else they are held.
//!
//! When beans crack the plant knows for a machine that was measured, and the machine's own marks say where its
//! operator hears them: the same belief as in `curve`, with the plant's number for its kind. For a
//! plant that is but of the family, that of `curve` itself. Several plants may be given; each counts by how
//! likely it made the readings.
//!
//! Cost: each second a second of 16 members for the filter, and every 15 s a lead of some 400 s for each of them, which
//! later samples read off shifted: about 450 member-seconds a reading at 1 Hz (`cargo bench --bench twin`).

use std::sync::Arc;

use trier_roast::math;

use super::{
    abstain::Abstain,
    aim::{self, roasts},
    belief::{Belief, Kind},
    controls::{Controls, Course},
    curve::expected,
    ensemble::{Ensemble, Path, mean},
    forecast::{Forecast, Quantiles, Used},
    odds::{STEP_S, by_time, quantiles},
    plant::{Known, Plant},
    predictor::{Predictor, Seen, Target},
    prior::{believed, told},
};

/// Members are led ahead this often, s.
const LED_EVERY_S: f64 = 15.0;

/// And this far at most, s.
const LED_S: usize = 900;

/// They need not go further than this many standard deviations above the BT that is aimed at.
const BEYOND: f64 = 3.0;

/// Readings follow each other too closely to be as many witnesses: this many count as one.
const WITNESSES: f64 = 4.0;

/// Of the rise, this much of 45 s must be seen, as for `curve`, s.
const WINDOW_S: (f64, f64) = (45.0, 20.0);

/// A filtered ensemble of plants.
pub struct Twin {
    plants: Vec<Arc<dyn Plant>>,
    plan: Option<Course>,
    under_way: Option<UnderWay>,
}

/// A roast and its members.
struct UnderWay {
    ensembles: Vec<Ensemble>,
    /// Where they are, s since charge.
    clock_s: f64,
    /// The controls as told last.
    controls: Controls,
    led: Option<Led>,
}

/// Odds of the seconds from `from_s` on, for both targets.
struct Led {
    from_s: f64,
    marks: usize,
    odds: [Odds; 2],
}

/// How likely the event is in each second to come, by a common factor, and why.
#[derive(Clone, Debug, Default)]
struct Odds {
    each_s: Vec<f64>,
    reasons: Vec<String>,
}

impl Odds {
    /// At `ahead_s` seconds from where they begin, straight between.
    fn at(&self, ahead_s: f64) -> f64 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Within a roast.
        let second = ahead_s as usize;
        let share = ahead_s - second as f64;
        let of = |second: usize| self.each_s.get(second).copied().unwrap_or(0.0);
        (1.0 - share) * of(second) + share * of(second + 1)
    }

    /// Seconds to go from `passed_s` after they begin; None when nothing is left of them.
    fn quantiles(&self, passed_s: f64) -> Option<Quantiles> {
        quantiles(|step| self.at(passed_s + STEP_S * step as f64))
    }
}

impl Twin {
    /// A twin of one machine.
    ///
    /// - `plants`: one that was measured, or some that it may be.
    /// - `plan`: what the controls will be set to; None: as in the machine's last roast, where that is known.
    #[must_use]
    pub fn new(plants: Vec<Arc<dyn Plant>>, plan: Option<Course>) -> Self {
        Self { plants, plan, under_way: None }
    }

    /// Seconds to first crack if the gas were moved by `gas_pct` points from now on, and the rest came as planned.
    ///
    /// # Errors
    /// The reason why the twin cannot say: as for a forecast, or when the gas is not known.
    pub fn first_crack_with(&mut self, seen: &Seen<'_>, gas_pct: f64) -> Result<Quantiles, Abstain> {
        self.follow(seen)?;
        let (course, is_planned) = (self.course(seen), self.plan.is_some());
        let way = self.under_way.as_ref().ok_or(Abstain::NoBt { for_s: None })?;
        way.checked()?;
        let now = way.controls.gas_pct.ok_or(Abstain::NoHistory { of: "gas" })?;
        let controls = Controls { gas_pct: Some((now + gas_pct).clamp(0.0, 100.0)), ..way.controls };
        let led = way.lead(seen, controls, (&course, is_planned));
        led.odds[0].quantiles(0.0).ok_or(Abstain::BadOutput { what: "no member cracks".to_owned() })
    }

    /// What the controls are now, as told last.
    #[must_use]
    pub fn controls(&self) -> Controls {
        self.under_way.as_ref().map_or(Controls::default(), |way| way.controls)
    }

    /// Brings the members to now.
    fn follow(&mut self, seen: &Seen<'_>) -> Result<(), Abstain> {
        let (first_s, first_c) = *seen.points.first().ok_or(Abstain::NoBt { for_s: None })?;
        let newest = seen.newest;
        let told = Controls { gas_pct: newest.gas_pct, air_pct: newest.air_pct, drum_rpm: newest.drum_rpm };
        let plants = &self.plants;
        let way = self.under_way.get_or_insert_with(|| UnderWay {
            ensembles: plants
                .iter()
                .map(|plant| Ensemble::charged(plant.as_ref(), (first_s.min(0.0), first_c), &told))
                .collect(),
            clock_s: 0.0,
            controls: told,
            led: None,
        });
        let heard = seen.points.partition_point(|(t_s, _)| *t_s <= way.clock_s);
        for (t_s, bt_c) in &seen.points[heard..] {
            way.go_to(*t_s);
            way.ensembles.iter_mut().for_each(|ensemble| ensemble.hear(*t_s, *bt_c));
        }
        way.go_to(seen.now_s);
        way.controls = told.or(way.controls);
        Ok(())
    }

    /// What the controls will do.
    fn course(&self, seen: &Seen<'_>) -> Arc<Course> {
        let last = || seen.basis.earlier.last().map(|roast| Arc::clone(&roast.course)).unwrap_or_default();
        self.plan.clone().map_or_else(last, Arc::new)
    }

    fn said(&mut self, target: Target, seen: &Seen<'_>) -> Result<Forecast, Abstain> {
        self.follow(seen)?;
        match aim::warming_window(seen, WINDOW_S.0, WINDOW_S.1) {
            Err(why) if why.code() == "too_early" => {
                return Ok(by_time(target, seen, &believed(target, seen)));
            }
            window => window?,
        };
        let (course, is_planned) = (self.course(seen), self.plan.is_some());
        let way = self.under_way.as_mut().ok_or(Abstain::NoBt { for_s: None })?;
        way.checked()?;
        let fresh = |led: &Led| seen.now_s - led.from_s < LED_EVERY_S && led.marks == seen.marks.len();
        let led = match way.led.take().filter(fresh) {
            Some(led) => led,
            None => way.lead(seen, way.controls, (&course, is_planned)),
        };
        let led = way.led.insert(led);
        let odds = &led.odds[usize::from(target == Target::Drop)];
        let used = Used::of(seen.points, seen.basis.earlier.len());
        Ok(match odds.quantiles(seen.now_s - led.from_s) {
            Some(quantiles) => Forecast::Seconds { quantiles, reasons: odds.reasons.clone(), used },
            None => by_time(target, seen, &believed(target, seen)),
        })
    }
}

impl Predictor for Twin {
    fn name(&self) -> &str {
        "twin"
    }

    fn title(&self) -> &str {
        "a plant of the machine, drawn along by its readings and led ahead"
    }

    fn version(&self) -> u32 {
        1
    }

    fn begin(&mut self) {
        self.under_way = None;
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        self.said(target, seen).unwrap_or_else(Forecast::Abstain)
    }
}

impl UnderWay {
    fn go_to(&mut self, t_s: f64) {
        let by_s = t_s - self.clock_s;
        if by_s > 0.0 {
            self.ensembles.iter_mut().for_each(|ensemble| ensemble.advance(&self.controls, by_s));
            self.clock_s = t_s;
        }
    }

    /// Whether the likeliest plant does what the probe shows.
    fn checked(&self) -> Result<(), Abstain> {
        let best = self.ensembles.iter().max_by(|a, b| a.evidence().total_cmp(&b.evidence()));
        let (off_c, limit_c) = best.ok_or(Abstain::NoHistory { of: "plant" })?.off_c();
        if off_c.abs() > limit_c { Err(Abstain::OffModel { off_c, limit_c }) } else { Ok(()) }
    }

    /// Leads all members ahead from now with `controls` moved as on `course`.
    fn lead(&self, seen: &Seen<'_>, controls: Controls, (course, is_planned): (&Course, bool)) -> Led {
        let aims = Target::ALL.map(|target| expected(target, seen).1);
        let stop_c = aims.iter().map(|aim| aim.mean + BEYOND * aim.sd).fold(f64::NEG_INFINITY, f64::max);
        let best = self.ensembles.iter().map(Ensemble::evidence).fold(f64::NEG_INFINITY, f64::max);
        let mut odds = [Odds::default(), Odds::default()];
        for ensemble in &self.ensembles {
            let weight = math::exp((ensemble.evidence() - best) / WITNESSES);
            let paths = ensemble.ahead((seen.now_s, controls), course, stop_c, LED_S);
            let known = ensemble.known();
            for ((target, aim), odds) in Target::ALL.into_iter().zip(aims).zip(&mut odds) {
                let aim = match target {
                    Target::FirstCrackStart => first_crack(&known, &paths, seen).unwrap_or(aim),
                    Target::Drop => aim,
                };
                add(odds, (target, &aim), (weight, &known), &paths, seen);
            }
        }
        let course = told_course(is_planned, course, seen);
        odds.iter_mut().for_each(|odds| odds.reasons.push(course.clone()));
        Led { from_s: seen.now_s, marks: seen.marks.len(), odds }
    }
}

/// BT at first crack by a plant that knows its machine; None where it does not, or its beans do not crack.
fn first_crack(known: &Known, paths: &[Path], seen: &Seen<'_>) -> Option<Belief> {
    let known = known.crack?;
    let cracks: Vec<f64> = paths.iter().filter_map(|path| Some(path.crack?.1)).collect();
    if cracks.is_empty() {
        return None;
    }
    let kind = Kind { mean: mean(&cracks), between: known.between_c, within: known.within_c };
    Some(told(kind, seen.basis, |roast| roast.first_crack_bt_c))
}

/// What the controls are taken to do.
fn told_course(is_planned: bool, course: &Course, seen: &Seen<'_>) -> String {
    if is_planned {
        "controls go on as planned".to_owned()
    } else if *course == Course::default() {
        "controls are held".to_owned()
    } else {
        format!("controls go on as in the last of {}", roasts(seen.basis.earlier.len()))
    }
}

/// Adds the odds of one ensemble: how likely BT then is as that of the event, times how fast it passes.
fn add(
    odds: &mut Odds,
    (target, aim): (Target, &Belief),
    (weight, known): (f64, &Known),
    paths: &[Path],
    seen: &Seen<'_>,
) {
    let when = believed(target, seen);
    for path in paths {
        let from_c = path.bt_c[0];
        for (second, pair) in path.bt_c.windows(2).enumerate() {
            let (rise, at_c) = ((pair[1] - pair[0]).max(0.0), 0.5 * (pair[0] + pair[1]));
            let at = aim.moved(0.0, known.led_share * (at_c - from_c).max(0.0));
            // What is usual in time follows from what is usual with the controls, of which a plant that knows
            // when its beans crack needs no reminder: it would call every change of gas smaller than it is.
            let time =
                if known.crack.is_some() { 1.0 } else { when.odds(seen.now_s + second as f64 + 0.5).sqrt() };
            if odds.each_s.len() <= second {
                odds.each_s.push(0.0);
            }
            odds.each_s[second] += weight * time * at.odds(at_c) / at.sd * rise;
        }
    }
    // The reasons of the likeliest plant, which has the full weight.
    if weight >= 1.0 {
        let shown: Vec<f64> = paths.iter().map(|path| path.bt_c[0]).collect();
        odds.reasons = vec![
            format!("the plant stands at BT {:.1} °C, {} ways", mean(&shown), paths.len()),
            format!("expected at {:.1} ± {:.1} °C", aim.mean, aim.sd),
        ];
    }
}
