//! What people and programs call the marks of a roast.

use crate::cells::plain_name;
use trier_roast::MarkKind;

/// Every name of a mark seen in a log or in a program's own description, as [`plain_name`] makes it.
const WORDS: [(MarkKind, &[&str]); 8] = [
    (MarkKind::Charge, &["charge", "beans added", "beans in", "strt"]),
    (MarkKind::DryEnd, &["dry end", "drye", "dry", "colour change", "color change", "yellow", "yellowing"]),
    (
        MarkKind::FirstCrackStart,
        &["fcs", "fc", "first crack", "first crack start", "first crack detected", "1st crack"],
    ),
    (MarkKind::FirstCrackEnd, &["fce", "first crack end", "1st crack end"]),
    (MarkKind::SecondCrackStart, &["scs", "sc", "second crack", "second crack start", "2nd crack"]),
    (MarkKind::SecondCrackEnd, &["sce", "second crack end", "2nd crack end"]),
    (MarkKind::Drop, &["drop", "roast end", "beans dropped", "beans out", "ejct"]),
    (MarkKind::CoolEnd, &["cool", "cool end", "cooling stopped"]),
];

/// The mark that a word names; None for anything else, such as a note about steam.
pub(crate) fn mark_named(word: &str) -> Option<MarkKind> {
    let word = plain_name(word);
    WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_several_programs_mean_one_mark() {
        for (kind, words) in [
            (MarkKind::DryEnd, ["Dry End", "DRY End", "colour_change", "dry-end"]),
            (MarkKind::FirstCrackStart, ["FC", "first_crack_detected", "FCs", "first-crack-start"]),
            (MarkKind::Drop, ["DROP", "EJCT", "roast end", "beans_dropped"]),
        ] {
            assert!(words.iter().all(|word| mark_named(word) == Some(kind)), "{words:?}");
        }
        for other in ["", "cooling rapidly", "TP", "steam", "Fan 9"] {
            assert_eq!(mark_named(other), None);
        }
    }

    #[test]
    fn no_word_means_two_marks() {
        let all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| *words).copied().collect();
        assert!(all.iter().all(|word| all.iter().filter(|other| *other == word).count() == 1));
    }
}
