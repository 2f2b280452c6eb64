//! The tables of a verdict's page: comparisons, gates, the gate's own test, figures of each arm, digests.

use trier_tables::rows::SelfTestRow;
use trier_tables::verdict::{GateSaid, VerdictFile};

use super::forest::standing;
use super::input::{ArmFigure, Evidence};
use super::words::{label_of, spoken, target_of, tone};
use crate::gates::{
    EXPLORATORY, Standing, asked, clusters_short, comparison_of, difference, interval, margin,
};
use crate::markup::capital;
use crate::number::{NONE, maybe_percent, measured, plain};
use crate::page::{Cell, Fact, Grid, Tone};

/// The facts under the verdict.
pub(super) fn facts(said: &VerdictFile) -> Vec<Fact> {
    let n = &said.counts;
    let fact =
        |name: &str, value: String, note: String, tone| Fact { name: name.to_owned(), value, note, tone };
    let mut odd: Vec<String> = Vec::new();
    for (n, what) in [(n.refused, "refused"), (n.errored, "errored"), (n.not_run, "not run")] {
        if n > 0 {
            odd.push(format!("{n} {what}"));
        }
    }
    let all = n.passed + n.waived + n.inconclusive + n.failed;
    let gates = [(n.failed, "failed"), (n.inconclusive, "inconclusive"), (n.waived, "waived")];
    let gates: Vec<String> =
        gates.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let tone_of = |is_bad: bool| if is_bad { Tone::Fail } else { Tone::Pass };
    let mut facts = vec![
        fact("Gates passed", format!("{} of {all}", n.passed), gates.join(", "), tone_of(n.passed < all)),
        fact(
            "Cases run",
            format!("{} of {}", n.ran, said.plan.units),
            odd.join(", "),
            if n.errored + n.not_run > 0 { Tone::Warn } else { Tone::Plain },
        ),
        fact(
            "Independent clusters",
            said.plan.clusters.to_string(),
            "lot × machine × day".to_owned(),
            Tone::Plain,
        ),
    ];
    match &said.coverage {
        Some(seen) => {
            let note = format!("safety {} of {}", seen.safety_met, seen.safety);
            let is_bad = seen.safety_met < seen.safety;
            facts.push(fact(
                "Critical flows met",
                format!("{} of {}", seen.met, seen.flows),
                note,
                tone_of(is_bad),
            ));
        }
        None => {
            facts.push(fact("Critical flows met", NONE.to_owned(), "not looked for".to_owned(), Tone::Soft));
        }
    }
    if let Some(risk) = &said.risk {
        let note = format!("above {} somebody must approve", plain(risk.limit, 0));
        let tone = if risk.total > risk.limit { Tone::Warn } else { Tone::Plain };
        facts.push(fact("Risk", format!("{} of 100", plain(risk.total, 0)), note, tone));
    }
    facts
}

/// Every comparison: rules, or explored slices.
pub(super) fn comparisons(said: &VerdictFile, are_explored: bool) -> Grid {
    let caption = if are_explored {
        "Explored slices: p is adjusted over all of them (Benjamini and Hochberg)"
    } else {
        "Rules: candidate minus baseline, negative is better; p of primaries is adjusted over them (Holm)"
    };
    let columns = [
        "what",
        "slice",
        "#difference",
        "#interval",
        "#margin",
        "#p",
        "#pairs",
        "#clusters",
        "#missing",
        "says",
        "why",
    ];
    let mut grid = Grid::new(caption, &columns);
    for row in said.comparisons.iter().filter(|row| (row.role == EXPLORATORY) == are_explored) {
        let standing = standing(said, row);
        let more = clusters_short(row)
            .map_or_else(String::new, |short| format!(": about {short} more clusters needed"));
        let role = if are_explored { String::new() } else { format!("{}: ", row.role) };
        let missing =
            Cell::toned(row.n_missing.to_string(), if row.n_missing > 0 { Tone::Warn } else { Tone::Soft });
        grid.rows.push(vec![
            Cell::of(capital(&format!("{role}{}", spoken(&row.metric)))),
            Cell::of(&row.slice),
            Cell::of(difference(row)),
            Cell::of(interval(row)),
            Cell::of(margin(row)),
            Cell::of(measured(row.p_adjusted.or(row.p), "1")),
            Cell::of(row.n_pairs.to_string()),
            Cell::of(row.n_clusters.to_string()),
            missing,
            Cell::toned(format!("{} {}{more}", standing.sign(), label_of(&row.label)), tone(standing)),
            Cell::toned(&row.reason, Tone::Soft),
        ]);
    }
    grid
}

