//! The plain rule: sessions of whole columns at once, by silence and by charge.
//!
//! What people write as a window query over an archive, and what the side by side of
//! `docs/performance.md` is about. It knows no marks, no quality and no drop; a
//! [`Sessionizer`](super::Sessionizer) does. Rows come in any order and more than once:
//! they are kept by machine, and put in order when they are all there.

/// A silence longer than this ends a session, ms.
pub const PLAIN_GAP_MS: i64 = 120_000;

/// BT falls by more than this from one reading to the next where beans go in, °C.
pub const PLAIN_FALL_C: f32 = 8.0;

/// Machines are numbered from 0 up to this, so that a wrong number takes no memory.
pub const PLAIN_MACHINES_MAX: usize = 1 << 20;

/// Readings of one machine that lie together, 2 KiB of them. Smaller, and reading a machine's chunks
/// one after the other waits for memory at each; larger, and writing to thousands of them at once does.
const CHUNK: u32 = 256;

/// A stretch of one machine's readings that the plain rule calls a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlainSession {
    /// The machine's number.
    pub machine: u32,
    /// Its first reading, ms.
    pub start_ms: i64,
    /// Its last reading, ms.
    pub end_ms: i64,
    /// The first of its coldest readings, ms.
    pub coldest_ms: i64,
    /// Its readings, repeats not counted.
    pub readings: u32,
    /// Its lowest BT, °C.
    pub bt_c_min: f32,
    /// Its highest BT, °C.
    pub bt_c_max: f32,
}

/// Why rows could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlainError {
    /// Columns that do not belong together.
    #[error("columns of {machines} machines, {times} times and {temperatures} temperatures have no rows")]
    Lengths {
        /// Length of the column of machines.
        machines: usize,
        /// Length of the column of times.
        times: usize,
        /// Length of the column of temperatures.
        temperatures: usize,
    },
    /// A machine below 0, or too many of them.
    #[error("machine {got}: they are numbered from 0 to {}", PLAIN_MACHINES_MAX - 1)]
    Machine {
        /// The number.
        got: i32,
    },
    /// More rows than can be counted here.
    #[error("more rows than {} can be held", u32::MAX)]
    TooMany,
}

/// A reading: ms after its chunk's base, BT in °C. Half the size of one with its whole
/// time, so twice as many fit the caches while they are sorted out by machine.
type Item = (u32, f32);

/// A chunk of one machine, once another follows it.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    /// From when its readings count.
    base_ms: i64,
    /// The machine's chunk before it.
    before: Option<u32>,
    filled: u32,
}

/// Where the next reading of a machine goes.
#[derive(Clone, Copy, Debug)]
struct End {
    /// As in its chunk.
    base_ms: i64,
    /// The place in the pool.
    next: u32,
    /// Places left in the chunk.
    left: u32,
}

impl End {
    /// Of a machine without readings.
    const NONE: Self = Self { base_ms: 0, next: 0, left: 0 };

    /// The chunk it is in.
    fn chunk(self) -> Option<u32> {
        Some(self.next.checked_sub(1)? / CHUNK)
    }
}

/// Rows, kept by machine in the order they came.
#[derive(Clone, Debug, Default)]
pub struct PlainRows {
    /// Chunk after chunk.
    pool: Vec<Item>,
    chunks: Vec<Chunk>,
    /// By machine.
    ends: Vec<End>,
}

