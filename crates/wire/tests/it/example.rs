//! The worked example of `docs/wire.md`, made again.

use trier_roast::Trust;
use trier_wire::{Batch, BatchMessage, EnvelopeMessage};

use crate::support::{KID, batch, entry, judged, key, now, registry_of, signed_line};

/// The document's fenced blocks in this language, in order.
fn blocks(language: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/wire.md");
    let text = std::fs::read_to_string(path).expect("it ships");
    let fenced = text.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.strip_prefix(&format!("{language}\n"))).map(str::to_owned).collect()
}

/// The bytes that lines of hex digits show; from `#` on a line is for people.
fn bytes(listing: &str) -> Vec<u8> {
    let digits: Vec<char> = listing
        .lines()
        .flat_map(|line| line.split('#').next().unwrap_or_default().chars())
        .filter(|digit| !digit.is_whitespace())
        .collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).expect("hex digits");
    digits.chunks(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_documents_batch_is_the_one_we_write() {
    let [payload, message] = blocks("cbor").try_into().expect("two listings");
    let (payload, message) = (bytes(&payload), bytes(&message));
    assert_eq!(hex(&payload), hex(&batch().encode().expect("can be written")));
    assert_eq!(hex(&message), hex(&key().seal(&batch()).expect("can be written")));
    assert_eq!(Batch::decode(&payload), Ok(batch()));
}

#[test]
fn the_documents_registry_believes_the_documents_messages() {
    let [registry] = blocks("toml").try_into().expect("one registry");
    assert!(registry.contains(&key().public_key()), "the key is {}", key().public_key());
    let registry = trier_wire::Registry::parse(&registry, "docs/wire.md").expect("a registry");
    let [_, message] = blocks("cbor").try_into().expect("two listings");
    let message = BatchMessage::read(&bytes(&message)).expect("a batch");
    assert_eq!(registry.judge_batch(&message, now()).trust(), Trust::Verified);
    let [line] = blocks("json").try_into().expect("one envelope");
    assert_eq!(line.trim_end(), signed_line());
    let line = EnvelopeMessage::read(&line).expect("an envelope");
    assert_eq!(registry.judge_envelope(&line, now()).trust(), Trust::Verified);
    // Not so by the same key withdrawn.
    let withdrawn = registry_of(&entry(&key(), KID, "trier", "revoked", ""));
    assert_ne!(judged(&withdrawn, &key().seal(&batch()).expect("can be written")), Trust::Verified);
}
