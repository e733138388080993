//! The bytes of the journal: one file, opened by its path each time, and a lock beside it.
//!
//! The lock is a file of its own, because the journal itself may be replaced by a backup or a sync tool.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::unix;

/// Which file stands at the path, and how long it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stat {
    /// Device and inode.
    pub file: (u64, u64),
    /// Bytes.
    pub len: u64,
    /// When it was last written.
    pub modified: Option<SystemTime>,
}

/// What stands at the path; none if nothing does.
pub(super) fn stat(path: &Path) -> io::Result<Option<Stat>> {
    match fs_err::metadata(path) {
        Ok(meta) if meta.is_dir() => {
            Err(io::Error::other(format!("{} is a directory", path.display())))
        }
        Ok(meta) => Ok(Some(Stat {
            file: unix::identity(&meta),
            len: meta.len(),
            modified: meta.modified().ok(),
        })),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// Bytes from a place to the end.
pub(super) fn read_from(path: &Path, start: u64) -> io::Result<Vec<u8>> {
    let mut file = fs_err::File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the journal's directory is there or may be made: all of the platform's own, only the last part of one
/// that was named.
pub(super) fn check_parent(path: &Path, all: bool) -> Result<(), String> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let is_there = |dir: &Path| dir.as_os_str().is_empty() || dir.is_dir();
    if all || is_there(dir) || dir.parent().is_none_or(is_there) {
        return Ok(());
    }
    Err(format!("data directory: {}: its parent does not exist", dir.display()))
}

/// Why a journal at a path could not be written: the file, or the nearest directory that is there, is read-only.
pub(super) fn not_writable(path: &Path) -> Option<String> {
    let dir = path.ancestors().skip(1).find(|dir| dir.is_dir());
    let file = Some(path).filter(|path| path.exists());
    let place = [dir, file].into_iter().flatten().find(|place| !unix::is_writable(place))?;
    Some(format!("{} cannot be written", place.display()))
}

/// Makes the journal's directory: all of the platform's own, only the last part of one that was named.
pub(super) fn make_dir(dir: &Path, all: bool) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let made = unix::private_dir(all).create(dir);
    made.map_err(|cause| io::Error::new(cause.kind(), format!("{}: {cause}", dir.display())))
}

/// The lock of a journal, held until it is dropped.
#[derive(Debug)]
pub(super) enum Lock {
    /// Nobody else writes.
    Held { _file: File },
    /// The file system has no locks: every line gets a line end of its own before it.
    Unsupported,
}

/// Takes the lock, waiting at most for `wait`. None if another process holds it.
pub(super) fn lock(journal: &Path, wait: Duration) -> io::Result<Option<Lock>> {
    let path: PathBuf = journal.with_extension("lock");
    let open = unix::private_file().create(true).truncate(false).write(true).open(&path);
    let file =
        open.map_err(|cause| io::Error::new(cause.kind(), format!("{}: {cause}", path.display())))?;
    let end = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(Lock::Held { _file: file })),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => return Ok(None),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::Error(_)) => return Ok(Some(Lock::Unsupported)),
        }
    }
}

/// Whether locks work here; none while there is no lock file to try one on.
pub(super) fn has_locks(journal: &Path) -> Option<bool> {
    let file = File::options().write(true).open(journal.with_extension("lock")).ok()?;
    Some(!matches!(file.try_lock(), Err(TryLockError::Error(_))))
}

/// The file, open for appending and reading; made if it is not there.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let open = unix::private_file().create(true).append(true).read(true).open(path);
    open.map_err(|cause| io::Error::new(cause.kind(), format!("{}: {cause}", path.display())))
}

/// Whether the file's last byte is a line end (or there is none).
pub(super) fn ends_whole(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last[0] == b'\n')
}

/// One write of whole lines. A short one is an error: what it left is never taken away.
pub(super) fn write_once(file: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    loop {
        return match file.write(bytes) {
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) => Err(cause),
            Ok(written) if written == bytes.len() => Ok(()),
            Ok(written) => Err(io::Error::new(
                io::ErrorKind::StorageFull,
                format!("only {written} of {} bytes were taken", bytes.len()),
            )),
        };
    }
}
