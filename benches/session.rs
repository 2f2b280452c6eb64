//! How many rows a second of one core the plain rule cuts into sessions, from Parquet and from memory.
//!
//! `cargo bench --bench session` times it on made-up rows, in time on the processor. With `--line FOLDER` it
//! reads `telemetry.parquet` there and prints one line of JSON instead, for `../shared/bench` (as `PRODUCT`) and
//! `benches/peers/session.py`: rows per CPU-second, best of some repetitions, with sums over the sessions
//! that tell whether two programs found the same ones.
#![allow(missing_docs)] // criterion's macros make public items without docs.

mod cpu;

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float32Array, Int32Array, Int64Array, RecordBatch};
use arrow::datatypes::{Float32Type, Int32Type, Int64Type};
use arrow::error::ArrowError;
use criterion::Criterion;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::ChunkReader;

use cpu::CpuTime;
use trier_pipeline::sessionize::{PlainRows, PlainSession};

/// The columns that the rule needs.
const COLUMNS: [&str; 3] = ["machine", "ts", "bt"];
/// Rows that are decoded at once: few enough to stay in the cache until they are sorted out.
const ROWS_AT_ONCE: usize = 1 << 15;
/// Repetitions of which the best counts, in a line.
const REPETITIONS: u32 = 5;

/// Rows of many machines in the order they arrived.
#[derive(Default)]
struct Rows {
    machine: Vec<i32>,
    t_ms: Vec<i64>,
    bt_c: Vec<f32>,
}

impl Rows {
    /// `seconds` of `machines` that roast on and on at a reading a second, one in 64 half a minute late and one
    /// in 128 twice.
    fn made_up(machines: i32, seconds: i64) -> Self {
        let mut rows = Self::default();
        for s in 0..seconds {
            for machine in 0..machines {
                let draw = (i64::from(machine) * 7919 + s).wrapping_mul(104_729) & 127;
                let at_s = if draw < 2 { s - 30 } else { s };
                rows.add(machine, at_s);
                if draw == 127 {
                    rows.add(machine, at_s);
                }
            }
        }
        rows
    }

    /// A machine's row of a second: 90 s hot and empty, 660 s of roast, and no two machines alike.
    fn add(&mut self, machine: i32, at_s: i64) {
        let into_s = (at_s + 37 * i64::from(machine)).rem_euclid(750);
        #[allow(clippy::cast_precision_loss)] // Below 750.
        let t_s = into_s as f32;
        let bt_c = match t_s {
            t if t < 90.0 => 200.0,
            t if t < 99.0 => 200.0 - 10.0 * (t - 89.0),
            t => 100.0 + 0.18 * (t - 98.0),
        };
        self.machine.push(machine);
        self.t_ms.push(at_s * 1000);
        self.bt_c.push((bt_c * 10.0).round() / 10.0);
    }

    fn sessions(&self) -> Vec<PlainSession> {
        let mut plain = PlainRows::default();
        let columns = self.machine.chunks(ROWS_AT_ONCE).zip(self.t_ms.chunks(ROWS_AT_ONCE));
        for ((machine, t_ms), bt_c) in columns.zip(self.bt_c.chunks(ROWS_AT_ONCE)) {
            plain.push(machine, t_ms, bt_c).expect("sound columns");
        }
        plain.sessions()
    }

    fn parquet(&self) -> Result<Vec<u8>, Box<dyn Error>> {
        let columns: [ArrayRef; 3] = [
            Arc::new(Int32Array::from(self.machine.clone())),
            Arc::new(Int64Array::from(self.t_ms.clone())),
            Arc::new(Float32Array::from(self.bt_c.clone())),
        ];
        let batch = RecordBatch::try_from_iter(COLUMNS.into_iter().zip(columns))?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))?;
        writer.write(&batch)?;
        Ok(writer.into_inner()?)
    }
}

fn reader(file: impl ChunkReader + 'static) -> Result<ParquetRecordBatchReader, Box<dyn Error>> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let columns = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
    Ok(builder.with_projection(columns).with_batch_size(ROWS_AT_ONCE).build()?)
}

