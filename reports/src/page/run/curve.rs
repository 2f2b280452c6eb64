//! The curve of a roast as roasters read it: BT, ET and rate of rise over time, phases and marks, and the settings.

use trier_roast::{MarkKind, Quality};

use super::input::{Batch, Phase};
use crate::number::{clock, maybe, maybe_clock, maybe_percent, plain};
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture, legend, stacked, text_width};
use crate::terminal::mark_name;

/// Temperatures drawn, °C; what lies outside is no probe in a roaster.
const TEMPS_C: (f64, f64) = (-20.0, 450.0);
/// Rate of rise beyond this is a probe meeting cold beans, not a roast, °C/min.
const ROR_MAX: f64 = 60.0;
/// The axis of the rate of rise goes so much beyond its highest value, so that BT stands above it as roasters know it.
const ROR_HEADROOM: f64 = 1.5;
/// Time shown before charge and after drop, s.
const AROUND_S: (f64, f64) = (20.0, 45.0);

const LEFT: f64 = 44.0;
const ROW: f64 = 14.0;

/// How large a curve is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    width: f64,
    frame: f64,
    settings: f64,
}

/// For a screen or a page.
pub(super) const WIDE: Size = Size { width: 1000.0, frame: 360.0, settings: 64.0 };
/// For a telephone.
pub(super) const NARROW: Size = Size { width: 400.0, frame: 250.0, settings: 56.0 };

/// A mark on the curve: when, BT there, and its name.
struct Marked {
    at_s: f64,
    bt_c: Option<f64>,
    name: String,
}

/// The curve. See [`crate::page::run`].
pub(super) fn curve(batch: &Batch, size: Size) -> Picture {
    let bt = batch.readings.drawn("bt_c", Quality::is_usable);
    let et = batch.readings.drawn("et_c", Quality::is_et_usable);
    let ror = rate(batch);
    let time = time_axis(batch, &bt, size);
    let marks = marks(batch, time.range());
    let frame = (LEFT, size.width - LEFT);
    let place = |at_s: f64| frame.0 + time.share(at_s) * (frame.1 - frame.0);
    let wanted: Vec<(f64, f64)> =
        marks.iter().map(|mark| (place(mark.at_s), text_width(&mark.name))).collect();
    let places = stacked(&wanted, (2.0, size.width - 2.0));
    let rows = places.iter().map(|(_, row)| row + 1).max().unwrap_or(0) as f64;
    let top = 34.0 + rows * ROW;
    let below = 30.0 + size.settings + 36.0;
    let whole = Picture::new(size.width, top + size.frame + below, &title(batch), &alt(batch));

    let temps = Axis::round("°C", ends(bt.iter().chain(&et), TEMPS_C), Labels::Number(0), 9);
    let rates = (!ror.is_empty()).then(|| {
        let (_, fastest) = ends(ror.iter(), (0.0, ROR_MAX));
        Axis::exact("°C/min", (0.0, (fastest * ROR_HEADROOM).max(10.0)), Labels::Number(0), 7)
    });
    let margins = Margins { top, right: LEFT, bottom: below, left: LEFT };
    let mut chart = Chart::new(whole, margins, time.clone().quiet(), temps);
    shades(&mut chart, &batch.phases);
    if let Some(axis) = &rates {
        chart.second_axis(axis, "ror");
        chart.line_on(axis, "ror", &within(&ror, (0.0, ROR_MAX)));
    }
    chart.line("et", &within(&et, TEMPS_C));
    chart.line("bt", &within(&bt, TEMPS_C));
    flags(&mut chart, batch, &bt);
    mark(&mut chart, &marks, &places);
    legend(chart.picture_mut(), (LEFT, 14.0), &named(batch, &et, &ror));
    phase_bar(&mut chart, &batch.phases);
    settings(chart.into_picture(), batch, time, (top + size.frame + 30.0, size))
}

/// The rate of rise from the turning point on: before it, it says how cold the probe was.
fn rate(batch: &Batch) -> Vec<(f64, f64)> {
    let turned_s = batch.session.turning_point_s.unwrap_or(0.0);
    let all = batch.readings.drawn("bt_ror_c_per_min", Quality::is_usable);
    all.into_iter().filter(|(at_s, _)| *at_s >= turned_s).filter(|(at_s, _)| *at_s <= end_s(batch)).collect()
}

/// When the roast ended, s since charge: its drop, else its last reading.
fn end_s(batch: &Batch) -> f64 {
    let last = || batch.readings.columns.at_s.last().copied().unwrap_or(0.0);
    batch.session.drop_s.unwrap_or_else(last)
}

fn time_axis(batch: &Batch, bt: &[(f64, f64)], size: Size) -> Axis {
    let (first, last) = (bt.first().map_or(0.0, |p| p.0), bt.last().map_or(0.0, |p| p.0));
    let end = end_s(batch);
    let range = (first.clamp(-AROUND_S.0, 0.0), last.min(end + AROUND_S.1).max(end).max(60.0));
    Axis::exact("time since charge, min", range, Labels::Clock, (size.width / 75.0) as usize)
}

