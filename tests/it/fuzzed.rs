//! What the fuzz targets ask of each decoder, asked of the seeds, with a stable compiler and no fuzzer.
//!
//! The seeds in `fuzz/seeds` are made here, by our own writers; `TRIER_BLESS=1 cargo test -p trier --test it fuzzed`
//! writes them. What a fuzzer has found is a test beside the code that was wrong.

#[path = "../../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub)] // Shared with the fuzz targets.
mod promises;

use std::fs;
use std::path::PathBuf;

use promises::{NAMES, RECEIVED};
use trier_logs::{ColumnMap, ExportFormat, LogFormat, read, read_with, write};
use trier_roast::{Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample, Trust};
use trier_wire::{Arrival, Batch, BatchMessage, DeviceKey, Envelope, EnvelopeMessage, Origin, Registry};

/// A seed: its target, its file name and its bytes.
type Seed = (&'static str, String, Vec<u8>);

const KID: &str = "device:gd12@lab";

/// A roast of 12 minutes with a row each 20 s, small for the fuzzer's sake: BT by seconds since charge.
fn bt_c(t_s: u32) -> u32 {
    match t_s {
        0..=60 => 180 - t_s,
        t => (120 + (t - 60) / 6).min(215),
    }
}

/// Rows 20 s apart, made by `row` of the second and the mark there.
fn rows(row: impl Fn(u32, &str) -> String) -> String {
    let mark = |s| match s {
        0 => "charge",
        260 => "dry-end",
        480 => "first-crack",
        640 => "drop",
        _ => "",
    };
    (0..37).map(|i| i * 20).map(|s| row(s, mark(s))).collect()
}

fn mm_ss(s: u32) -> String {
    format!("{:02}:{:02}", s / 60, s % 60)
}

fn mark(kind: MarkKind, s: u32) -> Mark {
    let at = RECEIVED.plus_s(f64::from(s));
    Mark { kind, at, source: MarkSource::Operator, confidence: 0.9 }
}

fn readings() -> Vec<Reading> {
    let sample =
        |s: u32| Sample { bt_c: Some(f64::from(bt_c(s)) + 0.1), gas_pct: Some(75.0), ..Sample::default() };
    let reading =
        |s: u32| Reading { at: RECEIVED.plus_s(f64::from(s)), body: ReadingBody::Sample(sample(s)) };
    let mut readings: Vec<Reading> = [0, 1, 3, 700].map(reading).to_vec();
    let crack = mark(MarkKind::FirstCrackStart, 480);
    readings.push(Reading { at: crack.at.plus_s(2.5), body: ReadingBody::Mark(crack) });
    readings
}

fn origin() -> Origin {
    Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "gd12".into() }
}

fn key() -> DeviceKey {
    DeviceKey::from_seed(KID, &[7; 32]).expect("a name")
}

fn wire_seeds() -> Vec<Seed> {
    let batch = Batch {
        origin: origin(),
        device: "agent-1".into(),
        boot: 3,
        seq: 540,
        tick_us: Some(540_000_000),
        readings: readings(),
    };
    let mut seeds: Vec<Seed> = vec![
        ("batch", "bare".into(), batch.encode().expect("can be written")),
        ("batch", "signed".into(), key().seal(&batch).expect("can be written")),
    ];
    for (n, reading) in readings().iter().enumerate().skip(3) {
        let envelope = Envelope::of_reading(&origin(), RECEIVED, reading);
        seeds.push(("envelope", format!("bare-{n}"), envelope.to_json().into_bytes()));
        seeds.push(("envelope", format!("signed-{n}"), key().sign(envelope).to_json().into_bytes()));
    }
    seeds.push(("keys", "active".into(), registry().into_bytes()));
    seeds
}

fn registry() -> String {
    format!(
        "schema = \"keys/1\"\n[[signed_only]]\norg = \"trier\"\nsite = \"lab\"\n[[key]]\nkid = \"{KID}\"\n\
         public_key = \"{}\"\norg = \"trier\"\nstate = \"retiring\"\nvalid_from = \"2026-01-01T00:00:00Z\"\n\
         valid_until = \"2027-01-01T00:00:00Z\"\n",
        key().public_key()
    )
}

