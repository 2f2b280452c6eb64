//! The report on a run: what `sim report` leaves of one roast and of many, and what it refuses.

use std::fs;
use std::path::Path;

use crate::support::{empty_folder, repository, sim_ends};

const SCENARIO: &str = "scenarios/first-roast.toml";

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the report is there")
}

#[test]
fn one_roast_is_a_page_of_its_own_and_its_figures_are_files() {
    let folder = empty_folder();
    let (run, figures) = (folder.path().join("first"), folder.path().join("figures"));
    sim_ends(repository(), &format!("run {SCENARIO} --seed 7 --out {}", run.display()), 0);
    let ran = sim_ends(repository(), &format!("report {} --figures {}", run.display(), figures.display()), 0);
    assert_eq!(ran.stdout.trim(), run.join("report.html").display().to_string());
    let html = read(&run.join("report.html"));
    // The bar of a report of one roast.
    assert!(html.len() < 300_000, "{} bytes", html.len());
    for said in [
        "<h1>first-roast seed 7</h1>",
        "Development",
        "What truly happened",
        "kg",
        "curve: when first crack will be",
    ] {
        assert!(html.contains(said), "{said} is not there");
    }
    assert!(!html.contains("<script") && !html.contains("http") && !html.contains("NaN"));
    assert!(!html.contains(&*folder.path().to_string_lossy()), "no path of this machine");
    let curve = read(&figures.join("curve.svg"));
    assert!(curve.starts_with("<svg xmlns=") && curve.contains("Drying"));
    if cfg!(feature = "png") {
        let image = fs::read(figures.join("curve.png")).expect("beside it");
        assert!(image.starts_with(b"\x89PNG") && image.len() > 20_000, "{} bytes", image.len());
    }
    // The same tables give the same bytes, wherever they are.
    let moved = folder.path().join("moved");
    fs::rename(&run, &moved).expect("renamed");
    let again = folder.path().join("again.html");
    sim_ends(repository(), &format!("report {} --out {}", moved.display(), again.display()), 0);
    assert_eq!(read(&again), html);
    let text = sim_ends(repository(), &format!("report {} --text", moved.display()), 0).stdout;
    assert!(text.contains("first-roast seed 7 on gd12") && text.contains("└FC"));
    assert!(!text.contains('\u{1b}') && text.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn many_roasts_have_an_overview_and_one_is_shown_by_name() {
    let folder = empty_folder();
    let run = folder.path().join("many");
    sim_ends(
        repository(),
        &format!("run {SCENARIO} --seeds 1..9 --predictor constant --out {}", run.display()),
        0,
    );
    let report = |words: &str| sim_ends(repository(), &format!("report {} {words}", run.display()), 0);
    report("");
    let html = read(&run.join("report.html"));
    assert_eq!(html.matches("class=\"tile\"").count(), 9);
    assert!(html.contains("<h1>9 roasts</h1>") && html.contains("sim report DIR --batch"));
    assert!(!html.contains("class=\"sheet\""), "nine are not shown in full");
    assert!(html.matches("class=\"band\"").count() > 0, "the bands are drawn");
    // Sources hold spaces, which a line of words cannot; all nine share a session's id here.
    let refused = sim_ends(repository(), &format!("report {} --batch S-", run.display()), 2);
    assert!(
        refused.stderr.contains("--batch means 9 roasts, and a page holds 8 in full"),
        "{}",
        refused.stderr
    );
    let unknown = sim_ends(repository(), &format!("report {} --batch nobody", run.display()), 2);
    assert!(unknown.stderr.contains("no roast is called \"nobody\""), "{}", unknown.stderr);
}

#[test]
fn what_people_said_of_a_session_is_in_its_report() {
    let folder = empty_folder();
    let run = folder.path().join("first");
    sim_ends(repository(), &format!("run {SCENARIO} --predictor constant --out {}", run.display()), 0);
    let said = "--author Ana --green-kg 6 --roasted-kg 5.1 --ground-colour 61 --score 86.5 --defect baked";
    sim_ends(repository(), &format!("session qc {} S- {said}", run.display()), 0);
    sim_ends(
        repository(),
        &format!("session mark {} S- first_crack_start --at 512 --author Ben", run.display()),
        0,
    );
    sim_ends(repository(), &format!("report {}", run.display()), 0);
    let html = read(&run.join("report.html"));
    for said in ["6.00 kg", "15.0 %", "Agtron 61.0", "86.50 points", "baked", "8:32", "Ben"] {
        assert!(html.contains(said), "{said} is not there");
    }
    sim_ends(repository(), &format!("session discard {} S- --author Ben", run.display()), 0);
    sim_ends(repository(), &format!("report {}", run.display()), 0);
    assert!(read(&run.join("report.html")).contains("<h1>No roast</h1>"));
}

#[test]
fn a_folder_that_cannot_be_reported_on_is_told_why() {
    let folder = empty_folder();
    let nothing = sim_ends(repository(), &format!("report {}", folder.path().display()), 2);
    assert!(nothing.stderr.contains("holds nothing to report on"), "{}", nothing.stderr);
    fs::write(folder.path().join("sessions.parquet"), b"no parquet").expect("written");
    let damaged = sim_ends(repository(), &format!("report {}", folder.path().display()), 2);
    assert!(damaged.stderr.contains("sessions.parquet"), "{}", damaged.stderr);
}
