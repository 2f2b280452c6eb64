//! The page of a run: one roast, many, hostile names, and roasts of which little is known.

use std::collections::BTreeMap;

use trier_reports::page::run::{
    Ask, Band, Batch, Columns, Fan, Overview, Phase, Readings, Run, Said, Small, Spread, Truth, Unit, page,
};
use trier_roast::Quality;
use trier_tables::rows::{FindingRow, MarkRow, SessionRow};

use crate::made_up::{marks, telemetry};
use crate::well_formed::{assert_page, texts};

const HOSTILE: &str = "<script>alert('x')</script>\"\u{202e}gola.\u{0}";

fn session() -> SessionRow {
    crate::made_up::session("first-roast#7", "gd12-1", Some(508.0))
}

fn columns(names: &[&'static str], value: impl Fn(&str, usize) -> f64) -> Columns {
    let at_s: Vec<f64> = (0..=612).map(f64::from).collect();
    let column = |name: &&'static str| (*name, (0..at_s.len()).map(|i| value(name, i)).collect());
    Columns { by_name: names.iter().map(column).collect::<BTreeMap<_, Vec<f64>>>(), at_s: at_s.clone() }
}

fn readings() -> Readings {
    let rows = telemetry(612);
    let of = |name: &str, i: usize| match name {
        "bt_c" => rows[i].bt_c.unwrap_or(f64::NAN),
        "et_c" => rows[i].et_c.unwrap_or(f64::NAN),
        "bt_ror_c_per_min" => rows[i].bt_ror_c_per_min.unwrap_or(f64::NAN),
        _ => {
            if i < 300 {
                80.0
            } else {
                60.0
            }
        }
    };
    let columns = columns(&["bt_c", "et_c", "bt_ror_c_per_min", "gas_pct"], of);
    Readings { quality: vec![Quality::GOOD; columns.at_s.len()], columns }
}

/// A predictor that starts 90 s early and narrows down to the event.
fn fan(target: &str, event_s: f64) -> Fan {
    let ask = |i: u32| {
        let at_s = f64::from(i) * 5.0;
        let left = (event_s - at_s) / event_s;
        let quantiles_s = [-60.0, -20.0, 0.0, 20.0, 60.0].map(|wide| event_s + left * (wide - 30.0));
        match i {
            0..=9 => Ask { at_s, quantiles_s: [f64::NAN; 5], abstain: Some("too_early".to_owned()) },
            _ => Ask { at_s, quantiles_s, abstain: None },
        }
    };
    Fan { predictor: "curve".to_owned(), target: target.to_owned(), asks: (0..100).map(ask).collect() }
}

fn truth() -> Truth {
    let of = |name: &str, i: usize| {
        let share = i as f64 / 612.0;
        match name {
            "moisture" => 0.12 * (1.0 - share),
            "cracked" => {
                if share > 0.8 {
                    (share - 0.8) * 4.0
                } else {
                    0.0
                }
            }
            "weight_loss_pct" => 14.0 * share,
            _ => 60.0 + 150.0 * share,
        }
    };
    let names = [
        "bean_shell_c",
        "bean_core_c",
        "moisture",
        "cracked",
        "weight_loss_pct",
        "plenum_c",
        "heater_kw",
        "energy_ppt",
    ];
    let marks = vec![("first_crack_start".to_owned(), 500.0, Some(8.0))];
    Truth { columns: columns(&names, of), worst_energy: Some(8.5e-13), worst_mass: Some(6e-16), marks }
}

fn phase(name: &'static str, from_s: f64, to_s: f64) -> Phase {
    Phase {
        name,
        from_s: Some(from_s),
        to_s: Some(to_s),
        seconds: Some(to_s - from_s),
        share: Some((to_s - from_s) / 612.0),
        from_c: Some(150.0),
        to_c: Some(200.0),
        ror_c_per_min: Some(9.5),
    }
}

fn batch() -> Batch {
    Batch {
        session: session(),
        said: Said { green_kg: Some(9.0), bean: Some("guji-2026".to_owned()), ..Said::default() },
        readings: readings(),
        marks: marks(),
        phases: vec![
            phase("Drying", 0.0, 275.0),
            phase("Maillard", 275.0, 508.0),
            phase("Development", 508.0, 612.0),
        ],
        fans: vec![fan("first_crack_start", 508.0), fan("drop", 612.0)],
        truth: Some(truth()),
        scores: vec![],
        file: None,
        findings: vec![],
    }
}

/// A roast of which nothing is known but that it was.
fn empty_batch() -> Batch {
    let session = SessionRow {
        charge_bt_c: None,
        turning_point_s: None,
        turning_point_bt_c: None,
        dry_end_s: None,
        dry_end_bt_c: None,
        first_crack_s: None,
        first_crack_bt_c: None,
        drop_s: None,
        drop_bt_c: None,
        development_ratio: None,
        outcome: "lost".into(),
        ..session()
    };
    Batch {
        session,
        said: Said::default(),
        readings: Readings::default(),
        marks: vec![],
        phases: vec![],
        fans: vec![Fan { asks: vec![], ..fan("drop", 1.0) }],
        truth: None,
        scores: vec![],
        file: None,
        findings: vec![],
    }
}

fn made(run: &Run) -> String {
    let (html, _) = page(run).expect("the template is filled");
    assert_page(&html);
    html
}

fn alone(batch: Batch) -> Run {
    Run { overview: None, batches: vec![batch] }
}

#[test]
fn a_roast_has_its_curve_its_forecasts_and_its_truth() {
    let (html, figures) = page(&alone(batch())).expect("filled");
    assert_page(&html);
    let ids: Vec<&str> = figures.iter().map(|figure| figure.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "curve",
            "first-crack-start-curve",
            "drop-curve",
            "beans",
            "water",
            "cracks",
            "colour",
            "drum",
            "books"
        ]
    );
    let texts = texts(&html);
    for said in [
        "guji-2026",
        "9.00 kg",
        "FC 8:28",
        "drop 10:12",
        "Maillard 3:53 · 38.1 %",
        "10 × too early",
        "6.0e-16",
        "gas",
    ] {
        assert!(texts.contains(said), "{said} is not there");
    }
    assert!(html.len() < 200_000, "{} bytes", html.len());
    assert_eq!(html, made(&alone(batch())), "the same bytes twice");
}

