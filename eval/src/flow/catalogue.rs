//! The catalogue of critical flows, as declared in a file.

use super::matcher::Pattern;
use super::phase::Phase;
use super::words;
use crate::error::{InputError, check_id, check_said, check_schema, read_toml};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The schema this build reads.
const SCHEMA: &str = "flows/1";

/// What kind of flow one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlowKind {
    /// A path through the session state machine.
    Path,
    /// A tag that readings must have carried in a phase.
    Cell,
    /// A danger, and the answer to it.
    Safety,
}

impl FlowKind {
    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Cell => "cell",
            Self::Safety => "safety",
        }
    }
}

/// One critical flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Its name; of a cell, `tag@phase`.
    pub id: Arc<str>,
    /// What kind it is.
    pub kind: FlowKind,
    /// Whether it counts as a safety flow, of which all must be met.
    pub safety: bool,
    /// How many cases must meet it.
    pub cases_min: u32,
    /// Its steps in words.
    pub steps: Arc<str>,
    /// What would go wrong unseen without it.
    pub why: Arc<str>,
    pub(super) what: What,
}

/// What must be seen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// Steps in order; of a safety flow, `danger` are those before the answer.
    Steps { danger: Option<Pattern>, whole: Pattern },
    /// A tag in a phase.
    Cell { tag: String, phase: Phase },
}

impl Flow {
    /// How many steps it has; a cell counts as two, its tag and its phase.
    #[must_use]
    pub fn length(&self) -> u32 {
        match &self.what {
            What::Steps { whole, .. } => u32::try_from(whole.length()).unwrap_or(u32::MAX),
            What::Cell { .. } => 2,
        }
    }

    /// Whether predictors have a part in it.
    #[must_use]
    pub fn asks_predictors(&self) -> bool {
        matches!(&self.what, What::Steps { whole, .. } if whole.asks_predictors())
    }
}

/// A catalogue, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The flows: paths, cells, safety, each in the order of the file.
    pub flows: Vec<Flow>,
}

