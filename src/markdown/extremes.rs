//! Documents that nobody writes by hand, at any width: no panic, sane rows.

use super::properties::{not_once, too_wide};
use super::*;

const WIDTHS: [u16; 5] = [1, 5, 20, 80, 300];

/// Lays out at each width, holds the rows against what must be true of them, and returns how many there are.
fn rows(source: &str) -> [usize; 5] {
    let document = parse(source, 1);
    WIDTHS.map(|width| {
        let page = layout(&document, &Options { width, reveal_all: true, ..Options::default() });
        assert_eq!(not_once(&document, &page), None, "at {width}");
        assert_eq!(too_wide(&document, &page), None, "at {width}");
        for row in [0, page.rows.len() / 2, page.rows.len() - 1] {
            assert_eq!(page.spot_of(page.row_of(page.spot_of(row))), page.spot_of(row));
        }
        page.rows.len()
    })
}

#[test]
fn a_lesson_of_a_megabyte_is_laid_out_at_any_width() {
    let lesson = include_str!("sample.md");
    let source = lesson.repeat(1_000_000 / lesson.len() + 1);
    let rows = rows(&source);
    assert!(rows.is_sorted_by(|narrow, wide| narrow > wide), "{rows:?}");
    assert!(rows[0] < source.len(), "{rows:?}");
}

#[test]
fn a_paragraph_of_100_kb_fills_its_rows() {
    let rows = rows(&"word ".repeat(20_000));
    assert_eq!(rows, [80_000, 20_000, 5_000, 1_250, 334]);
}

#[test]
fn a_word_of_100_kb_is_broken_where_the_rows_end() {
    assert_eq!(rows(&"w".repeat(100_000)), [100_000, 20_000, 5_000, 1_250, 334]);
    assert_eq!(rows(&"日".repeat(100_000)), [100_000, 50_000, 10_000, 2_500, 667]);
}

#[test]
fn a_table_of_40_columns_is_a_table_where_it_fits_and_records_elsewhere() {
    let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(40));
    let source = row("head") + &row("-") + &row("cell").repeat(50);
    // 40 cells of 4 and 39 gaps of 3 are 277 cells; records are 50 times 40 titles and cells, and 49 rules.
    assert_eq!(rows(&source)[1..], [4_049, 4_049, 4_049, 52]);
    assert_eq!(rows(&source)[0], 8 * 2_000 + 49);
}

#[test]
fn one_cell_of_100_kb_and_three_thousand_rows_are_laid_out() {
    let source =
        format!("|a|b|\n|-|-|\n|{}|x|\n{}", "word ".repeat(20_000), "|1|2|\n".repeat(3_000));
    assert!(rows(&source).iter().all(|rows| *rows > 3_000));
}
