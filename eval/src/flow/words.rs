//! The words of flows: every event that a trace can hold, every tag of a reading, and no other.
//!
//! They are the names that the pipeline's tables use, so that a catalogue can only ask for
//! what the pipeline can show.

use trier_pipeline::features::GRADE_REASONS;
use trier_pipeline::sessionize::{Outcome, SealCause};
use trier_pipeline::{Abstain, Fault, Target};
use trier_roast::{MarkKind, MarkSource, Quality};

/// What each family of steps is an event of. Marks are families of their own, see [`step_families`].
pub const STEP_FAMILIES: [(&str, &str); 13] = [
    ("opened", "The session begins."),
    ("flag", "The first of samples in a row that carry this quality flag."),
    ("bt_lost", "The first sample whose BT cannot be used, after one whose could."),
    ("bt_gone", "The first sample whose BT cannot be used 15 s or more after the last whose could."),
    ("bt_back", "The first sample whose BT can be used again."),
    ("forecast", "A predictor begins to answer for this target."),
    ("abstain", "A predictor begins to abstain with this code."),
    ("blind", "At `bt_gone`, a predictor that looks at BT is asked."),
    ("silent", "And it abstains for every target."),
    ("speaks", "Or it answers for one all the same."),
    ("graded", "The session was sealed, and this took its grade down."),
    ("outcome", "The session was sealed, and came out as this."),
    ("sealed", "The session was sealed, and why when it was."),
];

/// The families that predictors have a part in.
pub(super) const OF_PREDICTORS: [&str; 5] = ["forecast", "abstain", "blind", "silent", "speaks"];

/// A word and what may follow it after a colon; by itself it means any of them.
pub type Family = (&'static str, Vec<&'static str>);

/// The events that a step may name: `word` or `word:kind`.
#[must_use]
pub fn step_families() -> Vec<Family> {
    let sources: Vec<&str> = MarkSource::ALL.map(MarkSource::name).to_vec();
    let marks = MarkKind::ALL.map(|kind| (kind.name(), sources.clone()));
    let codes = Abstain::CODES.into_iter().chain(Fault::ALL.map(Fault::code));
    let others = STEP_FAMILIES.map(|(word, _)| {
        let kinds = match word {
            "flag" => flags(),
            "forecast" => Target::ALL.map(Target::name).to_vec(),
            "abstain" => codes.clone().collect(),
            "graded" => GRADE_REASONS.to_vec(),
            "outcome" => Outcome::ALL.map(Outcome::name).to_vec(),
            "sealed" => SealCause::ALL.map(SealCause::name).to_vec(),
            _ => vec![],
        };
        (word, kinds)
    });
    marks.into_iter().chain(others).collect()
}

/// The tags that a reading may carry; a machine's name is anything.
#[must_use]
pub fn tag_families() -> Vec<Family> {
    vec![("flag", flags()), ("trust", vec!["unverified", "unsigned", "verified"]), ("machine", vec![])]
}

fn flags() -> Vec<&'static str> {
    Quality::named().iter().map(|(_, name)| *name).collect()
}

/// Whether a step may name `word`.
pub(super) fn is_step(word: &str) -> bool {
    step_families().iter().any(|family| is_of(family, word))
}

/// Whether a cell may name `tag`.
pub(super) fn is_tag(tag: &str) -> bool {
    let known = |(family, kinds): &Family| match tag.split_once(':') {
        Some((word, kind)) => {
            word == *family && (kinds.contains(&kind) || kinds.is_empty() && !kind.is_empty())
        }
        None => false,
    };
    tag_families().iter().any(known)
}

fn is_of((family, kinds): &Family, word: &str) -> bool {
    match word.split_once(':') {
        Some((word, kind)) => word == *family && kinds.contains(&kind),
        None => word == *family,
    }
}

/// The families in one line: `charge[:device|operator|inferred], ...`.
pub(super) fn in_one_line(families: &[Family]) -> String {
    let written = |(word, kinds): &Family| {
        if kinds.is_empty() { (*word).to_owned() } else { format!("{word}[:{}]", kinds.join("|")) }
    };
    families.iter().map(written).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_tables_and_no_other() {
        for word in ["charge", "drop:inferred", "flag:stuck", "abstain:no_bt", "abstain:late", "bt_back"] {
            assert!(is_step(word), "{word}");
        }
        for word in
            ["", "crack", "drop:", "drop:nobody", "flag:stuck:2", "bt_back:x", "no drop", "sealed:drop"]
        {
            assert!(!is_step(word), "{word}");
        }
        assert!(is_tag("flag:spike") && is_tag("machine:gd12") && is_tag("trust:verified"));
        assert!(!is_tag("flag") && !is_tag("machine:") && !is_tag("flag:odd") && !is_tag("charge:device"));
    }
}
