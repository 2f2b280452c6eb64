//! How a break is looked for: on which line, and how far from it the curve must lead. Not the looking, which is
//! [`super::breaks`].

use trier_roast::EventTime;

/// One way of looking: how long ago the line before must end, and how much it takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// The line is fitted to what lies at least this long ago, s: a break is told no later
    /// than this after it happened.
    pub(super) tell_s: f64,
    /// And to this much of the curve before, s.
    pub(super) line_s: f64,
    /// The least change of slope, °C/s.
    pub(super) bend_c_per_s: f64,
    /// How far a break must lead from its line before it is told, °C, and how many times as far as a point that has
    /// left it.
    pub(super) lead_c: f64,
    pub(super) lead_limits: f64,
    /// A point this far off the line has left it, °C, where the curve is quiet.
    pub(super) off_c: f64,
    /// Whether it must lead further with each reading.
    pub(super) at_each: bool,
    /// Where the ends of that line are kept, in [`BACKS_S`]: the near and the far one.
    pub(super) ends: [usize; 2],
}

/// Sharp bends are seen on a short line, for what comes before them may be bent itself: the
/// empty drum warms in an arc until the next charge. Gentle ones need a long line: first crack
/// and gas steps bend the curve by a third of what is asked here.
pub(super) const SHARP: Scale = Scale {
    tell_s: 6.0,
    line_s: 10.0,
    bend_c_per_s: 0.55,
    lead_c: 2.5,
    lead_limits: 2.0,
    off_c: 0.3,
    at_each: false,
    ends: [2, 3],
};
pub(super) const GENTLE: Scale =
    Scale { tell_s: 15.0, line_s: 30.0, bend_c_per_s: 0.22, ends: [4, 5], ..SHARP };

/// A fall far above the noise that each reading leads on need not lead so far.
pub(super) const STEEP: Scale = Scale {
    tell_s: 3.0,
    line_s: 15.0,
    bend_c_per_s: 0.5,
    lead_c: 1.2,
    lead_limits: 3.0,
    off_c: 0.2,
    at_each: true,
    ends: [6, 7],
};

/// It is told by three readings, or by two that took so long, s.
const STEEP_POINTS: usize = 3;
const STEEP_S: f64 = 3.0;

/// How long ago the points lie that are asked for at every look, s: those of the two glances, then
/// the ends of the lines. The newest point that is so old is followed as time goes on, never searched.
pub(super) const BACKS_S: [f64; 8] = [
    7.0,
    21.0,
    SHARP.tell_s,
    SHARP.tell_s + SHARP.line_s,
    GENTLE.tell_s,
    GENTLE.tell_s + GENTLE.line_s,
    STEEP.tell_s,
    STEEP.tell_s + STEEP.line_s,
];

/// A lead has grown by this since the middle of the way: a step does not grow.
const STEADILY: f64 = 1.1;

impl Scale {
    /// Whether the readings that have left the line lead ever further away from it, as in a plunge and not when a
    /// probe is touched.
    ///
    /// - `points`: the last on the line and all since.
    /// - `off_c`: how far a point is off the line, °C, positive on the side it left to.
    pub(super) fn leads_on(
        self,
        points: &[(EventTime, f64)],
        off_c: impl Fn(&(EventTime, f64)) -> f64,
    ) -> bool {
        let n = points.len() - 1;
        if self.at_each {
            let enough = n >= STEEP_POINTS || n > 1 && points[n].0.since_s(points[0].0) >= STEEP_S;
            return enough && points.windows(2).all(|pair| off_c(&pair[1]) > off_c(&pair[0]));
        }
        n >= 3 && off_c(&points[n]) > off_c(&points[1 + n / 2]) * STEADILY
    }
}
