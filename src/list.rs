//! `sim list`: what there is to name in a scenario or on the command line.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use trier_eval::file::FileError;
use trier_eval::library::{Library, Listed};
use trier_pipeline::{PREDICTORS, predictor_named};
use trier_reports::terminal::{Align, table};

use crate::exit::Exit;
use crate::output::{self, Failure};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim list machines
  sim list scenarios
  sim list predictors --json

Without --library, the nearest folder at or above this one that has scenarios/machines/,
scenarios/beans/ and scenarios/recipes/ is looked into.")]
pub(crate) struct Args {
    /// What to list
    #[arg(value_enum)]
    what: What,
    /// The folder that holds scenarios/ and golden/
    #[arg(long, value_name = "DIR")]
    library: Option<PathBuf>,
    /// Print a JSON object a line for each instead
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Machines,
    Beans,
    Recipes,
    Scenarios,
    Sweeps,
    Predictors,
    Suites,
}

/// A list: the keys of its columns, the name or title of which stands first or last, and its rows.
struct List {
    name: &'static str,
    columns: &'static [Column],
    rows: Vec<Row>,
}

/// A column's key in JSON, its header, and its side.
type Column = (&'static str, &'static str, Align);

const ID: Column = ("id", "id", Align::Left);
const TITLE: Column = ("title", "title", Align::Left);
const FILE: Column = ("file", "file", Align::Left);

/// One thing: its file, and its cells in order of the columns or what is wrong with it.
struct Row {
    file: Option<PathBuf>,
    cells: Result<Vec<Value>, Wrong>,
}

/// Why a file is listed without its values.
struct Wrong {
    error: String,
    expected: Option<&'static str>,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let list = match args.what {
        What::Predictors if args.library.is_some() => {
            return Err(Failure::usage("--library is for files; predictors are part of sim"));
        }
        What::Predictors => predictors(),
        what => of_files(what, &library(args)?).map_err(|error| Failure::of(&error))?,
    };
    if args.json {
        for row in &list.rows {
            output::result(&line(&list, row));
        }
    } else if list.rows.is_empty() {
        output::prose(&format!("there are no {}", list.name));
    } else {
        output::result(text(&list).trim_end());
    }
    let wrong = list.rows.iter().filter_map(|row| row.cells.as_ref().err());
    let faults: Vec<_> = wrong.filter(|wrong| wrong.expected.is_none()).collect();
    for fault in &faults {
        output::prose(&format!("error: {}", fault.error));
    }
    Ok(if faults.is_empty() { Exit::OK } else { Exit::USAGE })
}

fn library(args: &Args) -> Result<Library, Failure> {
    let (found, place) = match &args.library {
        Some(folder) => (Library::at(folder), folder.display().to_string()),
        None => (Library::above(), "this folder and those above it".to_owned()),
    };
    found.ok_or_else(|| {
        Failure::usage(format!(
            "no scenarios/ with machines/, beans/ and recipes/ in {place}\nhint: name the folder that holds scenarios/ with --library"
        ))
    })
}

