//! The public problem roast-8 in lanes: the same bits as alone, and near enough to the truth.
//!
//! The compiler makes vectors only when it optimises, so `cargo test --release --test roast8` is
//! the form that tells; without it the same code runs lane after lane.

use std::path::{Path, PathBuf};
use std::process::Command;

use trier_sim::lanes::{Real, Stepper, Width};

#[path = "../benches/roast8/plant.rs"]
mod plant;
#[path = "../benches/roast8/reference.rs"]
mod reference;
#[path = "../benches/roast8/seeded.rs"]
mod seeded;

use plant::{INPUTS, PARAMETERS, READINGS, RungeKutta, SECONDS, Split};
use seeded::Block;

const RK4: RungeKutta = RungeKutta { steps: 1 };

/// One roast with no lane near it: the method called step by step.
fn alone<R, M, const S: usize>(method: &M, roast: u64) -> Vec<[R; READINGS]>
where
    R: Real + From<f32>,
    M: Stepper<R, S, PARAMETERS, INPUTS, READINGS>,
{
    let parameters = seeded::parameters(roast).map(R::of);
    let inputs = |second| seeded::inputs(roast, second).map(R::from);
    let mut state = method.start(&parameters, &inputs(0));
    let mut readings = vec![method.readings(&state)];
    for second in 0..SECONDS {
        for _ in 0..method.parts() {
            state = method.step(&state, &parameters, &inputs(second));
        }
        readings.push(method.readings(&state));
    }
    readings
}

/// Fails unless `roasts` roasts in blocks of `N` show what they show alone, on every width here.
fn assert_same_bits<R, M, const S: usize, const N: usize>(method: &M, alone: &[Vec<[R; READINGS]>])
where
    R: Real + From<f32>,
    M: Stepper<R, S, PARAMETERS, INPUTS, READINGS>,
{
    for width in Width::ALL.into_iter().filter(|width| width.is_here()) {
        for first in (0..alone.len()).step_by(N) {
            let mut block = Block::<R, N>::of(first as u64);
            block.run(width, method);
            for (lane, alone) in alone[first..].iter().take(N).enumerate() {
                let same = block
                    .lane(lane)
                    .zip(alone)
                    .all(|(shown, alone)| shown.map(f32::to_bits) == alone.map(|k| k.to_f32().to_bits()));
                assert!(same, "roast {} in {N} lanes on {width:?} is another than alone", first + lane);
            }
        }
    }
}

fn assert_every_lane_count<R, M, const S: usize>(method: &M)
where
    R: Real + From<f32>,
    M: Stepper<R, S, PARAMETERS, INPUTS, READINGS>,
{
    let alone: Vec<_> = (0..1000).map(|roast| alone::<R, M, S>(method, roast)).collect();
    assert_same_bits::<R, M, S, 1>(method, &alone);
    assert_same_bits::<R, M, S, 4>(method, &alone);
    assert_same_bits::<R, M, S, 8>(method, &alone);
    assert_same_bits::<R, M, S, 16>(method, &alone);
    assert_same_bits::<R, M, S, 32>(method, &alone);
}

#[test]
fn split_lanes_have_the_bits_of_one_roast_alone() {
    assert_every_lane_count::<f64, _, _>(&Split);
}

#[test]
fn runge_kutta_lanes_have_the_bits_of_one_roast_alone() {
    assert_every_lane_count::<f64, _, _>(&RK4);
}

#[test]
fn short_lanes_have_the_bits_of_one_roast_alone() {
    assert_every_lane_count::<f32, _, _>(&Split);
}

/// Greatest error of each reading over the roasts given, K.
fn errors<R, M, const S: usize>(method: &M, truth: &[Vec<[f64; READINGS]>]) -> [f64; READINGS]
where
    R: Real + From<f32> + Into<f64>,
    M: Stepper<R, S, PARAMETERS, INPUTS, READINGS>,
{
    let mut worst = [0.0_f64; READINGS];
    for (roast, truth) in (0..).zip(truth) {
        for (shown, truth) in alone::<R, M, S>(method, roast).into_iter().zip(truth) {
            for (worst, (shown, truth)) in worst.iter_mut().zip(shown.into_iter().zip(truth)) {
                let error = (shown.into() - truth).abs();
                *worst = if error <= *worst { *worst } else { error };
            }
        }
    }
    worst
}

