//! What truly happened beside what was read: beans, water, cracks, colour, heat and its books.

use trier_roast::Quality;

use super::input::{Batch, Truth};
use crate::number::{maybe, plain};
use crate::page::Figure;
use crate::picture::{Axis, Chart, Labels, Margins, Picture, legend};

const SIZE: (f64, f64) = (460.0, 260.0);
const MARGINS: Margins = Margins { top: 40.0, right: 40.0, bottom: 34.0, left: 44.0 };

/// Points over time with their class and their name.
type Line<'a> = (&'a str, &'a str, Vec<(f64, f64)>);

/// The figures of truth; none for a roast that was not simulated.
pub(super) fn figures(batch: &Batch, prefix: &str) -> Vec<Figure> {
    let Some(truth) = &batch.truth else { return Vec::new() };
    let last_s = truth.columns.at_s.last().copied().unwrap_or(60.0);
    let end_s = batch.session.drop_s.unwrap_or(last_s);
    let all = [
        beans(batch, truth, end_s),
        water(truth, end_s),
        cracks(batch, truth, end_s),
        colour(truth, end_s),
        drum(batch, truth, end_s),
        books(truth, end_s),
    ];
    all.into_iter().map(|(id, figure)| Figure { id: format!("{prefix}{id}"), ..figure }).collect()
}

