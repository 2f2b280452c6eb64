//! Revisions: what was said of each session, and what is to be said now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use trier_roast::{EventTime, Reading, ReadingBody, Trust};
use trier_tables::rows::SessionRow;

use crate::ingest::sample_bits;

/// The outcome of a session that is no longer one: late readings, or a ruling, took away what made
/// it. Always the last revision, unless it becomes a session again.
pub const WITHDRAWN: &str = "withdrawn";

/// One revision of a session. Once put out it never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// The row, with its number.
    pub row: SessionRow,
    /// A hash of what was heard in it, so that a change which the row does not show is seen. It
    /// protects nothing.
    pub heard: u64,
}

impl Revision {
    /// Whether both say the same, whatever their numbers.
    fn says_as(&self, other: &Self) -> bool {
        let unnumbered = |row: &SessionRow| SessionRow { revision: 0, ..row.clone() };
        self.heard == other.heard && unnumbered(&self.row) == unnumbered(&other.row)
    }
}

/// The latest revisions of a machine's sessions.
#[derive(Clone, Debug, Default)]
pub(super) struct Revisions {
    latest: BTreeMap<Arc<str>, Revision>,
    /// What was heard in sessions that are not sealed yet.
    open: BTreeMap<Arc<str>, u64>,
    /// Sessions of which it is not known yet whether they still are, during a replay.
    in_doubt: BTreeSet<Arc<str>>,
}

impl Revisions {
    /// Takes what was said before, such as before a restart, as said.
    pub(super) fn recall(&mut self, revision: Revision) {
        let id = Arc::clone(&revision.row.session_id);
        let known = self.latest.get(&id).map(|known| known.row.revision);
        if known.is_none_or(|known| known < revision.row.revision) {
            self.latest.insert(id, revision);
        }
    }

    /// Puts in doubt every session that began after `from`, and forgets what was heard in open ones.
    pub(super) fn doubt(&mut self, from: Option<EventTime>) {
        let doubtful =
            self.latest.iter().filter(|(_, known)| from.is_none_or(|at| known.row.start_us > at.us()));
        self.in_doubt.extend(doubtful.map(|(id, _)| Arc::clone(id)));
        self.open.clear();
    }

    /// Keeps in mind what was heard in a session.
    pub(super) fn hear(&mut self, session: &Arc<str>, reading: &Reading, trust: Trust) {
        // Looked up first: a name is only cloned for a session's first reading.
        if let Some(heard) = self.open.get_mut(session) {
            *heard = mix(*heard, reading, trust);
        } else {
            self.open.insert(Arc::clone(session), mix(0, reading, trust));
        }
    }

    /// The next revision of a session that was sealed; None where it says nothing new.
    pub(super) fn seal(&mut self, row: SessionRow) -> Option<Revision> {
        let heard = self.open.remove(&row.session_id).unwrap_or_default();
        self.in_doubt.remove(&row.session_id);
        self.say(Revision { row, heard })
    }

    fn say(&mut self, new: Revision) -> Option<Revision> {
        let revision = match self.latest.get(&new.row.session_id) {
            Some(known) if known.says_as(&new) => return None,
            Some(known) => known.row.revision.saturating_add(1),
            None => 0,
        };
        let new = Revision { row: SessionRow { revision, ..new.row }, ..new };
        self.latest.insert(Arc::clone(&new.row.session_id), new.clone());
        Some(new)
    }

    /// The last revisions of sessions still in doubt that are not open: they are no more.
    pub(super) fn withdraw(&mut self) -> Vec<Revision> {
        let doubtful: Vec<Arc<str>> = std::mem::take(&mut self.in_doubt).into_iter().collect();
        let gone = doubtful.into_iter().filter(|id| !self.open.contains_key(id));
        let gone: Vec<Revision> = gone.filter_map(|id| self.latest.get(&id).cloned()).collect();
        let withdrawn = |known: Revision| {
            let row = SessionRow { outcome: Arc::from(WITHDRAWN), ..known.row };
            Revision { row, heard: 0 }
        };
        gone.into_iter().map(withdrawn).filter_map(|revision| self.say(revision)).collect()
    }

    /// Forgets sessions that ended before `horizon`: nothing will change them.
    pub(super) fn forget(&mut self, horizon: EventTime) {
        self.latest.retain(|id, known| known.row.end_us >= horizon.us() || self.in_doubt.contains(id));
    }
}

/// Mixes a reading into a hash, 64 bits at a time: multiply and rotate, for speed.
fn mix(hash: u64, reading: &Reading, trust: Trust) -> u64 {
    /// Odd, with bits in no pattern: the golden ratio.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let word = |hash: u64, word: u64| (hash ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let start = word(word(hash, reading.at.us().cast_unsigned()), u64::from(trust == Trust::Verified));
    match &reading.body {
        ReadingBody::Sample(sample) => sample_bits(sample).into_iter().fold(start, word),
        ReadingBody::Mark(mark) => {
            let said = [mark.kind as u64, mark.at.us().cast_unsigned(), mark.source as u64];
            word(said.into_iter().fold(start, word), mark.confidence.to_bits())
        }
    }
}
