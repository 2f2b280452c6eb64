//! Faults, each against what it must do to a climb that is known.

use super::super::kind::Channel;
use super::*;
use trier_roast::{Mark, MarkKind, MarkSource, Sample, Trust};

const START: EventTime = EventTime::from_us(1_767_603_600_000_000);

/// Ten minutes at 1 Hz from 60 s before charge: BT at 100 °C and 0.1 °C/s up, ET 50 °C above; charge and drop marked.
fn climb() -> Vec<Heard> {
    let heard = |at, body| Heard { reading: Reading { at, body }, trust: Trust::Unsigned, boot: None };
    let mark = |kind, t_s: f64| {
        let at = START.plus_s(t_s);
        heard(at, ReadingBody::Mark(Mark { kind, at, source: MarkSource::Operator, confidence: 1.0 }))
    };
    let mut all: Vec<Heard> = (-60..540)
        .map(|t_s| {
            let t_s = f64::from(t_s);
            let bt_c = 100.0 + 0.1 * t_s;
            let sample = Sample { bt_c: Some(bt_c), et_c: Some(bt_c + 50.0), ..Sample::default() };
            heard(START.plus_s(t_s), ReadingBody::Sample(sample))
        })
        .collect();
    all.extend([mark(MarkKind::Charge, 0.0), mark(MarkKind::Drop, 480.0)]);
    all.sort_by_key(|one| one.reading.at);
    all
}

fn fault(kind: FaultKind, channel: Channel, (from_s, for_s): (f64, f64), size: f64) -> Fault {
    Fault { kind, channel, mark: None, from_s, for_s, size }
}

fn struck(fault: &Fault) -> Struck {
    apply(std::slice::from_ref(fault), 7, START, climb())
}

/// BT and ET as heard, by seconds since charge.
fn values(struck: &Struck) -> Vec<(f64, Option<f64>, Option<f64>)> {
    let value = |one: &Heard| match one.reading.body {
        ReadingBody::Sample(sample) => Some((one.reading.at.since_s(START), sample.bt_c, sample.et_c)),
        ReadingBody::Mark(_) => None,
    };
    struck.heard.iter().filter_map(value).collect()
}

fn bt_at(struck: &Struck, t_s: f64) -> Option<f64> {
    values(struck).iter().find(|value| value.0 == t_s).and_then(|value| value.1)
}

#[test]
fn no_fault_leaves_everything_as_it_was() {
    let struck = apply(&[], 7, START, climb());
    assert_eq!((struck.heard, struck.changed), (climb(), vec![]));
}

#[test]
fn probes_show_what_their_fault_says_and_only_within_it() {
    // At 100 s true BT is 110.0 °C, at 99 s 109.9.
    let window = (100.0, 10.0);
    let shown = |kind, size| struck(&fault(kind, Channel::Bt, window, size));
    for (kind, size, expected) in [
        (FaultKind::SensorDropout, 0.0, None),
        (FaultKind::SensorStuck, 0.0, Some(109.9)),
        (FaultKind::SensorUnitFlip, 0.0, Some(230.0)),
        (FaultKind::SensorSentinel, 0.0, Some(-1.0)),
        (FaultKind::SensorOpen, 0.0, Some(1_300.0)),
        (FaultKind::SensorCoarse, 20.0, Some(120.0)),
        (FaultKind::SensorClamp, 105.0, Some(105.0)),
        (FaultKind::SensorDrift, 5.0, Some(110.0)),
    ] {
        let struck = shown(kind, size);
        let bt_c = bt_at(&struck, 100.0);
        assert!(
            bt_c.zip(expected).map_or(bt_c == expected, |(got, want)| (got - want).abs() < 1e-9),
            "{}: {bt_c:?}, not {expected:?}",
            kind.name()
        );
        // Nothing before, and nothing after but for what stays.
        let after = if kind == FaultKind::SensorDrift { 116.0 } else { 111.0 };
        assert_eq!(bt_at(&struck, 99.0), Some(100.0 + 0.1 * 99.0), "{}", kind.name());
        assert!((bt_at(&struck, 110.0).expect("read") - after).abs() < 1e-9, "{}", kind.name());
        assert!(
            values(&struck).iter().all(|(t_s, _, et_c)| *et_c == Some(150.0 + 0.1 * t_s)),
            "{}",
            kind.name()
        );
    }
}

