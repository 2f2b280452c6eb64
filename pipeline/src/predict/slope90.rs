//! `slope90`: a regression over 90 s, aimed at 196 °C. What Artisan.ts does.
//!
//! Reasoning: a line through a minute and a half averages out noise and whole-degree
//! steps. Two things are wrong with it and are the reason it is kept as a baseline.
//! The rise slows towards first crack, so a long line is steeper than what comes and
//! says too little time. And machines show first crack anywhere from 173 to 211 °C
//! (medians of operators), so one fixed BT is off by tens of seconds to minutes; on
//! 408 real roasts it missed by 64 s even half a minute before.
//! For drop it aims at the plan's BT, or else at the machine's own.

use trier_roast::ror::{Line, line_through};

use super::{
    abstain::Abstain,
    aim::{self, Aim},
    forecast::Forecast,
    predictor::{Predictor, Seen, Target},
};
use crate::features::Point;

/// The BT it takes first crack to start at, °C, on every machine.
const FIRST_CRACK_BT_C: f64 = 196.0;

/// The stretch of curve the line is fitted to, s.
const WINDOW_S: f64 = 90.0;

/// How much of the window must be there, s. Two thirds: sooner, the bend after the
/// turning point is all there is.
const SPAN_S_MIN: f64 = 60.0;

/// A 90 s least-squares line to a fixed first-crack BT.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slope90;

impl Predictor for Slope90 {
    fn name(&self) -> &str {
        "slope90"
    }

    fn title(&self) -> &str {
        "the rise of the last 90 s, with first crack at 196 °C whatever the machine"
    }

    fn version(&self) -> u32 {
        1
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        aim::forecast(target, seen, |_| Ok(Aim::fixed(FIRST_CRACK_BT_C)), line)
    }
}

fn line<'a>(seen: &Seen<'a>) -> Result<(Line, &'a [Point]), Abstain> {
    let window = aim::warming_window(seen, WINDOW_S, SPAN_S_MIN)?;
    let line = line_through(window).ok_or_else(|| aim::not_full(WINDOW_S, window))?;
    Ok((line, window))
}
