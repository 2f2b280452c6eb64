//! The values of the first roast and of the first suite, pinned: they move only on purpose.
//!
//! When they should move, bless them in a commit of their own with
//! `INSTA_UPDATE=always cargo test -p trier --test it golden`, and say why under "Changes results"
//! in CHANGELOG.md.

use crate::support::{digests, empty_folder, repository, sim_ends};

#[test]
fn golden_digests() {
    let folder = empty_folder();
    let lines = [
        ("run scenarios/first-roast.toml --seed 7", 0),
        ("eval golden/first.toml --candidate slope90 --baseline artisan", 4),
    ];
    let mut text = String::new();
    for (number, (line, code)) in lines.into_iter().enumerate() {
        let out = folder.path().join(number.to_string());
        sim_ends(repository(), &format!("{line} --out {}", out.display()), code);
        text += &format!("sim {line}\n{}\n", digests(&out));
    }
    insta::assert_snapshot!("golden_digests", text);
}
