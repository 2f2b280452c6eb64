//! The lock on the folder: one writer at a time. Not what keeps readers whole; SQLite does that.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::StoreError;

/// The locked file.
const NAME: &str = "writer.lock";

/// Held while a process writes the store; let go when dropped or when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Makes `folder` where it is not there, and takes the lock.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another process holds it, [`StoreError::Folder`] when the folder
    /// cannot be made, or the file system has no locks.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        let path = folder.join(NAME);
        let refused = |doing| {
            let path = path.clone();
            move |source| StoreError::Folder { doing, path, source }
        };
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(refused("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                // Only a name for people; a writer that has just begun has not said it yet.
                let _ = file.take(128).read_to_string(&mut owner);
                let owner = if owner.is_empty() { "another process".to_owned() } else { owner };
                return Err(StoreError::Taken { path: folder.to_owned(), owner });
            }
            Err(TryLockError::Error(source)) => return Err(refused("lock")(source)),
        }
        let named = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "process {}", std::process::id()));
        named.map_err(refused("write"))?;
        Ok(Self { _file: file })
    }
}

/// Makes the folder, and has the one above remember it over a power cut.
fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let refused = |doing| move |source| StoreError::Folder { doing, path: folder.to_owned(), source };
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder).map_err(refused("make"))?;
    let above = folder.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(above).and_then(|above| above.sync_all()).map_err(refused("flush the folder above"))
}
