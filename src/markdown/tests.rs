//! Every construct as rows, with its styles as text.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;

use super::document::Note;
use super::*;

const SAMPLE: &str = include_str!("sample.md");

fn page(document: &Document, width: u16) -> Page {
    layout(document, &Options { width, reveal_all: true, ..Options::default() })
}

fn plain(source: &str, width: u16) -> Vec<String> {
    let document = parse(source, 1);
    page(&document, width).rows.iter().map(|row| row.text(&document)).collect()
}

/// Rows with `⟨style:text⟩` around what is styled or linked; `»` before rows that scroll.
fn styled(document: &Document, page: &Page) -> String {
    const NAMES: [(Style, &str); 9] = [
        (Style::STRONG, "strong"),
        (Style::EMPHASIS, "emphasis"),
        (Style::CODE, "code"),
        (Style::LINK, "link"),
        (Style::DIM, "dim"),
        (Style::HEADING, "heading"),
        (Style::ERROR, "error"),
        (Style::ACCENT, "accent"),
        (Style::STRUCK, "struck"),
    ];
    let tag = |out: &mut String, style: Style, link: Option<u32>, text: &str| {
        let names = NAMES.iter().filter(|(bit, _)| style.has(*bit)).map(|(_, name)| *name);
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.extend(link.map(|link| link.to_string()));
        if names.is_empty() {
            out.push_str(text);
        } else {
            write!(out, "⟨{}:{text}⟩", names.join("+")).unwrap();
        }
    };
    let mut out = String::new();
    for row in &page.rows {
        out.push_str(if row.scrolls { "»" } else { "" });
        for piece in &row.pieces {
            match piece {
                Piece::Text { range, style, link } => {
                    tag(&mut out, *style, *link, document.slice(row.block, range));
                }
                Piece::Mark { text, style } => tag(&mut out, *style, None, text),
                Piece::Space(n) => out.extend(std::iter::repeat_n(' ', (*n).into())),
                Piece::Fill(c, n) => out.extend(std::iter::repeat_n(*c, (*n).into())),
            }
        }
        out.push('\n');
    }
    out
}

#[test]
fn every_construct_at_20_columns() {
    insta::assert_snapshot!(plain(SAMPLE, 20).join("\n"));
}

#[test]
fn every_construct_at_40_columns() {
    insta::assert_snapshot!(plain(SAMPLE, 40).join("\n"));
}

#[test]
fn every_construct_at_80_columns_with_its_styles() {
    let document = parse(SAMPLE, 1);
    insta::assert_snapshot!(styled(&document, &page(&document, 80)));
}

#[test]
fn every_construct_at_120_columns_with_hidden_answers() {
    let document = parse(SAMPLE, 1);
    let page = layout(&document, &Options { width: 120, ..Options::default() });
    let rows: Vec<String> = page.rows.iter().map(|row| row.text(&document)).collect();
    insta::assert_snapshot!(rows.join("\n"));
}

#[test]
fn links_headings_notes_and_issues_of_every_construct() {
    let document = parse(SAMPLE, 101);
    let mut out = String::new();
    for link in &document.links {
        let shown = document.slice(link.spot.block as u32, &link.range);
        writeln!(out, "{shown:?} -> {:?}", link.target).unwrap();
    }
    for heading in &document.headings {
        let text = &document.blocks[heading.block].text;
        writeln!(out, "{} {text:?} #{}", heading.level, heading.id).unwrap();
    }
    for fence in &document.fences {
        let block = &document.blocks[fence.at];
        let section = fence.section.map(|section| &*document.headings[section].id);
        writeln!(out, "line {} {section:?} {} lines: {:?}", fence.line, fence.lines, block.kind)
            .unwrap();
        assert_eq!(block.line, fence.line);
    }
    for issue in &document.issues {
        writeln!(out, "{}: {}", issue.line, issue.value).unwrap();
    }
    writeln!(out, "{:?}", measure(&document)).unwrap();
    insta::assert_snapshot!(out);
}

