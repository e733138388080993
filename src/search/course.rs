//! Words over all lessons and notes, ranked, with the lines found.
//!
//! No index is kept: parsing all texts of the course takes some 30 ms, once for a search screen.

use std::collections::HashSet;
use std::ops::Range;

use super::text::find;
use crate::course::{Course, Entry};
use crate::markdown::{self, Spot};
use crate::progress::{Kept, KeptWhat};

/// Where something was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Where {
    /// In a lesson's text.
    Text {
        /// Slug.
        lesson: String,
        /// The block and byte of the first word found.
        spot: Spot,
    },
    /// In a note, by its event.
    Note {
        /// Slug.
        lesson: String,
        /// Id.
        id: String,
    },
}

/// One section or note that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where.
    pub at: Where,
    /// Title of the section; of the lesson, before the first heading; `note`.
    pub title: String,
    /// The piece of text around the words.
    pub line: String,
    /// The words in `line`.
    pub hits: Vec<Range<usize>>,
}

impl Found {
    /// Slug of the lesson.
    pub fn lesson(&self) -> &str {
        match &self.at {
            Where::Text { lesson, .. } | Where::Note { lesson, .. } => lesson,
        }
    }
}

/// A section of a lesson, or a note.
struct Part {
    at: Where,
    title: String,
    /// Blocks of text, with their index in the document.
    texts: Vec<(usize, String)>,
    words: usize,
    /// Footnotes: found after all prose.
    sources: bool,
}

/// All that can be searched.
#[derive(Default)]
pub struct Everything {
    parts: Vec<Part>,
}

/// Weight of a word in a title against one in the text. Assumed.
const TITLE: f64 = 4.0;
/// The usual constants of BM25: how soon more of the same word counts no more, and how much length counts.
/// Source: Robertson and Zaragoza, 2009, *The Probabilistic Relevance Framework: BM25 and Beyond*, 3.2.
const K1: f64 = 1.2;
const B: f64 = 0.75;

impl Everything {
    /// Reads all lessons that are written, and the notes.
    pub fn of(course: &Course, kept: &[Kept]) -> Everything {
        let mut parts = Vec::new();
        for entry in course.listed() {
            if let Ok(body) = course.body(entry) {
                lesson(entry, &body, &mut parts);
            }
        }
        for note in kept {
            if let KeptWhat::Note(text) = &note.what {
                parts.push(Part {
                    at: Where::Note { lesson: note.lesson.clone(), id: note.id.clone() },
                    title: "note".into(),
                    words: text.split_whitespace().count(),
                    texts: vec![(0, text.clone())],
                    sources: false,
                });
            }
        }
        Everything { parts }
    }

    /// What holds all words of a query, best first, footnotes after all else, at most `most`.
    pub fn search(&self, query: &str, most: usize) -> Vec<Found> {
        let words: Vec<&str> = query.split_whitespace().collect();
        if words.is_empty() || self.parts.is_empty() {
            return Vec::new();
        }
        // How often each word stands in the title and the text of each part.
        let counts: Vec<Vec<(usize, usize)>> = self
            .parts
            .iter()
            .map(|part| words.iter().map(|word| part.count(word)).collect())
            .collect();
        let total = self.parts.len() as f64;
        let rarity: Vec<f64> = (0..words.len())
            .map(|word| {
                let holds = counts.iter().filter(|of| of[word].0 + of[word].1 > 0).count() as f64;
                (1.0 + (total - holds + 0.5) / (holds + 0.5)).ln()
            })
            .collect();
        let mean = self.parts.iter().map(|part| part.words).sum::<usize>() as f64 / total;
        let mut ranked: Vec<(f64, usize)> = Vec::new();
        for (index, (part, of)) in self.parts.iter().zip(&counts).enumerate() {
            if of.iter().any(|(title, text)| title + text == 0) {
                continue;
            }
            let length = K1 * (1.0 - B + B * part.words as f64 / mean.max(1.0));
            let scores = of.iter().zip(&rarity).map(|((title, text), rarity)| {
                let often = *text as f64 + TITLE * *title as f64;
                rarity * often * (K1 + 1.0) / (often + length)
            });
            ranked.push((scores.sum(), index));
        }
        let sources = |index: usize| self.parts[index].sources;
        ranked.sort_by(|a, b| {
            sources(a.1).cmp(&sources(b.1)).then(b.0.total_cmp(&a.0)).then(a.1.cmp(&b.1))
        });
        ranked.iter().take(most).map(|(_, index)| self.parts[*index].found(&words)).collect()
    }
}

