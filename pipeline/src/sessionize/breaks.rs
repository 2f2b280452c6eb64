//! Breaks: where BT leaves the line it was on, upward or downward.
//!
//! Beans that enter or leave change at once what the probe touches, and with it the slope
//! of BT: cold beans make it plunge, an emptied drum lets it fall or jump towards the air.
//! A break is only that; what it means is for [`super::shape`] to say.
//!
//! Causal: a break is told some seconds after it happened, and placed where the curve left
//! its line. By time, not by samples.

use trier_roast::EventTime;
use trier_roast::ror::{Line, line_through};

use super::scale::{BACKS_S, GENTLE, SHARP, STEEP, Scale};
use crate::ingest::Trail;

/// Points looked at, s.
const KEPT_S: f64 = 64.0;

/// After a break upward BT nears the air in an arc, and bends back by itself for so long, s.
const ARC_S: f64 = 100.0;

/// The least stretch of curve that makes a line, of the time it is led on over; and the fewest points.
const LINE_SHARE_MIN: f64 = 0.8;
const LINE_POINTS: usize = 3;

/// A point this many times the scatter off the line has left it.
const OFF_SCATTERS: f64 = 3.0;

/// A bend this small over a third of a minute needs no closer look, °C/s.
const GLANCE_C_PER_S: f64 = 0.10;

/// What a curve that has just begun must bend by, °C/s.
const YOUNG_BEND_C_PER_S: f64 = 0.6;

/// The longest hole in the curve around a break, s, or this many usual intervals.
const HOLE_S: f64 = 6.0;
const HOLE_INTERVALS: f64 = 3.0;

/// A place where the curve left its line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// Where it left.
    pub at: EventTime,
    /// BT of the line there, °C.
    pub bt_c: f64,
    /// Slope of the line it left, °C/s.
    pub before_c_per_s: f64,
    /// Mean slope since, °C/s.
    pub after_c_per_s: f64,
    /// Scatter about the line before, °C.
    pub scatter_c: f64,
    /// Time between points around it, s: it is placed no better.
    pub interval_s: f64,
}

impl Break {
    /// Change of slope, °C/s; negative downward.
    #[must_use]
    pub fn bend_c_per_s(&self) -> f64 {
        self.after_c_per_s - self.before_c_per_s
    }
}

/// The line before a break.
#[derive(Clone, Debug)]
struct Before {
    line: Line,
    /// The points it goes through, as they are kept; empty where it was never seen, as the curve began just before.
    points: core::ops::Range<usize>,
    /// The instant that its times count from.
    from: EventTime,
}

/// Watches usable BT for breaks.
#[derive(Clone, Debug, Default)]
pub struct Breaks {
    trail: Trail,
    /// Points are kept this long for others, s, and never shorter than [`KEPT_S`].
    reach_s: f64,
    /// Index of the newest point that is at least as old as each of [`BACKS_S`]; 0 while none is.
    backs: [usize; BACKS_S.len()],
    /// The last break and its bend, °C/s: it is told once.
    last: Option<(EventTime, f64)>,
    last_up: Option<EventTime>,
}

/// A break in the same direction this soon after the last one is the same, s, unless it is
/// this many times as sharp.
const SAME_S: f64 = 20.0;
const STRONGER: f64 = 1.1;

impl Breaks {
    /// Watches for breaks, and keeps the points of `reach_s`, s, for [`Breaks::recent`].
    #[must_use]
    pub fn keeping(reach_s: f64) -> Self {
        Self { reach_s, ..Self::default() }
    }

    /// The newest point; None before the first.
    #[must_use]
    pub const fn newest(&self) -> Option<(EventTime, f64)> {
        self.trail.newest()
    }

    /// The points that are kept for others, ascending by time.
    #[must_use]
    pub fn recent(&self) -> &[(EventTime, f64)] {
        self.last_s(self.reach_s)
    }

