//! Forecasts closing in on their event: when it was asked along the bottom, the time it named up the side.

use super::input::{Ask, Batch, Fan};
use crate::number::{clock, maybe_clock};
use crate::page::Figure;
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture, legend};
use crate::terminal::mark_name;

const SIZE: (f64, f64) = (460.0, 260.0);
/// How far from the event times are shown, s.
const AROUND_S: f64 = 150.0;
/// Forecasts closer together than this are not all drawn, units: the eye would not part them.
const APART: f64 = 2.5;

/// The figures of all events forecast: one for each predictor that states how sure it is, and one for all others.
pub(super) fn fans(batch: &Batch, prefix: &str) -> Vec<Figure> {
    let events = [("first_crack_start", batch.session.first_crack_s), ("drop", batch.session.drop_s)];
    let mut figures = Vec::new();
    for (target, event_s) in events {
        let of_it = || batch.fans.iter().filter(|fan| fan.target == target);
        let (sure, plain): (Vec<&Fan>, Vec<&Fan>) = of_it().partition(|fan| fan.asks.iter().any(has_bands));
        let true_s = truly(batch, target);
        let of = Event { target, event_s, true_s };
        figures.extend(sure.iter().map(|fan| banded(fan, &of, prefix)));
        if !plain.is_empty() {
            figures.push(lines(&plain, &of, prefix));
        }
    }
    figures
}

/// What is forecast.
struct Event<'a> {
    target: &'a str,
    /// When it was marked, s since charge.
    event_s: Option<f64>,
    /// When it truly was, where that is known and another time.
    true_s: Option<f64>,
}

fn truly(batch: &Batch, target: &str) -> Option<f64> {
    let marks = &batch.truth.as_ref()?.marks;
    marks.iter().find(|(kind, ..)| kind == target).map(|(_, at_s, _)| *at_s)
}

fn has_bands(ask: &Ask) -> bool {
    ask.quantiles_s.iter().all(|s| s.is_finite())
}

/// The name of an event in a sentence.
pub(super) fn event_name(target: &str) -> String {
    match target {
        "first_crack_start" => "first crack".to_owned(),
        other => other.replace('_', " "),
    }
}

/// An empty frame with the time now, the mark and the truth in it.
fn frame(of: &Event<'_>, asks: &[&Ask], title: &str, alt: &str) -> Chart {
    let last = asks.iter().map(|ask| ask.at_s).fold(60.0, f64::max);
    let medians = || asks.iter().map(|ask| ask.quantiles_s[2]).filter(|s| s.is_finite());
    let around = of.event_s.map_or_else(
        || (medians().fold(last, f64::min), medians().fold(last, f64::max)),
        |event_s| (event_s - AROUND_S, event_s + AROUND_S),
    );
    let x = Axis::exact("asked, min since charge", (0.0, last), Labels::Clock, 7);
    let y =
        Axis::exact(&format!("{} named, min since charge", event_name(of.target)), around, Labels::Clock, 7);
    let margins = Margins { top: 40.0, right: 16.0, bottom: 34.0, left: 48.0 };
    let mut chart = Chart::new(Picture::new(SIZE.0, SIZE.1, title, alt), margins, x, y);
    if let Some(true_s) = of.true_s {
        chart.level("truth-level", true_s);
    }
    if let Some(event_s) = of.event_s {
        chart.level("zero", event_s);
        let word = format!("{} {}", mark_name(of.target), clock(event_s));
        chart.text("halo", Anchor::Start, (0.0, event_s), (4.0, -5.0), &word);
    }
    // What is named cannot lie before the time it is named at.
    let (low, high) = around;
    if last > low {
        chart.line("now", &[(low.max(0.0), low.max(0.0)), (last.min(high), last.min(high))]);
    }
    chart
}

/// The forecasts that are drawn: all, or so many as can be told apart.
fn drawn<'a>(asks: impl Iterator<Item = &'a Ask>, last_s: f64) -> Vec<&'a Ask> {
    let apart_s = last_s * APART / SIZE.0;
    let mut kept: Vec<&Ask> = Vec::new();
    for ask in asks {
        let is_silent = |ask: &Ask| ask.abstain.is_some();
        let is_near = |before: &&Ask| ask.at_s - before.at_s < apart_s && is_silent(before) == is_silent(ask);
        if !kept.last().is_some_and(is_near) {
            kept.push(ask);
        }
    }
    kept
}

