//! A device that signs. The secret comes in as an argument; no randomness is drawn here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use crate::batch::{BATCH_BYTES_MAX, Batch, BatchError, is_name};
use crate::{Envelope, cose};

/// A device's key and the name it is registered under. Never shown: it has no `Debug`.
pub struct DeviceKey {
    kid: String,
    key: SigningKey,
}

impl DeviceKey {
    /// The key that `seed` gives by RFC 8032: the same seed, the same key and signatures.
    ///
    /// - `kid`: its name in the registry.
    /// - `seed`: 32 secret bytes; a simulated device takes them from its stream of that name.
    ///
    /// # Errors
    /// [`BatchError::Name`] when `kid` is no name.
    pub fn from_seed(kid: &str, seed: &[u8; 32]) -> Result<Self, BatchError> {
        if !is_name(kid) {
            return Err(BatchError::Name { what: "kid" });
        }
        Ok(Self { kid: kid.to_owned(), key: SigningKey::from(*seed) })
    }

    /// The public key as the registry writes it, base64 of 32 bytes.
    #[must_use]
    pub fn public_key(&self) -> String {
        STANDARD.encode(VerificationKeyBytes::from(&self.key))
    }

    /// The signed message that carries `batch`.
    ///
    /// # Errors
    /// When the batch has no encoding, or the message would be too long.
    pub fn seal(&self, batch: &Batch) -> Result<Vec<u8>, BatchError> {
        let bytes = cose::sealed(&self.kid, batch.encode()?, |signed| self.key.sign(signed).to_bytes());
        if bytes.len() > BATCH_BYTES_MAX {
            return Err(BatchError::TooLong { got: bytes.len() });
        }
        Ok(bytes)
    }

    /// `envelope` with this key's name and signature.
    #[must_use]
    pub fn sign(&self, envelope: Envelope) -> Envelope {
        let named = Envelope { kid: Some(self.kid.clone()), sig: None, ..envelope };
        let signature = self.key.sign(&named.signed_bytes()).to_bytes();
        Envelope { sig: Some(STANDARD.encode(signature)), ..named }
    }
}