/// A gate as it stands in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GateLine {
    /// Its sign and what it came to.
    pub says: String,
    pub tone: Tone,
    pub gate: String,
    /// What is asked; may be empty.
    pub asks: String,
    pub observed: String,
    pub limit: String,
    pub reason: String,
    /// Who let it pass; may be empty.
    pub waiver: String,
}

/// Every gate against its limit, in the order of the policy.
pub(super) fn gates(said: &VerdictFile) -> Vec<GateLine> {
    said.gates.iter().map(|gate| gate_line(said, gate)).collect()
}

fn gate_line(said: &VerdictFile, gate: &GateSaid) -> GateLine {
    let standing = Standing::of(gate);
    let word = match standing {
        Standing::Pass => "pass",
        Standing::Waived => "waived",
        Standing::Aside => "inconclusive, not in the way",
        Standing::Inconclusive => "inconclusive",
        Standing::Fail => "fail",
        Standing::Error => "error",
    };
    GateLine {
        says: format!("{} {word}", standing.sign()),
        tone: tone(standing),
        gate: gate.gate.clone(),
        asks: asked(gate, comparison_of(said, gate)),
        observed: measured(gate.observed, &gate.unit),
        limit: measured(gate.limit, &gate.unit),
        reason: gate.reason.clone(),
        waiver: gate.waiver.clone().unwrap_or_default(),
    }
}

/// What each rule was planned with.
pub(super) fn powers(said: &VerdictFile) -> Grid {
    let wanted = plain(said.plan.power_wanted, 2);
    let caption = format!("Power of each rule before anything ran; {wanted} was wanted");
    let mut grid =
        Grid::new(&caption, &["rule", "is to show", "#clusters", "#power", "#finds", "#clusters needed"]);
    for power in &said.plan.powers {
        let is_enough = power.power >= said.plan.power_wanted;
        let (sign, tone) = if is_enough { ("✓", Tone::Pass) } else { ("✗", Tone::Fail) };
        grid.rows.push(vec![
            Cell::of(&power.gate),
            Cell::of(&power.goal),
            Cell::of(power.clusters.to_string()),
            Cell::toned(format!("{sign} {}", plain(power.power, 2)), tone),
            Cell::of(power.detectable.map_or_else(|| NONE.to_owned(), |effect| plain(effect, 2))),
            Cell::of(power.needed.map_or_else(|| NONE.to_owned(), |n| n.to_string())),
        ]);
    }
    grid
}

/// The gate's own test.
pub(super) fn self_test(rows: &[SelfTestRow]) -> Grid {
    let columns = ["planted", "#candidates", "#promoted", "#bound", "", "verdicts"];
    let mut grid = Grid::new("What the gate makes of made-up candidates of known merit", &columns);
    for row in rows {
        let side = if &*row.side == "at_most" { "≤" } else { "≥" };
        let (word, tone) = if row.holds { ("✓ holds", Tone::Pass) } else { ("✗ fails", Tone::Fail) };
        grid.rows.push(vec![
            Cell::of(&*row.planted),
            Cell::of(row.runs.to_string()),
            Cell::of(maybe_percent(Some(row.share))),
            Cell::of(format!("{side} {}", maybe_percent(Some(row.bound)))),
            Cell::toned(word, tone),
            Cell::of(&*row.outcomes),
        ]);
    }
    grid
}

