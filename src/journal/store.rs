//! One journal: read, followed, appended to.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, SubsecRound};

use super::disk::{self, Lock, Stat};
use super::health::{Health, conflict, conflict_copies};
use super::lines::{Line, is_known, lines, settle, utf16};
use super::{Event, What, line, undo};
use crate::unix;

/// Most bytes of one write.
const MOST: usize = 64 * 1024;

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
pub struct StoreError(String);

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

/// What an import brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Events that were not here.
    pub new: usize,
    /// Events that were.
    pub known: usize,
    /// Lines that are no events.
    pub unreadable: usize,
}

/// One journal file, or none.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)] // four facts about one file, no state machine
pub struct Store {
    path: Option<PathBuf>,
    /// Why nothing is kept.
    nowhere: Option<String>,
    /// All parts of the directory may be made, not only the last.
    make_all: bool,
    events: Vec<Event>,
    /// Written by this process: written again if the file is replaced without them.
    own: Vec<Event>,
    /// Not in the file yet, oldest first.
    pending: Vec<Event>,
    /// The file that was read, and how far: to the end of its last whole line.
    seen: Option<Stat>,
    health: Health,
    prefix: String,
    count: u64,
    wait: LockWait,
    failure: Option<Unsaved>,
    unsynced: bool,
    dir_synced: bool,
    made: bool,
    /// Fails a write after so many bytes in total, for tests.
    #[cfg(test)]
    pub(super) room: Option<usize>,
    /// As on a file system without locks, for tests.
    #[cfg(test)]
    pub(super) lockless: bool,
}

