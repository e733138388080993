//! Questions about one row of a page: its links, its words, its width.

use std::ops::Range;

use crate::markdown::{Document, Page, Piece, Row};
use crate::text;

/// Links on a row, left to right; a wrapped one is on several rows.
pub fn links_in(row: &Row) -> impl Iterator<Item = usize> {
    row.pieces.iter().filter_map(|piece| match piece {
        Piece::Text { link: Some(link), .. } => Some(*link as usize),
        _ => None,
    })
}

/// Cells of a piece.
fn width(document: &Document, row: &Row, piece: &Piece) -> usize {
    match piece {
        Piece::Text { range, .. } => text::width(document.slice(row.block, range)),
        Piece::Mark { text, .. } => text::width(text),
        Piece::Space(n) | Piece::Fill(_, n) => usize::from(*n),
    }
}

/// Cells of a row.
pub fn row_width(document: &Document, row: &Row) -> usize {
    row.pieces.iter().map(|piece| width(document, row, piece)).sum()
}

/// The link at a cell of a row.
pub fn link_at(document: &Document, row: &Row, cell: usize) -> Option<usize> {
    let mut end = 0;
    for piece in &row.pieces {
        end += width(document, row, piece);
        if cell < end {
            return match piece {
                Piece::Text { link, .. } => link.map(|link| link as usize),
                _ => None,
            };
        }
    }
    None
}

/// Words on a range of rows.
pub fn words(document: &Document, page: &Page, rows: Range<usize>) -> usize {
    let of_row = |row: &Row| -> usize {
        let texts = row.pieces.iter().filter_map(|piece| match piece {
            Piece::Text { range, .. } => Some(document.slice(row.block, range)),
            _ => None,
        });
        texts.map(|text| text.split_whitespace().count()).sum()
    };
    page.rows.get(rows).unwrap_or_default().iter().map(of_row).sum()
}
