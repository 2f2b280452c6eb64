//! Files and standard input: envelopes line by line, or batches one after the other (a CBOR
//! sequence, RFC 8742). Which of the two, the first byte says.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use super::sequence::{Item, next_item};
use super::{Door, Route};
use crate::writer::{Answer, GROUP_MESSAGES, Refusal};

/// The most of a message that is kept, bytes; one that is longer is refused, with this much to show.
const MESSAGE_BYTES: usize = 64 * 1024 + 1;

/// Messages on their way at once: a few groups, so that the disk never waits for the reader.
const AHEAD: usize = 4 * GROUP_MESSAGES;

/// Why reading ended early.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    /// The input cannot be read further.
    #[error("cannot read {name}")]
    Read {
        /// The file, or `standard input`.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The store refuses.
    #[error("{name}, message {number}: {source}")]
    Refused {
        /// The file, or `standard input`.
        name: String,
        /// Which message was the first that was not stored, from 1.
        number: u64,
        /// Why.
        source: Refusal,
    },
}

/// A message that was handed in.
#[derive(Debug)]
pub struct Sent {
    /// Which, from 1.
    pub number: u64,
    /// How long it was, its line's end or what follows it left out, bytes.
    pub bytes: usize,
    /// What becomes of it.
    pub answer: Answer,
}

/// Hands in every message of `input`, in a thread of its own; what comes out are the messages handed
/// in, in order, ending with an error where one ended it.
pub fn take(
    input: Box<dyn BufRead + Send>,
    name: String,
    tenant: String,
    door: Door,
) -> Receiver<Result<Sent, LinesError>> {
    let (sent, receiver) = sync_channel(AHEAD);
    std::thread::spawn(move || {
        let reader = Reader { input, name, tenant, door, number: 0 };
        if let Err(error) = reader.run(&sent) {
            // Nobody listens any more only when the whole program is ending.
            let _ = sent.send(Err(error));
        }
    });
    receiver
}

struct Reader {
    input: Box<dyn BufRead + Send>,
    name: String,
    tenant: String,
    door: Door,
    number: u64,
}

impl Reader {
    fn run(mut self, sent: &SyncSender<Result<Sent, LinesError>>) -> Result<(), LinesError> {
        let first = self.input.fill_buf().map(|bytes| bytes.first().copied());
        let first = first.map_err(|source| self.unread(source))?;
        // No text begins with a byte beyond ASCII; a batch is an array or a tag, and does.
        let is_text = first.is_none_or(|byte| byte < 0x80);
        loop {
            let next = if is_text {
                next_line(&mut *self.input)
            } else {
                next_item(&mut *self.input, MESSAGE_BYTES)
            };
            let message = match next.map_err(|source| self.unread(source))? {
                Item::End => return Ok(()),
                Item::Whole(message) | Item::Broken(message) => message,
            };
            if message.is_empty() {
                continue;
            }
            self.number += 1;
            let bytes = message.len();
            let answer = self.hand_in(message)?;
            if sent.send(Ok(Sent { number: self.number, bytes, answer })).is_err() {
                return Ok(());
            }
        }
    }

    fn unread(&self, source: io::Error) -> LinesError {
        LinesError::Read { name: self.name.clone(), source }
    }

    /// Offers a message until the queue has room.
    fn hand_in(&self, message: Vec<u8>) -> Result<Answer, LinesError> {
        let mut arrivals = vec![self.door.arrival(Route::of(&self.tenant), message)];
        loop {
            match self.door.desk.offer(arrivals) {
                Ok(answer) => return Ok(answer),
                Err((Refusal::Busy, back)) => arrivals = back,
                Err((source, _)) => {
                    let (name, number) = (self.name.clone(), self.number);
                    return Err(LinesError::Refused { name, number, source });
                }
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The next line without its end and the blanks around it. Of one that is too long the beginning.
fn next_line(input: &mut dyn BufRead) -> io::Result<Item> {
    let mut line = Vec::new();
    if input.take(MESSAGE_BYTES as u64).read_until(b'\n', &mut line)? == 0 {
        return Ok(Item::End);
    }
    if line.len() == MESSAGE_BYTES && line.last() != Some(&b'\n') {
        skip_line(input)?;
        return Ok(Item::Broken(line));
    }
    Ok(Item::Whole(line.trim_ascii().to_vec()))
}

fn skip_line(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let there = input.fill_buf()?;
        let end = there.iter().position(|byte| *byte == b'\n');
        let n = end.map_or(there.len(), |end| end + 1);
        input.consume(n);
        if end.is_some() || n == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_at_their_ends_and_long_ones_do_not_swallow_the_next() {
        let long = "x".repeat(3 * MESSAGE_BYTES);
        let text = format!("one\r\n\n{long}\n two \nlast");
        let mut input = io::BufReader::with_capacity(1000, text.as_bytes());
        let mut lines = Vec::new();
        loop {
            match next_line(&mut input).expect("memory reads") {
                Item::End => break,
                Item::Whole(line) => lines.push(String::from_utf8(line).expect("ASCII")),
                Item::Broken(line) => lines.push(format!("{} bytes", line.len())),
            }
        }
        assert_eq!(lines, ["one", "", "65537 bytes", "two", "last"]);
    }
}
