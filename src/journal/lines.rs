//! The bytes of a journal as lines: what each of them is.

use std::collections::{HashMap, HashSet};

use super::line::{self, Broken};
use super::{Event, What};

/// A line that holds something.
#[derive(Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // nearly all lines are events, and none is kept in this form
pub enum Line<'a> {
    /// An event, and its bytes, trimmed.
    Event(Event, &'a [u8]),
    /// The start of an event; never acknowledged.
    Cut,
    /// Neither.
    Unreadable,
    /// What git leaves between the two sides of a conflict; the events of both sides count.
    Marker,
}

/// The lines of `bytes` with their numbers from 1, blank ones left out. Doubles are not removed.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Line<'_>)> {
    let mut rest = Some(bytes);
    let raw = std::iter::from_fn(move || {
        let bytes = rest?;
        match memchr::memchr(b'\n', bytes) {
            Some(end) => {
                rest = Some(&bytes[end + 1..]);
                Some(&bytes[..end])
            }
            None => rest.take(),
        }
    });
    raw.zip(1..).filter_map(|(line, number)| {
        let line = trim(line);
        (!line.is_empty()).then(|| (number, classify(line)))
    })
}

fn classify(line: &[u8]) -> Line<'_> {
    const MARKERS: [&[u8]; 4] = [b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>"];
    match line::read(line) {
        Ok(event) => Line::Event(event, line),
        Err(_) if MARKERS.iter().any(|marker| line.starts_with(marker)) => Line::Marker,
        Err(Broken::Cut) => Line::Cut,
        Err(Broken::Unreadable) => Line::Unreadable,
    }
}

/// Without what editors, copies and power cuts leave at both ends: NUL, BOM, CR, blanks.
fn trim(mut line: &[u8]) -> &[u8] {
    const BOM: &[u8] = b"\xef\xbb\xbf";
    loop {
        line = match line {
            [0 | b' ' | b'\t' | b'\r', rest @ ..] | [rest @ .., 0 | b' ' | b'\t' | b'\r'] => rest,
            _ => match line.strip_prefix(BOM).or_else(|| line.strip_suffix(BOM)) {
                Some(rest) => rest,
                None => return line,
            },
        }
    }
}

/// The text of UTF-16 bytes in either order, with a mark or a `{` at the front; none if it is not that.
pub fn utf16(bytes: &[u8]) -> Option<String> {
    let little = match bytes {
        [0xff, 0xfe, ..] | [b'{', 0, ..] => true,
        [0xfe, 0xff, ..] | [0, b'{', ..] => false,
        _ => return None,
    };
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    let units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Sorts by order and id, and keeps the first of each id as they stand in the file.
pub fn settle(events: &mut Vec<Event>) {
    if !counts_up(events) {
        let mut seen = HashSet::with_capacity(events.len());
        let first: Vec<bool> = events.iter().map(|event| seen.insert(event.id.as_str())).collect();
        let mut first = first.into_iter();
        events.retain(|_| first.next().unwrap_or(true));
    }
    sort(events);
}

/// Whether no id can be there twice, since each run's numbers only rise. To remember a number for
/// each run costs a third of remembering every id, and a journal that nobody merged is always so.
fn counts_up(events: &[Event]) -> bool {
    let mut newest: HashMap<&str, u64> = HashMap::new();
    events.iter().all(|event| {
        let Some((run, number)) = event.id.rsplit_once('-') else { return false };
        let Ok(number) = number.parse() else { return false };
        newest.insert(run, number).is_none_or(|before| before < number)
    })
}

/// Sorts by order and id.
pub(super) fn sort(events: &mut [Event]) {
    let compare = |a: &Event, b: &Event| (a.order(), &a.id).cmp(&(b.order(), &b.id));
    if !events.is_sorted_by(|a, b| compare(a, b).is_le()) {
        events.sort_by(compare);
    }
}

/// Whether this version knows the kind; others come from a later one.
pub(super) fn is_known(what: &What) -> bool {
    !matches!(what, What::Other { .. })
}
