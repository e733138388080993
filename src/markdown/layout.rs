//! Blocks to rows.

use std::collections::BTreeSet;

use super::document::{Asked, Block, Document, Kind, Lead, Style};
use super::page::{Page, Piece, Row};
use super::{table, wrap};
use crate::text;

/// What a layout depends on besides the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Cells.
    pub width: u16,
    /// Questions (block indices) whose answers are shown.
    pub revealed: BTreeSet<usize>,
    /// All answers are shown.
    pub reveal_all: bool,
    /// Code wraps instead of scrolling.
    pub wrap_code: bool,
    /// Stop after so many rows (previews).
    pub max_rows: Option<usize>,
    /// For a pipe: no word of keys at the questions.
    pub no_hints: bool,
}

/// Text that would get fewer cells than this takes them from its lead.
const LEAST_TEXT: usize = 12;
/// What is left of a lead then.
const SHRUNK: usize = 2;

/// Lays out a document.
pub fn layout(document: &Document, options: &Options) -> Page {
    let most = options.max_rows.unwrap_or(usize::MAX);
    let mut page = Page { width: options.width, ..Page::default() };
    let mut above: &[Lead] = &[];
    for (index, block) in document.blocks.iter().enumerate() {
        page.first.push(page.rows.len() as u32);
        if page.rows.len() >= most || hidden(block, options) {
            continue;
        }
        let mut rows = Rows::new(block, index, options);
        if block.gap {
            rows.gap(above);
        }
        rows.block(options);
        page.rows.append(&mut rows.out);
        above = &block.lead;
    }
    page.rows.truncate(most);
    for first in &mut page.first {
        *first = (*first).min(page.rows.len() as u32);
    }
    page.first.push(page.rows.len() as u32);
    page
}

fn hidden(block: &Block, options: &Options) -> bool {
    match block.kind {
        Kind::Answer { of } => !options.reveal_all && !options.revealed.contains(&of),
        _ => false,
    }
}

/// The rows of one block as they grow.
pub(super) struct Rows<'a> {
    pub block: &'a Block,
    index: u32,
    /// Cells of a row.
    width: usize,
    /// Leads of the first row and of the others, and their cells.
    leads: [(Row, usize); 2],
    pub out: Vec<Row>,
    started: bool,
}

impl<'a> Rows<'a> {
    fn new(block: &'a Block, index: usize, options: &Options) -> Self {
        let width = usize::from(options.width).max(1);
        let leads = leads(&block.lead, width);
        Rows { block, index: index as u32, width, leads, out: Vec::new(), started: false }
    }

    /// Cells beside the lead of the first row, and of the others.
    fn rooms(&self) -> (usize, usize) {
        let room = |lead: usize| self.width.saturating_sub(lead).max(1);
        (room(self.leads[0].1), room(self.leads[1].1))
    }

    /// Cells beside any lead, for what has columns.
    pub fn room(&self) -> usize {
        let (first, rest) = self.rooms();
        first.min(rest)
    }

    /// A row that begins with the lead.
    pub fn row(&mut self) -> Row {
        let lead = &self.leads[usize::from(self.started)].0;
        self.started = true;
        Row { block: self.index, ..lead.clone() }
    }

    /// Adds a row on which the text from byte `start` on is shown.
    pub fn push(&mut self, mut row: Row, start: u32) {
        while let Some(Piece::Space(_)) = row.pieces.last() {
            row.pieces.pop();
        }
        row.start = start.max(self.out.last().map_or(0, |row| row.start));
        self.out.push(row);
    }

    /// The empty row above, with the bars of the containers that both blocks stand in.
    fn gap(&mut self, above: &[Lead]) {
        let mut row = Row { block: self.index, ..Row::default() };
        let cells: usize = self.block.lead.iter().map(lead_width).sum();
        if cells <= self.leads[1].1 {
            for (before, lead) in above.iter().zip(&self.block.lead) {
                match (before, lead) {
                    (Lead::Quote, Lead::Quote)
                    | (Lead::Answer, Lead::Answer)
                    | (Lead::Item { .. }, Lead::Item { first: false, .. }) => {
                        add_lead(&mut row, lead, false);
                    }
                    _ => break,
                }
            }
        }
        self.push(row, 0);
    }

    fn block(&mut self, options: &Options) {
        match &self.block.kind {
            Kind::Heading(level) => {
                let style = match level {
                    1 | 2 => Style::HEADING.with(Style::STRONG),
                    3 => Style::HEADING,
                    _ => Style::HEADING.with(Style::EMPHASIS),
                };
                self.prose(style);
            }
            Kind::Paragraph | Kind::Answer { .. } => self.prose(Style::default()),
            Kind::Caption => {
                let error = self.block.spans.iter().any(|span| span.style.has(Style::ERROR));
                self.prose(if error { Style::default() } else { Style::DIM });
            }
            Kind::Question(asked) => {
                self.prose(Style::default());
                if !options.no_hints {
                    self.hint(asked, options);
                }
            }
            Kind::Code { .. } => self.code(2, options.wrap_code),
            Kind::Transcript => self.code(0, options.wrap_code),
            Kind::Diagram => self.code(0, false),
            Kind::Rule => {
                let mut row = self.row();
                row.pieces.push(Piece::Fill('─', self.room() as u16));
                self.push(row, 0);
            }
            Kind::Table { align, rows } => table::table(self, align, rows),
            Kind::Estimate { rows } => table::estimate(self, rows),
        }
    }

