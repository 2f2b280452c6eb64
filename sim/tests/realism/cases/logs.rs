//! Twelve kilograms' worth of logs: eight roasts by their summary figures, one by its control trace,
//! and the empty drum.

use std::fmt::Write;

use trier_roast::MarkKind;
use trier_sim::{DropRule, Scenario, Step};

use super::{quiet, run};
use crate::figures::{Curve, truth_s};

/// What was read before charge and set during a roast, and what came of it.
struct Case {
    name: &'static str,
    mass_kg: f64,
    /// BT, ET, drum and inlet at charge, °C.
    start_c: [f64; 4],
    /// Mean gas and fan, %.
    mean_pct: (f64, f64),
    /// Turning point: s, °C.
    turning: (f64, f64),
    /// Peak RoR: °C/min, s.
    peak: (f64, f64),
    /// Colour change: s, °C.
    yellow: (f64, f64),
    /// First crack: s, °C, RoR.
    crack: (f64, f64, f64),
    /// End: s, °C.
    end: (f64, f64),
}

#[rustfmt::skip] // A table reads better as a table.
const CASES: [Case; 8] = [
    Case { name: "1", mass_kg: 9.0, start_c: [237.5, 221.2, 240.0, 254.0], mean_pct: (65.7, 62.3), turning: (67.0, 74.5), peak: (25.6, 145.0), yellow: (297.0, 150.5), crack: (611.0, 205.5, 8.0), end: (785.0, 215.2) },
    Case { name: "2", mass_kg: 6.0, start_c: [232.8, 220.2, 240.5, 243.0], mean_pct: (67.2, 59.4), turning: (59.0, 78.8), peak: (29.0, 135.0), yellow: (245.0, 151.2), crack: (495.0, 205.0, 9.0), end: (642.0, 218.2) },
    Case { name: "3", mass_kg: 6.0, start_c: [229.0, 213.5, 232.2, 222.5], mean_pct: (57.7, 62.1), turning: (63.0, 80.0), peak: (31.0, 139.0), yellow: (239.0, 149.5), crack: (522.0, 203.8, 7.6), end: (687.0, 212.5) },
    Case { name: "4", mass_kg: 9.0, start_c: [240.5, 226.2, 243.5, 241.0], mean_pct: (65.5, 61.6), turning: (62.0, 76.0), peak: (25.6, 141.0), yellow: (293.0, 151.5), crack: (590.0, 204.8, 7.6), end: (768.0, 214.8) },
    Case { name: "5", mass_kg: 9.0, start_c: [240.5, 226.0, 243.0, 263.5], mean_pct: (65.3, 61.2), turning: (63.0, 75.0), peak: (26.0, 135.0), yellow: (289.0, 150.5), crack: (578.0, 204.0, 8.4), end: (756.0, 215.5) },
    Case { name: "6", mass_kg: 6.0, start_c: [230.5, 218.2, 233.2, 251.8], mean_pct: (68.6, 58.0), turning: (63.0, 78.2), peak: (29.6, 137.0), yellow: (257.0, 154.2), crack: (467.0, 202.2, 10.4), end: (617.0, 219.0) },
    Case { name: "7", mass_kg: 6.0, start_c: [231.0, 221.0, 237.8, 250.0], mean_pct: (59.9, 59.6), turning: (61.0, 82.0), peak: (32.0, 126.0), yellow: (220.0, 151.5), crack: (467.0, 205.2, 10.4), end: (612.0, 219.2) },
    Case { name: "8", mass_kg: 6.0, start_c: [238.5, 227.2, 245.5, 261.0], mean_pct: (53.4, 61.7), turning: (58.0, 86.0), peak: (30.6, 129.0), yellow: (213.0, 150.5), crack: (468.0, 205.5, 9.4), end: (601.0, 214.2) },
];

