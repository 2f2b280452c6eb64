//! The arms of an evaluation: predictors that see the same readings side by side.

use crate::plan::Arm;
use std::collections::BTreeMap;
use trier_pipeline::{PipelineError, Predictor, predictor_named, predictors_named};

/// Makes the predictor of an arm; always, for a name that was found once.
type Make = Box<dyn Fn() -> Option<Box<dyn Predictor>> + Send + Sync>;

/// Which predictors run, made afresh for every roast so that none remembers another seed.
#[derive(Default)]
pub struct Arms {
    names: Vec<String>,
    makes: Vec<Make>,
    /// What tells a predictor that is not ours from another of its name.
    brought: BTreeMap<String, String>,
}

impl Arms {
    /// The arms of these names of our own predictors; a name given twice counts once, so that
    /// a predictor can be held against itself.
    ///
    /// # Errors
    /// A name that no predictor has.
    pub fn named<S: AsRef<str>>(names: &[S]) -> Result<Self, PipelineError> {
        let mut arms = Self::default();
        for name in names.iter().map(AsRef::as_ref) {
            if !arms.has(name) {
                arms = arms.and_named(name)?;
            }
        }
        Ok(arms)
    }

    /// These arms and our own predictor of this name.
    ///
    /// # Errors
    /// A name that no predictor has, or that an arm has already.
    pub fn and_named(self, name: &str) -> Result<Self, PipelineError> {
        predictors_named(&[name])?;
        let known = name.to_owned();
        self.with(name, Box::new(move || predictor_named(&known)))
    }

    /// These arms and one more, whose predictor is made by `make` and called `name`.
    ///
    /// # Errors
    /// A name that an arm has already; its rows could not be told apart.
    pub fn and(
        self,
        name: &str,
        make: impl Fn() -> Box<dyn Predictor> + Send + Sync + 'static,
    ) -> Result<Self, PipelineError> {
        self.with(name, Box::new(move || Some(make())))
    }

    /// The same of a predictor that is not ours: `said` tells it from another of that name, such as by a digest
    /// of its program.
    ///
    /// # Errors
    /// As [`Self::and`].
    pub fn and_brought(
        self,
        name: &str,
        said: &str,
        make: impl Fn() -> Box<dyn Predictor> + Send + Sync + 'static,
    ) -> Result<Self, PipelineError> {
        let mut arms = self.and(name, make)?;
        arms.brought.insert(name.to_owned(), said.to_owned());
        Ok(arms)
    }

    /// What tells each arm from another of that name, in order: name, version, and what was said of it.
    #[must_use]
    pub fn identities(&self) -> Vec<String> {
        let one = |(name, make): (&String, &Make)| {
            let version = make().map_or(0, |predictor| predictor.version());
            let said = self.brought.get(name).map_or_else(String::new, |said| format!(" {said}"));
            format!("{name}/{version}{said}")
        };
        self.names.iter().zip(&self.makes).map(one).collect()
    }

    fn with(mut self, name: &str, make: Make) -> Result<Self, PipelineError> {
        if self.has(name) {
            return Err(PipelineError::RepeatedPredictor { name: name.to_owned() });
        }
        self.names.push(name.to_owned());
        self.makes.push(make);
        Ok(self)
    }

    /// The arm called `name`, as a plan knows it.
    #[must_use]
    pub fn arm(&self, name: &str) -> Option<Arm> {
        let at = self.names.iter().position(|known| known == name)?;
        let identity = self.identities().into_iter().nth(at)?;
        Some(Arm { name: name.to_owned(), identity })
    }

    /// Whether one of them is called `name`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// Their names, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A fresh predictor for the arm called `name`, if there is one.
    #[must_use]
    pub fn make_only(&self, name: &str) -> Vec<Box<dyn Predictor>> {
        let own = self.names.iter().zip(&self.makes).filter(|(known, _)| *known == name);
        own.filter_map(|(_, make)| make()).collect()
    }

    /// A fresh predictor for each arm.
    #[must_use]
    pub fn make(&self) -> Vec<Box<dyn Predictor>> {
        self.makes.iter().filter_map(|make| make()).collect()
    }
}
