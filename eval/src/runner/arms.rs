//! The arms of an evaluation: predictors that see the same readings side by side.

use trier_pipeline::{PipelineError, Predictor, predictor_named, predictors_named};

/// Makes the boxes of a roast.
type Make = Box<dyn Fn() -> Vec<Box<dyn Predictor>> + Send + Sync>;

/// Which predictors run, made afresh for every roast so that none remembers another seed.
pub struct Arms {
    names: Vec<String>,
    make: Make,
}

impl Arms {
    /// The arms of these predictor names; a name given twice counts once, so that a
    /// predictor can be held against itself.
    ///
    /// # Errors
    /// A name that no predictor has.
    pub fn named<S: AsRef<str>>(names: &[S]) -> Result<Self, PipelineError> {
        let mut once: Vec<String> = Vec::new();
        for name in names.iter().map(AsRef::as_ref) {
            if !once.iter().any(|known| known == name) {
                once.push(name.to_owned());
            }
        }
        predictors_named(&once)?;
        let known = once.clone();
        let make = move || known.iter().filter_map(|name| predictor_named(name)).collect();
        Ok(Self { names: once, make: Box::new(make) })
    }

    /// Arms made by `make`, for predictors that have no name here yet.
    #[must_use]
    pub fn from_fn(make: impl Fn() -> Vec<Box<dyn Predictor>> + Send + Sync + 'static) -> Self {
        let names = make().iter().map(|predictor| predictor.name().to_owned()).collect();
        Self { names, make: Box::new(make) }
    }

    /// Their names, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A fresh predictor for each arm.
    #[must_use]
    pub fn make(&self) -> Vec<Box<dyn Predictor>> {
        (self.make)()
    }
}
