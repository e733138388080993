//! The course: lessons, tracks and the structured blocks of a lesson. Immutable once loaded.
//!
//! Everything here is pure. `build.rs` includes this folder by path to write the index
//! of the embedded course, so nothing in it may use a crate that `build.rs` does not have.

pub mod blocks;
pub mod entry;
pub mod facts;
pub mod front;
pub mod info;
pub mod near;

use std::borrow::Cow;

pub use entry::{Entry, Heading, Kind, Level};
pub use info::{Faq, Info, Stage, Track};

/// A string that is static in the embedded course and owned in one from a folder.
pub type Str = Cow<'static, str>;
/// A list likewise.
pub type List<T> = Cow<'static, [T]>;

/// What is wrong at one place of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File name relative to the course's folder; empty if the folder is meant.
    pub file: String,
    /// Line, from 1; 0 if the file as a whole is meant.
    pub line: usize,
    /// `what is wrong; the mend`
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&*self.file, self.line) {
            ("", _) => f.write_str(&self.message),
            (file, 0) => write!(f, "{file}: {}", self.message),
            (file, line) => write!(f, "{file}:{line}: {}", self.message),
        }
    }
}

/// A loaded course: its index, and where the texts are.
#[derive(Debug, Clone)]
pub struct Course {
    /// Names the journal: the same id is the same progress, wherever the folder lies.
    pub id: Str,
    /// Title for screens.
    pub title: Str,
    /// All lessons that could be read, drafts included, by number.
    pub lessons: List<Entry>,
    /// Tracks, in the order of `course.toml`.
    pub tracks: List<Track>,
    /// Files that could not be read, such as lessons that are left out; `check` says more.
    pub problems: Vec<Problem>,
    /// Where the texts come from.
    pub source: Source,
}

/// Where the text of a course is.
#[derive(Debug, Clone)]
pub enum Source {
    /// In the binary: `(file name, whole text, deflated)` of each file in the course's folder.
    Embedded(&'static [(&'static str, &'static [u8])]),
    /// In a folder.
    Folder(std::path::PathBuf),
}

impl Course {
    /// The lessons a reader sees: those that are no drafts, by number.
    pub fn listed(&self) -> impl Iterator<Item = &Entry> {
        self.lessons.iter().filter(|lesson| !lesson.draft)
    }

    /// A lesson by its slug or by a slug that it once had.
    pub fn by_slug(&self, slug: &str) -> Option<&Entry> {
        self.lessons
            .iter()
            .find(|lesson| lesson.slug == slug)
            .or_else(|| self.lessons.iter().find(|lesson| lesson.aliases.iter().any(|a| a == slug)))
    }

    /// A track by its id.
    pub fn track(&self, id: &str) -> Option<&Track> {
        self.tracks.iter().find(|track| track.id == id)
    }

    /// The slugs of a track in order, or of the whole series where `track` is none.
    pub fn order(&self, track: Option<&Track>) -> Vec<&Entry> {
        match track {
            None => self.listed().collect(),
            Some(track) => track
                .stages
                .iter()
                .flat_map(|stage| stage.lessons.iter())
                .filter_map(|slug| self.by_slug(slug))
                .filter(|lesson| !lesson.draft)
                .collect(),
        }
    }
}
