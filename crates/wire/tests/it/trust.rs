//! Who is believed: each way to cheat or to be late ends in its own reason.

use coset::iana::Algorithm;
use coset::{CoseSign1, TaggedCborSerializable};
use proptest::prelude::*;
use trier_roast::{Distrust, Trust};
use trier_wire::{
    Arrival, BatchMessage, DeviceKey, Envelope, EnvelopeMessage, KeyState, KeysError, Registry,
};

use crate::support::{
    KID, at, batch, charge, entry, judged, judged_line, key, now, origin, registry, registry_of, signed_line,
};

fn unverified(reason: Distrust) -> Trust {
    Trust::Unverified(reason)
}

/// The signed batch with something of its COSE message changed.
fn changed(change: impl FnOnce(&mut CoseSign1)) -> Vec<u8> {
    let bytes = key().seal(&batch()).expect("can be written");
    let mut message = CoseSign1::from_tagged_slice(&bytes).expect("ours");
    change(&mut message);
    message.protected.original_data = None;
    message.to_tagged_vec().expect("can be written")
}

/// S + L: the same scalar to a verifier that forgets to look.
fn plus_order(signature: &[u8]) -> Vec<u8> {
    // RFC 8032, section 5.1: L = 2^252 + 27742317777372353535851937790883648493.
    let low: u128 = 27_742_317_777_372_353_535_851_937_790_883_648_493;
    let mut order = low.to_le_bytes().to_vec();
    order.extend([0; 16]);
    order[31] = 0x10;
    let mut sum = signature.to_vec();
    let mut carry = 0_u16;
    for (byte, add) in sum[32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    sum
}

/// Of `batch()` under `key()`.
const S_OF_NEUTRAL_R: [u8; 32] = [
    0x80, 0x68, 0x08, 0x84, 0x00, 0xe4, 0xaf, 0xa3, 0x82, 0x0c, 0x4b, 0xd9, 0xba, 0x3b, 0xe8, 0x24, 0xef,
    0x3e, 0xf2, 0xd0, 0xa8, 0x11, 0x16, 0x13, 0x31, 0x12, 0x4b, 0xe0, 0xa2, 0x5f, 0x3d, 0x04,
];

#[test]
fn keys_are_those_of_rfc_8032() {
    // Section 7.1, test 1: the secret and its public key.
    let secret = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44,
        0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ];
    let key = DeviceKey::from_seed(KID, &secret).expect("a name");
    assert_eq!(key.public_key(), "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
}

#[test]
fn each_state_of_a_key_has_its_reason() {
    let bytes = key().seal(&batch()).expect("can be written");
    let until = "valid_until = \"2026-02-01T00:00:00Z\"";
    for (state, extra, expected) in [
        ("pending", "", unverified(Distrust::PendingKey)),
        ("active", "", Trust::Verified),
        ("retiring", until, Trust::Verified),
        ("retired", until, unverified(Distrust::RetiredKey)),
        ("revoked", "", unverified(Distrust::RevokedKey)),
    ] {
        let registry = registry_of(&entry(&key(), KID, "trier", state, extra));
        assert_eq!(judged(&registry, &bytes), expected, "{state}");
        assert_eq!(judged_line(&registry, &signed_line()), expected, "{state}");
    }
    assert_eq!(judged(&Registry::default(), &bytes), unverified(Distrust::UnknownKey));
}

#[test]
fn rotation_overlaps_and_ends_on_the_instant() {
    let next = DeviceKey::from_seed("device:gd12@lab#2", &[8; 32]).expect("a name");
    let old_entry = entry(&key(), KID, "trier", "retiring", "valid_until = \"2026-02-04T00:00:00Z\"");
    let new_entry = entry(&next, "device:gd12@lab#2", "trier", "active", "")
        .replace("2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z");
    let registry = registry_of(&(old_entry + &new_entry));
    assert_eq!(registry.state(KID), Some(KeyState::Retiring));
    let by_old = BatchMessage::read(&key().seal(&batch()).expect("written")).expect("read");
    let by_new = BatchMessage::read(&next.seal(&batch()).expect("written")).expect("read");
    for (time, old, new) in [
        ("2025-12-31T23:59:59.999Z", unverified(Distrust::NotYetValid), unverified(Distrust::NotYetValid)),
        ("2026-01-01T00:00:00Z", Trust::Verified, unverified(Distrust::NotYetValid)),
        ("2026-01-05T00:00:00Z", Trust::Verified, Trust::Verified),
        // Thirty days of what the device kept while offline.
        ("2026-02-03T23:59:59.999Z", Trust::Verified, Trust::Verified),
        ("2026-02-04T00:00:00Z", unverified(Distrust::ExpiredKey), Trust::Verified),
    ] {
        assert_eq!(registry.judge_batch(&by_old, at(time)).trust(), old, "old key at {time}");
        assert_eq!(registry.judge_batch(&by_new, at(time)).trust(), new, "new key at {time}");
    }
}

#[test]
fn nobody_speaks_for_another_tenant_machine_or_device() {
    let bytes = key().seal(&batch()).expect("can be written");
    // A valid batch through the door of another.
    let elsewhere = Arrival { tenant: "rival", ..now() };
    let message = BatchMessage::read(&bytes).expect("a batch");
    assert_eq!(registry().judge_batch(&message, elsewhere).trust(), unverified(Distrust::CrossTenant));
    let line = EnvelopeMessage::read(&signed_line()).expect("an envelope");
    assert_eq!(registry().judge_envelope(&line, elsewhere).trust(), unverified(Distrust::CrossTenant));
    // A rival's valid key over a batch that says it is ours.
    let rival = registry_of(&entry(&key(), KID, "rival", "active", ""));
    assert_eq!(judged(&rival, &bytes), unverified(Distrust::CrossTenant));
    let of_machine = |machine: &str, device: &str| {
        let mut batch = batch();
        (batch.origin.machine_id, batch.device) = (machine.into(), device.into());
        key().seal(&batch).expect("can be written")
    };
    let bound = registry_of(&entry(&key(), KID, "trier", "active", "device = \"agent-1\""));
    assert_eq!(judged(&bound, &of_machine("gd12", "agent-1")), Trust::Verified);
    assert_eq!(judged(&bound, &of_machine("gd60", "agent-1")), unverified(Distrust::OutOfScope));
    assert_eq!(judged(&bound, &of_machine("gd12", "agent-2")), unverified(Distrust::OutOfScope));
    let bridge = registry_of(&entry(&key(), KID, "trier", "active", "").replace("machine = \"gd12\"\n", ""));
    assert_eq!(judged(&bridge, &of_machine("gd60", "any")), Trust::Verified);
}

#[test]
fn unsigned_is_shown_unless_a_signature_is_due() {
    let bare = batch().encode().expect("can be written");
    let line = Envelope::of_reading(&origin(), charge(), &batch().readings[0]).to_json();
    let registry =
        |signed_only: &str| registry_of(&(entry(&key(), KID, "trier", "active", "") + signed_only));
    for (signed_only, expected) in [
        ("", Trust::Unsigned),
        ("[[signed_only]]\norg = \"trier\"\nmachine = \"gd60\"", Trust::Unsigned),
        ("[[signed_only]]\norg = \"trier\"", unverified(Distrust::Stripped)),
        (
            "[[signed_only]]\norg = \"trier\"\nsite = \"lab\"\nmachine = \"gd12\"",
            unverified(Distrust::Stripped),
        ),
    ] {
        assert_eq!(judged(&registry(signed_only), &bare), expected, "{signed_only}");
        assert_eq!(judged_line(&registry(signed_only), &line), expected, "{signed_only}");
    }
}

#[test]
fn malleated_signatures_and_other_algorithms_are_told_from_altered_content() {
    let registry = registry();
    // The neutral point, of order 1, for R, and the S that solves the equation with it: hash times secret,
    // modulo L, worked out from RFC 8032 with integers. Only the strict rule refuses it.
    let weak_r = |signature: &mut Vec<u8>| {
        signature.fill(0);
        signature[0] = 1;
        signature[32..].copy_from_slice(&S_OF_NEUTRAL_R);
    };
    for (what, bytes, reason) in [
        ("S + L", changed(|m| m.signature = plus_order(&m.signature)), Distrust::Malleated),
        ("small R", changed(|m| weak_r(&mut m.signature)), Distrust::Malleated),
        ("short", changed(|m| m.signature.truncate(63)), Distrust::Malleated),
        ("none", changed(|m| m.signature.clear()), Distrust::Malleated),
        ("zeros for S", changed(|m| m.signature[32..].fill(0)), Distrust::Altered),
        ("another kid", changed(|m| m.protected.header.key_id = b"../keys".to_vec()), Distrust::UnknownKey),
    ] {
        assert_eq!(judged(&registry, &bytes), unverified(reason), "{what}");
    }
    for algorithm in [Algorithm::EdDSA, Algorithm::ES256, Algorithm::HMAC_256_256] {
        let bytes = changed(|m| {
            m.protected.header.alg = Some(coset::RegisteredLabelWithPrivate::Assigned(algorithm));
        });
        assert_eq!(judged(&registry, &bytes), unverified(Distrust::WrongAlgorithm), "{algorithm:?}");
    }
    let mut hotter = batch();
    hotter.seq += 1;
    let altered = changed(|m| m.payload = Some(hotter.encode().expect("can be written")));
    assert_eq!(judged(&registry, &altered), unverified(Distrust::Altered));
    // A header nobody signed, or one more that somebody did.
    for bytes in
        [changed(|m| m.unprotected.key_id = b"other".to_vec()), changed(|m| m.protected.header.iv = vec![1])]
    {
        assert!(BatchMessage::read(&bytes).is_err());
    }
}

#[test]
fn a_signed_envelope_covers_all_that_it_says() {
    let (registry, line) = (registry(), signed_line());
    assert_eq!(judged_line(&registry, &line), Trust::Verified);
    let altered = |from: &str, to: &str| {
        assert!(line.contains(from), "{from} is not in {line}");
        judged_line(&registry, &line.replacen(from, to, 1))
    };
    for (from, to) in [
        ("\"btC\":196.3", "\"btC\":196.4"),
        ("\"btC\":196.3,", ""),
        ("\"ts\":\"2026-01-05T09:09:00.000Z\"", "\"ts\":\"2026-01-05T09:09:00.001Z\""),
        ("\"origin\":{", "\"sessionId\":\"S-1\",\"origin\":{"),
        ("\"gasPct\":75", "\"gasPct\":75,\"unread\":1"),
    ] {
        assert_eq!(altered(from, to), unverified(Distrust::Altered), "{from}");
    }
    assert_eq!(altered("\"orgId\":\"trier\"", "\"orgId\":\"rival\""), unverified(Distrust::CrossTenant));
    assert_eq!(altered("device:gd12@lab", "device:gd60@lab"), unverified(Distrust::UnknownKey));
    // The same content, written otherwise, and what receivers add.
    for (from, to) in [
        ("\"btC\":196.3", "\"btC\" : 1963e-1"),
        ("\"gasPct\":75", "\"gasPct\":75.0"),
        ("\"origin\":{", "\"_verification\":{\"verified\":false},\"origin\":{"),
    ] {
        assert_eq!(altered(from, to), Trust::Verified, "{to}");
    }
}

proptest! {
    #[test]
    fn an_envelope_changed_anywhere_says_the_same_or_is_not_believed(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[ -~]", any::<bool>()), 1..4),
    ) {
        let honest = signed_line();
        let mut line = honest.clone();
        for (place, with, instead) in changes {
            let place = place.index(line.len());
            line.replace_range(place..place + usize::from(instead), &with);
        }
        if let Ok(message) = EnvelopeMessage::read(&line)
            && registry().judge_envelope(&message, now()).trust() == Trust::Verified
        {
            prop_assert_eq!(message.envelope, Envelope::from_json(&honest).expect("ours"));
        }
    }
}

#[test]
fn signatures_of_envelopes_have_one_text() {
    let (registry, line) = (registry(), signed_line());
    let sig = |change: &dyn Fn(&str) -> String| {
        let mut envelope = Envelope::from_json(&line).expect("ours");
        envelope.sig = envelope.sig.map(|sig| change(&sig));
        judged_line(&registry, &envelope.to_json())
    };
    assert_eq!(sig(&|sig| sig.to_owned()), Trust::Verified);
    // The last digit of 64 bytes carries four bits that stand for nothing.
    let spare = |sig: &str| {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let last = digits.iter().position(|digit| *digit == sig.as_bytes()[85]).expect("a digit");
        format!("{}{}==", &sig[..85], char::from(digits[last + 1]))
    };
    assert_eq!(sig(&spare), unverified(Distrust::Malleated));
    assert_eq!(sig(&|sig| sig.trim_end_matches('=').to_owned()), unverified(Distrust::Malleated));
    assert_eq!(sig(&|_| String::new()), unverified(Distrust::Malleated));
    // A token that is valid for what its own middle part says: production believes it for anything.
    let token = "eyJhbGciOiJFZERTQSJ9.eyJidEMiOjE5Ni4zfQ.c2ln";
    assert_eq!(sig(&|_| token.to_owned()), unverified(Distrust::WrongAlgorithm));
}

#[test]
fn registries_that_invite_trouble_are_refused() {
    let good = entry(&key(), KID, "trier", "active", "");
    let public = key().public_key();
    let wrong = |text: String| Registry::parse(&format!("schema = \"keys/1\"\n{text}"), "keys.toml");
    // RFC 7748 and 8032: points of order 1, 2 and 4, and y = p + 1, another writing of the neutral point.
    let weak = [
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "7P///////////////////////////////////////38=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "7v///////////////////////////////////////38=",
    ];
    for key in weak {
        let refused = wrong(good.replace(&public, key));
        assert!(matches!(&refused, Err(KeysError::Value { key, .. }) if key == "key[1].public_key"), "{key}");
    }
    let again = entry(&key(), "another", "trier", "active", "");
    let next = DeviceKey::from_seed("next", &[8; 32]).expect("a name");
    for (what, text, says) in [
        (
            "one key under two names",
            format!("{good}{again}"),
            "key[2].public_key is \"that of device:gd12@lab\"",
        ),
        ("one name for two keys", good.clone() + &entry(&next, KID, "trier", "active", ""), "key[2].kid"),
        (
            "ends before it begins",
            good.clone() + "valid_until = \"2025-01-01T00:00:00Z\"",
            "after valid_from",
        ),
        ("retiring for ever", good.replace("active", "retiring"), "as the key is retiring"),
        ("no name", good.replace("org = \"trier\"", "org = \"\""), "key[1].org"),
        ("no time", good.replace("2026-01-01T00:00:00Z", "2026"), "key[1].valid_from is \"2026\""),
    ] {
        let error = wrong(text).expect_err(what).to_string();
        assert!(error.contains(says) && error.starts_with("keys.toml: "), "{what}: {error}");
    }
    for unknown in
        [good.replace("state", "stat"), good.replace("active", "asleep"), good + "algorithm = \"none\""]
    {
        assert!(matches!(wrong(unknown), Err(KeysError::Parse { .. })));
    }
    assert!(Registry::parse("schema = \"keys/2\"", "keys.toml").is_err());
}