    /// Takes a usable point; the break that it makes sure of.
    ///
    /// Points must come in order of time; one that does not is ignored.
    ///
    /// - `early`: whether a steep fall is believed as soon as it shows.
    pub fn push(&mut self, at: EventTime, bt_c: f64, early: bool) -> Option<Break> {
        if self.keep(at, bt_c) { self.now(early) } else { None }
    }

    /// The break that the newest point makes sure of; `early` as in [`Self::push`].
    pub fn now(&mut self, early: bool) -> Option<Break> {
        let (at, bt_c) = self.trail.newest()?;
        if !self.bends(at, bt_c) {
            return None;
        }
        let found = self
            .look(at, bt_c, SHARP)
            .or_else(|| self.look(at, bt_c, GENTLE).filter(|found| !self.bends_back(found)))
            .or_else(|| if early { self.look(at, bt_c, STEEP) } else { None })?;
        let bend = found.bend_c_per_s();
        if bend > 0.0 {
            self.last_up = Some(found.at);
        }
        let told = self.last.is_some_and(|(last, was)| {
            found.at.since_s(last) < SAME_S && bend * was > 0.0 && bend.abs() < STRONGER * was.abs()
        });
        if told {
            return None;
        }
        self.last = Some((found.at, bend));
        Some(found)
    }

    /// Takes a usable point without looking for a break; whether it was in order.
    pub fn keep(&mut self, at: EventTime, c: f64) -> bool {
        if self.trail.newest().is_some_and(|(last, _)| at <= last) {
            return false;
        }
        let gone = self.trail.forget(at, KEPT_S.max(self.reach_s));
        if gone > 0 {
            self.backs = self.backs.map(|index| index.saturating_sub(gone));
        }
        self.trail.push(at, c);
        true
    }

    /// Index of the first point of the last [`KEPT_S`]: what lies before is not looked at any more.
    fn first(&self) -> usize {
        self.trail.newest().map_or(0, |(newest, _)| self.trail.since(newest, KEPT_S))
    }

    /// The points of the last [`KEPT_S`].
    fn kept(&self) -> &[(EventTime, f64)] {
        self.last_s(KEPT_S)
    }

    /// The points that are at most `span_s` older than the newest.
    fn last_s(&self, span_s: f64) -> &[(EventTime, f64)] {
        let from = self.newest().map_or(0, |(newest, _)| self.trail.since(newest, span_s));
        &self.trail.points()[from..]
    }

    /// Whether a gentle break is but the arc of BT after one upward.
    fn bends_back(&self, found: &Break) -> bool {
        let in_arc = self.last_up.is_some_and(|up| found.at.since_s(up) < ARC_S);
        in_arc && found.bend_c_per_s() < 0.0
    }

    /// When the rise or fall that is under way at `at`, and goes on at `after_c_per_s`, began: back from there for as
    /// long as BT went the same way, be it ever so slowly. Heat comes on slowly, and slow probes round the
    /// knee of a plunge, so that a line led back misses the beginning.
    #[must_use]
    pub fn began(&self, at: EventTime, after_c_per_s: f64) -> EventTime {
        /// Slower than this share of what it came to is not under way yet.
        const UNDER_WAY: f64 = 0.05;
        /// Nothing takes longer to come on, s.
        const REACH_S: f64 = 20.0;
        let points = self.kept();
        let after = points.partition_point(|(t, _)| *t <= at).min(points.len().saturating_sub(1));
        let earlier = (1..=after).rev().take_while(|index| {
            let ((from, from_c), (to, to_c)) = (points[index - 1], points[*index]);
            at.since_s(from) <= REACH_S && (to_c - from_c) / to.since_s(from) / after_c_per_s > UNDER_WAY
        });
        let began = earlier.last().map_or(after, |index| index - 1);
        points.get(began).map_or(at, |(began, _)| *began)
    }

