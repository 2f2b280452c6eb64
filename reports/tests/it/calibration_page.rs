//! The page of a calibration: whole whatever is missing, and nothing of a file is more than text.

use trier_reports::page::calibration::{Calibration, page};
use trier_tables::rows::{FitBarRow, FitCurveRow, FitErrorRow, FitPairRow, FitParameterRow, FitTotalRow};

use crate::hostile::hostile;
use crate::well_formed::assert_page;

const PHASES: [&str; 4] =
    ["charge_to_turning_point", "turning_point_to_dry_end", "dry_end_to_first_crack", "first_crack_to_drop"];

#[derive(Default)]
struct Made {
    parameters: Vec<FitParameterRow>,
    pairs: Vec<FitPairRow>,
    totals: Vec<FitTotalRow>,
    bars: Vec<FitBarRow>,
    errors: Vec<FitErrorRow>,
    curves: Vec<FitCurveRow>,
}

impl Made {
    fn of(&self) -> Calibration<'_> {
        Calibration {
            parameters: &self.parameters,
            pairs: &self.pairs,
            totals: &self.totals,
            bars: &self.bars,
            errors: &self.errors,
            curves: &self.curves,
        }
    }

    fn html(&self) -> String {
        page(&self.of()).expect("a page").html
    }
}

fn parameter(key: &str, value: f64, sd_ratio: f64, at_bound: bool) -> FitParameterRow {
    FitParameterRow {
        key: key.into(),
        level: "machine".into(),
        unit: "W".into(),
        prior: 1000.0,
        prior_low: 700.0,
        prior_high: 1300.0,
        value,
        low: value - 300.0 * sd_ratio,
        high: value + 300.0 * sd_ratio,
        sd_ratio,
        at_bound,
    }
}

fn error(source: &str, curve: &str, metric: &str, value: Option<f64>) -> FitErrorRow {
    let (source, curve, metric) = (source.into(), curve.into(), metric.into());
    FitErrorRow { source, part: "held_out".into(), curve, metric, value, unit: "°C".into() }
}

fn total(curve: &str, metric: &str, value: f64) -> FitTotalRow {
    FitTotalRow {
        part: "held_out".into(),
        curve: curve.into(),
        metric: metric.into(),
        value: Some(value),
        low: Some(value - 1.0),
        high: Some(value + 1.0),
        unit: "°C".into(),
        n: 9,
    }
}

/// A calibration of `sources`, each a degree farther off than the one before.
fn made(sources: &[String]) -> Made {
    let mut made = Made {
        parameters: vec![
            parameter("heater.power_w", 1801.0, 0.21, false),
            parameter("loss.room_w", 1010.0, 0.97, false),
            parameter("heater.exponent", 2000.0, 0.3, true),
        ],
        pairs: vec![FitPairRow {
            one: "heater.power_w".into(),
            other: "air.flow".into(),
            correlation: -0.97,
        }],
        bars: vec![
            FitBarRow {
                what: "median BT RMSE".into(),
                value: Some(3.4),
                limit: 5.0,
                unit: "°C".into(),
                at_most: true,
                met: true,
            },
            FitBarRow {
                what: "first crack within 30 s".into(),
                value: Some(0.5),
                limit: 0.75,
                unit: "1".into(),
                at_most: false,
                met: false,
            },
        ],
        ..Made::default()
    };
    for (curve, value) in
        [("machine", 3.4), ("machine_and_batch", 1.5), ("family", 24.6), ("last_roast", 11.0)]
    {
        made.totals.push(total(curve, "median.bt_rmse", value));
    }
    made.totals.extend(PHASES.map(|phase| total("machine", &format!("shared.bt_bias.{phase}"), 1.9)));
    made.totals.extend(PHASES.map(|phase| total("machine", &format!("own.bt_bias.{phase}"), 4.5)));
    for (source, off) in sources.iter().zip(1_u32..) {
        made.errors.push(error(source, "machine", "bt_rmse", Some(f64::from(off))));
        made.errors.extend(
            PHASES.map(|phase| error(source, "machine", &format!("bt_bias.{phase}"), Some(f64::from(off)))),
        );
        made.curves.extend((0..100_u32).map(|i| FitCurveRow {
            source: source.as_str().into(),
            part: "held_out".into(),
            since_charge_s: f64::from(i) * 5.0,
            bt_c: 90.0 + f64::from(i),
            machine_bt_c: Some(91.0 + f64::from(i)),
            machine_and_batch_bt_c: None,
            family_bt_c: Some(60.0 + 1.4 * f64::from(i)),
        }));
    }
    made
}

#[test]
fn bars_come_first_and_the_farthest_roast_before_the_others() {
    let made = made(&["near".to_owned(), "far".to_owned()]);
    let html = made.html();
    assert_page(&html);
    for said in [
        "1 of 2 bars met",
        "within 3.4 °C of their BT",
        "before any fit, within 24.6 °C",
        "Missed: first crack within 30 s",
        "missed: at least 75 %",
        "all +1.9 °C, each ±4.5 °C",
        "at its bound: they ask for another law",
        "little: this is the prior",
        "-0.97",
    ] {
        assert!(html.contains(said), "{said}");
    }
    let figures = page(&made.of()).expect("a page").figures;
    let first = figures.iter().find(|figure| figure.id == "roast-1").expect("a roast").picture.inline();
    assert!(first.contains("1. far") && first.contains("machine 2.0 °C"), "{first}");
    // Measured, machine and family, each in the legend besides; the batch's own run was not to be had.
    let lines = |ink: &str| first.matches(&format!("<path class=\"{ink}\"")).count();
    assert_eq!([lines("bt"), lines("et"), lines("usual0"), lines("who2")], [2, 2, 2, 1]);
}

#[test]
fn nothing_of_a_file_is_more_than_text() {
    let html = made(&hostile()).html();
    assert_page(&html);
    assert!(html.contains("&lt;script&gt;alert(1)") && html.contains(r"gu\u{202e}ji"));
    assert!(!html.contains('\u{202e}') && !html.contains('\u{0}'));
}

#[test]
fn what_is_missing_is_said() {
    let mut made = made(&["one".to_owned()]);
    made.errors.push(error("two", "machine", "bt_rmse", None));
    let html = made.html();
    assert_page(&html);
    assert!(html.contains("on 2 roasts") && html.contains("<td class=\"plain n\">–</td>"));
    let html = Made::default().html();
    assert_page(&html);
    assert!(html.contains("No roast was held out that could be compared"));
}

#[test]
fn a_page_of_fifty_roasts_is_of_a_fair_size_and_the_same_each_time() {
    let made = made(&(0..50).map(|i| format!("roast {i}")).collect::<Vec<String>>());
    assert_eq!(made.html(), made.html());
    assert!(made.html().len() < 300_000, "{} bytes", made.html().len());
}