/// The sessions of a Parquet file's rows.
fn sessions_of(file: impl ChunkReader + 'static) -> Result<Vec<PlainSession>, Box<dyn Error>> {
    let mut plain = PlainRows::default();
    for batch in reader(file)? {
        let batch = batch?;
        plain.push(
            batch.column(0).as_primitive::<Int32Type>().values(),
            batch.column(1).as_primitive::<Int64Type>().values(),
            batch.column(2).as_primitive::<Float32Type>().values(),
        )?;
    }
    Ok(plain.sessions())
}

/// How many rows there are; each is decoded.
fn decoded(file: impl ChunkReader + 'static) -> Result<usize, Box<dyn Error>> {
    let rows = reader(file)?.map(|batch| Ok(black_box(batch?).num_rows()));
    Ok(rows.sum::<Result<usize, ArrowError>>()?)
}

/// Number of sessions, of their readings, ms they last, ms to the coldest, sums of lowest and highest BT.
fn sums(sessions: &[PlainSession]) -> String {
    let sum = |of: fn(&PlainSession) -> i64| sessions.iter().map(of).sum::<i64>();
    let sum_c = |of: fn(&PlainSession) -> f32| sessions.iter().map(|s| f64::from(of(s))).sum::<f64>();
    format!(
        "[{},{},{},{},{:.1},{:.1}]",
        sessions.len(),
        sum(|s| i64::from(s.readings)),
        sum(|s| s.end_ms - s.start_ms),
        sum(|s| s.coldest_ms - s.start_ms),
        sum_c(|s| s.bt_c_min),
        sum_c(|s| s.bt_c_max)
    )
}

/// The least CPU-seconds that `work` takes, and what it gives.
fn best<T>(mut work: impl FnMut() -> Result<T, Box<dyn Error>>) -> Result<(f64, T), Box<dyn Error>> {
    let mut found: Option<(f64, T)> = None;
    for _ in 0..REPETITIONS {
        let before = cpu::so_far();
        let got = work()?;
        let took_s = cpu::so_far().saturating_sub(before).as_secs_f64();
        if found.as_ref().is_none_or(|(least_s, _)| took_s < *least_s) {
            found = Some((took_s, got));
        }
    }
    found.ok_or_else(|| "nothing was repeated".into())
}

/// The line for side-by-side runs.
fn print_line(folder: &Path) -> Result<(), Box<dyn Error>> {
    let open = || File::open(folder.join("telemetry.parquet"));
    let (decode_s, rows) = best(|| decoded(open()?))?;
    let (whole_s, sessions) = best(|| sessions_of(open()?))?;
    #[allow(clippy::cast_precision_loss)] // Millions of rows.
    let rate = |s: f64| rows as f64 / s;
    writeln!(
        std::io::stdout().lock(),
        "{{\"bench\":\"session_trier\",\"rows\":{rows},\"r\":{{\"trier_from_parquet\":{{\"rows_per_cpu_s\":{:.0},\
         \"check\":{}}},\"trier_decode_parquet\":{{\"rows_per_cpu_s\":{:.0}}}}}}}",
        rate(whole_s),
        sums(&sessions),
        rate(decode_s)
    )?;
    Ok(())
}

fn timings(c: &mut Criterion<CpuTime>) -> Result<(), Box<dyn Error>> {
    let rows = Rows::made_up(2000, 1000);
    let parquet = bytes::Bytes::from(rows.parquet()?);
    assert_eq!(rows.sessions(), sessions_of(parquet.clone())?);
    let mut group = c.benchmark_group("session");
    group.sample_size(20).throughput(cpu::elements(rows.machine.len()));
    group.bench_function("plain rule, from memory", |b| b.iter(|| black_box(&rows).sessions()));
    group.bench_function("plain rule, from Parquet", |b| {
        b.iter(|| sessions_of(parquet.clone()).expect("reads"));
    });
    group.bench_function("Parquet decoded only", |b| b.iter(|| decoded(parquet.clone()).expect("reads")));
    group.finish();
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [line, folder] = arguments.as_slice()
        && line == "--line"
    {
        return print_line(Path::new(folder));
    }
    let mut criterion = Criterion::default().with_measurement(CpuTime).configure_from_args();
    timings(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}
