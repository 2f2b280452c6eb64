//! Roasts out again, as files that Artisan opens.

use crate::log::RoastLog;
use crate::profile::{
    Reading, TIMEINDEX, document, extra_pairs, mark_samples, shown, time_of_day, times_s, zero,
};
use crate::spell::{Spelling, spelled};
use trier_roast::{Date, MarkKind, Sample};

/// A format that roasts are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExportFormat {
    /// Artisan's own file, a Python literal.
    Alog,
    /// Artisan's JSON export: the same keys.
    Json,
    /// Artisan's CSV export: whole seconds, no heat and air.
    Csv,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Alog, Self::Json, Self::Csv];

    /// Its name, which is also the ending of its files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alog => "alog",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// A roast as the text of a file, in °C. What a format cannot hold is in `docs/data.md`.
#[must_use]
pub fn write(log: &RoastLog, format: ExportFormat) -> String {
    match format {
        ExportFormat::Alog => spelled(&document(log), Spelling::Python),
        ExportFormat::Json => spelled(&document(log), Spelling::Json) + "\n",
        ExportFormat::Csv => csv(log),
    }
}

/// Names of the marks of [`TIMEINDEX`] in the header, and in the column of events.
const WORDS: [(&str, &str); 8] = [
    ("CHARGE", "CHARGE"),
    ("DRYe", "DRY End"),
    ("FCs", "FCs"),
    ("FCe", "FCe"),
    ("SCs", "SCs"),
    ("SCe", "SCe"),
    ("DROP", "DROP"),
    ("COOL", "COOL"),
];

fn csv(log: &RoastLog) -> String {
    let time_s = times_s(log);
    let first_s = time_s.first().copied().unwrap_or(0.0);
    let second = |i: usize| time_s.get(i).map_or(0.0, |t| (t - first_s).round());
    let marked = mark_samples(log, &time_s).map(|i| i.map(second));
    let charge_s = marked[0].unwrap_or(0.0);
    let pairs = extra_pairs(log);
    let extra: Vec<(&str, Reading)> = pairs.iter().flatten().copied().collect();

    let mut text = header(log, &marked);
    text.push_str("Time1\tTime2\tET\tBT\tEvent");
    for (name, _) in &extra {
        text.push('\t');
        text.push_str(if name.is_empty() { "unused" } else { name });
    }
    text.push('\n');
    let mut last_s = f64::NEG_INFINITY;
    for (i, (_, sample)) in log.samples.iter().enumerate() {
        let at_s = second(i);
        // One row a second is all that mm:ss can tell apart.
        if at_s <= last_s {
            continue;
        }
        last_s = at_s;
        let since = if at_s < charge_s { String::new() } else { mm_ss(at_s - charge_s) };
        let event = marked.iter().zip(WORDS).find(|(mark_s, _)| **mark_s == Some(at_s));
        let event = event.map_or("", |(_, (_, word))| word);
        text.push_str(&row(&[mm_ss(at_s), since], event, sample, &extra));
    }
    text
}

fn row(times: &[String; 2], event: &str, sample: &Sample, extra: &[(&str, Reading)]) -> String {
    let [et, bt] = [sample.et_c, sample.bt_c].map(|reading| format!("{:?}", shown(reading)));
    let mut row = format!("{}\t{}\t{et}\t{bt}\t{event}", times[0], times[1]);
    for (_, reading) in extra {
        row.push_str(&format!("\t{:?}", shown(reading(sample))));
    }
    row.push('\n');
    row
}

/// The first line: day, unit, and the marks in minutes and seconds from the first row.
fn header(log: &RoastLog, marked: &[Option<f64>; 8]) -> String {
    let zero = zero(log);
    let Date { year, month, day } = Date::of(zero);
    let mut cells = vec![format!("Date:{day:02}.{month:02}.{year:04}"), "Unit:C".to_owned()];
    for ((kind, (word, _)), mark_s) in TIMEINDEX.into_iter().zip(WORDS).zip(marked) {
        cells.push(format!("{word}:{}", mark_s.map(mm_ss).unwrap_or_default()));
        if kind == MarkKind::Charge {
            cells.push("TP:".to_owned());
        }
    }
    cells.push(format!("Time:{}", &time_of_day(zero)[..5]));
    cells.join("\t") + "\n"
}

/// Whole seconds as `08:26`.
fn mm_ss(s: f64) -> String {
    // Seconds of one recording, whole and not negative.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let s = s as u64;
    format!("{:02}:{:02}", s / 60, s % 60)
}
