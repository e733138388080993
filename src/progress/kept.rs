//! What the reader kept of a lesson: bookmarks, notes, highlights.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::journal::{Event, Place, What};

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Id of its event: what an undo or a new wording names.
    pub id: String,
    /// Slug.
    pub lesson: String,
    /// The day on which it was made.
    pub date: NaiveDate,
    /// Where; none for a note on the whole lesson.
    pub place: Option<Place>,
    /// What.
    pub what: KeptWhat,
}

/// Which of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptWhat {
    /// A line to come back to.
    Bookmark,
    /// The reader's own words.
    Note(String),
    /// A marked passage of so many characters.
    Highlight(u32),
}

impl Kept {
    /// From an event, if it is one of them. `lesson` is its slug today.
    pub(super) fn of(event: &Event, lesson: String, date: NaiveDate) -> Option<Kept> {
        let (place, what) = match &event.what {
            What::Bookmark { place, .. } => (Some(place.clone()), KeptWhat::Bookmark),
            What::Highlight { place, chars, .. } => {
                (Some(place.clone()), KeptWhat::Highlight(*chars))
            }
            What::Note { place, text, .. } => (place.clone(), KeptWhat::Note(text.clone())),
            _ => return None,
        };
        Some(Kept { id: event.id.clone(), lesson, date, place, what })
    }

    /// What to record so that it is gone: a note is replaced by an empty one, since an older wording would come back
    /// if the newest were undone.
    pub fn removal(&self) -> What {
        match &self.what {
            KeptWhat::Note(_) => What::Note {
                lesson: self.lesson.clone(),
                place: self.place.clone(),
                text: String::new(),
                over: vec![self.id.clone()],
            },
            _ => What::Undo { of: self.id.clone() },
        }
    }

    /// The line that stands for it in a list.
    pub fn line(&self) -> &str {
        match (&self.what, &self.place) {
            (KeptWhat::Note(text), _) => text.lines().next().unwrap_or_default(),
            (_, Some(place)) => &place.quote,
            (_, None) => "",
        }
    }
}

/// Those that count: not replaced by a newer wording, not emptied.
pub(super) fn settle(kept: &mut Vec<Kept>, replaced: &HashSet<&str>) {
    kept.retain(|kept| {
        let empty = matches!(&kept.what, KeptWhat::Note(text) if text.is_empty());
        !empty && !replaced.contains(kept.id.as_str())
    });
}
