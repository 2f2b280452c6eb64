//! Arms with a twin among them.

use trier_pipeline::predict::Twin;
use trier_pipeline::{PipelineError, Predictor, predictor_named, predictors_named};

use crate::runner::Arms;

/// The name that asks for a twin.
const TWIN: &str = "twin";

/// The arms of these names, of which `twin` is made by `twin`; a name given twice counts once.
///
/// # Errors
/// A name that no predictor has.
pub fn arms_with<S: AsRef<str>>(
    names: &[S],
    twin: impl Fn() -> Twin + Send + Sync + 'static,
) -> Result<Arms, PipelineError> {
    let mut once: Vec<String> = Vec::new();
    for name in names.iter().map(AsRef::as_ref) {
        if !once.iter().any(|known| known == name) {
            once.push(name.to_owned());
        }
    }
    let others: Vec<&String> = once.iter().filter(|name| *name != TWIN).collect();
    predictors_named(&others)?;
    Ok(Arms::from_fn(move || {
        let made = |name: &String| -> Option<Box<dyn Predictor>> {
            if name == TWIN { Some(Box::new(twin())) } else { predictor_named(name) }
        };
        once.iter().filter_map(made).collect()
    }))
}
