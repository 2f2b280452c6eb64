//! The one writer: a queue of what came in, committed in groups, answered after the commit.
//! Not what a commit holds; that is [`Store::take`].

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::clock::Stopwatch;
use crate::metrics::Metrics;
use crate::{Arrival, Store, StoreError, Taken};

/// The most messages of one commit, unless one job alone has more.
pub const GROUP_MESSAGES: usize = 256;

/// How long a group waits for more, from its first message.
pub const GATHER: Duration = Duration::from_millis(10);

/// The most that waits to be committed, bytes of messages.
pub const QUEUE_BYTES: usize = 64 * 1024 * 1024;

/// What one message takes beside its bytes, about.
const BESIDE_BYTES: usize = 1024;

/// The most jobs that wait.
const QUEUE_JOBS: usize = 16 * 1024;

/// Messages that came in together, and who waits for the answer.
struct Job {
    arrivals: Vec<Arrival>,
    size: usize,
    reply: oneshot::Sender<Result<Vec<Taken>, Refusal>>,
}

/// Why nothing of a job was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More is waiting than may wait. Send again after a second.
    #[error("too much is waiting to be stored; send again in a second")]
    Busy,
    /// The disk is full. Send again once there is room.
    #[error("the disk is full; nothing was stored")]
    Full,
    /// The store has stopped.
    #[error("the store has stopped: {why}")]
    Stopped {
        /// Why.
        why: Arc<str>,
    },
}

/// Where doors hand in what came. Cloned for each.
#[derive(Clone, Debug)]
pub struct Desk {
    queue: SyncSender<Job>,
    waiting: Arc<AtomicUsize>,
    metrics: Arc<Metrics>,
}

/// The answer to a job, once it is committed.
pub type Answer = oneshot::Receiver<Result<Vec<Taken>, Refusal>>;

impl Desk {
    /// Hands in messages that are to be committed together; the answer comes after the commit.
    ///
    /// # Errors
    /// [`Refusal::Busy`] with the messages when the queue is full, [`Refusal::Stopped`] when the
    /// store is.
    pub fn offer(&self, arrivals: Vec<Arrival>) -> Result<Answer, (Refusal, Vec<Arrival>)> {
        let size = arrivals.iter().map(|arrival| arrival.size() + BESIDE_BYTES).sum();
        if self.waiting.fetch_add(size, Ordering::SeqCst) + size > QUEUE_BYTES {
            self.waiting.fetch_sub(size, Ordering::SeqCst);
            self.metrics.refused_busy.inc();
            return Err((Refusal::Busy, arrivals));
        }
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Job { arrivals, size, reply }).map(|()| answer).map_err(|error| {
            self.waiting.fetch_sub(size, Ordering::SeqCst);
            match error {
                TrySendError::Full(job) => {
                    self.metrics.refused_busy.inc();
                    (Refusal::Busy, job.arrivals)
                }
                TrySendError::Disconnected(job) => {
                    (Refusal::Stopped { why: Arc::from("it was closed") }, job.arrivals)
                }
            }
        })
    }

    /// The counters of this store.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Bytes that wait to be committed.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }
}

/// Starts the writer. It ends, and gives the store back, once every [`Desk`] is gone, or with the
/// error that stopped it.
pub fn start(store: Store) -> (Desk, JoinHandle<Result<Store, StoreError>>) {
    let (queue, jobs) = sync_channel(QUEUE_JOBS);
    let waiting = Arc::new(AtomicUsize::new(0));
    let metrics = Arc::new(Metrics::default());
    let desk = Desk { queue, waiting: Arc::clone(&waiting), metrics: Arc::clone(&metrics) };
    let writer = Writer { store, jobs, waiting, metrics };
    (desk, std::thread::spawn(move || writer.run()))
}

struct Writer {
    store: Store,
    jobs: Receiver<Job>,
    waiting: Arc<AtomicUsize>,
    metrics: Arc<Metrics>,
}

impl Writer {
    fn run(mut self) -> Result<Store, StoreError> {
        loop {
            let Some(first) = self.next() else { break };
            let group = self.gather(first);
            if let Err(error) = self.commit(group) {
                self.refuse_the_rest(&error);
                return Err(error);
            }
        }
        self.store.settle()?;
        Ok(self.store)
    }

    /// The next job; what is idle meanwhile is used to bring the log home.
    fn next(&mut self) -> Option<Job> {
        match self.jobs.recv_timeout(Duration::from_secs(1)) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(error) = self.store.rest() {
            self.metrics.note(&error);
        }
        self.jobs.recv().ok()
    }

    /// The jobs of one commit: until there are enough messages, or the first has waited long enough.
    fn gather(&self, first: Job) -> Vec<Job> {
        let watch = Stopwatch::start();
        let mut messages = first.arrivals.len();
        let mut group = vec![first];
        while messages < GROUP_MESSAGES {
            let left = GATHER.saturating_sub(watch.elapsed());
            let Ok(job) = self.jobs.recv_timeout(left) else { break };
            messages += job.arrivals.len();
            group.push(job);
        }
        group
    }

    fn commit(&mut self, group: Vec<Job>) -> Result<(), StoreError> {
        let watch = Stopwatch::start();
        let (mut arrivals, mut askers) = (Vec::new(), Vec::new());
        for job in group {
            askers.push((job.arrivals.len(), job.reply));
            arrivals.extend(job.arrivals);
            self.waiting.fetch_sub(job.size, Ordering::SeqCst);
        }
        match self.store.take(arrivals) {
            Ok(taken) => {
                self.metrics.committed(&taken, watch.elapsed());
                let mut taken = taken.into_iter();
                for (n, reply) in askers {
                    // Who asked may be gone; what is stored is stored.
                    let _ = reply.send(Ok(taken.by_ref().take(n).collect()));
                }
            }
            Err(error) => {
                let refusal = refusal(&error);
                for (_, reply) in askers {
                    let _ = reply.send(Err(refusal.clone()));
                }
                self.metrics.note(&error);
                return if error.is_passing() { Ok(()) } else { Err(error) };
            }
        }
        self.metrics.sealed(self.store.sealed());
        match self.store.tidy() {
            // The log stays long until there is room.
            Err(error) if error.is_passing() => self.metrics.note(&error),
            other => other?,
        }
        Ok(())
    }

    /// Answers all who still wait.
    fn refuse_the_rest(&self, error: &StoreError) {
        self.metrics.note(error);
        while let Ok(job) = self.jobs.try_recv() {
            let _ = job.reply.send(Err(refusal(error)));
        }
    }
}

fn refusal(error: &StoreError) -> Refusal {
    match error {
        StoreError::Full => Refusal::Full,
        StoreError::Busy => Refusal::Busy,
        other => Refusal::Stopped { why: Arc::from(other.to_string()) },
    }
}
