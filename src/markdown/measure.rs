//! Words and reading time.
//!
//! Source: lesson-format, section 7: 200 words a minute and the seconds of each block; all of them
//! assumed, to be compared with the journal's active time.

use std::collections::HashSet;

use super::document::{Document, Kind, Spot, Target};
use crate::course::blocks;

/// What a lesson asks of its reader, in parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measure {
    /// Runs between blanks that hold a letter or digit, in headings, prose, lists and tables.
    pub words: u32,
    /// Lines of code and transcripts that are read for the first time.
    pub code_lines: u32,
    /// Those that stand in an earlier transcript of the lesson.
    pub repeated_lines: u32,
    /// Lines drawn.
    pub diagram_lines: u32,
    /// Cards.
    pub cards: u32,
    /// Questions in the text.
    pub asks: u32,
    /// Estimates.
    pub estimates: u32,
    /// Their lines.
    pub estimate_lines: u32,
    /// Minutes of the rehearsal, shown beside; not in the time.
    pub rehearsal: u32,
}

impl Measure {
    /// Reading time in seconds, rounded.
    pub fn seconds(&self) -> u32 {
        self.exact().round() as u32
    }

    /// The same without the cards, which do not count in a glossary.
    #[must_use]
    pub fn without_cards(self) -> Measure {
        Measure { cards: 0, ..self }
    }

    fn exact(&self) -> f64 {
        let part = |count: u32, seconds: f64| f64::from(count) * seconds;
        part(self.words, 60.0 / 200.0)
            + part(self.code_lines, 4.0)
            + part(self.repeated_lines, 1.5)
            + part(self.diagram_lines, 2.0)
            + part(self.cards, 20.0)
            + part(self.asks, 10.0)
            + part(self.estimates, 30.0)
            + part(self.estimate_lines, 4.0)
    }

    fn add(&mut self, other: &Measure) {
        self.words += other.words;
        self.code_lines += other.code_lines;
        self.repeated_lines += other.repeated_lines;
        self.diagram_lines += other.diagram_lines;
        self.cards += other.cards;
        self.asks += other.asks;
        self.estimates += other.estimates;
        self.estimate_lines += other.estimate_lines;
        self.rehearsal += other.rehearsal;
    }
}

/// Measures a document, its sources left out.
pub fn measure(document: &Document) -> Measure {
    let mut all = Measure::default();
    for part in parts(document) {
        all.add(&part);
    }
    all
}

/// Seconds that what stands before a spot takes, as a share of its block where it is inside one.
/// With [`Measure::seconds`]: the minutes that are left.
pub fn seconds_upto(document: &Document, spot: Spot) -> u32 {
    Clock::new(document).upto(spot).round() as u32
}

/// Reading time of each block added up once, for asking often (the reader's head line).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clock {
    /// Seconds before each block; one more at the end, the whole.
    before: Vec<f64>,
    /// Bytes of each block's text.
    len: Vec<u32>,
}

impl Clock {
    /// Adds up the blocks of a document.
    pub fn new(document: &Document) -> Clock {
        let mut before = vec![0.0];
        let mut sum = 0.0;
        for part in parts(document) {
            sum += part.exact();
            before.push(sum);
        }
        Clock { before, len: document.blocks.iter().map(|block| block.text.len() as u32).collect() }
    }

    /// Seconds before a spot.
    pub fn upto(&self, spot: Spot) -> f64 {
        let total = self.total();
        let (Some(before), Some(after)) =
            (self.before.get(spot.block), self.before.get(spot.block + 1))
        else {
            return total;
        };
        let len = self.len.get(spot.block).copied().unwrap_or(0).max(1);
        before + (after - before) * (f64::from(spot.offset) / f64::from(len)).min(1.0)
    }

    /// Seconds of the whole.
    pub fn total(&self) -> f64 {
        self.before.last().copied().unwrap_or(0.0)
    }
}

/// What each block asks; a fence counts in the first block that shows it.
fn parts(document: &Document) -> Vec<Measure> {
    let mut parts = vec![Measure::default(); document.blocks.len()];
    let shown = document.fences.iter().zip(fence_ends(document)).map(|(fence, end)| fence.at..end);
    let fenced: HashSet<usize> = shown.flatten().collect();
    for (index, block) in document.blocks[..document.sources].iter().enumerate() {
        let prose = matches!(block.kind, Kind::Heading(_) | Kind::Paragraph | Kind::Table { .. });
        if prose && !fenced.contains(&index) {
            parts[index].words = words(document, index);
        }
    }
    let mut seen: HashSet<&str> = HashSet::new();
    for fence in document.fences.iter().filter(|fence| fence.at < document.sources) {
        let Some(part) = parts.get_mut(fence.at) else { continue };
        let lines = fence.lines as u32;
        match &fence.block {
            blocks::Block::Code(code) => count_lines(part, code.text.lines(), &seen),
            blocks::Block::Transcript(transcript) => {
                count_lines(part, transcript.lines.iter().map(String::as_str), &seen);
                seen.extend(transcript.lines.iter().map(|line| line.trim()));
            }
            blocks::Block::Diagram(diagram) => {
                let drawn = diagram.rows.iter().filter(|row| !row.value.trim().is_empty());
                part.diagram_lines = drawn.count() as u32;
            }
            blocks::Block::Estimate(_) => (part.estimates, part.estimate_lines) = (1, lines),
            blocks::Block::Card(_) => part.cards = 1,
            blocks::Block::Ask(_) => part.asks = 1,
            blocks::Block::Rehearsal(rehearsal) => part.rehearsal = rehearsal.minutes.into(),
            blocks::Block::Flaws(_) => {}
        }
    }
    parts
}

/// The block behind the last one that shows each fence.
fn fence_ends(document: &Document) -> impl Iterator<Item = usize> {
    document.fences.iter().map(|fence| {
        let source = document.blocks.get(fence.at).map(|block| &block.source);
        let same = |block: &&super::Block| Some(&block.source) == source;
        fence.at
            + document.blocks[fence.at.min(document.blocks.len())..].iter().take_while(same).count()
    })
}

fn count_lines<'a>(part: &mut Measure, lines: impl Iterator<Item = &'a str>, seen: &HashSet<&str>) {
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        if seen.contains(line) {
            part.repeated_lines += 1;
        } else {
            part.code_lines += 1;
        }
    }
}

/// Words of a block's text, the marks of footnotes left out.
fn words(document: &Document, index: usize) -> u32 {
    let block = &document.blocks[index];
    let is_note = |link: u32| matches!(document.links.get(link as usize), Some(link) if matches!(link.target, Target::Note { .. }));
    let mut notes = block.spans.iter().filter(|span| span.link.is_some_and(is_note)).peekable();
    let (mut words, mut counted) = (0, false);
    for (at, c) in block.text.char_indices() {
        while notes.peek().is_some_and(|span| span.range.end as usize <= at) {
            notes.next();
        }
        if c.is_whitespace() {
            counted = false;
        } else if !counted
            && c.is_alphanumeric()
            && notes.peek().is_none_or(|span| (at as u32) < span.range.start)
        {
            counted = true;
            words += 1;
        }
    }
    words
}
