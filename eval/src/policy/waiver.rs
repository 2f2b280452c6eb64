//! Waivers: who let a guardrail pass, why, and until when.
//!
//! A rule names the waiver that may let it pass; the file of waivers says who asked for it and who
//! approved. One that is missing, expired or approved by whoever asked waives nothing.

use crate::error::{InputError, check_id, check_said, check_schema, read_toml};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use trier_roast::Date;

const SCHEMA: &str = "waivers/1";

/// One waiver.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Its id, by which rules name it.
    pub id: String,
    /// The gate that it is for, whole: `guardrail.drop.abs_error@60s`.
    pub gate: String,
    /// Why it may pass.
    pub reason: String,
    /// Who asked for it.
    pub asked_by: String,
    /// Who approved it; somebody else.
    pub approved_by: String,
    /// The last day it holds, `YYYY-MM-DD`, UTC.
    pub expires: String,
}

/// Why a waiver does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaiverFault {
    /// No waiver of that id.
    Missing,
    /// Its last day is over.
    Expired(String),
    /// Whoever asked approved it too.
    SelfSigned(String),
    /// It is for another gate.
    OtherGate(String),
}

impl std::fmt::Display for WaiverFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => write!(f, "waiver_missing: no waiver of that id is in the file"),
            Self::Expired(day) => write!(f, "waiver_expired: it held until {day}"),
            Self::SelfSigned(who) => write!(f, "waiver_self_signed: {who} asked for it and approved it"),
            Self::OtherGate(gate) => write!(f, "waiver_other_gate: it is for {gate}"),
        }
    }
}

/// All waivers of a policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waivers(BTreeMap<String, Waiver>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaiverFile {
    schema: String,
    #[serde(default)]
    waiver: Vec<Waiver>,
}

impl Waivers {
    /// Reads the waivers at `path`.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, an empty text, a day that is none, or an id given twice.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        let file: WaiverFile = read_toml(path, "give the path of a file of waivers; see docs/evaluation.md")?;
        check_schema(path, &file.schema, SCHEMA)?;
        let mut all = BTreeMap::new();
        for (i, waiver) in file.waiver.into_iter().enumerate() {
            let key = |name: &str| format!("waiver[{i}].{name}");
            check_id(path, &key("id"), &waiver.id.to_lowercase())?;
            for (name, text) in [
                ("gate", &waiver.gate),
                ("reason", &waiver.reason),
                ("asked_by", &waiver.asked_by),
                ("approved_by", &waiver.approved_by),
            ] {
                check_said(path, &key(name), text, "a waiver says what it lets pass, why, and who says so")?;
            }
            if day_of(&waiver.expires).is_none() {
                let hint = "the last day it holds, such as 2026-12-31";
                return Err(InputError::value(path, &key("expires"), &waiver.expires, "YYYY-MM-DD", hint));
            }
            let id = waiver.id.clone();
            if all.insert(id.clone(), waiver).is_some() {
                let hint = "give each waiver an id of its own";
                return Err(InputError::value(path, &key("id"), &id, "named once", hint));
            }
        }
        Ok(Self(all))
    }

    /// These waivers.
    #[must_use]
    pub fn of(waivers: Vec<Waiver>) -> Self {
        Self(waivers.into_iter().map(|waiver| (waiver.id.clone(), waiver)).collect())
    }

    /// The waiver `id` for `gate` on the day `today`; or why it does not hold.
    ///
    /// # Errors
    /// Missing, of another gate, approved by whoever asked, or expired.
    pub fn holding(&self, id: &str, gate: &str, today: Date) -> Result<&Waiver, WaiverFault> {
        let waiver = self.0.get(id).ok_or(WaiverFault::Missing)?;
        if waiver.gate != gate {
            return Err(WaiverFault::OtherGate(waiver.gate.clone()));
        }
        if same_person(&waiver.asked_by, &waiver.approved_by) {
            return Err(WaiverFault::SelfSigned(waiver.approved_by.clone()));
        }
        if day_of(&waiver.expires).is_none_or(|last| last < today) {
            return Err(WaiverFault::Expired(waiver.expires.clone()));
        }
        Ok(waiver)
    }
}

/// Names are of one person whatever their case and the blanks around them.
fn same_person(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// The day of `YYYY-MM-DD`; None when there is no such day.
fn day_of(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let date = Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    date.midnight().map(|_| date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiver(asked_by: &str, approved_by: &str) -> Waiver {
        Waiver {
            id: "W-1".into(),
            gate: "guardrail.x".into(),
            reason: "known".into(),
            asked_by: asked_by.into(),
            approved_by: approved_by.into(),
            expires: "2026-11-30".into(),
        }
    }

    #[test]
    fn a_waiver_holds_to_the_end_of_its_last_day_for_its_gate_and_by_two_people() {
        let day = |text: &str| day_of(text).expect("a day");
        let all = Waivers::of(vec![waiver("ana", "bo")]);
        assert!(all.holding("W-1", "guardrail.x", day("2026-11-30")).is_ok());
        let fault = |id: &str, gate: &str, on: &str| all.holding(id, gate, day(on)).err();
        assert_eq!(
            fault("W-1", "guardrail.x", "2026-12-01"),
            Some(WaiverFault::Expired("2026-11-30".into()))
        );
        assert_eq!(fault("W-2", "guardrail.x", "2026-11-01"), Some(WaiverFault::Missing));
        assert_eq!(
            fault("W-1", "guardrail.y", "2026-11-01"),
            Some(WaiverFault::OtherGate("guardrail.x".into()))
        );
        let own = Waivers::of(vec![waiver("Ana", " ana ")]);
        let got = own.holding("W-1", "guardrail.x", day("2026-11-01")).err();
        assert_eq!(got, Some(WaiverFault::SelfSigned(" ana ".into())));
        assert_eq!([day_of("2026-02-30"), day_of("26-1-1"), day_of("2026-1-01")], [None; 3]);
    }
}