fn lesson(entry: &Entry, body: &str, parts: &mut Vec<Part>) {
    let document = markdown::parse(body, entry.body_line as usize);
    let mut section = (None, false);
    let mut part = Part::new(entry, &document, None);
    for (index, block) in document.blocks.iter().enumerate() {
        let here = (document.section_of(index), index >= document.sources);
        if here != section {
            section = here;
            parts.push(std::mem::replace(&mut part, Part::new(entry, &document, section.0)));
            part.sources = section.1;
        }
        part.words += block.text.split_whitespace().count();
        if document.headings.iter().all(|heading| heading.block != index) {
            part.texts.push((index, block.text.clone()));
        }
    }
    parts.push(part);
}

impl Part {
    fn new(entry: &Entry, document: &markdown::Document, section: Option<usize>) -> Part {
        let heading = section.map(|section| document.headings[section].block);
        let block = heading.unwrap_or(0);
        Part {
            at: Where::Text { lesson: entry.slug.to_string(), spot: Spot { block, offset: 0 } },
            title: heading.map_or_else(
                || entry.title.to_string(),
                |block| document.blocks[block].text.clone(),
            ),
            texts: Vec::new(),
            words: 0,
            sources: false,
        }
    }

    fn count(&self, word: &str) -> (usize, usize) {
        let in_text = self.texts.iter().map(|(_, text)| find(text, word).len()).sum();
        (find(&self.title, word).len(), in_text)
    }

    /// The piece of text with the most different words, prose before an address, and where it is.
    fn found(&self, words: &[&str]) -> Found {
        let mut best: Option<((usize, bool), usize, Range<usize>)> = None;
        for (block, text) in &self.texts {
            for word in words {
                for range in find(text, word).into_iter().take(8) {
                    let around = around(text, range.start);
                    let held: HashSet<&str> = words
                        .iter()
                        .copied()
                        .filter(|word| !find(&text[around.clone()], word).is_empty())
                        .collect();
                    let rank = (held.len(), address_start(text, range.start).is_none());
                    if best.as_ref().is_none_or(|(before, ..)| rank > *before) {
                        best = Some((rank, *block, around.start..range.start));
                    }
                }
            }
        }
        let mut at = self.at.clone();
        let mut line = String::new();
        if let Some((_, block, Range { start, end })) = best {
            let text = self.texts.iter().find(|(index, _)| *index == block).map_or("", |(_, t)| t);
            line = text[around(text, end)].split_whitespace().collect::<Vec<_>>().join(" ");
            if start > 0 {
                line.insert(0, '…');
            }
            if let Where::Text { spot, .. } = &mut at {
                *spot = Spot { block, offset: end as u32 };
            }
        }
        let mut hits: Vec<Range<usize>> = words.iter().flat_map(|word| find(&line, word)).collect();
        hits.sort_by_key(|range| (range.start, range.end));
        let mut end = 0;
        hits.retain(|range| {
            let free = range.start >= end;
            end = if free { range.end } else { end };
            free
        });
        Found { at, title: self.title.clone(), line, hits }
    }
}

/// Where the address begins that a byte stands in, if it stands in one.
fn address_start(text: &str, at: usize) -> Option<usize> {
    let blank = |c: char| c.is_whitespace();
    let start = text[..at].trim_end_matches(|c| !blank(c)).len();
    let end = at + text[at..].find(blank).unwrap_or(text.len() - at);
    text[start..end].contains("://").then_some(start)
}

