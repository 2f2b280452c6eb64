//! A signature beside what it covers, and whether signatures hold, one or many at once. Not who may sign.
//!
//! One rule for both: S below the group's order, neither R nor the key of small order or written any other way
//! than the one, and 8·S·B = 8·R + 8·k·A (RFC 8032, section 5.1.7, with the cofactor). The equation without the
//! cofactor may say otherwise of a crafted signature when it is checked among others; this one says the same
//! (ZIP 215).

use ed25519_zebra::batch::{Item, Verifier};
use ed25519_zebra::{Signature, VerificationKeyBytes};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
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
    /// The digest of what was said: with the key's name it settles what is covered.
    pub(crate) said: [u8; 32],
}

impl Seal {
    /// What is left to check of this signature, if `key` is to have made it.
    pub(crate) fn unchecked(&self, key: VerificationKeyBytes) -> Result<Unchecked, Distrust> {
        let bytes = self.signature.filter(|bytes| !is_malleated(bytes)).ok_or(Distrust::Malleated)?;
        let mut digest = blake3::Hasher::new();
        digest.update(key.as_ref()).update(&bytes).update(&self.said).update(self.kid.as_bytes());
        let item = Item::from((key, Signature::from_bytes(&bytes), &self.signed[..]));
        Ok(Unchecked { item, digest: *digest.finalize().as_bytes() })
    }
}

/// A signature that may be good: it is well formed, and what it covers is hashed.
#[derive(Clone, Debug)]
pub(crate) struct Unchecked {
    item: Item,
    /// Of the key, the signature and, by way of its own digest, what it covers.
    digest: [u8; 32],
}

impl Unchecked {
    /// Whether each of these signatures holds: the same answers as one by one, at a quarter to a half of
    /// the work, less still where keys repeat. Where one does not hold, all are checked one by one.
    pub(crate) fn hold(signatures: &[&Self]) -> Vec<bool> {
        if signatures.len() > 1 && all_hold(signatures) {
            return vec![true; signatures.len()];
        }
        signatures.iter().map(|one| one.holds()).collect()
    }

    fn holds(&self) -> bool {
        self.item.clone().verify_single().is_ok()
    }
}

/// Whether a random sum of all equations holds: if one of them does not, this is true once in 2^128 times.
///
/// The factors are drawn from a hash of all that is checked, contents too: whoever changes any of it to go with the
/// factors changes the factors. So nothing random needs to come in.
fn all_hold(signatures: &[&Unchecked]) -> bool {
    let mut seed =
        blake3::Hasher::new_derive_key("trier wire: factors of signatures that are checked together");
    let mut together = Verifier::new();
    for Unchecked { item, digest } in signatures {
        seed.update(digest);
        together.queue(item.clone());
    }
    together.verify(ChaCha20Rng::from_seed(*seed.finalize().as_bytes())).is_ok()
}

/// Whether no honest signer writes this signature, whatever it is over.
fn is_malleated(signature: &[u8; 64]) -> bool {
    let mut r = [0; 32];
    r.copy_from_slice(&signature[..32]);
    let s_is_small = signature[32..].iter().rev().lt(ORDER.iter().rev());
    !s_is_small || !is_sound_point(&r)
}

/// Whether these bytes can be a point that an honest signer writes: y is written as the one number below
/// 2^255 − 19 that it is, and not that of a point of small order. Not whether there is a point of this y.
pub(crate) fn is_sound_point(bytes: &[u8; 32]) -> bool {
    let mut y = *bytes;
    y[31] &= 0x7f;
    y.iter().rev().lt(PRIME.iter().rev()) && !SMALL_ORDER_Y.contains(&y)
}

/// The order of the group, 2^252 + 27742317777372353535851937790883648493, least byte first.
/// Source: RFC 8032, section 5.1.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// 2^255 − 19, least byte first.
const PRIME: [u8; 32] = {
    let mut prime = [0xff; 32];
    prime[0] = 0xed;
    prime[31] = 0x7f;
    prime
};

/// The five y of the eight points whose order divides 8: of order 1, 2 and 4, and twice of order 8. A test
/// makes them anew.
const SMALL_ORDER_Y: [[u8; 32]; 5] = {
    let (mut one, mut minus_one) = ([0; 32], PRIME);
    one[0] = 1;
    minus_one[0] = 0xec;
    [one, minus_one, [0; 32], EIGHTH, MINUS_EIGHTH]
};
const EIGHTH: [u8; 32] = [
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
    0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
];
const MINUS_EIGHTH: [u8; 32] = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
    0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;

    use super::*;

    #[test]
    fn points_of_small_order_are_known_by_their_y() {
        for point in EIGHT_TORSION {
            assert!(!is_sound_point(&point.compress().to_bytes()), "{point:?}");
            assert!(!is_sound_point(&(-point).compress().to_bytes()), "{point:?}");
        }
        let mut listed = SMALL_ORDER_Y.to_vec();
        listed.sort_unstable();
        listed.dedup();
        assert_eq!(listed.len(), 5);
        // The base point's y is four fifths; p + 1 is another writing of one.
        let mut base = [0x66; 32];
        base[0] = 0x58;
        assert!(is_sound_point(&base));
        let mut again = PRIME;
        again[0] = 0xee;
        assert!(!is_sound_point(&again));
    }
}
