//! The doors that stand open until told to close: HTTP and MQTT, in one thread of their own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::mqtt::{self, Broker};
use super::{Door, http};

/// Which doors to open.
#[derive(Clone, Debug, Default)]
pub struct Open {
    /// Where to listen for HTTP; port 0 for any that is free.
    pub http: Option<SocketAddr>,
    /// Which broker to take readings from.
    pub mqtt: Option<Broker>,
}

/// Why the doors could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum DoorsError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system gives no more threads or file handles.
    #[error("cannot wait for connections")]
    Runtime(#[source] std::io::Error),
}

/// Open doors.
#[derive(Debug)]
pub struct Doors {
    /// Where HTTP is listened for.
    pub http: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    asked: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Doors {
    /// Opens them. From now on an interrupt (ctrl-c, or the system's word to end) asks for closing,
    /// where it would have ended the program.
    ///
    /// # Errors
    /// When an address cannot be listened on. A broker that is not there is waited for.
    pub fn open(open: Open, door: Door) -> Result<Self, DoorsError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(DoorsError::Runtime)?;
        let listener = match open.http {
            None => None,
            Some(address) => {
                let listen = runtime.block_on(TcpListener::bind(address));
                Some(listen.map_err(|source| DoorsError::Listen { address, source })?)
            }
        };
        let http = listener.as_ref().and_then(|listener| listener.local_addr().ok());
        let (stop, stopped) = watch::channel(false);
        let asked = Arc::new(AtomicBool::new(false));
        let serving = serve(listener, open.mqtt, door, stopped, Arc::clone(&asked));
        let thread = std::thread::spawn(move || runtime.block_on(serving));
        Ok(Self { http, stop, asked, thread })
    }

    /// Whether somebody has asked to end, or a door has ended by itself.
    #[must_use]
    pub fn is_asked_to_close(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    /// Closes them: what was taken in is answered first.
    pub fn close(self) {
        // Gone already when a door has ended by itself.
        let _ = self.stop.send(true);
        let _ = self.thread.join();
    }
}

async fn serve(
    listener: Option<TcpListener>,
    broker: Option<Broker>,
    door: Door,
    stopped: watch::Receiver<bool>,
    asked: Arc<AtomicBool>,
) {
    let mut tasks = tokio::task::JoinSet::new();
    if let Some(listener) = listener {
        tasks.spawn(http::serve(listener, door.clone(), stopped.clone()));
    }
    if let Some(broker) = broker {
        let (door, stopped, asked) = (door.clone(), stopped.clone(), Arc::clone(&asked));
        tasks.spawn(async move {
            if let Err(refusal) = mqtt::serve(broker, door.clone(), stopped).await {
                door.tell(&refusal.to_string());
                asked.store(true, Ordering::SeqCst);
            }
        });
    }
    drop(door);
    let mut stop = stopped;
    tokio::select! {
        () = interrupt() => {
            asked.store(true, Ordering::SeqCst);
            told(&mut stop).await;
        }
        () = told(&mut stop) => {}
    }
    while tasks.join_next().await.is_some() {}
}

/// Ends when the doors are told to close, or nobody is left to tell them.
pub(super) async fn told(stop: &mut watch::Receiver<bool>) {
    // What it lends must be given back here, within no wait.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Ends when the program is asked to.
async fn interrupt() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        // Without it the system's word ends the program at once; nothing acknowledged is lost.
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
