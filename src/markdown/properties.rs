//! What must hold for any document at any width.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::text;

/// Words that have broken layouts before: long, wide, joined, combining, hostile, marked up.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => "[a-z]{1,9}",
        2 => "[a-z]{10,40}",
        1 => Just("日本語、です。「引用」）".to_owned()),
        1 => Just("👩‍👩‍👧ok🇪🇪".to_owned()),
        1 => Just("e\u{301}a\u{308}\u{200b}x".to_owned()),
        1 => Just("10\u{a0}ms".to_owned()),
        1 => Just("&#27;[31m&#x202e;\u{1b}]0;\u{7f}\u{85}".to_owned()),
        1 => Just("a\tb".to_owned()),
        1 => Just("שלום (עולם) مرحبا\u{200f}، नमस्ते".to_owned()),
        1 => Just("👨\u{200d}💻\u{fe0f}1\u{fe0f}\u{20e3}g\u{308}\u{301}\u{36f}한국어".to_owned()),
        1 => Just("**strong *both*** `co  de`".to_owned()),
        1 => Just("[a link](13-isolation-levels.md#x)".to_owned()),
        1 => Just("<https://example.org/a/very/long/path?with=query>".to_owned()),
        1 => Just("law.[^one] and[^two] none[^none]".to_owned()),
        1 => Just("![alt *text*](x.png) [](=a.b) [![i](j)](lab:k)".to_owned()),
        1 => Just("x\\\ny <br> <!-- gone -->".to_owned()),
    ]
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 1..30).prop_map(|words| words.join(" "))
}

fn block() -> impl Strategy<Value = String> {
    let cell = || prop::collection::vec(word(), 0..6).prop_map(|w| w.join(" ").replace('\n', " "));
    let table = (1usize..6, prop::collection::vec(cell(), 1..24)).prop_map(|(columns, cells)| {
        let mut rows: Vec<String> =
            cells.chunks(columns).map(|row| format!("|{}|", row.join("|"))).collect();
        let align = ["|-", "|:-:", "|-:"].iter().cycle().take(columns).copied();
        rows.insert(1, align.collect::<String>() + "|");
        rows.join("\n")
    });
    let fence =
        (word(), prop::collection::vec("[ -~─│\t日]{0,90}", 0..6)).prop_map(|(info, lines)| {
            format!(
                "```{}\n{}\n```",
                info.replace(['\n', '`'], ""),
                lines.join("\n").replace('`', "")
            )
        });
    let known = prop::sample::select(vec![
        "```card x\nQ: What *is* it, in `x`?\nA: That.\n```",
        "```ask\nQ: Which one of these would have to change before it breaks?\nA: None of them.\n```",
        "```diagram free\ncaption: Twelve words.\n ├──►│日\n```",
        "```estimate e\na = 5 s # assumed, 1 s .. 9 s [^one]\n\nb = a * 2 => 10 s # goal\n```",
        "```transcript postgresql-15.18 level=\"repeatable read\"\nT1> SELECT 1;  -- why\n    1\n```",
        "```card\nbroken\n```",
    ]);
    prop_oneof![
        4 => words(),
        2 => words().prop_map(|w| format!("# {}", w.replace('\n', " "))),
        2 => table,
        1 => fence,
        2 => known.prop_map(str::to_owned),
        1 => Just("---".to_owned()),
    ]
}

fn indented(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::new();
    for (nth, line) in text.lines().enumerate() {
        out.push_str(if nth == 0 { first } else { rest });
        out.push_str(line);
        out.push('\n');
    }
    out
}

fn source() -> impl Strategy<Value = String> {
    let nested = block().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|blocks| indented(
                &blocks.join("\n\n"),
                "> ",
                "> "
            )),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|blocks| {
                blocks.iter().map(|block| indented(block, "- ", "  ")).collect::<String>()
            }),
            (0u64..1200, inner).prop_map(|(n, block)| indented(
                &block,
                &format!("{n}. "),
                "      "
            )),
        ]
    });
    let notes = "[^two]: documented (x, 2026-11-24): <https://a.b/c>.\n\n    more\n\n[^one]: assumed (y).\n\n[^unused]: z\n";
    (prop::collection::vec(nested, 1..8), any::<bool>()).prop_map(move |(blocks, noted)| {
        format!("{}\n\n{}", blocks.join("\n\n"), if noted { notes } else { "" })
    })
}