#[test]
fn marks_stand_in_the_order_in_which_they_were() {
    let mut one = batch();
    let mark = |kind: &str, at_s: f64| MarkRow {
        kind: kind.into(),
        since_charge_s: Some(at_s),
        ..one.marks[0].clone()
    };
    let others = [mark("cool_end", 700.0), mark("first_crack_end", 570.0)];
    one.marks.extend(others);
    let html = made(&alone(one));
    let places = ["Dry end", "First crack", "First crack end", "Drop", "Cool end"]
        .map(|name| html.find(&format!(">{name}</td>")).unwrap_or_else(|| panic!("{name} is not there")));
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn what_is_missing_is_said_and_not_drawn() {
    let html = made(&alone(empty_batch()));
    let texts = texts(&html);
    assert!(texts.contains("gas and air were not read") && texts.contains("lost") && texts.contains('–'));
    // The legends of two curves and of two frames name BT and medians.
    assert_eq!(html.matches(r#"<path class="bt""#).count(), 2, "only the legend shows BT");
    assert!(!texts.contains("What truly happened") && texts.contains("No sample was flagged"));
    assert!(!html.contains("NaN") && !html.contains("inf"));
}

#[test]
fn a_line_ends_where_readings_are_missing_spoilt_or_stayed_away() {
    let mut readings = readings();
    let at = |readings: &Readings, i: usize| readings.drawn("bt_c", Quality::is_usable)[i].1;
    assert!(at(&readings, 200).is_finite());
    readings.quality[200] = Quality::SPIKE;
    readings.quality[300] = Quality::DUPLICATE_TIME;
    readings.quality[400] = Quality::AFTER_GAP;
    let drawn = readings.drawn("bt_c", Quality::is_usable);
    let ends: Vec<f64> = drawn.iter().filter(|(_, bt)| bt.is_nan()).map(|(at_s, _)| *at_s).collect();
    assert_eq!((ends, drawn.len()), (vec![200.0, 400.0], 613));
    assert!(!drawn.iter().any(|(at_s, _)| *at_s == 300.0), "what came twice is left out");
    let flags: Vec<(&str, usize)> =
        readings.flags().iter().map(|(name, times)| (*name, times.len())).collect();
    assert_eq!(flags, [("spike", 1), ("duplicate_time", 1), ("after_gap", 1)]);
    let html = made(&alone(Batch { readings, ..batch() }));
    assert!(html.contains("<title>spike: 1 samples</title>") && html.contains(r#"<path class="flag""#));
}

#[test]
fn hostile_names_are_text_and_long_ones_stay_in_their_place() {
    let long = format!("{HOSTILE}{}", "x".repeat(10_000));
    let mut one = batch();
    one.session.source = long.as_str().into();
    one.session.machine = long.as_str().into();
    one.session.grade_reasons = long.as_str().into();
    one.said.bean = Some(long.clone());
    one.fans[0].predictor = HOSTILE.to_owned();
    one.fans[1].asks[0].abstain = Some(long.clone());
    one.marks[2].kind = HOSTILE.into();
    one.findings =
        vec![FindingRow { source: "x".into(), code: HOSTILE.into(), detail: long.as_str().into() }];
    let run = Run { overview: Some(many(vec![one.session.clone(), session()])), batches: vec![one.clone()] };
    for html in [made(&alone(one)), made(&run)] {
        assert!(html.contains("&lt;script&gt;"), "it is shown");
        assert!(!html.contains('\u{202e}') && !html.contains('\u{0}') && !html.contains("<script"));
        assert!(html.len() < 400_000, "{} bytes", html.len());
    }
}

fn many(sessions: Vec<SessionRow>) -> Overview {
    let curve =
        Small { points: (0..40).map(|i| f64::from(i) * 15.0).map(|t| (t, 90.0 + t / 5.0, 12.0)).collect() };
    let band =
        |i: u32| Band { at_s: f64::from(i) * 15.0, bt_c: [99.0, 100.0, 101.0], ror_c_per_min: [f64::NAN; 3] };
    Overview {
        curves: vec![curve; sessions.len()],
        bands: (0..40).map(band).collect(),
        spreads: vec![Spread {
            name: "Drop",
            unit: Unit::Clock,
            n: 2,
            quantiles: Some([600.0, 610.0, 620.0]),
        }],
        files: vec![],
        discarded: 1,
        sessions,
    }
}

#[test]
fn many_roasts_have_a_small_curve_and_a_row_each() {
    let rows: Vec<SessionRow> =
        (0..100).map(|i| SessionRow { source: format!("roast {i}").into(), ..session() }).collect();
    let html = made(&Run { overview: Some(many(rows)), batches: vec![] });
    assert_eq!(html.matches(r#"<figure class="tile">"#).count(), 100);
    assert_eq!(html.matches("<td").count(), 100 * 10 + 5, "a row each, and one of the spread");
    assert!(
        texts(&html).contains("sim report DIR --batch &#39;roast 0&#39;")
            && html.contains("1 discarded, not shown")
    );
    // What the folder of a thousand may weigh: 5 MB.
    assert!(html.len() < 100 * 4_000 + 60_000, "{} bytes", html.len());
}

#[test]
fn a_command_to_copy_runs_nothing_that_a_file_was_named_for() {
    let told = |name: &str| {
        let row = SessionRow { source: name.into(), session_id: "5f3a".into(), ..session() };
        texts(&made(&Run { overview: Some(many(vec![row])), batches: vec![] }))
    };
    assert!(told("first-roast#7").contains("sim report DIR --batch first-roast#7"));
    assert!(
        told("$(reboot) `x`; \"a\".alog").contains("--batch &#39;$(reboot) `x`; &quot;a&quot;.alog&#39;")
    );
    for name in ["it's; reboot", "-x", "", "a\u{202e}b", "a\nb", &"x".repeat(81)] {
        assert!(told(name).contains("sim report DIR --batch 5f3a"), "{name:?}");
    }
}

#[test]
fn roasts_shown_in_full_are_led_to() {
    let mut second = batch();
    second.session.source = "second".into();
    let run =
        Run { overview: Some(many(vec![session(), second.session.clone()])), batches: vec![batch(), second] };
    let html = made(&run);
    assert_eq!(html.matches(r#"<section class="sheet""#).count(), 2);
    assert!(html.contains(r##"<a href="#roast-2">second</a>"##));
    assert_eq!(html.matches(r#"id="roast-2-curve""#).count(), 1);
}
