//! Merging: what another journal has that this one has not.

use std::collections::HashSet;

use super::Event;
use super::lines::{Line, lines, utf16};

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

/// The events of another journal whose ids are not `known`, each with its line as it stands there.
pub(super) fn new_lines(bytes: &[u8], known: &HashSet<&str>) -> (Imported, Vec<(Event, Vec<u8>)>) {
    let text = utf16(bytes);
    let bytes = text.as_ref().map_or(bytes, String::as_bytes);
    let (mut imported, mut new, mut taken) = (Imported::default(), Vec::new(), HashSet::new());
    for (_, line) in lines(bytes) {
        match line {
            Line::Event(event, line) => {
                if known.contains(event.id.as_str()) || !taken.insert(event.id.clone()) {
                    imported.known += 1;
                } else {
                    imported.new += 1;
                    new.push((event, line.to_vec()));
                }
            }
            Line::Marker => {}
            Line::Cut | Line::Unreadable => imported.unreadable += 1,
        }
    }
    (imported, new)
}
