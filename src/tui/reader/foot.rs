//! The line at the foot of a lesson: what is typed, what Enter would do, which keys matter now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::keymap::{Action, Scope};
use super::super::message::Ctx;
use super::super::widgets::{hint_line, put, two_ends};
use super::{Focus, Mode, Prompt, Reader};
use crate::markdown::{Asked, Kind, Target};
use crate::render::Role;

impl<'c> Reader<'c> {
    pub(super) fn draw_foot(&self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let row = Rect { y: area.bottom() - 1, height: 1, ..area };
        let dim = ctx.theme.style(Role::Dim);
        let accent = ctx.theme.style(Role::Accent);
        let say = |buffer: &mut Buffer, said: &str| {
            put(buffer, row.x + 1, row.y, said, row.width.saturating_sub(1), accent);
        };
        match &self.mode {
            Mode::Prompt(prompt, field) => {
                let label = match prompt {
                    Prompt::Search { .. } => " /",
                    Prompt::GoTo => " go to ",
                    Prompt::Note { .. } => " note: ",
                    Prompt::Card { question: None, .. } => " question: ",
                    Prompt::Card { .. } => " answer: ",
                };
                let right = match prompt {
                    Prompt::Search { .. } => self.counter(),
                    Prompt::GoTo => "50% or a row".into(),
                    Prompt::Note { .. } => "enter keeps   ctrl-e editor".into(),
                    Prompt::Card { question: None, .. } => "enter: the answer".into(),
                    Prompt::Card { .. } => "enter keeps".into(),
                };
                let left = crate::text::width(&right) as u16 + 2;
                let (field_row, shown) = if row.width > left + 24 {
                    (Rect { width: row.width - left, ..row }, true)
                } else {
                    (row, false)
                };
                field.draw(buffer, field_row, label, accent);
                if shown {
                    two_ends(
                        buffer,
                        Rect { x: field_row.right(), width: left, ..row },
                        &[],
                        &[(&right, dim), (" ", dim)],
                    );
                }
                return;
            }
            Mode::Hints(_) => return say(buffer, "type the letters of one; esc leaves"),
            Mode::Outline => return Self::draw_outline_foot(row, buffer, ctx),
            Mode::Term(_) => return say(buffer, "enter: open the glossary there   esc back"),
            Mode::Select(_) => {
                let hints = [
                    (Action::Highlight, "highlight"),
                    (Action::Copy, "copy"),
                    (Action::Note, "note"),
                    (Action::Select, "leave"),
                    (Action::Keys, "keys"),
                ];
                hint_line(buffer, row, &hints, Scope::Select, ctx, dim);
                return;
            }
            Mode::Text => {}
        }
        if let Some(said) = self.focus.map(|focus| self.describe(focus, ctx)) {
            return say(buffer, &said);
        }
        if let Some(search) = &self.search {
            let next = ctx.keymap.key(Scope::Reader, Action::SearchNext);
            let back = ctx.keymap.key(Scope::Reader, Action::SearchPrevious);
            let right = format!("{}   {next} {back}   esc clears ", self.counter());
            let left = format!(" /{}", crate::text::clean(&search.words));
            two_ends(buffer, row, &[(&left, accent)], &[(&right, dim)]);
            return;
        }
        let hints = [
            (Action::Outline, "outline"),
            (Action::Search, "search"),
            (Action::FocusNext, "links"),
            (Action::Mark, "mark read"),
            (Action::Bookmark, "bookmark"),
            (Action::Back, "back"),
            (Action::Keys, "keys"),
        ];
        hint_line(buffer, row, &hints, Scope::Reader, ctx, dim);
    }

    /// What Enter would do, in one line.
    fn describe(&self, focus: Focus, ctx: &Ctx<'_, 'c>) -> String {
        match focus {
            Focus::Question(block) => match self.document.blocks.get(block).map(|b| &b.kind) {
                Some(Kind::Question(Asked::Rehearsal(minutes))) => {
                    format!("enter: rubric, curveballs and answers of the {minutes} min rehearsal")
                }
                _ if self.options.revealed.contains(&block) => "enter: hide the answer".into(),
                _ => "enter: show the answer".into(),
            },
            Focus::Block(_) => "enter: copy it".into(),
            Focus::Note(_) => "enter: edit the note".into(),
            Focus::Link(link) => match self.document.links.get(link).map(|link| &link.target) {
                Some(Target::Lesson { slug, .. }) if !slug.is_empty() => {
                    match ctx.course.by_slug(slug) {
                        Some(_) => "enter: open it; backspace returns".into(),
                        None => format!("no lesson \"{slug}\" in this course"),
                    }
                }
                Some(Target::Lesson { heading, .. }) => {
                    format!("in this lesson: {}", heading.as_deref().unwrap_or("top"))
                }
                Some(Target::Note { .. }) => "enter: to the sources; backspace returns".into(),
                Some(Target::Lab(name)) => format!("lab {name}"),
                Some(Target::Result(name)) => format!("computed: {name}; enter: to the estimate"),
                Some(Target::Url(_)) => "enter: copy the address".into(),
                None => String::new(),
            },
        }
    }
}
