//! What is asked of the large tables of a run, each time only what the page shows.

use std::collections::BTreeMap;

use trier_query::{Answer, QueryError, Tables};
use trier_reports::page::run::{Ask, Band, Columns, Fan, Readings, Truth};
use trier_roast::Quality;
use trier_tables::rows::{ScoreRow, SessionRow};

use crate::output::Failure;

/// Shown before charge and after the end of a session, µs.
const AROUND_US: (i64, i64) = (30_000_000, 60_000_000);

/// Small curves and bands have one point in so many seconds.
const STEP_S: f64 = 15.0;

fn ask(tables: &Tables, sql: &str) -> Result<Answer, Failure> {
    tables.ask(sql).map_err(|error| Failure::of(&error))
}

fn has(tables: &Tables, name: &str) -> bool {
    tables.names().any(|(known, _)| known == name)
}

/// The rows of one source and machine.
fn of(row: &SessionRow) -> String {
    format!("source = {} and machine = {}", quoted(&row.source), quoted(&row.machine))
}

/// A text in SQL, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The columns named, NaN where there is no value, over the column `at_s`.
fn columns(answer: &Answer, names: &[&'static str]) -> Result<Columns, QueryError> {
    let full = |values: Vec<Option<f64>>| values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
    let mut by_name = BTreeMap::new();
    for name in names {
        by_name.insert(*name, full(answer.numbers(name)?));
    }
    Ok(Columns { at_s: full(answer.numbers("at_s")?), by_name })
}

/// What was read from a little before charge until a little after the end.
pub(super) fn readings(tables: &Tables, row: &SessionRow) -> Result<Readings, Failure> {
    const NAMES: [&str; 6] = ["bt_c", "et_c", "gas_pct", "air_pct", "pops_per_s", "bt_ror_c_per_min"];
    if !has(tables, "telemetry") {
        return Ok(Readings::default());
    }
    let answer = ask(
        tables,
        &format!(
            "select (t_us - {start}) / 1000000.0 as at_s, {names}, quality from telemetry where {of} and t_us >= {from} \
             and t_us <= {to} and (session_id = {id} or session_id is null) order by t_us",
            start = row.start_us,
            names = NAMES.join(", "),
            of = of(row),
            from = row.start_us.saturating_sub(AROUND_US.0),
            to = row.end_us.saturating_add(AROUND_US.1),
            id = quoted(&row.session_id),
        ),
    )?;
    let read = || -> Result<Readings, QueryError> {
        let quality = answer.texts("quality")?;
        let quality =
            quality.iter().map(|names| Quality::of_names(names.as_deref().unwrap_or_default())).collect();
        Ok(Readings { columns: columns(&answer, &NAMES)?, quality })
    };
    read().map_err(|error| Failure::of(&error))
}

/// The forecasts of a session, by event, then predictor.
pub(super) fn fans(tables: &Tables, row: &SessionRow) -> Result<Vec<Fan>, Failure> {
    if !has(tables, "predictions") {
        return Ok(Vec::new());
    }
    let since = |q: &str| format!("(as_of_us - {}) / 1000000.0 + {q}_s as {q}", row.start_us);
    let answer = ask(
        tables,
        &format!(
            "select predictor, target, abstain, (as_of_us - {}) / 1000000.0 as at_s, {} from predictions where {} and \
             session_id = {} order by target, predictor, as_of_us",
            row.start_us,
            QUANTILES.map(since).join(", "),
            of(row),
            quoted(&row.session_id),
        ),
    )?;
    fans_of(&answer).map_err(|error| Failure::of(&error))
}

const QUANTILES: [&str; 5] = ["p05", "p25", "p50", "p75", "p95"];

fn fans_of(answer: &Answer) -> Result<Vec<Fan>, QueryError> {
    let [predictors, targets, reasons] =
        [answer.texts("predictor")?, answer.texts("target")?, answer.texts("abstain")?];
    let columns = columns(answer, &QUANTILES)?;
    let value = |name: &str, i: usize| {
        columns.by_name.get(name).and_then(|all| all.get(i)).copied().unwrap_or(f64::NAN)
    };
    let mut fans: Vec<Fan> = Vec::new();
    for (i, (((predictor, target), abstain), at_s)) in
        predictors.into_iter().zip(targets).zip(reasons).zip(&columns.at_s).enumerate()
    {
        let (predictor, target) = (predictor.unwrap_or_default(), target.unwrap_or_default());
        let ask = Ask { at_s: *at_s, quantiles_s: QUANTILES.map(|name| value(name, i)), abstain };
        match fans.last_mut().filter(|fan| fan.predictor == predictor && fan.target == target) {
            Some(fan) => fan.asks.push(ask),
            None => fans.push(Fan { predictor, target, asks: vec![ask] }),
        }
    }
    // Rows come by the names of events in the alphabet; a roast cracks before it drops.
    fans.sort_by_key(|fan| fan.target == "drop");
    Ok(fans)
}

/// Scores of single forecasts and marks of a session.
pub(super) fn scores(tables: &Tables, row: &SessionRow) -> Result<Vec<ScoreRow>, Failure> {
    if !has(tables, "scores") {
        return Ok(Vec::new());
    }
    let answer = ask(
        tables,
        &format!(
            "select arm, metric, value, unit, lead_s, missing from scores where \"case\" = {} and machine = {} and \
             session_id = {} and metric like '%.error' order by metric, arm, lead_s",
            quoted(&row.source),
            quoted(&row.machine),
            quoted(&row.session_id),
        ),
    )?;
    let read = || -> Result<Vec<ScoreRow>, QueryError> {
        let [arms, metrics, units, missing] =
            ["arm", "metric", "unit", "missing"].map(|name| answer.texts(name));
        let text = |all: &[Option<String>], i: usize| all.get(i).cloned().flatten().unwrap_or_default();
        let (arms, metrics, units, missing) = (arms?, metrics?, units?, missing?);
        let values = answer.numbers("value")?.into_iter().zip(answer.numbers("lead_s")?).enumerate();
        let score = |(i, (value, lead_s)): (usize, (Option<f64>, Option<f64>))| ScoreRow {
            case: row.source.clone(),
            arm: text(&arms, i).into(),
            seed: None,
            session_id: Some(row.session_id.clone()),
            metric: text(&metrics, i).into(),
            value,
            unit: text(&units, i).into(),
            direction: "zero".into(),
            lead_s,
            machine: row.machine.clone(),
            lot: "".into(),
            cluster: "".into(),
            missing: missing.get(i).cloned().flatten().map(Into::into),
        };
        Ok(values.map(score).collect())
    };
    read().map_err(|error| Failure::of(&error))
}

/// Truth from charge to drop; None for a roast that was not simulated.
pub(super) fn truth(tables: &Tables, row: &SessionRow) -> Result<Option<Truth>, Failure> {
    const NAMES: [&str; 13] = [
        "plenum_c",
        "outlet_c",
        "wall_c",
        "bean_shell_c",
        "bean_core_c",
        "moisture",
        "cracked",
        "second_cracked",
        "beans_popping_per_s",
        "lightness",
        "agtron",
        "weight_loss_pct",
        "bean_mean_c",
    ];
    if !has(tables, "truth") {
        return Ok(None);
    }
    let of = format!("{} and t_us >= {} and t_us <= {}", of(row), row.start_us, row.end_us);
    let answer = ask(
        tables,
        &format!(
            "select (t_us - {start}) / 1000000.0 as at_s, {names}, heater_w / 1000.0 as heater_kw, \
             energy_residual * 1000000000000.0 as energy_ppt from truth where {of} and beans_in = 'drum' order by t_us",
            start = row.start_us,
            names = NAMES.join(", "),
        ),
    )?;
    if answer.n_rows() == 0 {
        return Ok(None);
    }
    let worst = ask(
        tables,
        &format!(
            "select max(abs(energy_residual)) as energy, max(abs(mass_residual)) as mass from truth where {of}"
        ),
    )?;
    let read = || -> Result<Truth, QueryError> {
        let names: Vec<&'static str> = NAMES.into_iter().chain(["heater_kw", "energy_ppt"]).collect();
        let one = |name: &str| worst.numbers(name).map(|all| all.first().copied().flatten());
        Ok(Truth {
            columns: columns(&answer, &names)?,
            worst_energy: one("energy")?,
            worst_mass: one("mass")?,
            marks: Vec::new(),
        })
    };
    read().map(Some).map_err(|error| Failure::of(&error))
}

/// A roast by source, machine and session.
type Key = (String, String, String);

/// Of each roast time, BT and its rate of rise.
pub(super) type Curves = BTreeMap<Key, Vec<(f64, f64, f64)>>;

/// The name of the table of resampled curves.
const CURVES: &str = "resampled_curves";

/// BT and its rate of rise of every roast in steps of [`STEP_S`], kept as one more table: the median of what may be
/// used of each step, at its middle. None without telemetry.
pub(super) fn resample(tables: &mut Tables) -> Result<Option<Curves>, Failure> {
    if !has(tables, "telemetry") {
        return Ok(None);
    }
    let complaints = ask(tables, "select distinct quality from telemetry")?;
    let complaints = complaints.texts("quality").map_err(|error| Failure::of(&error))?;
    let usable: Vec<String> = complaints
        .into_iter()
        .flatten()
        .filter(|names| Quality::of_names(names).is_usable())
        .map(|names| quoted(&names))
        .collect();
    // No name of a flag is empty or has a space, so this one matches nothing.
    let usable = if usable.is_empty() { quoted(" ") } else { usable.join(", ") };
    let answer = ask(
        tables,
        &format!(
            "select source, machine, session_id, at_s, median(bt_c) as bt_c, median(bt_ror_c_per_min) as ror from (select \
             source, machine, session_id, floor(since_charge_s / {STEP_S:.1}) * {STEP_S:.1} + {half:.1} as at_s, bt_c, \
             bt_ror_c_per_min from telemetry where session_id is not null and since_charge_s >= 0 and quality in ({usable})) \
             as read group by source, machine, session_id, at_s order by source, machine, session_id, at_s",
            half = STEP_S / 2.0,
        ),
    )?;
    tables.keep(CURVES, &answer);
    curves_of(&answer).map(Some).map_err(|error| Failure::of(&error))
}

fn curves_of(answer: &Answer) -> Result<Curves, QueryError> {
    let [sources, machines, ids] = ["source", "machine", "session_id"].map(|name| answer.texts(name));
    let keys = sources?.into_iter().zip(machines?).zip(ids?);
    let columns = columns(answer, &["bt_c", "ror"])?;
    let (bt, ror) = (columns.points("bt_c"), columns.points("ror"));
    let mut by_roast = Curves::new();
    for ((((source, machine), id), (at_s, bt_c)), (_, ror)) in keys.zip(bt).zip(ror) {
        let key = (source.unwrap_or_default(), machine.unwrap_or_default(), id.unwrap_or_default());
        by_roast.entry(key).or_default().push((at_s, bt_c, ror));
    }
    Ok(by_roast)
}

/// Quantiles over all roasts at each step, with how many roasts have BT there.
pub(super) fn bands(tables: &Tables) -> Result<Vec<(usize, Band)>, Failure> {
    const NAMES: [&str; 6] = ["bt_10", "bt_50", "bt_90", "ror_10", "ror_50", "ror_90"];
    let quantile = |name: &str| {
        let (column, percent) = name.split_once('_').unwrap_or((name, "50"));
        let column = if column == "bt" { "bt_c" } else { column };
        format!("quantile_cont({column}, 0.{percent}) as {name}")
    };
    let answer = ask(
        tables,
        &format!(
            "select at_s, count(bt_c) as n, {} from {CURVES} group by at_s order by at_s",
            NAMES.map(quantile).join(", "),
        ),
    )?;
    let read = || -> Result<Vec<(usize, Band)>, QueryError> {
        let columns = columns(&answer, &NAMES)?;
        let value = |name: &str, i: usize| {
            columns.by_name.get(name).and_then(|all| all.get(i)).copied().unwrap_or(f64::NAN)
        };
        let band = |(i, (at_s, n)): (usize, (&f64, Option<f64>))| {
            let bt_c = ["bt_10", "bt_50", "bt_90"].map(|name| value(name, i));
            let ror_c_per_min = ["ror_10", "ror_50", "ror_90"].map(|name| value(name, i));
            (n.unwrap_or(0.0) as usize, Band { at_s: *at_s, bt_c, ror_c_per_min })
        };
        let counted = columns.at_s.iter().zip(answer.numbers("n")?).enumerate();
        Ok(counted.map(band).collect())
    };
    read().map_err(|error| Failure::of(&error))
}
