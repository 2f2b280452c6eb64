//! The tables of one folder or more, and questions asked of them.
//!
//! Files are scanned as they are needed: columns and row groups that a question does not touch are
//! not read, and what it does touch streams through.

use crate::answer::Answer;
use crate::error::QueryError;
use polars::prelude::{
    DataFrame, Engine, LazyFrame, PlRefPath, PolarsError, PolarsResult, ScanArgsParquet, Schema,
    SortMultipleOptions, UnionArgs, concat, lit,
};
use polars::sql::{SQLContext, extract_table_identifiers};
use sqlparser::ast::Statement;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The column that tells folders apart, where several are asked.
const FOLDER: &str = "folder";

/// The tables there are, by name: Parquet files, by what stands before `.parquet`.
pub struct Tables {
    by_name: BTreeMap<String, Table>,
}

struct Table {
    rows: LazyFrame,
    columns: Vec<String>,
}

/// One file of a table.
struct Part {
    folder: PathBuf,
    rows: LazyFrame,
    schema: Schema,
}

impl Tables {
    /// Finds the tables of `folders`. Of several folders, tables of one name become one, with a first
    /// column `folder` that says where each row is from. Only the files' ends are read.
    ///
    /// # Errors
    /// A folder that cannot be listed or holds no table, a file that is no Parquet, or tables of one name
    /// whose columns differ.
    pub fn open(folders: &[PathBuf]) -> Result<Self, QueryError> {
        let mut parts: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        for folder in folders {
            let files = files(folder)?;
            if files.is_empty() {
                return Err(QueryError::NoTables { folder: folder.clone() });
            }
            for (name, path) in files {
                parts.entry(name).or_default().push(part(folder, &path)?);
            }
        }
        let several = folders.len() > 1;
        let joined = |(name, parts): (String, Vec<Part>)| {
            let table = if several { union(&name, parts) } else { Ok(alone(parts)) };
            table.map(|table| (name, table))
        };
        Ok(Self { by_name: parts.into_iter().map(joined).collect::<Result<_, _>>()? })
    }

    /// Keeps an answer as one more table, in the place of one of the same name, to be asked in turn.
    pub fn keep(&mut self, name: &str, answer: &Answer) {
        let columns = answer.columns().into_iter().map(|(name, _)| name).collect();
        self.by_name.insert(name.to_owned(), Table { rows: answer.rows(), columns });
    }

    /// Their names, in order, with the names of their columns.
    pub fn names(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.by_name.iter().map(|(name, table)| (name.as_str(), table.columns.as_slice()))
    }

    /// The answer to one SELECT. Without ORDER BY rows are sorted by all columns, so that the same tables
    /// give the same answer; with it, rows that it does not tell apart stand as they come.
    ///
    /// # Errors
    /// What is not one SELECT, a table that is not there, or what Polars refuses, such as a column that is not.
    pub fn ask(&self, sql: &str) -> Result<Answer, QueryError> {
        let is_ordered = is_ordered(sql)?;
        let asked = extract_table_identifiers(sql, false, true).unwrap_or_default();
        let refused = |source| QueryError::Refused { columns: self.columns_of(&asked), source };
        let mut context = SQLContext::new();
        for (name, table) in &self.by_name {
            context.register(name, table.rows.clone());
        }
        let mut rows = context.execute(sql).map_err(|error| match unknown_table(&error) {
            Some(table) => QueryError::UnknownTable {
                table,
                known: self.by_name.keys().cloned().collect::<Vec<_>>().join(", "),
            },
            None => refused(error),
        })?;
        if !is_ordered {
            let schema = rows.collect_schema().map_err(refused)?;
            let by: Vec<_> = schema.iter_names().cloned().collect();
            rows = rows.sort(by, SortMultipleOptions::new().with_maintain_order(true));
        }
        collected(rows).map(Answer::new).map_err(refused)
    }

    /// The columns of the tables asked, or of all when none of them is there.
    fn columns_of(&self, asked: &[String]) -> String {
        let written = |(name, columns): (&str, &[String])| format!("{name} ({})", columns.join(", "));
        let known: Vec<String> =
            self.names().filter(|(name, _)| asked.iter().any(|asked| asked == name)).map(written).collect();
        if known.is_empty() {
            self.names().map(written).collect::<Vec<_>>().join(", ")
        } else {
            known.join(", ")
        }
    }
}

