//! A whole document as text: for a pipe, or in colour.
//!
//! What a screen does with keys is done with numbers here: links go to a list at the end, and so do
//! the answers of questions. That is a change of the document; layout and drawing are the usual ones.

use std::fmt::Write as _;
use std::ops::Range;

use ratatui::style::{Color, Modifier, Style as Look};
use ratatui::text::Line;

use super::highlight::{Class, highlight};
use super::lines::{Marks, line};
use super::theme::Theme;
use crate::markdown::{Asked, Block, Document, Kind, Lead, Options, Span, Style, Target, layout};
use crate::text;

/// How a document is printed.
#[derive(Debug, Clone)]
pub struct Print<'a> {
    /// Cells; `--width`, else 80 in a pipe.
    pub width: u16,
    /// None: plain text without an escape byte. With `NO_COLOR`, a theme without colours.
    pub theme: Option<&'a Theme>,
    /// Code is coloured (only with a theme).
    pub highlight: bool,
}

/// Prints a document; ends with a newline unless it is empty. Code and diagrams are whole lines.
pub fn print(document: &Document, how: &Print) -> String {
    let document = for_paper(document);
    let options =
        Options { width: how.width, reveal_all: true, no_hints: true, ..Options::default() };
    let page = layout(&document, &options);
    let plain = Theme::mono();
    let theme = how.theme.unwrap_or(&plain);
    let mut out = String::new();
    let mut code = (u32::MAX, Vec::new());
    for row in &page.rows {
        if how.highlight && how.theme.is_some() && code.0 != row.block {
            code = (row.block, classes(&document, row.block));
        }
        let marks = Marks { code: &code.1, ..Marks::default() };
        let drawn = line(&document, row, theme, &marks);
        if how.theme.is_some() {
            ansi(&drawn, &mut out);
        } else {
            let start = out.len();
            drawn.spans.iter().for_each(|span| out.push_str(&span.content));
            out.truncate(start + out[start..].trim_end().len());
        }
        out.push('\n');
    }
    out
}

fn classes(document: &Document, block: u32) -> Vec<(Range<u32>, Class)> {
    match document.blocks.get(block as usize) {
        Some(Block { kind: Kind::Code { lang }, text, .. }) => highlight(lang, text),
        _ => Vec::new(),
    }
}

// ---- the document for paper

/// The document with its links numbered and listed, and its answers at the end.
fn for_paper(document: &Document) -> Document {
    let mut source = document.clone();
    let addresses = number_links(&mut source);
    let sources = source.blocks.split_off(source.sources);
    let mut out = Vec::with_capacity(document.blocks.len() + addresses.len() + 2);
    let mut answers: Vec<Block> = Vec::new();
    let mut question = 0;
    for mut block in source.blocks {
        match &block.kind {
            Kind::Question(asked) => {
                question += 1;
                let hint = match asked {
                    Asked::Rehearsal(minutes) => format!(" ({minutes} min; answer {question})"),
                    _ => format!(" (answer {question})"),
                };
                let end = block.text.len() as u32;
                insert(&mut block, end, &hint);
                out.push(block);
            }
            Kind::Answer { .. } => {
                let inside = block.lead.iter().position(|lead| *lead == Lead::Answer);
                block.lead.drain(..=inside.unwrap_or(0));
                let marker = format!("{question}.");
                let opens = answers.last().is_none_or(|last| !has_marker(last, &marker));
                block.gap = if opens { answers.is_empty() } else { block.gap };
                block.lead.insert(0, Lead::Item { marker, width: 0, first: opens });
                block.kind = Kind::Paragraph;
                answers.push(block);
            }
            _ => out.push(block),
        }
    }
    section(&mut out, "Answers", answers);
    out.extend(sources);
    let listed = addresses.into_iter().map(|(number, address)| Block {
        // Like a drawing: an address that is broken cannot be followed.
        kind: Kind::Diagram,
        lead: vec![Lead::Item { marker: format!("[{number}]"), width: 0, first: true }],
        ..paragraph(address + "\n")
    });
    section(&mut out, "Links", listed.collect());
    source.sources = out.len();
    source.blocks = out;
    source
}

fn has_marker(block: &Block, wanted: &str) -> bool {
    matches!(block.lead.first(), Some(Lead::Item { marker, .. }) if marker == wanted)
}

fn paragraph(text: String) -> Block {
    Block {
        kind: Kind::Paragraph,
        lead: Vec::new(),
        text,
        spans: Vec::new(),
        source: 0..0,
        line: 0,
        gap: false,
    }
}

/// Adds a heading and a list whose markers stand in one column.
fn section(out: &mut Vec<Block>, title: &str, mut items: Vec<Block>) {
    let Some(first) = items.first_mut() else { return };
    first.gap = true;
    out.push(Block { kind: Kind::Heading(2), gap: true, ..paragraph(title.to_owned()) });
    let markers = items.iter().filter_map(|block| match block.lead.first() {
        Some(Lead::Item { marker, .. }) => Some(text::width(marker) as u16 + 1),
        _ => None,
    });
    let widest = markers.max().unwrap_or(0);
    for block in &mut items {
        if let Some(Lead::Item { width, .. }) = block.lead.first_mut() {
            *width = widest;
        }
    }
    out.extend(items);
}

