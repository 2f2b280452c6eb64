//! Run folders: the tables of one run, there as a whole or not at all.
//!
//! Everything is written into `<name>.partial` beside the folder asked for, and
//! renamed once complete. Nothing is synced to the disk: a power cut may lose a
//! run, never half of one that a reader would take for whole, as digests tell.
//!
//! Long work may ask to find its own parts again ([`RunFolder::resume`]): they are kept in that
//! folder when it is killed or fails, for the next run of the same work.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::Table;
use crate::digest::Digest;
use crate::error::FileError;
use crate::file::{encode, table_path};
use crate::wide::{Extra, WideFile};

/// Locked while a run is being written, so that what a killed run left is told from one at work.
const LOCK: &str = ".lock";

/// Says what work the parts in the folder are of.
const WORK: &str = ".work";
/// What the names of parts begin with.
const PART: &str = "part-";

/// A table written to a run folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The table; its file is the name and `.parquet`.
    pub table: &'static str,
    /// How many rows.
    pub rows: usize,
    /// The digest of its values.
    pub digest: Digest,
}

/// A run folder being written. Dropped without [`RunFolder::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct RunFolder {
    target: PathBuf,
    partial: PathBuf,
    /// Folders above the target that were not there before, outermost first.
    new_parents: Vec<PathBuf>,
    lock: Option<File>,
    written: Vec<Written>,
    /// Whether parts are kept for the next run when this one ends early.
    keeps: bool,
}

impl RunFolder {
    /// Begins a run that will be at `target`, which must not exist or be an empty folder. Makes the
    /// folders above it. What a killed run left in `<target>.partial` is removed.
    ///
    /// # Errors
    /// [`FileError::Taken`], [`FileError::NotAFolder`] or [`FileError::NoName`] for a target that
    /// cannot be used, [`FileError::Busy`] when another process is writing it, [`FileError::Io`]
    /// when the place cannot be written.
    pub fn create(target: &Path) -> Result<Self, FileError> {
        let mut folder = Self::open(target)?;
        folder.remove_leftovers(|_| false)?;
        folder.keeps = false;
        Ok(folder)
    }

    fn open(target: &Path) -> Result<Self, FileError> {
        let named = |target: &Path| Some((target.parent()?.to_owned(), target.file_name()?.to_owned()));
        let (parent, mut name) =
            named(target).ok_or_else(|| FileError::NoName { path: target.to_owned() })?;
        check_target(target)?;
        name.push(".partial");
        let mut folder = Self {
            target: target.to_owned(),
            partial: parent.join(name),
            new_parents: missing(&parent),
            lock: None,
            written: Vec::new(),
            keeps: false,
        };
        for new in &folder.new_parents {
            make_dir(new)?;
        }
        make_dir(&folder.partial)?;
        folder.lock = Some(folder.take_lock()?);
        // Until it is known whose parts there are, none of them is removed.
        folder.keeps = true;
        // Again: another run may have finished between the first look and the lock.
        check_target(target)?;
        Ok(folder)
    }

