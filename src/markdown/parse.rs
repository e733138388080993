//! Markdown to a [`Document`].

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::document::{
    Align, Block, DocHeading, Document, Kind, Lead, Link, Note, Span, Spot, Style, Target,
};
use super::fence;
use crate::text;

/// Containers deeper than this are read but not shown: nobody writes them, and they cost squares.
const DEPTH: usize = 24;

/// Parses the body of a lesson. `first_line` is the line of the file on which the body starts, from 1.
///
/// Nothing fails: a broken block becomes plain code with its error above it, and an entry in
/// [`Document::issues`].
pub fn parse(body: &str, first_line: usize) -> Document {
    let mut builder = Builder::new(body, first_line);
    for (event, range) in Parser::new_ext(body, extensions()).into_offset_iter() {
        builder.event(event, range);
    }
    builder.finish()
}

/// One line of markdown with inline styles only, as in the question of a card: its plain text and the
/// styled ranges of it. What is no plain paragraph is returned as it is.
pub fn inline(source: &str) -> (String, Vec<Span>) {
    let mut builder = Builder::new("", 1);
    builder.inline_source(source, Style::default());
    (builder.text, builder.spans)
}

fn extensions() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH
}

/// An open container.
#[derive(Clone)]
enum Container {
    Quote,
    /// `next`: number of its next item. `from`: first block in it.
    List {
        next: Option<u64>,
        from: usize,
        items: usize,
    },
    Item {
        marker: String,
        used: bool,
    },
}

/// What is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Paragraph,
    /// Text of a tight item: no event opens or closes it.
    Tight,
    Heading(u8),
    Code,
    Table,
}

/// A footnote definition that is being read, and what was open around it.
struct Definition {
    outer: Vec<Container>,
    outer_note: Option<usize>,
}

pub(super) struct Builder {
    pub doc: Document,
    /// The text of the block that is being read, and its spans.
    pub text: String,
    spans: Vec<Span>,
    styles: Vec<Style>,
    links: Vec<u32>,
    /// Bytes of the body that the block being read came from.
    pub source: Range<usize>,
    line_starts: Vec<usize>,
    first_line: usize,
    containers: Vec<Container>,
    open: Open,
    info: String,
    align: Vec<Align>,
    rows: Vec<Vec<Range<u32>>>,
    cell: usize,
    ids: HashMap<String, u32>,
    /// The note (index in `doc.notes`) that each block belongs to.
    owner: Vec<Option<usize>>,
    note: Option<usize>,
    definitions: Vec<Definition>,
    /// Index in `doc.notes` by name in lower case.
    note_names: HashMap<String, usize>,
    used_notes: u32,
}

impl Builder {
    fn new(body: &str, first_line: usize) -> Self {
        let breaks = body.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        Builder {
            doc: Document::default(),
            text: String::new(),
            spans: Vec::new(),
            styles: Vec::new(),
            links: Vec::new(),
            source: 0..0,
            line_starts: std::iter::once(0).chain(breaks).collect(),
            first_line,
            containers: Vec::new(),
            open: Open::Nothing,
            info: String::new(),
            align: Vec::new(),
            rows: Vec::new(),
            cell: 0,
            ids: HashMap::new(),
            owner: Vec::new(),
            note: None,
            definitions: Vec::new(),
            note_names: HashMap::new(),
            used_notes: 0,
        }
    }

