//! The public problem roast-8: how many roasts a second one core steps, in lanes.
//!
//! `cargo bench --bench roast8` times it with criterion. With `--line` it prints one line of
//! JSON instead, for `../shared/bench` (as `PRODUCT`) and `benches/peers/roast8.py`: rates per
//! CPU-second of the process, best of some repetitions, with the errors against the reference
//! and the count of evaluations beside them. With `--dump <folder> <roasts>` it writes what
//! other programs need to be judged on the same roasts.
#![allow(missing_docs)] // criterion's macros make public items without docs.

mod plant;
mod reference;
mod seeded;

use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use criterion::{Criterion, Throughput};
use rayon::prelude::*;
use rustix::time::{ClockId, clock_gettime};
use trier_sim::lanes::{Real, Stepper, Width};

use plant::{INPUTS, PARAMETERS, READINGS, RungeKutta, SECONDS, Split};
use seeded::Block;

/// Lanes a block has. A compiler's loop of fewer than 16 is not made of vectors; from 16 the
/// chains of several vectors are in flight at once, and past 32 the first cache runs out.
const LANES: usize = 32;

/// Seconds on the processor so far, of all threads.
fn cpu_s() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    #[allow(clippy::cast_precision_loss)] // Days of nanoseconds fit.
    let (s, ns) = (now.tv_sec as f64, now.tv_nsec as f64);
    s + 1e-9 * ns
}

/// One row of the line: the name, and its numbers as JSON.
struct Row {
    name: String,
    numbers: String,
}

/// Roasts timed, how often, and the truth about them.
struct Task {
    roasts: usize,
    repetitions: u32,
    truth: Vec<Vec<[f64; READINGS]>>,
}

impl Task {
    fn new(roasts: usize, repetitions: u32) -> Self {
        // 16 steps a second are good to 1e-6 K, far below the errors told apart here.
        let truth = (0..roasts as u64).into_par_iter().map(|roast| reference::readings(roast, 16)).collect();
        Self { roasts, repetitions, truth }
    }

    /// Times a method; `evaluations` are those of the heat balance in one roast.
    fn row<R, M, const S: usize>(&self, name: &str, method: &M, width: Width, evaluations: u32) -> Row
    where
        R: Real + From<f32>,
        M: Stepper<R, S, PARAMETERS, INPUTS, READINGS>,
    {
        let mut blocks: Vec<Block<R, LANES>> =
            (0..self.roasts as u64).step_by(LANES).map(Block::of).collect();
        let mut best_s = f64::MAX;
        for _ in 0..self.repetitions {
            let before_s = cpu_s();
            blocks.iter_mut().for_each(|block| block.run(width, method));
            best_s = best_s.min(cpu_s() - before_s);
            black_box(&blocks);
        }
        let [bt, et, bean] = self.errors(&blocks);
        #[allow(clippy::cast_precision_loss)] // Thousands of roasts.
        let rate = self.roasts as f64 / best_s;
        let numbers = format!(
            "{{\"roasts_per_s\":{rate:.0},\"rhs_evals\":{evaluations},\"err_bt\":{bt:.2e},\"err_et\":{et:.2e},\"err_bean\":{bean:.2e}}}"
        );
        Row { name: format!("trier_{name}"), numbers }
    }

    /// Greatest error of each reading, K.
    fn errors<R: Real + From<f32>>(&self, blocks: &[Block<R, LANES>]) -> [f64; READINGS] {
        let mut worst = [0.0_f64; READINGS];
        for (roast, truth) in self.truth.iter().enumerate() {
            for (shown, truth) in blocks[roast / LANES].lane(roast % LANES).zip(truth) {
                for (worst, (shown, truth)) in worst.iter_mut().zip(shown.iter().zip(truth)) {
                    let error = (f64::from(*shown) - truth).abs();
                    // A NaN must not pass for small.
                    *worst = if error <= *worst { *worst } else { error };
                }
            }
        }
        worst
    }
}

