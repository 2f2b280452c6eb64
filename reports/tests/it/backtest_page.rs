//! The page of a backtest: whole whatever is missing, and nothing of a file is more than text.

use trier_reports::page::backtest::{Backtest, Held, Worst, page};
use trier_reports::summary::backtest_machines_table;
use trier_tables::rows::{AskedRow, BacktestRow, WorstCurveRow, WorstForecastRow, WorstRow};

use crate::hostile::hostile;
use crate::well_formed::assert_page;

const BASELINES: [&str; 3] = ["artisan", "slope90", "constant"];
const LEADS_S: [f64; 3] = [30.0, 120.0, 240.0];

fn figure(
    machine: Option<&str>,
    earlier: &str,
    lead_s: f64,
    predictor: &str,
    mae_s: Option<f64>,
) -> BacktestRow {
    let is_tested = !BASELINES.contains(&predictor);
    let tested = |value: f64| mae_s.filter(|_| is_tested).map(|_| value);
    BacktestRow {
        target: "first_crack_start".into(),
        slice: "lead".into(),
        lead_s: Some(lead_s),
        regime: "all".into(),
        earlier: earlier.into(),
        machine: machine.map(Into::into),
        predictor: predictor.into(),
        n_asked: 12,
        n_scored: if mae_s.is_some() { 11 } else { 0 },
        n_abstained: 1,
        n_clusters: 7,
        mae_s,
        mae_low_s: mae_s.map(|mae_s| mae_s - 3.0),
        mae_high_s: mae_s.map(|mae_s| mae_s + 3.0),
        bias_s: mae_s,
        p90_s: mae_s,
        pinball_s: mae_s,
        crps_s: mae_s,
        coverage_50: tested(0.512),
        coverage_80: tested(0.803),
        coverage_90: tested(0.934),
        width_90_s: tested(88.0),
        naive_width_90_s: tested(116.5),
        best_baseline: tested(0.0).map(|_| "artisan".into()),
        baseline_mae_s: tested(31.5),
        difference_s: tested(-7.5),
        difference_low_s: tested(-13.7),
        difference_high_s: tested(-3.6),
    }
}

/// Figures over all and of each of `machines`.
fn figures(machines: &[&str]) -> Vec<BacktestRow> {
    let mut rows = Vec::new();
    for lead_s in LEADS_S {
        for (name, mae_s) in [("blend", 20.0), ("artisan", 31.5), ("slope90", 60.0), ("constant", 44.0)] {
            let mae_s = Some(mae_s + lead_s / 10.0);
            rows.extend(["0", "1-2", "3-9", "3+"].map(|known| figure(None, known, lead_s, name, mae_s)));
            rows.extend(machines.iter().map(|machine| figure(Some(machine), "3+", lead_s, name, mae_s)));
        }
    }
    rows
}

fn asked(source: &str, machine: &str) -> AskedRow {
    AskedRow {
        source: source.into(),
        machine: machine.into(),
        cluster: "c".into(),
        predictor: "blend".into(),
        target: "first_crack_start".into(),
        lead_s: 120.0,
        n_earlier: 3,
        bt_c: None,
        event_s: 500.0,
        error_s: Some(20.0),
        pinball_s: None,
        crps_s: None,
        within_50: None,
        within_80: None,
        within_90: None,
        width_90_s: None,
        missing: None,
    }
}

fn worst_of(source: &str, place: u32) -> (WorstRow, Vec<WorstCurveRow>, Vec<WorstForecastRow>) {
    let row = WorstRow {
        target: "first_crack_start".into(),
        place,
        source: source.into(),
        machine: "gd12".into(),
        predictor: "blend".into(),
        n_earlier: 2,
        event_s: 500.0,
        mae_s: 143.2,
        n_scored: 5,
        n_asked: 6,
    };
    let curve = (0..120_u32)
        .map(|i| WorstCurveRow {
            source: source.into(),
            since_charge_s: f64::from(i) * 5.0,
            // The probe was open for a minute.
            bt_c: (!(40..52).contains(&i)).then(|| 90.0 + f64::from(i)),
        })
        .collect();
    let said = |i: u32| {
        let at = f64::from(i) * 10.0;
        let expected = |more: f64| (i > 5).then_some(620.0 - at / 10.0 + more);
        WorstForecastRow {
            target: "first_crack_start".into(),
            source: source.into(),
            since_charge_s: at,
            p05_s: expected(-60.0),
            p25_s: expected(-20.0),
            p50_s: expected(0.0),
            p75_s: expected(20.0),
            p95_s: expected(60.0),
            abstain: (i <= 5).then(|| "too_early".into()),
        }
    };
    (row, curve, (0..50).map(said).collect())
}

struct Made {
    tested: Vec<String>,
    asked: Vec<AskedRow>,
    figures: Vec<BacktestRow>,
    held: Vec<Held>,
    worst: (Vec<WorstRow>, Vec<WorstCurveRow>, Vec<WorstForecastRow>),
}

/// A backtest of `sources` on `machines`.
fn made(sources: &[String], machines: &[&str]) -> Made {
    let mut worst = (vec![], vec![], vec![]);
    for (source, place) in sources.iter().zip(1..) {
        let (row, curve, said) = worst_of(source, place);
        worst.0.push(row);
        worst.1.extend(curve);
        worst.2.extend(said);
    }
    let held = Held {
        target: "first_crack_start".to_owned(),
        n_machines: 2,
        worse: machines.first().map(|machine| ((*machine).to_owned(), 30.0)).into_iter().collect(),
    };
    Made {
        tested: vec!["blend".to_owned()],
        asked: sources
            .iter()
            .flat_map(|source| machines.iter().map(|machine| asked(source, machine)))
            .collect(),
        figures: figures(machines),
        held: vec![held],
        worst,
    }
}

