//! A document laid out for one width.

use std::ops::Range;

use super::document::{Spot, Style};

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
        text: std::borrow::Cow<'static, str>,
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
    pub fn row_of(&self, spot: Spot) -> usize {
        todo!("{spot:?}")
    }

    /// The spot of a row's first character.
    pub fn spot_of(&self, row: usize) -> Spot {
        todo!("{row}")
    }
}
