//! Blending and calibration: they rest on roasts that are over, adapt to them, and promise what they keep.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*, sample::Index, test_runner::RngSeed};
use trier_pipeline::predict::{Calibrated, Moment, Said};
use trier_pipeline::{
    Basis, EarlierRoast, Forecast, Kin, MachineMemory, Predictor, Quantiles, Seen, Target, Used, Usual,
};

use crate::support::{bt, mark, plain_c, run, run_open, shaped_roast};
use trier_roast::{MarkKind, Reading, Sample};

/// A plain roast so much faster, whose BT falls once it is dropped.
fn at_pace(pace: f64) -> Vec<Reading> {
    shaped_roast(0.0, |t_s| plain_c(pace * t_s.min(660.0)) - (t_s - 660.0).max(0.0))
}

/// A machine's memory of `n` roasts, each a little faster or slower than the one before.
fn remembered(n: u32) -> MachineMemory {
    let mut memory = MachineMemory::default();
    for i in 0..n {
        let pace = 1.0 + 0.03 * f64::from(i % 4);
        let out = run(&at_pace(pace), memory.basis_for("m1", None));
        out.sessions.iter().for_each(|row| memory.learn(row, &out.telemetry));
    }
    memory
}

#[test]
fn in_hindsight_is_said_what_was_said_at_the_time() {
    let memory = remembered(4);
    let basis = memory.basis_for("m1", None);
    let out = run(&at_pace(1.02), basis);
    let told = memory
        .told(&out.sessions[0], &out.telemetry)
        .unwrap_or_else(|| panic!("not complete: {:?}", out.sessions));
    assert_eq!(told.said.len(), 16, "eight leads before each of two events");
    for moment in &*told.said {
        let event_s = if moment.target == Target::Drop { 660.0 } else { 560.0 };
        for (name, said) in ["curve", "artisan", "prior", "blend"].iter().zip(moment.said) {
            let at_the_time = out.predictions.iter().find(|row| {
                &*row.predictor == *name
                    && &*row.target == moment.target.name()
                    && row.since_charge_s == event_s - moment.lead_s
            });
            let median_s = at_the_time.and_then(|row| row.p50_s);
            assert_eq!(said.map(|said| said.mid_s), median_s, "{name} at {moment:?}");
        }
    }
}

#[test]
fn three_roasts_on_record_make_a_blend_and_two_make_none() {
    let at_400_s = |n: u32| {
        let out = run(&at_pace(1.02), remembered(n).basis_for("m1", None));
        let of = |name: &str| {
            let asked = |row: &&trier_tables::rows::PredictionRow| {
                &*row.predictor == name && &*row.target == "first_crack_start" && row.since_charge_s == 400.0
            };
            out.predictions.iter().find(asked).expect("asked").clone()
        };
        (of("blend"), of("curve"))
    };
    let (blend, curve) = at_400_s(2);
    assert_eq!((blend.p50_s, blend.p95_s), (curve.p50_s, curve.p95_s));
    let (blend, curve) = at_400_s(3);
    assert_ne!(blend.p50_s, curve.p50_s);
    assert!(blend.reasons.starts_with("curve ") && blend.reasons.ends_with("by the errors of 3 roasts"));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Default::default()
    })]

    /// With a record to go by, too: what was said before a cut hangs on nothing after it.
    #[test]
    fn a_cut_changes_nothing_that_was_said_before(
        noise in vec(-3.0..3.0_f64, 700),
        cracked in 480..640_u32,
        cut in any::<Index>(),
    ) {
        let mut readings: Vec<Reading> = vec![mark(0.0, MarkKind::Charge)];
        for (t, noise) in (0_u32..).zip(&noise) {
            if t == cracked {
                readings.push(mark(f64::from(t), MarkKind::FirstCrackStart));
            }
            readings.push(bt(f64::from(t), plain_c(f64::from(t)) + noise));
        }
        let basis = remembered(4).basis_for("m1", None);
        let cut = cut.index(readings.len() + 1);
        let (part, _, _) = run_open(&readings[..cut], basis.clone());
        let (whole, _, _) = run_open(&readings, basis);
        prop_assert!(whole.predictions.starts_with(&part.predictions));
    }
}

/// Says 60 s, and 5 to 95 % from 40 to 90 s, whatever it sees, as `blend` does before calibration.
struct Stubborn;