    /// The slopes of what is kept before `at`, and since, °C/s. None with too little of either.
    #[must_use]
    pub fn slopes_around(&self, at: EventTime) -> Option<(f64, f64)> {
        /// Fewer points make no slope worth comparing.
        const SLOPE_POINTS: usize = 6;
        let points = self.kept();
        let (before, since) = points.split_at(points.partition_point(|(t, _)| *t <= at));
        let slope = |points: &[(EventTime, f64)]| {
            let points: Vec<(f64, f64)> = points.iter().map(|(t, c)| (t.since_s(at), *c)).collect();
            line_through(&points).filter(|_| points.len() >= SLOPE_POINTS).map(|line| line.slope_c_per_s)
        };
        Some((slope(before)?, slope(since)?))
    }

    /// A glance: whether three points lie on a bend worth a closer look.
    fn bends(&mut self, at: EventTime, bt_c: f64) -> bool {
        let [(near_s, near_c), (far_s, far_c)] = [0, 1].map(|which| {
            let index = self.back(which, at);
            let (then, c) = self.trail.points()[index];
            (at.since_s(then), c)
        });
        if near_s < 1.0 || far_s <= near_s {
            // A curve that is younger than the glances is looked at closely: recordings begin at charge.
            return far_s > 0.0;
        }
        let now = (bt_c - near_c) / near_s;
        let then = (near_c - far_c) / (far_s - near_s);
        (now - then).abs() >= GLANCE_C_PER_S
    }

    /// Follows the point that is as old as the `which`th of [`BACKS_S`]; its index, that of the first point kept
    /// while none is.
    fn back(&mut self, which: usize, at: EventTime) -> usize {
        let points = self.trail.points();
        let mut index = self.backs[which];
        while index + 1 < points.len() && at.since_s(points[index + 1].0) >= BACKS_S[which] {
            index += 1;
        }
        self.backs[which] = index;
        if at.since_s(points[index].0) > KEPT_S { self.first() } else { index }
    }

    fn look(&mut self, at: EventTime, bt_c: f64, scale: Scale) -> Option<Break> {
        let ends = scale.ends.map(|which| {
            let index = self.back(which, at);
            (at.since_s(self.trail.points()[index].0) >= BACKS_S[which]).then_some(index)
        });
        if self.seems_straight(at, bt_c, scale.lead_c, ends) {
            return None;
        }
        let before = self.line(at, scale, ends)?;
        let Before { line, from, .. } = before;
        let off_c = |(t, c): &(EventTime, f64)| c - line.at_c(t.since_s(from));
        let lead_c = bt_c - line.at_c(at.since_s(from));
        if lead_c.abs() < scale.lead_c {
            return None;
        }
        let sign = lead_c.signum();
        // Only beans that come in make BT bend so much at once, and they make it fall.
        if scale.at_each && sign > 0.0 {
            return None;
        }
        let scatter_c = self.scatter_c(&before);
        // Noise about a short line grows where the line is led on.
        let ahead = ((scale.tell_s + scale.line_s) / scale.line_s).sqrt();
        let limit_c = scale.off_c.max(OFF_SCATTERS * ahead * scatter_c);
        if lead_c.abs() < scale.lead_limits * limit_c {
            return None;
        }
        // Back from now to the last point that is still on the line.
        let (points, first) = (self.trail.points(), self.first());
        let on = first + points[first..].iter().rposition(|point| sign * off_c(point) <= limit_c)?;
        let n = points.len() - (on + 1);
        let off_c = |point: &(EventTime, f64)| sign * off_c(point);
        if !scale.leads_on(&points[on..], off_c) {
            return None;
        }
        let widest_s = points[on..].windows(2).map(|pair| pair[1].0.since_s(pair[0].0)).fold(0.0, f64::max);
        #[allow(clippy::cast_precision_loss)] // Some hundreds.
        let interval_s = at.since_s(points[on].0) / n as f64;
        if widest_s > HOLE_S.max(HOLE_INTERVALS * interval_s) {
            return None;
        }
        let left_s = self.left_s(on, sign, limit_c, from, &line);
        let since_s = at.since_s(from) - left_s;
        if since_s <= 0.0 {
            return None;
        }
        let bend = lead_c / since_s;
        // A curve that has just begun shows no line to leave, so only the sharpest bends count.
        if before.points.is_empty() && (scale.at_each || bend.abs() < YOUNG_BEND_C_PER_S) {
            return None;
        }
        if self.steepens(at, bt_c, line.slope_c_per_s, bend) {
            return None;
        }
        (bend.abs() >= scale.bend_c_per_s).then(|| Break {
            at: from.plus_s(left_s),
            bt_c: line.at_c(left_s),
            before_c_per_s: line.slope_c_per_s,
            after_c_per_s: line.slope_c_per_s + bend,
            scatter_c,
            interval_s,
        })
    }

