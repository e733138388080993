//! `course.toml`: what the course says of itself, and its tracks.

use super::{List, Str};

/// An ordered path of stages through lessons, dependency first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Id, for commands.
    pub id: Str,
    /// Title.
    pub title: Str,
    /// One or two sentences.
    pub about: Str,
    /// Stages in order.
    pub stages: List<Stage>,
}

/// A group of lessons in a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Title.
    pub title: Str,
    /// Slugs in order.
    pub lessons: List<Str>,
}

/// A question that readers ask of the course.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// Question.
    pub q: String,
    /// Answer, markdown.
    pub a: String,
}

/// All of `course.toml`. Loaded for `about` and `check` only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Names the journal.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is.
    pub about: String,
    /// Who it is for.
    pub audience: String,
    /// What one learns.
    pub learn: Vec<String>,
    /// What one should know before.
    pub prerequisites: Vec<String>,
    /// Questions answered.
    pub faq: Vec<Faq>,
    /// In which order, and why.
    pub roadmap: String,
    /// Tracks.
    pub tracks: Vec<Track>,
}
