//! Blocks to rows.

use std::collections::BTreeSet;

use super::{document::Document, page::Page};

/// What a layout depends on besides the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Cells.
    pub width: u16,
    /// Questions (block indices) whose answers are shown.
    pub revealed: BTreeSet<usize>,
    /// All answers are shown.
    pub reveal_all: bool,
    /// Code wraps instead of scrolling.
    pub wrap_code: bool,
    /// Stop after so many rows (previews).
    pub max_rows: Option<usize>,
}

/// Lays out a document.
pub fn layout(document: &Document, options: &Options) -> Page {
    todo!("{document:?} {options:?}")
}