    /// Whether the chord between the ends of the line, led on, comes too near to now for a break: most of a
    /// roast does, and a line costs far more than a chord.
    fn seems_straight(&self, at: EventTime, bt_c: f64, lead_c: f64, ends: [Option<usize>; 2]) -> bool {
        /// The share of the lead asked for that a chord may miss of it, for its two ends are noisy.
        const CHORD_SHARE: f64 = 0.4;
        let [Some(near), Some(far)] = ends else { return false };
        let ((near_at, near_c), (far_at, far_c)) = (self.trail.points()[near], self.trail.points()[far]);
        let span_s = near_at.since_s(far_at);
        if span_s <= 0.0 {
            return false;
        }
        let led_on_c = near_c + (near_c - far_c) / span_s * at.since_s(near_at);
        (bt_c - led_on_c).abs() < CHORD_SHARE * lead_c
    }

    /// Whether the newest seconds bend far more than all since the break: the sharp bend has just
    /// begun, and will be placed better a moment later.
    fn steepens(&self, at: EventTime, bt_c: f64, before: f64, bend: f64) -> bool {
        /// The newest seconds, and what is far more.
        const NEWEST_S: f64 = 3.0;
        const FAR_MORE: f64 = 2.5;
        let past = self.kept().iter().rev().find(|(t, _)| at.since_s(*t) >= NEWEST_S);
        past.is_some_and(|(t, c)| {
            let newest = (bt_c - c) / at.since_s(*t) - before;
            newest * bend > 0.0 && newest.abs() > FAR_MORE * bend.abs()
        })
    }

    /// When the curve left `line`, s since `from`: the first seconds of its way off, led back to the line.
    fn left_s(&self, on: usize, sign: f64, limit_c: f64, from: EventTime, line: &Line) -> f64 {
        /// The way off is taken for straight this long, s.
        const STRAIGHT_S: f64 = 4.0;
        let point = |index: usize| {
            let (t, c) = self.trail.points()[index];
            let t_s = t.since_s(from);
            (t_s, sign * (c - line.at_c(t_s)))
        };
        let (on_s, on_c) = point(on);
        let (first_s, first_c) = point(on + 1);
        let crossed_s = on_s + (limit_c - on_c) / (first_c - on_c) * (first_s - on_s);
        let later =
            (on + 2..self.trail.points().len()).map(point).take_while(|(t_s, _)| t_s - first_s <= STRAIGHT_S);
        let (last_s, last_c) = later.last().unwrap_or((first_s, first_c));
        let pace = (last_c - limit_c) / (last_s - crossed_s).max(0.5);
        let back_s = limit_c / pace.max(0.05);
        // Not before the point that was still on the line, but for the interval before it.
        (crossed_s - back_s).max(on_s - STRAIGHT_S)
    }

