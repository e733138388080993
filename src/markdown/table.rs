//! Column widths of tables, and records where a table does not fit.

use std::ops::Range;

use super::document::{Align, Style};
use super::layout::Rows;
use super::page::Piece;
use super::wrap;
use crate::text;

/// A longer word is broken before it makes a table impossible.
const LONGEST_WORD: usize = 16;

type Cells = Vec<Range<u32>>;

/// What stands between two columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// ` │ `
    Rule,
    /// Two blanks; what follows the first line of the second column is indented by two.
    Blank,
}

impl Gap {
    fn width(self) -> usize {
        match self {
            Gap::Rule => 3,
            Gap::Blank => 2,
        }
    }
}

/// Widths of columns: the natural ones if they fit in `room`, else narrower where they are widest, but
/// none below its longest word. None if even that does not fit.
fn columns(natural: &[usize], least: &[usize], room: usize) -> Option<Vec<usize>> {
    if natural.iter().sum::<usize>() <= room {
        return Some(natural.to_vec());
    }
    let at = |limit: usize| natural.iter().zip(least).map(move |(n, l)| *n.min(&limit.max(*l)));
    if at(0).sum::<usize>() > room {
        return None;
    }
    // The greatest limit that fits; then one cell more for as many columns as there is room for.
    let (mut low, mut high) = (0, room);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if at(middle).sum::<usize>() <= room { low = middle } else { high = middle - 1 }
    }
    let mut widths: Vec<usize> = at(low).collect();
    let mut left = room - widths.iter().sum::<usize>();
    for (width, natural) in widths.iter_mut().zip(natural) {
        if left > 0 && *width < *natural && *width <= low {
            *width += 1;
            left -= 1;
        }
    }
    Some(widths)
}

/// Natural and least widths of `count` columns.
fn extents<'a>(
    text: &str,
    rows: impl Iterator<Item = &'a Cells>,
    count: usize,
) -> (Vec<usize>, Vec<usize>) {
    let (mut natural, mut least) = (vec![0; count], vec![0; count]);
    for row in rows {
        for (column, cell) in row.iter().enumerate().take(count) {
            let (line, word) = wrap::extent(&text[cell.start as usize..cell.end as usize]);
            natural[column] = natural[column].max(line);
            least[column] = least[column].max(word.min(LONGEST_WORD));
        }
    }
    (natural, least)
}

/// A table with a header and rules, or records.
pub(super) fn table(out: &mut Rows, align: &[Align], rows: &[Cells]) {
    let count = align.len();
    let Some((header, body)) = rows.split_first().filter(|_| count > 0) else { return };
    let (natural, least) = extents(&out.block.text, rows.iter(), count);
    let room = out.room().saturating_sub((count - 1) * Gap::Rule.width());
    let Some(widths) = columns(&natural, &least, room) else {
        return records(out, header, body);
    };
    grid_row(out, header, &widths, align, Gap::Rule, Style::STRONG);
    let mut rule = out.row();
    for (column, width) in widths.iter().enumerate() {
        if column > 0 {
            rule.mark("─┼─", Style::DIM);
        }
        if *width > 0 {
            rule.pieces.push(Piece::Fill('─', *width as u16));
        }
    }
    out.push(rule, 0);
    for row in body {
        grid_row(out, row, &widths, align, Gap::Rule, Style::default());
    }
}

