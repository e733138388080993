//! The outline: sections with their minutes, which of them were read, where one is.

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::keymap::{Action, Scope};
use super::super::message::Ctx;
use super::super::widgets::{hint_line, put, two_ends};
use super::{Mode, Reader};
use crate::markdown::Spot;
use crate::progress::{READ_SHARE, State};
use crate::render::Role;

/// Cells of the outline beside the text.
pub(super) const PANE: u16 = 36;

/// The outline's own state.
#[derive(Default)]
pub(super) struct Outline {
    /// Index in the document's headings.
    cursor: usize,
    folded: HashSet<usize>,
    top: usize,
    area: Rect,
}

impl<'c> Reader<'c> {
    pub(super) fn open_outline(&mut self) {
        if self.document.headings.is_empty() {
            return;
        }
        self.outline.cursor = self.section_here().unwrap_or(0);
        self.mode = Mode::Outline;
    }

    /// The section of the first row shown.
    fn section_here(&self) -> Option<usize> {
        let row = self.page.rows.get(self.top)?;
        // At the end the last sections share the screen: the last one that has its heading there.
        self.document.section_of(row.block as usize)
    }

    /// Headings that are not folded away.
    fn outline_rows(&self) -> Vec<usize> {
        let mut rows = Vec::new();
        let mut hidden_below = None;
        for (index, heading) in self.document.headings.iter().enumerate() {
            if hidden_below.is_some_and(|level| heading.level > level) {
                continue;
            }
            hidden_below = self.outline.folded.contains(&index).then_some(heading.level);
            rows.push(index);
        }
        rows
    }

    /// Whether a heading has others below it.
    fn has_parts(&self, index: usize) -> bool {
        let headings = &self.document.headings;
        headings.get(index + 1).is_some_and(|next| next.level > headings[index].level)
    }

    /// Seconds of a section alone, up to the next heading of any level.
    fn section_seconds(&self, index: usize) -> f64 {
        let start = |at: usize| {
            let block = self.document.headings.get(at).map_or(self.document.sources, |h| h.block);
            self.clock.upto(Spot { block, offset: 0 })
        };
        start(index + 1) - start(index)
    }

    /// Seconds of a section with those below it.
    fn whole_seconds(&self, index: usize) -> f64 {
        let level = self.document.headings[index].level;
        let below = self.document.headings[index + 1..].iter().take_while(|h| h.level > level);
        (index..=index + below.count()).map(|at| self.section_seconds(at)).sum()
    }

    /// Read: the lesson was, or a fifth of the section's time was spent in it.
    fn section_read(&self, index: usize, ctx: &Ctx<'_, 'c>) -> bool {
        let known = ctx.progress.lesson(&self.entry.slug);
        let spent = known.sections.get(index + 1).copied().unwrap_or(0.0);
        let enough = self.section_seconds(index) * READ_SHARE;
        known.state == State::Read || (spent > 0.0 && f64::from(spent) >= enough)
    }

    /// The first part in which no time was spent, never the sources; the start, if there was time in all of them.
    pub(super) fn passed_over(&self, ctx: &Ctx<'_, 'c>) -> Spot {
        let headings = || self.document.headings.iter().map(|heading| heading.block);
        let first = headings().next().unwrap_or(0);
        let spent = ctx.progress.lesson(&self.entry.slug).sections.first().copied();
        let before = self.clock.upto(Spot { block: first, offset: 0 });
        if before > 0.0 && f64::from(spent.unwrap_or(0.0)) < before * READ_SHARE {
            return Spot::default();
        }
        let passed = headings().enumerate().find(|(index, block)| {
            *block < self.document.sources
                && self.section_seconds(*index) > 0.0
                && !self.section_read(*index, ctx)
        });
        passed.map_or(Spot::default(), |(_, block)| Spot { block, offset: 0 })
    }

    pub(super) fn outline_act(&mut self, action: Action, times: usize) {
        let rows = self.outline_rows();
        let at = rows.partition_point(|index| *index < self.outline.cursor);
        let page = usize::from(self.outline.area.height.max(2)) - 1;
        let to = match action {
            Action::Down => at.saturating_add(times),
            Action::Up => at.saturating_sub(times),
            Action::PageDown | Action::HalfDown => at.saturating_add(page),
            Action::PageUp | Action::HalfUp => at.saturating_sub(page),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            Action::Open => {
                self.mode = Mode::Text;
                self.jump_to_heading(self.outline.cursor);
                return;
            }
            Action::Fold => {
                let cursor = self.outline.cursor;
                if self.has_parts(cursor) && !self.outline.folded.remove(&cursor) {
                    self.outline.folded.insert(cursor);
                }
                return;
            }
            Action::Back | Action::Outline | Action::Return => {
                self.mode = Mode::Text;
                return;
            }
            _ => return,
        };
        self.outline.cursor = rows.get(to.min(rows.len().saturating_sub(1))).copied().unwrap_or(0);
    }

