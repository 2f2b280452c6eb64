//! The judgement: how far what came is to be believed. Not whether it came before.
//!
//! It has two parts, so that the signatures of many messages can be checked together, which is cheaper: first what
//! the registry knows, then what is left of the signature.

use trier_roast::{Distrust, EventTime, Trust};

use crate::keys::{Key, KeyState};
use crate::seal::{Seal, Unchecked};
use crate::{BatchMessage, EnvelopeMessage, Origin, Registry};

/// How something came in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The company whose door it came through, by its credentials or route: never by what it says.
    pub tenant: &'a str,
    /// When it was received, by our clock. A sender's own times prove nothing: whoever holds a
    /// revoked key can write yesterday's date.
    pub at: EventTime,
}

/// How far something is to be believed, but for its signature, which may still be to be checked.
#[derive(Clone, Debug)]
pub struct Judgement(Result<Unchecked, Trust>);

impl Judgement {
    /// How far it is to be believed.
    #[must_use]
    pub fn trust(&self) -> Trust {
        Self::trusts([self])[0]
    }

    /// How far each is to be believed: the same as one by one, at a part of the work, as their signatures
    /// are checked together.
    #[must_use]
    pub fn trusts<'a>(judgements: impl IntoIterator<Item = &'a Self>) -> Vec<Trust> {
        let judgements: Vec<&Self> = judgements.into_iter().collect();
        let unchecked: Vec<&Unchecked> = judgements.iter().filter_map(|one| one.0.as_ref().ok()).collect();
        let mut held = Unchecked::hold(&unchecked).into_iter();
        let trust = |one: &Self| match one.0 {
            Err(known) => known,
            Ok(_) if held.next() == Some(true) => Trust::Verified,
            Ok(_) => Trust::Unverified(Distrust::Altered),
        };
        judgements.into_iter().map(trust).collect()
    }
}

impl Registry {
    /// How far this batch is to be believed.
    ///
    /// The first of these that applies is the reason: another tenant, no signature where one is
    /// due, algorithm, unknown key, scope of the key, its state, its validity, the signature's form, the signature.
    #[must_use]
    pub fn judge_batch(&self, message: &BatchMessage, arrival: Arrival<'_>) -> Judgement {
        let batch = &message.batch;
        self.judge(&batch.origin, Some(&batch.device), message.seal.as_ref(), arrival)
    }

    /// How far this envelope is to be believed; as [`Registry::judge_batch`].
    #[must_use]
    pub fn judge_envelope(&self, message: &EnvelopeMessage, arrival: Arrival<'_>) -> Judgement {
        self.judge(&message.envelope.origin, None, message.seal.as_ref(), arrival)
    }

    fn judge(
        &self,
        origin: &Origin,
        device: Option<&str>,
        seal: Option<&Seal>,
        arrival: Arrival<'_>,
    ) -> Judgement {
        if origin.org_id != arrival.tenant {
            return Judgement(Err(Trust::Unverified(Distrust::CrossTenant)));
        }
        let Some(seal) = seal else {
            let due = self.asks_for_signature(origin, device);
            return Judgement(Err(if due { Trust::Unverified(Distrust::Stripped) } else { Trust::Unsigned }));
        };
        Judgement(self.look(origin, device, seal, arrival.at).map_err(Trust::Unverified))
    }

    fn look(
        &self,
        origin: &Origin,
        device: Option<&str>,
        seal: &Seal,
        at: EventTime,
    ) -> Result<Unchecked, Distrust> {
        if !seal.is_ed25519 {
            return Err(Distrust::WrongAlgorithm);
        }
        let key = self.key(&seal.kid).ok_or(Distrust::UnknownKey)?;
        if key.scope.org != origin.org_id {
            return Err(Distrust::CrossTenant);
        }
        if !key.scope.covers(origin, device) {
            return Err(Distrust::OutOfScope);
        }
        check_life(key, at)?;
        seal.unchecked(key.public)
    }
}

/// Whether the key is believed at `at`.
fn check_life(key: &Key, at: EventTime) -> Result<(), Distrust> {
    match key.state {
        KeyState::Pending => Err(Distrust::PendingKey),
        KeyState::Retired => Err(Distrust::RetiredKey),
        KeyState::Revoked => Err(Distrust::RevokedKey),
        KeyState::Active | KeyState::Retiring if at < key.valid_from => Err(Distrust::NotYetValid),
        KeyState::Active | KeyState::Retiring if key.valid_until.is_some_and(|until| until <= at) => {
            Err(Distrust::ExpiredKey)
        }
        KeyState::Active | KeyState::Retiring => Ok(()),
    }
}
