//! What the drawn curves look like.

use trier_reports::terminal::{Look, curves, width};

use crate::made_up::{mark, marks, telemetry};

const PLAIN: Look = Look { width: 80, height: 18, colour: false };

#[test]
fn a_roast_at_80_columns() {
    insta::assert_snapshot!(curves(&telemetry(612), &marks(), PLAIN));
}

#[test]
fn a_roast_at_120_columns() {
    insta::assert_snapshot!(curves(&telemetry(612), &marks(), Look { width: 120, height: 24, ..PLAIN }));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = curves(&telemetry(612), &marks(), PLAIN);
    let coloured = curves(&telemetry(612), &marks(), Look { colour: true, ..PLAIN });
    assert!(!plain.contains('\u{1b}'));
    let mut stripped = coloured.clone();
    for code in ["36", "32", "31", "0"] {
        assert!(coloured.contains(&format!("\u{1b}[{code}m")), "no {code}");
        stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(stripped, plain);
}

#[test]
fn no_line_is_wider_than_asked_for() {
    for columns in [44, 57, 80, 120, 200] {
        for last_s in [2, 45, 612, 4000] {
            let text =
                curves(&telemetry(last_s), &marks(), Look { width: columns, height: 9, colour: false });
            for line in text.lines() {
                assert!(width(line) <= columns, "{} of {columns} columns at {last_s} s: {line}", width(line));
            }
        }
    }
}

#[test]
fn what_was_not_read_is_not_drawn() {
    let mut rows = telemetry(612);
    let whole = curves(&rows, &marks(), PLAIN);
    for row in &mut rows[200..400] {
        row.quality = "spike".into();
        row.bt_c = Some(900.0);
        row.bt_ror_c_per_min = None;
        row.et_c = None;
    }
    rows[400].quality = "after_gap".into();
    let holed = curves(&rows, &[], PLAIN);
    insta::assert_snapshot!(holed);
    let axis = |text: &str| {
        text.lines().filter_map(|line| Some(line.split_once('┤')?.0.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(axis(&whole), axis(&holed), "a spike must not stretch the scale");
    for row in &mut rows {
        row.et_c = None;
        row.bt_ror_c_per_min = None;
    }
    let bt_only = curves(&rows, &[], PLAIN);
    let legend = bt_only.lines().next().expect("a legend");
    assert_eq!(legend, "  °C ⠤⠤⠤⠤ BT");
}

#[test]
fn without_a_curve_it_says_so() {
    let nothing = "no curve: there are not two BT readings since charge\n";
    assert_eq!(curves(&[], &marks(), PLAIN), nothing);
    let mut before = telemetry(10);
    for row in &mut before {
        row.since_charge_s = None;
    }
    assert_eq!(curves(&before, &marks(), PLAIN), nothing);
}

#[test]
fn marks_from_outside_cannot_reach_the_terminal() {
    let text = curves(&telemetry(612), &[mark("\u{1b}[2Jx", 300.0), mark("drop", 9000.0)], PLAIN);
    assert!(!text.contains('\u{1b}') && text.contains(r"└\u{1b}[2Jx 5:00") && !text.contains("drop"));
}
