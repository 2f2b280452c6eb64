//! What there is: the machines, beans, recipes, scenarios, sweeps and suites of a folder.

use crate::case::{Case, Expect};
use crate::file::{FileError, Kind};
use crate::suite::Suite;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use trier_sim::{Lot, MachineSpec, Recipe, Scenario, ScenarioError, Sweep};

/// The three folders that make a library, as scenarios look for them.
const PARTS: [&str; 3] = ["machines", "beans", "recipes"];

/// A file of the library, and what it holds or why it cannot be used.
pub struct Listed<T> {
    /// The file.
    pub path: PathBuf,
    /// What it holds.
    pub file: Result<T, FileError>,
    /// The reason code with which a golden case expects the file to be refused, if that is how it
    /// is refused: then its error is no fault.
    pub expected: Option<&'static str>,
}

/// A file, and whether it says that it is of the kind looked for.
type Said = (PathBuf, Result<(), FileError>);

/// A folder with scenarios and the machines, beans and recipes they name, and the golden cases
/// beside it.
#[derive(Clone, Debug)]
pub struct Library {
    scenarios: PathBuf,
    golden: PathBuf,
}

impl Library {
    /// The library of `folder`: its `scenarios/` and `golden/`; or `folder` is `scenarios/` itself.
    /// None when neither holds `machines/`, `beans/` and `recipes/`.
    #[must_use]
    pub fn at(folder: &Path) -> Option<Self> {
        let holds_all = |folder: &Path| PARTS.iter().all(|part| folder.join(part).is_dir());
        let inside = folder.join("scenarios");
        if holds_all(&inside) {
            return Some(Self { scenarios: inside, golden: folder.join("golden") });
        }
        let beside = || folder.join("..").join("golden");
        holds_all(folder).then(|| Self { scenarios: folder.to_owned(), golden: beside() })
    }

    /// The nearest library at or above the current folder, its paths as one would type them there.
    #[must_use]
    pub fn above() -> Option<Self> {
        let levels = std::path::absolute(".").map_or(0, |here| here.ancestors().count());
        let folder = |up: usize| std::iter::repeat_n("..", up).collect::<PathBuf>();
        (0..levels).find_map(|up| Self::at(&folder(up)))
    }

    /// The machines, by file name.
    ///
    /// # Errors
    /// A folder that cannot be listed; here and in the methods below.
    pub fn machines(&self) -> Result<Vec<Listed<MachineSpec>>, FileError> {
        self.part("machines", MachineSpec::load)
    }

    /// The lots of beans, by file name.
    ///
    /// # Errors
    /// As [`Self::machines`].
    pub fn lots(&self) -> Result<Vec<Listed<Lot>>, FileError> {
        self.part("beans", Lot::load)
    }

    /// The recipes, by file name.
    ///
    /// # Errors
    /// As [`Self::machines`].
    pub fn recipes(&self) -> Result<Vec<Listed<Recipe>>, FileError> {
        self.part("recipes", Recipe::load)
    }

    /// The scenarios, by path; files that say they are something else are passed over.
    ///
    /// # Errors
    /// As [`Self::machines`].
    pub fn scenarios(&self) -> Result<Vec<Listed<Scenario>>, FileError> {
        let refused = self.refused_on_purpose();
        let listed = |(path, said): Said| {
            let file = said.and_then(|()| Ok(Scenario::load(&path)?));
            let expected = file.as_ref().err().and_then(|error| expected(&refused, &path, error));
            Listed { path, file, expected }
        };
        Ok(self.of_kind(&self.scenarios, Kind::Scenario)?.into_iter().map(listed).collect())
    }

    /// The golden suites, by path; cases and policies are passed over. None there without a `golden/`.
    ///
    /// # Errors
    /// As [`Self::machines`].
    pub fn suites(&self) -> Result<Vec<Listed<Suite>>, FileError> {
        if !self.golden.is_dir() {
            return Ok(Vec::new());
        }
        let listed = |(path, said): Said| {
            let file = said.and_then(|()| Ok(Suite::load(&path)?));
            Listed { path, file, expected: None }
        };
        Ok(self.of_kind(&self.golden, Kind::Suite)?.into_iter().map(listed).collect())
    }

    /// The sweeps, by path.
    ///
    /// # Errors
    /// As [`Self::machines`].
    pub fn sweeps(&self) -> Result<Vec<Listed<Sweep>>, FileError> {
        let listed = |(path, said): Said| {
            let file = said.and_then(|()| Ok(Sweep::load(&path)?));
            Listed { path, file, expected: None }
        };
        Ok(self.of_kind(&self.scenarios, Kind::Sweep)?.into_iter().map(listed).collect())
    }

    fn part<T>(
        &self,
        folder: &str,
        load: impl Fn(&Path) -> Result<T, ScenarioError>,
    ) -> Result<Vec<Listed<T>>, FileError> {
        let mut paths = entries(&self.scenarios.join(folder))?;
        paths.retain(|path| is_toml(path));
        let listed = |path: PathBuf| {
            let file = load(&path).map_err(FileError::from);
            Listed { path, file, expected: None }
        };
        Ok(paths.into_iter().map(listed).collect())
    }

    /// The files below `folder` that say they are of `kind`, and with an error those that do not
    /// say what they are.
    fn of_kind(&self, folder: &Path, kind: Kind) -> Result<Vec<Said>, FileError> {
        let mut found = Vec::new();
        for path in self.below(folder)? {
            match Kind::of_file(&path) {
                Ok(got) if got == kind => found.push((path, Ok(()))),
                Ok(_) => {}
                Err(error) => found.push((path, Err(error))),
            }
        }
        Ok(found)
    }

    /// The TOML files below `folder`, in order of name; the library's parts are not looked into.
    fn below(&self, folder: &Path) -> Result<Vec<PathBuf>, FileError> {
        let mut found = Vec::new();
        for path in entries(folder)? {
            let is_part = PARTS.iter().any(|part| path == self.scenarios.join(part));
            // A link to a folder could lead in a circle.
            if path.is_dir() && !is_part && !path.is_symlink() {
                found.extend(self.below(&path)?);
            } else if is_toml(&path) {
                found.push(path);
            }
        }
        Ok(found)
    }

    /// Scenarios that a golden case expects to be refused, with the reason code. Cases that cannot
    /// be read expect nothing.
    fn refused_on_purpose(&self) -> BTreeSet<(PathBuf, String)> {
        let files = if self.golden.is_dir() { self.of_kind(&self.golden, Kind::Case) } else { Ok(vec![]) };
        let cases = files.unwrap_or_default().into_iter();
        cases
            .filter_map(|(path, said)| {
                said.ok()?;
                let case = Case::load(&path).ok()?;
                let Expect::Refuse(code) = case.expect else { return None };
                Some((case.input.path().canonicalize().ok()?, code))
            })
            .collect()
    }
}

fn expected(refused: &BTreeSet<(PathBuf, String)>, path: &Path, error: &FileError) -> Option<&'static str> {
    let FileError::Scenario(error) = error else { return None };
    let full = path.canonicalize().ok()?;
    refused.contains(&(full, error.code().to_owned())).then(|| error.code())
}

fn is_toml(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|extension| extension == "toml")
}

/// What `folder` holds, in order of name, without what is hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let unreadable = |source| FileError::Folder { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
