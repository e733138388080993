//! What our page shows, block by block: containers and kinds from the document, words from the rows.

use sdprep::markdown::{Document, Kind, Lead, Options, Piece, Style, Target, layout};

use crate::seen::{self, Char};

/// Wide enough that a row ends only where the text has a line end.
const WIDTH: u16 = 20_000;

pub fn blocks(document: &Document) -> Vec<String> {
    let options = Options { width: WIDTH, reveal_all: true, ..Options::default() };
    let page = layout(document, &options);
    let mut out = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let rows = page.first[index] as usize..page.first[index + 1] as usize;
        let mut chars: Vec<Char> = Vec::new();
        for (nth, row) in page.rows[rows].iter().skip(usize::from(block.gap)).enumerate() {
            if nth > 0 {
                chars.push(char('\n', Style::default(), None));
            }
            for piece in &row.pieces {
                if let Piece::Text { range, style, link } = piece {
                    let link = link.map(|link| address(&document.links[link as usize].target));
                    let text = document.slice(row.block, range);
                    chars.extend(text.chars().map(|c| char(c, *style, link.clone())));
                }
            }
        }
        let lead: String = block.lead.iter().map(lead).collect();
        let kind = match &block.kind {
            Kind::Heading(level) => format!("h{level}"),
            Kind::Paragraph => "p".to_owned(),
            Kind::Code { lang } => format!("code({lang})"),
            Kind::Rule => "rule".to_owned(),
            other => format!("{other:?}"),
        };
        out.push(seen::block(&lead, &kind, &chars, !matches!(block.kind, Kind::Code { .. })));
    }
    out
}

fn char(c: char, style: Style, link: Option<String>) -> Char {
    Char {
        c,
        strong: style.has(Style::STRONG),
        emphasis: style.has(Style::EMPHASIS),
        code: style.has(Style::CODE),
        link,
    }
}

fn lead(lead: &Lead) -> String {
    match lead {
        Lead::Quote => "> ".to_owned(),
        Lead::Item { marker, first: true, .. } => format!("{marker} "),
        Lead::Item { .. } => "_ ".to_owned(),
        other => format!("{other:?} "),
    }
}

fn address(target: &Target) -> String {
    match target {
        Target::Url(url) => seen::address(url),
        Target::Lesson { slug, heading: Some(heading) } if slug.is_empty() => format!("#{heading}"),
        other => format!("{other:?}"),
    }
}
