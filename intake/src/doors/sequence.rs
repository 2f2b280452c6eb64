//! Where one CBOR item of a sequence ends and the next begins. Not what is in it.

use std::io::{self, BufRead};

use ciborium_ll::{Decoder, Header};

/// What was next in an input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Nothing more.
    End,
    /// One message.
    Whole(Vec<u8>),
    /// Something else: what there is of it. Where the next message would begin cannot be told in a
    /// sequence of CBOR, so there this is the last.
    Broken(Vec<u8>),
}

/// The next item of at most `most` bytes.
pub(crate) fn next_item(input: &mut dyn BufRead, most: usize) -> io::Result<Item> {
    let mut bytes = Vec::new();
    loop {
        match end(&bytes) {
            Ok(Some(end)) => {
                bytes.truncate(end);
                return Ok(Item::Whole(bytes));
            }
            Ok(None) if bytes.len() < most => {}
            Ok(None) | Err(Unending) => {
                // Read over what is left, since nothing in it can be told apart.
                io::copy(input, &mut io::sink())?;
                bytes.truncate(most);
                return Ok(Item::Broken(bytes));
            }
        }
        let there = input.fill_buf()?;
        if there.is_empty() {
            return Ok(if bytes.is_empty() { Item::End } else { Item::Broken(bytes) });
        }
        // Byte by byte is slow; a whole buffer may hold more than this item, which must stay.
        let n = taken(&bytes, there, most);
        bytes.extend_from_slice(&there[..n]);
        input.consume(n);
    }
}

/// How many bytes of `there` belong to the item that begins with `before`.
fn taken(before: &[u8], there: &[u8], most: usize) -> usize {
    let room = most.saturating_sub(before.len()).min(there.len());
    let all = [before, &there[..room]].concat();
    match end(&all) {
        Ok(Some(end)) => end - before.len(),
        _ => room,
    }
}

/// No item of definite length begins like this.
struct Unending;

/// How long the first item of `bytes` is; None where more bytes are needed to tell.
fn end(bytes: &[u8]) -> Result<Option<usize>, Unending> {
    let (mut at, mut items) = (0, 1_usize);
    while items > 0 {
        let Some(left) = bytes.get(at..).filter(|left| !left.is_empty()) else { return Ok(None) };
        let mut decoder = Decoder::from(left);
        let header = match decoder.pull() {
            Ok(header) => header,
            Err(ciborium_ll::Error::Io(_)) => return Ok(None),
            Err(ciborium_ll::Error::Syntax(_)) => return Err(Unending),
        };
        at += decoder.offset();
        items -= 1;
        let (inside, over) = match header {
            Header::Array(Some(n)) => (n, 0),
            Header::Map(Some(n)) => (n.saturating_mul(2), 0),
            Header::Tag(_) => (1, 0),
            Header::Text(Some(n)) | Header::Bytes(Some(n)) => (0, n),
            Header::Positive(_) | Header::Negative(_) | Header::Float(_) | Header::Simple(_) => (0, 0),
            _ => return Err(Unending),
        };
        items = items.saturating_add(inside);
        at = at.saturating_add(over);
    }
    Ok((at <= bytes.len()).then_some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three items: [1, "ab"], a tag around 5 bytes, and 7.
    const THREE: &[u8] = &[0x82, 0x01, 0x62, b'a', b'b', 0xd2, 0x45, 1, 2, 3, 4, 5, 0x07];

    fn items(bytes: &[u8], buffer: usize) -> Vec<Item> {
        let mut input = io::BufReader::with_capacity(buffer, bytes);
        let mut items = Vec::new();
        loop {
            match next_item(&mut input, 64).expect("memory reads") {
                Item::End => return items,
                item => items.push(item),
            }
        }
    }

    #[test]
    fn a_sequence_is_cut_the_same_however_it_arrives() {
        let whole = |range: std::ops::Range<usize>| Item::Whole(THREE[range].to_vec());
        for buffer in 1..=THREE.len() {
            assert_eq!(items(THREE, buffer), [whole(0..5), whole(5..12), whole(12..13)], "{buffer}");
        }
    }

    #[test]
    fn what_is_cut_off_or_has_no_end_is_the_last() {
        assert_eq!(items(&THREE[..8], 3)[1], Item::Broken(THREE[5..8].to_vec()));
        // An array without a length, and a text that claims to be longer than anything may be.
        for bytes in [&[0x9f, 1, 2, 0xff][..], &[0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 9][..]]
        {
            assert!(matches!(items(bytes, 2)[..], [Item::Broken(_)]), "{bytes:?}");
        }
    }
}
