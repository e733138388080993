//! Words of a lesson on other screens, as the reader shows them: a section, a question, an answer; and the reader's own.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::message::Ctx;
use super::widgets;
use crate::markdown::{self, Document, Options, Page};
use crate::rehearsal::section;
use crate::render::{self, Marks, Role};
use crate::text;

/// A section of a lesson as the reader shows it.
pub(super) fn section_lines(
    document: &Document,
    heading: &str,
    width: u16,
    ctx: &Ctx<'_, '_>,
) -> Vec<Line<'static>> {
    let blocks = section(document, heading);
    let page = markdown::layout(document, &Options { width, ..Options::default() });
    let row = |block: usize| page.first.get(block).map_or(page.rows.len(), |row| *row as usize);
    let rows = row(blocks.start)..row(blocks.end).max(row(blocks.start));
    lines(document, &page, rows, width, ctx)
}

/// Words with their markdown.
pub(super) fn paragraph(words: &str, width: u16, ctx: &Ctx<'_, '_>) -> Vec<Line<'static>> {
    let document = markdown::parse(words, 1);
    let page = markdown::layout(&document, &Options { width, ..Options::default() });
    let all = 0..page.rows.len();
    lines(&document, &page, all, width, ctx)
}

fn lines(
    document: &Document,
    page: &Page,
    rows: std::ops::Range<usize>,
    width: u16,
    ctx: &Ctx<'_, '_>,
) -> Vec<Line<'static>> {
    let marks = Marks { width, ..Marks::default() };
    let line = |row| {
        let line = render::line(document, row, ctx.theme, &marks);
        let spans = line.spans.into_iter();
        spans.map(|s| Span::styled(s.content.into_owned(), s.style)).collect::<Line<'static>>()
    };
    page.rows[rows].iter().map(line).collect()
}

/// Plain words, wrapped, line by line as they were written.
pub(super) fn plain(words: &str, width: u16, style: Style) -> Vec<Line<'static>> {
    let mut out = Vec::new();
    for line in words.lines() {
        let wrapped = widgets::wrap(&text::clean(line), width, usize::MAX);
        if wrapped.is_empty() {
            out.push(Line::default());
        }
        out.extend(wrapped.into_iter().map(|line| Line::styled(line, style)));
    }
    out
}

/// `You wrote`, and the words, or that there are none.
pub(super) fn own(words: &str, width: u16, ctx: &Ctx<'_, '_>) -> Vec<Line<'static>> {
    let dim = ctx.theme.style(Role::Dim);
    let mut out = vec![Line::styled("You wrote", ctx.theme.style(Role::Heading))];
    if words.trim().is_empty() {
        out.push(Line::styled("nothing", dim));
    } else {
        out.extend(plain(words.trim_end(), width, Style::new()));
    }
    out.push(Line::default());
    out
}