/// The file as written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogueFile {
    schema: String,
    #[serde(default)]
    path: Vec<PathFile>,
    #[serde(default)]
    cell: Vec<CellFile>,
    #[serde(default)]
    safety: Vec<SafetyFile>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PathFile {
    id: String,
    why: String,
    #[serde(default)]
    safety: bool,
    #[serde(default = "one")]
    min_cases: u32,
    steps: Vec<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CellFile {
    tag: String,
    phase: String,
    why: String,
    #[serde(default)]
    safety: bool,
    #[serde(default = "one")]
    min_cases: u32,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SafetyFile {
    id: String,
    why: String,
    #[serde(default = "one")]
    min_cases: u32,
    when: Vec<String>,
    then: Vec<String>,
}

const fn one() -> u32 {
    1
}

impl Catalogue {
    /// Reads the catalogue at `path`.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, or a value out of place, by file and key: an unknown
    /// step, tag or phase (with all that there are), an id given twice, steps that another flow has, no flow.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        Self::read(path).map(|(catalogue, _)| catalogue)
    }

    /// The same, and the file as written.
    pub(crate) fn read(path: &Path) -> Result<(Self, CatalogueFile), InputError> {
        let file: CatalogueFile =
            read_toml(path, "give the path of a catalogue of flows, such as golden/flows.toml")?;
        check_schema(path, &file.schema, SCHEMA)?;
        let mut flows = Vec::new();
        for (i, flow) in file.path.iter().enumerate() {
            flows.push((format!("path[{i}]"), path_flow(path, i, flow)?));
        }
        for (i, flow) in file.cell.iter().enumerate() {
            flows.push((format!("cell[{i}]"), cell_flow(path, i, flow)?));
        }
        for (i, flow) in file.safety.iter().enumerate() {
            flows.push((format!("safety[{i}]"), safety_flow(path, i, flow)?));
        }
        check_all(path, &flows)?;
        Ok((Self { flows: flows.into_iter().map(|(_, flow)| flow).collect() }, file))
    }
}

fn path_flow(path: &Path, i: usize, flow: &PathFile) -> Result<Flow, InputError> {
    check_id(path, &format!("path[{i}].id"), &flow.id)?;
    let whole = pattern(path, &format!("path[{i}].steps"), &flow.steps)?;
    let steps = flow.steps.join(" → ");
    Ok(Flow {
        id: flow.id.as_str().into(),
        kind: FlowKind::Path,
        safety: flow.safety,
        cases_min: flow.min_cases,
        steps: steps.into(),
        why: flow.why.as_str().into(),
        what: What::Steps { danger: None, whole },
    })
}

fn cell_flow(path: &Path, i: usize, cell: &CellFile) -> Result<Flow, InputError> {
    let key = |name: &str| format!("cell[{i}].{name}");
    if !words::is_tag(&cell.tag) {
        let limit = format!("one of {}", words::in_one_line(&words::tag_families()));
        let hint = "a tag is what the rows of the telemetry table say; machine: takes a machine's id";
        return Err(InputError::value(path, &key("tag"), &format!("\"{}\"", cell.tag), &limit, hint));
    }
    let Some(phase) = Phase::from_name(&cell.phase) else {
        let limit = format!("one of {}", Phase::ALL.map(Phase::name).join(", "));
        let hint = "phases are those of docs/flows.md";
        return Err(InputError::value(path, &key("phase"), &format!("\"{}\"", cell.phase), &limit, hint));
    };
    Ok(Flow {
        id: format!("{}@{}", cell.tag, phase.name()).into(),
        kind: FlowKind::Cell,
        safety: cell.safety,
        cases_min: cell.min_cases,
        steps: format!("readings with {} in {}", cell.tag, phase.name()).into(),
        why: cell.why.as_str().into(),
        what: What::Cell { tag: cell.tag.clone(), phase },
    })
}

fn safety_flow(path: &Path, i: usize, flow: &SafetyFile) -> Result<Flow, InputError> {
    check_id(path, &format!("safety[{i}].id"), &flow.id)?;
    let danger = pattern(path, &format!("safety[{i}].when"), &flow.when)?;
    let key = format!("safety[{i}].then");
    check_words(path, &key, &flow.then)?;
    if flow.then.is_empty() {
        let hint = "a danger without an answer is a path: declare it as [[path]]";
        return Err(InputError::value(path, &key, "empty", "one step or more", hint));
    }
    if flow.when.last().is_some_and(|word| Pattern::event_of(word) != word) {
        let hint = "say what may not come in `then`";
        return Err(InputError::value(
            path,
            &format!("safety[{i}].when"),
            "open-ended",
            "ended by an event",
            hint,
        ));
    }
    let whole = Pattern::of(flow.when.iter().chain(&flow.then).map(String::as_str));
    Ok(Flow {
        id: flow.id.as_str().into(),
        kind: FlowKind::Safety,
        safety: true,
        cases_min: flow.min_cases,
        steps: format!("{} ⇒ {}", flow.when.join(" → "), flow.then.join(" → ")).into(),
        why: flow.why.as_str().into(),
        what: What::Steps { danger: Some(danger), whole },
    })
}

fn pattern(path: &Path, key: &str, steps: &[String]) -> Result<Pattern, InputError> {
    check_words(path, key, steps)?;
    if steps.first().is_none_or(|word| Pattern::event_of(word) != word) {
        let hint = "a flow begins with what starts it, such as \"charge\"";
        return Err(InputError::value(
            path,
            key,
            "without a beginning",
            "steps that begin with an event",
            hint,
        ));
    }
    Ok(Pattern::of(steps.iter().map(String::as_str)))
}

fn check_words(path: &Path, key: &str, steps: &[String]) -> Result<(), InputError> {
    for (i, word) in steps.iter().enumerate() {
        if !words::is_step(Pattern::event_of(word)) {
            let limit =
                format!("one of {}; or `no ` and one of these", words::in_one_line(&words::step_families()));
            let hint = "steps are what the pipeline's tables can show, see docs/flows.md";
            return Err(InputError::value(
                path,
                &format!("{key}[{i}]"),
                &format!("\"{word}\""),
                &limit,
                hint,
            ));
        }
    }
    Ok(())
}

/// Checks what holds over all flows: there are some, and no two are the same.
fn check_all(path: &Path, flows: &[(String, Flow)]) -> Result<(), InputError> {
    if flows.is_empty() {
        let hint = "an empty catalogue would be covered by anything";
        return Err(InputError::value(
            path,
            "path",
            "empty",
            "one [[path]], [[cell]] or [[safety]] or more",
            hint,
        ));
    }
    let (mut ids, mut steps) = (BTreeMap::new(), BTreeMap::new());
    for (key, flow) in flows {
        check_said(path, &format!("{key}.why"), &flow.why, "say what would go wrong unseen without it")?;
        if flow.cases_min == 0 {
            let hint = "leave the flow out instead";
            return Err(InputError::value(path, &format!("{key}.min_cases"), "0", "1 or more", hint));
        }
        if let Some(earlier) = ids.insert(Arc::clone(&flow.id), key) {
            let limit = format!("another than that of {earlier}");
            return Err(InputError::value(
                path,
                &format!("{key}.id"),
                &flow.id,
                &limit,
                "name each flow once",
            ));
        }
        if let Some(earlier) = steps.insert(flow.steps.replace(" ⇒ ", " → "), key) {
            let limit = format!("other steps than those of {earlier}");
            let hint = "one flow under two names would count twice";
            return Err(InputError::value(path, &format!("{key}.steps"), &flow.steps, &limit, hint));
        }
    }
    Ok(())
}