impl Store {
    /// Reads the journal at a path, which need not exist. Nothing is written.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn open(path: &Path, make_all: bool) -> Result<Store, StoreError> {
        let mut store = Store::empty(Some(path.to_path_buf()));
        store.make_all = make_all;
        store.load().map_err(|cause| StoreError(cause.to_string()))?;
        if store.nowhere.is_none() && store.seen.is_none() {
            let dir = path.parent().unwrap_or(Path::new("."));
            let parent_exists =
                dir.parent().is_none_or(|parent| parent.as_os_str().is_empty() || parent.is_dir());
            if !make_all && !dir.is_dir() && !parent_exists {
                return Err(StoreError(format!(
                    "data directory: {}: its parent does not exist",
                    dir.display()
                )));
            }
        }
        let mut exists = path.ancestors().skip(1);
        if let Some(dir) = exists.find(|dir| dir.is_dir())
            && !unix::is_writable(dir)
        {
            store.nowhere = Some(format!("{} cannot be written", dir.display()));
        }
        Ok(store)
    }

    /// In memory only: reads on, keeps nothing.
    pub fn nowhere(why: String) -> Store {
        let mut store = Store::empty(None);
        store.nowhere = Some(why);
        store
    }

    fn empty(path: Option<PathBuf>) -> Store {
        Store {
            path,
            nowhere: None,
            make_all: false,
            events: Vec::new(),
            own: Vec::new(),
            pending: Vec::new(),
            seen: None,
            health: Health::default(),
            prefix: random_prefix(),
            count: 0,
            wait: LockWait::UpTo(Duration::from_secs(2)),
            failure: None,
            unsynced: false,
            dir_synced: false,
            made: false,
            #[cfg(test)]
            room: None,
            #[cfg(test)]
            lockless: false,
        }
    }

    /// How long [`Store::record`] waits for another writer.
    pub fn set_wait(&mut self, wait: LockWait) {
        self.wait = wait;
    }

    /// The file; none if nothing is kept.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref().filter(|_| self.nowhere.is_none())
    }

    /// All events, sorted; those taken back included.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events that count.
    pub fn alive(&self) -> Vec<&Event> {
        undo::alive(&self.events)
    }

    /// The newest act not yet taken back, with its batch; empty if there is none.
    pub fn last_act(&self) -> Vec<&Event> {
        undo::last_act(&self.events)
    }

    /// The newest undo that counts, and what it took back.
    pub fn last_undo(&self) -> Option<(&Event, Vec<&Event>)> {
        undo::last_undo(&self.events)
    }

    /// Reads the whole file anew; what this process wrote and the file lacks becomes pending again.
    fn load(&mut self) -> io::Result<()> {
        let Some(path) = self.path.clone() else { return Ok(()) };
        (self.events, self.seen, self.health) = (Vec::new(), None, Health::default());
        if let Some(stat) = disk::stat(&path)? {
            let bytes = disk::read_from(&path, 0)?;
            if let Some(text) = utf16(&bytes) {
                let why = format!(
                    "{} is UTF-16; convert it: iconv -f UTF-16 -t UTF-8 '{}' > new",
                    path.display(),
                    path.display()
                );
                self.nowhere = Some(why);
                self.take(text.as_bytes(), 0);
                return Ok(());
            }
            let whole = self.take(&bytes, 0);
            self.seen = Some(Stat { len: whole, ..stat });
        }
        let missing = |event: &&Event| !self.events.iter().any(|known| known.id == event.id);
        let lost: Vec<Event> = self.own.iter().filter(missing).cloned().collect();
        for event in lost {
            if !self.pending.iter().any(|pending| pending.id == event.id) {
                self.pending.push(event);
            }
        }
        self.events.extend(self.pending.iter().cloned());
        settle(&mut self.events);
        Ok(())
    }

    /// Takes the lines of bytes that start at line `before` + 1 of the file; gives the length of the whole lines.
    /// A last line without an end counts if it is an event, and is read again when it is whole.
    fn take(&mut self, bytes: &[u8], before: usize) -> u64 {
        let whole = memchr::memrchr(b'\n', bytes).map_or(0, |end| end + 1);
        let last_line = memchr::memchr_iter(b'\n', bytes).count() + 1;
        for (number, line) in lines(bytes) {
            match line {
                Line::Event(event, _) => {
                    if !is_known(&event.what) {
                        *self.health.later.entry(event.what.kind().to_string()).or_default() += 1;
                    }
                    self.events.push(event);
                }
                Line::Unreadable if number < last_line => {
                    self.health.unreadable.push(before + number);
                }
                Line::Unreadable | Line::Cut | Line::Marker => {}
            }
        }
        whole as u64
    }

    /// Reads what others added. True if anything changed.
    pub fn refresh(&mut self) -> bool {
        let Some(path) = self.path().map(Path::to_path_buf) else { return false };
        let Ok(stat) = disk::stat(&path) else { return false };
        match (stat, self.seen) {
            (None, None) => false,
            (Some(new), Some(seen)) if new.file == seen.file && new.len == seen.len => false,
            (Some(new), Some(seen)) if new.file == seen.file && new.len > seen.len => {
                let before = self.events.len();
                let Ok(bytes) = disk::read_from(&path, seen.len) else { return false };
                let whole = self.take(&bytes, 0);
                self.seen = Some(Stat { len: seen.len + whole, ..new });
                settle(&mut self.events);
                self.events.len() != before
            }
            // Another file, a shorter one, or none: everything is read again.
            _ => self.load().is_ok(),
        }
    }

    /// Gives events their ids and order, keeps them and tries to write them. Those of one call are undone together.
    ///
    /// # Errors
    /// They are not in the file yet; they stay in memory and are tried again.
    pub fn record(&mut self, what: Vec<What>, now: DateTime<FixedOffset>) -> Result<(), Unsaved> {
        let now = now.trunc_subsecs(3);
        let batch = (what.len() > 1).then(|| format!("{}-{}", self.prefix, self.count + 1));
        for what in what {
            self.count += 1;
            let newest = self.events.last().map_or(i64::MIN, Event::order);
            let event = Event {
                id: format!("{}-{}", self.prefix, self.count),
                t: now,
                o: (now.timestamp_millis() <= newest).then(|| newest.saturating_add(1)),
                batch: batch.clone(),
                what: what.rounded(),
            };
            self.events.push(event.clone());
            self.pending.push(event);
        }
        self.retry()
    }

    /// Writes what is pending.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub fn retry(&mut self) -> Result<(), Unsaved> {
        let done = self.append();
        self.failure = done.clone().err();
        done
    }

    fn append(&mut self) -> Result<(), Unsaved> {
        let unsaved = |cause: &io::Error| Unsaved { why: words(cause), locked: false };
        if let Some(why) = &self.nowhere {
            return Err(Unsaved { why: why.clone(), locked: false });
        }
        let Some(path) = self.path.clone() else { return Ok(()) };
        if self.pending.is_empty() {
            return Ok(());
        }
        let dir = path.parent().unwrap_or(Path::new("."));
        self.made |= !dir.is_dir();
        disk::make_dir(dir, self.make_all).map_err(|cause| unsaved(&cause))?;
        let wait = match self.wait {
            LockWait::UpTo(wait) => wait,
            LockWait::Try => Duration::ZERO,
        };
        let lock = disk::lock(&path, wait).map_err(|cause| unsaved(&cause))?.ok_or_else(|| {
            Unsaved { why: "another sdprep holds the journal".into(), locked: true }
        })?;
        #[cfg(test)]
        let lock = if self.lockless { Lock::Unsupported } else { lock };
        self.health.locks = Some(matches!(lock, Lock::Held { .. }));
        // By path: the file may have been replaced since.
        let mut file = disk::open(&path).map_err(|cause| unsaved(&cause))?;
        self.made |= self.seen.is_none();
        self.refresh();
        self.write(&mut file, &path, &lock).map_err(|cause| unsaved(&cause))
    }

    fn write(&mut self, file: &mut File, path: &Path, lock: &Lock) -> io::Result<()> {
        while !self.pending.is_empty() {
            let newline = matches!(lock, Lock::Unsupported) || !disk::ends_whole(file)?;
            let mut bytes = if newline { vec![b'\n'] } else { Vec::new() };
            let mut taken = 0;
            for event in &self.pending {
                let line = line::write(event);
                if taken > 0 && bytes.len() + line.len() >= MOST {
                    break;
                }
                bytes.extend_from_slice(line.as_bytes());
                bytes.push(b'\n');
                taken += 1;
            }
            self.write_bytes(file, &bytes)?;
            self.unsynced = true;
            self.own.extend(self.pending.drain(..taken));
            // Without locks another's line may have come between: then it is read at the next look.
            if let (Some(now), seen) = (disk::stat(path)?, self.seen)
                && now.len == seen.map_or(0, |seen| seen.len) + bytes.len() as u64
            {
                self.seen = Some(now);
            } else {
                self.refresh();
            }
        }
        Ok(())
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self)] // the test build has a sink that fails
    fn write_bytes(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        disk::write_once(file, bytes)
    }

    #[cfg(test)]
    fn write_bytes(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let Some(room) = &mut self.room else { return disk::write_once(file, bytes) };
        let fits = bytes.len().min(*room);
        *room -= fits;
        io::Write::write_all(file, &bytes[..fits])?;
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    /// Number of events that are not in the file.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Those events as lines, for `import -`.
    pub fn pending_lines(&self) -> String {
        self.pending.iter().flat_map(|event| [line::write(event), "\n".into()]).collect()
    }

    /// When to try again.
    pub fn retry_after(&self) -> Duration {
        let locked = self.failure.as_ref().is_some_and(|failure| failure.locked);
        Duration::from_secs(if locked { 1 } else { 5 })
    }

    /// `not saved: disk full; 3 changes wait`, until saved. A lock that another holds for a moment is not worth it.
    pub fn not_saved(&self) -> Option<String> {
        let failure =
            self.failure.as_ref().filter(|_| self.nowhere.is_none() && !self.pending.is_empty())?;
        let count = self.pending.len();
        let changes =
            if count == 1 { "1 change waits".into() } else { format!("{count} changes wait") };
        Some(format!("not saved: {}; {changes}", failure.why))
    }

    /// Whether something was written that may not be on the disk yet.
    pub fn unsynced(&self) -> bool {
        self.unsynced
    }

    /// The file to be written through by another thread.
    pub fn sync_handle(&mut self) -> Option<File> {
        let file = File::open(self.path()?).ok();
        self.unsynced = false;
        file
    }

    /// Writes the file through to the disk, and the first time its directory.
    ///
    /// # Errors
    /// The disk does not take it: this process's events are to be appended again, with the same ids.
    pub fn sync(&mut self) -> Result<(), Unsaved> {
        let Some(path) = self.path().map(Path::to_path_buf) else { return Ok(()) };
        if !self.unsynced {
            return Ok(());
        }
        let synced = File::open(&path).and_then(|file| file.sync_data());
        if let Err(cause) = synced {
            self.sync_failed();
            return Err(Unsaved { why: words(&cause), locked: false });
        }
        if !self.dir_synced
            && let Some(dir) = path.parent()
        {
            let _ = File::open(dir).and_then(|dir| dir.sync_all());
            self.dir_synced = true;
        }
        self.unsynced = false;
        Ok(())
    }

    /// The disk did not take what was written: this process's events are appended again at the next try.
    pub fn sync_failed(&mut self) {
        self.pending = std::mem::take(&mut self.own);
    }

    /// Merges another journal: the lines of unknown ids are appended as they are.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn import(&mut self, bytes: &[u8], dry: bool) -> Result<Imported, Unsaved> {
        self.refresh();
        let text = utf16(bytes);
        let bytes = text.as_ref().map_or(bytes, String::as_bytes);
        let mut known: std::collections::HashSet<String> =
            self.events.iter().map(|e| e.id.clone()).collect();
        let mut imported = Imported::default();
        let mut raw = Vec::new();
        for (_, line) in lines(bytes) {
            match line {
                Line::Event(event, bytes) if known.insert(event.id.clone()) => {
                    imported.new += 1;
                    raw.extend_from_slice(bytes);
                    raw.push(b'\n');
                }
                Line::Event(..) => imported.known += 1,
                Line::Marker => {}
                Line::Cut | Line::Unreadable => imported.unreadable += 1,
            }
        }
        if dry || raw.is_empty() {
            return Ok(imported);
        }
        self.append_raw(&raw)?;
        Ok(imported)
    }

    fn append_raw(&mut self, raw: &[u8]) -> Result<(), Unsaved> {
        let unsaved = |cause: io::Error| Unsaved { why: words(&cause), locked: false };
        let Some(path) = self.path().map(Path::to_path_buf) else {
            return Err(Unsaved { why: self.nowhere.clone().unwrap_or_default(), locked: false });
        };
        disk::make_dir(path.parent().unwrap_or(Path::new(".")), self.make_all).map_err(unsaved)?;
        let wait = Duration::from_secs(2);
        let held = disk::lock(&path, wait).map_err(unsaved)?;
        let _lock = held.ok_or_else(|| Unsaved {
            why: "another sdprep holds the journal".into(),
            locked: true,
        })?;
        let mut file = disk::open(&path).map_err(unsaved)?;
        let mut bytes =
            if disk::ends_whole(&mut file).map_err(unsaved)? { Vec::new() } else { vec![b'\n'] };
        bytes.extend_from_slice(raw);
        io::Write::write_all(&mut file, &bytes).map_err(unsaved)?;
        self.unsynced = true;
        self.refresh();
        Ok(())
    }

    /// How the journal stands. Looks for conflict copies.
    pub fn health(&self) -> Health {
        let copies = self.path.as_deref().map(conflict_copies).unwrap_or_default();
        let unknown = |path: PathBuf| {
            let bytes = disk::read_from(&path, 0).unwrap_or_default();
            let new = lines(&bytes).filter(|(_, line)| match line {
                Line::Event(event, _) => !self.events.iter().any(|known| known.id == event.id),
                _ => false,
            });
            let count = new.count();
            (path, count)
        };
        Health {
            events: self.events.len(),
            conflicts: copies.into_iter().map(unknown).filter(|(_, events)| *events > 0).collect(),
            not_kept: self.nowhere.clone(),
            missing: self.seen.is_none(),
            ..self.health.clone()
        }
    }

    /// Said once, when the program starts.
    pub fn notices(&self) -> Vec<String> {
        let health = self.health();
        let mut notices = Vec::new();
        notices.extend(self.nowhere.as_ref().map(|why| format!("progress is not kept: {why}")));
        notices.extend(health.conflicts.iter().map(|(path, events)| conflict(path, *events)));
        if let Some(line) = health.unreadable.first() {
            notices.push(format!("line {line} of the journal cannot be read: sdprep doctor"));
        }
        notices
    }

    /// `new journal at …` if this process made it in a directory that the reader named.
    pub fn made(&self) -> Option<String> {
        let path = self.path.as_ref().filter(|_| self.made && !self.make_all)?;
        Some(format!("new journal at {}", path.display()))
    }
}

/// The cause in words that a reader understands.
fn words(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "disk full".into(),
        _ => cause.to_string(),
    }
}

/// Eight letters and digits, new for each process. Without a random source: its id and the time.
fn random_prefix() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 8];
    if getrandom::fill(&mut bytes).is_err() {
        let since =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        bytes =
            (since.as_nanos() as u64 ^ u64::from(std::process::id()).rotate_left(40)).to_le_bytes();
    }
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % 32])).collect()
}
