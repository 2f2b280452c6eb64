//! Whether the traces of a suite are what the simulator makes of its cases.

use super::digest::digest;
use super::made::{COLUMNS, Head, body, model};
use crate::case::Case;
use crate::suite::Suite;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is wrong with a trace. Each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TraceFault {
    /// There is none.
    #[error("case {case} has no trace\n  in {}\nhint: sim bless writes the traces of new cases", path.display())]
    Missing {
        /// The case.
        case: String,
        /// Where it should be.
        path: PathBuf,
    },
    /// The file is no trace, or that of another case.
    #[error("{} is no trace of case {case}\nhint: remove it, and sim bless writes it anew", path.display())]
    Unreadable {
        /// The case.
        case: String,
        /// The file.
        path: PathBuf,
    },
    /// Made by another version of the model.
    #[error(
        "the trace of case {case} was made by model {got}, this is model {is}\n  in {}\nhint: sim bless rewrites it; say in the commit what moved",
        path.display()
    )]
    OtherModel {
        /// The case.
        case: String,
        /// The file.
        path: PathBuf,
        /// The version that made it.
        got: u32,
        /// The version as it is.
        is: u32,
    },
    /// The case's own files say something else than when it was blessed.
    #[error(
        "case {case} is not what it was when its trace was blessed: {what}\n  in {}\nhint: if that is meant, sim bless SUITE --case {case} --because \"...\"",
        path.display()
    )]
    CaseChanged {
        /// The case.
        case: String,
        /// The file.
        path: PathBuf,
        /// Where its roast differs, if it does.
        what: String,
    },
    /// The same case comes out otherwise.
    #[error(
        "the trace of case {case} is stale: {what}\n  in {}\nhint: the simulator or a shared file moved; if that is meant, raise MODEL_VERSION in sim/src/lib.rs, then sim bless SUITE",
        path.display()
    )]
    Stale {
        /// The case.
        case: String,
        /// The file.
        path: PathBuf,
        /// The first row that differs, and by how much.
        what: String,
    },
    /// A trace of no case.
    #[error("{} is the trace of no case of any suite beside it\nhint: remove it with its case", path.display())]
    Stray {
        /// The file.
        path: PathBuf,
    },
    /// The simulator stopped.
    #[error(
        "case {case} cannot be traced: {what}\nhint: its books of heat and mass must close; see its scenario"
    )]
    Untraceable {
        /// The case.
        case: String,
        /// What the simulator said.
        what: String,
    },
}

/// What is to be written for a case, and what is wrong with what is there.
pub(super) struct Traced {
    /// The file.
    pub path: PathBuf,
    /// The head and body as they would be written; None when they cannot be made.
    pub fresh: Option<(Head, String)>,
    /// What is wrong; None when nothing is.
    pub fault: Option<TraceFault>,
}

/// All that is wrong with the traces of `suite`, by case; empty when nothing is. Retired cases are not looked at.
#[must_use]
pub fn faults(suite: &Suite) -> Vec<TraceFault> {
    let mut faults: Vec<TraceFault> =
        traced(suite).into_iter().filter_map(|(_, traced)| traced.fault).collect();
    faults.extend(strays(suite));
    faults
}

/// Each case of `suite` that has a trace, with it.
pub(super) fn traced(suite: &Suite) -> Vec<(&Case, Traced)> {
    let cases: Vec<&Case> = suite.cases.iter().filter(|case| case.is_run()).collect();
    cases.into_par_iter().filter_map(|case| Some((case, trace(case, &folder(suite))?))).collect()
}

/// Where the traces of `suite` are: beside it, with those of the other suites there.
pub(super) fn folder(suite: &Suite) -> PathBuf {
    suite.folder.join("traces")
}

fn trace(case: &Case, folder: &Path) -> Option<Traced> {
    let path = folder.join(format!("{}.csv", case.id));
    let name = case.id.to_string();
    let body = match body(case)? {
        Ok(body) => body,
        Err(what) => {
            return Some(Traced {
                path,
                fresh: None,
                fault: Some(TraceFault::Untraceable { case: name, what }),
            });
        }
    };
    let head = Head { case: name, model: model(), digest: digest(case).unwrap_or_default(), because: None };
    let fault = match std::fs::read_to_string(&path) {
        Err(_) => Some(TraceFault::Missing { case: head.case.clone(), path: path.clone() }),
        Ok(written) => differing(&path, &written, &head, &body),
    };
    Some(Traced { path, fresh: Some((head, body)), fault })
}

