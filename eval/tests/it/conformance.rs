//! Conformance: all of ours pass every check, and each kind of wrong predictor fails the check that is for it.

use std::sync::{Arc, Mutex};

use trier_eval::conformance::{Checked, conformance};
use trier_eval::runner::Arms;
use trier_pipeline::{Abstain, Fault, Forecast, PREDICTORS, Predictor, Seen, Target, Used};

fn failed(checked: &[Checked]) -> Vec<(&'static str, &str)> {
    checked.iter().filter_map(|check| Some((check.name, check.outcome.as_ref().err()?.as_str()))).collect()
}

#[test]
fn all_of_ours_conform() {
    for name in PREDICTORS {
        let checked = conformance(&Arms::named(&[name]).expect("ours"), name);
        assert_eq!(checked.len(), 11);
        assert_eq!(failed(&checked), [], "{name}");
        let answers =
            |check: &str| checked.iter().find(|c| c.name == check).and_then(|c| c.outcome.clone().ok());
        // Nothing passes by comparing nothing: a cut at 30 s alone has 30 samples with two questions.
        assert!(answers("prefix") > Some(2_000), "{name}: {:?}", answers("prefix"));
    }
}

/// A right predictor for the made-up roasts, but for what `wrong` does.
struct Wrong<F> {
    wrong: F,
    samples: u32,
    newest_s: Option<f64>,
}

impl<F: FnMut(&Seen<'_>, u32) -> Forecast + Send> Predictor for Wrong<F> {
    fn name(&self) -> &str {
        "wrong"
    }

    fn title(&self) -> &str {
        "a test's own"
    }

    fn version(&self) -> u32 {
        1
    }

    fn begin(&mut self) {
        (self.samples, self.newest_s) = (0, None);
    }

    fn forecast(&mut self, _: Target, seen: &Seen<'_>) -> Forecast {
        if self.newest_s.is_none_or(|newest_s| newest_s < seen.now_s) {
            (self.samples, self.newest_s) = (self.samples + 1, Some(seen.now_s));
        }
        (self.wrong)(seen, self.samples)
    }
}

/// The checks that a predictor fails, which is made anew with a copy of `wrong` each time.
fn failed_by(
    wrong: impl FnMut(&Seen<'_>, u32) -> Forecast + Clone + Send + Sync + 'static,
) -> Vec<&'static str> {
    let make = move || -> Box<dyn Predictor> {
        Box::new(Wrong { wrong: wrong.clone(), samples: 0, newest_s: None })
    };
    let arms = Arms::default().and("wrong", make).expect("one name");
    failed(&conformance(&arms, "wrong")).into_iter().map(|(name, _)| name).collect()
}

fn point(seconds: f64) -> Forecast {
    Forecast::point(seconds.max(0.0), vec!["a test's".to_owned()], Used::default())
}

/// Right at the usual pace.
fn left_s(seen: &Seen<'_>) -> f64 {
    480.0 - seen.now_s
}

#[test]
fn one_that_does_nothing_wrong_passes() {
    assert_eq!(failed_by(|seen, _| point(left_s(seen))), <[&str; 0]>::default());
}

#[test]
fn each_wrong_one_fails_the_check_that_is_for_it() {
    let fails =
        |check: &str, failed: Vec<&'static str>| assert!(failed.contains(&check), "{check}: {failed:?}");
    fails("speaks", failed_by(|_, _| Forecast::Abstain(Abstain::NoDropTarget)));
    fails("sound", failed_by(|_, _| Forecast::point(f64::NAN, Vec::new(), Used::default())));
    fails("sampling rate", failed_by(|_, samples| point(480.0 - f64::from(samples))));
    // Hangs on the last digits, which no probe means.
    fails(
        "unit",
        failed_by(|seen, _| point(left_s(seen) + seen.newest.bt_c.map_or(0.0, |c| (c * 1e13) % 7.0))),
    );
    fails(
        "missing ET",
        failed_by(|seen, _| match seen.newest.et_c {
            Some(_) => point(left_s(seen)),
            None => {
                Forecast::Abstain(Abstain::Failed { fault: Fault::Gone, what: "KeyError: 'et_c'".to_owned() })
            }
        }),
    );
    fails(
        "missing BT",
        failed_by(|seen, _| match seen.newest.bt_c {
            Some(_) => point(left_s(seen)),
            None => Forecast::point(f64::NAN, Vec::new(), Used::default()),
        }),
    );
}

#[test]
fn what_is_kept_between_roasts_is_found_out() {
    // It remembers the longest roast that it was ever shown, and counts back from its end.
    let longest = Arc::new(Mutex::new(0.0_f64));
    let kept = failed_by(move |seen, _| {
        let mut longest = longest.lock().expect("whole");
        *longest = longest.max(seen.now_s);
        point(*longest - seen.now_s)
    });
    assert!(kept.contains(&"repeats"), "{kept:?}");
    // It counts how often it was ever asked, within one stream too.
    let asked = Arc::new(Mutex::new(0_u32));
    let counted = failed_by(move |seen, _| {
        let mut asked = asked.lock().expect("whole");
        *asked += 1;
        point(left_s(seen) + f64::from(*asked))
    });
    assert!(counted.contains(&"repeats") && counted.contains(&"prefix"), "{counted:?}");
    // What lives in the predictor itself is forgotten with it, but not from roast to roast.
    let mut seen_before = 0.0_f64;
    let stale = failed_by(move |seen, _| {
        seen_before = seen_before.max(seen.now_s);
        point(seen_before + 1.0 - seen.now_s)
    });
    assert_eq!(stale, ["fresh state"]);
}

#[test]
fn a_clock_is_found_out() {
    #[allow(clippy::disallowed_methods)] // That is what is wrong with it.
    let clocked = failed_by(move |seen, _| {
        let now_s =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("later").as_secs_f64();
        point(left_s(seen) + now_s.fract())
    });
    assert!(clocked.contains(&"repeats") && clocked.contains(&"prefix"), "{clocked:?}");
}
