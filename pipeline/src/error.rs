//! What a caller of the pipeline can get wrong. Data never ends in an error here.

/// Why a pipeline could not be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// No predictor has this name.
    #[error("no predictor is called '{name}'; there are: {known}")]
    UnknownPredictor {
        /// The name asked for.
        name: String,
        /// Those there are, separated by commas.
        known: String,
    },
    /// One predictor was asked for twice; its rows could not be told apart.
    #[error("predictor '{name}' is named twice; name it once")]
    RepeatedPredictor {
        /// The name asked for twice.
        name: String,
    },
}
