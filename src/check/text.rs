//! How a lesson is written: width, tables, addresses, slogans.

use super::lesson::Lesson;
use super::report::Said;
use crate::markdown::document::{Kind, Style};
use crate::markdown::{Block, Options, Piece, layout};
use crate::text::width;

/// Cells of prose and blocks.
const WIDEST: usize = 76;
/// Cells in which a table must not become records.
const SCREEN: u16 = 80;

/// Checks the text of a lesson.
pub fn check(lesson: &Lesson, said: &mut Said) {
    lines(lesson, said);
    cells(lesson, said);
    records(lesson, said);
    addresses(lesson, said);
    slogans(lesson, said);
}

/// Prose and blocks are narrow. Rows of tables, addresses, footnotes (which hold addresses) and the info
/// strings of fences cannot be wrapped.
fn lines(lesson: &Lesson, said: &mut Said) {
    for (line, text, fenced) in lesson.lines() {
        let exempt = text.contains("://")
            || text.trim_start().starts_with("```")
            || !fenced && (text.trim_start().starts_with('|') || text.starts_with("[^"));
        let columns = width(text);
        if columns > WIDEST && !exempt {
            said.wrong(
                lesson.file(),
                line,
                format!("line has {columns} columns; at most {WIDEST}"),
            );
        }
    }
}

/// The parser drops cells beyond the header's without a word.
fn cells(lesson: &Lesson, said: &mut Said) {
    let mut header: Option<usize> = None;
    for (line, text) in lesson.open_lines() {
        let text = text.trim();
        if !text.starts_with('|') {
            header = None;
            continue;
        }
        let cells = split_cells(text);
        let count = *header.get_or_insert(cells.len());
        if cells.iter().skip(count).any(|cell| !cell.trim().is_empty()) {
            let message = format!("row has {} cells, its header {count}", cells.len());
            said.wrong(
                lesson.file(),
                line,
                format!("{message}; write \\| for a bar inside a cell"),
            );
        }
    }
}