/// The Parquet files of `folder`, by name.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>, QueryError> {
    let unreadable = |source| QueryError::Folder { folder: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if path.extension().is_some_and(|extension| extension == "parquet") && path.is_file() {
            found.extend(name.map(|name| (name, path)));
        }
    }
    found.sort();
    Ok(found)
}

fn part(folder: &Path, path: &Path) -> Result<Part, QueryError> {
    let scan = || -> PolarsResult<(LazyFrame, Schema)> {
        // Names are taken as they are: `*` in one is a star.
        let args = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
        let mut rows = LazyFrame::scan_parquet(PlRefPath::try_from_path(path)?, args)?;
        let schema = rows.collect_schema()?;
        Ok((rows, (*schema).clone()))
    };
    let (rows, schema) = scan().map_err(|source| QueryError::Damaged { path: path.to_owned(), source })?;
    Ok(Part { folder: folder.to_owned(), rows, schema })
}

fn names(schema: &Schema) -> Vec<String> {
    schema.iter_names().map(ToString::to_string).collect()
}

fn alone(parts: Vec<Part>) -> Table {
    let mut tables = parts.into_iter().map(|part| Table { columns: names(&part.schema), rows: part.rows });
    // A name is only there with a file.
    tables.next().unwrap_or_else(|| Table { rows: LazyFrame::default(), columns: vec![] })
}

/// One table of the parts of several folders.
fn union(name: &str, parts: Vec<Part>) -> Result<Table, QueryError> {
    let mut rows = Vec::new();
    let mut columns = Vec::new();
    let mut first: Option<(PathBuf, Schema)> = None;
    for part in parts {
        let (table, folder) = (name.to_owned(), part.folder.clone());
        if part.schema.contains(FOLDER) {
            return Err(QueryError::FolderColumn { table, folder });
        }
        if let Some((first, schema)) = first.as_ref().filter(|(_, schema)| *schema != part.schema) {
            let difference = difference(schema, &part.schema);
            return Err(QueryError::OtherColumns { table, folder, first: first.clone(), difference });
        }
        columns = std::iter::once(FOLDER.to_owned()).chain(names(&part.schema)).collect();
        let told = lit(folder.display().to_string()).alias(FOLDER);
        let all: Vec<_> = std::iter::once(told)
            .chain(part.schema.iter_names().map(|name| polars::prelude::col(name.clone())))
            .collect();
        rows.push(part.rows.select(all));
        first = first.or(Some((folder, part.schema)));
    }
    let rows = concat(rows, UnionArgs::default())
        .map_err(|source| QueryError::Refused { columns: name.to_owned(), source })?;
    Ok(Table { rows, columns })
}

/// What differs between two schemas, in words.
fn difference(one: &Schema, other: &Schema) -> String {
    let only = |a: &Schema, b: &Schema| -> Vec<String> {
        a.iter_names().filter(|name| !b.contains(name)).map(ToString::to_string).collect()
    };
    let changed = one.iter().filter(|(name, kind)| other.get(name).is_some_and(|other| other != *kind));
    let mut all = only(one, other);
    all.extend(only(other, one));
    all.extend(changed.map(|(name, _)| name.to_string()));
    if all.is_empty() { "their order".to_owned() } else { all.join(", ") }
}

/// Whether the question says in which order it wants its answer.
fn is_ordered(sql: &str) -> Result<bool, QueryError> {
    let not_one = |what: String| QueryError::NotAQuestion { what };
    let parsed = Parser::parse_sql(&GenericDialect, sql).map_err(|error| not_one(error.to_string()))?;
    match parsed.as_slice() {
        [Statement::Query(query)] => Ok(query.order_by.is_some()),
        [other] => Err(not_one(format!("`{other}` is no SELECT"))),
        all => Err(not_one(format!("there are {} statements", all.len()))),
    }
}

/// The table that Polars says it does not know.
fn unknown_table(error: &PolarsError) -> Option<String> {
    let PolarsError::SQLInterface(said) = error else { return None };
    let (_, rest) = said.split_once("relation '")?;
    rest.split_once("' was not found").map(|(table, _)| table.to_owned())
}

fn collected(rows: LazyFrame) -> PolarsResult<DataFrame> {
    // Several frames come only of sinks asked for by name, and none was.
    rows.collect_with_engine(Engine::Streaming).map(|answer| answer.unwrap_single())
}
