//! The reader's picture: head, text, foot.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::app::Ctx;
use super::super::keymap::{Action, Scope};
use super::super::widgets::{hint_line, put, state_mark, two_ends};
use super::{Focus, Reader};
use crate::markdown::{self, Asked, Kind, Target};
use crate::render::{self, Marks, Role};

impl<'c> Reader<'c> {
    /// Colours the code on the screen; true if there was any that had none yet.
    pub fn colour_code(&mut self) -> bool {
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

    /// Draws the lesson.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let first_frame = self.height == 0;
        let needs = self.unread_needs(ctx);
        let chrome = match area.height {
            0..=5 => (0, 0),
            6..=11 => (1, 1),
            _ => (2 + u16::from(!needs.is_empty()), 2),
        };
        let margin = match area.width {
            0..=39 => 0,
            40..=77 => 1,
            78..=100 => 3,
            width => (width.saturating_sub(ctx.config.reader.width) / 2).min(24),
        };
        let text = Rect {
            x: area.x + margin,
            y: area.y + chrome.0,
            width: area.width - margin,
            height: area.height - chrome.0 - chrome.1,
        };
        self.text_area = text;
        let width = ctx.config.reader.width.min(area.width - 2 * margin.min(area.width / 4)).max(1);
        if self.options.width != width {
            self.relayout(|options| options.width = width);
        }
        self.height = text.height;
        self.top = self.page.row_of(self.anchor).min(self.last_top());
        if first_frame {
            self.touch(ctx);
        }

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
                code: self.coloured.get(&block).map_or(&[], Vec::as_slice),
                scroll: self.sideways,
                width: text.width,
                ..Marks::default()
            };
            let line = render::line(&self.document, row, ctx.theme, &marks);
            buffer.set_line(text.x, y, &line, text.width);
            if self.focus == Some(Focus::Question(block)) {
                buffer.set_style(
                    Rect { y, height: 1, width: 2, ..text },
                    ctx.theme.style(Role::Focus),
                );
            }
        }
        if chrome.0 > 0 {
            self.draw_head(area, buffer, ctx);
        }
        if chrome.0 > 2 {
            let key = ctx.keymap.key(Scope::Reader, Action::Needs);
            let names: Vec<String> =
                needs.iter().map(|n| format!("{} {}", n.number, n.short_title())).collect();
            let said = format!("builds on {} (unread); {key} opens it", names.join(", "));
            put(buffer, text.x, area.y + 1, &said, text.width, ctx.theme.style(Role::Dim));
        }
        if chrome.1 > 0 {
            self.draw_foot(area, buffer, ctx);
        }
    }

    fn draw_head(&self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let number = format!(" {:<3}", self.entry.number);
        let draft = if self.entry.draft { "draft · " } else { "" };
        let section =
            self.section().filter(|_| area.width >= 60).map(|title| format!(" · {title}"));
        let state = ctx.progress.lesson(&self.entry.slug).state;
        let at_end = self.top >= self.last_top();
        let here = self.page.spot_of(self.top);
        let share = if at_end { 1.0 } else { markdown::position(&self.document, here).share };
        // Measured time left, in the scale of the stated minutes.
        let done = if at_end { 1.0 } else { self.clock.upto(here) / self.clock.total().max(1.0) };
        let left = f64::from(self.entry.minutes) * (1.0 - done);
        let right = if area.width >= 50 {
            format!(
                "{draft}{} {:.0} %   {:.0} min left ",
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

    fn draw_foot(&self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let y = area.bottom() - 1;
        let dim = ctx.theme.style(Role::Dim);
        if let Some(said) = self.focus.map(|focus| self.describe(focus, ctx)) {
            put(
                buffer,
                area.x + 1,
                y,
                &said,
                area.width.saturating_sub(1),
                ctx.theme.style(Role::Accent),
            );
            return;
        }
        let hints = [
            (Action::FocusNext, "links"),
            (Action::Open, "answer"),
            (Action::Mark, "mark read"),
            (Action::Next, "next lesson"),
            (Action::Back, "back"),
            (Action::Keys, "keys"),
        ];
        hint_line(buffer, Rect { y, height: 1, ..area }, &hints, Scope::Reader, ctx, dim);
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
            Focus::Link(link) => match self.document.links.get(link).map(|link| &link.target) {
                Some(Target::Lesson { slug, .. }) if !slug.is_empty() => {
                    match ctx.course.by_slug(slug) {
                        Some(entry) => format!("{} {}: {}", entry.number, entry.title, entry.gist),
                        None => format!("no lesson \"{slug}\" in this course"),
                    }
                }
                Some(Target::Lesson { heading, .. }) => {
                    format!("in this lesson: {}", heading.as_deref().unwrap_or("top"))
                }
                Some(Target::Note { number, block, .. }) => {
                    let text = block.and_then(|block| self.document.blocks.get(block));
                    format!(
                        "[{number}] {}",
                        text.map_or("", |block| &block.text).replace('\n', " ")
                    )
                }
                Some(Target::Lab(name)) => format!("lab {name}"),
                Some(Target::Result(name)) => format!("computed: {name}"),
                Some(Target::Url(url)) => url.clone(),
                None => String::new(),
            },
        }
    }
}
