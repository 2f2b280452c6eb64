//! How fast signed readings are taken in: signed batches beside envelopes that are signed one by one, and beside
//! the plain way, columns of JSON under one signature.
//!
//! `cargo bench --bench signed` prints time on the processor per message and readings per second of it.
//! One thread does everything. Batches come alone, and as a group of which all signatures are checked together, as the
//! store does: from one device, as through a bridge, or each from a device of its own. The plain way is checked one by
//! one by ed25519-dalek, and envelopes alone as a group of one.
#![allow(missing_docs)] // criterion's macros make public items without docs.

mod cpu;

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Serialize};
use trier_roast::{EventTime, Reading, ReadingBody, Sample, Trust};
use trier_wire::{
    Arrival, Batch, BatchMessage, DeviceKey, Envelope, EnvelopeMessage, Judgement, Memory, MemoryLimits,
    Origin, Registry, Seen,
};

use cpu::CpuTime;

const KID: &str = "device:gd12@lab";

fn charge() -> EventTime {
    EventTime::from_us(1_767_603_600_000_000)
}

fn arrival() -> Arrival<'static> {
    Arrival { tenant: "trier", at: charge().plus_s(3600.0) }
}

fn origin() -> Origin {
    Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "gd12".into() }
}

fn key() -> DeviceKey {
    DeviceKey::from_seed(KID, &[7; 32]).expect("a name")
}

/// The key of one device of many.
fn key_of(device: u8) -> DeviceKey {
    let mut seed = [9; 32];
    seed[0] = device;
    DeviceKey::from_seed(&format!("{KID}#{device}"), &seed).expect("a name")
}

fn registry() -> Registry {
    let entry = |kid: &str, key: &DeviceKey| {
        format!(
            "[[key]]\nkid = \"{kid}\"\npublic_key = \"{}\"\norg = \"trier\"\nstate = \"active\"\n\
             valid_from = \"2026-01-01T00:00:00Z\"\n",
            key.public_key()
        )
    };
    let many: String =
        (0..=u8::MAX).map(|device| entry(&format!("{KID}#{device}"), &key_of(device))).collect();
    let text = format!("schema = \"keys/1\"\n{}{many}", entry(KID, &key()));
    Registry::parse(&text, "bench").expect("a registry")
}

/// `n` samples a second apart, of BT, ET and gas with a decimal each.
fn readings(n: u32) -> Vec<Reading> {
    let sample = |i: u32| Sample {
        bt_c: Some(f64::from(900 + 2 * i) / 10.0),
        et_c: Some(f64::from(1900 + i) / 10.0),
        gas_pct: Some(75.0),
        ..Sample::default()
    };
    let reading = |i| Reading { at: charge().plus_s(f64::from(i)), body: ReadingBody::Sample(sample(i)) };
    (0..n).map(reading).collect()
}

fn batch(n: u32, seq: u64) -> Batch {
    Batch {
        origin: origin(),
        device: "agent-1".into(),
        boot: 1,
        seq,
        tick_us: Some(1_000_000 * seq),
        readings: readings(n),
    }
}

type Group<'a> = BenchmarkGroup<'a, CpuTime>;

/// One batch of `n` samples: read, judged, and looked up among what came before.
fn batches(group: &mut Group<'_>, n: u32) {
    let (registry, bytes) = (registry(), key().seal(&batch(n, 0)).expect("can be written"));
    let bare = batch(n, 0).encode().expect("can be written");
    group.throughput(cpu::elements(n as usize));
    group.bench_function(format!("batch of {n}, signed, {} bytes", bytes.len()), |b| {
        let mut memory = Memory::default();
        b.iter(|| {
            let message = BatchMessage::read(black_box(&bytes)).expect("a batch");
            let trust = registry.judge_batch(&message, arrival()).trust();
            assert_eq!(trust, Trust::Verified);
            (memory.see(&message), message)
        });
    });
    group.bench_function(format!("batch of {n}, unsigned, {} bytes", bare.len()), |b| {
        b.iter(|| BatchMessage::read(black_box(&bare)).expect("a batch"));
    });
}

/// Messages that are judged together: as many as one commit of the store takes at most.
const GROUP: u64 = 256;

