//! One line of the journal.

use chrono::{DateTime, FixedOffset, NaiveDate};

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
    /// `card`: a card of the reader's own. The same key again replaces its words; without a question it is gone.
    Card {
        /// `c`: `slug#own-id`; the part before `#` is the lesson it came from.
        card: String,
        /// Where in that lesson; none if nowhere in particular.
        place: Option<Place>,
        /// `ask`: the question.
        question: String,
        /// `answer`
        answer: String,
    },
    /// `suspend`: the card is not asked until it is taken back.
    Suspend {
        /// `c`: `slug#id`
        card: String,
        /// `on`
        on: bool,
    },
    /// `bury`: the card is not asked for the rest of that day.
    Bury {
        /// `c`: `slug#id`
        card: String,
    },
    /// `aim`: the day of the interview and the minutes of a day; nulls take the aim back.
    Aim {
        /// `by`
        by: Option<NaiveDate>,
        /// `minutes`
        minutes: Option<u32>,
    },
    /// `fit`: weights of the schedule fitted to the reader's own answers; null are the default ones.
    Fit {
        /// `w`: 21 numbers.
        weights: Option<Vec<f32>>,
    },
    /// `rehearse`: one step of a rehearsal.
    Rehearse {
        /// `r`: one id a rehearsal.
        rehearsal: String,
        /// `step` and its fields.
        step: RehearsalStep,
    },
    /// `lab`: a run.
    Lab {
        /// `lab`: its name.
        lab: String,
        /// `knobs`: name and value as typed, those that were not left as they come.
        knobs: Vec<(String, String)>,
        /// `seed`
        seed: u64,
        /// `predicted`: before the run; a choice by its index; none was skipped.
        predicted: Option<f64>,
        /// `measured`: what the prediction is held against.
        measured: f64,
        /// `holds`
        holds: bool,
    },
    /// `estimate`: the reader's own inputs of an estimate; none are the course's.
    Estimate {
        /// `l`: slug; empty for the scratch sheet.
        lesson: String,
        /// `name`
        name: String,
        /// `set`: input and value; of the scratch sheet one, its text.
        set: Vec<(String, String)>,
    },
    /// `undo`: of one event or of a batch.
    Undo {
        /// Event id (any of a batch takes the batch).
        of: String,
    },
    /// A kind of a later version: counted, kept, not folded.
    Other {
        /// `e`
        kind: String,
    },
}

/// A step of a rehearsal. What was counted stands in the step itself, so that an edit of the lesson moves no result.
#[derive(Debug, Clone, PartialEq)]
pub enum RehearsalStep {
    /// `start`
    Start {
        /// `l`: slug of the lesson.
        lesson: String,
        /// `form`: `whole`, `short` or `flaws`.
        form: String,
        /// `phase`: the phase of a short one.
        phase: Option<String>,
    },
    /// `clock`: the seconds that a phase has taken so far; the last one counts.
    Clock {
        /// `phase`
        phase: String,
        /// `s`
        seconds: u32,
    },
    /// `text`: what the reader wrote; the last one at a place counts.
    Text {
        /// `at`: a phase, `curveball-2`, `question-1`, `flaws`.
        at: String,
        /// `text`
        text: String,
    },
    /// `tick`: rubric lines of a phase met, of those there are: mid, senior, staff.
    Tick {
        /// `phase`
        phase: String,
        /// `got`
        got: [u32; 3],
        /// `of`
        of: [u32; 3],
    },
    /// `flaws`: planted weaknesses that were named.
    Flaws {
        /// `got`
        got: u32,
        /// `of`
        of: u32,
    },
    /// `end`
    End,
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

    /// Whether `undo` may take it back: all but `open`, `at`, `undo` itself, and what a rehearsal writes down by
    /// itself (its start, its clock, the reader's words).
    pub fn is_act(&self) -> bool {
        use RehearsalStep::{Clock, Start, Text};
        !matches!(
            self.what,
            What::Open { .. }
                | What::At { .. }
                | What::Undo { .. }
                | What::Rehearse { step: Start { .. } | Clock { .. } | Text { .. }, .. }
        )
    }

    /// What is undone together with it: its batch, or it alone.
    pub(super) fn group(&self) -> &str {
        self.batch.as_deref().unwrap_or(&self.id)
    }
}

impl What {
    /// Whether it is done in a review: a grade, a card put aside, a card of one's own.
    pub fn is_of_review(&self) -> bool {
        use What::{Bury, Card, Grade, Suspend};
        matches!(self, Grade { .. } | Suspend { .. } | Bury { .. } | Card { .. })
    }

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
            What::Card { .. } => "card",
            What::Suspend { .. } => "suspend",
            What::Bury { .. } => "bury",
            What::Aim { .. } => "aim",
            What::Fit { .. } => "fit",
            What::Rehearse { .. } => "rehearse",
            What::Lab { .. } => "lab",
            What::Estimate { .. } => "estimate",
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
            What::Lab { lab, knobs, seed, predicted, measured, holds } => What::Lab {
                lab,
                knobs,
                seed,
                predicted: predicted.map(six_digits),
                measured: six_digits(measured),
                holds,
            },
            What::Card { card, place, question, answer } => {
                What::Card { card, place: place.map(Place::rounded), question, answer }
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

/// A measured number to six digits; what is no number is 0.
pub(super) fn six_digits(number: f64) -> f64 {
    if number.is_finite() { format!("{number:.5e}").parse().unwrap_or(0.0) } else { 0.0 }
}
