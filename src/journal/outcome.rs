//! What can come of opening and writing a journal, in a reader's words.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

/// How long a writer waits for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockWait {
    /// A command.
    UpTo(Duration),
    /// The full screen tries once and goes on from memory.
    Try,
}

/// Why the journal cannot be read.
#[derive(Debug)]
pub struct StoreError(pub(super) String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

/// Events that are in memory and not in the file yet. They are tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// Why.
    pub why: String,
    /// Another program holds the lock: try again soon.
    pub locked: bool,
}

impl fmt::Display for Unsaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// The cause in words that a reader understands.
pub(super) fn words(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "disk full".into(),
        _ => cause.to_string(),
    }
}

/// What to do with a journal that an editor or a shell has made UTF-16.
pub(super) fn utf16_advice(path: &Path) -> String {
    let path = path.display();
    format!("{path} is UTF-16; convert it: iconv -f UTF-16 -t UTF-8 '{path}' > new")
}
