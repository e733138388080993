//! The reader's picture: head, text, foot.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::keymap::{Action, Scope};
use super::super::message::Ctx;
use super::super::rows;
use super::super::widgets::{put, state_mark, two_ends};
use super::outline::PANE;
use super::{Focus, Mode, Reader};
use crate::markdown::{Kind, Target};
use crate::render::{self, Marks, Role};
use crate::terminal::Hyperlink;

impl<'c> Reader<'c> {
    /// Colours the code on the screen; true if there was any that had none yet.
    pub(super) fn colour_code(&mut self) -> bool {
        let end = (self.top + usize::from(self.height)).min(self.page.rows.len());
        let mut new = false;
        for row in self.page.rows.get(self.top..end).unwrap_or_default() {
            let index = row.block as usize;
            if self.coloured.contains_key(&index) {
                continue;
            }
            if let Some(block) = self.document.blocks.get(index)
                && let Kind::Code { lang } = &block.kind
            {
                let coloured = render::highlight(lang, &block.text);
                new |= !coloured.is_empty();
                self.coloured.insert(index, coloured);
            }
        }
        new
    }

    /// Draws the lesson; gives the links to the web that are on the screen.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) -> Vec<Hyperlink> {
        let first_frame = self.height == 0;
        let needs = self.unread_needs(ctx);
        let chrome = match area.height {
            0..=5 => (0, 0),
            6..=11 => (1, 1),
            _ => (2 + u16::from(!needs.is_empty()), 2),
        };
        let body = Rect { y: area.y + chrome.0, height: area.height - chrome.0 - chrome.1, ..area };
        let pane = self.has_pane(area, ctx);
        let margin = match area.width {
            0..=39 => 0,
            40..=77 => 1,
            78..=100 => 3,
            width if pane => {
                let free = width.saturating_sub(ctx.config.reader.width + PANE);
                PANE + (free / 2).clamp(3, 12)
            }
            width => (width.saturating_sub(ctx.config.reader.width) / 2).min(24),
        };
        let text = Rect { x: area.x + margin, width: area.width - margin, ..body };
        self.refresh_kept(ctx);
        self.text_area = text;
        let right = if pane { 3 } else { margin.min(area.width / 4) };
        let width = ctx.config.reader.width.min(text.width.saturating_sub(right)).max(1);
        if self.options.width != width {
            self.first_layout(width, text.height);
        }
        self.height = text.height;
        self.top = self.page.row_of(self.anchor).min(self.last_top());
        if first_frame {
            self.touch(ctx);
        }