/// Cells of `| a | b |`; `\|` is no border.
fn split_cells(row: &str) -> Vec<&str> {
    let inner = row.strip_prefix('|').unwrap_or(row);
    let mut cells = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, c) in inner.char_indices() {
        if c == '|' && !escaped {
            cells.push(&inner[start..at]);
            start = at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    if !inner[start..].trim().is_empty() {
        cells.push(&inner[start..]);
    }
    cells
}

/// A table of two columns or more has a rule with crossings, records have none.
fn records(lesson: &Lesson, said: &mut Said) {
    let page = layout(&lesson.doc, &Options { width: SCREEN, ..Options::default() });
    for (at, block) in lesson.doc.blocks.iter().enumerate() {
        let Kind::Table { align, .. } = &block.kind else { continue };
        let rows = page.first[at] as usize..page.first[at + 1] as usize;
        let crossing =
            |piece: &Piece| matches!(piece, Piece::Mark { text, .. } if text.contains('┼'));
        let drawn = page.rows[rows].iter().any(|row| row.pieces.iter().any(crossing));
        if align.len() > 1 && !drawn {
            let message = format!("table does not fit {SCREEN} columns; shorten its longest words");
            said.wrong(lesson.file(), block.line, message);
        }
    }
}

/// An address that is no link.
fn addresses(lesson: &Lesson, said: &mut Said) {
    for block in &lesson.doc.blocks {
        if !matches!(block.kind, Kind::Paragraph | Kind::Table { .. } | Kind::Heading(_)) {
            continue;
        }
        for start in ["http://", "https://"] {
            for (at, _) in block.text.match_indices(start) {
                let covered = span_at(block, at)
                    .is_some_and(|(style, linked)| linked || style.has(Style::CODE));
                if !covered {
                    let line = line_of(lesson, block, &block.text[at..]);
                    said.wrong(lesson.file(), line, "bare address; write it between < and >");
                }
            }
        }
    }
}

/// Style at a byte of the text, and whether it belongs to a link.
fn span_at(block: &Block, at: usize) -> Option<(Style, bool)> {
    let spans = block.spans.iter();
    let mut there =
        spans.filter(|span| (span.range.start as usize..span.range.end as usize).contains(&at));
    there.next().map(|span| (span.style, span.link.is_some()))
}

/// The line of the file on which the first word of `text` stands in a block, or the block's.
pub fn line_of(lesson: &Lesson, block: &Block, text: &str) -> usize {
    let word = text.split_whitespace().next().unwrap_or_default();
    let source = lesson.body.get(block.source.start as usize..block.source.end as usize);
    let before = source.and_then(|source| source.find(word).map(|at| &source[..at]));
    block.line + before.map_or(0, |before| before.matches('\n').count())
}

/// Words that praise instead of saying.
const SLOGANS: [&str; 14] = [
    "robust",
    "seamless",
    "seamlessly",
    "leverage",
    "leverages",
    "leveraging",
    "crucial",
    "powerful",
    "simply",
    "in today's world",
    "it is important to note",
    "let's dive in",
    "dive into",
    "at scale",
];

fn slogans(lesson: &Lesson, said: &mut Said) {
    for (_, block) in lesson.paragraphs() {
        let text = block.text.to_lowercase();
        for slogan in SLOGANS {
            let word = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            let Some(at) = text.match_indices(slogan).map(|(at, _)| at).find(|at| {
                word(text[..*at].chars().next_back())
                    && word(text[at + slogan.len()..].chars().next())
            }) else {
                continue;
            };
            let numbered = slogan == "at scale" && text.contains(|c: char| c.is_ascii_digit());
            if !numbered {
                let line = line_of(lesson, block, block.text.get(at..).unwrap_or_default());
                said.warn(
                    lesson.file(),
                    line,
                    format!("\"{slogan}\" is a slogan; say what it does"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lesson::said;
    use super::{check, split_cells};

    const NOTHING: [&str; 0] = [];

    #[test]
    fn a_line_of_prose_or_of_a_block_has_76_columns() {
        let long = "é".repeat(77);
        assert_eq!(said(&long, check), ["12: line has 77 columns; at most 76"]);
        assert_eq!(said(&"é".repeat(76), check), NOTHING);
        assert_eq!(
            said(&format!("```sql\n{long}\n```"), check),
            ["13: line has 77 columns; at most 76"]
        );
        let info = format!("```sql {}\nSELECT 1;\n```", "a ".repeat(50));
        assert_eq!(said(&info, check), NOTHING);
        let exempt = format!(
            "| a | b |\n|---|---|\n| {} | b |\n\nSee <https://x/{long}>.[^a]\n\n[^a]: {}",
            "a ".repeat(50),
            "a ".repeat(50)
        );
        assert_eq!(said(&exempt, check), NOTHING);
    }

    #[test]
    fn a_cell_beyond_the_header_is_said_since_the_parser_drops_it() {
        let table = "| a | b |\n|---|---|\n| `x|y` | 2 |";
        assert_eq!(
            said(table, check),
            ["14: row has 3 cells, its header 2; write \\| for a bar inside a cell"]
        );
        assert_eq!(said(&table.replace("x|y", "x\\|y"), check), NOTHING);
        assert_eq!(split_cells("| a | b\\|c |"), [" a ", " b\\|c "]);
    }

    #[test]
    fn a_table_that_would_become_records_is_said() {
        let word = "unbreakableword_".to_string();
        let row = format!("| {word} | {word} | {word} | {word} | {word} | {word} |");
        let table = format!("{row}\n|---|---|---|---|---|---|\n{row}");
        assert_eq!(
            said(&table, check),
            ["12: table does not fit 80 columns; shorten its longest words"]
        );
        assert_eq!(said(&table.replace(&word, "word"), check), NOTHING);
        assert_eq!(said("| one |\n|---|\n| column |", check), NOTHING);
    }

    #[test]
    fn an_address_is_a_link_or_code() {
        assert_eq!(
            said("Read this,\nat https://example.org/a it is.", check),
            ["13: bare address; write it between < and >"]
        );
        let linked = "At <https://a.b/c>, [here](https://a.b/c) and `http://a.b`.";
        assert_eq!(said(linked, check), NOTHING);
    }

    #[test]
    fn slogans_are_warnings() {
        assert_eq!(
            said("It is\nsimply robust.", check),
            [
                "warning: 13: \"robust\" is a slogan; say what it does",
                "warning: 13: \"simply\" is a slogan; say what it does"
            ]
        );
        assert_eq!(said("At scale of 40,000 writes/s; simplyfied; robustness.", check), NOTHING);
    }
}
