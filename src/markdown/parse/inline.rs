//! Words, styles, links and footnote marks: the text of a block.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::target::target;
use super::{Builder, Open, extensions};
use crate::markdown::document::{Link, Note, Span, Spot, Style, Target};
use crate::text;

impl Builder {
    /// Reads one paragraph of markdown into the text of the block; anything else goes in as it is.
    pub(in crate::markdown) fn inline_source(&mut self, source: &str, style: Style) {
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
    pub(super) fn inline_start(&mut self, tag: &Tag, range: &Range<usize>) -> bool {
        let style = match tag {
            Tag::Emphasis => Style::EMPHASIS,
            Tag::Strong => Style::STRONG,
            Tag::Strikethrough => Style::STRUCK,
            // `<a@b.c>`: the parser leaves the scheme to its reader.
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                self.open_implicitly(range);
                self.start_link(target(&format!("mailto:{dest_url}")));
                return true;
            }
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

    pub(super) fn inline_event(&mut self, event: Event, at: usize) {
        match event {
            Event::Text(words) => self.push_text(&words, Style::default()),
            Event::Code(code) => self.push_text(&code, Style::CODE),
            Event::SoftBreak => self.push_text(" ", Style::default()),
            Event::HardBreak if self.open == Open::Table => self.push_text(" ", Style::default()),
            Event::HardBreak => self.text.push('\n'),
            Event::InlineHtml(html) | Event::Html(html) if html.starts_with("<!--") => {}
            Event::InlineHtml(html) | Event::Html(html) => self.push_text(&html, Style::default()),
            Event::FootnoteReference(name) => {
                self.push_note(&name, self.line(at), Style::default());
            }
            _ => {}
        }
    }

    /// Adds words in a style and in those that are open. Clean, and on one line.
    pub(in crate::markdown) fn push_text(&mut self, words: &str, style: Style) {
        if words.is_empty() {
            return;
        }
        let start = self.text.len() as u32;
        let mut words = &*text::clean(words);
        while let Some(at) = words.find(['\n', '\t']) {
            self.text.push_str(&words[..at]);
            self.text.push(' ');
            words = &words[at + 1..];
        }
        self.text.push_str(words);
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
    pub(in crate::markdown) fn push_note(&mut self, name: &str, line: usize, style: Style) {
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

    pub(super) fn end_link(&mut self) {
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
    pub(super) fn note_index(&mut self, name: &str, line: usize) -> usize {
        let name = text::clean(name).into_owned();
        let index = *self.note_names.entry(name.to_lowercase()).or_insert(self.doc.notes.len());
        if index == self.doc.notes.len() {
            self.doc.notes.push(Note { name, number: 0, block: None, line, used: false });
        }
        index
    }
}
