//! A session's history: the pipeline's row, people's edits after it, and what they come to together.

use std::collections::BTreeMap;
use std::sync::Arc;

use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Phases};
use trier_tables::rows::SessionRow;

use super::edit::{Edit, PLACEABLE, Revision, RevisionError};
use super::qc::Qc;

/// A session as it stands after all that was said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reviewed {
    /// Its row, with the newest revision's number; marks as people placed them.
    pub row: SessionRow,
    /// What was weighed, measured and tasted, if it was.
    pub qc: Option<Qc>,
    /// The lot, where somebody said it.
    pub bean: Option<String>,
    /// The profile, where somebody said it.
    pub profile: Option<String>,
    /// Whether somebody discarded it.
    pub is_discarded: bool,
    /// The marks that people placed, and the author of the newest word on each.
    pub placed_by: BTreeMap<&'static str, String>,
}

/// Why an edit was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// Somebody was quicker.
    #[error(
        "session {session_id} is at revision {newest} by {by}, not at {base}\nhint: look at what changed, and \
         say it again with --base {newest} if it still holds"
    )]
    Conflict {
        /// The session.
        session_id: String,
        /// The revision that the author had seen.
        base: u32,
        /// The newest one.
        newest: u32,
        /// Who made that.
        by: String,
    },
    /// It cannot be of any session.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// It cannot be of this one.
    #[error("{mark} at {at_s} s after charge is not {expected}")]
    Order {
        /// The mark.
        mark: &'static str,
        /// Where it would be, s since charge.
        at_s: f64,
        /// Where it may be.
        expected: &'static str,
    },
    /// Revisions are not of one session, or leave out a number.
    #[error("revision {got} of session {session_id} comes where {expected} should")]
    Broken {
        /// The session.
        session_id: String,
        /// The number found.
        got: u32,
        /// The number due.
        expected: u32,
    },
}

/// All revisions of one session, the pipeline's first.
#[derive(Clone, Debug)]
pub struct History {
    sealed: SessionRow,
    edits: Vec<Revision>,
}

impl History {
    /// The history of the session that the pipeline sealed as `sealed`, with people's `edits` by number.
    ///
    /// Late readings may make the pipeline seal it again: the newest such row comes here, and the edits
    /// hold for it as they did for the row before. Its numbers go on from those.
    ///
    /// # Errors
    /// [`EditError::Broken`] when the edits are of another session or their numbers do not rise.
    pub fn new(sealed: SessionRow, edits: Vec<Revision>) -> Result<Self, EditError> {
        let mut last = 0;
        for edit in &edits {
            if edit.revision <= last || *edit.session_id != *sealed.session_id {
                let session_id = edit.session_id.clone();
                return Err(EditError::Broken { session_id, got: edit.revision, expected: last + 1 });
            }
            last = edit.revision;
        }
        Ok(Self { sealed, edits })
    }

    /// The number of the newest revision.
    #[must_use]
    pub fn newest(&self) -> u32 {
        self.edits.last().map_or(0, |edit| edit.revision).max(self.sealed.revision)
    }

    /// The edits by number.
    #[must_use]
    pub fn edits(&self) -> &[Revision] {
        &self.edits
    }

    /// The next revision, if its author had seen the newest one. Whoever keeps it must see to it that
    /// nobody keeps another of the same number.
    ///
    /// - `base`: the revision that its author had seen.
    /// - `said`: author and reason.
    /// - `received`: by our clock.
    ///
    /// # Errors
    /// An [`EditError`]; nothing has changed then.
    pub fn next(
        &self,
        base: u32,
        said: (&str, &str),
        received: EventTime,
        edit: Edit,
    ) -> Result<Revision, EditError> {
        let newest = self.newest();
        if base != newest {
            let by = self.edits.last().filter(|edit| edit.revision == newest);
            let by = by.map_or_else(|| "the pipeline".to_owned(), |edit| edit.author.clone());
            let session_id = self.sealed.session_id.to_string();
            return Err(EditError::Conflict { session_id, base, newest, by });
        }
        let next = Revision::new(&self.sealed.session_id, newest.saturating_add(1), said, received, edit)?;
        let mut tried = self.clone();
        tried.edits.push(next.clone());
        tried.check_order()?;
        Ok(next)
    }