/// One predictor with its bands.
fn banded(fan: &Fan, of: &Event<'_>, prefix: &str) -> Figure {
    let event = event_name(of.target);
    let title = format!("{}: when {event} will be", fan.predictor);
    let last_s = fan.asks.iter().map(|ask| ask.at_s).fold(60.0, f64::max);
    let asks = drawn(fan.asks.iter(), last_s);
    let mut chart = frame(of, &asks, &title, &told(fan, of));
    let (low, high) = of.event_s.map_or((f64::MIN, f64::MAX), |s| (s - AROUND_S, s + AROUND_S));
    let band = |from: usize, to: usize| -> Vec<(f64, f64, f64)> {
        // A band wholly outside is not drawn at the edge as if it ended there.
        let seen = |low_s: f64, high_s: f64| low_s < high && high_s > low;
        let all = asks.iter().map(|ask| (ask.at_s, ask.quantiles_s[from], ask.quantiles_s[to]));
        all.map(|(at, a, b)| if seen(a, b) { (at, a, b) } else { (at, f64::NAN, f64::NAN) }).collect()
    };
    chart.band("band-wide", &band(0, 4));
    chart.band("band", &band(1, 3));
    chart.line("bt", &median(&asks, (low, high)));
    let mut named = vec![("bt", "median"), ("band both", "50 %"), ("band-wide", "90 %"), ("now", "now")];
    named.extend(of.event_s.map(|_| ("zero", "marked")));
    named.extend(of.true_s.map(|_| ("truth-level", "true")));
    legend(chart.picture_mut(), (48.0, 12.0), &named);
    let id = format!("{prefix}{}-{}", of.target.replace('_', "-"), slug(&fan.predictor));
    Figure { id, picture: chart.into_picture(), caption: title }
}

/// Those that state one time only, told apart by their lines.
fn lines(fans: &[&Fan], of: &Event<'_>, prefix: &str) -> Figure {
    const CLASSES: [&str; 5] = ["candidate", "baseline", "crack", "truth", "water dashed"];
    let event = event_name(of.target);
    let names: Vec<&str> = fans.iter().map(|fan| fan.predictor.as_str()).collect();
    let title = format!("When {event} will be, by those that say no more than one time");
    let last_s = fans.iter().flat_map(|fan| &fan.asks).map(|ask| ask.at_s).fold(60.0, f64::max);
    let drawn: Vec<Vec<&Ask>> = fans.iter().map(|fan| drawn(fan.asks.iter(), last_s)).collect();
    let all: Vec<&Ask> = drawn.iter().flatten().copied().collect();
    let alt = fans.iter().map(|fan| told(fan, of)).collect::<Vec<_>>().join(" ");
    let mut chart = frame(of, &all, &title, &alt);
    let (low, high) = of.event_s.map_or((f64::MIN, f64::MAX), |s| (s - AROUND_S, s + AROUND_S));
    let classes = || CLASSES.iter().copied().cycle();
    for (asks, class) in drawn.iter().zip(classes()) {
        chart.line(class, &median(asks, (low, high)));
    }
    let shortened: Vec<String> = names.iter().map(|name| crate::markup::shortened(name, 12)).collect();
    let named: Vec<(&str, &str)> = classes().zip(shortened.iter().map(String::as_str)).take(5).collect();
    legend(chart.picture_mut(), (48.0, 12.0), &named);
    let id = format!("{prefix}{}-plain", of.target.replace('_', "-"));
    Figure { id, picture: chart.into_picture(), caption: title }
}

/// The medians that lie within the frame; the line ends where they leave it.
fn median(asks: &[&Ask], (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    let kept = |s: f64| if (low..=high).contains(&s) { s } else { f64::NAN };
    asks.iter().map(|ask| (ask.at_s, kept(ask.quantiles_s[2]))).collect()
}

/// The first and the last forecast in words.
fn told(fan: &Fan, of: &Event<'_>) -> String {
    let mut said = fan.asks.iter().filter(|ask| ask.quantiles_s[2].is_finite());
    let event = event_name(of.target);
    let (Some(first), last) = (said.next(), said.next_back()) else {
        return format!("{} named no time for {event}.", fan.predictor);
    };
    let one = |ask: &Ask| format!("{} asked at {}", clock(ask.quantiles_s[2]), clock(ask.at_s));
    let last = last.map_or_else(String::new, |last| format!(", and {}", one(last)));
    format!(
        "{} named {}{last}; {event} was marked at {}.",
        fan.predictor,
        one(first),
        maybe_clock(of.event_s)
    )
}

/// A name as it may stand in an id and in the name of a file.
pub(super) fn slug(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().take(40).map(safe).collect()
}