    fn prose(&mut self, style: Style) {
        let (first, rest) = self.rooms();
        let text = &self.block.text;
        for line in wrap::wrap(text, 0..text.len() as u32, first, rest) {
            let mut row = self.row();
            let start = line.start;
            row.words(self.block, line, style);
            self.push(row, start);
        }
    }

    /// What can be done with a question, at its right or below.
    fn hint(&mut self, asked: &Asked, options: &Options) {
        let open = options.reveal_all || options.revealed.contains(&(self.index as usize));
        let hint = match asked {
            Asked::Card(_) => "card".to_owned(),
            Asked::Rehearsal(minutes) => format!("rehearsal, {minutes} min"),
            _ if open => return,
            Asked::Ask(_) => "enter to answer".to_owned(),
            Asked::Flaws => "enter for the flaws".to_owned(),
        };
        let Some(last) = self.out.last_mut() else { return };
        let used: usize = last.pieces.iter().map(|piece| piece_width(self.block, piece)).sum();
        let cells = text::width(&hint);
        if used + 2 + cells <= self.width {
            last.space(self.width - used - cells);
            last.mark(hint, Style::DIM);
        } else if cells + self.leads[1].1 <= self.width {
            let mut row = self.row();
            row.space(self.width - self.leads[1].1 - cells);
            row.mark(hint, Style::DIM);
            self.push(row, self.block.text.len() as u32);
        }
    }

    /// Lines as they are; clipped and scrolled when drawn, unless they wrap.
    fn code(&mut self, indent: usize, wrap: bool) {
        let indent = if self.width < LEAST_TEXT + indent { 0 } else { indent };
        let room = self.room().saturating_sub(indent).max(1);
        let mut start = 0;
        for line in self.block.text.split_terminator('\n') {
            let end = start + line.trim_end().len() as u32;
            let room = if wrap { room } else { usize::MAX };
            let pieces = wrap::chop(&self.block.text, start..end, room);
            for piece in pieces {
                let mut row = self.row();
                let from = piece.start;
                row.scrolls = !wrap;
                if !piece.is_empty() {
                    row.space(indent);
                }
                let shown = self.block.text[piece.start as usize..piece.end as usize].trim_end();
                row.words(
                    self.block,
                    piece.start..piece.start + shown.len() as u32,
                    Style::default(),
                );
                self.push(row, from);
            }
            start += line.len() as u32 + 1;
        }
    }
}

fn piece_width(block: &Block, piece: &Piece) -> usize {
    match piece {
        Piece::Text { range, .. } => text::width(
            block.text.get(range.start as usize..range.end as usize).unwrap_or_default(),
        ),
        Piece::Mark { text, .. } => text::width(text),
        Piece::Space(n) | Piece::Fill(_, n) => usize::from(*n),
    }
}

fn lead_width(lead: &Lead) -> usize {
    match lead {
        Lead::Quote | Lead::Question | Lead::Answer => 2,
        Lead::Item { width, .. } => usize::from(*width),
    }
}

/// Adds the pieces of one container. `first`: on the block's first row.
fn add_lead(row: &mut Row, lead: &Lead, first: bool) {
    match lead {
        Lead::Quote => {
            row.mark("│", Style::DIM);
            row.space(1);
        }
        Lead::Answer => {
            row.mark("│", Style::ACCENT);
            row.space(1);
        }
        Lead::Question if first => {
            row.mark("▸", Style::ACCENT);
            row.space(1);
        }
        Lead::Question => row.space(2),
        Lead::Item { marker, width, first: shown } if *shown && first => {
            // Numbers stand flush right.
            let cells = text::width(marker);
            row.space(usize::from(*width).saturating_sub(cells + 1));
            row.mark(marker.clone(), Style::default());
            row.space(1);
        }
        Lead::Item { width, .. } => row.space(usize::from(*width)),
    }
}

/// The lead of the first row and of the others, with their cells. One that would leave too little for
/// the text shrinks to its innermost container.
fn leads(containers: &[Lead], width: usize) -> [(Row, usize); 2] {
    let cells: usize = containers.iter().map(lead_width).sum();
    let build = |containers: &[Lead], first: bool| {
        let mut row = Row::default();
        for lead in containers {
            add_lead(&mut row, lead, first);
        }
        row
    };
    if cells + LEAST_TEXT <= width || cells == 0 {
        return [true, false].map(|first| (build(containers, first), cells));
    }
    // A wide character beside the lead needs two cells.
    let Some(last) = containers.last().filter(|_| width > SHRUNK + 1) else {
        return [(Row::default(), 0), (Row::default(), 0)];
    };
    let mut last = last.clone();
    let mut first_cells = SHRUNK;
    if let Lead::Item { marker, width: cells, first } = &mut last {
        // The marker stays whole if half of the row is left for the text.
        let wanted = text::width(marker) + 1;
        if *first && wanted * 2 <= width {
            first_cells = wanted.max(SHRUNK);
        } else if *first {
            "•".clone_into(marker);
        }
        *cells = first_cells as u16;
    }
    let first = build(std::slice::from_ref(&last), true);
    if let Lead::Item { width, .. } = &mut last {
        *width = SHRUNK as u16;
    }
    [(first, first_cells), (build(std::slice::from_ref(&last), false), SHRUNK)]
}