fn of_files(what: What, library: &Library) -> Result<List, FileError> {
    Ok(match what {
        What::Machines => List {
            name: "machines",
            columns: &[
                ID,
                ("capacity_kg", "takes kg", Align::Right),
                ("family", "family", Align::Left),
                TITLE,
            ],
            rows: rows(library.machines()?, |_, m| {
                vec![json!(m.id), json!(m.capacity_kg), json!(m.family), json!(m.title)]
            }),
        },
        What::Beans => List {
            name: "beans",
            columns: &[ID, TITLE],
            rows: rows(library.lots()?, |_, lot| vec![json!(lot.id), json!(lot.title)]),
        },
        What::Recipes => List {
            name: "recipes",
            columns: &[ID, TITLE],
            rows: rows(library.recipes()?, |_, recipe| vec![json!(recipe.id), json!(recipe.title)]),
        },
        What::Scenarios => List {
            name: "scenarios",
            columns: &[
                FILE,
                ID,
                ("machine", "machine", Align::Left),
                ("beans", "beans", Align::Left),
                ("recipe", "recipe", Align::Left),
                ("mass_kg", "kg", Align::Right),
                TITLE,
            ],
            rows: rows(library.scenarios()?, |path, s| {
                let named = [path, &s.id, &s.machine.id, &s.lot.id, &s.recipe.id].map(|name| json!(name));
                named.into_iter().chain([json!(s.charge.mass_kg), json!(s.title)]).collect()
            }),
        },
        What::Sweeps => List {
            name: "sweeps",
            columns: &[
                FILE,
                ID,
                ("scenario", "scenario", Align::Left),
                ("keys", "keys", Align::Right),
                ("roasts", "roasts", Align::Right),
                TITLE,
            ],
            rows: rows(library.sweeps()?, |path, s| {
                let counts = [json!(s.varied.len()), json!(s.roasts)];
                let named = [path, &s.id, &s.base.id].map(|name| json!(name));
                named.into_iter().chain(counts).chain([json!(s.title)]).collect()
            }),
        },
        What::Suites | What::Predictors => List {
            name: "suites",
            columns: &[FILE, ID, ("cases", "cases", Align::Right), ("why", "why", Align::Left)],
            rows: rows(library.suites()?, |path, suite| {
                vec![json!(path), json!(&*suite.id), json!(suite.cases.len()), json!(suite.why)]
            }),
        },
    })
}

fn predictors() -> List {
    let known = PREDICTORS.iter().filter_map(|name| predictor_named(name));
    let row = |p: Box<dyn trier_pipeline::Predictor>| Row {
        file: None,
        cells: Ok(vec![json!(p.name()), json!(p.version()), json!(p.title())]),
    };
    let columns = &[ID, ("version", "version", Align::Right), TITLE];
    List { name: "predictors", columns, rows: known.map(row).collect() }
}

fn rows<T>(listed: Vec<Listed<T>>, cells: impl Fn(&str, &T) -> Vec<Value>) -> Vec<Row> {
    let row = |Listed { path, file, expected }: Listed<T>| {
        let cells = match &file {
            Ok(value) => Ok(cells(&path.display().to_string(), value)),
            Err(error) => Err(Wrong { error: output::chain(error), expected }),
        };
        Row { file: Some(path), cells }
    };
    listed.into_iter().map(row).collect()
}

/// The list for people: what cannot be used is named in the first column, and the last says why.
fn text(list: &List) -> String {
    let cells = |row: &Row| match &row.cells {
        Ok(cells) => cells.iter().map(written).collect(),
        Err(wrong) => {
            let by_path = list.columns.first() == Some(&FILE);
            let path = row.file.as_deref().unwrap_or(Path::new(""));
            let name = if by_path { path } else { path.file_stem().map_or(path, Path::new) };
            let mut cells = vec![String::new(); list.columns.len()];
            cells[0] = name.display().to_string();
            cells[list.columns.len() - 1] = match wrong.expected {
                Some(code) => format!("refused, as a golden case expects: {code}"),
                None => format!("error: {}", wrong.error.lines().next().unwrap_or_default()),
            };
            cells
        }
    };
    let headers: Vec<_> = list.columns.iter().map(|column| column.1).collect();
    let aligns: Vec<_> = list.columns.iter().map(|column| column.2).collect();
    table(&headers, &list.rows.iter().map(cells).collect::<Vec<_>>(), &aligns)
}

/// A value as people write it: 12, not 12.0.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |n| n.to_string()),
        other => other.to_string(),
    }
}

fn line(list: &List, row: &Row) -> String {
    let mut object = Map::new();
    object.insert("table".into(), json!(list.name));
    if let Some(file) = &row.file {
        object.insert("file".into(), json!(file.display().to_string()));
    }
    match &row.cells {
        Ok(cells) => {
            let keys = list.columns.iter().map(|column| column.0.to_owned());
            object.extend(keys.zip(cells.iter().cloned()));
        }
        Err(Wrong { expected: Some(code), .. }) => {
            object.insert("refused_as_expected".into(), json!(code));
        }
        Err(wrong) => {
            object.insert("error".into(), json!(wrong.error));
        }
    }
    Value::Object(object).to_string()
}