/// The points with those outside the limits taken away.
fn within(points: &[(f64, f64)], limits: (f64, f64)) -> Vec<(f64, f64)> {
    let kept = |y: f64| if (limits.0..=limits.1).contains(&y) { y } else { f64::NAN };
    points.iter().map(|(x, y)| (*x, kept(*y))).collect()
}

fn ends<'a>(points: impl Iterator<Item = &'a (f64, f64)>, limits: (f64, f64)) -> (f64, f64) {
    let values = points.map(|(_, y)| *y).filter(|y| (limits.0..=limits.1).contains(y));
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
    if low <= high { (low, high) } else { (0.0, 1.0) }
}

/// The marks in order of time, as the session has them, and those it has no place for.
fn marks(batch: &Batch, shown: (f64, f64)) -> Vec<Marked> {
    let session = &batch.session;
    let own = [
        (MarkKind::Charge, Some(0.0), session.charge_bt_c),
        (MarkKind::TurningPoint, session.turning_point_s, session.turning_point_bt_c),
        (MarkKind::DryEnd, session.dry_end_s, session.dry_end_bt_c),
        (MarkKind::FirstCrackStart, session.first_crack_s, session.first_crack_bt_c),
        (MarkKind::Drop, session.drop_s, session.drop_bt_c),
    ];
    let is_own = |kind: &str| own.iter().any(|(own, ..)| own.name() == kind);
    let named = |kind: &str, at_s: f64| format!("{} {}", mark_name(kind), clock(at_s));
    let mut all: Vec<Marked> = own
        .iter()
        .filter_map(|(kind, at_s, bt_c)| at_s.map(|at_s| (kind, at_s, *bt_c)))
        .map(|(kind, at_s, bt_c)| Marked { at_s, bt_c, name: named(kind.name(), at_s) })
        .collect();
    let others = batch.marks.iter().filter(|mark| !is_own(&mark.kind));
    all.extend(others.filter_map(|mark| {
        mark.since_charge_s.map(|at_s| Marked { at_s, bt_c: None, name: named(&mark.kind, at_s) })
    }));
    all.retain(|mark| (shown.0..=shown.1).contains(&mark.at_s));
    all.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    // A mark that is told twice, as by two devices, stands once.
    all.dedup_by(|a, b| a.name == b.name);
    all
}

fn mark(chart: &mut Chart, marks: &[Marked], places: &[(f64, usize)]) {
    let ((_, top), (_, height)) = chart.frame();
    for (mark, (middle, row)) in marks.iter().zip(places) {
        let x = chart.x(mark.at_s);
        let y = top - 8.0 - *row as f64 * ROW;
        let from = (*middle, y + 3.0);
        chart.picture_mut().line("upright", &[from, (x, top), (x, top + height)]);
        chart.picture_mut().text("mark", Anchor::Middle, (*middle, y), &mark.name);
    }
    temperatures(chart, marks);
}

/// A dot on BT at each mark, and BT beside it where there is room; the last of the roast first.
fn temperatures(chart: &mut Chart, marks: &[Marked]) {
    let ((_, top), (_, height)) = chart.frame();
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for (mark, bt_c) in
        marks.iter().rev().filter_map(|mark| Some((mark, mark.bt_c.filter(|c| c.is_finite())?)))
    {
        chart.dot("fill-bt", (mark.at_s, bt_c), 3.5);
        let (x, y) = (chart.x(mark.at_s), chart.y(bt_c));
        let down = if y > top + height - 22.0 { -7.0 } else { 16.0 };
        let is_right = x > chart.x(f64::MAX) - 60.0;
        let (anchor, by, middle) = if is_right {
            (Anchor::End, (-5.0, down + 4.0), x - 24.0)
        } else {
            (Anchor::Start, (7.0, down), x + 26.0)
        };
        if taken.iter().any(|(other, at)| (other - middle).abs() < 42.0 && (at - y).abs() < 16.0) {
            continue;
        }
        taken.push((middle, y));
        chart.text("halo", anchor, (mark.at_s, bt_c), by, &format!("{}°", plain(bt_c, 1)));
    }
}

const SHADES: [&str; 3] = ["drying", "maillard", "development"];

/// The phases that have both ends, with their shades.
fn whole(phases: &[Phase]) -> impl Iterator<Item = (&Phase, &'static str, f64, f64)> {
    let both = |(phase, shade): (_, &'static str)| {
        let phase: &Phase = phase;
        Some((phase, shade, phase.from_s?, phase.to_s?))
    };
    phases.iter().zip(SHADES).filter_map(both).filter(|(.., from, to)| from < to)
}

fn shades(chart: &mut Chart, phases: &[Phase]) {
    for (_, shade, from, to) in whole(phases) {
        chart.shade(shade, from, to);
    }
}

