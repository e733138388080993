//! A document laid out for one width.

use std::borrow::Cow;
use std::ops::Range;

use super::document::{Block, Document, Spot, Style};

/// Rows of a document at one width.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Cells.
    pub width: u16,
    /// Rows from the top.
    pub rows: Vec<Row>,
    /// First row of each block (its gap row included); one more at the end, the number of rows.
    pub first: Vec<u32>,
}

/// One row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Block that it belongs to.
    pub block: u32,
    /// Smallest byte of the block's text shown on it; never decreases within a block.
    pub start: u32,
    /// Left to right.
    pub pieces: Vec<Piece>,
    /// Scrolls sideways and is clipped (code, diagrams, transcripts).
    pub scrolls: bool,
}

/// A run of cells of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Bytes of the block's text.
    Text {
        /// Which.
        range: Range<u32>,
        /// How.
        style: Style,
        /// Index in the document's links.
        link: Option<u32>,
    },
    /// Chrome: a bullet, a rule of a table, a label.
    Mark {
        /// Its characters.
        text: Cow<'static, str>,
        /// How.
        style: Style,
    },
    /// Blanks.
    Space(u16),
    /// A character, so many times.
    Fill(char, u16),
}

impl Page {
    /// The row that shows a spot: the last of its block with `start <= offset` (the first row if none).
    /// A block without rows (a hidden answer) is stood for by the row above it.
    pub fn row_of(&self, spot: Spot) -> usize {
        let last = self.rows.len().saturating_sub(1);
        let (Some(from), Some(to)) = (self.first.get(spot.block), self.first.get(spot.block + 1))
        else {
            return last;
        };
        let (from, to) = (*from as usize, *to as usize);
        if from == to {
            return from.saturating_sub(1).min(last);
        }
        let rows = self.rows.get(from..to).unwrap_or_default();
        let after = rows.partition_point(|row| row.start <= spot.offset);
        (from + after.saturating_sub(1)).min(last)
    }

    /// The spot of a row's first character; of the last row, if `row` is behind it.
    pub fn spot_of(&self, row: usize) -> Spot {
        self.rows
            .get(row)
            .or(self.rows.last())
            .map_or(Spot::default(), |row| Spot { block: row.block as usize, offset: row.start })
    }

    /// The row on which a byte of a block is shown, by the pieces: a search hit, a link. None if it is
    /// hidden. Tables show several ranges in one row, so [`Page::row_of`] is not enough there.
    pub fn row_showing(&self, spot: Spot) -> Option<usize> {
        let from = *self.first.get(spot.block)? as usize;
        let to = *self.first.get(spot.block + 1)? as usize;
        let shows = |row: &Row| {
            row.pieces.iter().any(|piece| match piece {
                Piece::Text { range, .. } => range.contains(&spot.offset),
                _ => false,
            })
        };
        self.rows.get(from..to)?.iter().position(shows).map(|row| from + row)
    }
}

impl Row {
    /// The row as plain text, chrome included.
    pub fn text(&self, document: &Document) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text { range, .. } => out.push_str(document.slice(self.block, range)),
                Piece::Mark { text, .. } => out.push_str(text),
                Piece::Space(n) => out.extend(std::iter::repeat_n(' ', (*n).into())),
                Piece::Fill(c, n) => out.extend(std::iter::repeat_n(*c, (*n).into())),
            }
        }
        out
    }

    /// Adds blanks, joined with those before.
    pub(super) fn space(&mut self, cells: usize) {
        if let Some(Piece::Space(before)) = self.pieces.last_mut() {
            *before = before.saturating_add(cells as u16);
        } else if cells > 0 {
            self.pieces.push(Piece::Space(cells as u16));
        }
    }

    /// Adds chrome.
    pub(super) fn mark(&mut self, text: impl Into<Cow<'static, str>>, style: Style) {
        self.pieces.push(Piece::Mark { text: text.into(), style });
    }

    /// Adds bytes of the block's text with the styles of its spans, and `base` throughout.
    pub(super) fn words(&mut self, block: &Block, range: Range<u32>, base: Style) {
        let mut at = range.start;
        let from = block.spans.partition_point(|span| span.range.end <= at);
        for span in block.spans[from..].iter().take_while(|span| span.range.start < range.end) {
            let (start, end) = (span.range.start.max(at), span.range.end.min(range.end));
            self.piece(at..start, base, None);
            self.piece(start..end, base.with(span.style), span.link);
            at = end;
        }
        self.piece(at..range.end, base, None);
    }

    fn piece(&mut self, range: Range<u32>, style: Style, link: Option<u32>) {
        if !range.is_empty() {
            self.pieces.push(Piece::Text { range, style, link });
        }
    }
}
