//! A plant many times over, each a little different, drawn together by what the probe shows.
//!
//! An ensemble Kalman filter without randomness: at charge member i has its number k one standard
//! deviation up or down by a Walsh function, so that sixteen members differ in up to fifteen numbers evenly
//! and without correlation. A reading moves mean and differences apart (the square-root form for one
//! observation at a time: Whitaker and Hamill 2002), in all numbers as they go with BT.

use super::controls::{Controls, Course};
use super::plant::{Known, Member, Plant, UNCERTAIN_MAX};

/// Members; a power of two, for the Walsh functions.
const MEMBERS: usize = 16;

/// A reading is heard this often, s: those between say the same again, with the same error.
const HEARD_EVERY_S: f64 = 5.0;

/// A reading further out than this many standard deviations counts as if it were there.
const OUTLIER: f64 = 3.0;

/// How long what was off is remembered, in readings heard.
const REMEMBERS: f64 = 6.0;

/// Beans crack when this share of them has: as first crack is defined.
const CRACKED: f64 = 0.05;

/// One member's course from now on.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// BT now and after each second.
    pub bt_c: Vec<f64>,
    /// When first crack starts, s from now, and BT there, °C; None: not on this path, or before now.
    pub crack: Option<(f64, f64)>,
}

/// The members of one plant.
pub(super) struct Ensemble {
    members: Vec<Box<dyn Member>>,
    known: Known,
    uncertain: usize,
    /// When a reading was heard last, s since charge, and what the members showed then in the mean.
    heard: (f64, f64),
    /// The mean difference of BT to the members' lately, °C, and its usual size.
    off_c: f64,
    spread_c: f64,
    /// Logarithm of how likely the readings so far were.
    evidence: f64,
}

impl Ensemble {
    /// Just charged at `t_s`, with the bean probe at `bt_c`.
    pub(super) fn charged(plant: &dyn Plant, (t_s, bt_c): (f64, f64), controls: &Controls) -> Self {
        let uncertain = plant.uncertain().min(UNCERTAIN_MAX);
        let sign = |member: usize, number: usize| {
            if (member & (number + 1)).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
        };
        let member = |member: usize| {
            let z: Vec<f64> = (0..uncertain).map(|number| sign(member, number)).collect();
            plant.charged(bt_c, controls, &z)
        };
        let known = plant.known();
        Self {
            members: (0..MEMBERS).map(member).collect(),
            known,
            uncertain,
            heard: (t_s, bt_c),
            off_c: 0.0,
            spread_c: known.reading_c,
            evidence: 0.0,
        }
    }

    /// Goes on by `by_s` under `controls`.
    pub(super) fn advance(&mut self, controls: &Controls, by_s: f64) {
        self.members.iter_mut().for_each(|member| member.advance(controls, by_s));
    }

    /// Hears BT, unless it has heard some a moment ago.
    pub(super) fn hear(&mut self, t_s: f64, bt_c: f64) {
        let since_s = t_s - self.heard.0;
        if since_s < HEARD_EVERY_S {
            return;
        }
        let mut numbers: Vec<Vec<f64>> = self.members.iter().map(|member| member.numbers()).collect();
        self.wander(&mut numbers, since_s);
        let shown: Vec<f64> = self.members.iter().map(|member| member.bt_c()).collect();
        let shown_c = mean(&shown);
        let spread = shown.iter().map(|c| (c - shown_c) * (c - shown_c)).sum::<f64>() / MEMBERS as f64;
        let moved_c = (shown_c - self.heard.1) / since_s * self.known.instant_s;
        let noise = self.known.reading_c * self.known.reading_c + moved_c * moved_c;
        self.heard = (t_s, shown_c);
        let (sum, off_c) = (spread + noise, bt_c - shown_c);
        let sd_c = sum.sqrt();
        let share = 1.0 / REMEMBERS;
        self.off_c += share * (off_c - self.off_c);
        self.spread_c += share * (sd_c - self.spread_c);
        let believed_c = off_c.clamp(-OUTLIER * sd_c, OUTLIER * sd_c);
        self.evidence -= 0.5 * believed_c * believed_c / sum + trier_roast::math::ln(sd_c);
        // The differences shrink by less than the mean moves: the reading is one, and has no copies.
        let of_differences = 1.0 / (1.0 + (noise / sum).sqrt());
        for number in 0..numbers[0].len() {
            let own = numbers.iter().map(|member| member[number]).sum::<f64>() / MEMBERS as f64;
            let goes_with = (numbers.iter().zip(&shown))
                .map(|(member, c)| (member[number] - own) * (c - shown_c))
                .sum::<f64>()
                / MEMBERS as f64;
            let gain = goes_with / sum;
            for (member, c) in numbers.iter_mut().zip(&shown) {
                member[number] += gain * (believed_c - of_differences * (c - shown_c));
            }
        }
        for (member, numbers) in self.members.iter_mut().zip(&numbers) {
            member.put(numbers);
        }
    }