impl PlainRows {
    /// Takes rows: of `machines`, at `t_ms`, with `bt_c` in °C.
    ///
    /// BT that is no number is a reading which never begins a session.
    ///
    /// # Errors
    /// A [`PlainError`] when the columns differ in length, or a machine's number is below 0 or at
    /// or above [`PLAIN_MACHINES_MAX`]; none of the rows is taken then.
    pub fn push(&mut self, machines: &[i32], t_ms: &[i64], bt_c: &[f32]) -> Result<(), PlainError> {
        if machines.len() != t_ms.len() || machines.len() != bt_c.len() {
            return Err(PlainError::Lengths {
                machines: machines.len(),
                times: t_ms.len(),
                temperatures: bt_c.len(),
            });
        }
        self.number(machines)?;
        for ((machine, t_ms), bt_c) in machines.iter().zip(t_ms).zip(bt_c) {
            #[allow(clippy::cast_sign_loss)] // Numbers were checked.
            let machine = *machine as usize;
            let mut end = self.ends[machine];
            if end.left == 0 || u32::try_from(t_ms.wrapping_sub(end.base_ms)).is_err() {
                end = self.begin_chunk(end, *t_ms)?;
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It fits, as was just seen.
            let since_ms = t_ms.wrapping_sub(end.base_ms) as u32;
            self.pool[end.next as usize] = (since_ms, *bt_c);
            self.ends[machine] = End { next: end.next + 1, left: end.left - 1, ..end };
        }
        Ok(())
    }

    /// The sessions of all rows, by machine and then by time.
    ///
    /// Of readings of a machine at one time, the first that came counts. A session begins with a machine's first
    /// reading, with one more than [`PLAIN_GAP_MS`] after the one before, and with one whose BT is more than
    /// [`PLAIN_FALL_C`] below the one before, unless that one had fallen so already.
    #[must_use]
    pub fn sessions(&self) -> Vec<PlainSession> {
        let mut sessions = Vec::new();
        let (mut chain, mut readings) = (Vec::new(), Vec::new());
        for (machine, end) in (0..).zip(&self.ends) {
            self.readings_of(*end, &mut chain, &mut readings);
            put_in_order(&mut readings);
            cut(machine, &readings, &mut sessions);
        }
        sessions
    }

    /// Checks the machines' numbers, and makes room for new ones.
    fn number(&mut self, machines: &[i32]) -> Result<(), PlainError> {
        let (lowest, highest) =
            machines.iter().fold((0, -1), |(low, high): (i32, i32), m| (low.min(*m), high.max(*m)));
        let wrong = |got| Err(PlainError::Machine { got });
        let Ok(count) = usize::try_from(i64::from(highest) + 1) else { return wrong(highest) };
        if lowest < 0 {
            return wrong(lowest);
        }
        if count > PLAIN_MACHINES_MAX {
            return wrong(highest);
        }
        if count > self.ends.len() {
            self.ends.resize(count, End::NONE);
        }
        Ok(())
    }

    /// A machine's next chunk, after the one in which `end` is; its times count from around `t_ms`.
    #[cold]
    fn begin_chunk(&mut self, end: End, t_ms: i64) -> Result<End, PlainError> {
        let before = end.chunk();
        if let Some(chunk) = before {
            self.chunks[chunk as usize].filled = CHUNK - end.left;
        }
        let next = u32::try_from(self.pool.len()).ok().filter(|next| next.checked_add(CHUNK).is_some());
        let next = next.ok_or(PlainError::TooMany)?;
        self.pool.resize(self.pool.len() + CHUNK as usize, (0, 0.0));
        // In the middle, as readings come late too: 24 days to either side.
        let base_ms = t_ms.saturating_sub(i64::from(u32::MAX / 2));
        self.chunks.push(Chunk { base_ms, before, filled: CHUNK });
        Ok(End { base_ms, next, left: CHUNK })
    }

    /// Puts the readings of the machine with this end into `readings`, as they came.
    fn readings_of(&self, end: End, chain: &mut Vec<u32>, readings: &mut Vec<Reading>) {
        readings.clear();
        chain.clear();
        let mut at = end.chunk();
        while let Some(chunk) = at {
            chain.push(chunk);
            at = self.chunks[chunk as usize].before;
        }
        for (left_to_go, chunk) in (0..chain.len()).rev().zip(chain.iter().rev()) {
            let Chunk { base_ms, filled, .. } = self.chunks[*chunk as usize];
            let filled = if left_to_go == 0 { CHUNK - end.left } else { filled };
            let from = (chunk * CHUNK) as usize;
            let items = &self.pool[from..from + filled as usize];
            readings.extend(items.iter().map(|(since_ms, bt_c)| (base_ms + i64::from(*since_ms), *bt_c)));
        }
    }
}

/// A reading: when, ms, and BT, °C.
type Reading = (i64, f32);

/// Sorts by time; of one time, as they came.
///
/// Few readings come late, and those not by much: they are moved one by one to where they belong, and
/// sorted only where that takes many moves.
fn put_in_order(readings: &mut [Reading]) {
    let moves_max = 4 * readings.len();
    let mut moves = 0;
    for i in 1..readings.len() {
        let late = readings[i];
        if late.0 >= readings[i - 1].0 {
            continue;
        }
        let mut to = i;
        while to > 0 && readings[to - 1].0 > late.0 {
            readings[to] = readings[to - 1];
            to -= 1;
        }
        readings[to] = late;
        moves += i - to;
        if moves > moves_max {
            readings.sort_by_key(|(t_ms, _)| *t_ms);
            return;
        }
    }
}

/// Adds the sessions of a machine whose readings are in order.
fn cut(machine: u32, readings: &[Reading], sessions: &mut Vec<PlainSession>) {
    let Some((first_ms, first_c)) = readings.first().copied() else { return };
    let begin = |t_ms: i64, bt_c: f32| PlainSession {
        machine,
        start_ms: t_ms,
        end_ms: t_ms,
        coldest_ms: t_ms,
        readings: 1,
        bt_c_min: bt_c,
        bt_c_max: bt_c,
    };
    let mut session = begin(first_ms, first_c);
    let (mut last_c, mut was_falling) = (first_c, false);
    for (t_ms, bt_c) in readings[1..].iter().copied() {
        let silence_ms = t_ms.wrapping_sub(session.end_ms);
        if silence_ms == 0 {
            continue;
        }
        let falls = last_c - bt_c > PLAIN_FALL_C;
        // Times are in order, so a difference below 0 is one too large to hold.
        if !(0..=PLAIN_GAP_MS).contains(&silence_ms) || (falls && !was_falling) {
            sessions.push(session);
            session = begin(t_ms, bt_c);
        } else {
            session.readings += 1;
            session.end_ms = t_ms;
            if bt_c < session.bt_c_min {
                (session.bt_c_min, session.coldest_ms) = (bt_c, t_ms);
            }
            session.bt_c_max = session.bt_c_max.max(bt_c);
        }
        (last_c, was_falling) = (bt_c, falls);
    }
    sessions.push(session);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Row = (i32, i64, f32);

    fn taken(rows: &[Row], at_once: usize) -> Vec<PlainSession> {
        let mut plain = PlainRows::default();
        for rows in rows.chunks(at_once) {
            let machines: Vec<i32> = rows.iter().map(|row| row.0).collect();
            let t_ms: Vec<i64> = rows.iter().map(|row| row.1).collect();
            let bt_c: Vec<f32> = rows.iter().map(|row| row.2).collect();
            plain.push(&machines, &t_ms, &bt_c).expect("sound columns");
        }
        plain.sessions()
    }

    /// The rule as its words say it, from sorted maps: what the sessions must be.
    fn by_the_words(rows: &[Row]) -> Vec<PlainSession> {
        let mut by_machine: BTreeMap<i32, BTreeMap<i64, f32>> = BTreeMap::new();
        for (machine, t_ms, bt_c) in rows {
            by_machine.entry(*machine).or_default().entry(*t_ms).or_insert(*bt_c);
        }
        let mut sessions = Vec::new();
        for (machine, readings) in by_machine {
            let readings: Vec<(i64, f32)> = readings.into_iter().collect();
            let fall_c = |i: usize| if i == 0 { 0.0 } else { readings[i - 1].1 - readings[i].1 };
            let begins = |i: usize| {
                i == 0
                    || readings[i].0 - readings[i - 1].0 > PLAIN_GAP_MS
                    || (fall_c(i) > PLAIN_FALL_C && fall_c(i - 1) <= PLAIN_FALL_C)
            };
            let starts: Vec<usize> = (0..readings.len()).filter(|i| begins(*i)).collect();
            for (n, start) in starts.iter().enumerate() {
                let within = &readings[*start..starts.get(n + 1).copied().unwrap_or(readings.len())];
                let coldest = within.iter().fold(within[0], |low, r| if r.1 < low.1 { *r } else { low });
                sessions.push(PlainSession {
                    machine: machine.unsigned_abs(),
                    start_ms: within[0].0,
                    end_ms: within[within.len() - 1].0,
                    coldest_ms: coldest.0,
                    readings: u32::try_from(within.len()).expect("few"),
                    bt_c_min: coldest.1,
                    bt_c_max: within.iter().map(|r| r.1).fold(f32::MIN, f32::max),
                });
            }
        }
        sessions
    }

    #[test]
    fn silence_and_charge_begin_sessions_and_repeats_do_not_count() {
        let rows =
            [(3, 0, 200.0), (3, 1_000, 180.0), (3, 2_000, 165.0), (3, 1_000, 20.0), (3, 122_001, 165.0)];
        let got: Vec<_> = taken(&rows, 9).iter().map(|s| (s.machine, s.start_ms, s.readings)).collect();
        // 180 is a charge; 165 is the same fall, going on; 120,001 ms are a silence.
        assert_eq!(got, [(3, 0, 1), (3, 1_000, 2), (3, 122_001, 1)]);
    }

    #[test]
    fn the_ends_of_time_lie_in_sessions_of_their_own() {
        let rows = [(0, i64::MAX, 1.0), (0, 0, 2.0), (0, i64::MIN, 3.0), (0, i64::MAX - 1, f32::NAN)];
        let got: Vec<_> = taken(&rows, 1).iter().map(|s| (s.start_ms, s.end_ms)).collect();
        assert_eq!(got, [(i64::MIN, i64::MIN), (0, 0), (i64::MAX - 1, i64::MAX)]);
    }

    #[test]
    fn columns_that_are_wrong_are_refused_whole() {
        let mut plain = PlainRows::default();
        assert_eq!(
            plain.push(&[0, 1], &[0], &[1.0]),
            Err(PlainError::Lengths { machines: 2, times: 1, temperatures: 1 })
        );
        for got in [-1, i32::MIN, 1 << 20, i32::MAX] {
            assert_eq!(plain.push(&[0, got], &[0, 0], &[1.0, 1.0]), Err(PlainError::Machine { got }));
        }
        assert_eq!(plain.sessions(), []);
    }

    proptest! {
        #[test]
        fn any_rows_in_any_order_give_the_sessions_of_the_words(
            steps in prop::collection::vec((0..4_i32, prop_oneof![8 => 0..3_i64, 1 => 100..140_i64], -12..12_i8), 1..1500),
            shuffle in prop_oneof![Just(1_usize), 2..40_usize, Just(2000_usize)],
            seed in any::<u64>(),
            at_once in 1..300_usize,
        ) {
            let mut at_ms = 0;
            let mut rows: Vec<Row> = steps
                .iter()
                .map(|(machine, s, c)| {
                    at_ms += s * 1000;
                    (*machine, at_ms, 150.0 + f32::from(*c))
                })
                .collect();
            // Late by up to `shuffle` rows, by a generator whose draws are all that is wanted of it.
            let mut state = seed;
            for i in 0..rows.len() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let reach = shuffle.min(rows.len() - i);
                rows.swap(i, i + usize::try_from(state >> 33).unwrap_or(0) % reach);
            }
            prop_assert_eq!(taken(&rows, at_once), by_the_words(&rows));
        }
    }
}