    /// The line before, between the points at its `ends`, or as much of it as there is.
    fn line(&self, at: EventTime, scale: Scale, ends: [Option<usize>; 2]) -> Option<Before> {
        let (points, first) = (self.trail.points(), self.first());
        let last_s = |since: EventTime| at.since_s(since);
        let (oldest, oldest_c) = *points.get(first)?;
        // A curve that is younger than a line begins with it.
        let young = last_s(oldest) < (1.0 + LINE_SHARE_MIN) * scale.tell_s;
        if young {
            let line = Line { slope_c_per_s: 0.0, mid_s: 0.0, mid_c: oldest_c };
            return Some(Before { line, points: 0..0, from: oldest });
        }
        let to = ends[0].map_or(0, |near| near + 1);
        let reach_s = scale.tell_s + scale.line_s;
        // A point just as old as the line is long belongs to it.
        let mut start = ends[1].map_or(first, |far| far + usize::from(last_s(points[far].0) > reach_s));
        // What lies before the last break was on another line.
        if let Some((broke, _)) = self.last.filter(|(broke, _)| points[start].0.since_s(*broke) < 2.0) {
            let after = points.partition_point(|(t, _)| t.since_s(broke) < 2.0);
            let enough = after + LINE_POINTS <= to
                && points[to - 1].0.since_s(points[after].0) >= LINE_SHARE_MIN * scale.tell_s;
            if enough {
                start = start.max(after);
            }
        }
        if start + LINE_POINTS > to {
            return None;
        }
        let from = points[start].0;
        /// Samplers of 1 Hz need no memory for the longest line.
        const FEW: usize = 32;
        let mut few = [(0.0, 0.0); FEW];
        let many: Vec<(f64, f64)>;
        let placed = points[start..to].iter().map(|(t, c)| (t.since_s(from), *c));
        let placed: &[(f64, f64)] = if to - start <= FEW {
            few.iter_mut().zip(placed).for_each(|(place, point)| *place = point);
            &few[..to - start]
        } else {
            many = placed.collect();
            &many
        };
        Some(Before { line: line_through(placed)?, points: start..to, from })
    }

    /// Scatter of its points about a line, °C; 0 about one that was never seen.
    fn scatter_c(&self, before: &Before) -> f64 {
        if before.points.is_empty() {
            return 0.0;
        }
        #[allow(clippy::cast_precision_loss)]
        let n = before.points.len() as f64;
        let off_c = |(t, c): &(EventTime, f64)| c - before.line.at_c(t.since_s(before.from));
        let points = &self.trail.points()[before.points.clone()];
        let square_c = points.iter().map(|p| off_c(p) * off_c(p)).sum::<f64>();
        (square_c / n).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_are_followed_are_those_that_a_search_finds() {
        let mut breaks = Breaks::default();
        let mut t_s = 0.0;
        for n in 0..2_000_u32 {
            // From ten points a second to a hole longer than all that is kept.
            t_s += 0.1 + f64::from(n * n % 97) / 20.0 + if n % 331 == 0 { 70.0 } else { 0.0 };
            let at = EventTime::default().plus_s(t_s);
            assert!(breaks.keep(at, 100.0));
            // Nobody asks each time.
            for (which, back_s) in BACKS_S.iter().enumerate().filter(|_| n % 3 == 0) {
                let older = breaks.kept().partition_point(|(then, _)| at.since_s(*then) >= *back_s);
                let found = breaks.first() + older.saturating_sub(1);
                assert_eq!(breaks.back(which, at), found, "{back_s} s back of point {n}");
            }
        }
    }

    #[test]
    fn what_began_is_followed_back_to_where_it_did() {
        let mut breaks = Breaks::default();
        let at = |t_s: f64| EventTime::default().plus_s(t_s);
        // Cooling until 30 s; then 0.02 °C/s² for 10 s, and on at 0.4 °C/s.
        for t_s in (0..60).map(f64::from) {
            let since_s = (t_s - 30.0).max(0.0);
            let warmed_c =
                if since_s < 10.0 { 0.02 * since_s * since_s } else { 2.0 + 0.4 * (since_s - 10.0) };
            breaks.keep(at(t_s), 50.0 - 0.1 * t_s.min(30.0) + warmed_c);
        }
        // In its first second it has warmed by 0.02 °C, which is more than a twentieth of what it comes to.
        assert_eq!(breaks.began(at(37.0), 0.3), at(30.0));
    }
}
