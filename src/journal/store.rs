//! One journal: read, followed, appended to.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, SubsecRound};

use super::disk::{self, Lock};
use super::follow::{Change, Follow};
use super::health::{Health, conflict, conflicts};
use super::import::{Imported, new_lines};
use super::lines::settle;
use super::outcome::{LockWait, StoreError, Unsaved, utf16_advice, words};
use super::{Event, What, line, undo};

/// Most bytes of one write.
const MOST: usize = 64 * 1024;

/// A line that this process writes.
#[derive(Debug)]
struct Own {
    id: String,
    line: Vec<u8>,
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
    own: Vec<Own>,
    /// Not in the file yet, oldest first.
    pending: Vec<Own>,
    follow: Follow,
    /// Whether the file system has them; none if nothing was written yet.
    locks: Option<bool>,
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
        let change = store.follow.read(path).map_err(|cause| StoreError(cause.to_string()))?;
        store.absorb(change);
        disk::check_parent(path, make_all).map_err(StoreError)?;
        store.nowhere = store.nowhere.or_else(|| disk::not_writable(path));
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
            follow: Follow::default(),
            locks: None,
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
        undo::last_act(&self.events, |_| true)
    }

    /// The same of the acts that are wanted.
    pub fn last_act_of(&self, wanted: impl Fn(&Event) -> bool) -> Vec<&Event> {
        undo::last_act(&self.events, wanted)
    }

    /// The newest undo that counts, and what it took back.
    pub fn last_undo(&self) -> Option<(&Event, Vec<&Event>)> {
        undo::last_undo(&self.events, |_| true)
    }

    /// The same of the acts that are wanted.
    pub fn last_undo_of(&self, wanted: impl Fn(&Event) -> bool) -> Option<(&Event, Vec<&Event>)> {
        undo::last_undo(&self.events, wanted)
    }

    /// Reads what others added. True if anything changed.
    pub fn refresh(&mut self) -> bool {
        let Some(path) = self.path().map(Path::to_path_buf) else { return false };
        match self.follow.read(&path) {
            Ok(change) => self.absorb(change),
            Err(_) => false, // what is in memory stays
        }
    }

    fn absorb(&mut self, change: Change) -> bool {
        let before = self.events.len();
        match change {
            Change::None => false,
            Change::Added(mut events) => {
                events.retain(|event| !self.is_own(&event.id)); // those are in memory already
                if events.is_empty() {
                    return false;
                }
                self.events.append(&mut events);
                settle(&mut self.events);
                self.events.len() != before
            }
            Change::Whole(events) => {
                self.events = events;
                self.keep_own();
                settle(&mut self.events);
                if self.follow.utf16 {
                    self.nowhere = self.path.as_deref().map(utf16_advice);
                }
                true
            }
        }
    }

    /// After all was read again: what this process wrote and the file lacks waits again.
    fn keep_own(&mut self) {
        let ours: HashSet<&str> = self.own.iter().map(|own| own.id.as_str()).collect();
        let ids = self.events.iter().map(|event| event.id.as_str());
        let here: HashSet<&str> = ids.filter(|id| ours.contains(id)).collect();
        let own = std::mem::take(&mut self.own).into_iter();
        let (written, mut missing) = own.partition(|own| here.contains(own.id.as_str()));
        self.own = written;
        missing.append(&mut self.pending);
        self.pending = missing;
        self.unsynced |= !self.own.is_empty(); // another file, or other blocks of it
        self.events.extend(self.pending.iter().filter_map(|own| line::read(&own.line).ok()));
    }

    fn is_own(&self, id: &str) -> bool {
        id.strip_prefix(&self.prefix).is_some_and(|rest| rest.starts_with('-'))
    }

    /// Gives events their ids and order, keeps them and tries to write them. Those of one call are undone together.
    ///
    /// # Errors
    /// They are not in the file yet; they stay in memory and are tried again.
    pub fn record(&mut self, what: Vec<What>, now: DateTime<FixedOffset>) -> Result<(), Unsaved> {
        self.refresh(); // to come after what others did, whatever their clocks say
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
            self.pending.push(Own { id: event.id.clone(), line: line::write(&event).into_bytes() });
            self.events.push(event);
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
        self.locks = Some(matches!(lock, Lock::Held { .. }));
        while !self.pending.is_empty() {
            self.write(&path, &lock).map_err(|cause| unsaved(&cause))?;
        }
        Ok(())
    }

    /// One write of what is pending, or of as much as goes into one.
    fn write(&mut self, path: &Path, lock: &Lock) -> io::Result<()> {
        // By path each time, and a look before and after: the file may be replaced at any moment.
        let mut file = disk::open(path)?;
        self.made |= !self.follow.exists();
        self.refresh();
        if let Some(why) = &self.nowhere {
            return Err(io::Error::other(why.clone())); // it has become UTF-16
        }
        let newline = matches!(lock, Lock::Unsupported) || !disk::ends_whole(&mut file)?;
        let mut bytes = if newline { vec![b'\n'] } else { Vec::new() };
        let mut taken = 0;
        for Own { line, .. } in &self.pending {
            if taken > 0 && bytes.len() + line.len() >= MOST {
                break;
            }
            bytes.extend_from_slice(line);
            bytes.push(b'\n');
            taken += 1;
        }
        self.write_bytes(&mut file, &bytes)?;
        self.unsynced = true;
        self.own.extend(self.pending.drain(..taken));
        self.refresh();
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
        let line = |own: &Own| String::from_utf8_lossy(&own.line).into_owned() + "\n";
        self.pending.iter().map(line).collect()
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
        self.unsynced || (!self.own.is_empty() && !self.dir_synced)
    }

    /// The file to be written through by another thread, and the next time, once, its directory.
    pub fn sync_handle(&mut self) -> Option<File> {
        let path = self.path().filter(|_| self.unsynced())?.to_path_buf();
        if self.unsynced {
            self.unsynced = false;
            return File::open(path).ok();
        }
        self.dir_synced = true;
        File::open(path.parent()?).ok()
    }

    /// Writes the file through to the disk, and the first time its directory.
    ///
    /// # Errors
    /// The disk does not take it: this process's events are to be appended again, with the same ids.
    pub fn sync(&mut self) -> Result<(), Unsaved> {
        let Some(path) = self.path().map(Path::to_path_buf) else { return Ok(()) };
        if !self.unsynced() {
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
        self.own.append(&mut self.pending);
        self.pending = std::mem::take(&mut self.own);
    }

    /// Merges another journal: the lines of unknown ids are appended as they are.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn import(&mut self, bytes: &[u8], dry: bool) -> Result<Imported, Unsaved> {
        self.refresh();
        let known = self.events.iter().map(|event| event.id.as_str()).collect();
        let (imported, new) = new_lines(bytes, &known);
        if dry || new.is_empty() {
            return Ok(imported);
        }
        for (event, line) in new {
            self.pending.push(Own { id: event.id.clone(), line });
            self.events.push(event);
        }
        settle(&mut self.events);
        self.retry().map(|()| imported)
    }

    /// The bytes of the file as they are; none if there is no file. A journal that cannot be written can still be read.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn bytes(&self) -> io::Result<Option<Vec<u8>>> {
        let Some(path) = &self.path else { return Ok(None) };
        match fs_err::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(cause),
        }
    }

    /// How the journal stands. Looks for conflict copies.
    pub fn health(&self) -> Health {
        let conflicts = self.path.as_deref().map(|path| conflicts(path, &self.events));
        Health {
            events: self.events.len(),
            unreadable: self.follow.unreadable.clone(),
            later: self.follow.later.clone(),
            conflicts: conflicts.unwrap_or_default(),
            not_kept: self.nowhere.clone(),
            missing: !self.follow.exists(),
            locks: self.locks.or_else(|| disk::has_locks(self.path()?)),
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