        self.draw_rows(margin, buffer, ctx);
        self.draw_beside(pane, body, buffer, ctx);
        self.draw_hints(buffer, ctx);
        self.draw_panel(buffer, ctx);
        if chrome.0 > 0 {
            self.draw_head(area, buffer, ctx);
        }
        if chrome.0 > 2 {
            let key = ctx.keymap.key(Scope::Reader, Action::Needs);
            // What the key does must not be what is cut off.
            let end = format!(" (unread); {key} opens it");
            let room = usize::from(text.width).saturating_sub("builds on ".len() + end.len());
            let names: Vec<String> =
                needs.iter().map(|n| format!("{} {}", n.number, n.short_title())).collect();
            let names = crate::text::ellipsis(&names.join(", "), room).into_owned();
            let said = format!("builds on {names}{end}");
            put(buffer, text.x, area.y + 1, &said, text.width, ctx.theme.style(Role::Dim));
        }
        if chrome.1 > 0 {
            self.draw_foot(area, buffer, ctx);
        }
        // Something may stand over the text.
        let plain = matches!(self.mode, Mode::Text) && self.focus.is_none();
        if plain { self.web_links() } else { Vec::new() }
    }

    /// The rows of the text with all that stands on them.
    fn draw_rows(&self, margin: u16, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let text = self.text_area;
        let highlighted = self.highlighted();
        let selected = self.selected_rows();
        for (index, row) in
            self.page.rows.iter().enumerate().skip(self.top).take(usize::from(text.height))
        {
            let y = text.y + (index - self.top) as u16;
            let block = row.block as usize;
            let marks = Marks {
                link: match self.focus {
                    Some(Focus::Link(link)) => Some(link as u32),
                    _ => None,
                },
                hits: self.search.as_ref().map_or(&[], |search| &search.hits),
                current: self.search.as_ref().and_then(|search| search.current),
                kept: &highlighted,
                code: self.coloured.get(&block).map_or(&[], Vec::as_slice),
                scroll: self.sideways,
                width: text.width,
            };
            let line = render::line(&self.document, row, ctx.theme, &marks);
            buffer.set_line(text.x, y, &line, text.width);
            let focused =
                matches!(self.focus, Some(Focus::Question(b) | Focus::Block(b)) if b == block);
            if focused {
                let mark = Rect { y, height: 1, width: 2.min(text.width), ..text };
                buffer.set_style(mark, ctx.theme.style(Role::Focus));
            }
            if selected.as_ref().is_some_and(|rows| rows.contains(&index)) {
                let width = self.options.width.min(text.width);
                let line = Rect { y, height: 1, width, ..text };
                buffer.set_style(line, ctx.theme.style(Role::Selected));
            }
            if margin > 0
                && let Some(mark) = self.margin_mark(index)
            {
                let focused = matches!(self.focus, Some(Focus::Note(note))
                    if self.page.row_of(self.kept[note].spot) == index);
                let role = if focused { Role::Focus } else { Role::Accent };
                put(buffer, text.x - margin.min(2), y, mark, 1, ctx.theme.style(role));
            }
        }
    }

    /// The outline: beside the text where there is room, over it where it has the keys.
    fn draw_beside(&mut self, pane: bool, body: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let beside = Rect { width: PANE - 1, ..body };
        if pane {
            self.draw_outline(beside, buffer, ctx);
            Self::draw_outline_edge(beside, buffer, ctx);
        } else if matches!(self.mode, Mode::Outline) {
            for y in body.y..body.bottom() {
                let blank = " ".repeat(usize::from(body.width));
                buffer.set_string(body.x, y, blank, ratatui::style::Style::reset());
            }
            self.draw_outline(body, buffer, ctx);
        } else {
            self.hide_outline();
        }
    }

    fn web_links(&self) -> Vec<Hyperlink> {
        let mut links = Vec::new();
        for index in self.visible_rows() {
            let row = &self.page.rows[index];
            for link in rows::links_in(row) {
                let Some(Target::Url(url)) = self.document.links.get(link).map(|l| &l.target)
                else {
                    continue;
                };
                let (from, to) = rows::cells_of_link(&self.document, row, link);
                let x = self.text_area.x.saturating_add(from as u16);
                let y = self.text_area.y + (index - self.top) as u16;
                let cells = Rect { x, y, width: (to - from) as u16, height: 1 };
                links.push(Hyperlink { cells, url: url.clone() });
            }
        }
        links.dedup();
        links
    }

    fn draw_head(&self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let number = format!(" {:<3}", self.entry.number);
        let draft = if self.entry.draft { "draft · " } else { "" };
        let section =
            self.section().filter(|_| area.width >= 60).map(|title| format!(" · {title}"));
        let state = ctx.progress.lesson(&self.entry.slug).state;
        let at_end = self.top >= self.last_top() && !self.partial;
        let here = self.page.spot_of(self.top);
        let share = if at_end { 1.0 } else { self.ruler.share(&self.document, here) };
        // Measured time left, in the scale of the stated minutes.
        let done = if at_end { 1.0 } else { self.clock.upto(here) / self.clock.total().max(1.0) };
        let pace = ctx.progress.pace().factor();
        let left = f64::from(self.entry.minutes) * (1.0 - done) * pace;
        let changed = ctx.progress.lesson(&self.entry.slug).changed(self.entry);
        let changed = if changed { "changed since you read it · " } else { "" };
        let right = if area.width >= 50 {
            format!(
                "{changed}{draft}{} {:.0} %   {:.0} min left ",
                state_mark(state),
                share * 100.0,
                left.ceil()
            )
        } else {
            format!("{} {:.0} % ", state_mark(state), share * 100.0)
        };
        two_ends(
            buffer,
            Rect { height: 1, ..area },
            &[
                (&number, ctx.theme.style(Role::Dim)),
                (self.entry.short_title(), ctx.theme.style(Role::Heading)),
                (section.as_deref().unwrap_or_default(), ctx.theme.style(Role::Dim)),
            ],
            &[(&right, ctx.theme.style(Role::Dim))],
        );
    }

    /// Title of the section that the first row shown stands in.
    fn section(&self) -> Option<String> {
        let block = self.page.rows.get(self.top)?.block as usize;
        let heading =
            self.document.headings.iter().rev().find(|h| h.block <= block && h.level > 1)?;
        Some(self.document.blocks.get(heading.block)?.text.clone())
    }
}
