//! One line of the journal.

use chrono::{DateTime, FixedOffset};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Random per process start, then a counter: `k7q2m9x4-1`.
    pub id: String,
    /// Wall time with its offset.
    pub t: DateTime<FixedOffset>,
    /// Order in ms since the epoch, only where it is not that of `t`.
    pub o: Option<i64>,
    /// Shared by the events of one command, which are undone together.
    pub batch: Option<String>,
    /// What.
    pub what: What,
}

/// What happened. Lessons by slug; unknown kinds are kept in the file and skipped here.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// `open`: seen at least once, with the hash of the body.
    Open {
        /// Slug.
        lesson: String,
        /// `v`
        version: Option<u32>,
    },
    /// `at`: position and active seconds since the last one.
    At {
        /// Slug.
        lesson: String,
        /// `h`: heading id of the section; none before the first heading.
        heading: Option<String>,
        /// `f`: share of the section's characters.
        fraction: f64,
        /// `p`: share of the lesson's characters.
        share: f64,
        /// `s`: active seconds.
        seconds: u32,
    },
    /// `read`: the end was reached and enough time spent.
    Read {
        /// Slug.
        lesson: String,
        /// `v`
        version: Option<u32>,
    },
    /// `mark`: by hand.
    Mark {
        /// Slug.
        lesson: String,
        /// Read, or unread again.
        read: bool,
    },
    /// `track`: the track in use; none is the series.
    Track {
        /// Id.
        track: Option<String>,
    },
    /// `grade`: a card was answered.
    Grade {
        /// `slug#id`
        card: String,
        /// 1 to 4.
        grade: u8,
        /// Days until it is due; 0 is again today.
        interval: u32,
    },
    /// `undo`: of one event or of a batch.
    Undo {
        /// Event id (any of a batch takes the batch).
        of: String,
    },
    /// A kind of a later version or issue (note, bookmark, lab, rehearse, ...): counted, kept, not folded.
    Other {
        /// `e`
        kind: String,
    },
}
