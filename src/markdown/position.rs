//! Between a [`Spot`] and what the journal keeps of it, which survives edits of the lesson.

use super::document::{Document, Kind, Spot};

/// A place in a lesson as the journal keeps it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Position {
    /// Heading id of the section; none before the first heading.
    pub heading: Option<String>,
    /// Share of the section's characters before it, 0 to 1.
    pub fraction: f64,
    /// Share of the lesson's characters before it, sources left out, 0 to 1.
    pub share: f64,
}

/// What the journal keeps of a spot. A spot in an answer is kept as the end of its question.
pub fn position(document: &Document, spot: Spot) -> Position {
    let section = document.section_of(spot.block);
    let (from, to) = section_blocks(document, section);
    let before = chars_before(document, spot);
    let (start, end) = (chars_upto(document, from), chars_upto(document, to));
    let total = chars_upto(document, document.sources);
    Position {
        heading: section.map(|section| document.headings[section].id.clone()),
        fraction: ratio(before - start, end - start),
        share: ratio(before, total),
    }
}

/// The spot of a kept position: by the heading if the lesson still has it, else by the share.
pub fn spot_at(document: &Document, heading: Option<&str>, fraction: f64, share: f64) -> Spot {
    let section = heading.map(|id| document.headings.iter().position(|heading| heading.id == id));
    let (from, to, fraction) = match section {
        None => (0, document.headings.first().map_or(document.blocks.len(), |h| h.block), fraction),
        Some(Some(section)) => {
            let (from, to) = section_blocks(document, Some(section));
            (from, to, fraction)
        }
        Some(None) => (0, document.sources, share),
    };
    spot_in(document, from, to, fraction)
}

/// The spot before which such a share of the characters of some blocks stands.
fn spot_in(document: &Document, from: usize, to: usize, fraction: f64) -> Spot {
    let (start, end) = (chars_upto(document, from), chars_upto(document, to));
    let within = (fraction.clamp(0.0, 1.0) * (end - start) as f64).round() as usize;
    let mut left = within;
    let mut last = Spot { block: from.min(document.blocks.len().saturating_sub(1)), offset: 0 };
    for index in from..to {
        let chars = counted(document, index);
        if chars == 0 {
            continue;
        }
        let text = &document.blocks[index].text;
        if left < chars {
            let offset = text.char_indices().nth(left).map_or(text.len(), |(at, _)| at);
            return Spot { block: index, offset: offset as u32 };
        }
        left -= chars;
        last = Spot { block: index, offset: text.len() as u32 };
    }
    last
}

/// The spot before which such a share of the lesson's characters stands, sources left out.
pub fn spot_at_share(document: &Document, share: f64) -> Spot {
    spot_in(document, 0, document.sources, share)
}

/// Characters before each block, counted once, for asking often (the reader's head line, at each key).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruler {
    before: Vec<usize>,
    total: usize,
}

impl Ruler {
    /// Counts the blocks of a document.
    pub fn new(document: &Document) -> Ruler {
        let mut before = vec![0];
        for index in 0..document.blocks.len() {
            before.push(before[index] + counted(document, index));
        }
        let total = before.get(document.sources).copied().unwrap_or(0);
        Ruler { before, total }
    }

    /// [`Position::share`] of a spot.
    pub fn share(&self, document: &Document, spot: Spot) -> f64 {
        let block = spot.block.min(self.before.len().saturating_sub(1));
        let before = self.before.get(block).copied().unwrap_or(0);
        ratio(inside(document, spot, before), self.total)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).min(1.0) }
}

/// Blocks of a section: up to the next heading of any level.
fn section_blocks(document: &Document, section: Option<usize>) -> (usize, usize) {
    let from = section.map_or(0, |section| document.headings[section].block);
    let next = section.map_or(0, |section| section + 1);
    let to = document.headings.get(next).map_or(document.blocks.len(), |heading| heading.block);
    (from, to)
}

/// Characters that a block counts: its text and an end, so that the end of one and the start of the
/// next differ. Answers count nothing: they may be hidden.
fn counted(document: &Document, index: usize) -> usize {
    let block = &document.blocks[index];
    match block.kind {
        Kind::Answer { .. } => 0,
        _ => block.text.chars().count() + 1,
    }
}

fn chars_upto(document: &Document, block: usize) -> usize {
    (0..block.min(document.blocks.len())).map(|index| counted(document, index)).sum()
}

fn chars_before(document: &Document, spot: Spot) -> usize {
    inside(document, spot, chars_upto(document, spot.block))
}

/// With the characters of the spot's own block before it.
fn inside(document: &Document, spot: Spot, before: usize) -> usize {
    let Some(block) = document.blocks.get(spot.block) else { return before };
    if matches!(block.kind, Kind::Answer { .. }) {
        return before.saturating_sub(1);
    }
    let within = block.text.char_indices().take_while(|(at, _)| (*at as u32) < spot.offset).count();
    before + within
}
