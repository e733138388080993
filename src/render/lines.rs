//! One row of a page as a ratatui line.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::highlight::Class;
use super::theme::{Role, Theme};
use crate::markdown::{Document, Piece, Row, Style as Bits};
use crate::search::Hit;
use crate::text;

/// What a row shows besides its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks<'a> {
    /// The link that has the focus.
    pub link: Option<u32>,
    /// Search hits by block and start, not overlapping.
    pub hits: &'a [Hit],
    /// Index in `hits` of the one that the reader stands on.
    pub current: Option<usize>,
    /// Passages that the reader marked, by block and start, not overlapping.
    pub kept: &'a [Hit],
    /// Classes of the row's block, if it is code: from [`super::highlight()`].
    pub code: &'a [(Range<u32>, Class)],
    /// Cells by which rows that scroll are moved to the left.
    pub scroll: u16,
    /// Cells that a row that scrolls may take; 0 is no limit.
    pub width: u16,
}

/// Draws a row.
pub fn line<'a>(document: &'a Document, row: &'a Row, theme: &Theme, marks: &Marks) -> Line<'a> {
    let mut lead = Vec::new();
    let mut spans = Vec::with_capacity(row.pieces.len());
    let from = marks.hits.partition_point(|hit| hit.block < row.block);
    let to = marks.hits.partition_point(|hit| hit.block <= row.block);
    let kept = &marks.kept[marks.kept.partition_point(|hit| hit.block < row.block)..];
    let kept = &kept[..kept.partition_point(|hit| hit.block <= row.block)];
    for piece in &row.pieces {
        match piece {
            Piece::Text { range, style, link } => {
                let mut base = theme.text(*style);
                if link.is_some() && *link == marks.link {
                    base = base.patch(theme.style(Role::Focus));
                }
                let mut at = range.start;
                while at < range.end {
                    let class = covering(marks.code, |(range, _)| range, at);
                    let hit = covering(&marks.hits[from..to], |hit| &hit.range, at);
                    let mut style = base;
                    if let Some(index) = class.0 {
                        style = style.patch(theme.style(marks.code[index].1.into()));
                    }
                    let mark = covering(kept, |hit| &hit.range, at);
                    if mark.0.is_some() {
                        style = style.patch(theme.style(Role::Highlight));
                    }
                    if let Some(index) = hit.0 {
                        let current = marks.current == Some(from + index);
                        let role = if current { Role::CurrentHit } else { Role::Hit };
                        style = style.patch(theme.style(role));
                    }
                    let end = range.end.min(class.1).min(hit.1).min(mark.1);
                    spans.push(Span::styled(document.slice(row.block, &(at..end)), style));
                    at = end;
                }
            }
            Piece::Mark { text, style } => {
                spans.push(Span::styled(text.as_ref(), theme.text(*style)));
            }
            Piece::Space(n) => spans.push(Span::raw(" ".repeat((*n).into()))),
            Piece::Fill(c, n) => {
                let text = c.to_string().repeat((*n).into());
                spans.push(Span::styled(text, theme.style(Role::Dim)));
            }
        }
        if row.scrolls && !matches!(piece, Piece::Text { .. }) {
            lead.append(&mut spans);
        }
    }
    if row.scrolls && (marks.scroll > 0 || marks.width > 0) {
        let taken: usize = lead.iter().map(|span| text::width(&span.content)).sum();
        let width = if marks.width == 0 { usize::MAX } else { marks.width.into() };
        let dim = theme.text(Bits::DIM);
        spans = clip(spans, marks.scroll.into(), width.saturating_sub(taken), dim);
    }
    lead.append(&mut spans);
    Line::from(lead)
}

/// The index of the range that covers a byte, and the next byte at which the answer changes.
fn covering<T>(sorted: &[T], range: impl Fn(&T) -> &Range<u32>, at: u32) -> (Option<usize>, u32) {
    let index = sorted.partition_point(|item| range(item).end <= at);
    match sorted.get(index).map(range) {
        Some(found) if found.start <= at => (Some(index), found.end),
        Some(next) => (None, next.start),
        None => (None, u32::MAX),
    }
}

