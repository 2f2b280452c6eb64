//! Which cases of a suite told nothing in stored evaluations.

use std::path::{Path, PathBuf};

use serde_json::json;
use trier_eval::policy::Policy;
use trier_eval::retire::{Decides, Idle, RUNS_MIN, Stored, idle};
use trier_eval::suite::Suite;
use trier_tables::read_table;
use trier_tables::rows::ScoreRow;
use trier_tables::verdict::VerdictFile;

use crate::output::{self, Failure};

/// Prints the cases of the suite at `path` on which both arms of every evaluation in `folders` did as well as each other.
pub(super) fn print(path: &Path, folders: &[PathBuf], as_json: bool) -> Result<(), Failure> {
    let suite = Suite::load(path).map_err(|error| Failure::of(&error))?;
    let policy = Policy::load(&suite.policy).map_err(|error| Failure::of(&error))?;
    let mut told: Vec<(VerdictFile, Vec<ScoreRow>)> = Vec::new();
    for folder in folders {
        let said = VerdictFile::read(folder)?;
        if said.plan.suite != *suite.id {
            let text = format!("{} is of suite {}, not of {}", folder.display(), said.plan.suite, suite.id);
            return Err(Failure::usage(
                text + "\nhint: give folders that `sim eval --out` wrote for this suite",
            ));
        }
        told.push((said, read_table(&folder.join("scores.parquet"))?));
    }
    let pairs: std::collections::BTreeSet<(&str, &str)> = told
        .iter()
        .map(|(said, _)| (said.plan.candidate.as_str(), said.plan.baseline.as_str()))
        .filter(|(candidate, baseline)| candidate != baseline)
        .collect();
    if pairs.len() < RUNS_MIN {
        let text = format!(
            "{} pairs of different predictors, {RUNS_MIN} needed to say that a case tells nothing",
            pairs.len()
        );
        return Err(Failure::usage(text + "\nhint: give --against evaluations of other candidates too"));
    }
    let runs: Vec<Stored<'_>> = told
        .iter()
        .map(|(said, scores)| Stored {
            candidate: &said.plan.candidate,
            baseline: &said.plan.baseline,
            scores,
        })
        .collect();
    let decides: Vec<Decides> = policy
        .rules
        .iter()
        .map(|rule| Decides { metric: rule.metric.name.to_owned(), lead_s: rule.lead_s, margin: rule.margin })
        .collect();
    let found = idle(&runs, &decides);
    for one in &found {
        output::result(&line(one, as_json));
    }
    if !as_json {
        let n = found.len();
        output::prose(&format!(
            "{n} cases told nothing in {} evaluations; docs/golden.md says what to do",
            folders.len()
        ));
    }
    Ok(())
}

fn line(idle: &Idle, as_json: bool) -> String {
    let Idle { case, share, runs } = idle;
    if as_json {
        return json!({ "table": "idle", "case": &**case, "share": share, "runs": runs }).to_string();
    }
    format!("{case}: the arms differ by at most {:.1} % of a margin, in {runs} evaluations", 100.0 * share)
}