impl Made {
    fn of(&self) -> Backtest<'_> {
        let worst = Worst { roasts: &self.worst.0, curves: &self.worst.1, forecasts: &self.worst.2 };
        Backtest {
            tested: &self.tested,
            baselines: &BASELINES,
            asked: &self.asked,
            figures: &self.figures,
            held: &self.held,
            worst: Some(worst),
        }
    }

    fn html(&self) -> String {
        page(&self.of()).expect("a page").html
    }
}

#[test]
fn the_first_thing_said_is_how_it_stands_to_the_best_baseline() {
    let made = made(&["a.alog".to_owned()], &["gd12"]);
    let html = made.html();
    assert_page(&html);
    for said in [
        "Nearer than artisan",
        "off by 32.0 s in the mean of 11 forecasts, 95 % of such means within [29.0, 35.0] s",
        "with 31.5 s, that is -7.5 s, 95 % interval [-13.7, -3.6] s",
        "1 recorded roasts of 1 machines",
        "blend is over 10 % worse than the best baseline on gd12 30 s before",
        "a.alog",
    ] {
        assert!(html.contains(said), "{said}");
    }
    // 93.4 % of the events lay in the interval of 90 %.
    assert!(html.contains("93.4 %") && html.contains("116.5 s wide"));
    let mut worse = made;
    for row in worse.figures.iter_mut().filter(|row| row.difference_s.is_some()) {
        (row.difference_low_s, row.difference_high_s) = (Some(0.5), Some(9.0));
    }
    assert!(worse.html().contains("Farther off than artisan"));
    for row in &mut worse.figures {
        (row.difference_low_s, row.difference_high_s) = (None, None);
    }
    assert!(worse.html().contains("Too few machines to tell"));
}

#[test]
fn nothing_of_a_file_is_more_than_text() {
    let [script, turned, long] = hostile();
    let mut made = made(&[script.clone(), turned.clone(), long.clone()], &[&script, &turned, &long]);
    made.tested = vec!["blend".to_owned(), script, long];
    let html = made.html();
    assert_page(&html);
    assert!(html.contains("&lt;script&gt;alert(1)") && html.contains(r"gu\u{202e}ji"));
    assert!(!html.contains('\u{202e}') && !html.contains('\u{0}'));
}

#[test]
fn what_is_missing_is_said_and_not_drawn() {
    let mut made = made(&["a.alog".to_owned()], &["gd12"]);
    let mut of = made.of();
    of.worst = None;
    let html = page(&of).expect("a page").html;
    assert_page(&html);
    assert!(html.contains("kept no curves of the worst roasts"));
    // The curve has two pieces, before the probe was open and after, and the fan begins when something was said.
    let picture =
        page(&made.of()).expect("a page").figures.into_iter().find(|f| f.id == "first-crack-worst-1");
    let svg = picture.expect("it is drawn").picture.inline();
    assert_eq!(svg.matches("<path class=\"bt\"").count(), 2, "{svg}");
    assert_eq!(svg.matches("<path class=\"fan\"").count(), 1, "{svg}");

    // Of a roast without a curve there is no picture, and nothing that leads to one.
    made.worst.1.clear();
    assert_page(&made.html());
    made.worst.0.clear();
    assert!(made.html().contains("blend said no time of any roast"));
    for row in &mut made.figures {
        let bare =
            figure(row.machine.as_deref(), &row.earlier, row.lead_s.expect("a lead"), &row.predictor, None);
        *row = BacktestRow { n_scored: 1, ..bare };
    }
    let html = made.html();
    assert_page(&html);
    assert!(html.contains("Nothing to judge by") && html.contains('–'));
    made.figures.clear();
    assert_page(&made.html());
}

#[test]
fn a_thousand_roasts_make_a_page_of_a_fair_size_and_the_same_each_time() {
    let sources: Vec<String> = (0..1000).map(|i| format!("day-{i}/roast.alog")).collect();
    let names: Vec<String> = (0..40).map(|i| format!("machine-{i}")).collect();
    let machines: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut made = made(&sources[..10], &machines);
    made.asked = sources.iter().map(|source| asked(source, "m")).collect();
    let html = made.html();
    assert_eq!(html, made.html());
    assert!(html.contains("1000 recorded roasts"));
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
}

#[test]
fn a_machine_tells_what_its_intervals_held_over_all_leads() {
    // Of 11 forecasts at 30 s all were held, of 33 at 120 s a third: half of all.
    let mut rows = [30.0, 120.0].map(|lead_s| figure(Some("m"), "3+", lead_s, "blend", Some(20.0)));
    (rows[0].coverage_90, rows[1].coverage_90) = (Some(1.0), Some(1.0 / 3.0));
    rows[1].n_scored = 33;
    let baseline = figure(Some("m"), "3+", 30.0, "artisan", Some(31.5));
    let text = backtest_machines_table(&[&rows[..], &[baseline]].concat(), "first_crack_start", "3+");
    let line = |name: &str| text.lines().find(|line| line.contains(name)).map(str::trim_end).expect("a line");
    assert!(text.lines().next().is_some_and(|heads| heads.trim_end().ends_with("in 90 %")), "{text}");
    assert!(line("blend").ends_with("50.0 %") && line("artisan").ends_with('–'), "{text}");
}