/// Writes `[n]` behind each link that leads out of the text and does not show its address; returns the
/// numbers, which go on from those of the footnotes, with the addresses.
fn number_links(document: &mut Document) -> Vec<(usize, String)> {
    let mut addresses: Vec<String> = Vec::new();
    let mut marks = Vec::new();
    for link in &document.links {
        let address = match &link.target {
            Target::Url(url) => url.clone(),
            Target::Lesson { slug, .. } if !slug.is_empty() => format!("sdprep read {slug}"),
            Target::Lab(name) => format!("sdprep lab {name}"),
            Target::Lesson { .. } | Target::Note { .. } | Target::Result(_) => continue,
        };
        let shown = document.slice(link.spot.block as u32, &link.range);
        if address.strip_prefix("mailto:").unwrap_or(&address) == shown {
            continue;
        }
        let known = addresses.iter().position(|known| *known == address);
        let place = known.unwrap_or_else(|| {
            addresses.push(address);
            addresses.len() - 1
        });
        marks.push((link.spot.block, link.range.end, document.notes.len() + 1 + place));
    }
    // From the back, so that the ranges of those before stay true.
    for (block, at, number) in marks.into_iter().rev() {
        if let Some(block) = document.blocks.get_mut(block) {
            insert(block, at, &format!(" [{number}]"));
        }
    }
    (document.notes.len() + 1..).zip(addresses).collect()
}

/// Inserts dim words into a block's text and moves what stands behind them.
fn insert(block: &mut Block, at: u32, words: &str) {
    let by = words.len() as u32;
    block.text.insert_str(at as usize, words);
    for span in &mut block.spans {
        span.range.start += if span.range.start >= at { by } else { 0 };
        span.range.end += if span.range.end > at { by } else { 0 };
    }
    if let Kind::Table { rows, .. } | Kind::Estimate { rows } = &mut block.kind {
        for cell in rows.iter_mut().flatten() {
            cell.start += if cell.start > at { by } else { 0 };
            cell.end += if cell.end >= at { by } else { 0 };
        }
    }
    let place = block.spans.partition_point(|span| span.range.start < at);
    block.spans.insert(place, Span { range: at..at + by, style: Style::DIM, link: None });
}

// ---- escapes

/// Writes a line with SGR sequences, each closed before the next begins.
pub fn ansi(line: &Line, out: &mut String) {
    for span in &line.spans {
        let codes = codes(span.style);
        if codes.is_empty() {
            out.push_str(&span.content);
        } else {
            let _ = write!(out, "\u{1b}[{}m{}\u{1b}[0m", codes.join(";"), span.content);
        }
    }
}

/// SGR parameters of a look. Source: ECMA-48 8.3.117; bright colours as in xterm.
fn codes(style: Look) -> Vec<String> {
    const MODIFIERS: [(Modifier, u8); 6] = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
        (Modifier::CROSSED_OUT, 9),
    ];
    let set = MODIFIERS.iter().filter(|(bit, _)| style.add_modifier.contains(*bit));
    let mut codes: Vec<String> = set.map(|(_, code)| code.to_string()).collect();
    codes.extend(style.fg.map(foreground));
    codes
}

fn foreground(colour: Color) -> String {
    let code = match colour {
        Color::Reset => 39,
        Color::Black => 30,
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Blue => 34,
        Color::Magenta => 35,
        Color::Cyan => 36,
        Color::Gray => 37,
        Color::DarkGray => 90,
        Color::LightRed => 91,
        Color::LightGreen => 92,
        Color::LightYellow => 93,
        Color::LightBlue => 94,
        Color::LightMagenta => 95,
        Color::LightCyan => 96,
        Color::White => 97,
        Color::Rgb(r, g, b) => return format!("38;2;{r};{g};{b}"),
        Color::Indexed(n) => return format!("38;5;{n}"),
    };
    code.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;

    fn printed(source: &str, width: u16, theme: Option<&Theme>) -> String {
        print(&parse(source, 1), &Print { width, theme, highlight: true })
    }

    const SAMPLE: &str = include_str!("../markdown/sample.md");

    #[test]
    fn every_construct_in_a_pipe() {
        insta::assert_snapshot!(printed(SAMPLE, 80, None));
    }

    #[test]
    fn every_construct_in_colour() {
        let coloured = printed(SAMPLE, 60, Some(&Theme::default()));
        insta::assert_snapshot!(coloured.replace('\u{1b}', "␛"));
    }

    #[test]
    fn a_pipe_gets_no_escape_and_no_trailing_blank() {
        for width in [0, 1, 7, 20, 80, 400] {
            let text = printed(SAMPLE, width, None);
            assert!(!text.contains('\u{1b}'));
            assert!(text.lines().all(|line| line.trim_end() == line), "{width}");
        }
    }

    #[test]
    fn without_colours_bold_is_still_bold() {
        let text = printed("**b** `c`\n", 80, Some(&Theme::default().without_colour()));
        assert_eq!(text, "\u{1b}[1mb\u{1b}[0m \u{1b}[1mc\u{1b}[0m\n");
    }

    #[test]
    fn colour_changes_no_letter() {
        let mut plain = String::new();
        let coloured = printed(SAMPLE, 60, Some(&Theme::default()));
        for part in coloured.split('\u{1b}') {
            plain.push_str(
                part.strip_prefix('[').and_then(|p| p.split_once('m')).map_or(part, |p| p.1),
            );
        }
        let lines: Vec<&str> = plain.lines().map(str::trim_end).collect();
        assert_eq!(lines, printed(SAMPLE, 60, None).lines().collect::<Vec<_>>());
    }

    #[test]
    fn links_are_numbered_after_the_notes_and_one_address_has_one_number() {
        let source =
            "|a|b|\n|-|-|\n|[x](https://a.b)|[y](1-z.md) [w](https://a.b)|\n\nn[^n]\n\n[^n]: m\n";
        let text = printed(source, 60, None);
        assert!(text.contains("x [2] │ y [3] w [2]\n"), "{text}");
        assert!(text.ends_with("Links\n\n[2] https://a.b\n[3] sdprep read z\n"), "{text}");
    }
}