/// Controls of case 5: s since charge, gas %, fan %.
#[rustfmt::skip] // A table reads better as a table.
const TRACE: [(f64, f64, f64); 24] = [
    (0.0, 75.0, 40.0), (40.0, 100.0, 40.0), (160.0, 100.0, 50.0), (220.0, 100.0, 55.0), (240.0, 95.0, 55.0),
    (300.0, 90.0, 55.0), (320.0, 85.0, 55.0), (340.0, 80.0, 55.0), (360.0, 75.0, 55.0), (380.0, 70.0, 60.0),
    (420.0, 65.0, 60.0), (440.0, 60.0, 60.0), (460.0, 55.0, 60.0), (500.0, 50.0, 65.0), (520.0, 45.0, 65.0),
    (540.0, 45.0, 70.0), (560.0, 40.0, 70.0), (580.0, 40.0, 75.0), (620.0, 35.0, 80.0), (640.0, 30.0, 90.0),
    (680.0, 12.0, 90.0), (700.0, 3.0, 90.0), (720.0, 0.0, 90.0), (756.0, 0.0, 90.0),
];

/// BT of case 5 every 20 s from charge, °C.
#[rustfmt::skip] // A table reads better as a table.
const TRACE_BT_C: [f64; 37] = [
    240.5, 130.0, 87.0, 75.5, 76.5, 83.0, 91.0, 99.8, 107.8, 115.8, 123.0, 130.0, 136.5, 142.5, 148.0, 153.2,
    158.2, 163.0, 167.5, 171.5, 175.5, 179.0, 182.8, 186.0, 189.5, 192.2, 195.5, 198.5, 201.5, 204.2, 206.8,
    209.0, 210.8, 212.5, 213.8, 214.8, 215.2,
];

/// Inlet of case 5 every 20 s from charge, °C.
#[rustfmt::skip] // A table reads better as a table.
const TRACE_INLET_C: [f64; 37] = [
    263.5, 282.8, 291.8, 309.0, 325.0, 335.0, 342.0, 349.0, 352.0, 354.0, 356.0, 358.0, 358.0, 358.5, 359.5,
    361.0, 361.0, 357.5, 356.0, 352.0, 345.5, 339.5, 335.0, 328.5, 322.0, 316.0, 310.5, 302.0, 297.0, 290.5,
    287.5, 282.0, 275.0, 268.5, 261.0, 248.0, 234.5,
];

/// RoR from 90 s before first crack to 150 s after it, every 30 s, of cases 1 and 3.
const AROUND_CRACK: [(usize, [f64; 9]); 2] =
    [(0, [9.2, 8.8, 8.6, 8.0, 5.4, 4.6, 3.4, 3.2, 2.4]), (2, [9.4, 9.0, 8.0, 7.6, 4.8, 3.6, 3.6, 2.8, 2.0])];

/// gd12 with what the probes showed at charge turned into temperatures of its parts (B11 solved for them).
fn machine(case: &Case) -> Scenario {
    let mut s = quiet("steady.toml");
    let [_, et_c, drum_c, inlet_c] = case.start_c;
    let outlet_c = (et_c - 0.10 * s.room.ambient_c) / 0.90;
    let start = &mut s.machine.start;
    start.plenum_c = inlet_c;
    start.wall_c = (drum_c - 0.4 * 0.5 * (inlet_c + outlet_c)) / 0.6;
    s.charge.mass_kg = case.mass_kg;
    s.recording.lead_in_s = 0.0;
    s.recording.cooling_s = 0.0;
    s.recipe.drop = DropRule { bt_c: None, at_s: Some(case.end.0) };
    s
}

fn step(at_s: f64, gas_pct: f64, air_pct: f64) -> Step {
    let mut step = quiet("steady.toml").recipe.steps.swap_remove(0);
    (step.at_s, step.at_bt_c, step.gas_pct, step.air_pct) = (Some(at_s), None, Some(gas_pct), Some(air_pct));
    step
}

