//! What stands for an ONNX model in a build without the feature `onnx`: a refusal by name.

use std::path::Path;
use std::sync::Arc;

use trier_pipeline::Predictor;

use crate::incidents::Incidents;
use crate::limits::Limits;

/// A model that is ready to run: there is none.
pub(crate) enum Loaded {}

/// Why no model can be loaded.
pub(crate) fn load(_: &str, _: &Path) -> Result<Loaded, String> {
    Err("this program was built without ONNX; build it with the feature `onnx`".to_owned())
}

/// A predictor of a model that cannot be.
pub(crate) fn predictor(loaded: &Arc<Loaded>, _: Limits, _: Incidents) -> Box<dyn Predictor> {
    match **loaded {}
}
