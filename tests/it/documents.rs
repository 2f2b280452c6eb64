//! Documents that quote the program are what the program says.

use std::fmt::Write;
use std::fs;

use trier_sim::{EffectRow, SpreadRow, SweepRow, TruthMarkRow, TruthRow};
use trier_tables::Table;
use trier_tables::rows::{
    AskedRow, BacktestRow, CaseRow, ComparisonRow, FileRow, FindingRow, FitBarRow, FitCurveRow, FitErrorRow,
    FitPairRow, FitParameterRow, FitTotalRow, GateRow, MarkRow, PredictionRow, ScoreRow, SessionRow,
    SuggestionRow, TelemetryRow, WorstCurveRow, WorstForecastRow, WorstRow,
};

use crate::support::{repository, sim_ends};

/// One table as Markdown, from its schema.
fn described<T: Table>() -> String {
    let schema = T::schema();
    let said = |key: &str| schema.metadata().get(key).map_or("", String::as_str).trim().replace('\n', " ");
    let mut text = format!("## {}\n\n{} Schema version {}.\n\n", T::NAME, said("trier.doc"), T::VERSION);
    text += "| column | type | unit | what it holds |\n|---|---|---|---|\n";
    for field in schema.fields() {
        let said = |key: &str| {
            field.metadata().get(key).map_or("", String::as_str).trim().replace('\n', " ").replace('|', "\\|")
        };
        let null = if field.is_nullable() { ", null" } else { "" };
        writeln!(
            text,
            "| `{}` | {}{null} | {} | {} |",
            field.name(),
            field.data_type(),
            said("unit"),
            said("doc")
        )
        .expect("to memory");
    }
    text + "\n"
}

#[test]
fn the_table_reference_is_made_from_the_schemas() {
    let mut text =
        "# Tables\n\nMade from the schemas by `TRIER_BLESS=1 cargo test -p trier --test it documents`; \
                    the same test fails when this page and the schemas differ.\n\n"
            .to_owned();
    text += &described::<TelemetryRow>();
    text += &described::<MarkRow>();
    text += &described::<SessionRow>();
    text += &described::<PredictionRow>();
    text += &described::<ScoreRow>();
    text += &described::<AskedRow>();
    text += &described::<BacktestRow>();
    text += &described::<WorstRow>();
    text += &described::<WorstCurveRow>();
    text += &described::<WorstForecastRow>();
    text += &described::<FitParameterRow>();
    text += &described::<FitPairRow>();
    text += &described::<FitTotalRow>();
    text += &described::<FitBarRow>();
    text += &described::<FitErrorRow>();
    text += &described::<FitCurveRow>();
    text += &described::<SuggestionRow>();
    text += &described::<TruthRow>();
    text += &described::<TruthMarkRow>();
    text += &described::<FileRow>();
    text += &described::<FindingRow>();
    text += &described::<CaseRow>();
    text += &described::<ComparisonRow>();
    text += &described::<GateRow>();
    text += &described::<SweepRow>();
    text += &described::<SpreadRow>();
    text += &described::<EffectRow>();
    let text = format!("{}\n", text.trim_end());
    let path = repository().join("docs/tables.md");
    if std::env::var_os("TRIER_BLESS").is_some() {
        fs::write(&path, &text).expect("writable");
    }
    let written = fs::read_to_string(&path).expect("docs/tables.md");
    assert!(written == text, "docs/tables.md differs from the schemas; bless it, see its first lines");
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = fs::read_to_string(repository().join("README.md")).expect("README.md");
    let done = sim_ends(repository(), "run scenarios/first-roast.toml", 0);
    let printed = done.stdout.trim_end();
    assert!(
        readme.contains(printed),
        "README.md does not show what the first command prints now:\n{printed}"
    );
}