/// The case's roast under the trace of case 5, stretched to the case's length, and with its gas and fan
/// multiplied so that they have the case's means.
fn roasted(case: &Case) -> Scenario {
    let mean = |value: fn(&(f64, f64, f64)) -> f64| {
        TRACE.windows(2).map(|pair| value(&pair[0]) * (pair[1].0 - pair[0].0)).sum::<f64>() / 756.0
    };
    let wanted = case.mean_pct;
    let share = (wanted.0 / mean(|t| t.1), wanted.1 / mean(|t| t.2));
    let mut s = machine(case);
    let stretch = case.end.0 / 756.0;
    let scaled = |(t, gas, air): &(f64, f64, f64)| {
        step(t * stretch, (gas * share.0).min(100.0), (air * share.1).min(100.0))
    };
    s.recipe.steps = TRACE.iter().map(scaled).collect();
    s
}

fn rms(errors: &[f64]) -> f64 {
    (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt()
}

fn by_summary() -> String {
    let mut text = String::from(
        "### C1 to C8: eight roasts by their summary figures\n\n\
         Known of each: mass, four temperatures at charge, mean gas and fan. The course of gas and fan is that of C9,\n\
         stretched to the roast's length and scaled to its means, which is a guess for all but case 5. Each cell:\n\
         ours, measured.\n\n\
         | case | kg | turning point s | °C | peak RoR | at s | colour change s | first crack s | BT °C | RoR | end BT °C |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut errors = [const { Vec::new() }; 6];
    for case in &CASES {
        let run = run(&roasted(case));
        let curve = Curve::of(&run);
        let turning = curve.turning_point();
        let peak = curve.peak_ror(400.0);
        let yellow_s = truth_s(&run, MarkKind::DryEnd);
        let crack_s = truth_s(&run, MarkKind::FirstCrackStart);
        let pair = |ours: Option<f64>, measured: f64, decimals: usize| match ours {
            Some(ours) => format!("{ours:.decimals$}, {measured:.decimals$}"),
            None => format!("none, {measured:.decimals$}"),
        };
        let end_c = curve.bt_c(case.end.0);
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            case.name,
            case.mass_kg,
            pair(Some(turning.0), case.turning.0, 0),
            pair(Some(turning.1), case.turning.1, 1),
            pair(Some(peak.0), case.peak.0, 1),
            pair(Some(peak.1), case.peak.1, 0),
            pair(yellow_s, case.yellow.0, 0),
            pair(crack_s, case.crack.0, 0),
            pair(crack_s.map(|t| curve.bt_c(t)), case.crack.1, 1),
            pair(crack_s.map(|t| curve.ror(t)), case.crack.2, 1),
            pair(Some(end_c), case.end.1, 1),
        )
        .expect("to memory");
        let both = [
            (Some(turning.0), case.turning.0),
            (Some(turning.1), case.turning.1),
            (Some(peak.0), case.peak.0),
            (yellow_s, case.yellow.0),
            (crack_s, case.crack.0),
            (Some(end_c), case.end.1),
        ];
        for (errors, (ours, measured)) in errors.iter_mut().zip(both) {
            errors.extend(ours.map(|ours| ours - measured));
        }
    }
    let said = |e: &[f64]| format!("{:+.1} (RMS {:.1})", e.iter().sum::<f64>() / e.len() as f64, rms(e));
    writeln!(
        text,
        "\nMean error and RMS error: turning point {} s and {} °C, peak RoR {} °C/min, colour change {} s, first\n\
         crack {} s, end {} °C.\n",
        said(&errors[0]),
        said(&errors[1]),
        said(&errors[2]),
        said(&errors[3]),
        said(&errors[4]),
        said(&errors[5])
    )
    .expect("to memory");
    text
}

/// RMS errors of case 5 under its own control trace: BT from charge, BT from 90 s, inlet, °C.
fn trace_errors() -> [f64; 3] {
    let mut s = machine(&CASES[4]);
    s.recipe.steps = TRACE.iter().map(|(t, gas, air)| step(*t, *gas, *air)).collect();
    let curve = Curve::of(&run(&s));
    let times = || (0..37_u32).map(|i| f64::from(20 * i));
    let bt: Vec<f64> = times().zip(TRACE_BT_C).map(|(t, c)| curve.bt_c(t) - c).collect();
    let inlet: Vec<f64> = times().zip(TRACE_INLET_C).map(|(t, c)| curve.at(t, |s| s.inlet_c) - c).collect();
    // The first at or after 90 s is that at 100 s.
    [rms(&bt), rms(&bt[5..]), rms(&inlet)]
}

#[test]
fn a_logged_roast_comes_out_of_its_controls() {
    // Nothing to be content with: gd12 is far too hot under logged controls, and the page says so. It must
    // not become worse.
    let [bt, late, inlet] = trace_errors();
    assert!(bt < 14.0 && late < 14.0 && inlet < 43.0, "{bt} {late} {inlet} °C");
}

fn around_crack() -> String {
    let mut text = String::from(
        "### C12: RoR through first crack\n\n\
         From 90 s before the start of first crack to 150 s after it, every 30 s, °C/min. Gas as in C1 to C8.\n\n\
         | case | | −90 | −60 | −30 | 0 | 30 | 60 | 90 | 120 | 150 |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let row = |rors: &[f64]| rors.iter().map(|r| format!("{r:.1}")).collect::<Vec<_>>().join(" | ");
    for (case, measured) in AROUND_CRACK {
        let run = run(&roasted(&CASES[case]));
        let curve = Curve::of(&run);
        let crack_s = truth_s(&run, MarkKind::FirstCrackStart).expect("it cracks");
        let ours: Vec<f64> = (-3..=5).map(|i| curve.ror(crack_s + 30.0 * f64::from(i))).collect();
        writeln!(text, "| {} | ours | {} |", CASES[case].name, row(&ours)).expect("to memory");
        writeln!(text, "| {} | measured | {} |", CASES[case].name, row(&measured)).expect("to memory");
    }
    text + "\n"
}

/// Inlet, exhaust, drum and BT of the empty drum at gas 25 % and fan 50 %, `idle_s` after it was at what
/// C10 gives.
fn idle_c(idle_s: f64) -> [f64; 4] {
    let mut s = machine(&CASES[0]);
    (s.machine.start.plenum_c, s.recording.lead_in_s) = (254.5, idle_s);
    s.recipe.steps = vec![step(-idle_s, 25.0, 50.0)];
    s.recipe.drop.at_s = Some(60.0);
    let run = run(&s);
    let last = Curve::of(&run);
    let at = |probe| last.at(0.0, probe);
    [at(|s| s.inlet_c), at(|s| s.et_c), at(|s| s.drum_c), at(|s| s.bt_c)]
}

fn empty_drum() -> String {
    let mut text = String::from(
        "### C10: the empty drum at gas 25 % and fan 50 %\n\n\
         A machine of that kind stood at these temperatures. Ours is set to them and left alone.\n\n\
         | | inlet °C | exhaust °C | drum °C | BT °C |\n|---|---|---|---|---|\n\
         | measured | 254.5 | 221.4 | 240.0 | 237.5 |\n",
    );
    for (name, idle_s) in [("ours after 1 min", 60.0), ("after 3 min", 180.0), ("after 1 h", 3600.0)] {
        let row = idle_c(idle_s).map(|c| format!("{c:.1}")).join(" | ");
        writeln!(text, "| {name} | {row} |").expect("to memory");
    }
    text + "\n"
}

/// The sections of the page about logs.
pub(crate) fn sections() -> String {
    let [bt, late, inlet] = trace_errors();
    let trace = format!(
        "### C9: one roast under its own controls\n\n\
         Case 5 with its gas and fan as logged, free run from charge: BT is off by {bt:.1} °C RMS from charge to\n\
         720 s, {late:.1} °C from 100 s on, the inlet by {inlet:.1} °C. The fit behind gd12 had 4.2, 3.7 and 6.2 °C\n\
         over the eight roasts it was made on.\n\n"
    );
    by_summary() + &trace + &empty_drum() + &around_crack()
}