impl Predictor for Stubborn {
    fn name(&self) -> &'static str {
        "blend"
    }

    fn title(&self) -> &'static str {
        "a test's own"
    }

    fn version(&self) -> u32 {
        1
    }

    fn forecast(&mut self, _: Target, _: &Seen<'_>) -> Forecast {
        let quantiles = Quantiles {
            p05_s: Some(40.0),
            p10_s: Some(45.0),
            p25_s: Some(52.0),
            p75_s: Some(70.0),
            p90_s: Some(82.0),
            p95_s: Some(90.0),
            ..Quantiles::point(60.0)
        };
        Forecast::Seconds { quantiles, reasons: Vec::new(), used: Used::default() }
    }
}

/// A roast whose first crack lay `place` widths of a side from what [`Stubborn`] said.
fn with_place(place: f64) -> (f64, EarlierRoast) {
    let lead_s = 60.0 + place * if place < 0.0 { 20.0 } else { 30.0 };
    let said = Some(Said { mid_s: 60.0, interval_s: Some((40.0, 90.0)) });
    let moment = Moment { target: Target::FirstCrackStart, lead_s, said: [None, None, None, said] };
    (lead_s, EarlierRoast { said: Arc::from([moment]), ..EarlierRoast::default() })
}

/// The shares within the stated 50, 80 and 90 %, from the roast `first` on, of roasts whose events lay so.
fn shares(places: &[f64], first: usize) -> [f64; 3] {
    let mut basis = Basis::default();
    let mut within = [0.0; 3];
    for (i, place) in places.iter().enumerate() {
        let (lead_s, roast) = with_place(*place);
        let usual = Usual::of(&basis);
        let seen = Seen {
            now_s: 400.0,
            points: &[],
            newest: &Sample::default(),
            warming_since_s: None,
            marks: &[],
            basis: &basis,
            usual: &usual,
        };
        let Forecast::Seconds { quantiles, .. } =
            Calibrated(Stubborn).forecast(Target::FirstCrackStart, &seen)
        else {
            panic!("it always answers");
        };
        assert_eq!(quantiles.p50_s, Some(60.0), "the median stays");
        let [low, lower, inner, _, outer, upper, high] = quantiles.ascending().map(|q| q.expect("stated"));
        if i >= first {
            for (share, (from, to)) in within.iter_mut().zip([(inner, outer), (lower, upper), (low, high)]) {
                *share += f64::from(u8::from((from..=to).contains(&lead_s)));
            }
        }
        basis.earlier.push(roast);
    }
    within.map(|n| n / (places.len() - first) as f64)
}

/// Draws from where events lay on other machines, straight between its quantiles, in an order without a
/// pattern: multiples of the golden section are spread evenly and never repeat.
fn drawn(n: u32) -> Vec<f64> {
    let kin = Kin::shipped().slices[0][0].places;
    (1..=n)
        .map(|i| {
            let share = (f64::from(i) * 0.618_033_988_749_895).fract();
            // As far beyond the outer quantiles as the next ones lie within.
            let place = share * 10.0 - 0.5;
            let below = (place.max(0.0) as usize).min(8);
            kin[below] + (place - below as f64) * (kin[below + 1] - kin[below])
        })
        .collect()
}

#[test]
fn of_roasts_that_are_alike_as_many_lie_within_as_is_said() {
    let shares = shares(&drawn(600), 20);
    // Draws that are spread evenly scatter less than a binomial's 0.021, 0.017 and 0.012; twice that.
    for (share, (said, within)) in shares.iter().zip([(0.5, 0.042), (0.8, 0.034), (0.9, 0.024)]) {
        assert!((share - said).abs() <= within, "{share} within the interval of {said}");
    }
}

#[test]
fn after_errors_double_the_intervals_follow() {
    let mut places = drawn(400);
    places.iter_mut().skip(100).for_each(|place| *place *= 2.0);
    // Unadapted, the 90 % interval would hold about 60 % of them.
    let [_, _, at_once] = shares(&places[..120], 100);
    let [_, _, later] = shares(&places, 160);
    assert!(later > at_once, "{at_once} at first, {later} later");
    // A third of the weight stays with other machines, which costs some points.
    assert!((0.82..=0.93).contains(&later), "{later}");
}
