//! Markdown to a [`Document`].

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::document::{Align, Block, DocHeading, Document, Kind, Lead, Span, Style};
use super::fence;
use crate::text;

mod inline;
mod notes;
mod target;

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
        let breaks = memchr::memchr_iter(b'\n', body.as_bytes()).map(|at| at + 1);
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
}

fn alignment(align: pulldown_cmark::Alignment) -> Align {
    match align {
        pulldown_cmark::Alignment::Right => Align::Right,
        pulldown_cmark::Alignment::Center => Align::Centre,
        _ => Align::Left,
    }
}