#[test]
fn notes_are_numbered_by_first_use_and_their_marks_lead_to_them() {
    let document = parse("b[^b] a[^a] b[^B]\n\n[^a]: A\n[^b]: B\n[^c]: C\n", 1);
    let names: Vec<_> = document.notes.iter().map(|n| (&*n.name, n.number, n.used)).collect();
    assert_eq!(names, [("b", 1, true), ("a", 2, true), ("c", 3, false)]);
    assert_eq!(document.blocks[0].text, "b[1] a[2] b[1]");
    let blocks: Vec<_> = document
        .links
        .iter()
        .map(|link| match link.target {
            Target::Note { block, .. } => document.blocks[block.unwrap()].text.as_str(),
            _ => "",
        })
        .collect();
    assert_eq!(blocks, ["B", "A", "B"]);
    assert!(matches!(document.notes[2], Note { used: false, block: Some(4), .. }));
    assert_eq!(document.issues[0].value, "[^c] never used; use it or take it out");
    assert_eq!(document.sources, 1);
}

#[test]
fn an_address_is_a_lesson_a_heading_a_lab_a_result_or_an_address() {
    let target = |address: &str| parse(&format!("[x]({address})"), 1).links[0].target.clone();
    let lesson = |slug: &str, heading: Option<&str>| Target::Lesson {
        slug: slug.to_owned(),
        heading: heading.map(str::to_owned),
    };
    assert_eq!(target("13-isolation-levels.md"), lesson("isolation-levels", None));
    assert_eq!(target("../lessons/13-a%2Db.md#s%C3%A9"), lesson("a-b", Some("sé")));
    assert_eq!(target("#tables"), lesson("", Some("tables")));
    assert_eq!(target("lab:ring"), Target::Lab("ring".to_owned()));
    assert_eq!(target("=feed.stored"), Target::Result("feed.stored".to_owned()));
    for url in ["https://example.org/1-x.md", "README.md", "x-y.md", "mailto:a@b.c"] {
        assert_eq!(target(url), Target::Url(url.to_owned()));
    }
    // An escape that hides behind the decoding is caught after it.
    assert_eq!(target("lab:%1b[31m"), Target::Lab("\u{fffd}[31m".to_owned()));
    assert_eq!(target("a&#27;b"), Target::Url("a\u{fffd}b".to_owned()));
}

#[test]
fn doubles_of_headings_are_numbered_as_the_forges_do() {
    let document = parse("# A b\n# A b\n# A b-1\n# A b\n\nx[^n]\n\n[^n]: y\n", 1);
    let ids: Vec<_> = document.headings.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["a-b", "a-b-1", "a-b-1-1", "a-b-2", "sources"]);
}

#[test]
fn answers_take_no_rows_until_they_are_revealed() {
    let source = "```ask\nQ: Why?\nA: Because.\n```\n\nEnd.\n";
    let document = parse(source, 1);
    let hidden = layout(&document, &Options { width: 40, ..Options::default() });
    let texts =
        |page: &Page| -> Vec<String> { page.rows.iter().map(|row| row.text(&document)).collect() };
    assert_eq!(texts(&hidden), ["▸ Why?                   enter to answer", "", "End."]);
    assert_eq!(hidden.row_of(Spot { block: 1, offset: 3 }), 0);
    assert_eq!(hidden.row_showing(Spot { block: 1, offset: 3 }), None);
    let options = Options { width: 40, revealed: [0].into(), ..Options::default() };
    assert_eq!(texts(&layout(&document, &options)), ["▸ Why?", "│ Because.", "", "End."]);
}

#[test]
fn a_lead_that_leaves_too_little_shrinks_to_its_innermost_part() {
    let nested = "- a\n  - b\n    - c\n      - d e f g h i j k l m\n";
    assert_eq!(plain(nested, 20)[3..], ["      • d e f g h i", "        j k l m"]);
    assert_eq!(plain(nested, 19)[3..], ["• d e f g h i j k l", "  m"]);
    // A number stays whole while half of the row is left.
    assert_eq!(plain("100. aa bb cc\n", 12), ["100. aa bb", "  cc"]);
    assert_eq!(plain("100. aa bb cc\n", 8), ["• aa bb", "  cc"]);
}

