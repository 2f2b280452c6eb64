//! Arms with a twin among them.

use trier_pipeline::PipelineError;
use trier_pipeline::predict::Twin;

use crate::runner::Arms;

/// The name that asks for a twin.
const TWIN: &str = "twin";

/// The arms of these names, of which `twin` is made by `twin`; a name given twice counts once.
///
/// # Errors
/// A name that no predictor has.
pub fn arms_with<S: AsRef<str>>(
    names: &[S],
    twin: impl Fn() -> Twin + Clone + Send + Sync + 'static,
) -> Result<Arms, PipelineError> {
    let mut arms = Arms::default();
    for name in names.iter().map(AsRef::as_ref) {
        if arms.has(name) {
            continue;
        }
        arms = if name == TWIN {
            let twin = twin.clone();
            arms.and(TWIN, move || Box::new(twin()))?
        } else {
            arms.and_named(name)?
        };
    }
    Ok(arms)
}
