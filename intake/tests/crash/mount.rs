//! A file system of SQLite over a [`Disk`]: registered once, with one disk after the other in it.

use std::borrow::Cow;
use std::ffi::CString;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use sqlite_plugin::flags::{AccessFlags, LockLevel, OpenOpts, ShmLockMode};
use sqlite_plugin::vars;
use sqlite_plugin::vfs::{RegisterOpts, Vfs, VfsHandle, VfsResult, register_static};

use crate::disk::{Disk, Refused};

/// Bytes of the memory that SQLite's connections share, enough for a log of 4,000 pages.
const SHARED: usize = 32 * 1024;

/// A place for a disk.
#[derive(Clone)]
pub(crate) struct Mount {
    name: String,
    disk: Arc<Mutex<Disk>>,
    /// Never given back: SQLite holds bare pointers to it. One for each mount.
    shared: &'static [AtomicU8],
}

/// An open file. Deletes itself when closed where SQLite asked for that.
pub(crate) struct Handle {
    path: String,
    is_passing: bool,
}

impl VfsHandle for Handle {
    fn readonly(&self) -> bool {
        false
    }

    fn in_memory(&self) -> bool {
        false
    }
}

impl Mount {
    /// Registers a file system under `name`.
    pub(crate) fn new(name: &str) -> Self {
        let shared: Vec<AtomicU8> = (0..SHARED).map(|_| AtomicU8::new(0)).collect();
        let mount = Self { name: name.to_owned(), disk: Arc::default(), shared: shared.leak() };
        let c_name = CString::new(name).expect("no zero in it");
        register_static(c_name, mount.clone(), RegisterOpts { make_default: false }).expect("registered");
        mount
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Puts a disk in, for a program that has just begun.
    pub(crate) fn put(&self, disk: Disk) {
        self.shared.iter().for_each(|byte| byte.store(0, Ordering::SeqCst));
        *self.disk() = disk;
    }

    /// The disk as it is.
    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().expect("no test panics while it holds the disk")
    }
}

fn refused(broken: i32) -> impl Fn(Refused) -> i32 {
    move |why| match why {
        Refused::Full => vars::SQLITE_FULL,
        Refused::Broken => broken,
    }
}

impl Vfs for Mount {
    type Handle = Handle;

    fn canonical_path<'a>(&self, path: Cow<'a, str>) -> VfsResult<Cow<'a, str>> {
        Ok(path)
    }

    fn open(&self, path: Option<&str>, opts: OpenOpts) -> VfsResult<Handle> {
        let path = path.unwrap_or("unnamed").to_owned();
        let mut disk = self.disk();
        let may_create = opts.flags() & vars::SQLITE_OPEN_CREATE != 0;
        if disk.is_down() || !may_create && !disk.has(&path) {
            return Err(vars::SQLITE_CANTOPEN);
        }
        disk.create(&path);
        Ok(Handle { path, is_passing: opts.delete_on_close() })
    }

    fn delete(&self, path: &str) -> VfsResult<()> {
        self.disk().delete(path).map_err(refused(vars::SQLITE_IOERR_DELETE))
    }

    fn access(&self, path: &str, _: AccessFlags) -> VfsResult<bool> {
        Ok(self.disk().has(path))
    }

    fn file_size(&self, handle: &mut Handle) -> VfsResult<usize> {
        Ok(self.disk().len(&handle.path))
    }

    fn truncate(&self, handle: &mut Handle, size: usize) -> VfsResult<()> {
        self.disk().cut(&handle.path, size).map_err(refused(vars::SQLITE_IOERR_TRUNCATE))
    }

    fn write(&self, handle: &mut Handle, offset: usize, data: &[u8]) -> VfsResult<usize> {
        let written = self.disk().write(&handle.path, offset, data);
        written.map(|()| data.len()).map_err(refused(vars::SQLITE_IOERR_WRITE))
    }

    fn read(&self, handle: &mut Handle, offset: usize, data: &mut [u8]) -> VfsResult<usize> {
        let disk = self.disk();
        if disk.is_down() { Err(vars::SQLITE_IOERR_READ) } else { Ok(disk.read(&handle.path, offset, data)) }
    }

    // One connection at a time has the disk, so every lock is free.
    fn lock(&self, _: &mut Handle, _: LockLevel) -> VfsResult<()> {
        Ok(())
    }

    fn unlock(&self, _: &mut Handle, _: LockLevel) -> VfsResult<()> {
        Ok(())
    }

    fn check_reserved_lock(&self, _: &mut Handle) -> VfsResult<bool> {
        Ok(false)
    }

    fn sync(&self, handle: &mut Handle) -> VfsResult<()> {
        self.disk().flush(&handle.path).map_err(refused(vars::SQLITE_IOERR_FSYNC))
    }

    fn close(&self, handle: Handle) -> VfsResult<()> {
        if handle.is_passing {
            self.disk().delete(&handle.path).map_err(refused(vars::SQLITE_IOERR_DELETE))?;
        }
        Ok(())
    }

    fn sector_size(&self, _: &mut Handle) -> VfsResult<i32> {
        Ok(512)
    }

    /// As ext4 and most disks: a sector's neighbours are not harmed, and nothing more is promised.
    fn device_characteristics(&self, _: &mut Handle) -> VfsResult<i32> {
        Ok(vars::SQLITE_IOCAP_POWERSAFE_OVERWRITE)
    }

    fn shm_map(
        &self,
        _: &mut Handle,
        region_idx: usize,
        region_size: usize,
        _extend: bool,
    ) -> VfsResult<Option<NonNull<u8>>> {
        let region = region_idx * region_size..(region_idx + 1) * region_size;
        let bytes = self.shared.get(region).ok_or(vars::SQLITE_NOMEM)?;
        Ok(NonNull::new(bytes.as_ptr().cast_mut().cast()))
    }

    fn shm_lock(&self, _: &mut Handle, _offset: u32, _count: u32, _: ShmLockMode) -> VfsResult<()> {
        Ok(())
    }

    fn shm_unmap(&self, _: &mut Handle, _delete: bool) -> VfsResult<()> {
        Ok(())
    }
}
