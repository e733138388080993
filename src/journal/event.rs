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
    /// `bookmark`: a line to come back to.
    Bookmark {
        /// Slug.
        lesson: String,
        /// Where.
        place: Place,
    },
    /// `note`: the reader's own words on a place, or on the lesson as a whole.
    Note {
        /// Slug.
        lesson: String,
        /// Where; none for the whole lesson.
        place: Option<Place>,
        /// What was written.
        text: String,
        /// Ids of the notes that it replaces: those that its writer had seen.
        over: Vec<String>,
    },
    /// `highlight`: a passage that the reader marked.
    Highlight {
        /// Slug.
        lesson: String,
        /// Where it starts.
        place: Place,
        /// `n`: characters of the lesson's text, ends of blocks included.
        chars: u32,
    },
    /// `undo`: of one event or of a batch.
    Undo {
        /// Event id (any of a batch takes the batch).
        of: String,
    },
    /// A kind of a later version or issue (lab, rehearse, ...): counted, kept, not folded.
    Other {
        /// `e`
        kind: String,
    },
}

/// A line of a lesson as the journal keeps it: it survives edits of the lesson.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// `h`: heading id of the section; none before the first heading.
    pub heading: Option<String>,
    /// `f`: share of the section's characters.
    pub fraction: f64,
    /// `p`: share of the lesson's characters.
    pub share: f64,
    /// `q`: the first 80 characters of the text there, to find it again.
    pub quote: String,
}

impl Event {
    /// What events are sorted by, then by [`Event::id`]: ms since the epoch.
    pub fn order(&self) -> i64 {
        self.o.unwrap_or_else(|| self.t.timestamp_millis())
    }

    /// Whether `undo` may take it back: all but `open`, `at` and `undo` itself.
    pub fn is_act(&self) -> bool {
        !matches!(self.what, What::Open { .. } | What::At { .. } | What::Undo { .. })
    }

    /// What is undone together with it: its batch, or it alone.
    pub(super) fn group(&self) -> &str {
        self.batch.as_deref().unwrap_or(&self.id)
    }
}

impl What {
    /// The name in the journal (`e`).
    pub fn kind(&self) -> &str {
        match self {
            What::Open { .. } => "open",
            What::At { .. } => "at",
            What::Read { .. } => "read",
            What::Mark { .. } => "mark",
            What::Track { .. } => "track",
            What::Grade { .. } => "grade",
            What::Bookmark { .. } => "bookmark",
            What::Note { .. } => "note",
            What::Highlight { .. } => "highlight",
            What::Undo { .. } => "undo",
            What::Other { kind } => kind,
        }
    }

    /// As the journal holds it: shares within 0 and 1, to four places.
    pub(super) fn rounded(self) -> What {
        match self {
            What::At { lesson, heading, fraction, share, seconds } => What::At {
                lesson,
                heading,
                fraction: round(fraction),
                share: round(share),
                seconds,
            },
            What::Bookmark { lesson, place } => What::Bookmark { lesson, place: place.rounded() },
            What::Highlight { lesson, place, chars } => {
                What::Highlight { lesson, place: place.rounded(), chars }
            }
            What::Note { lesson, place, text, over } => {
                What::Note { lesson, place: place.map(Place::rounded), text, over }
            }
            other => other,
        }
    }
}

impl Place {
    fn rounded(self) -> Place {
        Place { fraction: round(self.fraction), share: round(self.share), ..self }
    }
}

/// A share within 0 and 1, to four places: two characters of a long lesson. Not a number is 0.
pub(super) fn round(share: f64) -> f64 {
    if share.is_nan() { 0.0 } else { (share.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0 }
}