    /// The line of the file on which a byte of the body stands.
    pub fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at).saturating_sub(1) + self.first_line
    }

    fn event(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Rule => {
                self.flush();
                self.source = range;
                self.push(Kind::Rule, true);
            }
            Event::Text(words) if self.open == Open::Code => self.text.push_str(&words),
            Event::Html(html) if self.open == Open::Code => self.text.push_str(&html),
            inline => {
                if self.open == Open::Nothing {
                    self.open = Open::Tight;
                    self.source = range.clone();
                }
                if self.open == Open::Tight {
                    self.source.end = self.source.end.max(range.end);
                }
                self.inline_event(inline, range.start);
            }
        }
    }

    fn start(&mut self, tag: Tag, range: Range<usize>) {
        if self.inline_start(&tag, &range) {
            return;
        }
        self.flush();
        self.source = range;
        match tag {
            Tag::Paragraph => self.open = Open::Paragraph,
            Tag::Heading { level, .. } => self.open = Open::Heading(level as u8),
            Tag::BlockQuote(_) => self.containers.push(Container::Quote),
            Tag::CodeBlock(kind) => {
                self.open = Open::Code;
                self.info = match kind {
                    CodeBlockKind::Fenced(info) => text::clean(&info).into_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
            }
            Tag::HtmlBlock => {
                self.open = Open::Code;
                "html".clone_into(&mut self.info);
            }
            Tag::List(next) => {
                let from = self.doc.blocks.len();
                self.containers.push(Container::List { next, from, items: 0 });
            }
            Tag::Item => self.start_item(),
            Tag::FootnoteDefinition(name) => {
                let line = self.line(self.source.start);
                let note = self.note_index(&name, line);
                self.definitions.push(Definition {
                    outer: std::mem::take(&mut self.containers),
                    outer_note: self.note.replace(note),
                });
                self.containers.push(Container::Item { marker: String::new(), used: false });
            }
            Tag::Table(align) => {
                self.open = Open::Table;
                self.align = align.iter().map(|a| alignment(*a)).collect();
                self.rows.clear();
            }
            Tag::TableHead | Tag::TableRow => {
                self.open = Open::Table;
                self.rows.push(Vec::new());
            }
            Tag::TableCell => {
                self.open = Open::Table;
                self.start_cell();
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.styles.pop();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::Paragraph | TagEnd::Heading(_) => self.flush(),
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.containers.pop();
            }
            TagEnd::List(_) => {
                self.flush();
                self.end_list();
            }
            TagEnd::Item => {
                self.flush();
                self.end_item();
            }
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.end_item();
                if let Some(definition) = self.definitions.pop() {
                    self.containers = definition.outer;
                    self.note = definition.outer_note;
                }
            }
            TagEnd::CodeBlock => {
                self.open = Open::Nothing;
                let code = std::mem::take(&mut self.text).replace("\r\n", "\n");
                let info = std::mem::take(&mut self.info);
                // A fence opens one line above its text; an indented block does not.
                let line = self.line(self.source.start);
                fence::show(self, &info, &text::clean(&code), line);
            }
            TagEnd::HtmlBlock => {
                self.open = Open::Nothing;
                let code = std::mem::take(&mut self.text);
                let code = code.trim_end();
                if !(code.trim_start().starts_with("<!--") && code.ends_with("-->")) {
                    self.text = fence::untab(&text::clean(code));
                    self.push(Kind::Code { lang: "html".to_owned() }, true);
                }
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Table => {
                self.open = Open::Nothing;
                self.source = range;
                let kind = Kind::Table {
                    align: std::mem::take(&mut self.align),
                    rows: std::mem::take(&mut self.rows),
                };
                self.push(kind, true);
            }
            _ => {}
        }
    }

    // ---- containers

    fn start_item(&mut self) {
        let mut marker = "•".to_owned();
        if let Some(Container::List { next, items, .. }) = self.containers.last_mut() {
            *items += 1;
            if let Some(number) = next {
                marker = format!("{number}.");
                *number = number.saturating_add(1);
            }
        }
        self.containers.push(Container::Item { marker, used: false });
    }

    /// Closes an item; an empty one still shows its marker.
    fn end_item(&mut self) {
        if let Some(Container::Item { used: false, .. }) = self.containers.last() {
            self.push(Kind::Paragraph, false);
        }
        self.containers.pop();
    }

    /// Gives all items of a list the width of the widest marker.
    fn end_list(&mut self) {
        let Some(Container::List { from, .. }) = self.containers.pop() else { return };
        let depth = self.depth();
        let marker_width = |block: &Block| match block.lead.get(depth) {
            Some(Lead::Item { marker, .. }) => text::width(marker) as u16 + 1,
            _ => 0,
        };
        let widest = self.doc.blocks[from..].iter().map(marker_width).max().unwrap_or(0);
        for block in &mut self.doc.blocks[from..] {
            if let Some(Lead::Item { width, .. }) = block.lead.get_mut(depth) {
                *width = widest;
            }
        }
    }

    /// Leads of the containers that are open.
    fn depth(&self) -> usize {
        self.containers.iter().filter(|c| !matches!(c, Container::List { .. })).count()
    }

    /// Whether the next block is the first of a list that is in no item: such a list stands apart from
    /// what is above it.
    fn opens_list(&self) -> bool {
        let next = self.doc.blocks.len();
        self.containers.iter().enumerate().any(|(place, container)| {
            let inside = place > 0 && matches!(self.containers[place - 1], Container::Item { .. });
            matches!(container, Container::List { from, .. } if *from == next && !inside)
        })
    }

    fn lead(&mut self) -> Vec<Lead> {
        let mut lead = Vec::new();
        for container in &mut self.containers {
            if lead.len() == DEPTH {
                break;
            }
            match container {
                Container::List { .. } => {}
                Container::Quote => lead.push(Lead::Quote),
                Container::Item { marker, used } => {
                    let width = text::width(marker) as u16 + 1;
                    lead.push(Lead::Item { marker: marker.clone(), width, first: !*used });
                    *used = true;
                }
            }
        }
        lead
    }

    // ---- blocks

    /// Closes the paragraph or heading that is open.
    fn flush(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Paragraph => self.push(Kind::Paragraph, true),
            Open::Tight => {
                let gap = self.opens_list();
                self.push(Kind::Paragraph, gap);
            }
            Open::Heading(level) => {
                let id = self.unique_id(&text::heading_id(&self.text));
                let block = self.doc.blocks.len();
                self.doc.headings.push(DocHeading { level, id, block });
                self.push(Kind::Heading(level), true);
            }
            // Closed by their own ends; what a broken event order leaves open is kept open.
            open @ (Open::Code | Open::Table) => self.open = open,
            Open::Nothing => {}
        }
    }

    /// Adds a block of the text that was collected.
    pub fn push(&mut self, kind: Kind, gap: bool) {
        let lead = self.lead();
        self.push_with(kind, gap, lead);
    }

    /// Like [`Builder::push`], with `extra` after the leads of the containers.
    pub fn push_in(&mut self, kind: Kind, gap: bool, extra: impl IntoIterator<Item = Lead>) {
        let mut lead = self.lead();
        lead.extend(extra);
        self.push_with(kind, gap, lead);
    }

    fn push_with(&mut self, kind: Kind, gap: bool, lead: Vec<Lead>) {
        let first = self.owner.iter().rev().all(|owner| *owner != self.note);
        let line = self.line(self.source.start);
        self.doc.blocks.push(Block {
            kind,
            lead,
            text: std::mem::take(&mut self.text),
            spans: std::mem::take(&mut self.spans),
            source: self.source.start as u32..self.source.end as u32,
            line,
            gap: gap && !first,
        });
        self.owner.push(self.note);
        self.styles.clear();
        self.links.clear();
    }

    fn unique_id(&mut self, base: &str) -> String {
        let mut id = base.to_owned();
        while self.ids.contains_key(&id) {
            let count = self.ids.entry(base.to_owned()).or_default();
            *count += 1;
            id = format!("{base}-{count}");
        }
        self.ids.insert(id.clone(), 0);
        id
    }

    // ---- tables

    pub fn start_cell(&mut self) {
        self.cell = self.text.len();
    }

    /// Ends a cell and returns its range.
    pub fn cut_cell(&mut self) -> Range<u32> {
        let range = self.cell as u32..self.text.len() as u32;
        self.text.push('\n');
        range
    }

    fn end_cell(&mut self) {
        let range = self.cut_cell();
        if let Some(row) = self.rows.last_mut() {
            row.push(range);
        }
    }

    // ---- inline

    /// Reads one paragraph of markdown into the text of the block; anything else goes in as it is.
    pub fn inline_source(&mut self, source: &str, style: Style) {
        let events: Vec<_> = Parser::new_ext(source, extensions()).into_offset_iter().collect();
        let paragraphs = events.iter().filter(|(e, _)| matches!(e, Event::Start(Tag::Paragraph)));
        let one = paragraphs.count() == 1
            && matches!(events.first(), Some((Event::Start(Tag::Paragraph), _)))
            && matches!(events.last(), Some((Event::End(TagEnd::Paragraph), _)));
        if !one {
            self.push_text(source, style);
            return;
        }
        // Not `Tight`: the caller makes the block.
        let open = std::mem::replace(&mut self.open, Open::Paragraph);
        self.styles.push(style);
        for (event, range) in events {
            match event {
                Event::Start(tag) => {
                    self.inline_start(&tag, &range);
                }
                Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {
                    self.styles.pop();
                }
                Event::End(TagEnd::Link | TagEnd::Image) => self.end_link(),
                Event::End(_) => {}
                inline => self.inline_event(inline, self.source.start),
            }
        }
        self.styles.pop();
        self.open = open;
    }

    /// Takes a tag that opens a style or a link; false if it opens a block.
    fn inline_start(&mut self, tag: &Tag, range: &Range<usize>) -> bool {
        let style = match tag {
            Tag::Emphasis => Style::EMPHASIS,
            Tag::Strong => Style::STRONG,
            Tag::Strikethrough => Style::STRUCK,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.open_implicitly(range);
                self.start_link(target(dest_url));
                return true;
            }
            _ => return false,
        };
        self.open_implicitly(range);
        self.styles.push(style);
        true
    }

    fn open_implicitly(&mut self, range: &Range<usize>) {
        if self.open == Open::Nothing {
            self.open = Open::Tight;
            self.source = range.clone();
        }
    }

    fn inline_event(&mut self, event: Event, at: usize) {
        match event {
            Event::Text(words) => self.push_text(&words, Style::default()),
            Event::Code(code) => self.push_text(&code, Style::CODE),
            Event::SoftBreak => self.push_text(" ", Style::default()),
            Event::HardBreak if self.open == Open::Table => self.push_text(" ", Style::default()),
            Event::HardBreak => self.text.push('\n'),
            Event::InlineHtml(html) | Event::Html(html) if html.starts_with("<!--") => {}
            Event::InlineHtml(html) | Event::Html(html) => self.push_text(&html, Style::default()),
            Event::FootnoteReference(name) => {
                self.push_note(&name, self.line(at), Style::default())
            }
            _ => {}
        }
    }

    /// Adds words in a style and in those that are open. Clean, and on one line.
    pub fn push_text(&mut self, words: &str, style: Style) {
        if words.is_empty() {
            return;
        }
        let start = self.text.len() as u32;
        for c in text::clean(words).chars() {
            self.text.push(if matches!(c, '\n' | '\t') { ' ' } else { c });
        }
        let range = start..self.text.len() as u32;
        let style = self.styles.iter().fold(style, |all, one| all.with(*one));
        let link = self.links.first().copied();
        if style == Style::default() && link.is_none() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if (last.range.end, last.style, last.link) == (start, style, link) => {
                last.range.end = range.end;
            }
            _ => self.spans.push(Span { range, style, link }),
        }
    }

    /// Adds the mark of a footnote, `[3]`.
    pub fn push_note(&mut self, name: &str, line: usize, style: Style) {
        let index = self.note_index(name, line);
        let note = &mut self.doc.notes[index];
        if note.number == 0 {
            self.used_notes += 1;
            (note.number, note.used, note.line) = (self.used_notes, true, line);
        }
        let number = note.number;
        let target = Target::Note { name: note.name.clone(), number, block: None };
        let inside = std::mem::take(&mut self.links);
        self.start_link(target);
        self.push_text(&format!("[{number}]"), style);
        self.end_link();
        self.links = inside;
    }

    fn start_link(&mut self, target: Target) {
        if self.links.is_empty() {
            let spot = Spot { block: self.doc.blocks.len(), offset: self.text.len() as u32 };
            let range = spot.offset..spot.offset;
            self.links.push(self.doc.links.len() as u32);
            // A number that follows from an estimate is read as a number, not as a way out.
            let style = if matches!(target, Target::Result(_)) { Style(0) } else { Style::LINK };
            self.styles.push(style);
            self.doc.links.push(Link { spot, range, target });
        } else {
            // An image in a link: its words belong to the link.
            self.links.push(self.links[0]);
            self.styles.push(Style::default());
        }
    }

    fn end_link(&mut self) {
        let Some(index) = self.links.last().copied() else { return };
        let Some(link) = self.doc.links.get(index as usize) else { return };
        if self.links.len() == 1 && link.range.start == self.text.len() as u32 {
            // No words: show the address, or there is nothing to follow.
            let address = match &link.target {
                Target::Url(url) => url.clone(),
                _ => "→".to_owned(),
            };
            self.push_text(&address, Style::default());
        }
        self.links.pop();
        self.styles.pop();
        if let Some(link) = self.doc.links.get_mut(index as usize) {
            link.range.end = self.text.len() as u32;
        }
    }

    /// The note of this name, made if it is new. Case does not count, as in the parser.
    fn note_index(&mut self, name: &str, line: usize) -> usize {
        let name = text::clean(name).into_owned();
        let index = *self.note_names.entry(name.to_lowercase()).or_insert(self.doc.notes.len());
        if index == self.doc.notes.len() {
            self.doc.notes.push(Note { name, number: 0, block: None, line, used: false });
        }
        index
    }

    // ---- the end

    /// Moves the footnotes to the end, numbers what was not used, and makes all indices agree.
    fn finish(mut self) -> Document {
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
        let issues =
            found.into_iter().map(|(line, value)| crate::course::blocks::At { line, value });
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

fn alignment(align: pulldown_cmark::Alignment) -> Align {
    match align {
        pulldown_cmark::Alignment::Right => Align::Right,
        pulldown_cmark::Alignment::Center => Align::Centre,
        _ => Align::Left,
    }
}

/// Where an address leads.
fn target(address: &str) -> Target {
    let address = text::clean(address);
    if let Some(name) = address.strip_prefix("lab:") {
        return Target::Lab(percent_decoded(name));
    }
    if let Some(name) = address.strip_prefix('=') {
        return Target::Result(percent_decoded(name));
    }
    let (path, heading) = match address.split_once('#') {
        Some((path, heading)) => (path, Some(percent_decoded(heading))),
        None => (&*address, None),
    };
    if path.is_empty() && heading.is_some() {
        return Target::Lesson { slug: String::new(), heading };
    }
    match lesson_slug(path) {
        Some(slug) => Target::Lesson { slug, heading },
        None => Target::Url(address.into_owned()),
    }
}

/// The slug in `NN-slug.md`, with or without folders before it.
fn lesson_slug(path: &str) -> Option<String> {
    if path.contains("://") {
        return None;
    }
    let path = percent_decoded(path);
    let name = path.rsplit('/').next()?.strip_suffix(".md")?;
    let (number, slug) = name.split_once('-')?;
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (numbered && !slug.is_empty()).then(|| slug.to_owned())
}

/// Resolves `%20`; what is no UTF-8 afterwards stays as it was. Cleaned again, since `%1b` hides an ESC.
fn percent_decoded(text: &str) -> String {
    let hex = |b: u8| char::from(b).to_digit(16);
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = match bytes[at..] {
            [b'%', high, low, ..] => hex(high).zip(hex(low)),
            _ => None,
        };
        match pair {
            Some((high, low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or_else(|_| text.to_owned(), |s| text::clean(&s).into_owned())
}
