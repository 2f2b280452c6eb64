//! How long the judge takes to compare two arms on many days: 10,000 cases, 8 metrics, bootstrap and flips of clusters.
//!
//! `cargo bench --bench compare` times it in time on the processor. With `--line FOLDER` it writes the differences of
//! each metric there (`differences.f64`, metric by metric, little-endian) and prints one line of JSON instead, for
//! `benches/peers/bootstrap.py`: wall seconds of each run and the interval of each metric.
#![allow(missing_docs)] // criterion's macros make public items without docs.

mod cpu;

use std::error::Error;
use std::hint::black_box;
use std::path::Path;

use criterion::Criterion;
use trier_eval::case::Expect;
use trier_eval::judge::{Comparison, compare};
use trier_eval::plan::{Arm, Plan};
use trier_eval::policy::Policy;
use trier_eval::posed::{Posed, measured};
use trier_eval::suite::{Planned, Unit};

use cpu::CpuTime;

const CASES: u32 = 10_000;
const RUNS: usize = 5;
/// Two metrics at each of these leads, s: eight in all.
const LEADS_S: [u32; 4] = [30, 60, 120, 180];

const POLICY: &str = r#"
schema = "policy/2"
level = 0.95
min_clusters = 8
max_missing_share = 0.05
power = 0.8
replicates = 9999
[risk]
rollout = "shadow"
undo = "at_once"
approve_above = 100
"#;

/// A plan on made-up days, each a cluster of its own, with what both arms lose there.
struct Made {
    policy: Policy,
    plan: Plan,
    posed: Posed,
}

impl Made {
    fn new() -> Result<Self, Box<dyn Error>> {
        let rule = |(i, lead_s): (usize, u32), event: &str| {
            let (role, effect) = if i == 0 { ("primary", "effect = 1.0\n") } else { ("guardrail", "") };
            format!(
                "[[{role}]]\nmetric = \"{event}.abs_error\"\nlead_s = {lead_s}\nmargin = 1.0\nunit = \"s\"\n\
                 {effect}spread = 6.0\nreason = \"made for a bench\"\n"
            )
        };
        let rules = ["first_crack", "drop"]
            .map(|event| LEADS_S.into_iter().enumerate().map(|at| rule(at, event)).collect::<String>());
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("policy.toml");
        std::fs::write(&path, format!("{POLICY}{}", rules.concat()))?;
        let policy = Policy::load(&path)?;
        let arm = |name: &str| Arm { name: name.to_owned(), identity: name.to_owned() };
        let units = (0..CASES).map(unit).collect();
        let plan = Plan::of(("compare", &[]), units, &policy, None, (arm("candidate"), arm("baseline")));
        let asked = measured(&policy.rules);
        let losses = |place: usize, planned: &Planned| {
            let case = planned.unit.seed.unwrap_or(0).unsigned_abs();
            let baseline = 60.0 * uniform(2 * place as u64, case);
            // Skewed, as losses are: that is what BCa is for.
            let worse = uniform(2 * place as u64 + 1, case);
            Some((baseline, baseline + 20.0 * worse * worse - 0.01 * baseline))
        };
        let posed = Posed::of(&plan, &asked, losses);
        Ok(Self { policy, plan, posed })
    }

    fn compared(&self) -> Vec<Comparison> {
        compare(&self.policy, &black_box(self).posed.evidence(&self.plan))
    }

    /// Candidate minus baseline of each metric, case by case.
    fn differences(&self) -> Vec<f64> {
        let asked = measured(&self.policy.rules);
        let both = self
            .posed
            .scores
            .chunks(2)
            .map(|both| both[1].value.unwrap_or(0.0) - both[0].value.unwrap_or(0.0));
        let all: Vec<f64> = both.collect();
        (0..asked.len()).flat_map(|place| all.iter().skip(place).step_by(asked.len()).copied()).collect()
    }
}

fn unit(case: u32) -> Planned {
    let name = format!("case-{case:05}");
    Planned {
        cluster: name.as_str().into(),
        digest: name.as_str().into(),
        unit: Unit { case: name.into(), seed: Some(i64::from(case)) },
        expect: Expect::Run,
        machine: "machine".into(),
        lot: "lot".into(),
        tags: Vec::new(),
    }
}

/// A number from 0 to 1 for each pair, by the last steps of SplitMix64.
fn uniform(place: u64, case: u64) -> f64 {
    let mut z = (place << 32 | case).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    #[allow(clippy::cast_precision_loss)] // 53 bits.
    let share = ((z ^ z >> 31) >> 11) as f64 / 9_007_199_254_740_992.0;
    share
}

fn print_line(folder: &Path) -> Result<(), Box<dyn Error>> {
    let made = Made::new()?;
    let bytes: Vec<u8> = made.differences().iter().flat_map(|value| value.to_le_bytes()).collect();
    std::fs::write(folder.join("differences.f64"), bytes)?;
    let (mut seconds, mut found) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        #[allow(clippy::disallowed_methods)] // What a bench is for.
        let started = std::time::Instant::now();
        found = made.compared();
        seconds.push(started.elapsed().as_secs_f64());
    }
    let ends: Vec<String> = found
        .iter()
        .map(|one| format!("[{}, {}]", one.row.lower.unwrap_or(f64::NAN), one.row.upper.unwrap_or(f64::NAN)))
        .collect();
    let cores = std::thread::available_parallelism()?;
    #[allow(clippy::print_stdout)] // Its one result.
    {
        println!(
            "{{\"cases\": {CASES}, \"metrics\": {}, \"replicates\": {}, \"cores\": {cores}, \"seconds\": {seconds:?}, \
             \"intervals\": [{}]}}",
            found.len(),
            made.policy.replicates,
            ends.join(", ")
        );
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [line, folder] = arguments.as_slice()
        && line == "--line"
    {
        return print_line(Path::new(folder));
    }
    let made = Made::new()?;
    let mut criterion = Criterion::default().sample_size(10).with_measurement(CpuTime).configure_from_args();
    let mut group = criterion.benchmark_group("compare");
    group.throughput(cpu::elements(CASES as usize));
    group.bench_function("10,000 cases, 8 metrics, 9,999 replicates", |b| b.iter(|| made.compared()));
    group.finish();
    criterion.final_summary();
    Ok(())
}
