//! A folder of numbered files, each written once and never again: versions of a profile, revisions of a session.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::output::Failure;
use crate::recorded::bytes_of;

/// The folder.
pub(crate) struct Shelf {
    folder: PathBuf,
}

/// Somebody else has put a file of this number there.
pub(crate) struct Taken;

impl Shelf {
    /// The shelf that this folder is, whether it is there yet or not.
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where a number's file is.
    pub(crate) fn place(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{number:04}.toml"))
    }

    /// The texts by number. What has no number for a name is none of them.
    pub(crate) fn texts(&self) -> Result<Vec<(u32, String)>, Failure> {
        let unreadable = |path: &Path, why: &dyn std::fmt::Display| {
            Failure::usage(format!("cannot read {}: {why}", path.display()))
        };
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(&self.folder, &error)),
        };
        let mut texts = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(&self.folder, &error))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let number = name.strip_suffix(".toml").and_then(|stem| stem.parse::<u32>().ok());
            if let Some(number) = number {
                let bytes = bytes_of(&path).map_err(|why| unreadable(&path, &why))?;
                let text = String::from_utf8(bytes).map_err(|why| unreadable(&path, &why))?;
                texts.push((number, text));
            }
        }
        texts.sort();
        Ok(texts)
    }

    /// Puts a text there under its number, whole and on disk, unless that is taken.
    pub(crate) fn keep(&self, number: u32, text: &str) -> Result<Result<PathBuf, Taken>, Failure> {
        let unwritten = |error: std::io::Error| {
            Failure::usage(format!("cannot write to {}: {error}", self.folder.display()))
        };
        fs::create_dir_all(&self.folder).map_err(unwritten)?;
        // A link to a whole file is there or is not; of two that make it, one is told that it exists.
        let draft = self.folder.join(format!(".{number:04}-{}.partial", std::process::id()));
        let mut file = File::create(&draft).map_err(unwritten)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        let linked = written.and_then(|()| fs::hard_link(&draft, self.place(number)));
        let gone = fs::remove_file(&draft);
        match linked {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(Err(Taken)),
            Err(error) => return Err(unwritten(error)),
        }
        gone.map_err(unwritten)?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(unwritten)?;
        Ok(Ok(self.place(number)))
    }
}