#[test]
fn a_table_keeps_its_widths_then_shrinks_then_becomes_records() {
    let source = "|name|what it does|\n|-|-|\n|a|one two three|\n|b|four|\n";
    let natural =
        ["name │ what it does", "─────┼──────────────", "a    │ one two three", "b    │ four"];
    assert_eq!(plain(source, 21), natural);
    assert_eq!(plain(source, 80), natural);
    let shrunk = [
        "name │ what it",
        "     │ does",
        "─────┼─────────",
        "a    │ one two",
        "     │ three",
        "b    │ four",
    ];
    assert_eq!(plain(source, 16), shrunk.map(|row| row.replace("─────────", "──────────")));
    let records =
        ["name", "  a", "what it", "does", "  one two", "  three", "┄┄┄┄┄┄┄┄┄", "name", "  b"];
    assert_eq!(plain(source, 9)[..9], records);
    let aligned = "|a|b|\n|-:|:-:|\n|1000|x|\n|1|xyz|\n";
    assert_eq!(plain(aligned, 20), ["   a │  b", "─────┼────", "1000 │  x", "   1 │ xyz"]);
}

#[test]
fn a_cell_that_is_not_shown_is_still_found_by_its_piece() {
    let document = parse("|a|b|\n|-|-|\n|one two|three|\n", 1);
    let page = page(&document, 12);
    let at = document.blocks[0].text.find("three").unwrap() as u32;
    let row = page.row_showing(Spot { block: 0, offset: at }).unwrap();
    assert!(page.rows[row].text(&document).contains("three"));
}

#[test]
fn reading_time_adds_up_as_the_format_says() {
    let transcript = "```transcript postgresql-15.18\nT1> SELECT 1;\n    1\n```\n";
    let source =
        format!("one two, three.[^n] [^n] 4 – x\n\n{transcript}\n{transcript}\n[^n]: a b c\n");
    let document = parse(&source, 1);
    let measured = measure(&document);
    assert_eq!((measured.words, measured.code_lines, measured.repeated_lines), (5, 2, 2));
    assert_eq!(measured.seconds(), 13); // 5 × 0.3 + 2 × 4 + 2 × 1.5 = 12.5
    assert_eq!(measure::seconds_upto(&document, Spot { block: 1, offset: 0 }), 2);
    assert_eq!(measure::seconds_upto(&document, Spot { block: 99, offset: 0 }), 13);
    let cards = "```card x\nQ: What?\nA: That.\n```\n```ask\nQ: Why?\nA: So.\n```\n";
    let cards = measure(&parse(cards, 1));
    assert_eq!((cards.seconds(), cards.without_cards().seconds()), (30, 10));
}

#[test]
fn a_position_without_its_heading_goes_by_the_share_of_the_lesson() {
    let document = parse("# One\n\naaaa\n\n# Two\n\nbbbb\n", 1);
    let kept = position(&document, Spot { block: 3, offset: 2 });
    assert_eq!(kept.heading.as_deref(), Some("two"));
    let gone = spot_at(&document, Some("gone"), 0.0, kept.share);
    assert_eq!(gone, Spot { block: 3, offset: 2 });
    assert_eq!(spot_at(&document, None, f64::NAN, 0.0), Spot::default());
    assert_eq!(spot_at(&Document::default(), Some("x"), 2.0, 7.0), Spot::default());
}

#[test]
fn a_broken_block_is_shown_as_written_below_what_is_wrong() {
    let rows = plain("```card x\nQ: nothing answers\n```\n", 60);
    assert!(rows[0].starts_with("line "), "{rows:?}");
    assert!(rows.last().unwrap().contains("Q: nothing answers"), "{rows:?}");
}

#[test]
fn deep_nesting_is_read_and_costs_no_squares() {
    let source = "> ".repeat(3000) + "deep\n" + &"- ".repeat(3000) + "deeper\n";
    let rows = plain(&source, 80).concat();
    assert!(rows.contains("deep") && rows.contains("deeper"));
}