/// Cells `scroll..scroll + width` of spans; a cut edge shows `‹` or `›`, half a wide cluster a blank.
fn clip(spans: Vec<Span<'_>>, scroll: usize, width: usize, edge: Style) -> Vec<Span<'_>> {
    let total: usize = spans.iter().map(|span| text::width(&span.content)).sum();
    let cut = total > scroll.saturating_add(width);
    if total == 0 || width == 0 || (scroll == 0 && !cut) {
        return if width == 0 { Vec::new() } else { spans };
    }
    let low = scroll + usize::from(scroll > 0);
    let high = scroll.saturating_add(width) - usize::from(cut);
    let mut out = Vec::with_capacity(spans.len() + 2);
    if scroll > 0 {
        out.push(Span::styled("‹", edge));
    }
    let mut column = 0;
    for span in spans {
        let mut shown = String::new();
        for cluster in span.content.graphemes(true) {
            let (from, to) = (column, column + cluster.width());
            column = to;
            if from >= low && to <= high {
                shown.push_str(cluster);
            } else {
                let visible = to.min(high).saturating_sub(from.max(low));
                shown.extend(std::iter::repeat_n(' ', visible));
            }
        }
        if !shown.is_empty() {
            out.push(Span::styled(shown, span.style));
        }
    }
    if cut && high >= low {
        out.push(Span::styled("›", edge));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Options, layout, parse};

    fn drawn(source: &str, width: u16, row: usize, marks: &Marks) -> Vec<(String, Style)> {
        let document = parse(source, 1);
        let page = layout(&document, &Options { width, ..Options::default() });
        let line = line(&document, &page.rows[row], &Theme::mono(), marks);
        line.spans.iter().map(|span| (span.content.to_string(), span.style)).collect()
    }

    fn text(source: &str, row: usize, scroll: u16, width: u16) -> String {
        let marks = Marks { scroll, width, ..Marks::default() };
        drawn(source, 40, row, &marks).into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn a_hit_crosses_styles_and_the_current_one_looks_different() {
        let hits = [Hit { block: 0, range: 2..6 }, Hit { block: 0, range: 8..9 }];
        let marks = Marks { hits: &hits, current: Some(1), ..Marks::default() };
        let theme = Theme::mono();
        let (hit, current) = (theme.style(Role::Hit), theme.style(Role::CurrentHit));
        let strong = theme.text(Bits::STRONG);
        assert_eq!(
            drawn("ab **cd** efgh", 40, 0, &marks),
            [
                ("ab", Style::new()),
                (" ", hit),
                ("cd", strong.patch(hit)),
                (" ", hit),
                ("ef", Style::new()),
                ("g", current),
                ("h", Style::new())
            ]
            .map(|(text, style)| (text.to_owned(), style))
        );
    }

    #[test]
    fn every_piece_of_the_focused_link_lights_up_and_no_other() {
        let focus = Theme::mono().style(Role::Focus);
        let marks = Marks { link: Some(0), ..Marks::default() };
        for row in 0..2 {
            let spans = drawn("[one two](a) [x](b)", 5, row, &marks);
            for (text, style) in spans {
                let focused = style.add_modifier.contains(focus.add_modifier);
                assert_eq!(focused, text.contains(['n', 'w']), "{text:?}");
            }
        }
    }

    #[test]
    fn classes_colour_code_by_byte() {
        let code = [(0..3, Class::Keyword), (4..6, Class::Attribute)];
        let marks = Marks { code: &code, ..Marks::default() };
        let spans = drawn("```x\nlet a=b\n```\n", 40, 0, &marks);
        let theme = Theme::mono();
        assert_eq!(spans[1], ("let".to_owned(), theme.style(Role::Keyword)));
        assert_eq!(spans[2], (" ".to_owned(), Style::new()));
        assert_eq!(spans[3], ("a=".to_owned(), theme.style(Role::Attribute)));
    }

    #[test]
    fn what_scrolls_is_cut_with_a_mark_at_each_cut_edge() {
        let code = "```\nabcdefghij\n\n日本語日本語\n```\n";
        assert_eq!(text(code, 0, 0, 12), "  abcdefghij");
        assert_eq!(text(code, 0, 0, 11), "  abcdefgh›");
        assert_eq!(text(code, 0, 2, 12), "  ‹defghij");
        assert_eq!(text(code, 0, 2, 8), "  ‹defg›");
        assert_eq!(text(code, 0, 99, 8), "  ‹");
        assert_eq!(text(code, 1, 2, 8), "");
        // Half a wide cluster is a blank.
        assert_eq!(text(code, 2, 2, 9), "  ‹ 語日›");
        assert_eq!(text(code, 2, 1, 0), "  ‹本語日本語");
        assert_eq!(text(code, 0, 2, 1), "  ");
    }

    #[test]
    fn no_row_that_scrolls_is_drawn_wider_than_asked() {
        let source = "> ```\n> abc日本def \u{301}x\n> ```\n";
        for (scroll, width) in (0..14).flat_map(|scroll| (4..20).map(move |width| (scroll, width)))
        {
            let drawn = text(source, 0, scroll, width);
            assert!(crate::text::width(&drawn) <= width.into(), "{scroll} {width} {drawn:?}");
        }
    }

    #[test]
    fn prose_does_not_scroll() {
        assert_eq!(text("one two", 0, 3, 4), "one two");
    }
}
