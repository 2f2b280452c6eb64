//! Predictors named on the command line: ours by name, those of others by argument or by file.

use std::path::Path;

use serde_json::{Value, json};
use trier_eval::runner::Arms;
use trier_foreign::{Incident, Incidents, Kind, Spec};
use trier_pipeline::predict::Twin;
use trier_reports::terminal::{Align, clean, table};

use crate::output::{self, Failure};

/// What tells a predictor of somebody's from another of its name: how it is started, what it may take, and the
/// digest of every file that is named there. What a program reads besides is not seen.
fn said_of(spec: &Spec) -> String {
    let (words, folder) = match &spec.kind {
        Kind::Program { words, folder } => (words.clone(), folder.clone()),
        Kind::Model { path } => (vec![path.display().to_string()], None),
    };
    let file = |word: &String| folder.as_deref().unwrap_or(Path::new("")).join(word);
    let said = words.iter().map(|word| match trier_tables::digest::of_file(&file(word)) {
        Ok(digest) => format!("{word}={digest}"),
        Err(_) => word.clone(),
    });
    format!("{} {:?}", said.collect::<Vec<_>>().join(" "), spec.limits)
}

/// The name that asks for a plant of the machine.
const TWIN: &str = "twin";

/// The predictors in `texts`, where commas part names of ours.
pub(crate) fn parted(texts: &[String]) -> Vec<&str> {
    let mut parted = Vec::new();
    for text in texts {
        if text.contains('=') { parted.push(text.as_str()) } else { parted.extend(text.split(',')) }
    }
    parted
}

/// The predictors of a run, and what went wrong with those that are not ours.
pub(crate) struct Brought {
    /// All of them, in the order they were named.
    pub arms: Arms,
    incidents: Incidents,
    any_foreign: bool,
}

impl Brought {
    /// The predictors that `texts` name, one each. One of ours that is named twice runs once, so that it can be
    /// held against itself.
    pub(crate) fn of<S: AsRef<str>>(texts: &[S]) -> Result<Self, Failure> {
        let mut brought = Self::none();
        texts.iter().try_for_each(|text| brought.add(text.as_ref()))?;
        Ok(brought)
    }

    /// The same, where one that is called `twin` is made by `twin`.
    pub(crate) fn with_twin<S: AsRef<str>>(
        texts: &[S],
        twin: impl Fn() -> Twin + Clone + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        let mut brought = Self::none();
        for text in texts.iter().map(AsRef::as_ref) {
            if text != TWIN {
                brought.add(text)?;
            } else if !brought.arms.has(TWIN) {
                let (arms, twin) = (std::mem::take(&mut brought.arms), twin.clone());
                brought.arms =
                    arms.and(TWIN, move || Box::new(twin())).map_err(|error| Failure::of(&error))?;
            }
        }
        Ok(brought)
    }

    fn none() -> Self {
        Self { arms: Arms::default(), incidents: Incidents::default(), any_foreign: false }
    }

    fn add(&mut self, text: &str) -> Result<(), Failure> {
        let arms = std::mem::take(&mut self.arms);
        let added = if Spec::is_foreign(text) {
            let spec = Spec::parse(text).map_err(|error| Failure::of(&error))?;
            if trier_pipeline::PREDICTORS.contains(&spec.name.as_str()) {
                let name = &spec.name;
                let text = format!("predictor {name:?} is one of ours\nhint: give yours another name");
                return Err(Failure::usage(text));
            }
            let opened = spec.open(&self.incidents).map_err(|error| Failure::of(&error))?;
            self.any_foreign = true;
            arms.and_brought(&spec.name, &said_of(&spec), move || opened.make())
        } else if arms.has(text) {
            Ok(arms)
        } else {
            arms.and_named(text)
        };
        self.arms = added.map_err(|error| Failure::of(&error))?;
        Ok(())
    }

    /// Says on stderr what went wrong with predictors of others.
    pub(crate) fn report(&self) {
        let incidents = self.incidents.list();
        if incidents.is_empty() {
            return;
        }
        let rows: Vec<Vec<String>> = incidents
            .iter()
            .map(|incident| {
                let Incident { predictor, fault, times, example } = incident;
                vec![predictor.clone(), fault.code().to_owned(), times.to_string(), clean(example)]
            })
            .collect();
        let aligns = [Align::Left, Align::Left, Align::Right, Align::Left];
        let lines = table(&["predictor", "fault", "answers lost", "such as"], &rows, &aligns);
        output::prose(&format!("predictors that are not ours failed:\n{}", lines.trim_end()));
        let late: u64 = incidents.iter().filter(|i| !i.is_reproducible()).map(|i| i.times).sum();
        if late > 0 {
            output::prose(&format!(
                "{late} answers came late: that hangs on the machine, and another run may differ\nhint: a file \
                 of schema predictor/1 can give a predictor more time (answer_ms)"
            ));
        }
    }

    /// `facts` of a run, with what went wrong where predictors of others took part.
    pub(crate) fn with_incidents(&self, mut facts: Value) -> Value {
        if self.any_foreign {
            let one = |incident: Incident| {
                json!({
                    "predictor": incident.predictor,
                    "fault": incident.fault.code(),
                    "times": incident.times,
                    "such_as": incident.example,
                    "reproducible": incident.is_reproducible(),
                })
            };
            facts["incidents"] = self.incidents.list().into_iter().map(one).collect();
        }
        facts
    }
}
