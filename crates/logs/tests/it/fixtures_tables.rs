//! The made-up roast in the formats that are tables, and in the JSON of other programs.

use crate::fixtures::{Alog, PREHEAT_S, bt_c};
use std::fmt::Write;
use trier_logs::LogFormat;

/// BT as a probe would show it, °C: a tenth is its last digit, and it flickers.
fn reading_c(t_s: f64) -> f64 {
    let flicker = f64::from((t_s * 10.0).round() as u32 * 7919 % 7) / 10.0 - 0.3;
    ((bt_c(t_s - PREHEAT_S) + flicker) * 10.0).round() / 10.0
}

/// Rows of a second each, made by `row` of the second and BT, °C.
fn rows(row: impl Fn(u32, f64) -> String) -> String {
    (0..640_u32).map(|i| row(i, reading_c(f64::from(i)))).collect()
}

/// Seconds as 08:26.
fn mm_ss(s: u32) -> String {
    format!("{:02}:{:02}", s / 60, s % 60)
}

/// A second of 2026-01-05 from nine o'clock on, UTC.
fn iso(s: u32) -> String {
    format!("2026-01-05T09:{:02}:{:02}.250Z", s / 60, s % 60)
}

/// The word for the mark at a second, if there is one.
fn word(s: u32, words: [&'static str; 4]) -> &'static str {
    [20, 290, 500, 620].iter().position(|at| *at == s).map_or("", |i| words[i])
}

pub(crate) fn artisan_json() -> String {
    Alog::new().text().replace("False", "false").replace('\'', "\"")
}

/// The same after R had it: single values in lists, all of it as text in a list.
pub(crate) fn artisan_json_from_r() -> String {
    let one =
        artisan_json().replace("\"mode\": \"C\"", "\"mode\": [\"C\"], \"weight\": [\"400\", \"0\", \"g\"]");
    let one = one.replace("\"roastepoch\": 1767603600", "\"roastepoch\": [1767603600]");
    format!("[{}]", format!("{:?}", one).replace("\\'", "'"))
}

pub(crate) fn artisan_csv() -> String {
    let head = "Date:05.01.2026\tUnit:C\tCHARGE:00:20\tTP:01:20\tDRYe:04:50\tFCs:08:20\tFCe:\tSCs:\tSCe:\tDROP:10:20\tCOOL:\tTime:09:00\n\
        Time1\tTime2\tET\tBT\tEvent\n";
    let event = |i| word(i, ["CHARGE", "DRY End", "FCs", "DROP"]);
    head.to_owned() + &rows(|i, bt| format!("{}\t\t{:.1}\t{bt}\t{}\n", mm_ss(i), bt + 20.0, event(i)))
}

pub(crate) fn klog() -> String {
    let mut text = "profile_short_name:made up\nprofile_schema_version:1.4\nboost_load_size:120.0\n\
        roast_date:05/01/2026 09:00:00 UTC\nheater_power_available:1500.0\nmodel:KN1/0\nmains_voltage:120V, 60Hz\n\n\
        offsets\t-8.5\t0\ntime\t#spot_temp\t=mean_temp\tpower_kW\t#Kp\t\n"
        .to_owned();
    // Cold beans in a cold machine, and no preheating.
    for i in 0..620_u32 {
        let bt = (30.0 + 175.0 * f64::from(i) / 600.0).min(205.0) + f64::from(i % 3) * 0.1;
        let _ = writeln!(text, "{}.5\t{bt}\t{bt:.4}\t0.75\t1.0\t", i + 5);
        match i {
            270 => text += "!colour_change:275.4\n",
            480 => text += "!first_crack:485.6\n",
            600 => {
                text += "!roast end:605.5\n!development_percent:20.0\n!roast_date:05/01/2026 09:10:05 UTC\n";
            }
            _ => {}
        }
    }
    text
}

/// `f` writes °F, as half of these files are, and none says so.
pub(crate) fn tc4(f: bool) -> String {
    let t = |c: f64| if f { c * 1.8 + 32.0 } else { c };
    let comment = |i: u32| match word(i, ["STRT", "", "FC", "EJCT"]) {
        "" => String::new(),
        word => format!("# {word},{i}.0\n"),
    };
    let row =
        |i: u32, bt: f64| format!("{i}.0,21.5,{:.1},-4.0,{:.1},1.0,0\n{}", t(bt), t(bt + 30.0), comment(i));
    "# TC4_SHIELD 3.00\n# time,ambient,T0,rate0,T1,rate1,0\n".to_owned() + &rows(row) + "640.0,21"
}

pub(crate) fn agent() -> String {
    let event = |i| word(i, ["beans_added", "", "first_crack_detected", "beans_dropped"]);
    let row = |i: u32, bt: f64| {
        format!(
            "{},,roasting,{:.0},{:.0},{},30,False,{}\n",
            iso(i),
            bt,
            bt + 20.0,
            if i < 300 { 100 } else { 60 },
            event(i)
        )
    };
    "timestamp_utc,elapsed_seconds,phase,bean_temp_c,env_temp_c,heat_level_percent,fan_level_percent,cooling_on,event\n"
        .to_owned()
        + &rows(row)
}

pub(crate) fn telemetry() -> String {
    let one = |i: u32, bt: f64| {
        let message =
            format!("{{\"ET\":{:.1},\"BT\":{bt},\"Amb\":30,\"BurnerVal\":70,\"FanVal\":95}}", bt + 20.0);
        format!("{{\"timestamp\":\"{}\",\"message\":{message},\"extra\":{{}}}},", iso(i))
    };
    let event =
        |(label, i)| format!("{{\"label\":\"{label}\",\"measurement\":{{\"timestamp\":\"{}\"}}}}", iso(i));
    let events = [("charge", 20), ("dry-end", 290), ("first-crack-start", 500), ("drop", 620)].map(event);
    let list = rows(one);
    let list = list.trim_end_matches(',');
    format!("{{\"startDate\":\"{}\",\"measurements\":[{list}],\"events\":[{}]}}", iso(0), events.join(","))
}

pub(crate) fn hand() -> String {
    let mut text = "\u{feff}name,date,time,heat,temp,notes,unit\r\n".to_owned();
    for half in 0..=20_u32 {
        let bt = (bt_c(f64::from(half) * 30.0) / 5.0).round() * 5.0;
        let note = match half {
            9 => "yellow",
            16 => "FC",
            _ => "",
        };
        let _ = write!(text, "made-up,1/5/26,{},9,{bt},{note},C\r\n", f64::from(half) / 2.0);
    }
    text + ",,,,,,\r\n,,,,,,\r\n"
}

pub(crate) fn roastime_csv() -> String {
    let mut text = "Made up\n05/01/2026\n\nMilestones\n1st Crack,Start,,,End\n,Index,Time,,Index,Time\n,960,8:00,,-,-\n\n\
        Yellowing,Start index,Start time\n,540,4:30\n\n\
        Timeline,Index,Time,IBTS Temp,Bean Probe Temp,IBTS ROR,Bean Probe ROR,Power Setting,Drum Setting,Fan Setting\n"
        .to_owned();
    for i in 0..=600_u32 {
        let bt = reading_c(f64::from(i) + PREHEAT_S);
        let _ = writeln!(text, ",{i},{}:{:02},{:.2},{bt},10.0,9.0,9,9,3", i / 60, i % 60, bt + 15.0);
    }
    text
}

pub(crate) fn plain() -> String {
    "Seconds,Temperature (C)\r\n".to_owned() + &rows(|i, bt| format!("{i},{bt:.0}\r\n"))
}

/// A fixture of every format beside the `.alog` and RoasTime's JSON.
pub(crate) fn all() -> Vec<(LogFormat, String)> {
    vec![
        (LogFormat::ArtisanJson, artisan_json()),
        (LogFormat::ArtisanJson, artisan_json_from_r()),
        (LogFormat::ArtisanCsv, artisan_csv()),
        (LogFormat::Klog, klog()),
        (LogFormat::Tc4Csv, tc4(false)),
        (LogFormat::AgentCsv, agent()),
        (LogFormat::TelemetryJson, telemetry()),
        (LogFormat::HandCsv, hand()),
        (LogFormat::RoasTimeCsv, roastime_csv()),
        (LogFormat::PlainCsv, plain()),
    ]
}