/// The phases as a bar below the frame, named as far as there is room.
fn phase_bar(chart: &mut Chart, phases: &[Phase]) {
    let ((_, top), (_, height)) = chart.frame();
    let y = top + height + 5.0;
    for (phase, shade, from, to) in whole(phases) {
        let (left, right) = (chart.x(from), chart.x(to));
        let share = maybe_percent(phase.share);
        let texts = [
            format!("{} {} · {share}", phase.name, maybe_clock(phase.seconds)),
            format!("{} {share}", short(phase.name)),
            share,
        ];
        let picture = chart.picture_mut();
        picture.rect(&format!("{shade} deep"), (left + 0.5, y), (right - left - 1.0, 18.0));
        let fits = texts.iter().find(|text| text_width(text) < right - left);
        picture.text(
            "mark",
            Anchor::Middle,
            (left + (right - left) / 2.0, y + 13.0),
            fits.map_or("", String::as_str),
        );
    }
}

fn short(phase: &str) -> &str {
    if phase == "Development" { "Dev." } else { phase }
}

/// A tick for every sample that is flagged, on the newest BT that may be used; at the bottom where there is none yet.
fn flags(chart: &mut Chart, batch: &Batch, bt: &[(f64, f64)]) {
    let ((_, top), (_, height)) = chart.frame();
    for (name, times) in batch.readings.flags() {
        let places: Vec<(f64, f64)> = times
            .iter()
            .map(|at_s| {
                let before = bt.partition_point(|(t, _)| t <= at_s);
                let on = bt.iter().take(before).rev().find(|(_, c)| c.is_finite());
                (chart.x(*at_s), on.map_or(top + height - 5.0, |(_, c)| chart.y(*c)))
            })
            .collect();
        let hint = format!("{}: {} samples", name.replace('_', " "), times.len());
        chart.picture_mut().hinted(&hint, |picture| {
            let mut last = f64::NEG_INFINITY;
            for (x, y) in places {
                // Ticks closer than their own width would be a block.
                if x - last >= 1.5 {
                    picture.line("flag", &[(x, y - 5.0), (x, y + 5.0)]);
                    last = x;
                }
            }
        });
    }
}

/// What the legend names: what is drawn.
fn named(batch: &Batch, et: &[(f64, f64)], ror: &[(f64, f64)]) -> Vec<(&'static str, &'static str)> {
    let drawn = |points: &[(f64, f64)]| points.iter().any(|(_, y)| y.is_finite());
    let mut all = vec![("bt", "BT")];
    all.extend(drawn(et).then_some(("et", "ET")));
    all.extend(drawn(ror).then_some(("ror", "RoR")));
    all.extend(batch.readings.columns.has("gas_pct").then_some(("gas", "gas")));
    all.extend(batch.readings.columns.has("air_pct").then_some(("air", "air")));
    all.extend((!batch.readings.flags().is_empty()).then_some(("flag", "flagged")));
    all
}

/// Gas and air beneath, by the same axis of time.
fn settings(picture: Picture, batch: &Batch, time: Axis, (top, size): (f64, Size)) -> Picture {
    let margins = Margins { top, right: LEFT, bottom: 36.0, left: LEFT };
    let mut chart = Chart::new(picture, margins, time, Axis::exact("", (0.0, 100.0), Labels::Number(0), 2));
    let columns = &batch.readings.columns;
    for (class, column) in [("air", "air_pct"), ("gas", "gas_pct")] {
        chart.steps(class, &columns.points(column));
    }
    let has = columns.has("gas_pct") || columns.has("air_pct");
    let ((left, _), (width, _)) = chart.frame();
    let picture = chart.picture_mut();
    if has {
        picture.text("axis", Anchor::Start, (left + width + 6.0, top + 11.0), "%");
    } else {
        let middle = (left + width / 2.0, top + size.settings / 2.0);
        picture.text("axis", Anchor::Middle, middle, "gas and air were not read");
    }
    chart.into_picture()
}

fn title(batch: &Batch) -> String {
    format!("Roast {}", crate::markup::shortened(&batch.session.source, 60))
}

fn alt(batch: &Batch) -> String {
    let session = &batch.session;
    format!(
        "BT at charge {}, turning point {} at {}, dry end {} at {}, first crack {} at {}, drop {} at {}; development {} of the roast.",
        maybe(session.charge_bt_c, "°C"),
        maybe(session.turning_point_bt_c, "°C"),
        maybe_clock(session.turning_point_s),
        maybe(session.dry_end_bt_c, "°C"),
        maybe_clock(session.dry_end_s),
        maybe(session.first_crack_bt_c, "°C"),
        maybe_clock(session.first_crack_s),
        maybe(session.drop_bt_c, "°C"),
        maybe_clock(session.drop_s),
        maybe_percent(session.development_ratio),
    )
}