/// What qualifies a method: BT, ET and bean temperature within 0.05 K at every second.
fn assert_qualifies(truth: &[Vec<[f64; READINGS]>]) {
    for (name, errors) in [
        ("split", errors::<f64, _, _>(&Split, truth)),
        ("split in f32", errors::<f32, _, _>(&Split, truth)),
        ("Runge-Kutta", errors::<f64, _, _>(&RK4, truth)),
        ("Runge-Kutta in f32", errors::<f32, _, _>(&RK4, truth)),
    ] {
        assert!(errors.iter().all(|error| *error < 0.05), "{name} is off by {errors:?} K in BT, ET, bean");
    }
}

#[test]
fn every_method_qualifies_against_small_steps() {
    let truth: Vec<_> = (0..32).map(|roast| reference::readings(roast, 16)).collect();
    assert_qualifies(&truth);
}

#[test]
fn halving_the_step_divides_the_error_of_runge_kutta_by_sixteen() {
    let truth: Vec<_> = (0..2).map(|roast| reference::readings(roast, 64)).collect();
    let at = |steps| errors::<f64, _, _>(&RungeKutta { steps }, &truth);
    let (one, two, four) = (at(1), at(2), at(4));
    for reading in 0..READINGS {
        // At 1 s the air's step is near the end of where the series means anything (rate · step
        // is up to 1), so the first ratio is above 16 and the second comes to it.
        let (first, second) = (one[reading] / two[reading], two[reading] / four[reading]);
        assert!((13.0..26.0).contains(&first), "reading {reading}: {first} from 1 s to 0.5 s");
        assert!((14.0..20.0).contains(&second), "reading {reading}: {second} from 0.5 s to 0.25 s");
    }
}

/// The shared benchmark beside the repository; without it a test says so, and fails in CI.
#[allow(clippy::print_stdout)] // A skipped test says so.
fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/roast8");
    if folder.join("roast8.h").is_file() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent in CI", folder.display());
    println!("skipped: {} is absent", folder.display());
    None
}

/// Prints the benchmark's own reference, bits of `f32` as hexadecimal, for some roasts.
const PRINTER: &str = r#"
#include <stdio.h>
#include <string.h>
#include "roast8.h"
int main(void) {
  static float inputs[NSEC * 3], readings[(NSEC + 1) * 3];
  for (int roast = 0; roast < 16; roast++) {
    double parameters[5];
    roast_params(roast, parameters);
    for (int k = 0; k < NSEC; k++) roast_input(roast, k, inputs + 3 * k);
    roast_rk4(inputs, parameters, 64, readings);
    for (int i = 0; i < (NSEC + 1) * 3; i++) {
      uint32_t bits;
      memcpy(&bits, readings + i, 4);
      printf("%08x\n", bits);
    }
  }
}
"#;

#[test]
fn every_method_qualifies_against_the_shared_reference() {
    let Some(shared) = shared() else { return };
    let scratch = tempfile::tempdir().expect("scratch folder");
    let (source, program) = (scratch.path().join("printer.c"), scratch.path().join("printer"));
    std::fs::write(&source, PRINTER).expect("written");
    // The compiler that links Rust programs here.
    let mut compiler = Command::new("cc");
    let built = compiler.args(["-O2", "-I"]).args([&shared, &source]).arg("-o").arg(&program).arg("-lm");
    assert!(built.status().expect("cc runs").success(), "cc cannot build the shared reference");
    let printed = Command::new(&program).output().expect("runs");
    let text = String::from_utf8(printed.stdout).expect("text");
    let values: Vec<f64> = text
        .lines()
        .map(|line| f32::from_bits(u32::from_str_radix(line, 16).expect("hexadecimal")).into())
        .collect();
    let truth: Vec<Vec<[f64; READINGS]>> = values
        .chunks_exact((SECONDS + 1) * READINGS)
        .map(|roast| roast.chunks_exact(READINGS).map(|row| [row[0], row[1], row[2]]).collect())
        .collect();
    assert_eq!(truth.len(), 16);
    assert_qualifies(&truth);
    // Both references are right to 1e-7 K; the printed one is rounded to `f32`, 3e-5 K at 500 K.
    for (roast, truth) in (0..).zip(&truth) {
        for (ours, theirs) in reference::readings(roast, 64).iter().zip(truth) {
            assert!(ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 5e-5), "{ours:?} and {theirs:?}");
        }
    }
}
