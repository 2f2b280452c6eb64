//! Commands that people can run again: quoted for a shell, and for each unit of a suite the one that roasts it.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use trier_eval::case::{Case, Input};
use trier_eval::suite::Suite;
use trier_reports::terminal::shell_word;

/// The commands that roast the units of a suite.
pub(crate) struct Commands {
    cases: BTreeMap<Arc<str>, Case>,
    /// ` --predictor P`, once for each.
    predictors: String,
}

impl Commands {
    /// Those of the suite at `path` with `predictors`, as they are typed. Of a suite that cannot be read now there
    /// is nothing to say, and what else is known stands.
    pub(crate) fn of(path: &Path, predictors: &[String]) -> Self {
        let cases = Suite::load(path).map(|suite| suite.cases).unwrap_or_default();
        let mut words: Vec<String> = Vec::new();
        for word in predictors.iter().map(|typed| format!(" --predictor {}", shell_word(typed))) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let cases = cases.into_iter().map(|case| (Arc::clone(&case.id), case)).collect();
        Self { cases, predictors: words.concat() }
    }

    /// The command for `case` with `seed`; why there is none where the suite has no such case any more.
    pub(crate) fn of_unit(&self, case: &str, seed: Option<i64>) -> String {
        let Some(case) = self.cases.get(case) else {
            return "# the suite file does not hold the case now".to_owned();
        };
        let file = |path: &PathBuf| shell_word(&short(path).display().to_string());
        let seed = seed.map_or_else(String::new, |seed| format!(" --seed {seed}"));
        let files = match &case.input {
            Input::Scenario(path) => file(path),
            Input::Log { path, earlier } => {
                earlier.iter().chain([path]).map(file).collect::<Vec<_>>().join(" ")
            }
        };
        let without = match case.faults.len() {
            0 => "",
            // `sim run` roasts the scenario; what goes wrong on the way to the pipeline is the case's.
            _ => "  # without the faults of the case",
        };
        format!("sim run {files}{seed}{}{without}", self.predictors)
    }
}

/// The path without `..` where that is the same file.
fn short(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if matches!(short.components().next_back(), Some(Component::Normal(_))) => {
                short.pop();
            }
            part => short.push(part),
        }
    }
    // A folder on the way may be a link, and then its parent is elsewhere.
    match (short.canonicalize(), path.canonicalize()) {
        (Ok(a), Ok(b)) if a == b => short,
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shortened_only_to_the_same_file() {
        let here = Path::new("src/../Cargo.toml");
        assert_eq!(short(here), Path::new("Cargo.toml"));
        assert_eq!(short(Path::new("lost/../Cargo.toml")), Path::new("lost/../Cargo.toml"));
        assert_eq!(short(Path::new("../x/y")), Path::new("../x/y"));
    }
}
