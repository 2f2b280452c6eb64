//! The judgement: how far what came is to be believed. Not whether it came before.

use trier_roast::{Distrust, EventTime, Trust};

use crate::keys::{Key, KeyState};
use crate::seal::Seal;
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

impl Registry {
    /// How far this batch is to be believed.
    ///
    /// The first of these that applies is the reason: another tenant, no signature where one is
    /// due, algorithm, unknown key, scope of the key, its state, its validity, the signature.
    #[must_use]
    pub fn judge_batch(&self, message: &BatchMessage, arrival: Arrival<'_>) -> Trust {
        let batch = &message.batch;
        self.judge(&batch.origin, Some(&batch.device), message.seal.as_ref(), arrival)
    }

    /// How far this envelope is to be believed; as [`Registry::judge_batch`].
    #[must_use]
    pub fn judge_envelope(&self, message: &EnvelopeMessage, arrival: Arrival<'_>) -> Trust {
        self.judge(&message.envelope.origin, None, message.seal.as_ref(), arrival)
    }

    fn judge(
        &self,
        origin: &Origin,
        device: Option<&str>,
        seal: Option<&Seal>,
        arrival: Arrival<'_>,
    ) -> Trust {
        if origin.org_id != arrival.tenant {
            return Trust::Unverified(Distrust::CrossTenant);
        }
        let Some(seal) = seal else {
            let due = self.asks_for_signature(origin, device);
            return if due { Trust::Unverified(Distrust::Stripped) } else { Trust::Unsigned };
        };
        self.check(origin, device, seal, arrival.at).map_or_else(Trust::Unverified, |()| Trust::Verified)
    }

    fn check(
        &self,
        origin: &Origin,
        device: Option<&str>,
        seal: &Seal,
        at: EventTime,
    ) -> Result<(), Distrust> {
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
        seal.check(&key.public)
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