/// Logs, with the name each comes under and the format it is in.
fn logs() -> Vec<(&'static str, LogFormat, String)> {
    let plain = "Seconds,Temperature (C)\n".to_owned() + &rows(|s, _| format!("{s},{}\n", bt_c(s)));
    let word = |mark: &str| {
        mark.replace("charge", "beans_added")
            .replace("drop", "beans_dropped")
            .replace("dry-end", "")
            .replace("first-crack", "first_crack_detected")
    };
    let agent = "timestamp_utc,elapsed_seconds,phase,bean_temp_c,env_temp_c,heat_level_percent,fan_level_percent,cooling_on,event\n"
        .to_owned()
        + &rows(|s, mark| format!("2026-01-05T09:{}.250Z,,roasting,{},{},100,30,False,{}\n", mm_ss(s), bt_c(s), bt_c(s) + 20, word(mark)));
    let klog = "profile_short_name:made up\nprofile_schema_version:1.4\nroast_date:05/01/2026 09:00:00 UTC\nmodel:KN1/0\n\n\
                offsets\t-8.5\t0\ntime\t#spot_temp\t=mean_temp\tpower_kW\t#Kp\t\n"
        .to_owned()
        + &rows(|s, mark| {
            let event = if mark == "first-crack" { format!("!first_crack:{s}.6\n") } else { String::new() };
            format!("{s}.5\t{0}\t{0}.25\t0.75\t1.0\t\n{event}", 30 + s / 4 + s * 7 % 3)
        })
        + "!roast_end:725.0\n";
    let tc4 = "# TC4_SHIELD 3.00\n# time,ambient,T0,rate0,T1,rate1,0\n".to_owned()
        + &rows(|s, mark| {
            let event = match mark {
                "charge" => "# STRT,0.0\n",
                "drop" => "# EJCT,640.0\n",
                _ => "",
            };
            format!("{s}.0,21.5,{}.5,-4.0,{}.5,1.0,0\n{event}", bt_c(s), bt_c(s) + 30)
        });
    let hand = "name,date,time,heat,temp,notes,unit\n".to_owned()
        + &rows(|s, mark| match s % 60 {
            0 | 20 if mark == "first-crack" || s % 60 == 0 => {
                format!("made-up,1/5/26,{},9,{},{},C\n", s / 60, bt_c(s), if s == 480 { "FC" } else { "" })
            }
            _ => String::new(),
        });
    let roastime_csv = "Made up\n05/01/2026\n\nMilestones\n1st Crack,Start,,,End\n,Index,Time,,Index,Time\n,24,8:00,,-,-\n\n\
        Yellowing,Start index,Start time\n,13,4:20\n\n\
        Timeline,Index,Time,IBTS Temp,Bean Probe Temp,IBTS ROR,Bean Probe ROR,Power Setting,Drum Setting,Fan Setting\n"
        .to_owned()
        + &rows(|s, _| format!(",{},{},{}.25,{},10.0,9.0,9,9,3\n", s / 20, mm_ss(s), bt_c(s) + 15, bt_c(s)));
    let mut logs = vec![
        (NAMES[2], LogFormat::PlainCsv, plain),
        (NAMES[2], LogFormat::AgentCsv, agent),
        (NAMES[3], LogFormat::Klog, klog),
        (NAMES[2], LogFormat::Tc4Csv, tc4),
        (NAMES[2], LogFormat::HandCsv, hand),
        (NAMES[2], LogFormat::RoasTimeCsv, roastime_csv),
    ];
    logs.extend(json_logs());
    logs.extend(written_logs());
    logs
}

fn json_logs() -> Vec<(&'static str, LogFormat, String)> {
    // Rows of 20 s are rarer than this format has them.
    let list = rows(|s, _| format!("{},{},", bt_c(s), bt_c(s + 10)));
    let roastime = format!(
        "{{\"uid\":\"made-up\",\"roastName\":\"A \\\"test\\\"\",\"beanTemperature\":[{}],\"sampleRate\":0.1,\
         \"dateTime\":1767603600000,\"roastStartIndex\":0,\"roastEndIndex\":74,\"indexYellowingStart\":26,\
         \"indexFirstCrackStart\":48}}",
        list.trim_end_matches(',')
    );
    let instant = |s| format!("\"2026-01-05T09:{}Z\"", mm_ss(s));
    let messages =
        rows(|s, _| format!("{{\"timestamp\":{},\"message\":{{\"BT\":{}}}}},", instant(s), bt_c(s)));
    let event =
        |(label, s)| format!("{{\"label\":\"{label}\",\"measurement\":{{\"timestamp\":{}}}}}", instant(s));
    let telemetry = format!(
        "{{\"startDate\":{},\"measurements\":[{}],\"events\":[{}]}}",
        instant(0),
        messages.trim_end_matches(','),
        [("charge", 0), ("first-crack-start", 480), ("drop", 640)].map(event).join(",")
    );
    vec![(NAMES[1], LogFormat::RoasTimeJson, roastime), (NAMES[1], LogFormat::TelemetryJson, telemetry)]
}

