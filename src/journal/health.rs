//! How the journal stands, for `doctor` and for the one-line notices.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Event;
use super::import::new_lines;

/// What `doctor` tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Events that could be read, doubles left out.
    pub events: usize,
    /// Numbers of lines that cannot be read; they stay in the file.
    pub unreadable: Vec<usize>,
    /// Kinds that a later version wrote, with how many; kept and exported.
    pub later: BTreeMap<String, usize>,
    /// Other copies of the journal beside it, with the events that are not here.
    pub conflicts: Vec<(PathBuf, usize)>,
    /// Whether the file system has locks; none if nothing was written yet.
    pub locks: Option<bool>,
    /// Why nothing is kept.
    pub not_kept: Option<String>,
    /// The file does not exist yet.
    pub missing: bool,
}

impl Health {
    /// What is worth a line, the gravest first.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.not_kept.as_ref().map(|why| format!("progress is not kept: {why}")));
        for number in &self.unreadable {
            lines.push(format!("line {number} cannot be read; it stays in the file"));
        }
        for (path, events) in &self.conflicts {
            lines.push(conflict(path, *events));
        }
        for (kind, count) in &self.later {
            lines.push(format!(
                "{count} events of the kind \"{kind}\" are from a later version; they are kept"
            ));
        }
        if self.locks == Some(false) {
            lines.push("the file system has no locks: write from one machine at a time".into());
        }
        lines.push(if self.missing {
            "not written yet".into()
        } else {
            format!("{} events", self.events)
        });
        lines
    }
}

/// What is said of a conflict copy.
pub(super) fn conflict(path: &Path, events: usize) -> String {
    format!("conflict copy with {events} events not here: sdprep import '{}'", path.display())
}

/// Copies beside a journal with events that are not among its own, and how many those are.
pub(super) fn conflicts(journal: &Path, events: &[Event]) -> Vec<(PathBuf, usize)> {
    let copies = conflict_copies(journal);
    if copies.is_empty() {
        return Vec::new();
    }
    let known = events.iter().map(|event| event.id.as_str()).collect();
    let new = |path: PathBuf| {
        let bytes = std::fs::read(&path).unwrap_or_default();
        let new = new_lines(&bytes, &known).0.new;
        (path, new)
    };
    copies.into_iter().map(new).filter(|(_, new)| *new > 0).collect()
}

/// Copies that sync tools leave beside a journal: its name, a character that no id has, anything, `.jsonl`.
fn conflict_copies(journal: &Path) -> Vec<PathBuf> {
    let (Some(dir), Some(id)) =
        (journal.parent(), journal.file_stem().and_then(|stem| stem.to_str()))
    else {
        return Vec::new();
    };
    let is_copy = |name: &str| {
        let rest = name.strip_prefix(id).and_then(|rest| rest.strip_suffix(".jsonl"));
        rest.and_then(|rest| rest.chars().next())
            .is_some_and(|c| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '-')
    };
    let Ok(files) = std::fs::read_dir(dir) else { return Vec::new() };
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let mut copies: Vec<PathBuf> =
        names.filter(|name| is_copy(name)).map(|name| dir.join(name)).collect();
    copies.sort();
    copies
}