/// The line for side-by-side runs.
fn print_line(roasts: usize, repetitions: u32) -> io::Result<()> {
    let roasts = roasts.div_ceil(LANES) * LANES;
    let task = Task::new(roasts, repetitions);
    let rk4 = RungeKutta { steps: 1 };
    let widest = Width::widest();
    let mut rows = vec![
        task.row::<f64, _, _>("f64_split_1", &Split, widest, 720),
        task.row::<f64, _, _>("f64_rk4_h1", &rk4, widest, 2880),
        task.row::<f32, _, _>("f32_split_1", &Split, widest, 720),
        task.row::<f32, _, _>("f32_rk4_h1", &rk4, widest, 2880),
    ];
    for width in Width::ALL.into_iter().filter(|width| width.is_here() && *width != widest) {
        let name = format!("{width:?}").to_lowercase();
        rows.push(task.row::<f64, _, _>(&format!("f64_split_1_{name}"), &Split, width, 720));
        rows.push(task.row::<f64, _, _>(&format!("f64_rk4_h1_{name}"), &rk4, width, 2880));
    }
    let rows: Vec<String> = rows.iter().map(|row| format!("\"{}\":{}", row.name, row.numbers)).collect();
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{{\"bench\":\"roast8_trier\",\"trier_width\":\"{widest:?}\",\"trier_lanes\":{LANES},\"r\":{{{}}}}}",
        rows.join(",")
    )
}

/// Parameters, inputs and the reference of some roasts, little-endian, roast by roast.
fn dump(folder: &Path, roasts: u64) -> io::Result<()> {
    let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let (mut parameters, mut inputs, mut truth) =
        (create("parameters.f64")?, create("inputs.f32")?, create("reference.f64")?);
    for roast in 0..roasts {
        seeded::parameters(roast).iter().try_for_each(|value| parameters.write_all(&value.to_le_bytes()))?;
        for second in 0..SECONDS {
            seeded::inputs(roast, second)
                .iter()
                .try_for_each(|value| inputs.write_all(&value.to_le_bytes()))?;
        }
        for shown in reference::readings(roast, 64) {
            shown.iter().try_for_each(|value| truth.write_all(&value.to_le_bytes()))?;
        }
    }
    [parameters, inputs].iter_mut().try_for_each(Write::flush)?;
    truth.flush()
}

/// Times each method in its lanes, and one roast alone.
fn timings(c: &mut Criterion) {
    let rk4 = RungeKutta { steps: 1 };
    let widest = Width::widest();
    let mut group = c.benchmark_group("roast-8");
    group.throughput(Throughput::Elements(LANES as u64));
    let (mut exact, mut short) = (Block::<f64, LANES>::of(0), Block::<f32, LANES>::of(0));
    group.bench_function("f64 split", |b| b.iter(|| exact.run(widest, &Split)));
    group.bench_function("f64 Runge-Kutta", |b| b.iter(|| exact.run(widest, &rk4)));
    group.bench_function("f32 split", |b| b.iter(|| short.run(widest, &Split)));
    group.bench_function("f32 Runge-Kutta", |b| b.iter(|| short.run(widest, &rk4)));
    let mut alone = Block::<f64, 1>::of(0);
    group.throughput(Throughput::Elements(1));
    group.bench_function("f64 split, one roast alone", |b| b.iter(|| alone.run(widest, &Split)));
    group.finish();
}

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, default: u32| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(default);
    match words.first().map(String::as_str) {
        Some("--line") => print_line(number(1, 1024) as usize, number(2, 25)),
        Some("--dump") => dump(Path::new(words.get(1).map_or(".", String::as_str)), number(2, 64).into()),
        _ => {
            let mut criterion = Criterion::default().configure_from_args();
            timings(&mut criterion);
            criterion.final_summary();
            Ok(())
        }
    }
}
