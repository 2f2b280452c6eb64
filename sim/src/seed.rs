//! Where randomness comes from: one independent stream for each named purpose.
//!
//! A stream's key is a hash of the run's seed, the machine, the batch and the
//! stream's name, so adding a probe or asking one stream for more numbers moves no
//! other stream.

use crate::draw::Draw;

/// The root of all randomness of one batch.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    run: u64,
    machine: Box<str>,
    /// Whose draws these are.
    drawn_as: u32,
    batch: u32,
}

impl Seed {
    /// The root for `batch` on `machine` under the run's `seed`.
    pub(crate) fn new(seed: u64, machine: &str, batch: u32) -> Self {
        Self { run: seed, machine: machine.into(), drawn_as: batch, batch }
    }

    /// Which batch of the machine this is: how many come after it up to the asked one.
    pub(crate) fn batch(&self) -> u32 {
        self.batch
    }

    /// The same root for another batch that shares its draws.
    pub(crate) fn counted_as(mut self, batch: u32) -> Self {
        self.batch = batch;
        self
    }

    /// The stream named `name` of the machine itself, the same for all its batches.
    pub(crate) fn unit_stream(&self, name: &str) -> Draw {
        self.shared_stream("unit", &self.machine, 0, name)
    }

    /// The stream named `name` of the machine's day number `day` since 1970, the same for all batches of it.
    pub(crate) fn day_stream(&self, day: i64, name: &str) -> Draw {
        self.shared_stream("day", &self.machine, day, name)
    }

    /// The stream named `name` of the lot `lot`, the same in all batches on all machines.
    pub(crate) fn lot_stream(&self, lot: &str, name: &str) -> Draw {
        self.shared_stream("lot", lot, 0, name)
    }

    fn shared_stream(&self, kind: &str, id: &str, number: i64, name: &str) -> Draw {
        let mut key = blake3::Hasher::new();
        key.update(b"trier shared 1");
        key.update(&self.run.to_le_bytes());
        for part in [kind, id] {
            key.update(&(part.len() as u64).to_le_bytes());
            key.update(part.as_bytes());
        }
        key.update(&number.to_le_bytes());
        key.update(name.as_bytes());
        Draw::new(*key.finalize().as_bytes())
    }

    /// The stream named `name`, from its beginning.
    pub(crate) fn stream(&self, name: &str) -> Draw {
        // Hashed anew for each: a hasher kept for the next takes 1.9 KB, half of what a roast may hold.
        let mut key = blake3::Hasher::new();
        // Lengths in front: no two different triples feed the hash the same bytes.
        key.update(b"trier stream 1");
        key.update(&self.run.to_le_bytes());
        key.update(&(self.machine.len() as u64).to_le_bytes());
        key.update(self.machine.as_bytes());
        key.update(&self.drawn_as.to_le_bytes());
        key.update(name.as_bytes());
        Draw::new(*key.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_told_apart_by_each_part_of_their_key() {
        let first = |seed, machine, batch, name| Seed::new(seed, machine, batch).stream(name).uniform();
        let base = first(7, "gd12", 0, "probe.bt.noise");
        assert_eq!(base.to_bits(), first(7, "gd12", 0, "probe.bt.noise").to_bits());
        for other in [
            first(8, "gd12", 0, "probe.bt.noise"),
            first(7, "gd60", 0, "probe.bt.noise"),
            first(7, "gd12", 1, "probe.bt.noise"),
            first(7, "gd12", 0, "probe.et.noise"),
        ] {
            assert_ne!(base.to_bits(), other.to_bits());
        }
    }
}
