//! What a verdict is called where people read it who never saw the code.

use trier_tables::verdict::{ComparisonSaid, VerdictFile};

use crate::gates::{Standing, comparison_of, difference, in_the_way, interval, margin};
use crate::markup::capital;
use crate::page::Tone;

/// What an exit code of an evaluation means; as `docs/cli.md` lists them.
pub(super) const fn meaning(exit_code: u8) -> &'static str {
    match exit_code {
        0 => "the candidate may ship",
        3 => "there was nothing to judge",
        4 => "the candidate may not ship",
        5 => "the evidence is too weak to say",
        6 => "it may ship when a person has approved",
        7 => "the same work came out otherwise when it was done again",
        8 => "too few critical flows were seen",
        9 => "the evidence cannot be used",
        10 => "more cases errored than may",
        11 => "a waiver that is named does not hold",
        12 => "a budget ended the work before its end",
        13 => "somebody stopped all promotions",
        15 => "the plan could hardly find what it is made for",
        _ => "no verdict that this build knows",
    }
}

/// How a verdict stands: only a promotion is good, and what waits for a person or for more roasts is not bad.
pub(super) const fn tone_of(exit_code: u8) -> Tone {
    match exit_code {
        0 => Tone::Pass,
        5 | 6 => Tone::Warn,
        _ => Tone::Fail,
    }
}

/// How something stands, as a tone.
pub(super) const fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Pass => Tone::Pass,
        Standing::Waived | Standing::Aside | Standing::Inconclusive => Tone::Warn,
        Standing::Fail | Standing::Error => Tone::Fail,
    }
}

/// Why it came to that, in a sentence.
pub(super) fn why(said: &VerdictFile) -> String {
    let better: Vec<&ComparisonSaid> =
        said.comparisons.iter().filter(|row| row.role == "primary" && row.label == "SUPERIOR").collect();
    if said.exit_code == 0 {
        let gains: Vec<String> = better
            .iter()
            .map(|row| format!("{} by {} {}", spoken(&row.metric), difference(row), interval(row)))
            .collect();
        return match gains.as_slice() {
            [] => "Every gate passes.".to_owned(),
            gains => format!("Every gate passes, and the candidate is better at {}.", gains.join("; ")),
        };
    }
    let found = in_the_way(said);
    let Some(first) = found.first() else {
        return said.reasons.first().map_or_else(String::new, Clone::clone);
    };
    let more = match found.len() {
        1 => String::new(),
        n => format!(" It is one of {n} gates in the way."),
    };
    let what = comparison_of(said, first).filter(|row| row.estimate.is_some()).map_or_else(
        || format!("{}: {}", first.gate, first.reason.trim_end_matches('.')),
        |row| capital(&in_words(row)),
    );
    format!("{what}.{more}")
}

/// A comparison in words: `drop, loss, 60 s before: +4.9 s [+3.6, +6.2] s, to stay below +3.0 s: inferior`.
pub(super) fn in_words(row: &ComparisonSaid) -> String {
    let on = if row.slice == "all" { String::new() } else { format!(" on {}", row.slice) };
    format!(
        "{}{on}: {} {}, to stay below {}: {}",
        spoken(&row.metric),
        difference(row),
        interval(row),
        margin(row),
        label_of(&row.label)
    )
}

/// A metric in words: `first_crack.abs_error@60s p90` is `first crack, absolute error, 60 s before, 90th percentile`.
/// One that is not known stays as it is.
pub(super) fn spoken(metric: &str) -> String {
    let (rest, tail) = match metric.strip_suffix(" p90") {
        Some(rest) => (rest, ", 90th percentile"),
        None => (metric, ""),
    };
    let (name, lead) = match rest.split_once('@') {
        Some((name, lead)) => (name, lead.strip_suffix('s').map(|lead| format!(", {lead} s before"))),
        None => (rest, Some(String::new())),
    };
    let parts = name.split_once('.').and_then(|(target, what)| Some((target_of(target)?, what_of(what)?)));
    match (parts, lead) {
        (Some((target, what)), Some(lead)) => format!("{target}, {what}{lead}{tail}"),
        _ => metric.to_owned(),
    }
}

/// What is forecast, in words.
pub(super) fn target_of(target: &str) -> Option<&'static str> {
    match target {
        "first_crack" => Some("first crack"),
        "drop" => Some("drop"),
        _ => None,
    }
}

fn what_of(what: &str) -> Option<&'static str> {
    Some(match what {
        "error" => "signed error",
        "abs_error" => "absolute error",
        "loss" => "loss",
        "censored_penalty" => "penalty without crack",
        "within_10s" => "within 10 s",
        "pinball" => "pinball loss",
        "crps" => "CRPS",
        "winkler_90" => "Winkler score at 90 %",
        "within_50" => "events within the 50 % interval",
        "within_80" => "events within the 80 % interval",
        "within_90" => "events within the 90 % interval",
        "width_90" => "width of the 90 % interval",
        "abstained" => "time without a forecast",
        "before_now" => "placed before now",
        "out_of_reach" => "placed out of reach",
        "width_growth" => "intervals that grow",
        _ => return None,
    })
}

/// A label of a comparison as it is read: `NON_INFERIOR_BUT_WORSE` is `non inferior but worse`.
pub(super) fn label_of(label: &str) -> String {
    label.replace('_', " ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_spoken_and_strange_ones_stay() {
        let spoken = |metric| super::spoken(metric);
        assert_eq!(
            spoken("first_crack.abs_error@60s p90"),
            "first crack, absolute error, 60 s before, 90th percentile"
        );
        assert_eq!(spoken("drop.abstained"), "drop, time without a forecast");
        for strange in ["first_crack.joy@60s", "sugar.abs_error", "first_crack.abs_error@soon", "<b>", ""] {
            assert_eq!(spoken(strange), strange);
        }
        assert_eq!(capital("drop, loss"), "Drop, loss");
        assert_eq!(label_of("NON_INFERIOR"), "non inferior");
    }

    #[test]
    fn only_a_promotion_looks_good() {
        let good: Vec<u8> = (0..=255).filter(|code| tone_of(*code) == Tone::Pass).collect();
        assert_eq!(good, [0]);
    }
}