/// One row of a table on as many lines as its longest cell takes.
fn grid_row(
    out: &mut Rows,
    cells: &Cells,
    widths: &[usize],
    align: &[Align],
    gap: Gap,
    style: Style,
) {
    let hang = |column: usize| if gap == Gap::Blank && column == 1 { 2 } else { 0 };
    let wrapped: Vec<Vec<Range<u32>>> = cells
        .iter()
        .zip(widths)
        .enumerate()
        .map(|(column, (cell, width))| {
            let rest = width.saturating_sub(hang(column));
            wrap::wrap(&out.block.text, cell.clone(), *width, rest)
        })
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        let mut row = out.row();
        let mut start = u32::MAX;
        for (column, width) in widths.iter().enumerate() {
            match gap {
                _ if column == 0 => {}
                Gap::Blank => row.space(2),
                Gap::Rule => {
                    row.space(1);
                    row.mark("│", Style::DIM);
                    row.space(1);
                }
            }
            let part = wrapped.get(column).and_then(|lines| lines.get(line)).cloned();
            let part = part.unwrap_or(0..0);
            let cells = text::width(&out.block.text[part.start as usize..part.end as usize]);
            let free = width.saturating_sub(cells);
            let before = match align.get(column) {
                Some(Align::Right) => free,
                Some(Align::Centre) => free / 2,
                _ if line > 0 => hang(column).min(free),
                _ => 0,
            };
            row.space(before);
            if !part.is_empty() {
                start = start.min(part.start);
                row.words(out.block, part, style);
            }
            row.space(free - before);
        }
        let nothing = cells.first().map_or(0, |cell| cell.start);
        out.push(row, if start == u32::MAX { nothing } else { start });
    }
}

/// Each row as a list of its cells under their headers.
fn records(out: &mut Rows, header: &Cells, body: &[Cells]) {
    if body.is_empty() {
        for cell in header {
            lines(out, cell, cell.start, 0, Style::STRONG);
        }
    }
    for (nth, cells) in body.iter().enumerate() {
        if nth > 0 {
            let mut row = out.row();
            row.pieces.push(Piece::Fill('┄', out.room() as u16));
            out.push(row, cells.first().map_or(0, |cell| cell.start));
        }
        for (title, cell) in header.iter().zip(cells) {
            lines(out, title, cell.start, 0, Style::STRONG);
            if !cell.is_empty() {
                lines(out, cell, cell.start, 2, Style::default());
            }
        }
    }
}

/// Adds a range of the text, wrapped and indented. `start`: where its rows are in the text at least.
fn lines(out: &mut Rows, range: &Range<u32>, start: u32, indent: usize, style: Style) {
    let room = out.room();
    let indent = if room > 4 * indent { indent } else { 0 };
    for line in wrap::wrap(&out.block.text, range.clone(), room - indent, room - indent) {
        let mut row = out.row();
        row.space(indent);
        let at = line.start.max(start);
        row.words(out.block, line, style);
        out.push(row, at);
    }
}

/// The lines of an estimate: inputs (name, value, mark) and, below, results (name, formula, result,
/// mark), each in columns of their own.
pub(super) fn estimate(out: &mut Rows, rows: &[Cells]) {
    let is_result = |row: &Cells| row.get(2).is_some_and(|cell| !cell.is_empty());
    let cells = |row: &Cells| -> Cells {
        let keep = |(nth, cell): (usize, &Range<u32>)| {
            (nth != 2 || !cell.is_empty()).then(|| cell.clone())
        };
        row.iter().enumerate().filter_map(keep).collect()
    };
    let rows: Vec<(bool, Cells)> = rows.iter().map(|row| (is_result(row), cells(row))).collect();
    let widths = [false, true].map(|group| {
        let count = if group { 4 } else { 3 };
        let members = rows.iter().filter(|(result, _)| *result == group).map(|(_, row)| row);
        let (natural, mut least) = extents(&out.block.text, members, count);
        least[1] += 2; // its words stand in the indented lines too
        columns(&natural, &least, out.room().saturating_sub((count - 1) * Gap::Blank.width()))
    });
    for (nth, (result, cells)) in rows.iter().enumerate() {
        let start = cells.first().map_or(0, |cell| cell.start);
        if nth > 0 && rows[nth - 1].0 != *result {
            let row = out.row();
            out.push(row, start);
        }
        match &widths[usize::from(*result)] {
            Some(widths) => grid_row(out, cells, widths, &[], Gap::Blank, Style::default()),
            None => {
                for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty())
                {
                    lines(out, cell, cell.start, if column == 0 { 0 } else { 2 }, Style::default());
                }
            }
        }
    }
}
