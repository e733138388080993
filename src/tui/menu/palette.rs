//! Everything that has a name, by a few of its letters.

use super::super::keymap::{Action, Scope, TABLE};
use super::super::lab::written;
use super::super::message::{Ctx, Goal};
use super::super::widgets::state_note;
use super::{Pick, Row};
use crate::labs;
use crate::search::{Fuzzy, Glossary};

/// Rows shown at most.
pub(super) const MOST: usize = 200;

/// All names, those opened most first.
pub struct Palette<'c> {
    rows: Vec<Row<'c>>,
    /// What is compared: number, name, kind.
    names: Vec<String>,
    fuzzy: Fuzzy,
}

impl<'c> Palette<'c> {
    /// Gathers what can be gone to from a screen.
    pub fn new(scope: Scope, ctx: &Ctx<'_, 'c>) -> Self {
        let mut lessons: Vec<_> = ctx.course.listed().collect();
        // Stable: those never opened stay in the order of the series.
        lessons.sort_by_key(|entry| std::cmp::Reverse(ctx.progress.lesson(&entry.slug).opens));
        let mut rows: Vec<Row<'c>> = Vec::new();
        for entry in &lessons {
            rows.push(Row {
                kind: "lesson".into(),
                name: format!("{} {}", entry.number, entry.short_title()),
                right: state_note(entry, ctx.progress.lesson(&entry.slug)),
                line: None,
                pick: Pick::Open(entry, Goal::Stopped),
                removal: None,
            });
        }
        for track in ctx.course.tracks.iter() {
            rows.push(Row {
                kind: "track".into(),
                name: track.title.to_string(),
                right: if ctx.progress.track() == Some(&*track.id) { "in use" } else { "" }.into(),
                line: None,
                pick: Pick::Track(track.id.to_string()),
                removal: None,
            });
        }
        for lab in labs::ALL {
            let of = written(lab, ctx).next();
            rows.push(Row {
                kind: "lab".into(),
                name: lab.name.replace('-', " "),
                right: of.map_or(String::new(), |of| format!("{} {}", of.number, of.short_title())),
                line: None,
                pick: Pick::Lab(lab.name),
                removal: None,
            });
        }
        for binding in TABLE.iter().filter(|binding| useful(binding.action)) {
            if binding.scope == scope || binding.scope == Scope::All {
                rows.push(Row {
                    kind: "command".into(),
                    name: format!("{}: {}", binding.name, binding.help),
                    right: ctx.keymap.key(binding.scope, binding.action).replace(' ', ""),
                    line: None,
                    pick: Pick::Do(binding.action),
                    removal: None,
                });
            }
        }
        for entry in &lessons {
            let headings = entry.headings.iter().filter(|heading| heading.id != "sources");
            for heading in headings {
                rows.push(Row {
                    kind: "heading".into(),
                    name: heading.title.to_string(),
                    right: format!("{} {}", entry.number, entry.short_title()),
                    line: None,
                    pick: Pick::Open(entry, Goal::Heading(heading.id.to_string())),
                    removal: None,
                });
            }
        }
        for term in Glossary::of(ctx.course).terms {
            if let Some(entry) = ctx.course.by_slug(&term.lesson) {
                rows.push(Row {
                    kind: "term".into(),
                    name: term.names.join(", "),
                    right: String::new(),
                    line: None,
                    pick: Pick::Open(entry, Goal::Heading(term.heading)),
                    removal: None,
                });
            }
        }
        let names = rows.iter().map(|row| format!("{} {}", row.name, row.kind)).collect();
        Palette { rows, names, fuzzy: Fuzzy::default() }
    }

    pub(super) fn rows(&mut self, query: &str) -> Vec<Row<'c>> {
        let ranked = self.fuzzy.rank(query, self.names.iter().map(String::as_str));
        ranked.into_iter().take(MOST).map(|index| self.rows[index].clone()).collect()
    }
}

/// Commands that make sense from a list: no single steps, and not the palette itself.
fn useful(action: Action) -> bool {
    !matches!(
        action,
        Action::Down
            | Action::Up
            | Action::PageDown
            | Action::PageUp
            | Action::HalfDown
            | Action::HalfUp
            | Action::Left
            | Action::Right
            | Action::Open
            | Action::Fold
            | Action::FocusNext
            | Action::FocusPrevious
            | Action::Palette
    )
}
