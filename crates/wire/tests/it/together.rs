//! Signatures that are checked together: the same answers as one by one, also for those made to tell the two apart.

use coset::{CoseSign1, TaggedCborSerializable};
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::{Signature, VerifyingKey};
use proptest::prelude::*;
use sha2::{Digest, Sha512};
use trier_roast::{Distrust, Trust};
use trier_wire::{BatchMessage, DeviceKey, Judgement, Registry};

use crate::support::{KID, batch, entry, judged, key, now, registry, registry_of};

const ALTERED: Trust = Trust::Unverified(Distrust::Altered);

fn judged_together(registry: &Registry, messages: &[Vec<u8>]) -> Vec<Trust> {
    let judge = |bytes: &Vec<u8>| registry.judge_batch(&BatchMessage::read(bytes).expect("a batch"), now());
    Judgement::trusts(&messages.iter().map(judge).collect::<Vec<_>>())
}

/// A message whose signature is replaced by one over what it covers.
fn signed_by(bytes: &[u8], sign: impl FnOnce(&[u8]) -> [u8; 64]) -> (Vec<u8>, Vec<u8>, [u8; 64]) {
    let mut message = CoseSign1::from_tagged_slice(bytes).expect("ours");
    let covered = message.tbs_data(b"trier batch/1");
    let signature = sign(&covered);
    message.signature = signature.to_vec();
    (message.to_tagged_vec().expect("can be written"), covered, signature)
}

/// A signature with points of small order added to the key and to R, by somebody who knows the secret:
/// S = r + k·a solves the equation with the cofactor whatever was added.
fn crafted(secret: Scalar, added: EdwardsPoint, public: &[u8; 32], covered: &[u8]) -> [u8; 64] {
    let nonce = Scalar::from(0x5eed_u64 + u64::from(covered[0]));
    let r = (ED25519_BASEPOINT_POINT * nonce + added).compress().to_bytes();
    let hash = Sha512::new().chain_update(r).chain_update(public).chain_update(covered).finalize();
    let k = Scalar::from_bytes_mod_order_wide(&hash.into());
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice((nonce + k * secret).as_bytes());
    signature
}

#[test]
fn crafted_signatures_are_judged_alike_alone_and_together() {
    let secret = Scalar::from(0x00c0_ffee_u64);
    let mut strict_refuses = 0;
    for added_to_key in EIGHT_TORSION {
        let public = (ED25519_BASEPOINT_POINT * secret + added_to_key).compress().to_bytes();
        let good = entry(&key(), KID, "trier", "active", "");
        let registry = registry_of(&good.replace(&key().public_key(), &base64_of(&public)));
        let messages: Vec<Vec<u8>> = EIGHT_TORSION
            .iter()
            .map(|added_to_r| {
                let bytes = key().seal(&batch()).expect("can be written");
                let (bytes, covered, signature) =
                    signed_by(&bytes, |covered| crafted(secret, *added_to_r, &public, covered));
                let strict = VerifyingKey::from_bytes(&public).expect("a point");
                let strict = strict.verify_strict(&covered, &Signature::from_bytes(&signature));
                strict_refuses += usize::from(strict.is_err());
                bytes
            })
            .collect();
        let alone: Vec<Trust> = messages.iter().map(|bytes| judged(&registry, bytes)).collect();
        assert_eq!(alone, [Trust::Verified; 8]);
        assert_eq!(judged_together(&registry, &messages), alone);
    }
    // These are the signatures that the equation without the cofactor tells from honest ones, by chance in a batch.
    assert!(strict_refuses > 32, "{strict_refuses}");
}

fn base64_of(public: &[u8; 32]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(public)
}

#[test]
fn one_bad_signature_among_many_is_the_only_one_that_is_refused() {
    let message = |seq: u64| {
        let mut batch = batch();
        batch.seq = seq;
        key().seal(&batch).expect("can be written")
    };
    let mut messages: Vec<Vec<u8>> = (0..40).map(message).collect();
    // Valid, of another message: what it says is not what was signed.
    let other = CoseSign1::from_tagged_slice(&messages[3]).expect("ours").signature;
    messages[17] = signed_by(&messages[17], |_| other.try_into().expect("64 bytes")).0;
    let mut expected = vec![Trust::Verified; 40];
    expected[17] = ALTERED;
    assert_eq!(judged_together(&registry(), &messages), expected);
}

proptest! {
    #[test]
    fn any_group_is_judged_as_its_parts(
        group in prop::collection::vec((0_u8..3, any::<u64>(), prop::option::of(0_usize..512)), 0..12),
    ) {
        let kid = |who: u8| format!("device-{who}");
        let device = |who: u8| DeviceKey::from_seed(&kid(who), &[who + 1; 32]).expect("a name");
        // The third key is not registered.
        let entries: String = (0..2).map(|who| entry(&device(who), &kid(who), "trier", "active", "")).collect();
        let registry = registry_of(&entries);
        let messages: Vec<Vec<u8>> = group
            .iter()
            .map(|(who, seq, flipped)| {
                let bytes = device(*who).seal(&{ let mut b = batch(); b.seq = *seq; b }).expect("can be written");
                flipped.map_or(bytes.clone(), |bit| signed_by(&bytes, |_| {
                    let mut signature = [0; 64];
                    signature.copy_from_slice(&bytes[bytes.len() - 64..]);
                    signature[bit / 8] ^= 1 << (bit % 8);
                    signature
                }).0)
            })
            .collect();
        let alone: Vec<Trust> = messages.iter().map(|bytes| judged(&registry, bytes)).collect();
        for (trust, (who, _, flipped)) in alone.iter().zip(&group) {
            prop_assert_eq!(*trust == Trust::Verified, *who < 2 && flipped.is_none());
        }
        prop_assert_eq!(judged_together(&registry, &messages), alone);
    }
}
