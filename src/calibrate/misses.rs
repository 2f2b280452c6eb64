//! How a calibration stands to its bars, and what its misses come from, in words.

use trier_roast::order::median;
use trier_sim::calibrate::{self, Bar, BatchScalars, Observed, PHASES, RoastErrors};

use super::report::Judged;

/// A first crack this near is met, s.
const CRACK_WITHIN_S: f64 = 30.0;

/// The roasts held out, as they stand in time.
fn held_out<'a, 'b>(judged: &'a [Judged<'b>]) -> Vec<&'a Judged<'b>> {
    let mut held: Vec<&Judged<'_>> = judged.iter().filter(|one| one.part == "held_out").collect();
    held.sort_by_key(|one| one.place);
    held
}

fn errors_of(held: &[&Judged<'_>], curve: &str) -> Vec<RoastErrors> {
    let errors = held.iter().flat_map(|one| &one.errors);
    errors.filter(|(name, _)| *name == curve).map(|(_, errors)| *errors).collect()
}

/// How the roasts held out stand to the bars.
pub(super) fn bars(judged: &[Judged<'_>]) -> Vec<Bar> {
    let held = held_out(judged);
    let totals = |curve: &str| calibrate::totals(&errors_of(&held, curve));
    calibrate::bars(&totals("machine"), &totals("machine_and_batch"))
}

/// Bars and evidence over the roasts held out.
pub(super) fn told(judged: &[Judged<'_>]) -> String {
    let held = held_out(judged);
    let (machine, with_batch) = (errors_of(&held, "machine"), errors_of(&held, "machine_and_batch"));
    let mut lines: Vec<String> = Vec::new();
    for bar in bars(judged) {
        let found = bar.value.map_or_else(|| "nothing to compare".to_owned(), |value| format!("{value:.2}"));
        let (side, verdict) =
            (if bar.at_most { "at most" } else { "at least" }, if bar.met() { "met" } else { "missed" });
        lines.push(format!("bar {verdict}: {} {found}, {side} {:.2} {}", bar.what, bar.limit, bar.unit));
    }
    lines.extend(PHASES.iter().enumerate().filter_map(|(phase, name)| {
        let (shared_c, own_c) = calibrate::shared_and_own_c(&machine, phase)?;
        let name = name.replace('_', " ");
        Some(format!("{name}: all roasts miss by {shared_c:+.1} °C, each by ±{own_c:.1} °C of its own"))
    }));
    lines.push(mends(&held, &machine, &with_batch));
    let own: Vec<(&Observed, BatchScalars)> = held.iter().map(|one| (one.roast, one.own)).collect();
    lines.extend(calibrate::go_together(&own).iter().map(|with| {
        format!(
            "{} goes with {}: rank correlation {:+.2} over {} roasts",
            with.number, with.recorded, with.rank_correlation, with.n
        )
    }));
    let cracks: Vec<f64> = held.iter().filter_map(|one| one.crack_at_recorded_s).collect();
    if !cracks.is_empty() {
        let met = cracks.iter().filter(|s| s.abs() <= CRACK_WITHIN_S).count();
        lines.push(format!(
            "first crack by the recorded BT itself, at what the training roasts showed at theirs: within 30 s in {met} of {}",
            cracks.len()
        ));
    }
    if lines.iter().any(|line| line.starts_with("bar missed")) {
        lines.extend(missing(&held, &machine));
    }
    lines.join("\n") + "\n"
}

/// What the model lacks on this machine, as far as the evidence goes.
fn missing(held: &[&Judged<'_>], machine: &[RoastErrors]) -> Vec<String> {
    let mut lines = Vec::new();
    let phases: Vec<(f64, f64)> =
        (0..PHASES.len()).filter_map(|i| calibrate::shared_and_own_c(machine, i)).collect();
    let size = |of: fn(&(f64, f64)) -> f64| phases.iter().map(|phase| of(phase).abs()).sum::<f64>();
    let (shared_c, own_c) = (size(|phase| phase.0), size(|phase| phase.1));
    if !phases.is_empty() {
        lines.push(if own_c > 2.0 * shared_c {
            "missing: something that differs from batch to batch and is not in the logs; the shape of the curve is right in the mean"
        } else {
            "missing: something in the shape of the curve, which all batches miss alike"
        }.to_owned());
    }
    // What stands behind each of the batch's own numbers, in their order.
    const BEHIND: [&str; 3] = [
        "beans: their water, or how their lot takes heat",
        "heat that arrives: mains or gas pressure, the law of the control, what the fan carries off",
        "metal at charge: the preheat before it, of which probes show the surface only",
    ];
    let left: Vec<Option<f64>> =
        (0..3).map(|i| median(&held.iter().filter_map(|one| one.alone_c[i]).collect::<Vec<f64>>())).collect();
    let least = left.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    for (left, behind) in left.iter().zip(BEHIND) {
        // A number that mends within a tenth as much as the best cannot be told from it by BT.
        if left.is_some_and(|c| c <= 1.1 * least) {
            lines.push(format!("may be {behind}"));
        }
    }
    let cracks: Vec<f64> = held.iter().filter_map(|one| one.crack_at_recorded_s).collect();
    let met = cracks.iter().filter(|s| s.abs() <= CRACK_WITHIN_S).count();
    if met * 4 < cracks.len() * 3 {
        lines.push(
            "first crack: at one BT even the recorded curve meets too few marks; they scatter by lot, or by ear".to_owned(),
        );
    }
    lines
}

/// What each of the batch's own numbers mends by itself.
fn mends(held: &[&Judged<'_>], machine: &[RoastErrors], with_batch: &[RoastErrors]) -> String {
    let rmse = |errors: &[RoastErrors]| median(&errors.iter().map(|e| e.bt_rmse_c).collect::<Vec<f64>>());
    let words = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |c| format!("{c:.1}"));
    let alone = BatchScalars::NAMES.iter().enumerate().map(|(i, name)| {
        let left: Vec<f64> = held.iter().filter_map(|one| one.alone_c[i]).collect();
        format!("{name} {}", words(median(&left)))
    });
    let alone: Vec<String> = alone.collect();
    format!(
        "median BT RMSE with one number a batch, °C: {}; with none {}, with all {}",
        alone.join(", "),
        words(rmse(machine)),
        words(rmse(with_batch))
    )
}
