//! Words over all lessons and notes.

use super::super::message::{Ctx, Goal};
use super::{Pick, Row};
use crate::search::{Everything, Where};

/// Rows shown at most.
pub(super) const MOST: usize = 100;

/// What can be searched, read once when the screen opens.
pub struct Everywhere {
    everything: Everything,
}

impl Everywhere {
    /// Reads all lessons and notes.
    pub fn new(ctx: &Ctx<'_, '_>) -> Self {
        Everywhere { everything: Everything::of(ctx.course, ctx.progress.kept()) }
    }

    /// What is searched, for an empty field.
    #[allow(clippy::unused_self)] // beside its two siblings
    pub(super) fn about(&self) -> &'static str {
        "words that stand in one section, of any lesson, or in a note of yours"
    }

    pub(super) fn rows<'c>(&self, query: &str, ctx: &Ctx<'_, 'c>) -> Vec<Row<'c>> {
        let found = self.everything.search(query, MOST);
        let rows = found.into_iter().filter_map(|found| {
            let entry = ctx.course.by_slug(found.lesson())?;
            let goal = match &found.at {
                Where::Text { spot, .. } => Goal::Found(*spot, query.trim().to_string()),
                Where::Note { id, .. } => {
                    let kept = ctx.progress.kept().iter().find(|kept| kept.id == *id)?;
                    kept.place.clone().map_or(Goal::Stopped, Goal::Place)
                }
            };
            Some(Row {
                kind: entry.number.to_string(),
                name: found.title,
                right: entry.short_title().to_string(),
                line: Some((found.line, found.hits)),
                pick: Pick::Open(entry, goal),
                removal: None,
            })
        });
        rows.collect()
    }
}
