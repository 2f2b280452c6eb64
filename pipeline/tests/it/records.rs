//! Records: profiles made of roasts, and edits of sessions, each a revision of its own.

use trier_pipeline::records::{
    Edit, EditError, Figure, History, Profile, ProfileError, Qc, Revision, Roast, Target, digest,
};
use trier_pipeline::{Basis, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample, Trust};
use trier_tables::rows::SessionRow;

const CHARGE_US: i64 = 1_767_603_600_000_000;

fn at(s: f64) -> EventTime {
    EventTime::from_us(CHARGE_US).plus_s(s)
}

/// BT by seconds since charge: a plunge, then two straight lines.
fn bt_c(t_s: f64) -> f64 {
    if t_s < 60.0 { 200.0 - 2.0 * t_s } else { 80.0 + 0.22 * (t_s - 60.0) }
}

/// A roast with marks at 480 and 600 s, and gas that goes from 80 to 60 % at 300 s.
fn roasted() -> Outputs {
    let mark = |kind, s| Reading {
        at: at(s),
        body: ReadingBody::Mark(Mark { kind, at: at(s), source: MarkSource::Operator, confidence: 1.0 }),
    };
    let config = StreamConfig { source: "a.alog".into(), machine: "drum".into(), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, Vec::new(), Basis::default());
    let mut out = Outputs::default();
    for s in -30_i32..700 {
        let t_s = f64::from(s);
        let gas_pct = Some(if s < 300 { 80.0 } else { 60.0 });
        let sample = Sample { bt_c: Some(bt_c(t_s.clamp(0.0, 600.0))), gas_pct, ..Sample::default() };
        stream.push(Reading { at: at(t_s), body: ReadingBody::Sample(sample) }, &mut out);
        let marked = [(MarkKind::Charge, 0), (MarkKind::FirstCrackStart, 480), (MarkKind::Drop, 600)];
        for (kind, _) in marked.into_iter().filter(|(_, marked_s)| *marked_s == s) {
            stream.push(mark(kind, t_s), &mut out);
        }
    }
    stream.end(&mut out);
    out
}

fn session() -> SessionRow {
    roasted().sessions.first().expect("one roast").clone()
}

fn profile() -> Profile {
    let out = roasted();
    let roast =
        Roast { session: &out.sessions[0], telemetry: &out.telemetry, weights_kg: [Some(6.0), Some(5.1)] };
    Profile::of_roast("house-blend", "Ana", &roast).expect("a sound roast")
}

#[test]
fn a_profile_asks_for_what_the_roast_was() {
    let profile = profile();
    let value = |figure| profile.targets.get(&figure).map(|target: &Target| target.value);
    assert_eq!((value(Figure::DropS), value(Figure::FirstCrackS)), (Some(600.0), Some(480.0)));
    assert_eq!((value(Figure::ChargeMassKg), value(Figure::DevelopmentRatio)), (Some(6.0), Some(0.2)));
    assert!((value(Figure::WeightLossPct).expect("weighed") - 15.0).abs() < 1e-9);
    assert_eq!(value(Figure::GroundColourAgtron), None);
    // Three corners say the whole curve, and one change of gas after its first value. The reading at charge
    // came before the mark, and so is not of the session.
    assert_eq!(profile.curve.t_s, [1.0, 60.0, 600.0]);
    assert!((profile.bt_at_c(330.0).expect("on the curve") - bt_c(330.0)).abs() < 1e-9);
    let steps: Vec<_> = profile.controls.iter().map(|step| (step.t_s, step.gas_pct)).collect();
    assert_eq!(steps, [(0.0, Some(80.0)), (300.0, Some(60.0))]);
}

#[test]
fn a_profile_is_the_same_after_its_file() {
    let first = profile();
    let text = first.to_toml();
    assert_eq!(Profile::parse(&text).expect("what we write can be read"), first);
    let mut second = profile().after(&first, digest(text.as_bytes()));
    second.note = "hotter\nend".into();
    assert_eq!((second.version, second.parent.as_deref().map(str::len)), (2, Some(64)));
    assert_eq!(Profile::parse(&second.to_toml()).expect("what we write can be read"), second);
}

#[test]
fn a_profile_that_no_roast_can_follow_is_refused_by_its_key() {
    let text = profile().to_toml();
    for (from, to, key) in [
        ("schema = \"profile/1\"", "schema = \"profile/2\"", "schema"),
        ("name = \"house-blend\"", "name = \"../house\"", "name"),
        ("author = \"Ana\"", "author = \" \"", "author"),
        ("version = 1", "version = 0", "version"),
        ("[1.0, 60.0, 600.0]", "[1.0, 600.0, 60.0]", "curve.t_s"),
        ("[1.0, 60.0, 600.0]", "[1.0, 60.0]", "curve"),
        ("[1.0, 60.0, 600.0]", "[1.0, 60.0, nan]", "curve.t_s"),
        ("gas_pct = 60.0", "gas_pct = 160.0", "control[2].gas_pct"),
        ("value = 600.0", "value = 6000.0", "target.drop_s.value"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from} is in the file");
        match Profile::parse(&changed) {
            Err(ProfileError::Value { key: got, .. }) => assert_eq!(got, key),
            other => panic!("{key}: {other:?}"),
        }
    }
    assert!(matches!(Profile::parse(&(text + "more = 1\n")), Err(ProfileError::Parse { .. })));
}

fn said(history: &mut Vec<Revision>, author: &str, edit: Edit) -> Result<(), EditError> {
    let now = History::new(session(), history.clone())?;
    history.push(now.next(now.newest(), (author, "tasted"), at(9_000.0), edit)?);
    Ok(())
}

