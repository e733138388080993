//! The panel at the edge of the text: what a link leads to, a source, a note, a term of the glossary.

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use super::super::message::Ctx;
use super::super::widgets::{put, state_mark, wrap};
use super::{Focus, Mode, Reader};
use crate::markdown::Target;
use crate::progress::KeptWhat;
use crate::render::Role;
use crate::text;

/// Most lines of text in it.
const LINES: usize = 8;

/// What it says.
struct Panel {
    title: String,
    text: String,
}

impl<'c> Reader<'c> {
    fn panel(&self, ctx: &Ctx<'_, 'c>) -> Option<Panel> {
        if let Mode::Term(index) = self.mode {
            let term = self.glossary.as_ref()?.terms.get(index)?;
            return Some(Panel { title: term.names.join(", "), text: term.text.join("\n") });
        }
        if !matches!(self.mode, Mode::Text) {
            return None;
        }
        match self.focus? {
            Focus::Link(link) => match &self.document.links.get(link)?.target {
                Target::Lesson { slug, .. } if !slug.is_empty() && *slug != self.entry.slug => {
                    let entry = ctx.course.by_slug(slug)?;
                    let state = match ctx.progress.lesson(slug).state {
                        _ if entry.draft => "not written yet".into(),
                        state => format!("{} {} min", state_mark(state), entry.minutes),
                    };
                    let title = format!("{} {} · {state}", entry.number, entry.short_title());
                    Some(Panel { title, text: entry.gist.to_string() })
                }
                Target::Note { number, block, name } => {
                    let mut text = String::new();
                    for block in self.document.blocks.get((*block)?..)? {
                        let goes_on = text.is_empty()
                            || block.lead.first().is_some_and(|lead| {
                                matches!(lead, crate::markdown::Lead::Item { first: false, .. })
                            });
                        if !goes_on {
                            break;
                        }
                        text.push_str(&block.text);
                        text.push('\n');
                    }
                    Some(Panel { title: format!("[{number}] {name}"), text })
                }
                Target::Url(url) => Some(Panel { title: "address".into(), text: url.clone() }),
                _ => None,
            },
            Focus::Note(index) => match &self.kept.get(index)?.kept {
                kept if matches!(kept.what, KeptWhat::Note(_)) => {
                    let KeptWhat::Note(text) = &kept.what else { return None };
                    let title = format!("your note of {}", kept.date.format("%-d %b %Y"));
                    Some(Panel { title, text: text.clone() })
                }
                _ => None,
            },
            Focus::Question(_) | Focus::Block(_) => None,
        }
    }

    /// Draws it over the end of the text; over the start, where what has the focus stands at the end.
    pub(super) fn draw_panel(&self, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let Some(panel) = self.panel(ctx) else { return };
        let area = self.text_area;
        let width = self.options.width.min(area.width);
        let most = LINES.min(usize::from(area.height.saturating_sub(3)));
        if most == 0 || width < 12 {
            return;
        }
        let clean = text::clean(&panel.text);
        let mut lines: Vec<String> = Vec::new();
        for part in clean.lines().filter(|line| !line.trim().is_empty()) {
            lines.extend(wrap(part, width, most));
        }
        lines.truncate(most);
        let height = lines.len() as u16 + 2;
        let focus_row = self.focus_row().map(|row| row.saturating_sub(self.top) as u16);
        let low = focus_row.is_none_or(|row| row + height < area.height);
        let y = if low { area.bottom() - height } else { area.y };
        let dim = ctx.theme.style(Role::Dim);
        for row in y..y + height {
            buffer.set_string(area.x, row, " ".repeat(usize::from(area.width)), Style::reset());
        }
        let edge = if low { y } else { y + height - 1 };
        buffer.set_string(area.x, edge, "─".repeat(usize::from(width)), dim);
        let first = if low { y + 1 } else { y };
        put(
            buffer,
            area.x,
            first,
            &text::clean(&panel.title),
            width,
            ctx.theme.style(Role::Strong),
        );
        for (line, row) in lines.iter().zip(first + 1..) {
            put(buffer, area.x, row, line, width, Style::new());
        }
    }

    /// The row of what has the focus.
    fn focus_row(&self) -> Option<usize> {
        match self.focus? {
            Focus::Link(link) => self.page.row_showing(self.document.links.get(link)?.spot),
            Focus::Question(block) | Focus::Block(block) => {
                Some(self.page.row_of(crate::markdown::Spot { block, offset: 0 }))
            }
            Focus::Note(index) => Some(self.page.row_of(self.kept.get(index)?.spot)),
        }
    }
}
