//! Lists with a field to type in: the palette, the search over all lessons, what was kept.

mod everywhere;
mod kept;
mod palette;

use std::ops::Range;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::field::{Field, Typed};
use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect, Goal};
use super::widgets::{hint_line, put, two_ends};
use crate::course::Entry;
use crate::journal::What;
use crate::render::Role;
use crate::text;

pub use everywhere::Everywhere;
pub use kept::KeptList;
pub use palette::Palette;

/// What a row leads to.
#[derive(Debug, Clone)]
pub(super) enum Pick<'c> {
    /// A place in a lesson.
    Open(&'c Entry, Goal),
    /// A command of the screen below.
    Do(Action),
    /// A track to use.
    Track(String),
    /// A lab to run.
    Lab(&'static str),
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row<'c> {
    /// What it is: at most some cells, dim.
    kind: String,
    /// Its name.
    name: String,
    /// At the right, dim.
    right: String,
    /// A second line, with the ranges of it that were found.
    line: Option<(String, Vec<Range<usize>>)>,
    pick: Pick<'c>,
    /// What removes it.
    removal: Option<What>,
}

/// Where the rows come from.
pub enum Source<'c> {
    /// Lessons, headings, terms, tracks, commands by a few letters.
    Palette(Palette<'c>),
    /// Words over all lessons and notes.
    Everywhere(Everywhere),
    /// Bookmarks, notes, highlights.
    Kept(KeptList<'c>),
}

/// The screen.
pub struct Menu<'c> {
    source: Source<'c>,
    field: Field,
    rows: Vec<Row<'c>>,
    cursor: usize,
    top: usize,
    list: Rect,
}

/// Cells of the column that says what a row is.
const KIND: usize = 11;

impl<'c> Menu<'c> {
    /// Opens over a screen.
    pub fn new(source: Source<'c>, ctx: &Ctx<'_, 'c>) -> Self {
        let field = Field::default();
        let (rows, cursor, top, list) = (Vec::new(), 0, 0, Rect::default());
        let mut menu = Menu { source, field, rows, cursor, top, list };
        menu.fill(ctx);
        menu
    }

    fn fill(&mut self, ctx: &Ctx<'_, 'c>) {
        self.rows = match &mut self.source {
            Source::Palette(palette) => palette.rows(self.field.text()),
            Source::Everywhere(everywhere) => everywhere.rows(self.field.text(), ctx),
            Source::Kept(kept) => kept.rows(self.field.text(), ctx),
        };
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }

    /// A key of the field; none if it means what the table says.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        match self.field.key(chord) {
            Typed::Changed => {
                (self.cursor, self.top) = (0, 0);
                self.fill(ctx);
                Some(Vec::new())
            }
            Typed::Left => Some(vec![Effect::Back]),
            Typed::Done => Some(self.act(Action::Open, ctx)),
            Typed::Other => None,
        }
    }

    /// Pasted text goes into the field.
    pub fn paste(&mut self, pasted: &str, ctx: &Ctx<'_, 'c>) {
        self.field.paste(pasted);
        self.fill(ctx);
    }

    /// Does what a key means.
    pub fn act(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let page = (usize::from(self.list.height) / self.row_height()).max(2) - 1;
        let last = self.rows.len().saturating_sub(1);
        match action {
            Action::Down => self.cursor = if self.cursor >= last { 0 } else { self.cursor + 1 },
            Action::Up => self.cursor = self.cursor.checked_sub(1).unwrap_or(last),
            Action::PageDown | Action::HalfDown => self.cursor = (self.cursor + page).min(last),
            Action::PageUp | Action::HalfUp => self.cursor = self.cursor.saturating_sub(page),
            Action::Top => self.cursor = 0,
            Action::Bottom => self.cursor = last,
            Action::Back => return vec![Effect::Back],
            Action::Group => {
                if let Source::Kept(kept) = &mut self.source {
                    kept.all = !kept.all;
                    self.fill(ctx);
                }
            }
            Action::Remove => {
                if let Some(what) = self.rows.get(self.cursor).and_then(|row| row.removal.clone()) {
                    let undo = ctx.keymap.key(Scope::All, Action::UndoAct);
                    let said = format!("removed; in the text {undo} takes that back");
                    return vec![Effect::Record(vec![what]), Effect::Say(said)];
                }
            }
            Action::Open => {
                let Some(row) = self.rows.get(self.cursor) else { return Vec::new() };
                return match row.pick.clone() {
                    Pick::Open(entry, goal) => vec![Effect::Back, Effect::Open(entry, goal)],
                    Pick::Do(action) => vec![Effect::Back, Effect::Do(action)],
                    Pick::Lab(name) => vec![Effect::Back, Effect::Lab(name.into())],
                    Pick::Track(id) => {
                        let said = format!("track {id}");
                        let what = What::Track { track: Some(id) };
                        vec![Effect::Back, Effect::Record(vec![what]), Effect::Say(said)]
                    }
                };
            }
            _ => {}
        }
        Vec::new()
    }

    /// The journal has changed.
    pub fn returned(&mut self, ctx: &Ctx<'_, 'c>) {
        self.fill(ctx);
    }

    /// Wheel moves; a click opens.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let last = self.rows.len().saturating_sub(1);
        match mouse.kind {
            MouseEventKind::ScrollDown => self.cursor = (self.cursor + 3).min(last),
            MouseEventKind::ScrollUp => self.cursor = self.cursor.saturating_sub(3),
            MouseEventKind::Down(MouseButton::Left)
                if self.list.contains((mouse.column, mouse.row).into()) =>
            {
                let down = usize::from(mouse.row - self.list.y) / self.row_height();
                if self.top + down < self.rows.len() {
                    self.cursor = self.top + down;
                    return self.act(Action::Open, ctx);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn row_height(&self) -> usize {
        if self.rows.iter().any(|row| row.line.is_some()) { 2 } else { 1 }
    }

    /// Draws field and list.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let dim = ctx.theme.style(Role::Dim);
        let (title, empty, hints) = match &self.source {
            Source::Palette(_) => ("go to", "nothing has these letters in this order", PALETTE),
            Source::Everywhere(everywhere) => {
                let said = if self.field.text().trim().is_empty() {
                    everywhere.about()
                } else {
                    "no section holds all of these words"
                };
                ("search all", said, FOUND)
            }
            Source::Kept(kept) => (kept.title(), kept.empty(self.field.text()), KEPT),
        };
        let label = format!(" {title}: ");
        let (what, most) = match &self.source {
            Source::Palette(_) => ("names", palette::MOST),
            Source::Everywhere(_) => ("places", everywhere::MOST),
            Source::Kept(_) => ("kept", usize::MAX),
        };
        let count = match self.rows.len() {
            1 if what != "kept" => format!("1 {} ", what.trim_end_matches('s')),
            rows if rows == most => format!("the first {rows} "),
            rows => format!("{rows} {what} "),
        };
        let first = Rect { height: 1, ..area };
        // What is typed needs the room first.
        let typed = text::width(&label) + text::width(self.field.text()) + 3;
        let shown =
            !self.rows.is_empty() && usize::from(area.width) >= (typed + count.len()).max(30);
        let field =
            Rect { width: area.width - if shown { count.len() as u16 } else { 0 }, ..first };
        self.field.draw(buffer, field, &label, ctx.theme.style(Role::Accent));
        if shown {
            two_ends(buffer, first, &[], &[(&count, dim)]);
        }
        let (head, foot) = match area.height {
            0..=3 => (1, 0),
            4..=7 => (1, 1),
            _ => (2, 2),
        };
        let height = area.height.saturating_sub(head + foot);
        self.list = Rect { y: area.y + head.min(area.height), height, ..area };
        let each = self.row_height();
        let fits = (usize::from(height) / each).max(1);
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(fits));
        if self.rows.is_empty() && height > 0 {
            put(buffer, area.x + 1, self.list.y, empty, area.width.saturating_sub(1), dim);
        }
        for (at, row) in self.rows.iter().enumerate().skip(self.top).take(fits) {
            let y = self.list.y + ((at - self.top) * each) as u16;
            if y >= self.list.bottom() {
                break;
            }
            let line = Rect { y, height: 1, ..area };
            let kind = if area.width >= 40 { format!(" {:<KIND$}", row.kind) } else { " ".into() };
            let name = text::clean(&row.name);
            let right = text::ellipsis(&row.right, usize::from(area.width / 3));
            two_ends(
                buffer,
                line,
                &[(&kind, dim), (&name, Style::new())],
                &[(&right, dim), (" ", dim)],
            );
            if at == self.cursor {
                buffer.set_style(line, ctx.theme.style(Role::Selected));
            }
            if let Some((found, hits)) = &row.line
                && y + 1 < self.list.bottom()
            {
                let indent = kind.len() as u16;
                draw_found(buffer, Rect { y: y + 1, ..line }, indent, found, hits, ctx);
            }
        }
        if foot > 0 {
            let row = Rect { y: area.bottom() - 1, height: 1, ..area };
            hint_line(buffer, row, hints, Scope::Menu, ctx, dim);
        }
    }
}

const PALETTE: &[(Action, &str)] = &[(Action::Open, "go"), (Action::Back, "back")];
const FOUND: &[(Action, &str)] = &[(Action::Open, "open there"), (Action::Back, "back")];
const KEPT: &[(Action, &str)] = &[
    (Action::Open, "open there"),
    (Action::Group, "this lesson or all"),
    (Action::Remove, "remove"),
    (Action::Back, "back"),
];

/// A line of text with the words found in it.
fn draw_found(
    buffer: &mut Buffer,
    row: Rect,
    indent: u16,
    line: &str,
    hits: &[Range<usize>],
    ctx: &Ctx<'_, '_>,
) {
    let mut x = row.x + indent.min(row.width);
    let mut at = 0;
    let dim = ctx.theme.style(Role::Dim);
    let mut part = |from: usize, to: usize, style: Style| {
        let piece = text::clean(line.get(from..to).unwrap_or_default()).into_owned();
        let room = row.right().saturating_sub(x);
        x += put(buffer, x, row.y, &piece, room, style);
    };
    for hit in hits {
        part(at, hit.start, dim);
        part(hit.start, hit.end, ctx.theme.style(Role::Hit));
        at = hit.end;
    }
    part(at, line.len(), dim);
}