fn mark(mark: &str, s: Option<f64>) -> Edit {
    Edit::Mark { mark: mark.into(), at_us: s.map(|s| at(s).us()), bt_c: s.map(bt_c) }
}

#[test]
fn the_second_of_two_who_saw_the_same_revision_gets_a_conflict() {
    let mut edits = Vec::new();
    said(&mut edits, "Ana", Edit::Discard).expect("the first");
    let now = History::new(session(), edits).expect("in order");
    match now.next(0, ("Ben", ""), at(9_000.0), Edit::Restore) {
        Err(EditError::Conflict { base: 0, newest: 1, by, .. }) => assert_eq!(by, "Ana"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn edits_add_up_and_the_pipelines_row_stays_as_it_was() {
    let mut edits = Vec::new();
    let qc = Qc { green_kg: Some(6.0), roasted_kg: Some(5.1), cupping_score: Some(86.5), ..Qc::default() };
    let correct = Edit::Correct { bean: Some("Guji".into()), profile: None, machine: None };
    for edit in [Edit::Qc(qc.clone()), correct, Edit::Discard, mark("first_crack_start", Some(500.0))] {
        said(&mut edits, "Ana", edit).expect("sound");
    }
    let reviewed = History::new(session(), edits.clone()).expect("in order").reviewed();
    assert_eq!(
        (reviewed.qc, reviewed.bean.as_deref(), reviewed.is_discarded),
        (Some(qc), Some("Guji"), true)
    );
    assert_eq!((reviewed.row.revision, reviewed.row.first_crack_s), (4, Some(500.0)));
    assert_eq!((reviewed.row.development_s, reviewed.row.first_crack_bt_c), (Some(100.0), Some(bt_c(500.0))));
    assert_eq!(reviewed.placed_by.get("first_crack_start").map(String::as_str), Some("Ana"));
    // Seen from before the edits, nothing changed; and the same edits hold for a row sealed anew.
    assert_eq!(History::new(session(), Vec::new()).expect("none").reviewed().row, session());
    let anew = SessionRow { n_readings: 1, revision: 5, ..session() };
    let reviewed = History::new(anew, edits).expect("in order").reviewed();
    assert_eq!(
        (reviewed.row.revision, reviewed.row.first_crack_s, reviewed.row.n_readings),
        (5, Some(500.0), 1)
    );
}

#[test]
fn a_charge_put_elsewhere_moves_what_counts_from_it_and_nothing_else() {
    let mut edits = Vec::new();
    said(&mut edits, "Ana", mark("charge", Some(10.0))).expect("sound");
    let (before, after) = (session(), History::new(session(), edits).expect("in order").reviewed().row);
    assert_eq!((after.start_us, after.end_us), (at(10.0).us(), before.end_us));
    assert_eq!((after.first_crack_s, after.drop_s), (Some(470.0), Some(590.0)));
    assert_eq!(
        (after.first_crack_bt_c, after.development_s),
        (before.first_crack_bt_c, before.development_s)
    );
}

#[test]
fn a_drop_that_never_was_leaves_no_drop() {
    let mut edits = Vec::new();
    said(&mut edits, "Ana", mark("drop", None)).expect("sound");
    let row = History::new(session(), edits).expect("in order").reviewed().row;
    assert_eq!((&*row.outcome, row.drop_s, row.drop_bt_c, row.development_s), ("no_drop", None, None, None));
}

#[test]
fn marks_where_none_can_be_are_refused_and_change_nothing() {
    for (edit, mark) in [
        (mark("dry_end", Some(-5.0)), "dry_end"),
        (mark("first_crack_start", Some(601.0)), "first_crack_start"),
        (mark("drop", Some(0.0)), "drop"),
        (mark("charge", Some(700.0)), "drop"),
        (mark("charge", Some(100.0)), "turning_point"),
    ] {
        let mut edits = Vec::new();
        match said(&mut edits, "Ana", edit) {
            Err(EditError::Order { mark: got, .. }) => assert_eq!(got, mark),
            other => panic!("{mark}: {other:?}"),
        }
        assert!(edits.is_empty());
    }
    for edit in [mark("charge", None), mark("cool_end", Some(1.0)), mark("blue", Some(1.0))] {
        assert!(matches!(said(&mut Vec::new(), "Ana", edit), Err(EditError::Revision(_))));
    }
    assert!(matches!(said(&mut Vec::new(), "", Edit::Discard), Err(EditError::Revision(_))));
}

#[test]
fn a_revision_is_the_same_after_its_file() {
    let mut edits = Vec::new();
    let qc = Qc {
        defects: "BAKED FLAT".split(' ').filter_map(trier_pipeline::records::Defect::from_name).collect(),
        ..Qc::default()
    };
    let correct =
        Edit::Correct { bean: None, profile: Some("house@2".into()), machine: Some("drum 2".into()) };
    for edit in [
        Edit::Qc(qc),
        correct,
        mark("dry_end", Some(300.0)),
        mark("drop", None),
        Edit::Discard,
        Edit::Restore,
    ] {
        said(&mut edits, "Ana", edit).expect("sound");
    }
    for edit in &edits {
        assert_eq!(&Revision::parse(&edit.to_toml()).expect("what we write can be read"), edit);
    }
    let gap = vec![edits[1].clone(), edits[0].clone()];
    assert!(matches!(History::new(session(), gap), Err(EditError::Broken { .. })));
}