    fn jump_to_heading(&mut self, index: usize) {
        if let Some(heading) = self.document.headings.get(index) {
            let block = heading.block;
            self.trail.push(self.page.spot_of(self.top));
            self.go(Spot { block, offset: 0 });
        }
    }

    /// `]` and `[`: so many headings on or back. Back first goes to the heading of this section.
    pub(super) fn go_to_heading(&mut self, forward: bool, times: usize) {
        for _ in 0..times.min(self.document.headings.len()) {
            let row_of = |at: usize| {
                let heading = self.document.headings.get(at)?;
                Some(self.page.row_of(Spot { block: heading.block, offset: 0 }))
            };
            let rows: Vec<usize> = (0..self.document.headings.len()).filter_map(row_of).collect();
            let to = if forward {
                rows.iter().find(|row| **row > self.top)
            } else {
                rows.iter().rev().find(|row| **row < self.top)
            };
            match to {
                Some(row) => self.scroll_to(*row),
                None if !forward => self.scroll_to(0),
                None => return,
            }
        }
    }

    /// A click on a section goes there.
    pub(super) fn outline_click(&mut self, column: u16, row: u16) -> bool {
        if !self.outline.area.contains((column, row).into()) {
            return false;
        }
        let at = self.outline.top + usize::from(row - self.outline.area.y);
        if let Some(index) = self.outline_rows().get(at).copied() {
            self.mode = Mode::Text;
            self.jump_to_heading(index);
        }
        true
    }

    /// Whether the outline stands beside the text.
    pub(super) fn has_pane(&self, area: Rect, ctx: &Ctx<'_, 'c>) -> bool {
        let wide = ctx.config.reader.width.saturating_add(PANE + 4);
        area.width >= wide && area.height >= 8 && self.document.headings.len() > 1
    }

    /// Draws the sections; in the pane, or over the whole screen where there is no room for both.
    pub(super) fn draw_outline(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let active = matches!(self.mode, Mode::Outline);
        let rows = self.outline_rows();
        let here = self.section_here();
        let shown = rows.iter().rposition(|index| Some(*index) <= here);
        let cursor = if active {
            rows.iter().position(|index| *index == self.outline.cursor)
        } else {
            shown
        };
        let height = usize::from(area.height);
        let wanted = cursor.unwrap_or(0);
        self.outline.top = self.outline.top.min(wanted).max((wanted + 1).saturating_sub(height));
        self.outline.top = self.outline.top.min(rows.len().saturating_sub(height));
        self.outline.area = area;
        let dim = ctx.theme.style(Role::Dim);
        for (at, index) in rows.iter().enumerate().skip(self.outline.top).take(height) {
            let row = Rect { y: area.y + (at - self.outline.top) as u16, height: 1, ..area };
            let heading = &self.document.headings[*index];
            let title = &self.document.blocks[heading.block].text;
            let folded = self.outline.folded.contains(index);
            let sign = match (self.has_parts(*index), folded) {
                (true, true) => "▸",
                (true, false) => "▾",
                (false, _) if shown == Some(at) => "›",
                (false, _) => " ",
            };
            let seconds = if folded || self.has_parts(*index) {
                self.whole_seconds(*index)
            } else {
                self.section_seconds(*index)
            };
            let minutes = match (seconds / 60.0).round() {
                zero if zero < 1.0 => String::new(),
                minutes => format!("{minutes:.0}"),
            };
            let read = if self.section_read(*index, ctx) { "✓" } else { " " };
            let indent = " ".repeat(usize::from(heading.level.saturating_sub(2)) * 2);
            let style =
                if shown == Some(at) { ctx.theme.style(Role::Heading) } else { Style::new() };
            let left = [(" ", dim), (read, dim), (" ", dim), (&*indent, dim), (sign, dim)];
            let mut left = left.to_vec();
            left.extend([(" ", dim), (title.as_str(), style)]);
            two_ends(buffer, row, &left, &[(&format!("{minutes} "), dim)]);
            if active && cursor == Some(at) {
                buffer.set_style(row, ctx.theme.style(Role::Selected));
            }
        }
    }

    /// Nothing of it can be clicked.
    pub(super) fn hide_outline(&mut self) {
        self.outline.area = Rect::default();
    }

    /// The foot while the outline has the keys.
    pub(super) fn draw_outline_foot(row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let hints = [
            (Action::Open, "go there"),
            (Action::Fold, "fold"),
            (Action::Outline, "back to the text"),
            (Action::Keys, "keys"),
        ];
        hint_line(buffer, row, &hints, Scope::Outline, ctx, ctx.theme.style(Role::Dim));
    }

    /// The line between outline and text.
    pub(super) fn draw_outline_edge(area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        for y in area.y..area.bottom() {
            put(buffer, area.right(), y, "│", 1, ctx.theme.style(Role::Dim));
        }
    }
}
