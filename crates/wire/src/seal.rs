//! A signature beside what it covers, and the strict check of one. Not who may sign.

use ed25519_dalek::{Signature, VerifyingKey};
use trier_roast::Distrust;

/// A signature as it came. Nothing is checked yet.
#[derive(Clone, Debug)]
pub(crate) struct Seal {
    /// The key it claims.
    pub(crate) kid: String,
    /// Whether it claims to be Ed25519, the one algorithm there is.
    pub(crate) is_ed25519: bool,
    /// None where these are not the 64 bytes, written the one way, of a signature.
    pub(crate) signature: Option<[u8; 64]>,
    /// What it covers.
    pub(crate) signed: Vec<u8>,
}

impl Seal {
    /// Whether `key` signed this, by the strict rule: S below the group's order, R canonical and
    /// neither R nor the key of small order (`verify_strict`; RFC 8032, section 5.1.7, without
    /// the cofactor).
    pub(crate) fn check(&self, key: &VerifyingKey) -> Result<(), Distrust> {
        let bytes = self.signature.as_ref().ok_or(Distrust::Malleated)?;
        let holds = key.verify_strict(&self.signed, &Signature::from_bytes(bytes));
        holds.map_err(|_| if is_malleated(bytes) { Distrust::Malleated } else { Distrust::Altered })
    }
}

/// Whether no honest signer writes this signature, whatever it is over.
fn is_malleated(signature: &[u8; 64]) -> bool {
    let mut r = [0; 32];
    r.copy_from_slice(&signature[..32]);
    let s_is_small = signature[32..].iter().rev().lt(ORDER.iter().rev());
    // A point, so the type for keys can tell whether its order is small.
    !s_is_small || !is_canonical_point(&r) || VerifyingKey::from_bytes(&r).is_ok_and(|r| r.is_weak())
}

/// Whether the point's y is written as the one number below 2^255 − 19 that it is.
pub(crate) fn is_canonical_point(bytes: &[u8; 32]) -> bool {
    bytes[31] & 0x7f != 0x7f || bytes[1..31].iter().any(|byte| *byte != 0xff) || bytes[0] < 0xed
}

/// The order of the group, 2^252 + 27742317777372353535851937790883648493, least byte first.
/// Source: RFC 8032, section 5.1.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];
