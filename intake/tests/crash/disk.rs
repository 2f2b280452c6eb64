//! A disk in memory that fails on order: files as programs see them, and as a power cut leaves them.

use std::collections::BTreeMap;

/// Bytes that a disk writes as a whole or not at all.
const SECTOR: usize = 512;

/// What goes wrong at an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The program is killed before it; the system keeps what was written.
    Kill,
    /// The power goes before it; what was not flushed is gone.
    PowerCut,
    /// The power goes within it; of what was not flushed some writes are there, in no order, and
    /// one of them in part.
    Torn {
        /// Which of them.
        damage: u64,
    },
    /// It fails.
    Fails {
        /// For want of room, where it would need any; else because the disk is broken.
        full: bool,
        /// And all after it fail too.
        for_good: bool,
    },
}

/// What an operation that failed says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Broken,
    Full,
}

/// A change that was written and not flushed.
#[derive(Clone, Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Cut { len: usize },
}

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => {
                if to.len() < at + bytes.len() {
                    to.resize(at + bytes.len(), 0);
                }
                to[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Self::Cut { len } => to.resize(*len, 0),
        }
    }
}

#[derive(Clone, Debug, Default)]
struct File {
    /// As programs read it.
    now: Vec<u8>,
    /// As the disk has it; None before the first flush, when its name is not there either.
    safe: Option<Vec<u8>>,
    /// Not flushed yet, oldest first.
    waiting: Vec<Change>,
}

/// How many operations of each kind there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) writes: u64,
    pub(crate) bytes: u64,
    pub(crate) flushes: u64,
    pub(crate) cuts: u64,
    pub(crate) deletes: u64,
}

impl Counts {
    pub(crate) const fn all(&self) -> u64 {
        self.writes + self.flushes + self.cuts + self.deletes
    }
}

/// The disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    files: BTreeMap<String, File>,
    pub(crate) counts: Counts,
    /// At which operation, counted from 0, and what.
    plan: Option<(u64, Fault)>,
    /// The program is dead: nothing it still asks for happens.
    is_down: bool,
    /// Operations that failed on order.
    pub(crate) refused: u64,
}

impl Disk {
    /// The same disk with a plan, its operations counted from here.
    pub(crate) fn with_fault(mut self, at: u64, fault: Fault) -> Self {
        self.plan = Some((at, fault));
        self.counts = Counts::default();
        self.refused = 0;
        self.is_down = false;
        self
    }

    /// The disk after the program has died and was started again; after a power cut where that was
    /// the fault, and also when `cut` says so.
    pub(crate) fn restarted(mut self, cut: bool) -> Self {
        let fault = self.plan.take().map(|(_, fault)| fault);
        match fault {
            Some(Fault::Torn { damage }) if self.is_down => self.lose(Some(damage)),
            Some(Fault::PowerCut) if self.is_down => self.lose(None),
            _ if cut => self.lose(None),
            _ => {}
        }
        self.counts = Counts::default();
        self.is_down = false;
        self
    }

    pub(crate) const fn is_down(&self) -> bool {
        self.is_down
    }

    /// Forgets what was not flushed; with `damage` a part of it, chosen by that number, is there.
    fn lose(&mut self, damage: Option<u64>) {
        let mut chance = damage.map(Chance);
        self.files.retain(|_, file| {
            let mut safe = file.safe.take();
            if let Some(chance) = &mut chance {
                for change in file.waiting.drain(..) {
                    tear(&change, chance, &mut safe);
                }
            }
            file.waiting.clear();
            file.now = safe.clone().unwrap_or_default();
            file.safe = safe;
            file.safe.is_some()
        });
    }

    /// What becomes of the next operation, which is counted.
    fn next(&mut self, counted: impl FnOnce(&mut Counts), needs_room: bool) -> Result<(), Refused> {
        if self.is_down {
            return Err(Refused::Broken);
        }
        let number = self.counts.all();
        counted(&mut self.counts);
        let Some((at, fault)) = self.plan else { return Ok(()) };
        match fault {
            Fault::Fails { full, for_good } if number == at || for_good && number > at => {
                if full && !needs_room {
                    return Ok(());
                }
                self.refused += 1;
                Err(if full { Refused::Full } else { Refused::Broken })
            }
            Fault::Fails { .. } => Ok(()),
            _ if number == at => {
                self.is_down = true;
                Err(Refused::Broken)
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    pub(crate) fn create(&mut self, path: &str) {
        self.files.entry(path.to_owned()).or_default();
    }

    pub(crate) fn len(&self, path: &str) -> usize {
        self.files.get(path).map_or(0, |file| file.now.len())
    }

    pub(crate) fn read(&self, path: &str, at: usize, into: &mut [u8]) -> usize {
        let Some(file) = self.files.get(path) else { return 0 };
        let there = file.now.get(at..).unwrap_or_default();
        let n = there.len().min(into.len());
        into[..n].copy_from_slice(&there[..n]);
        n
    }

    pub(crate) fn write(&mut self, path: &str, at: usize, bytes: &[u8]) -> Result<(), Refused> {
        let size = bytes.len() as u64;
        let was_up = !self.is_down;
        let done = self.next(
            |counts| {
                counts.writes += 1;
                counts.bytes += size;
            },
            true,
        );
        // The write within which the power goes may be there in part, like all that were not flushed.
        let is_torn = was_up && self.is_down && matches!(self.plan, Some((_, Fault::Torn { .. })));
        if done.is_ok() || is_torn {
            self.change(path, Change::Write { at, bytes: bytes.to_vec() });
        }
        done
    }

    pub(crate) fn cut(&mut self, path: &str, len: usize) -> Result<(), Refused> {
        self.next(|counts| counts.cuts += 1, false)?;
        self.change(path, Change::Cut { len });
        Ok(())
    }

    fn change(&mut self, path: &str, change: Change) {
        let file = self.files.entry(path.to_owned()).or_default();
        change.apply(&mut file.now);
        file.waiting.push(change);
    }

    /// A flush that fails leaves what it should have flushed as no longer to be flushed, as Linux
    /// does: programs read it, a later flush says all is well, and a power cut loses it.
    pub(crate) fn flush(&mut self, path: &str) -> Result<(), Refused> {
        let done = self.next(|counts| counts.flushes += 1, false);
        let file = self.files.entry(path.to_owned()).or_default();
        match done {
            Ok(()) => {
                let safe = file.safe.get_or_insert_default();
                for change in file.waiting.drain(..) {
                    change.apply(safe);
                }
            }
            Err(_) if !self.is_down => file.waiting.clear(),
            Err(_) => {}
        }
        done
    }

    pub(crate) fn delete(&mut self, path: &str) -> Result<(), Refused> {
        self.next(|counts| counts.deletes += 1, false)?;
        self.files.remove(path);
        Ok(())
    }
}

/// Puts into `safe` what of `change` got there: all, nothing, or some sectors of it.
fn tear(change: &Change, chance: &mut Chance, safe: &mut Option<Vec<u8>>) {
    match (chance.of(3), change) {
        (0, _) => {}
        (1, Change::Write { at, bytes }) => {
            for (index, sector) in bytes.chunks(SECTOR).enumerate() {
                if chance.of(2) == 0 {
                    let part = Change::Write { at: at + index * SECTOR, bytes: sector.to_vec() };
                    part.apply(safe.get_or_insert_default());
                }
            }
        }
        _ => change.apply(safe.get_or_insert_default()),
    }
}

/// Which of several, by a seed: a multiplier and a shift (SplitMix64), no more is needed here.
#[derive(Clone, Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn of(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % n
    }
}
