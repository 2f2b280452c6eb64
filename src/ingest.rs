//! `sim ingest`: readings into a durable store, from files, standard input, HTTP or a broker; and a
//! look at what is in it.

mod feed;
mod show;

use std::net::SocketAddr;
use std::path::PathBuf;

use trier_intake::doors::Broker;
use trier_intake::{Store, StoreError, View, clock};
use trier_tables::RunFolder;

use crate::exit::Exit;
use crate::output::{self, Failure};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim ingest --store day --tenant trier envelopes.jsonl
  sim ingest --store day --tenant trier --acks - < envelopes.jsonl
  sim ingest --store day --http 127.0.0.1:4001 --mqtt mqtt://localhost --keys keys.toml
  sim ingest --store day --end
  sim ingest --store day --out tables
  sim ingest --store day --list quarantine
  sim ingest --store day --release 17 --author 'A. Roaster'")]
pub(crate) struct Args {
    /// Folder of the store; made where there is none
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
    /// Files of envelopes (JSON Lines) or of batches (a CBOR sequence); - for standard input
    inputs: Vec<PathBuf>,
    /// The company whose readings the files hold; others' are quarantined
    #[arg(long, value_name = "ORG")]
    tenant: Option<String>,
    /// Registry of keys (schema keys/1); without it no signature is believed and none is asked for
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Take readings by HTTP at this address until interrupted, such as 127.0.0.1:4001
    #[arg(long, value_name = "ADDRESS")]
    http: Option<SocketAddr>,
    /// Take readings from this broker until interrupted, such as mqtt://localhost:1883
    #[arg(long, value_name = "URL", value_parser = parse_broker)]
    mqtt: Option<Broker>,
    /// Print a line of JSON for each message of the files, once it is on the disk
    #[arg(long)]
    acks: bool,
    /// The files are all there is: seal the sessions that are still open at their end; without files,
    /// those of every machine
    #[arg(long, conflicts_with_all = ["list", "check", "release", "rule"])]
    end: bool,
    /// Folder to write the tables of all that is in the store to, afterwards; it must not hold another run
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print what is in the store instead of taking anything in
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["inputs", "http", "mqtt", "out"])]
    list: Option<show::List>,
    /// Check everything in the store: the file, each message, the books
    #[arg(long, conflicts_with_all = ["inputs", "http", "mqtt", "out", "list"])]
    check: bool,
    /// Have a quarantined message used from now on, by its number in the list
    #[arg(long, value_name = "ID", requires = "author", conflicts_with_all = ["inputs", "http", "mqtt", "out", "list", "check"])]
    release: Option<i64>,
    /// Of messages in conflict, have this one stand, by its number in the list
    #[arg(long, value_name = "ID", requires = "author", conflicts_with_all = ["inputs", "http", "mqtt", "out", "list", "check", "release"])]
    rule: Option<i64>,
    /// Who decides so
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Print JSON Lines instead
    #[arg(long)]
    json: bool,
}

/// The address of a broker.
pub(crate) fn parse_broker(text: &str) -> Result<Broker, String> {
    Broker::parse(text)
        .ok_or_else(|| format!("{text:?} is no broker; write it as mqtt://host or mqtt://host:port"))
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if let Some(list) = args.list {
        return show::list(&view(args)?, list, args.json);
    }
    if args.check {
        return show::check(&view(args)?);
    }
    if let Some(author) = &args.author {
        return decide(args, author);
    }
    // Refused before the work and not after it.
    let folder = args.out.as_deref().map(RunFolder::create).transpose()?;
    let takes_in = !args.inputs.is_empty() || args.stays_open();
    // What goes with messages is a sign that some were meant.
    let seals = args.end && !takes_in && args.tenant.is_none() && args.keys.is_none() && !args.acks;
    let exit = if takes_in || !seals && folder.is_none() { feed::run(args)? } else { Exit::OK };
    if seals {
        seal(args)?;
    }
    if let Some(folder) = folder {
        show::write(&view(args)?, &args.store, folder)?;
    }
    Ok(exit)
}

impl Args {
    /// Whether a door is to be open until somebody closes it.
    const fn stays_open(&self) -> bool {
        self.http.is_some() || self.mqtt.is_some()
    }
}

fn view(args: &Args) -> Result<View, Failure> {
    View::open(&args.store).map_err(|error| Failure::of(&error))
}

/// Seals what is open in a store that nothing more comes to.
fn seal(args: &Args) -> Result<(), Failure> {
    let mut store = open(args)?;
    let sealed = store.end_every_session().map_err(|error| Failure::of(&error))?;
    store.settle().map_err(|error| Failure::of(&error))?;
    output::result(&if args.json {
        serde_json::json!({ "sealed": sealed }).to_string()
    } else {
        format!("{sealed} revisions of sessions sealed")
    });
    Ok(())
}

/// Opens a store that is there already, to write.
fn open(args: &Args) -> Result<Store, Failure> {
    // A look first, so that a mistyped folder is not made into a store.
    match View::open(&args.store) {
        Ok(_) | Err(StoreError::Older { .. }) => {}
        Err(error) => return Err(Failure::of(&error)),
    }
    Store::open(&args.store).map_err(|error| Failure::of(&error))
}

fn decide(args: &Args, author: &str) -> Result<Exit, Failure> {
    let mut store = open(args)?;
    let decided = match (args.release, args.rule) {
        (Some(id), _) => store.release(id, author, clock::now()),
        (None, Some(id)) => store.rule(id, author, clock::now()),
        (None, None) => return Err(Failure::usage("--author goes with --release or --rule")),
    };
    let sealed = decided.map_err(|error| Failure::of(&error))?;
    store.settle().map_err(|error| Failure::of(&error))?;
    output::result(&format!("done; {sealed} revisions of sessions sealed by it"));
    Ok(Exit::OK)
}
