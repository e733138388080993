//! Bookmarks, notes, highlights, own cards and cards put aside, of one lesson or of all.

use super::super::message::{Ctx, Goal};
use super::{Pick, Row};
use crate::course::Entry;
use crate::journal::What;
use crate::progress::KeptWhat;
use crate::search::find;

/// Which of them.
pub struct KeptList<'c> {
    /// The lesson that was open.
    lesson: Option<&'c Entry>,
    /// Those of all lessons.
    pub(super) all: bool,
}

impl<'c> KeptList<'c> {
    /// Of the lesson that is open; of all, without one.
    pub fn new(lesson: Option<&'c Entry>) -> Self {
        KeptList { lesson, all: lesson.is_none() }
    }

    pub(super) fn title(&self) -> &'static str {
        if self.all { "kept in all lessons" } else { "kept in this lesson" }
    }

    pub(super) fn empty(&self, query: &str) -> &'static str {
        match (query.trim().is_empty(), self.all) {
            (false, _) => "nothing kept holds these words",
            (true, false) => {
                "nothing kept here yet: b bookmarks, a notes, v selects; tab shows all"
            }
            (true, true) => "nothing kept yet: in a lesson b bookmarks, a notes, v selects",
        }
    }

    pub(super) fn rows(&self, query: &str, ctx: &Ctx<'_, 'c>) -> Vec<Row<'c>> {
        let kept = ctx.progress.kept().iter().rev().filter_map(|kept| {
            let entry = ctx.course.by_slug(&kept.lesson)?;
            if !self.all && self.lesson.is_some_and(|lesson| lesson.slug != entry.slug) {
                return None;
            }
            let kind = match kept.what {
                KeptWhat::Bookmark => "bookmark",
                KeptWhat::Note(_) => "note",
                KeptWhat::Highlight(_) => "highlight",
            };
            let heading = kept.place.as_ref().and_then(|place| place.heading.as_deref());
            let heading = heading.and_then(|id| entry.headings.iter().find(|h| h.id == id));
            let right = match (self.all, heading) {
                (true, _) => format!("{} {}", entry.number, entry.short_title()),
                (false, Some(heading)) => heading.title.to_string(),
                (false, None) => String::new(),
            };
            let words = query.split_whitespace();
            let hay = format!("{kind} {} {right}", kept.line());
            if !words.into_iter().all(|word| !find(&hay, word).is_empty()) {
                return None;
            }
            Some(Row {
                kind: kind.into(),
                name: kept.line().to_string(),
                right: crate::text::ellipsis(&right, 30).into_owned(),
                line: None,
                pick: Pick::Open(entry, kept.place.clone().map_or(Goal::Stopped, Goal::Place)),
                removal: Some(kept.removal()),
            })
        });
        let mut rows: Vec<Row<'c>> = kept.collect();
        rows.extend(self.cards(query, ctx));
        rows
    }

    /// The reader's own cards, and cards that are not asked.
    fn cards(&self, query: &str, ctx: &Ctx<'_, 'c>) -> Vec<Row<'c>> {
        let own = ctx.progress.own_cards().iter().rev().map(|card| {
            let gone = What::Card {
                card: card.key.clone(),
                place: None,
                question: String::new(),
                answer: String::new(),
            };
            (card.key.as_str(), "card", card.question.clone(), card.place.clone(), gone)
        });
        let mut suspended: Vec<&str> = ctx
            .progress
            .cards()
            .filter(|(_, history)| history.suspended)
            .map(|(key, _)| key)
            .collect();
        suspended.sort_unstable();
        let suspended = suspended.into_iter().map(|key| {
            let back = What::Suspend { card: key.to_string(), on: false };
            (key, "not asked", key.to_string(), None, back)
        });
        own.chain(suspended)
            .filter_map(|(key, kind, name, place, removal)| {
                let entry = ctx.course.by_slug(key.split_once('#')?.0)?;
                let here = self.all || self.lesson.is_none_or(|lesson| lesson.slug == entry.slug);
                let words = query.split_whitespace();
                let hay = format!("{kind} {name}");
                (here && words.into_iter().all(|word| !find(&hay, word).is_empty())).then(|| Row {
                    kind: kind.into(),
                    right: format!("{} {}", entry.number, entry.short_title()),
                    name,
                    line: None,
                    pick: Pick::Open(entry, place.map_or(Goal::Stopped, Goal::Place)),
                    removal: Some(removal),
                })
            })
            .collect()
    }
}
