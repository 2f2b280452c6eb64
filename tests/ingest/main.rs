//! `sim ingest` as a service: files, HTTP, a real broker, and killed over and over.

mod child;
mod doors;
mod edits;
mod files;
mod kills;