/// What nobody writes: any characters, and bits of markup in any order.
fn noise() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "> ",
        "- ",
        "1. ",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "# ",
        "---",
        "===",
        "```",
        "~~~ card x",
        "|",
        "|-|-|",
        "|\n|-|\n",
        "*",
        "**",
        "_",
        "`",
        "``",
        "~~",
        "[",
        "](",
        ")",
        "![",
        "[^a]",
        "[^a]: ",
        "[x]: /y",
        "<",
        ">",
        "<b>",
        "<!--",
        "-->",
        "\\",
        "&",
        "&#0;",
        "&nbsp;",
        "\r\n",
        "\r",
        "word",
        "日",
        "👩\u{200d}👧",
        "\u{301}",
        "\u{200d}",
        "\u{202e}",
        "\u{1b}[2J",
        "\u{ad}",
        "אב",
        "Q: ",
        "A: ",
        "a = 1 s # assumed",
        "│",
        "\u{feff}",
    ]);
    prop_oneof![
        ".{0,120}",
        any::<String>(),
        prop::collection::vec(bits, 0..120).prop_map(|bits| bits.concat()),
    ]
}

fn any_source() -> impl Strategy<Value = String> {
    prop_oneof![3 => source(), 1 => noise()]
}

fn open(document: &Document, width: u16) -> Page {
    layout(document, &Options { width, reveal_all: true, ..Options::default() })
}

fn texts(row: &Row) -> impl Iterator<Item = std::ops::Range<u32>> {
    row.pieces.iter().filter_map(|piece| match piece {
        Piece::Text { range, .. } => Some(range.clone()),
        _ => None,
    })
}

/// Whether a byte of a block belongs to the header of a table, which records repeat.
fn repeats(block: &Block, at: usize) -> bool {
    match &block.kind {
        Kind::Table { rows, .. } => rows[0].iter().any(|cell| cell.contains(&(at as u32))),
        _ => false,
    }
}

/// A character that is not blank and that is not shown exactly once.
pub(super) fn not_once(document: &Document, page: &Page) -> Option<(usize, usize, char)> {
    let mut shown: Vec<Vec<u32>> =
        document.blocks.iter().map(|block| vec![0; block.text.len()]).collect();
    for row in &page.rows {
        for byte in texts(row).flatten() {
            shown[row.block as usize][byte as usize] += 1;
        }
    }
    let wrong = |(index, block): (usize, &Block)| {
        let mut chars = block.text.char_indices().filter(|(_, c)| !c.is_whitespace());
        let (at, c) = chars.find(|(at, _)| match shown[index][*at] {
            1 => false,
            0 => true,
            _ => !repeats(block, *at),
        })?;
        Some((index, at, c))
    };
    document.blocks.iter().enumerate().find_map(wrong)
}

