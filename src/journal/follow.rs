//! Reading a journal that grows, also by others' hands, and that may be replaced or edited at any time.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use super::Event;
use super::disk::{self, Stat};
use super::lines::{Line, is_known, lines, utf16};

/// How many of the bytes before the place that was read to must still be there, else all is read again.
const KNOWN: usize = 64;
/// Bytes that are in memory at once, longer lines aside.
const CHUNK: u64 = 1 << 18;

/// What a look at the file brought.
pub(super) enum Change {
    /// It is as it was.
    None,
    /// These events are new in it.
    Added(Vec<Event>),
    /// It is another one, an edited one, or gone: these are all its events, in its order.
    Whole(Vec<Event>),
}

/// How far the file was read, and what stands in it beside events.
#[derive(Debug, Default)]
pub(super) struct Follow {
    stat: Option<Stat>,
    /// Behind the last line end that was read.
    offset: u64,
    /// The last bytes before `offset`.
    known: Vec<u8>,
    lines: usize,
    /// Numbers of lines that cannot be read.
    pub unreadable: Vec<usize>,
    /// Kinds of a later version, with how many.
    pub later: BTreeMap<String, usize>,
    /// The file is UTF-16. Nothing may be appended to it.
    pub utf16: bool,
}

impl Follow {
    /// Whether there was a file.
    pub fn exists(&self) -> bool {
        self.stat.is_some()
    }

    /// Reads what is new at `path`. After an error all is as it was.
    pub fn read(&mut self, path: &Path) -> io::Result<Change> {
        let stat = disk::stat(path)?;
        match (stat, self.stat) {
            (new, old) if new == old => return Ok(Change::None),
            (Some(new), Some(old))
                if new.file == old.file && new.len > old.len && new.len >= self.offset =>
            {
                let bytes = disk::read_from(path, self.offset - self.known.len() as u64)?;
                if let Some(added) = bytes.strip_prefix(self.known.as_slice()) {
                    let mut events = Vec::new();
                    self.take(added, &mut events);
                    self.stat = stat;
                    return Ok(Change::Added(events));
                }
            }
            _ => {}
        }
        let mut anew = Follow { stat, ..Follow::default() };
        let events = if stat.is_some() { anew.whole(path)? } else { Vec::new() };
        *self = anew;
        Ok(Change::Whole(events))
    }

    fn whole(&mut self, path: &Path) -> io::Result<Vec<Event>> {
        let mut file = fs_err::File::open(path)?;
        let mut events = Vec::new();
        let mut bytes = Vec::with_capacity(CHUNK as usize * 5 / 4);
        loop {
            let read = file.by_ref().take(CHUNK).read_to_end(&mut bytes)?;
            if self.offset == 0 && utf16(&bytes).is_some() {
                file.read_to_end(&mut bytes)?;
                self.utf16 = true;
                let text = utf16(&bytes).unwrap_or_default();
                self.take(text.as_bytes(), &mut events);
                return Ok(events);
            }
            if read == 0 {
                self.take(&bytes, &mut events); // a last line without an end
                return Ok(events);
            }
            let whole = end_of_lines(&bytes);
            self.take(&bytes[..whole], &mut events);
            bytes.drain(..whole);
        }
    }

    /// The events in bytes that follow what was read. A last line without an end counts if it is an event, and is
    /// read again when it is whole.
    fn take(&mut self, bytes: &[u8], events: &mut Vec<Event>) {
        let whole = end_of_lines(bytes);
        let ends = memchr::memchr_iter(b'\n', bytes).count();
        events.reserve(bytes.len() / 100); // near enough to the length of a line
        for (number, line) in lines(bytes) {
            match line {
                Line::Event(event, _) => {
                    if number <= ends && !is_known(&event.what) {
                        *self.later.entry(event.what.kind().to_string()).or_default() += 1;
                    }
                    events.push(event);
                }
                Line::Unreadable if number <= ends => self.unreadable.push(self.lines + number),
                Line::Unreadable | Line::Cut | Line::Marker => {}
            }
        }
        self.lines += ends;
        self.offset += whole as u64;
        self.known.extend_from_slice(&bytes[whole.saturating_sub(KNOWN)..whole]);
        self.known.drain(..self.known.len().saturating_sub(KNOWN));
    }
}

fn end_of_lines(bytes: &[u8]) -> usize {
    memchr::memrchr(b'\n', bytes).map_or(0, |end| end + 1)
}