    /// The same for work that is done in parts: those that a killed or failed run of the same
    /// `work` left are kept, those of other work are removed. `work` says all that decides the parts.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn resume(target: &Path, work: &str) -> Result<Self, FileError> {
        let folder = Self::open(target)?;
        let path = folder.partial.join(WORK);
        let is_ours = std::fs::read(&path).is_ok_and(|said| said == work.as_bytes());
        folder.remove_leftovers(|name| is_ours && (name == WORK || name.starts_with(PART)))?;
        if !is_ours {
            std::fs::write(&path, work).map_err(io("write", &path))?;
        }
        Ok(folder)
    }

    /// Where part `number` of the work is kept, be it there or not.
    #[must_use]
    pub fn part(&self, number: u32) -> PathBuf {
        self.partial.join(format!("{PART}{number:06}"))
    }

    /// Writes part `number` with `write`, so that it is there as a whole or not at all.
    ///
    /// # Errors
    /// Those of `write`, and [`FileError::Io`].
    pub fn write_part<E: From<FileError>>(
        &self,
        number: u32,
        write: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<(), E> {
        let (path, draft) = (self.part(number), self.partial.join("draft"));
        if draft.exists() {
            std::fs::remove_file(&draft).map_err(io("remove", &draft))?;
        }
        write(&draft)?;
        std::fs::rename(&draft, &path).map_err(io("write", &path))?;
        Ok(())
    }

    /// Begins a wide table of exactly `rows` rows, see [`WideFile`]; [`Self::close`] ends it.
    ///
    /// # Errors
    /// As [`WideFile::create`].
    pub fn begin<T: Table>(&self, extras: &[Extra], rows: usize) -> Result<WideFile<T>, FileError> {
        WideFile::create(&table_path::<T>(&self.partial), extras, rows)
    }

    /// Ends a wide table of `rows` rows, and says what was written.
    ///
    /// # Errors
    /// As [`WideFile::finish`].
    pub fn close<T: Table>(&mut self, file: WideFile<T>) -> Result<Written, FileError> {
        let rows = file.rows();
        let written = Written { table: T::NAME, rows, digest: file.finish()? };
        self.written.push(written);
        Ok(written)
    }

    /// Writes a table as `<name>.parquet` and says what was written.
    ///
    /// # Errors
    /// [`FileError::Rows`] for rows that are no table (a number that is not finite),
    /// [`FileError::FileName`] for a table written twice, [`FileError::Io`].
    pub fn write<T: Table>(&mut self, rows: &[T]) -> Result<Written, FileError> {
        let name = format!("{}.parquet", T::NAME);
        let encoded =
            encode(rows).map_err(|source| FileError::Rows { path: self.target.join(&name), source })?;
        self.write_file(&name, &encoded.bytes)?;
        let written = Written { table: T::NAME, rows: rows.len(), digest: encoded.digest };
        self.written.push(written);
        Ok(written)
    }

    /// Writes any other file of the run, such as `run.json`.
    ///
    /// # Errors
    /// [`FileError::FileName`] for a path instead of a name or a name used twice, [`FileError::Io`].
    pub fn write_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let refused = |why| FileError::FileName { path: self.target.clone(), name: name.to_owned(), why };
        let mut parts = Path::new(name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) || name == LOCK {
            return Err(refused("a plain file name is needed"));
        }
        let path = self.partial.join(name);
        let mut file = File::create_new(&path).map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => refused("it was written before"),
            _ => FileError::Io { doing: "write", path: self.target.join(name), source },
        })?;
        std::io::Write::write_all(&mut file, bytes).map_err(io("write", &self.target.join(name)))
    }

    /// The tables written so far, in order.
    #[must_use]
    pub fn written(&self) -> &[Written] {
        &self.written
    }

    /// Puts the finished run where it was asked for, and says where that is.
    ///
    /// # Errors
    /// [`FileError::Taken`] when something else is there by now, [`FileError::Io`] when it cannot
    /// be moved; either way nothing is left behind.
    pub fn commit(mut self) -> Result<PathBuf, FileError> {
        check_target(&self.target)?;
        self.remove_parts()?;
        if self.target.exists() {
            std::fs::remove_dir(&self.target).map_err(io("replace", &self.target))?;
        }
        std::fs::rename(&self.partial, &self.target).map_err(|source| match source.kind() {
            ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists => {
                FileError::Taken { path: self.target.clone() }
            }
            _ => FileError::Io { doing: "create", path: self.target.clone(), source },
        })?;
        self.lock = None;
        self.new_parents.clear();
        let lock = self.target.join(LOCK);
        std::fs::remove_file(&lock).map_err(io("remove", &lock))?;
        Ok(self.target.clone())
    }

    fn take_lock(&self) -> Result<File, FileError> {
        let path = self.partial.join(LOCK);
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(io("write", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(FileError::Busy { path: self.target.clone() }),
            Err(TryLockError::Error(source)) => Err(FileError::Io { doing: "lock", path, source }),
        }
    }

    /// Removes what a killed run left, but for names that `stay`: only files can be there, as a run
    /// holds nothing else.
    fn remove_leftovers(&self, stay: impl Fn(&str) -> bool) -> Result<(), FileError> {
        for entry in std::fs::read_dir(&self.partial).map_err(io("list", &self.partial))? {
            let path = entry.map_err(io("list", &self.partial))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name != LOCK && !stay(&name) {
                std::fs::remove_file(&path).map_err(io("remove", &path))?;
            }
        }
        Ok(())
    }

    fn remove_parts(&self) -> Result<(), FileError> {
        self.remove_leftovers(|name| name != WORK && !name.starts_with(PART))
    }

    fn holds_parts(&self) -> bool {
        let mut entries = std::fs::read_dir(&self.partial).into_iter().flatten().flatten();
        entries.any(|entry| entry.file_name().to_string_lossy().starts_with(PART))
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // Nothing can be reported from here, and what stays is cleared by the next run.
        // Without the lock the folder is not ours to clear.
        if self.lock.is_some() && !(self.keeps && self.holds_parts()) {
            let _ = std::fs::remove_dir_all(&self.partial);
        }
        for parent in self.new_parents.iter().rev() {
            let _ = std::fs::remove_dir(parent);
        }
    }
}

fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> FileError {
    let path = path.to_owned();
    move |source| FileError::Io { doing, path, source }
}

fn check_target(target: &Path) -> Result<(), FileError> {
    match std::fs::metadata(target) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(FileError::Io { doing: "use", path: target.to_owned(), source }),
        Ok(found) if !found.is_dir() => Err(FileError::NotAFolder { path: target.to_owned() }),
        Ok(_) => match std::fs::read_dir(target).map_err(io("list", target))?.next() {
            None => Ok(()),
            Some(_) => Err(FileError::Taken { path: target.to_owned() }),
        },
    }
}

/// The folders above and including `parent` that are not there, outermost first.
fn missing(parent: &Path) -> Vec<PathBuf> {
    let mut missing: Vec<PathBuf> = parent
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .map(Path::to_owned)
        .collect();
    missing.reverse();
    missing
}

fn make_dir(path: &Path) -> Result<(), FileError> {
    match std::fs::create_dir(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.map_err(io("create", path)),
    }
}