/// A row with cells outside of the page. One cluster may be wider than the page; it stands alone then.
pub(super) fn too_wide(document: &Document, page: &Page) -> Option<String> {
    let wide = |text: &String| {
        let alone =
            unicode_segmentation::UnicodeSegmentation::graphemes(&**text, true).count() == 1;
        text::width(text) > page.width.into() && !alone
    };
    page.rows.iter().filter(|row| !row.scrolls).map(|row| row.text(document)).find(wide)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_character_that_is_not_blank_is_shown_exactly_once(
        source in any_source(), width in 1u16..300, wrap_code in any::<bool>(),
    ) {
        let document = parse(&source, 1);
        let options = Options { width, reveal_all: true, wrap_code, ..Options::default() };
        let page = layout(&document, &options);
        prop_assert_eq!(not_once(&document, &page), None);
    }

    #[test]
    fn no_row_is_wider_than_the_page_but_those_that_scroll(source in any_source(), width in 1u16..300) {
        let document = parse(&source, 1);
        prop_assert_eq!(too_wide(&document, &open(&document, width)), None);
    }

    #[test]
    fn no_row_ends_in_a_blank_or_holds_a_control_character(source in any_source(), width in 1u16..300) {
        let document = parse(&source, 1);
        for row in &open(&document, width).rows {
            let text = row.text(&document);
            prop_assert!(!text.ends_with(' '), "{text:?}");
            let clean = text::clean(&text) == text && !text.contains(['\t', '\n']);
            prop_assert!(clean, "{text:?}");
        }
        for link in &document.links {
            if let Target::Url(address) | Target::Lab(address) | Target::Result(address) = &link.target {
                prop_assert_eq!(&text::clean(address), address);
            }
        }
    }

    #[test]
    fn a_spot_keeps_its_row_through_another_width(
        source in any_source(), one in 1u16..300, other in 1u16..300,
    ) {
        let document = parse(&source, 1);
        let (one, other) = (open(&document, one), open(&document, other));
        for (index, row) in one.rows.iter().enumerate() {
            let spot = one.spot_of(index);
            let there = other.row_of(spot);
            prop_assert_eq!(other.rows[there].block, row.block);
            let after = other.rows.get(there + 1).filter(|next| next.block == row.block);
            prop_assert!(after.is_none_or(|next| next.start > spot.offset));
            prop_assert_eq!(one.spot_of(one.row_of(spot)), spot);
        }
        for pair in one.rows.windows(2) {
            prop_assert!((pair[0].block, pair[0].start) <= (pair[1].block, pair[1].start));
        }
        prop_assert_eq!(one.first.len(), document.blocks.len() + 1);
    }

    #[test]
    fn a_kept_position_leads_back_to_the_same_spot(source in any_source(), width in 1u16..300) {
        let document = parse(&source, 1);
        let page = layout(&document, &Options { width, ..Options::default() });
        let ruler = super::Ruler::new(&document);
        for row in 0..page.rows.len() {
            let spot = page.spot_of(row);
            let kept = position(&document, spot);
            prop_assert!((ruler.share(&document, spot) - kept.share).abs() < 1e-12);
            prop_assert!((0.0..=1.0).contains(&kept.fraction) && (0.0..=1.0).contains(&kept.share));
            let back = spot_at(&document, kept.heading.as_deref(), kept.fraction, kept.share);
            prop_assert_eq!(back, spot);
        }
    }

    #[test]
    fn prose_breaks_at_the_last_blank_that_fits(
        words in prop::collection::vec("[a-z]{1,25}", 1..60), width in 10u16..100,
    ) {
        let document = parse(&words.join(" "), 1);
        let page = open(&document, width);
        for pair in page.rows.windows(2).filter(|pair| pair[0].block == pair[1].block) {
            let (line, next) = (pair[0].text(&document), pair[1].text(&document));
            let word = next.split(' ').next().unwrap_or_default();
            prop_assert!(line.len() + 1 + word.len() > width.into(), "{line:?} {next:?}");
        }
    }

    #[test]
    fn wide_text_starts_no_line_with_a_closing_mark(
        text in "[日本語]{2}([日本語ab ]|[日本語][、。）])*", width in 12u16..60,
    ) {
        let document = parse(&text, 1);
        for row in &open(&document, width).rows {
            prop_assert!(!row.text(&document).starts_with(['、', '。', '）']), "{text:?}");
        }
    }

    #[test]
    fn nothing_panics_on_narrow_pages_or_on_text_that_is_no_markdown(
        source in any_source(), width in 0u16..20, wrap_code in any::<bool>(),
    ) {
        let document = parse(&source, 1);
        let page = layout(&document, &Options { width, wrap_code, ..Options::default() });
        page.rows.iter().for_each(|row| { row.text(&document); });
        measure(&document);
        inline(&source);
    }

    #[test]
    fn a_preview_is_the_start_of_the_page(source in source(), most in 0usize..30) {
        let document = parse(&source, 1);
        let options = Options { width: 40, max_rows: Some(most), ..Options::default() };
        let whole = layout(&document, &Options { max_rows: None, ..options.clone() });
        let part = layout(&document, &options);
        prop_assert_eq!(&part.rows[..], &whole.rows[..most.min(whole.rows.len())]);
        prop_assert_eq!(part.first.len(), whole.first.len());
    }
}
