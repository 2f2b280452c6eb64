//! Edits: what a person says of one session after it was sealed, and who.

use serde::{Deserialize, Serialize};
use trier_roast::{EventTime, MarkKind};

use super::name::{NAME, TEXT, is_name, is_text};
use super::qc::Qc;

/// The kind of file and its version.
const SCHEMA: &str = "revision/1";

/// The longest file, bytes.
const FILE_BYTES_MAX: usize = 64 * 1024;

/// What a person says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Edit {
    /// What was weighed, measured and tasted; takes the place of an earlier record whole.
    Qc(Qc),
    /// A mark is somewhere else, or is none.
    Mark {
        /// Its name, as in tables: one of `charge`, `turning_point`, `dry_end`, `first_crack_start`, `drop`.
        mark: String,
        /// When it truly happened, µs since 1970, by the machine's clock; absent when it never did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_us: Option<i64>,
        /// BT there, °C, where it was read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bt_c: Option<f64>,
    },
    /// It was another bean, profile or machine. What is absent stays.
    Correct {
        /// The lot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bean: Option<String>,
        /// The profile, as `name` or `name@version`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// The machine.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        machine: Option<String>,
    },
    /// Not to be shown, nor counted. Nothing is deleted.
    Discard,
    /// To be shown and counted again.
    Restore,
}

/// The marks that a person can place.
pub(super) const PLACEABLE: [MarkKind; 5] =
    [MarkKind::Charge, MarkKind::TurningPoint, MarkKind::DryEnd, MarkKind::FirstCrackStart, MarkKind::Drop];

/// One revision of a session by a person. Once kept, it never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// The kind of file and its version: `revision/1`.
    schema: String,
    /// The session.
    pub session_id: String,
    /// Its number: one more than that of the revision that its author had seen.
    pub revision: u32,
    /// Who says so.
    pub author: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When it was received, µs since 1970, by our clock.
    pub received_us: i64,
    /// What is said.
    pub edit: Edit,
}

/// Why a revision could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevisionError {
    /// Not TOML, an unknown key, or a value of the wrong type.
    #[error("cannot parse the revision: {}", .source.to_string().trim_end())]
    Parse {
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// A value that no revision can have.
    #[error("key {key} is {got}; expected {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is there.
        got: String,
        /// What would do.
        expected: String,
    },
}

pub(super) fn wrong(key: &'static str, got: impl Into<String>, expected: impl Into<String>) -> RevisionError {
    RevisionError::Value { key, got: got.into(), expected: expected.into() }
}

impl Revision {
    /// A revision that may be kept.
    ///
    /// - `received`: by our clock.
    ///
    /// # Errors
    /// A [`RevisionError`] when its author is none, or it says what no session can have.
    pub fn new(
        session_id: &str,
        revision: u32,
        (author, reason): (&str, &str),
        received: EventTime,
        edit: Edit,
    ) -> Result<Self, RevisionError> {
        Self {
            schema: SCHEMA.to_owned(),
            session_id: session_id.to_owned(),
            revision,
            author: author.to_owned(),
            reason: reason.to_owned(),
            received_us: received.us(),
            edit,
        }
        .checked()
    }

    /// The revision that `text` holds.
    ///
    /// # Errors
    /// A [`RevisionError`] that names line or key, value and what to do.
    pub fn parse(text: &str) -> Result<Self, RevisionError> {
        if text.len() > FILE_BYTES_MAX {
            return Err(wrong("the file", format!("{} bytes", text.len()), "at most 64 KiB"));
        }
        let revision: Self =
            toml::from_str(text).map_err(|source| RevisionError::Parse { source: Box::new(source) })?;
        revision.checked()
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("names and numbers in tables have a text")
    }

    fn checked(self) -> Result<Self, RevisionError> {
        if self.schema != SCHEMA {
            return Err(wrong("schema", format!("{:?}", self.schema), format!("{SCHEMA:?}")));
        }
        if self.revision == 0 {
            return Err(wrong("revision", "0", "1 or more: 0 is the pipeline's"));
        }
        if !is_name(&self.author) {
            return Err(wrong("author", format!("{:?}", self.author), NAME));
        }
        if !is_text(&self.reason) {
            return Err(wrong("reason", format!("{} bytes", self.reason.len()), TEXT));
        }
        match &self.edit {
            Edit::Qc(qc) => qc.check()?,
            Edit::Mark { mark, at_us, bt_c } => check_mark(mark, *at_us, *bt_c)?,
            Edit::Correct { bean, profile, machine } => {
                let said = [("bean", bean), ("profile", profile), ("machine", machine)];
                if said.iter().all(|(_, name)| name.is_none()) {
                    return Err(wrong("edit", "empty", "bean, profile or machine"));
                }
                for (key, name) in said {
                    if let Some(name) = name.as_ref().filter(|name| !is_name(name)) {
                        return Err(wrong(key, format!("{name:?}"), NAME));
                    }
                }
            }
            Edit::Discard | Edit::Restore => {}
        }
        Ok(self)
    }
}

fn check_mark(mark: &str, at_us: Option<i64>, bt_c: Option<f64>) -> Result<(), RevisionError> {
    let kind = MarkKind::from_name(mark).filter(|kind| PLACEABLE.contains(kind));
    let Some(kind) = kind else {
        return Err(wrong("mark", format!("{mark:?}"), PLACEABLE.map(MarkKind::name).join(", ")));
    };
    if kind == MarkKind::Charge && at_us.is_none() {
        return Err(wrong(
            "at_us",
            "absent",
            "a time: without a charge there is no roast; discard it instead",
        ));
    }
    match bt_c.filter(|bt_c| !bt_c.is_finite()) {
        Some(bt_c) => Err(wrong("bt_c", bt_c.to_string(), "a number")),
        None => Ok(()),
    }
}