/// A group of batches of `n` samples: read, judged together, and looked up among what came before.
fn together(group: &mut Group<'_>, n: u32, from: &str, key_of: impl Fn(u64) -> DeviceKey) {
    let registry = registry();
    let sealed = |seq| key_of(seq).seal(&batch(n, seq)).expect("can be written");
    let messages: Vec<Vec<u8>> = (0..GROUP).map(sealed).collect();
    group.throughput(cpu::elements(usize::try_from(GROUP).expect("a few") * n as usize));
    group.bench_function(format!("{GROUP} batches of {n} from {from}, signed, judged together"), |b| {
        b.iter(|| {
            let mut memory = Memory::new(MemoryLimits::default());
            let read = |bytes| BatchMessage::read(black_box(bytes)).expect("a batch");
            let read: Vec<BatchMessage> = messages.iter().map(|bytes| read(bytes)).collect();
            let judge = |message| registry.judge_batch(message, arrival());
            let judgements: Vec<Judgement> = read.iter().map(judge).collect();
            assert!(Judgement::trusts(&judgements).iter().all(|trust| *trust == Trust::Verified));
            let seen: Vec<Seen> = read.iter().map(|message| memory.see(message)).collect();
            (seen, read)
        });
    });
}

/// The same samples as envelopes, each read, judged and turned into its reading.
fn envelopes(group: &mut Group<'_>, n: u32) {
    let (registry, key) = (registry(), key());
    let (origin, readings) = (origin(), readings(n));
    let bare = || readings.iter().map(|reading| Envelope::of_reading(&origin, charge(), reading));
    let unsigned: Vec<String> = bare().map(|envelope| envelope.to_json()).collect();
    let signed: Vec<String> = bare().map(|envelope| key.sign(envelope).to_json()).collect();
    group.throughput(cpu::elements(n as usize));
    let bytes = |lines: &[String]| lines.iter().map(String::len).sum::<usize>();
    group.bench_function(format!("{n} envelopes, signed, {} bytes", bytes(&signed)), |b| {
        b.iter(|| {
            for line in black_box(&signed) {
                let message = EnvelopeMessage::read(line).expect("an envelope");
                assert_eq!(registry.judge_envelope(&message, arrival()).trust(), Trust::Verified);
                black_box(message.envelope.reading().expect("a reading"));
            }
        });
    });
    group.bench_function(format!("{n} envelopes, unsigned, {} bytes", bytes(&unsigned)), |b| {
        b.iter(|| {
            for line in black_box(&unsigned) {
                let envelope = Envelope::from_json(line).expect("an envelope");
                black_box(envelope.reading().expect("a reading"));
            }
        });
    });
}

/// Samples as columns of JSON: what one would send without a format of one's own.
#[derive(Serialize, Deserialize)]
struct Columns {
    org: String,
    site: String,
    machine: String,
    device: String,
    boot: u64,
    seq: u64,
    tick_us: Option<u64>,
    t_us: Vec<i64>,
    bt_c: Vec<f64>,
    et_c: Vec<f64>,
    gas_pct: Vec<f64>,
}

/// The same samples the plain way: one signature over the text, then serde_json. The signature is checked by the same
/// rule and the same code as ours.
fn columns(group: &mut Group<'_>, n: u32) {
    let Batch { origin, device, boot, seq, tick_us, readings } = batch(n, 0);
    let samples = || {
        readings.iter().filter_map(|reading| match reading.body {
            ReadingBody::Sample(sample) => Some(sample),
            ReadingBody::Mark(_) => None,
        })
    };
    let text = serde_json::to_string(&Columns {
        org: origin.org_id,
        site: origin.site_id,
        machine: origin.machine_id,
        device,
        boot,
        seq,
        tick_us,
        t_us: readings.iter().map(|reading| reading.at.us()).collect(),
        bt_c: samples().filter_map(|sample| sample.bt_c).collect(),
        et_c: samples().filter_map(|sample| sample.et_c).collect(),
        gas_pct: samples().filter_map(|sample| sample.gas_pct).collect(),
    })
    .expect("plain data");
    let key = SigningKey::from_bytes(&[7; 32]);
    let (public, signature) = (key.verifying_key(), key.sign(text.as_bytes()));
    group.throughput(cpu::elements(n as usize));
    group.bench_function(format!("{n} samples as columns of JSON, signed, {} bytes", text.len() + 64), |b| {
        b.iter(|| {
            let text = black_box(&text);
            public.verify_strict(text.as_bytes(), &signature).expect("signed");
            serde_json::from_str::<Columns>(text).expect("columns")
        });
    });
}

fn signed(c: &mut Criterion<CpuTime>) {
    let mut group = c.benchmark_group("signed");
    for n in [1, 5, 60, 600] {
        batches(&mut group, n);
        if n <= 60 {
            together(&mut group, n, "one device", |_| key());
            together(&mut group, n, "as many devices", |seq| key_of(u8::try_from(seq).expect("below 256")));
        }
        columns(&mut group, n);
        envelopes(&mut group, n);
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = signed
}
criterion_main!(benches);