type Made = (&'static str, Figure);

/// A chart of lines by one axis, under their names.
fn of_lines(title: &str, alt: &str, end_s: f64, y: Axis, lines: &[Line<'_>]) -> Chart {
    let x = Axis::exact("time since charge, min", (0.0, end_s), Labels::Clock, 7);
    let mut chart = Chart::new(Picture::new(SIZE.0, SIZE.1, title, alt), MARGINS, x, y);
    for (class, _, points) in lines {
        chart.line(class, &shown(points, end_s));
    }
    let named: Vec<(&str, &str)> = lines.iter().map(|(class, name, _)| (*class, *name)).collect();
    legend(chart.picture_mut(), (MARGINS.left, 12.0), &named);
    chart
}

/// From charge to drop.
fn shown(points: &[(f64, f64)], end_s: f64) -> Vec<(f64, f64)> {
    points.iter().copied().filter(|(at_s, _)| (0.0..=end_s).contains(at_s)).collect()
}

/// The lowest and the highest value of lines between charge and drop; 0 to 1 where there is none.
fn range(lines: &[Line<'_>], end_s: f64) -> (f64, f64) {
    let values = lines.iter().flat_map(|(.., points)| shown(points, end_s)).map(|(_, y)| y);
    let finite = values.filter(|y| y.is_finite());
    let (low, high) =
        finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
    if low <= high { (low, high) } else { (0.0, 1.0) }
}

fn made(id: &'static str, chart: Chart, caption: &str) -> Made {
    (id, Figure { id: String::new(), picture: chart.into_picture(), caption: caption.to_owned() })
}

/// The bean beside its probe.
fn beans(batch: &Batch, truth: &Truth, end_s: f64) -> Made {
    let lines = [
        ("bt", "BT as read", batch.readings.drawn("bt_c", Quality::is_usable)),
        ("truth", "bean shell", truth.columns.points("bean_shell_c")),
        ("core", "bean core", truth.columns.points("bean_core_c")),
    ];
    let alt = format!(
        "At drop BT read {}; the beans' shell was at {}, their core at {}.",
        maybe(batch.session.drop_bt_c, "°C"),
        maybe(truth.columns.last("bean_shell_c"), "°C"),
        maybe(truth.columns.last("bean_core_c"), "°C"),
    );
    let y = Axis::round("°C", range(&lines, end_s), Labels::Number(0), 7);
    let chart = of_lines("The beans and what the probe read", &alt, end_s, y, &lines);
    made(
        "beans",
        chart,
        "The probe starts hot, falls to the beans, and follows them late. Beans only ever warm.",
    )
}

fn water(truth: &Truth, end_s: f64) -> Made {
    let lines = [("water", "water per dry mass", truth.columns.points("moisture"))];
    let alt = format!(
        "Water per dry mass at drop: {}; weight lost since green: {}.",
        maybe_share(truth.columns.last("moisture")),
        maybe(truth.columns.last("weight_loss_pct"), "%"),
    );
    let (_, high) = range(&lines, end_s);
    let y = Axis::round("water, %", (0.0, high), Labels::Percent, 6);
    let mut chart = of_lines("Water in the beans and weight lost", &alt, end_s, y, &[]);
    let lost = truth.columns.points("weight_loss_pct");
    let (_, most) = range(&[("", "", lost.clone())], end_s);
    let axis = Axis::round("lost, %", (0.0, most), Labels::Number(0), 6);
    chart.second_axis(&axis, "soft");
    chart.line_on(&axis, "soft dashed", &shown(&lost, end_s));
    for (class, _, points) in &lines {
        chart.line(class, &shown(points, end_s));
    }
    legend(chart.picture_mut(), (MARGINS.left, 12.0), &[("water", "water"), ("soft dashed", "weight lost")]);
    made("water", chart, "Water per dry mass on the left, weight lost since green on the right.")
}

fn cracks(batch: &Batch, truth: &Truth, end_s: f64) -> Made {
    let y = Axis::exact("cracked", (0.0, 1.0), Labels::Percent, 6);
    let alt = format!(
        "Share of beans past first crack at drop: {}; past second crack: {}.",
        maybe_share(truth.columns.last("cracked")),
        maybe_share(truth.columns.last("second_cracked")),
    );
    let popped = truth.columns.points("beans_popping_per_s");
    let heard = batch.readings.columns.points("pops_per_s");
    let (_, fastest) = range(&[("", "", popped.clone()), ("", "", heard.clone())], end_s);
    let axis = Axis::round("pops/s", (0.0, fastest.max(1.0)), Labels::Number(0), 6);
    let mut chart = of_lines("Cracks", &alt, end_s, y, &[]);
    chart.second_axis(&axis, "soft");
    chart.line_on(&axis, "soft", &shown(&popped, end_s));
    chart.line_on(&axis, "heard", &shown(&heard, end_s));
    chart.line("crack", &shown(&truth.columns.points("cracked"), end_s));
    chart.line("truth dashed", &shown(&truth.columns.points("second_cracked"), end_s));
    let mut named = vec![("crack", "1st crack"), ("truth dashed", "2nd crack"), ("soft", "pops/s")];
    named.extend(batch.readings.columns.has("pops_per_s").then_some(("heard", "heard/s")));
    legend(chart.picture_mut(), (MARGINS.left, 12.0), &named);
    made(
        "cracks",
        chart,
        "Share of beans that have cracked on the left; how many pop in a second on the right.",
    )
}

fn colour(truth: &Truth, end_s: f64) -> Made {
    let lines = [
        ("crack", "Agtron, ground", truth.columns.points("agtron")),
        ("soft dashed", "lightness L*", truth.columns.points("lightness")),
    ];
    let alt = format!(
        "At drop: Agtron {}, lightness {}.",
        maybe(truth.columns.last("agtron"), "ground"),
        maybe(truth.columns.last("lightness"), "L*"),
    );
    let y = Axis::round("Agtron, L*", range(&lines, end_s), Labels::Number(0), 6);
    made(
        "colour",
        of_lines("Colour", &alt, end_s, y, &lines),
        "Darker is lower. Agtron is a guess, and starts once beans are yellow.",
    )
}

fn drum(batch: &Batch, truth: &Truth, end_s: f64) -> Made {
    let lines = [
        ("crack", "air in", truth.columns.points("plenum_c")),
        ("et", "ET as read", batch.readings.drawn("et_c", Quality::is_et_usable)),
        ("air", "air out", truth.columns.points("outlet_c")),
        ("truth", "wall", truth.columns.points("wall_c")),
    ];
    let alt = format!(
        "At drop air entered at {} and left at {}; the wall was at {}, the heater gave {}.",
        maybe(truth.columns.last("plenum_c"), "°C"),
        maybe(truth.columns.last("outlet_c"), "°C"),
        maybe(truth.columns.last("wall_c"), "°C"),
        maybe(truth.columns.last("heater_kw"), "kW"),
    );
    let y = Axis::round("°C", range(&lines, end_s), Labels::Number(0), 7);
    let mut chart = of_lines("Where the heat is", &alt, end_s, y, &lines);
    let power = truth.columns.points("heater_kw");
    let (_, most) = range(&[("", "", power.clone())], end_s);
    let axis = Axis::round("kW", (0.0, most.max(1.0) * 2.0), Labels::Number(0), 7);
    chart.second_axis(&axis, "gas");
    chart.line_on(&axis, "gas dashed", &shown(&power, end_s));
    let at = (MARGINS.left + 330.0, 12.0);
    legend(chart.picture_mut(), at, &[("gas dashed", "heater")]);
    made("drum", chart, "Air, wall and ET on the left; the heater's power, kW, on the right.")
}

/// Heat and mass that came from nowhere: what keeps the simulator honest.
fn books(truth: &Truth, end_s: f64) -> Made {
    let lines = [("soft", "energy", truth.columns.points("energy_ppt"))];
    let alt = format!(
        "Worst energy residual {} of throughput, worst mass residual {} of green mass.",
        small(truth.worst_energy),
        small(truth.worst_mass)
    );
    let (low, high) = range(&lines, end_s);
    let y = Axis::round("10⁻¹² of throughput", (low.min(-1.0), high.max(1.0)), Labels::Number(0), 6);
    let chart = of_lines("Energy from nowhere", &alt, end_s, y, &[]);
    let mut chart = chart;
    chart.level("zero", 0.0);
    chart.line("truth", &shown(&lines[0].2, end_s));
    made(
        "books",
        chart,
        "What the simulator's heat balance is off by at each step, of all heat so far; its limit is 1000 on this axis.",
    )
}

pub(super) fn small(value: Option<f64>) -> String {
    value.map_or_else(|| crate::number::NONE.to_owned(), |value| format!("{value:.1e}"))
}

fn maybe_share(value: Option<f64>) -> String {
    value.map_or_else(|| crate::number::NONE.to_owned(), |value| format!("{} %", plain(value * 100.0, 1)))
}