/// Some 30 characters before a byte and 130 after it, from the start of a word, and never from within an address.
fn around(text: &str, at: usize) -> Range<usize> {
    let before = text[..at].char_indices().rev().take(30).last().map_or(at, |(at, _)| at);
    let word = text[before..at].split_inclusive(char::is_whitespace).next().unwrap_or_default();
    let from = match before {
        0 => 0,
        cut if word.ends_with(char::is_whitespace) => cut + word.len(),
        _ => address_start(text, at).unwrap_or(at),
    };
    let to = text[at..].char_indices().nth(130).map_or(text.len(), |(end, _)| at + end);
    from..to
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalog;

    fn everything() -> Everything {
        let course = catalog::open(std::path::Path::new("tests/course")).unwrap();
        let note = Kept {
            id: "a-1".into(),
            lesson: "littles-law".into(),
            date: chrono::NaiveDate::MIN,
            place: None,
            what: KeptWhat::Note("ask about the zebra".into()),
        };
        Everything::of(&course, &[note])
    }

    #[test]
    fn all_words_must_stand_in_a_section_and_its_line_shows_them() {
        let found = everything().search("server", 50);
        assert!(!found.is_empty());
        for one in &found {
            let in_line = !one.hits.is_empty();
            assert!(in_line || one.title.to_lowercase().contains("server"), "{one:?}");
        }
        assert!(everything().search("server xylophone", 50).is_empty());
        assert!(everything().search("  ", 50).is_empty());
    }

    #[test]
    fn notes_are_found_too() {
        let found = everything().search("zebra", 50);
        assert!(matches!(&found[0].at, Where::Note { id, .. } if id == "a-1"));
        assert_eq!(&found[0].line[found[0].hits[0].clone()], "zebra");
    }

    #[test]
    fn the_place_is_the_word_in_its_block() {
        let course = catalog::open(std::path::Path::new("tests/course")).unwrap();
        for found in everything().search("the", 50) {
            let Where::Text { lesson, spot } = &found.at else { continue };
            if found.line.is_empty() {
                continue; // only the title holds it
            }
            let entry = course.by_slug(lesson).unwrap();
            let document = markdown::parse(&course.body(entry).unwrap(), entry.body_line as usize);
            let text = &document.blocks[spot.block].text[spot.offset as usize..];
            assert_eq!(find(text, "the").first().map(|range| range.start), Some(0), "{found:?}");
        }
    }

    /// One lesson of two sections and a footnote.
    fn cited() -> Everything {
        let course = catalog::open(std::path::Path::new("tests/course")).unwrap();
        let body = "# Keys\n\nA call with a key may be idempotent.[^a]\n\n# Else\n\nNothing.\n\n\
            [^a]: An idempotent key, idempotent again, idempotent \
            <https://docs.example.com/a/long/address/of/payments/retry/idempotent-keys>.\n";
        let mut parts = Vec::new();
        lesson(course.by_slug("littles-law").unwrap(), body, &mut parts);
        Everything { parts }
    }

    #[test]
    fn prose_comes_before_footnotes_however_often_they_have_the_word() {
        let found = cited().search("idempotent", 9);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].title, "Keys");
        assert!(found[1].line.contains("idempotent again"), "{found:?}");
    }

    #[test]
    fn a_piece_of_text_never_begins_within_an_address() {
        let found = cited().search("idempotent", 9);
        assert!(!found[1].line.starts_with("…http"), "prose is preferred: {found:?}");
        let found = cited().search("idempotent-keys", 9);
        let line = found[0].line.trim_start_matches('…');
        assert!(line.starts_with("https://docs") || line.starts_with("An "), "{line}");
        let text = format!("See https://x.example/{}retry and more", "deep/".repeat(20));
        let at = text.find("retry").unwrap();
        assert_eq!(around(&text, at).start, 4);
        let wide = "日本語\u{3000}".repeat(30);
        for at in wide.char_indices().map(|(at, _)| at) {
            assert!(wide.get(around(&wide, at)).is_some(), "a blank may be wide");
        }
    }

    #[test]
    fn pieces_of_text_begin_at_words_and_never_cut_a_letter() {
        let text = "日本語のテキスト ".repeat(40);
        for at in text.char_indices().map(|(at, _)| at) {
            let range = around(&text, at);
            assert!(text.get(range).is_some());
        }
        assert_eq!(around("one two three four five six seven eight nine", 40), 14..44);
    }
}
