//! The end of a document: footnotes are moved behind the text and numbered, and all indices made to agree.

use super::Builder;
use crate::course::blocks::At;
use crate::markdown::document::{Block, DocHeading, Document, Kind, Lead, Span, Style, Target};

impl Builder {
    /// Moves the footnotes to the end, numbers what was not used, and makes all indices agree.
    pub(super) fn finish(mut self) -> Document {
        self.flush();
        let unused = self.doc.notes.iter_mut().filter(|note| note.number == 0);
        for (note, number) in unused.zip(self.used_notes + 1..) {
            note.number = number;
        }
        let number = |block: &usize| self.owner[*block].map(|note| self.doc.notes[note].number);
        let mut old: Vec<usize> = (0..self.owner.len()).collect();
        old.sort_by_key(number); // stable; none, the text itself, is first
        let sources = self.owner.iter().filter(|owner| owner.is_none()).count();
        self.doc.sources = sources;
        let mut new = vec![0; old.len()];
        let shift = |place: usize| if place >= sources { place + 1 } else { place };
        for (place, block) in old.iter().enumerate() {
            new[*block] = shift(place);
        }

        let mut taken: Vec<Option<Block>> =
            std::mem::take(&mut self.doc.blocks).into_iter().map(Some).collect();
        let mut blocks: Vec<Block> = Vec::with_capacity(old.len() + 1);
        for (place, block) in old.iter().enumerate() {
            if place == sources {
                blocks.push(sources_heading(taken[*block].as_ref()));
            }
            blocks.extend(taken[*block].take());
        }
        for block in &mut blocks {
            if let Kind::Answer { of } = &mut block.kind {
                *of = new[*of];
            }
        }
        self.doc.blocks = blocks;
        self.number_notes(&new);
        self.note_issues();
        self.remap(&new);
        self.doc
    }

    /// Writes the numbers into the leads of the definitions and notes their first blocks.
    fn number_notes(&mut self, new: &[usize]) {
        let numbers = self.doc.notes.iter().map(|note| note.number);
        let widest = format!("[{}] ", numbers.max().unwrap_or(0)).len() as u16;
        for (block, owner) in self.owner.iter().enumerate() {
            let Some(owner) = owner else { continue };
            let note = &mut self.doc.notes[*owner];
            let at = new[block];
            let opens = note.block.is_none();
            note.block.get_or_insert(at);
            let block = &mut self.doc.blocks[at];
            if let Some(Lead::Item { marker, width, .. }) = block.lead.first_mut() {
                (*marker, *width) = (format!("[{}]", note.number), widest);
            }
            if opens {
                block.gap = at == self.doc.sources + 1;
            }
        }
    }

    /// Footnotes that are not used or not defined. The parser leaves a mark without a definition as it
    /// is written; the mark of an estimate's input is a note without a block.
    fn note_issues(&mut self) {
        let undefined = |name: &str| format!("[^{name}] used, not defined; define it at the end");
        let mut found = Vec::new();
        for note in &self.doc.notes {
            match (note.used, note.block) {
                (true, None) => found.push((note.line, undefined(&note.name))),
                (false, _) => {
                    let unused = format!("[^{}] never used; use it or take it out", note.name);
                    found.push((note.line, unused));
                }
                _ => {}
            }
        }
        for block in &self.doc.blocks {
            if matches!(block.kind, Kind::Code { .. } | Kind::Diagram | Kind::Transcript) {
                continue;
            }
            for (at, _) in block.text.match_indices("[^") {
                let code =
                    |span: &Span| span.style.has(Style::CODE) && span.range.contains(&(at as u32));
                let name = block.text[at + 2..].split_once(']').map(|(name, _)| name);
                let name = name.filter(|name| !name.is_empty() && !name.contains(['[', ' ']));
                if let Some(name) = name.filter(|_| !block.spans.iter().any(code)) {
                    found.push((block.line, undefined(name)));
                }
            }
        }
        let issues = found.into_iter().map(|(line, value)| At { line, value });
        self.doc.issues.extend(issues);
        self.doc.issues.sort_by_key(|issue| issue.line);
    }

    /// Makes block and link indices those of the final order.
    fn remap(&mut self, new: &[usize]) {
        let doc = &mut self.doc;
        doc.notes.sort_by_key(|note| note.number);
        for heading in &mut doc.headings {
            heading.block = new[heading.block];
        }
        doc.headings.sort_by_key(|heading| heading.block);
        for fence in &mut doc.fences {
            fence.at = new[fence.at];
            let after = doc.headings.partition_point(|heading| heading.block <= fence.at);
            fence.section = after.checked_sub(1);
        }
        if doc.sources < doc.blocks.len() {
            let mut id = "sources".to_owned();
            while doc.headings.iter().any(|heading| heading.id == id) {
                id.push_str("-1");
            }
            let at = doc.headings.partition_point(|heading| heading.block < doc.sources);
            doc.headings.insert(at, DocHeading { level: 2, id, block: doc.sources });
        }
        for link in &mut doc.links {
            link.spot.block = new[link.spot.block];
            if let Target::Note { number, block, .. } = &mut link.target {
                *block = doc.notes.get(*number as usize - 1).and_then(|note| note.block);
            }
        }
        let mut order: Vec<usize> = (0..doc.links.len()).collect();
        order.sort_by_key(|link| doc.links[*link].spot);
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new as u32;
        }
        doc.links = order.iter().map(|old| doc.links[*old].clone()).collect();
        for span in doc.blocks.iter_mut().flat_map(|block| &mut block.spans) {
            span.link = span.link.map(|link| place[link as usize]);
        }
    }
}

fn sources_heading(first: Option<&Block>) -> Block {
    Block {
        kind: Kind::Heading(2),
        lead: Vec::new(),
        text: "Sources".to_owned(),
        spans: Vec::new(),
        source: first.map_or(0..0, |block| block.source.start..block.source.start),
        line: first.map_or(0, |block| block.line),
        gap: true,
    }
}