#[test]
fn a_fault_of_all_is_of_both_probes_and_of_the_whole_sample() {
    let gone = struck(&fault(FaultKind::SensorDropout, Channel::All, (100.0, 10.0), 0.0));
    assert_eq!((gone.changed[0], values(&gone).len()), (10, 590));
    let flipped = struck(&fault(FaultKind::SensorUnitFlip, Channel::All, (0.0, f64::INFINITY), 0.0));
    let last = values(&flipped).last().copied().expect("a sample");
    assert!((last.2.expect("read") - (1.8 * 203.9 + 32.0)).abs() < 1e-9, "{last:?}");
    let swapped = struck(&fault(FaultKind::SensorSwap, Channel::All, (0.0, 1.0), 0.0));
    assert_eq!((bt_at(&swapped, 0.0), swapped.changed[0]), (Some(150.0), 1));
}

#[test]
fn noise_and_spikes_have_the_size_said_and_a_seed_repeats_them() {
    let noisy = fault(FaultKind::SensorNoise, Channel::Bt, (-60.0, f64::INFINITY), 2.0);
    let of = |seed| apply(&[noisy], seed, START, climb());
    assert_eq!(of(7), of(7));
    assert_ne!(of(7), of(8));
    let off: Vec<f64> =
        values(&of(7)).iter().map(|(t_s, bt_c, _)| bt_c.expect("read") - 100.0 - 0.1 * t_s).collect();
    let n = off.len() as f64;
    let (mean, square) = (off.iter().sum::<f64>() / n, off.iter().map(|x| x * x).sum::<f64>() / n);
    // Of 600: the mean is within five standard errors, 0.41 °C, the deviation within 15 %.
    assert!(mean.abs() < 0.41 && (square.sqrt() - 2.0).abs() < 0.3, "{mean} {}", square.sqrt());
    let spiky = struck(&fault(FaultKind::SensorSpike, Channel::Bt, (100.0, 50.0), 40.0));
    let thrown: Vec<f64> =
        (100..150).map(|t| bt_at(&spiky, f64::from(t)).expect("read") - 100.0 - 0.1 * f64::from(t)).collect();
    assert!(thrown.iter().all(|off| (4.0 - 1e-9..=40.0).contains(&off.abs())), "{thrown:?}");
    assert!(thrown.iter().any(|off| *off > 0.0) && thrown.iter().any(|off| *off < 0.0));
}

#[test]
fn a_lag_trails_a_steady_climb_by_itself() {
    // 0.1 °C/s behind 20 s of lag is 2 °C, to the tenth shown, once five lags have passed.
    let late = struck(&fault(FaultKind::SensorLag, Channel::Bt, (0.0, f64::INFINITY), 20.0));
    let behind_c = 130.0 - bt_at(&late, 300.0).expect("read");
    assert!((behind_c - 2.0).abs() <= 0.11, "{behind_c}");
}

#[test]
fn messages_are_lost_doubled_and_mixed_as_said() {
    let n = climb().len();
    let at = |kind, window, size| struck(&fault(kind, Channel::All, window, size));
    let lost = at(FaultKind::FeedLoss, (475.0, 10.0), 0.0);
    assert_eq!((lost.heard.len(), lost.changed[0]), (n - 11, 11), "ten samples and the drop");
    let twice = at(FaultKind::FeedDuplicate, (475.0, 10.0), 0.0);
    assert_eq!((twice.heard.len(), twice.changed[0]), (n + 10, 10), "samples, not marks");
    let thin = at(FaultKind::FeedThin, (0.0, f64::INFINITY), 5.0);
    assert_eq!(values(&thin).len(), 60 + 540 / 5);
    let mixed = at(FaultKind::FeedReorder, (0.0, f64::INFINITY), 5.0);
    let mut sorted = mixed.heard.clone();
    sorted.sort_by_key(|one| one.reading.at);
    assert!(mixed.heard.len() == n && mixed.heard != climb() && mixed.changed[0] > 100);
    let times = |heard: &[Heard]| heard.iter().map(|one| one.reading.at).collect::<Vec<_>>();
    assert_eq!(times(&sorted), times(&climb()), "every message keeps its own time");
    let ahead = |pair: &[Heard]| pair[0].reading.at.since_s(pair[1].reading.at);
    assert!(mixed.heard.windows(2).all(|pair| ahead(pair) < 5.0), "none is later than said");
}