/// What is wrong with `written`, where `head` and `body` would be written now.
fn differing(path: &Path, written: &str, head: &Head, body: &str) -> Option<TraceFault> {
    let (case, path) = (head.case.clone(), path.to_owned());
    let Some((got, rows)) = Head::parse(written).filter(|(got, _)| got.case == case) else {
        return Some(TraceFault::Unreadable { case, path });
    };
    let what = first_difference(rows, body);
    if got.digest != head.digest {
        let what = what.unwrap_or_else(|| "its files differ, its roast does not".to_owned());
        return Some(TraceFault::CaseChanged { case, path, what });
    }
    if got.model != head.model {
        return Some(TraceFault::OtherModel { case, path, got: got.model, is: head.model });
    }
    what.map(|what| TraceFault::Stale { case, path, what })
}

/// The first row in which the two differ, and by how much; None when they do not.
fn first_difference(written: &str, fresh: &str) -> Option<String> {
    let (mut old, mut new) = (written.lines(), fresh.lines());
    loop {
        return match (old.next(), new.next()) {
            (None, None) => None,
            (Some(a), Some(b)) if a == b => continue,
            (Some(a), Some(b)) => Some(row_difference(a, b)),
            (Some(a), None) => Some(format!("it has the row '{a}', and the roast is over")),
            (None, Some(b)) => Some(format!("it ends before the row '{b}'")),
        };
    }
}

fn row_difference(old: &str, new: &str) -> String {
    let (was, is): (Vec<&str>, Vec<&str>) = (old.split(',').collect(), new.split(',').collect());
    let cells = COLUMNS.split(',').zip(was.iter().zip(&is));
    let first = cells.into_iter().find(|(_, (was, is))| was != is);
    let moved =
        |was: &str, is: &str| Some(format!(", {:+.2}", is.parse::<f64>().ok()? - was.parse::<f64>().ok()?));
    match first {
        // A row of another time is another row.
        Some((column, (was, now))) if column != "t_s" => {
            let by = moved(was, now).unwrap_or_default();
            format!("at {} s {column} is {now}, the trace has {was}{by}", is[0])
        }
        _ => format!("the row is '{new}', the trace has '{old}'"),
    }
}

/// Traces beside `suite` that are of no case of it, nor of another suite there.
pub(super) fn strays(suite: &Suite) -> Vec<TraceFault> {
    let Some(mut known) = ids_beside(suite) else { return Vec::new() };
    known.extend(suite.cases.iter().map(|case| case.id.to_string()));
    let entries = std::fs::read_dir(folder(suite)).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let is_known = |path: &Path| {
        path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| known.contains(stem))
    };
    paths.into_iter().filter(|path| !is_known(path)).map(|path| TraceFault::Stray { path }).collect()
}

/// The cases of all suites beside `suite`; None when one of them cannot be read, for then its cases are not known.
fn ids_beside(suite: &Suite) -> Option<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for entry in std::fs::read_dir(&suite.folder).ok()? {
        let path = entry.ok()?.path();
        let is_suite = || -> Option<bool> {
            let table: toml::Table = std::fs::read_to_string(&path).ok()?.parse().ok()?;
            Some(table.get("schema")?.as_str()?.starts_with("suite/"))
        };
        if path.extension().is_some_and(|end| end == "toml") && is_suite() == Some(true) {
            ids.extend(Suite::load(&path).ok()?.cases.iter().map(|case| case.id.to_string()));
        }
    }
    Some(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_differs_is_told_with_how_far() {
        let rows = |bt: &str| {
            format!(
                "{COLUMNS}\n0.00,210.00,230.00,22.00,,55.00,50.00,\n10.00,{bt},225.00,30.00,,55.00,50.00,\n"
            )
        };
        assert_eq!(first_difference(&rows("180.00"), &rows("180.00")), None);
        let what = first_difference(&rows("180.00"), &rows("179.25")).expect("they differ");
        assert_eq!(what, "at 10.00 s bt_c is 179.25, the trace has 180.00, -0.75");
        let longer = rows("180.00") + "12.00,,,,,,,drop\n";
        assert!(
            first_difference(&rows("180.00"), &longer)
                .expect("longer")
                .contains("ends before the row '12.00")
        );
        assert!(first_difference(&longer, &rows("180.00")).expect("shorter").contains("the roast is over"));
        let other = rows("180.00").replace("\n10.00,", "\n11.00,");
        assert!(
            first_difference(&rows("180.00"), &other).expect("another row").starts_with("the row is '11.00")
        );
    }
}
