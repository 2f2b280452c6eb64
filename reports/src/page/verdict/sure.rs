//! How sure forecasts say they are, held against what happened: how often intervals held, and where events fell.

use super::drawn::Drawn;
use super::input::{HeldShare, Transforms};
use super::leads::legend;
use super::words::target_of;
use crate::markup::{capital, shortened};
use crate::number::{NONE, maybe_percent, measured, plain};
use crate::page::{Cell, Grid, Tone};
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture};

/// Size of the chart of nominal against observed, units.
const SQUARE: (f64, f64) = (460.0, 300.0);
/// Size of a histogram, units.
const FLAT: (f64, f64) = (460.0, 220.0);

/// Charts of nominal against observed coverage at the lead of the transforms, and the histograms of those, target by
/// target; none for a target of which neither arm states an interval.
pub(super) fn charts(held: &[HeldShare<'_>], pits: &[Transforms<'_>], arms: (&str, &str)) -> Vec<Drawn> {
    let mut found = Vec::new();
    for target in ["first_crack", "drop"] {
        let is_own = |metric: &str| metric.strip_prefix(target).is_some_and(|rest| rest.starts_with('.'));
        let own: Vec<&Transforms<'_>> = pits.iter().filter(|one| is_own(one.metric) && one.n > 0).collect();
        let lead_s = pits.iter().find(|one| is_own(one.metric)).map(|one| one.lead_s);
        let at_lead: Vec<&HeldShare<'_>> = held
            .iter()
            .filter(|one| is_own(one.metric) && Some(one.lead_s) == lead_s && one.share.is_some())
            .collect();
        if let (Some(lead_s), false) = (lead_s, at_lead.is_empty()) {
            found.push(coverage(target, lead_s, &at_lead, arms));
        }
        found.extend(own.into_iter().map(|one| histogram(target, one, arms)));
    }
    found
}

/// Arms that state no interval anywhere, of which nothing can be shown.
pub(super) fn unsaid<'a>(held: &[HeldShare<'_>], (baseline, candidate): (&'a str, &'a str)) -> Vec<&'a str> {
    let says = |arm: &str| held.iter().any(|one| one.arm == arm && one.n > 0);
    let mut found: Vec<&str> = [baseline, candidate].into_iter().filter(|arm| !says(arm)).collect();
    found.dedup();
    if held.is_empty() { Vec::new() } else { found }
}

fn coverage(target: &str, lead_s: f64, held: &[&HeldShare<'_>], arms: (&str, &str)) -> Drawn {
    let words = target_of(target).unwrap_or(target);
    let said = |one: &&HeldShare<'_>| {
        let (nominal, share) = (maybe_percent(Some(one.nominal)), maybe_percent(one.share));
        format!(
            "{}: {share} within the interval of {nominal}, {} of {}",
            shortened(one.arm, 48),
            one.held,
            one.n
        )
    };
    let alt = held.iter().map(said).collect::<Vec<_>>().join(". ");
    let title = format!("Nominal against observed coverage of {words}, {lead_s} s before");
    // A little beyond both ends, so that what lies on them is seen whole.
    let axis = |name: &str| Axis::exact(name, (-0.03, 1.03), Labels::Percent, 6);
    let margins = Margins { top: 44.0, right: 14.0, ..Margins::default() };
    let picture = Picture::new(SQUARE.0, SQUARE.1, &title, &alt);
    let mut chart = Chart::new(picture, margins, axis("interval said to hold"), axis("held"));
    chart.line("upright", &[(0.0, 0.0), (1.0, 1.0)]);
    let ((left, top), _) = chart.frame();
    let (over, under) = ((left + 12.0, top + 18.0), (chart.x(0.98), chart.y(0.06)));
    chart.picture_mut().text("tick", Anchor::Start, over, "wider than need be");
    chart.picture_mut().text("tick", Anchor::End, under, "too sure");
    for one in held {
        let (class, aside) = if one.arm == arms.1 { ("candidate", 0.006) } else { ("baseline", -0.006) };
        // Beside each other, so that equal ones are both seen.
        let x = one.nominal + aside;
        if let Some((low, high)) = one.interval {
            chart.line(class, &[(x, low), (x, high)]);
        }
        if let Some(share) = one.share {
            chart.dot(&format!("fill-{class}"), (x, share), 4.0);
        }
    }
    let all = [("candidate", arms.1), ("baseline", arms.0)];
    let stating = all.into_iter().filter(|(_, arm)| held.iter().any(|one| one.arm == *arm));
    legend(chart.picture_mut(), &stating.collect::<Vec<_>>());
    let caption = format!(
        "{}: the share of events within the 50, 80 and 90 % intervals stated {lead_s} s before, with exact 95 % \
         intervals. On the dotted line forecasts are as sure as they should be.",
        capital(words)
    );
    Drawn::once(&format!("coverage-{}", target.replace('_', "-")), &caption, chart.into_picture())
}

