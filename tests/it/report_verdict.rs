//! `sim report` on the folder of an evaluation: the page says what the verdict says, and shows no evidence but its own.

use std::fs;
use std::path::Path;

use trier_tables::rows::ScoreRow;
use trier_tables::verdict::VerdictFile;

use crate::support::{copied_repository, rows, sim_ends};

/// Makes the page of `out` below `at`, which must end with `code`; what was said, and the page.
fn report(at: &Path, out: &str, code: i32) -> (String, String) {
    let page = at.join("page.html");
    let _ = fs::remove_file(&page);
    let ran = sim_ends(at, &format!("report {out} --out page.html"), code);
    (ran.stderr, fs::read_to_string(page).unwrap_or_default())
}

#[test]
fn a_verdict_is_shown_with_its_own_evidence_and_no_other() {
    let copy = copied_repository();
    let at = copy.path();
    sim_ends(at, "eval golden/first.toml --candidate slope90 --baseline artisan --out out/first", 4);
    let (_, html) = report(at, "out/first", 0);
    let said = VerdictFile::read(&at.join("out/first")).expect("a verdict");
    assert!(html.contains("exit code 4: the candidate may not ship") && html.contains(&said.plan.digest));
    for gate in &said.gates {
        assert!(html.contains(&format!("<code>{}</code>", gate.gate)), "{}", gate.gate);
    }
    let worst = rows::<ScoreRow>(&at.join("out/first"))
        .into_iter()
        .filter(|row| {
            *row.metric == *"first_crack.abs_error" && row.lead_s == Some(60.0) && *row.arm == *"slope90"
        })
        .max_by(|a, b| a.value.partial_cmp(&b.value).expect("numbers"))
        .expect("scored");
    let command = format!("--seed {} --predictor slope90", worst.seed.expect("simulated"));
    assert!(html.contains(&command), "the roast that slope90 is most off at is not shown: {command}");
    assert!(
        !html.contains("<script") && !html.contains("http") && html.len() < 400_000,
        "{} bytes",
        html.len()
    );
    assert_eq!(report(at, "out/first", 0).1, html);

    // Judged again from what was stored, it is the same verdict of the same tables, and the same page.
    sim_ends(at, "gate out/first --out out/again", 4);
    assert_eq!(report(at, "out/again", 0).1, html);

    what_is_gone_is_said(at);
    what_is_another_verdicts_is_refused(at);
}

fn what_is_gone_is_said(at: &Path) {
    fs::remove_file(at.join("out/again/scores.parquet")).expect("there");
    let (_, html) = report(at, "out/again", 0);
    assert!(html.contains("scores.parquet is gone from the folder") && !html.contains("id=\"leads\""));
    assert!(html.contains("id=\"compared\""), "the comparisons are in verdict.json");
}

fn what_is_another_verdicts_is_refused(at: &Path) {
    let out = at.join("out/first");
    fs::copy(out.join("scores.parquet"), at.join("kept.parquet")).expect("copied");
    sim_ends(at, "eval golden/first.toml --candidate constant --baseline artisan --out out/other", 4);
    fs::copy(at.join("out/other/scores.parquet"), out.join("scores.parquet")).expect("copied");
    let (said, html) = report(at, "out/first", 9);
    assert!(said.contains("scores.parquet is not the table that the verdict was written with"), "{said}");
    assert!(html.is_empty(), "a page of foreign evidence");
    fs::write(out.join("scores.parquet"), "not a table").expect("writable");
    assert!(report(at, "out/first", 2).0.contains("scores.parquet"));
    fs::copy(at.join("kept.parquet"), out.join("scores.parquet")).expect("copied");
    fs::copy(at.join("out/other/plan.json"), out.join("plan.json")).expect("copied");
    assert!(report(at, "out/first", 9).0.contains("plan.json is not the plan of the verdict"));
    let text = fs::read_to_string(out.join("verdict.json")).expect("written");
    fs::write(out.join("verdict.json"), &text[..text.len() / 2]).expect("writable");
    assert!(report(at, "out/first", 2).0.contains("verdict.json"));
}