#[test]
fn devices_restart_and_clocks_step() {
    let reboot = struck(&fault(FaultKind::DeviceReboot, Channel::All, (100.0, 20.0), 0.0));
    let boots: Vec<_> =
        reboot.heard.iter().map(|one| (one.reading.at.since_s(START) >= 100.0, one.boot)).collect();
    assert!(boots.iter().all(|(after, boot)| *boot == Some(1 + u64::from(*after))), "{boots:?}");
    assert_eq!(values(&reboot).len(), 600 - 20);
    let step = struck(&fault(FaultKind::DeviceClockStep, Channel::All, (470.0, f64::INFINITY), -3_600.0));
    let drop = step.heard.iter().find_map(|one| match one.reading.body {
        ReadingBody::Mark(mark) if mark.kind == MarkKind::Drop => Some((one.reading.at, mark.at)),
        _ => None,
    });
    let at = START.plus_s(480.0 - 3_600.0);
    assert_eq!((drop, step.changed[0]), (Some((at, at)), 71), "70 samples and the drop");
}

#[test]
fn marks_come_late_twice_or_never() {
    let of = |kind, size| {
        let fault =
            Fault { mark: Some(MarkKind::Drop), ..fault(kind, Channel::All, (0.0, f64::INFINITY), size) };
        let struck = struck(&fault);
        let drops = struck.heard.iter().filter_map(|one| match one.reading.body {
            ReadingBody::Mark(mark) if mark.kind == MarkKind::Drop => Some(mark.at.since_s(START)),
            _ => None,
        });
        (drops.collect::<Vec<f64>>(), struck.changed[0])
    };
    assert_eq!(of(FaultKind::OperatorLateMark, 12.0), (vec![492.0], 1));
    assert_eq!(of(FaultKind::OperatorLateMark, -12.0), (vec![468.0], 1));
    assert_eq!(of(FaultKind::OperatorMissingMark, 0.0), (vec![], 1));
    assert_eq!(of(FaultKind::OperatorDoubleMark, 12.0), (vec![480.0, 492.0], 1));
}

#[test]
fn what_changes_nothing_is_counted_as_nothing() {
    let never = fault(FaultKind::SensorOpen, Channel::Bt, (3_600.0, 10.0), 0.0);
    let loose = fault(FaultKind::SensorClamp, Channel::Bt, (0.0, 10.0), 400.0);
    let real = fault(FaultKind::SensorOpen, Channel::Bt, (100.0, 10.0), 0.0);
    let struck = apply(&[real, never, loose], 7, START, climb());
    assert_eq!((struck.changed.as_slice(), struck.without_effect()), (&[10, 0, 0][..], Some(1)));
    let unmarked = Fault {
        mark: Some(MarkKind::DryEnd),
        ..fault(FaultKind::OperatorMissingMark, Channel::All, (0.0, 1.0), 0.0)
    };
    assert_eq!(self::struck(&unmarked).changed, [0]);
}

#[test]
fn a_fault_draws_the_same_wherever_it_meets_another() {
    // Streams are keyed by place: a fault put in front of it moves its numbers, one put behind does not.
    let noisy = fault(FaultKind::SensorNoise, Channel::Bt, (0.0, 100.0), 2.0);
    let behind = fault(FaultKind::SensorOpen, Channel::Et, (200.0, 100.0), 0.0);
    let (alone, both) = (apply(&[noisy], 7, START, climb()), apply(&[noisy, behind], 7, START, climb()));
    assert_eq!(values(&alone)[..200], values(&both)[..200]);
}
