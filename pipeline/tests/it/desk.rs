//! A store in memory, the simplest that follows the rules of admission: what a real one is held to.

use std::collections::BTreeMap;

use trier_pipeline::ingest::{
    Account, Act, Admission, Count, DecisionError, Door, Frame, FrameKey, Holder, Known, MachineClock, Place,
    Reason, admit, decide, decode,
};
use trier_roast::EventTime;
use trier_wire::Registry;

/// One copy under a key.
struct Copy {
    frame: Frame,
    /// None where it is in use.
    reason: Option<Reason>,
}

#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) account: Account,
    copies: BTreeMap<FrameKey, Vec<Copy>>,
    ruled: BTreeMap<FrameKey, ()>,
}

impl Desk {
    /// Takes what came through a door.
    pub(crate) fn receive(
        &mut self,
        bytes: &[u8],
        door: Door<'_>,
        registry: &Registry,
        at: EventTime,
    ) -> Result<Admission, &'static str> {
        match decode(bytes, door, registry, at) {
            Ok(frame) => Ok(self.take(frame, &MachineClock::default())),
            Err(rejection) => {
                let holder = Holder::of(door.tenant, "");
                self.account.receive(&holder, Count::one(0));
                self.account.put(&holder, Place::Rejected, rejection.code(), Count::one(0));
                Err(rejection.code())
            }
        }
    }

    /// Takes a frame.
    pub(crate) fn take(&mut self, frame: Frame, clock: &MachineClock) -> Admission {
        let (holder, count) = (holder(&frame), Count::one(frame.n_readings()));
        self.account.receive(&holder, count);
        let admission = admit(&frame, &self.known(&frame), clock);
        let copies = self.copies.entry(frame.key.clone()).or_default();
        match admission {
            Admission::Store => {
                self.account.put(&holder, Place::Stored, "", count);
                copies.push(Copy { frame, reason: None });
            }
            Admission::Duplicate => self.account.put(&holder, Place::Duplicate, "", count),
            Admission::Proof => {
                self.account.put(&holder, Place::Duplicate, "", count);
                let used = copies.iter_mut().find(|copy| copy.reason.is_none());
                used.expect("it is stored").frame.trust = frame.trust;
            }
            Admission::Conflict => {
                for used in copies.iter_mut().filter(|copy| copy.reason.is_none()) {
                    used.reason = Some(Reason::Conflict);
                    let count = Count::one(used.frame.n_readings());
                    let to = (Place::Quarantined, Reason::Conflict.code());
                    assert!(self.account.transfer(&holder, (Place::Stored, ""), to, count));
                }
                self.account.put(&holder, Place::Quarantined, Reason::Conflict.code(), count);
                copies.push(Copy { frame, reason: Some(Reason::Conflict) });
            }
            Admission::Quarantine(reason) => {
                self.account.put(&holder, Place::Quarantined, reason.code(), count);
                copies.push(Copy { frame, reason: Some(reason) });
            }
        }
        admission
    }

    /// Carries out a decision about one copy in quarantine.
    pub(crate) fn decide(
        &mut self,
        act: Act,
        key: &FrameKey,
        digest: [u8; 32],
        at: EventTime,
    ) -> Result<Admission, DecisionError> {
        let is_it = |copy: &Copy| copy.frame.digest == digest && copy.reason.is_some();
        let index = self.copies[key].iter().position(is_it).expect("it is in quarantine");
        let (frame, reason) = {
            let copy = &self.copies[key][index];
            (copy.frame.clone(), copy.reason.expect("it is in quarantine"))
        };
        let admission = decide(act, &frame, reason, &self.known(&frame), at)?;
        let holder = holder(&frame);
        let from = (Place::Quarantined, reason.code());
        let (to, new) = match admission {
            Admission::Store => ((Place::Stored, ""), None),
            Admission::Duplicate | Admission::Proof => ((Place::Duplicate, ""), Some(reason)),
            Admission::Conflict | Admission::Quarantine(_) => {
                ((Place::Quarantined, Reason::Conflict.code()), Some(Reason::Conflict))
            }
        };
        assert!(self.account.transfer(&holder, from, to, Count::one(frame.n_readings())));
        if act == Act::Keep {
            self.ruled.insert(key.clone(), ());
        }
        let copies = self.copies.get_mut(key).expect("it is there");
        if to.0 == Place::Duplicate {
            copies.remove(index);
        } else {
            copies[index].reason = new;
        }
        Ok(admission)
    }

    fn known(&self, frame: &Frame) -> Known {
        let copies = || self.copies.get(&frame.key).into_iter().flatten();
        let used = copies().find(|copy| copy.reason.is_none());
        let ruled = self.ruled.contains_key(&frame.key);
        Known {
            stored: used.map(|copy| (copy.frame.digest, copy.frame.trust)),
            in_conflict: !ruled && copies().any(|copy| copy.reason == Some(Reason::Conflict)),
            ruled,
            quarantined: copies()
                .filter(|copy| copy.frame.digest == frame.digest)
                .filter_map(|copy| copy.reason)
                .collect(),
        }
    }

    /// The frames in use: key, digest and trust.
    pub(crate) fn used(&self) -> Vec<(FrameKey, [u8; 32], trier_roast::Trust)> {
        let all = self.copies.values().flatten().filter(|copy| copy.reason.is_none());
        all.map(|copy| (copy.frame.key.clone(), copy.frame.digest, copy.frame.trust)).collect()
    }
}

fn holder(frame: &Frame) -> Holder {
    Holder::of(&frame.key.tenant, &frame.key.device)
}
