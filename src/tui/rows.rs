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

/// First cell and end of a link on a row.
pub fn cells_of_link(document: &Document, row: &Row, link: usize) -> (usize, usize) {
    let (mut cell, mut found) = (0, None);
    for piece in &row.pieces {
        let end = cell + width(document, row, piece);
        if matches!(piece, Piece::Text { link: Some(here), .. } if *here as usize == link) {
            found = Some((found.map_or(cell, |(from, _)| from), end));
        }
        cell = end;
    }
    found.unwrap_or((0, 0))
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

/// The cell at which a byte of the row's block is shown.
pub fn cell_of(document: &Document, row: &Row, offset: u32) -> Option<usize> {
    let mut cell = 0;
    for piece in &row.pieces {
        if let Piece::Text { range, .. } = piece
            && range.contains(&offset)
        {
            return Some(cell + text::width(document.slice(row.block, &(range.start..offset))));
        }
        cell += width(document, row, piece);
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
