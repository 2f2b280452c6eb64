//! A batch as a message: bare, or signed as COSE_Sign1 (RFC 9052). Not whether it is believed.

use coset::iana::Algorithm;
use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, RegisteredLabelWithPrivate, TaggedCborSerializable};

use crate::batch::{BATCH_BYTES_MAX, Batch, BatchError, is_name};
use crate::seal::Seal;

/// Signed beside the payload, so that a signature over a batch means nothing elsewhere.
const CONTEXT: &[u8] = b"trier batch/1";
/// The first byte of a signed batch: the CBOR tag 18 of COSE_Sign1.
const TAG: u8 = 0xd2;

/// A batch as it came, with what its signature, if any, covers.
#[derive(Clone, Debug)]
pub struct BatchMessage {
    /// What was said, whether believed or not.
    pub batch: Batch,
    /// BLAKE3 of the batch's canonical bytes, without signature: the same for a repeat signed
    /// by another key.
    pub digest: [u8; 32],
    pub(crate) seal: Option<Seal>,
}

impl BatchMessage {
    /// The message that these bytes are: a bare batch, or one within COSE_Sign1.
    ///
    /// # Errors
    /// When they are neither, too long, or not canonical in any part.
    pub fn read(bytes: &[u8]) -> Result<Self, BatchError> {
        if bytes.len() > BATCH_BYTES_MAX {
            return Err(BatchError::TooLong { got: bytes.len() });
        }
        if bytes.first() != Some(&TAG) {
            return Ok(Self { batch: Batch::decode(bytes)?, digest: digest(bytes), seal: None });
        }
        let frame = |what| BatchError::Frame { what };
        let mut message = CoseSign1::from_tagged_slice(bytes).map_err(|_| frame("not of that shape"))?;
        let header = &message.protected.header;
        let algorithm = header.alg.clone().ok_or(frame("no algorithm is signed"))?;
        let is_ed25519 = algorithm == RegisteredLabelWithPrivate::Assigned(Algorithm::Ed25519);
        let kid = std::str::from_utf8(&header.key_id).ok().filter(|kid| is_name(kid));
        let kid = kid.ok_or(frame("no key is named"))?.to_owned();
        let payload = message.payload.take().ok_or(frame("no payload"))?;
        let (digest, batch) = (digest(&payload), Batch::decode(&payload));
        let signature = message.signature.as_slice().try_into().ok();
        // Rebuilt from the little that counts: other headers, an unprotected one, or another
        // encoding of any of them cannot come out the same.
        let rebuilt = CoseSign1 { signature: message.signature, ..unsigned(algorithm, &kid, payload) };
        let signed = rebuilt.tbs_data(CONTEXT);
        if finish(rebuilt) != bytes {
            return Err(BatchError::NotCanonical);
        }
        let seal = Seal { kid, is_ed25519, signature, signed, said: digest };
        Ok(Self { batch: batch?, digest, seal: Some(seal) })
    }
}

/// The bytes of COSE_Sign1 over `payload`, with the signature that `sign` makes of what is signed.
pub(crate) fn sealed(kid: &str, payload: Vec<u8>, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Vec<u8> {
    let mut message = unsigned(RegisteredLabelWithPrivate::Assigned(Algorithm::Ed25519), kid, payload);
    message.signature = sign(&message.tbs_data(CONTEXT)).to_vec();
    finish(message)
}

fn unsigned(algorithm: RegisteredLabelWithPrivate<Algorithm>, kid: &str, payload: Vec<u8>) -> CoseSign1 {
    let header = HeaderBuilder::new().algorithm_label(algorithm).key_id(kid.as_bytes().to_vec()).build();
    CoseSign1Builder::new().protected(header).payload(payload).build()
}

fn finish(message: CoseSign1) -> Vec<u8> {
    message.to_tagged_vec().expect("headers, bytes and bytes have an encoding")
}

fn digest(payload: &[u8]) -> [u8; 32] {
    *blake3::hash(payload).as_bytes()
}
