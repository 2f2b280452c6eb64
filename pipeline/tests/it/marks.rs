//! Times and temperatures of marks.

use trier_pipeline::Basis;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody};

use crate::support::{at, mark, plain_c, plain_roast, run, shaped_roast};

#[test]
fn a_plain_roast_has_the_marks_of_its_making() {
    let out = run(&plain_roast(0.0), Basis::default());
    let row = &out.sessions[0];
    let near = |got: Option<f64>, want: f64, within: f64| {
        let got = got.expect("known");
        assert!((got - want).abs() <= within, "got {got}, want {want}");
    };
    near(row.charge_bt_c, 200.0, 0.0);
    near(row.turning_point_s, 60.0, 3.0);
    near(row.turning_point_bt_c, 90.0, 1.5);
    near(row.dry_end_s, 360.0, 1e-6);
    near(row.first_crack_bt_c, 190.0, 1e-9);
    near(row.drop_bt_c, 209.8, 0.2);
    near(row.drying_s, 360.0, 1e-6);
    near(row.maillard_s, 200.0, 1e-6);
    near(row.development_s, 100.0, 0.0);
    near(row.development_ratio, 100.0 / 660.0, 1e-12);
    assert_eq!((&*row.grade, row.revision, row.n_unusable), ("good", 0, 0));
    let kinds: Vec<_> = out.marks.iter().map(|m| (&*m.kind, &*m.mark_source)).collect();
    let expected = [
        ("charge", "operator"),
        ("charge", "inferred"),
        ("turning_point", "inferred"),
        ("dry_end", "inferred"),
        ("first_crack_start", "operator"),
        ("drop", "operator"),
        ("drop", "inferred"),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn an_announced_dry_end_stands_and_none_is_inferred() {
    let mut readings = plain_roast(0.0);
    let index = readings.iter().position(|r| r.at == mark(340.0, MarkKind::DryEnd).at).expect("sampled");
    readings.insert(index, mark(340.0, MarkKind::DryEnd));
    let out = run(&readings, Basis::default());
    assert_eq!(out.sessions[0].dry_end_s, Some(340.0));
    assert_eq!(out.marks.iter().filter(|m| &*m.kind == "dry_end").count(), 1);
}

#[test]
fn a_mark_told_where_it_cannot_be_gives_way_to_the_curve() {
    let row = |kind: MarkKind, told_s: f64| {
        let mut readings = plain_roast(0.0);
        let place = readings.iter().position(|r| r.at > at(told_s)).expect("sampled");
        readings.insert(place, mark(told_s, kind));
        let out = run(&readings, Basis::default());
        let kept = out.marks.iter().any(|m| *m.kind == *kind.name() && m.since_charge_s == Some(told_s));
        assert!(kept, "{kind:?} told at {told_s} s is kept as it was told");
        out.sessions[0].clone()
    };
    // First crack is at 560 s, BT passes 150 °C at 360 s and turned at 60 s.
    for (told_s, stands_s) in [(20.0, 360.0), (300.0, 300.0), (420.0, 420.0), (600.0, 360.0)] {
        let row = row(MarkKind::DryEnd, told_s);
        let dry_end_s = row.dry_end_s.expect("told and implied");
        assert!((dry_end_s - stands_s).abs() < 1e-6, "told at {told_s} s, stands at {dry_end_s} s");
        let maillard_s = row.maillard_s.expect("both known");
        assert!((maillard_s - (560.0 - stands_s)).abs() < 1e-6, "{maillard_s} s of Maillard");
        let disagrees = row.grade_reasons.contains("marks_disagree");
        assert_eq!(disagrees, told_s.to_bits() != stands_s.to_bits(), "{}", row.grade_reasons);
    }
    let row = row(MarkKind::TurningPoint, 590.0);
    assert!((row.turning_point_s.expect("told and implied") - 60.0).abs() <= 3.0);
    assert_eq!((&*row.grade, &*row.grade_reasons), ("fair", "marks_disagree"));
}

#[test]
fn a_wild_sample_at_drop_is_not_the_drop_temperature() {
    let clean = run(&plain_roast(0.0), Basis::default()).sessions[0].drop_bt_c.expect("read");
    for wild_c in [349.0, 249.0, 0.0, -1.0, f64::NAN] {
        let mut readings = plain_roast(0.0);
        let drop_at = mark(660.0, MarkKind::Drop).at;
        for reading in readings.iter_mut().filter(|r| r.at == drop_at) {
            if let ReadingBody::Sample(sample) = &mut reading.body {
                sample.bt_c = Some(wild_c);
            }
        }
        let out = run(&readings, Basis::default());
        let got = out.sessions[0].drop_bt_c.expect("read");
        assert!((got - clean).abs() < 1.5, "{got} °C with {wild_c} °C on the sample");
        let told = out.marks.iter().find(|m| &*m.kind == "drop").and_then(|m| m.bt_c).expect("read");
        assert!((told - clean).abs() < 1.5, "{told} °C told at once, with {wild_c} °C on the sample");
    }
}

#[test]
fn a_probe_that_fails_before_drop_leaves_the_drop_temperature_unknown() {
    // Seen on a real roast: BT jumps to 349 °C and stays there.
    let out = run(&shaped_roast(0.0, |t_s| if t_s > 640.0 { 349.0 } else { plain_c(t_s) }), Basis::default());
    assert_eq!((&*out.sessions[0].outcome, out.sessions[0].drop_bt_c), ("complete", None));
}

#[test]
fn whole_degrees_give_the_same_marks() {
    let out = run(&shaped_roast(0.0, |t_s| plain_c(t_s).floor()), Basis::default());
    let row = &out.sessions[0];
    assert_eq!(row.n_unusable, 0);
    assert!((row.turning_point_s.expect("BT turned") - 60.0).abs() <= 5.0);
    // A floor loses up to a degree, five seconds of climb.
    assert!((row.dry_end_s.expect("passed 150 °C") - 360.0).abs() <= 5.0);
    assert!((row.first_crack_bt_c.expect("read") - 190.0).abs() <= 1.0);
}

#[test]
fn a_machine_charged_cold_has_no_turning_point_and_still_predicts() {
    let out = run(&shaped_roast(0.0, |t_s| 22.0 + 0.28 * t_s.max(0.0)), crate::support::three_earlier());
    assert_eq!(out.sessions[0].turning_point_s, None);
    let said = out.predictions.iter().filter(|p| &*p.predictor == "artisan" && p.p50_s.is_some());
    assert!(said.count() > 500);
}

#[test]
fn drying_that_ends_after_first_crack_or_drop_is_not_inferred() {
    // First crack at 300 s, at 138 °C: a probe that reads low. 150 °C is passed at 360 s.
    let mut readings = plain_roast(0.0);
    readings.insert(333, mark(300.0, MarkKind::FirstCrackStart));
    let out = run(&readings, Basis::default());
    assert_eq!((out.sessions[0].first_crack_s, out.sessions[0].dry_end_s), (Some(300.0), None));
    assert!(out.marks.iter().all(|m| &*m.kind != "dry_end"));

    // Drop at 340 s, told at 400 s, when the dry end had been inferred already: BT went on to 151 °C and fell.
    let falls = |t_s: f64| if t_s > 367.0 { 151.4 - 2.0 * (t_s - 367.0) } else { plain_c(t_s) };
    let mut readings = shaped_roast(0.0, falls);
    let by_machine =
        Mark { kind: MarkKind::Drop, at: at(340.0), source: MarkSource::Device, confidence: 1.0 };
    readings.retain(|r| !matches!(r.body, ReadingBody::Mark(m) if m.kind != MarkKind::Charge));
    readings.insert(433, Reading { at: at(400.0), body: ReadingBody::Mark(by_machine) });
    let out = run(&readings, Basis::default());
    assert_eq!((out.sessions[0].drop_s, out.sessions[0].dry_end_s), (Some(340.0), None));
}

#[test]
fn an_empty_drum_that_passes_150_degrees_has_not_dried_anything() {
    // Charge was marked 60 s before the beans went in.
    let early = |hottest_c: f64| {
        let bt_c = |t_s: f64| if t_s < 60.0 { 140.0 + 0.4 * t_s } else { plain_c(t_s - 60.0).min(hottest_c) };
        run(&shaped_roast(0.0, bt_c), Basis::default())
    };
    let out = early(164.0);
    // The plunge says when the beans went in: all times count from there.
    let row = &out.sessions[0];
    assert_eq!(&*row.charge_source, "inferred");
    // BT stands at 164 °C until the plunge from 200 °C has passed that, 19.6 s later.
    let charge_s = EventTime::from_us(row.start_us).since_s(at(0.0));
    assert!((charge_s - 79.6).abs() <= 1.0, "{charge_s}");
    assert!((charge_s + row.turning_point_s.expect("BT turned") - 120.0).abs() <= 3.0);
    assert!((charge_s + row.dry_end_s.expect("passed 150 °C") - 420.0).abs() <= 1.0);
    assert_eq!(early(140.0).sessions[0].dry_end_s, None);
}
