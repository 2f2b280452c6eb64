//! The catalogue of critical flows that ships: read, told on its page, and met by the suites.

use crate::evidence::repository;
use crate::flows::written;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use trier_eval::case::Expect;
use trier_eval::file::InputFile;
use trier_eval::flow::{
    Catalogue, FlowKind, Observed, Phase, STEP_FAMILIES, Unit, coverage, observe, step_families, tag_families,
};
use trier_eval::runner::{Arms, trial};
use trier_eval::suite::Suite;
use trier_sim::Scenario;
use trier_tables::rows::CoverageRow;
#[test]
fn wrong_catalogues_are_refused_by_key() {
    let path = |rest: &str| format!("schema = \"flows/1\"\n[[path]]\nid = \"a\"\nwhy = \"b\"\n{rest}");
    let plain = path("steps = [\"charge\"]\n");
    let table = [
        ("schema = \"flows/2\"\n".to_owned(), "schema is \"flows/2\""),
        ("schema = \"flows/1\"\n".to_owned(), "path is empty"),
        (
            path("steps = [\"charge\", \"crack\"]"),
            "path[0].steps[1] is \"crack\", it must be one of charge[:device",
        ),
        (path("steps = [\"charge\", \"no drop:nobody\"]"), "path[0].steps[1] is \"no drop:nobody\""),
        (path("steps = []"), "path[0].steps is without a beginning"),
        (path("steps = [\"no drop\", \"charge\"]"), "path[0].steps is without a beginning"),
        (path("steps = [\"charge\"]\nmin_cases = 0"), "path[0].min_cases is 0"),
        (plain.replace("why = \"b\"", "why = \" \""), "path[0].why is empty"),
        (format!("{plain}[[path]]\nid = \"a\"\nwhy = \"b\"\nsteps = [\"drop\"]"), "path[1].id is a"),
        (
            format!("{plain}[[path]]\nid = \"c\"\nwhy = \"b\"\nsteps = [\"charge\"]"),
            "path[1].steps is charge",
        ),
        (
            format!("{plain}[[cell]]\ntag = \"flag:odd\"\nphase = \"drying\"\nwhy = \"b\""),
            "cell[0].tag is \"flag:odd\"",
        ),
        (
            format!("{plain}[[cell]]\ntag = \"flag:spike\"\nphase = \"yellow\"\nwhy = \"b\""),
            "cell[0].phase is \"yellow\"",
        ),
        (
            format!("{plain}[[safety]]\nid = \"s\"\nwhy = \"b\"\nwhen = [\"drop\"]\nthen = []"),
            "safety[0].then is empty",
        ),
        (
            format!(
                "{plain}[[safety]]\nid = \"s\"\nwhy = \"b\"\nwhen = [\"drop\", \"no charge\"]\nthen = [\"sealed\"]"
            ),
            "safety[0].when is open-ended",
        ),
    ];
    for (text, wanted) in &table {
        let (_folder, path) = written(text);
        let error = Catalogue::load(&path).expect_err(wanted).to_string();
        assert!(error.contains(wanted), "{error}\n  does not say {wanted}");
    }
    let (_folder, path) = written(&path("steps = [\"charge\"]\nmust = true"));
    let error = InputFile::load(&path).map(|_| ()).expect_err("an unknown key");
    let said = format!("{}", std::error::Error::source(&error).expect("the parser's words"));
    assert!(said.contains("must"), "{said}");
}

fn golden() -> Catalogue {
    Catalogue::load(&repository().join("golden/flows.toml")).expect("the golden catalogue")
}

#[test]
fn the_page_of_flows_is_made_from_words_and_catalogue() {
    let mut page = PAGE.to_owned();
    let kinds = |kinds: &[&str]| kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(" ");
    page += "| step | kinds | is |\n|---|---|---|\n";
    let marks = step_families().len() - STEP_FAMILIES.len();
    for (n, (word, of)) in step_families().iter().enumerate() {
        let is = if n < marks { "This mark, by whom." } else { STEP_FAMILIES[n - marks].1 };
        writeln!(page, "| `{word}` | {} | {is} |", kinds(of)).expect("to memory");
    }
    let phases: Vec<&str> = Phase::ALL.map(Phase::name).to_vec();
    write!(page, "\nPhases: {}.\n\n| tag | kinds |\n|---|---|\n", kinds(&phases)).expect("to memory");
    for (word, of) in tag_families() {
        let of = if of.is_empty() { "a machine's id".to_owned() } else { kinds(&of) };
        writeln!(page, "| `{word}:` | {of} |").expect("to memory");
    }
    let flows = golden().flows;
    write!(
        page,
        "\n## The catalogue\n\n{} flows, {} of them safety flows.\n",
        flows.len(),
        flows.iter().filter(|flow| flow.safety).count()
    )
    .expect("to memory");
    for kind in [FlowKind::Path, FlowKind::Cell, FlowKind::Safety] {
        write!(page, "\n| {} | steps | why |\n|---|---|---|\n", kind.name()).expect("to memory");
        for flow in flows.iter().filter(|flow| flow.kind == kind) {
            let safety = if flow.safety && kind != FlowKind::Safety { " (safety)" } else { "" };
            writeln!(page, "| {}{safety} | {} | {} |", flow.id, flow.steps, flow.why).expect("to memory");
        }
    }
    let path = repository().join("docs/flows.md");
    if std::env::var_os("TRIER_BLESS").is_some() {
        std::fs::write(&path, &page).expect("writable");
    }
    let read = std::fs::read_to_string(&path).expect("docs/flows.md");
    assert!(read == page, "docs/flows.md differs from words and catalogue; bless it, see its first lines");
}

/// What stands before the tables.
const PAGE: &str = include_str!("flows_page.md");

/// What the first seed of each case of a suite meets, with two cheap predictors.
fn measured(suite: &str) -> Vec<CoverageRow> {
    let suite = Suite::load(&repository().join(suite)).expect("a golden suite");
    let arms = Arms::named(&["artisan", "slope90"]).expect("known predictors");
    let catalogue = golden();
    let observed: Vec<(Arc<str>, Observed)> = suite
        .cases
        .iter()
        .filter(|case| case.expect == Expect::Run)
        .map(|case| {
            let scenario = Scenario::load(case.input.path()).expect("ships");
            let done = trial(&scenario, 1, &case.id, &arms, &suite.leads_s).expect("books close");
            (case.id.clone(), observe(&catalogue, &done.outputs, done.day.as_ref()))
        })
        .collect();
    let units: Vec<Unit<'_>> = observed
        .iter()
        .map(|(case, observed)| Unit { case, seed: Some(1), status: "ran", observed: Some(observed) })
        .collect();
    coverage(&catalogue, &units)
}

#[test]
fn the_first_golden_suite_goes_through_whole_roasts() {
    let rows = measured("golden/first.toml");
    let met: BTreeSet<&str> = rows.iter().filter(|row| row.met).map(|row| &*row.flow).collect();
    for flow in ["whole-roast", "forecast-to-the-end", "machine:gd12@development"] {
        assert!(met.contains(flow), "{flow} is not met");
    }
    // No fault is in it, so nothing that takes one can have been met.
    for flow in
        ["stuck-bt-silences-forecasts", "flag:stuck@maillard", "drop-told-twice", "machine:fb@development"]
    {
        assert!(!met.contains(flow), "{flow} is met");
    }
}
