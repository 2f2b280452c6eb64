//! `sim query`: questions over the tables of run folders, in SQL or as a group-by.

use std::path::PathBuf;

use trier_query::{Answer, FileFormat, GroupBy, Tables};
use trier_reports::terminal::{Align, table};

use crate::exit::Exit;
use crate::output::{self, Failure};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim query out/eval --sql \"select metric, arm, avg(value) from scores group by metric, arm\"
  sim query out/eval --group-by metric,arm --agg 'mean(value),p90(value),count' --where 'lead_s = 60'
  sim query out/monday out/tuesday --sql \"select folder, count(*) from cases where not passed group by folder\"
  sim query out/eval --sql 'select * from scores' --out scores.arrow
  sim query out/eval

Tables are the *.parquet files of the folders, by name; docs/tables.md says what is in them. Without a
question, the tables and their columns are listed. Without ORDER BY, rows are sorted by all columns.")]
pub(crate) struct Args {
    /// Folders that --out of a command wrote; of several, each row says which in `folder`
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// The question: one SELECT
    #[arg(long, conflicts_with = "group_by")]
    sql: Option<String>,
    /// The columns to group by, separated by commas
    #[arg(long, value_name = "COLUMNS")]
    group_by: Option<String>,
    /// What to tell of each group: count, mean(column), median, sd, min, max, sum, p90(column)
    #[arg(long, value_name = "LIST", default_value = "count", requires = "group_by")]
    agg: String,
    /// Group only rows for which this condition in SQL holds
    #[arg(long = "where", value_name = "CONDITION", requires = "group_by")]
    only: Option<String>,
    /// The table to group
    #[arg(long, value_name = "TABLE", default_value = "scores", requires = "group_by")]
    from: String,
    /// Rows to print as text; 0 for all
    #[arg(long, value_name = "N", default_value_t = 40)]
    rows: usize,
    /// Print a JSON object a line for each row instead
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print comma-separated values instead
    #[arg(long)]
    csv: bool,
    /// Write the answer to this file too, which must be new: .parquet, .arrow or .csv
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The widest line of a list of columns, without its indent.
const COLUMNS_WIDTH: usize = 90;

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    // Said before the work, not after it.
    args.out.as_deref().map(FileFormat::of).transpose().map_err(|error| Failure::of(&error))?;
    let tables = Tables::open(&args.folders).map_err(|error| Failure::of(&error))?;
    let Some(sql) = question(args)? else {
        let listed: Vec<String> = tables.names().map(|(name, columns)| listed(name, columns)).collect();
        output::result(&listed.join("\n"));
        return Ok(Exit::OK);
    };
    let answer = tables.ask(&sql).map_err(|error| Failure::of(&error))?;
    let printed = match (args.json, args.csv) {
        (true, _) => answer.json_lines(),
        (_, true) => answer.csv(),
        _ => text(&answer, args.rows),
    };
    if !printed.is_empty() {
        output::result(printed.trim_end());
    }
    if let Some(path) = &args.out {
        answer.write(path).map_err(|error| Failure::of(&error))?;
        output::prose(&format!("written to {}", path.display()));
    }
    Ok(Exit::OK)
}

/// A table by name, its columns under it in lines of at most [`COLUMNS_WIDTH`] where names allow.
fn listed(name: &str, columns: &[String]) -> String {
    let mut text = name.to_owned();
    let mut room = 0;
    for (i, column) in columns.iter().enumerate() {
        let end = if i + 1 < columns.len() { "," } else { "" };
        let taken = column.chars().count() + end.len() + 1;
        if taken > room {
            text.push_str("\n   ");
            room = COLUMNS_WIDTH;
        }
        room = room.saturating_sub(taken);
        text.push_str(&format!(" {column}{end}"));
    }
    text
}

/// The question in SQL, if one was asked.
fn question(args: &Args) -> Result<Option<String>, Failure> {
    let Some(by) = &args.group_by else {
        return Ok(args.sql.clone());
    };
    let asked = GroupBy::parse(&args.from, by, &args.agg, args.only.as_deref());
    Ok(Some(asked.map_err(|error| Failure::of(&error))?.to_sql()))
}

/// The answer as a table, and how many rows are not shown.
fn text(answer: &Answer, rows: usize) -> String {
    let limit = if rows == 0 { answer.n_rows() } else { rows };
    let columns = answer.columns();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let align = |is_number: &bool| if *is_number { Align::Right } else { Align::Left };
    let aligns: Vec<Align> = columns.iter().map(|(_, is_number)| align(is_number)).collect();
    let mut text = table(&names, &answer.text_rows(limit), &aligns);
    let more = answer.n_rows().saturating_sub(limit);
    if more > 0 {
        text += &format!("and {more} more rows; --rows 0 prints all\n");
    }
    text
}
