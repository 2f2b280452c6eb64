//! The sessionizer and the naive reference agree, whatever is marked.

use proptest::prelude::*;
use trier_pipeline::Basis;
use trier_roast::{Mark, MarkKind, MarkSource, Reading, ReadingBody};

use crate::reference::reference_sessions;
use crate::support::{at, bt, run};

/// Marks of any kind by a door switch, at any time and some told late, between samples of a probe that never moves: nothing
/// can be read off its curve.
fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let kind = prop::sample::select(vec![
        MarkKind::Charge,
        MarkKind::Charge,
        MarkKind::Drop,
        MarkKind::Drop,
        MarkKind::FirstCrackStart,
    ]);
    let pause_s = prop_oneof![5 => 1..20_u32, 3 => 20..130_u32, 2 => 130..700_u32];
    let late_s = prop_oneof![3 => Just(0_u32), 1 => 0..900_u32];
    let step = (pause_s, prop::option::weighted(0.2, (kind, late_s)));
    prop::collection::vec(step, 1..150).prop_map(|steps| {
        let mut now_s = 0.0;
        let say = |(pause_s, marked): (u32, Option<(MarkKind, u32)>)| {
            now_s += f64::from(pause_s);
            let door = |(kind, late_s): (MarkKind, u32)| {
                let at_s = now_s - f64::from(late_s);
                let mark = Mark { kind, at: at(at_s), source: MarkSource::Device, confidence: 1.0 };
                Reading { at: at(now_s), body: ReadingBody::Mark(mark) }
            };
            marked.map_or(bt(now_s, 100.0), door)
        };
        steps.into_iter().map(say).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_naive_reading_of_the_rules_finds_the_same_sessions(readings in readings()) {
        let ours: Vec<_> = run(&readings, Basis::default())
            .sessions
            .iter()
            .map(|row| (row.start_us, row.end_us))
            .collect();
        let theirs: Vec<_> = reference_sessions(&readings)
            .into_iter()
            .map(|session| (session.start.us(), session.end.us()))
            .collect();
        prop_assert_eq!(ours, theirs);
    }
}