/// A roast with all that Artisan's files hold, by our own writers.
fn written_logs() -> Vec<(&'static str, LogFormat, String)> {
    let plain = "Seconds,Temperature (C)\n".to_owned() + &rows(|s, _| format!("{s},{}\n", bt_c(s)));
    let mut log = read(plain.as_bytes(), "roast.csv").expect("a plain table");
    for (_, sample) in &mut log.samples {
        (sample.et_c, sample.inlet_c) = (sample.bt_c.map(|c| c + 20.0), sample.bt_c.map(|c| c + 100.0));
        (sample.gas_pct, sample.air_pct) = (Some(80.0), Some(20.0));
    }
    let start = log.samples[0].0;
    let placed = |(kind, s): (MarkKind, f64)| Mark { at: start.plus_s(s), ..mark(kind, 0) };
    log.marks = [(MarkKind::Charge, 0.0), (MarkKind::FirstCrackStart, 480.0), (MarkKind::Drop, 640.0)]
        .map(placed)
        .to_vec();
    log.title = "Côté \\ \"x\"".to_owned();
    (log.weight_in_kg, log.weight_out_kg) = (Some(0.4), Some(0.3447));
    let formats = [LogFormat::ArtisanAlog, LogFormat::ArtisanJson, LogFormat::ArtisanCsv];
    let written = |format| write(&log, format);
    NAMES
        .into_iter()
        .zip(formats)
        .zip(ExportFormat::ALL)
        .map(|((name, kind), format)| (name, kind, written(format)))
        .collect()
}

const MAP: &str = "schema = \"columns/1\"\nunit = \"F\"\ndelimiter = \";\"\ndecimal_comma = true\ncharge = \"first_row\"\n\
    [time]\ncolumn = \"Zeit\"\nformat = \"mm:ss\"\n[columns]\nbt = \"Bohne\"\ngas_pct = 4\n[events]\ncolumn = \"Was\"\n\
    words = { first_crack_start = [\"Knack\"] }\n";

fn mapped() -> String {
    let event = |mark: &str| mark.replace("first-crack", "Knack").replace("dry-end", "");
    let row = |s: u32, mark: &str| format!("{};{},5;{};80\n", mm_ss(s), bt_c(s) * 9 / 5 + 32, event(mark));
    "Zeit;Bohne;Was;Gas\n".to_owned() + &rows(row)
}

fn seeds() -> Vec<Seed> {
    let mut seeds = wire_seeds();
    for (name, format, text) in logs() {
        let first = NAMES.iter().position(|known| *known == name).expect("a known name");
        let bytes = [&[u8::try_from(first).expect("few")], text.as_bytes()].concat();
        seeds.push(("logs", format.name().into(), bytes));
    }
    seeds.push(("columns", "mapped".into(), [MAP.as_bytes(), &[0], mapped().as_bytes()].concat()));
    seeds
}

fn place(target: &str, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target).join(name)
}

#[test]
fn the_seeds_are_what_our_writers_make() {
    for (target, name, bytes) in seeds() {
        let path = place(target, &name);
        if std::env::var_os("TRIER_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("in a folder")).expect("folder");
            fs::write(&path, &bytes).expect("written");
        }
        let there = fs::read(&path).unwrap_or_default();
        assert!(there == bytes, "{} is not what is made here; bless it", path.display());
    }
}

#[test]
fn each_seed_gets_through_its_decoder() {
    for (name, format, text) in logs() {
        let log = read(text.as_bytes(), name).unwrap_or_else(|error| panic!("{}: {error}", format.name()));
        assert_eq!(log.format, format);
    }
    let map = ColumnMap::parse(MAP).expect("a map");
    let log = read_with(mapped().as_bytes(), "table.csv", Some(&map)).expect("a table");
    assert_eq!(log.format, LogFormat::MappedCsv);
    let registry = Registry::parse(&registry(), "keys.toml").expect("a registry");
    let arrival = Arrival { tenant: "trier", at: RECEIVED };
    for (target, name, bytes) in wire_seeds() {
        let judgement = match target {
            "batch" => registry.judge_batch(&BatchMessage::read(&bytes).expect("a batch"), arrival),
            "envelope" => {
                let line = std::str::from_utf8(&bytes).expect("text");
                registry.judge_envelope(&EnvelopeMessage::read(line).expect("an envelope"), arrival)
            }
            _ => continue,
        };
        let trust = judgement.trust();
        assert_eq!(trust == Trust::Verified, name.starts_with("signed"), "{target}/{name}: {trust:?}");
    }
}

#[test]
fn every_seed_and_every_cut_of_it_keeps_what_decoders_promise() {
    let targets = [
        ("envelope", promises::envelope as fn(&[u8])),
        ("batch", promises::batch),
        ("keys", promises::keys),
        ("logs", promises::logs),
        ("columns", promises::columns),
    ];
    for (target, promise) in targets {
        let of_target: Vec<Seed> = seeds().into_iter().filter(|seed| seed.0 == target).collect();
        assert!(!of_target.is_empty(), "{target} has no seed");
        for (_, _, bytes) in of_target {
            // A prime, so that cuts fall within rows, numbers and characters alike.
            (0..bytes.len()).step_by(7).for_each(|end| promise(&bytes[..end]));
            promise(&bytes);
        }
    }
}
