//! The table of B17: what each way of stepping the plant costs and how far off it is, on all four families.
//!
//! `cargo test -p trier-sim table_of_methods` fails when `docs/physics.md` says otherwise, and prints the rows.

use trier_roast::math;

use crate::machine::{Books, Load, Plant, STEP_S, State, Stepper};

use super::bare::charged;
use super::numerics::{Course, as_shipped, courses, plant};

/// A way of taking a step.
#[derive(Clone, Copy, Debug)]
enum Method {
    Euler,
    /// Midpoint, with the heater, the quickest body, in closed form.
    Split,
    RungeKutta,
}

/// Plant and tip of the bean probe at one instant, or their rates.
type Point = (State, f64);

/// A course with all that its slopes need.
struct Ride<'a> {
    course: &'a Course,
    plant: &'a Plant<'a>,
    load: &'a Load<'a>,
    stepper: Stepper<'a>,
}

impl Ride<'_> {
    /// d/dt of both, `into_s` into a step that began `since_s` after charge; the probe by B11.
    fn slope(&mut self, (state, tip_c): &Point, since_s: f64, into_s: f64) -> Point {
        let inputs = self.course.inputs(self.load, since_s).later(into_s);
        let (rate, outlet_c) = self.stepper.slope(state, &inputs);
        let probe = &self.plant.spec.probes.bt;
        let touched_c = touched_c(self.plant, state, outlet_c, since_s + into_s);
        (rate, (touched_c - tip_c) / probe.lag_s)
    }

    fn step(&mut self, method: Method, now: &Point, since_s: f64, h: f64) -> Point {
        let mut next = match method {
            Method::Euler => moved(now, h, &self.slope(now, since_s, 0.0)),
            Method::Split => self.split(now, since_s, h),
            Method::RungeKutta => {
                let a = self.slope(now, since_s, 0.0);
                let b = self.slope(&moved(now, 0.5 * h, &a), since_s, 0.5 * h);
                let c = self.slope(&moved(now, 0.5 * h, &b), since_s, 0.5 * h);
                let d = self.slope(&moved(now, h, &c), since_s, h);
                let sum = State::runge_kutta_sum(&a.0, &b.0, &c.0, &d.0);
                moved(now, h / 6.0, &(sum, a.1 + 2.0 * (b.1 + c.1) + d.1))
            }
        };
        next.0.hottest_c = next.0.hottest_c.max(next.0.core_c);
        next
    }

    fn split(&mut self, now: &Point, since_s: f64, h: f64) -> Point {
        let lag_s = self.plant.spec.heater.lag_s;
        let wanted_w = now.0.heater_w + lag_s * self.slope(now, since_s, 0.0).0.heater_w;
        let gap_w = now.0.heater_w - wanted_w;
        let mean_w = |s: f64| wanted_w - gap_w * math::exp_m1(-s / lag_s) * lag_s / s;
        let heated = |point: &Point, heater_w: f64| (State { heater_w, ..point.0 }, point.1);
        let half = self.slope(&heated(now, mean_w(0.5 * h)), since_s, 0.0);
        let middle = heated(&moved(now, 0.5 * h, &half), mean_w(h));
        let next = moved(now, h, &self.slope(&middle, since_s, 0.5 * h));
        heated(&next, wanted_w + gap_w * math::exp(-h / lag_s))
    }
}

fn moved(point: &Point, by_s: f64, rate: &Point) -> Point {
    (point.0.plus(by_s, &rate.0), point.1 + by_s * rate.1)
}

/// What the bean probe touches (B11).
fn touched_c(plant: &Plant<'_>, state: &State, outlet_c: f64, since_s: f64) -> f64 {
    let bare_c = 0.5 * (outlet_c + state.wall_c);
    let beans_c = state.shell_c + plant.spec.probes.bt.air_share * (outlet_c - state.shell_c);
    bare_c + plant.mixing(since_s) * (beans_c - bare_c)
}

/// Tip and core at each whole second, and the worst that the books show there.
fn seconds(course: &Course, method: Method, per_s: u32) -> (Vec<(f64, f64)>, f64) {
    let (plant, load) = (plant(&course.spec), course.load());
    let start = charged(&plant, &load);
    let mut books = Books::open(&plant, &start);
    books.charge(&start, &load);
    let mut ride = Ride { course, plant: &plant, load: &load, stepper: Stepper::new(&plant) };
    let outlet_c = ride.stepper.slope(&start, &course.inputs(&load, 0.0)).1;
    let mut now = (start, touched_c(&plant, &start, outlet_c, 0.0));
    let (mut seen, mut worst) = (Vec::new(), 0.0_f64);
    let h = 1.0 / f64::from(per_s);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Some hundreds.
    for second in 0..course.roast_s as u32 {
        for part in 0..per_s {
            now = ride.step(method, &now, f64::from(second) + f64::from(part) * h, h);
        }
        seen.push((now.1, now.0.core_c));
        worst = worst.max(books.balance(&plant, &now.0, Some(&load)).energy.abs());
    }
    (seen, worst)
}

/// The greatest distances of tip and core from `exact`.
fn off(seen: &[(f64, f64)], exact: &[(f64, f64)]) -> (f64, f64) {
    assert_eq!(seen.len(), exact.len());
    let far = |worst: (f64, f64), (is, exact): (&(f64, f64), &(f64, f64))| {
        (worst.0.max((is.0 - exact.0).abs()), worst.1.max((is.1 - exact.1).abs()))
    };
    seen.iter().zip(exact).fold((0.0, 0.0), far)
}

#[test]
fn the_table_of_methods_is_what_they_give() {
    let methods = [
        ("Euler, 1 s", Method::Euler, 1, 1),
        ("Euler, 0.1 s", Method::Euler, 10, 10),
        ("split midpoint, 1 s", Method::Split, 1, 2),
        ("split midpoint, 0.25 s", Method::Split, 4, 8),
        ("RK4, 1 s", Method::RungeKutta, 1, 4),
        ("RK4, 0.5 s", Method::RungeKutta, 2, 8),
        ("RK4, 0.25 s", Method::RungeKutta, 4, 16),
    ];
    let courses = courses();
    let exact = courses.each_ref().map(|course| seconds(course, Method::RungeKutta, 128).0);
    let mut rows = Vec::new();
    for (name, method, per_s, evaluations) in methods {
        let (mut cells, mut worst) = (String::new(), 0.0_f64);
        for (course, exact) in courses.iter().zip(&exact) {
            let (seen, books) = seconds(course, method, per_s);
            let (tip_c, core_c) = off(&seen, exact);
            cells += &format!(" {tip_c:.0e} / {core_c:.0e} |");
            worst = worst.max(books);
        }
        rows.push(format!("| {name} | {evaluations} |{cells} {worst:.0e} |"));
    }
    let mut cells = String::new();
    for (course, exact) in courses.iter().zip(&exact) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let seen: Vec<_> = as_shipped(course)
            .chunks_exact((1.0 / STEP_S) as usize)
            .map(|second| second.last().map_or((f64::NAN, f64::NAN), |sight| (sight.tip_c, sight.core_c)))
            .collect();
        let (tip_c, core_c) = off(&seen, exact);
        cells += &format!(" {tip_c:.0e} / {core_c:.0e} |");
    }
    rows.push(format!("| as a run does it | 16 to 256 |{cells} |"));
    let docs = include_str!("../../../docs/physics.md");
    let missing: Vec<_> = rows.iter().filter(|row| !docs.lines().any(|line| line == row.as_str())).collect();
    assert!(missing.is_empty(), "docs/physics.md, \"B17\", should have\n{}", rows.join("\n"));
}