    /// What it all comes to.
    #[must_use]
    pub fn reviewed(&self) -> Reviewed {
        let mut reviewed = Reviewed {
            row: SessionRow { revision: self.newest(), ..self.sealed.clone() },
            qc: None,
            bean: None,
            profile: None,
            is_discarded: false,
            placed_by: BTreeMap::new(),
        };
        let mut placed = BTreeMap::new();
        for Revision { author, edit, .. } in &self.edits {
            match edit {
                Edit::Qc(qc) => reviewed.qc = Some(qc.clone()),
                Edit::Mark { mark, at_us, bt_c } => {
                    if let Some(kind) = MarkKind::from_name(mark) {
                        placed.insert(kind, Placed { at_us: *at_us, bt_c: *bt_c });
                        reviewed.placed_by.insert(kind.name(), author.clone());
                    }
                }
                Edit::Correct { bean, profile, machine } => {
                    reviewed.bean = bean.clone().or(reviewed.bean);
                    reviewed.profile = profile.clone().or(reviewed.profile);
                    if let Some(machine) = machine {
                        reviewed.row.machine = Arc::from(machine.as_str());
                    }
                }
                Edit::Discard => reviewed.is_discarded = true,
                Edit::Restore => reviewed.is_discarded = false,
            }
        }
        if !placed.is_empty() {
            reviewed.row = place(&reviewed.row, &placed);
        }
        reviewed
    }

    /// Whether no mark lies before charge or after drop.
    fn check_order(&self) -> Result<(), EditError> {
        let row = self.reviewed().row;
        let end_s = row.drop_s.unwrap_or(f64::INFINITY);
        for (mark, at_s) in [
            // First, as every other mark is held against it.
            (MarkKind::Drop, row.drop_s),
            (MarkKind::TurningPoint, row.turning_point_s),
            (MarkKind::DryEnd, row.dry_end_s),
            (MarkKind::FirstCrackStart, row.first_crack_s),
        ] {
            let expected = if mark == MarkKind::Drop { "after charge" } else { "between charge and drop" };
            let is_first = |at_s: &f64| *at_s < 0.0 || (mark == MarkKind::Drop && *at_s <= 0.0);
            if let Some(at_s) = at_s.filter(|at_s| is_first(at_s) || *at_s > end_s) {
                return Err(EditError::Order { mark: mark.name(), at_s, expected });
            }
        }
        Ok(())
    }
}

/// Where a person puts a mark; nowhere when it never happened.
#[derive(Clone, Copy)]
struct Placed {
    at_us: Option<i64>,
    bt_c: Option<f64>,
}

/// The row with its marks where people placed them, and all that follows from marks worked out again.
fn place(row: &SessionRow, placed: &BTreeMap<MarkKind, Placed>) -> SessionRow {
    let start = EventTime::from_us(row.start_us);
    let charge = placed.get(&MarkKind::Charge).and_then(|at| at.at_us).map_or(start, EventTime::from_us);
    let at = |kind: MarkKind, told: (Option<f64>, Option<f64>)| match placed.get(&kind) {
        Some(Placed { at_us, bt_c }) => {
            let at_s = at_us.map(|us| EventTime::from_us(us).since_s(charge));
            (at_s, bt_c.filter(|_| at_s.is_some()))
        }
        // It is where it was, and counts from the charge as that is now.
        None => (told.0.map(|s| start.plus_s(s).since_s(charge)), told.1),
    };
    let (turning_point_s, turning_point_bt_c) =
        at(MarkKind::TurningPoint, (row.turning_point_s, row.turning_point_bt_c));
    let (dry_end_s, dry_end_bt_c) = at(MarkKind::DryEnd, (row.dry_end_s, row.dry_end_bt_c));
    let (first_crack_s, first_crack_bt_c) =
        at(MarkKind::FirstCrackStart, (row.first_crack_s, row.first_crack_bt_c));
    let (drop_s, drop_bt_c) = at(MarkKind::Drop, (row.drop_s, row.drop_bt_c));
    let charge_bt_c = placed.get(&MarkKind::Charge).map_or(row.charge_bt_c, |at| at.bt_c);
    let times = [Some(0.0), turning_point_s, dry_end_s, first_crack_s, drop_s];
    let marks: Vec<Mark> = PLACEABLE
        .into_iter()
        .zip(times)
        .filter_map(|(kind, at_s)| {
            let at = charge.plus_s(at_s?);
            Some(Mark { kind, at, source: MarkSource::Operator, confidence: 1.0 })
        })
        .collect();
    let phases = Phases::between(&marks);
    let outcome = match (&*row.outcome, drop_s) {
        ("no_drop", Some(_)) => Arc::from("complete"),
        ("complete", None) => Arc::from("no_drop"),
        _ => Arc::clone(&row.outcome),
    };
    SessionRow {
        start_us: charge.us(),
        end_us: drop_s.map_or(row.end_us, |s| charge.plus_s(s).us()),
        outcome,
        charge_bt_c,
        turning_point_s,
        turning_point_bt_c,
        dry_end_s,
        dry_end_bt_c,
        first_crack_s,
        first_crack_bt_c,
        drop_s,
        drop_bt_c,
        drying_s: phases.drying_s,
        maillard_s: phases.maillard_s,
        development_s: phases.development_s,
        development_ratio: phases.development_ratio(),
        ..row.clone()
    }
}