fn histogram(target: &str, one: &Transforms<'_>, arms: (&str, &str)) -> Drawn {
    let words = target_of(target).unwrap_or(target);
    let is_candidate = one.arm == arms.1;
    let counts = one.bins.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let alt = format!(
        "{}, {} roasts in tenths of the forecast, the earliest first: {counts}",
        shortened(one.arm, 48),
        one.n
    );
    let title = format!("Where {words} fell in the forecasts of {}", shortened(one.arm, 40));
    let most = one.bins.iter().copied().max().unwrap_or(0).max(one.likely.1);
    let x = Axis::exact("share of the forecast before the event", (-0.02, 1.03), Labels::Percent, 6);
    let y = Axis::round("roasts", (0.0, count(most)), Labels::Number(0), 5);
    let picture = Picture::new(FLAT.0, FLAT.1, &title, &alt);
    let mut chart = Chart::new(picture, Margins { right: 14.0, ..Margins::default() }, x, y);
    let (low, high) = one.likely;
    chart.band("likely", &[(0.0, count(low), count(high)), (1.0, count(low), count(high))]);
    let class = if is_candidate { "fill-candidate" } else { "fill-baseline" };
    let bins = count(one.bins.len() as u64);
    for (i, n) in one.bins.iter().enumerate() {
        let i = count(i as u64);
        let (left, right) = (chart.x(i / bins), chart.x((i + 1.0) / bins));
        let (top, bottom) = (chart.y(count(*n)), chart.y(0.0));
        chart.picture_mut().rect(class, (left + 2.0, top), (right - left - 4.0, bottom - top));
    }
    chart.level("upright", one.expected);
    let p = one.p.map_or_else(String::new, |p| format!(" Evenness has p {}.", measured(Some(p), "1")));
    let caption = format!(
        "{}, {}: {} roasts, {} s before. Right forecasts fill all tenths alike, within the shaded range but for one \
         in twenty; full ends are forecasts too sure, a hill is one too wide.{p}",
        capital(words),
        shortened(one.arm, 40),
        one.n,
        one.lead_s
    );
    let arm = if is_candidate { "candidate" } else { "baseline" };
    Drawn::once(&format!("pit-{}-{arm}", target.replace('_', "-")), &caption, chart.into_picture())
}

/// A count on an axis.
#[allow(clippy::cast_precision_loss)] // Roasts are fewer than 2⁵³.
const fn count(n: u64) -> f64 {
    n as f64
}

/// How often intervals held, at every lead.
pub(super) fn table(held: &[HeldShare<'_>]) -> Grid {
    let columns =
        ["forecast of", "#s before", "arm", "#should hold", "#held", "#95 % interval", "#of roasts"];
    let mut grid = Grid::new("How often stated intervals held", &columns);
    for one in held.iter().filter(|one| one.n > 0 || one.fault.is_some()) {
        let (target, _) = one.metric.split_once('.').unwrap_or((one.metric, ""));
        let target = capital(target_of(target).unwrap_or(target));
        let percent = |share: f64| plain(share * 100.0, 0);
        let interval = one.interval.map_or_else(
            || NONE.to_owned(),
            |(low, high)| format!("{} to {} %", percent(low), percent(high)),
        );
        // Under the nominal share by more than luck is what a gate of calibration stops.
        let is_under = one.interval.is_some_and(|(_, high)| high < one.nominal);
        let share = maybe_percent(one.share);
        let share = if is_under { Cell::toned(format!("{share} ↓"), Tone::Fail) } else { Cell::of(share) };
        grid.rows.push(vec![
            Cell::of(one.fault.map_or_else(|| target.clone(), |why| format!("{target}: {why}"))),
            Cell::of(one.lead_s.to_string()),
            Cell::of(one.arm),
            Cell::of(format!("{} %", percent(one.nominal))),
            share,
            Cell::of(interval),
            Cell::of(one.n.to_string()),
        ]);
    }
    grid
}