/// Metrics of both arms over all roasts, all of them shares.
pub(super) fn figures(caption: &str, rows: &[ArmFigure<'_>]) -> Grid {
    let columns =
        ["what", "arm", "#mean", "#largest", "largest in", "#roasts", "#without a value", "meaning"];
    let mut grid = Grid::new(caption, &columns);
    for row in rows {
        let (largest, place) =
            row.largest.as_ref().map_or((NONE.to_owned(), NONE.to_owned()), |(value, place)| {
                (maybe_percent(Some(*value)), if *value > 0.0 { place.clone() } else { NONE.to_owned() })
            });
        let what = capital(&spoken(row.metric));
        grid.rows.push(vec![
            Cell::of(row.fault.map_or_else(|| what.clone(), |why| format!("{what}: {why}"))),
            Cell::of(row.arm),
            Cell::of(maybe_percent(row.mean)),
            Cell::of(largest),
            Cell::of(place),
            Cell::of(row.n.to_string()),
            Cell::of(row.missing.to_string()),
            Cell::toned(row.meaning, Tone::Soft),
        ]);
    }
    grid
}

/// Why forecasts are missing.
pub(super) fn silences(evidence: &Evidence<'_>) -> Grid {
    let mut grid =
        Grid::new("Forecasts that were owed and not made, by reason", &["arm", "of", "reason", "#times"]);
    for (arm, metric, reason, n) in &evidence.silences {
        let (target, _) = metric.split_once('.').unwrap_or((metric, ""));
        let target = target_of(target).unwrap_or(target);
        grid.rows.push([*arm, target, *reason, &n.to_string()].map(Cell::of).to_vec());
    }
    grid
}

/// Cases that did not come out as they must.
pub(super) fn odd(evidence: &Evidence<'_>) -> Grid {
    let columns = ["case", "#seed", "arm", "must", "came out", "reason", "reproduce"];
    let mut grid = Grid::new("Cases that did not come out as they must", &columns);
    for (row, command) in &evidence.odd {
        grid.rows.push(vec![
            Cell::of(&*row.case),
            Cell::of(row.seed.map_or_else(|| NONE.to_owned(), |seed| seed.to_string())),
            Cell::of(&*row.arm),
            Cell::of(&*row.expectation),
            Cell::toned(format!("✗ {}", row.status), Tone::Fail),
            Cell::of(row.reason.as_deref().unwrap_or(NONE)),
            Cell::of(command),
        ]);
    }
    grid
}

/// The terms of the risk.
pub(super) fn risk(said: &VerdictFile) -> Option<Grid> {
    let risk = said.risk.as_ref()?;
    let caption = format!("Risk, {}: the sum of its terms", risk.version);
    let mut grid = Grid::new(&caption, &["term", "#points"]);
    grid.rows.extend(risk.terms.iter().map(|(name, value)| vec![Cell::of(name), Cell::of(plain(*value, 1))]));
    let (total, limit) = (plain(risk.total, 1), plain(risk.limit, 0));
    grid.rows
        .push(vec![Cell::of(format!("all, of 100; above {limit} somebody must approve")), Cell::of(total)]);
    Some(grid)
}

/// What made the verdict, by digest and version.
pub(super) fn origins(said: &VerdictFile) -> Grid {
    let plan = &said.plan;
    let mut grid = Grid::new("What it rests on", &["what", "version or digest"]);
    let facts = [
        ("program", said.program.as_str()),
        ("verdict's schema", &said.schema),
        ("suite", &plan.suite_file),
        ("candidate", &plan.candidate_identity),
        ("baseline", &plan.baseline_identity),
        ("plan", &plan.digest),
        ("policy", &plan.policy),
    ];
    grid.rows.extend(facts.map(|(what, digest)| vec![Cell::of(what), Cell::of(digest)]));
    let tables = said.tables.iter();
    grid.rows.extend(tables.map(|(name, digest)| vec![Cell::of(format!("table {name}")), Cell::of(digest)]));
    grid
}
