//! What the fuzz targets do with an input. `tests/commonmark` runs the same over its examples.
#![allow(dead_code)] // each target uses one

use sdprep::journal::line;
use sdprep::markdown::{Options, Piece, layout, measure, parse};

/// Parses and lays out at a width of 0 to 300: no panic, each visible character in a row, none outside of it.
pub fn render(data: &[u8]) {
    let Some((head, text)) = data.split_at_checked(2) else { return };
    let width = u16::from_le_bytes([head[0], head[1]]) % 301;
    let document = parse(&String::from_utf8_lossy(text), 1);
    let options = Options { width, reveal_all: true, ..Options::default() };
    let page = layout(&document, &options);
    let mut shown: Vec<Vec<bool>> =
        document.blocks.iter().map(|block| vec![false; block.text.len()]).collect();
    for row in &page.rows {
        let text = row.text(&document);
        assert_eq!(sdprep::text::clean(&text), text, "a control character reaches the terminal");
        let cells = sdprep::text::width(&text);
        // Narrower than a cluster with its indent, a page is clipped.
        assert!(row.scrolls || cells <= width.max(8).into(), "{cells} cells of {width}: {text:?}");
        for piece in &row.pieces {
            if let Piece::Text { range, .. } = piece {
                shown[row.block as usize][range.start as usize..range.end as usize].fill(true);
            }
        }
    }
    for (block, shown) in document.blocks.iter().zip(&shown) {
        let mut chars = block.text.char_indices();
        assert!(chars.all(|(at, c)| c.is_whitespace() || shown[at]), "lost in {:?}", block.text);
    }
    measure(&document);
}

/// A line that the fast reader takes means the same to the JSON parser. A blank before it makes the fast
/// reader give it up. What was read can be written and read again.
pub fn journal(data: &[u8]) {
    let slow = line::read(&[b" ", data].concat());
    let Ok(event) = line::read(data) else {
        assert!(slow.is_err(), "read only with a blank before it");
        return;
    };
    assert_eq!(slow.as_ref(), Ok(&event));
    if !matches!(event.what, sdprep::journal::What::Other { .. }) {
        let again = line::write(&event);
        assert_eq!(line::write(&line::read(again.as_bytes()).unwrap()), again);
    }
}