    /// What is known of the heat fades: its differences grow as a random walk does in `since_s`.
    fn wander(&self, numbers: &mut [Vec<f64>], since_s: f64) {
        if self.uncertain == 0 {
            return;
        }
        let own = numbers.iter().map(|member| member[0]).sum::<f64>() / MEMBERS as f64;
        let variance =
            numbers.iter().map(|member| (member[0] - own) * (member[0] - own)).sum::<f64>() / MEMBERS as f64;
        let more = self.known.heat_per_root_min * self.known.heat_per_root_min * since_s / 60.0;
        if variance > 0.0 {
            // Never wider than it was before anything was read.
            let factor = ((variance + more).min(variance.max(1.0)) / variance).sqrt();
            numbers.iter_mut().for_each(|member| member[0] = own + factor * (member[0] - own));
        }
    }

    /// How far BT is from the members' lately, °C, and how far it may be: three of the usual.
    pub(super) fn off_c(&self) -> (f64, f64) {
        (self.off_c, OUTLIER * self.spread_c)
    }

    /// Logarithm of how likely the readings were.
    pub(super) fn evidence(&self) -> f64 {
        self.evidence
    }

    /// How well its plant is known.
    pub(super) fn known(&self) -> Known {
        self.known
    }

    /// Where each member goes from `now_s` on, with controls `now` moved as on `course`; as far as `stop_c` and first
    /// crack, and `most_s` at most.
    pub(super) fn ahead(
        &self,
        now: (f64, Controls),
        course: &Course,
        stop_c: f64,
        most_s: usize,
    ) -> Vec<Path> {
        let controls: Vec<Controls> =
            (0..most_s).map(|second| course.ahead(now, now.0 + second as f64)).collect();
        self.members.iter().map(|member| path(member.copy(), &controls, stop_c)).collect()
    }
}

fn path(mut member: Box<dyn Member>, controls: &[Controls], stop_c: f64) -> Path {
    let (mut shown_c, mut cracked) = (member.bt_c(), member.cracked());
    let was_cracked = cracked >= CRACKED;
    let mut path = Path { bt_c: vec![shown_c], crack: None };
    for (controls, second) in controls.iter().zip(0..) {
        member.advance(controls, 1.0);
        let (before_c, before) = (shown_c, cracked);
        (shown_c, cracked) = (member.bt_c(), member.cracked());
        if !shown_c.is_finite() {
            break;
        }
        path.bt_c.push(shown_c);
        if path.crack.is_none() && !was_cracked && cracked >= CRACKED {
            let share = (CRACKED - before) / (cracked - before);
            path.crack = Some((f64::from(second) + share, before_c + share * (shown_c - before_c)));
        }
        if shown_c >= stop_c && (was_cracked || path.crack.is_some()) {
            break;
        }
    }
    path
}

/// The mean of some numbers.
pub(super) fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len() as f64
}
