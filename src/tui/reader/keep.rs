//! What is kept of a lesson and taken out of it: bookmarks, notes, highlights; selected lines; copies.

use std::ops::Range;

use super::super::field::Field;
use super::super::keymap::{Action, Scope};
use super::super::message::{Ctx, Effect};
use super::{Focus, Mode, Prompt, Reader};
use crate::journal::{Place, What};
use crate::markdown::{self, Document, Kind, Row, Spot, Target};
use crate::progress::{Kept, KeptWhat};
use crate::search::Hit;

/// Characters of the text that a place quotes.
const QUOTE: usize = 80;

/// One kept thing at its place in the text as it is now.
pub(super) struct KeptHere {
    pub kept: Kept,
    pub spot: Spot,
    /// The text of a highlight, block by block.
    pub ranges: Vec<Hit>,
}

/// Selected lines: where the selection began and where it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selection {
    from: Spot,
    to: Spot,
}

/// The spot of a kept place: where its heading and fraction say, or where its quoted text has moved to.
pub(super) fn spot_of(
    document: &Document,
    place: &Place,
    renamed: impl Fn(&str) -> String,
) -> Spot {
    let heading = place.heading.as_deref().map(renamed);
    let spot = markdown::spot_at(document, heading.as_deref(), place.fraction, place.share);
    let starts = |block: usize, at: usize| {
        document.blocks[block].text.get(at..).is_some_and(|text| text.starts_with(&place.quote))
    };
    if place.quote.is_empty() || starts(spot.block, spot.offset as usize) {
        return spot;
    }
    // Rounded by a character, or the text before it was edited: the nearest place with the same words.
    let mut near: Vec<usize> = (0..document.blocks.len()).collect();
    near.sort_by_key(|block| block.abs_diff(spot.block));
    near.into_iter()
        .find_map(|block| {
            let at = document.blocks[block].text.find(&place.quote)?;
            Some(Spot { block, offset: at as u32 })
        })
        .unwrap_or(spot)
}

impl<'c> Reader<'c> {
    /// What the journal keeps of a spot.
    pub(super) fn place_of(&self, spot: Spot) -> Place {
        let markdown::Position { heading, fraction, share } =
            markdown::position(&self.document, spot);
        let text = self.document.blocks.get(spot.block).map_or("", |block| &block.text);
        let rest = text.get(spot.offset as usize..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        Place { heading, fraction, share, quote: line.chars().take(QUOTE).collect() }
    }

    /// Finds the places of what was kept, if that has changed.
    pub(super) fn refresh_kept(&mut self, ctx: &Ctx<'_, 'c>) {
        let here = || ctx.progress.kept().iter().filter(|kept| kept.lesson == self.entry.slug);
        if here().map(|kept| &kept.id).eq(self.kept.iter().map(|here| &here.kept.id)) {
            return;
        }
        let mut found: Vec<KeptHere> = here()
            .map(|kept| {
                let spot = kept.place.as_ref().map_or(Spot::default(), |place| {
                    self.spot_of_goal(&super::Goal::Place(place.clone()), ctx)
                });
                let ranges = match kept.what {
                    KeptWhat::Highlight(chars) => ranges(&self.document, spot, chars as usize),
                    _ => Vec::new(),
                };
                KeptHere { kept: kept.clone(), spot, ranges }
            })
            .collect();
        if matches!(self.focus, Some(Focus::Note(_))) {
            self.focus = None;
        }
        // The order of the journal: what was compared above.
        self.kept.clear();
        self.kept.append(&mut found);
    }

    /// All highlighted text, in order, not overlapping.
    pub(super) fn highlighted(&self) -> Vec<Hit> {
        let mut all: Vec<Hit> = self.kept.iter().flat_map(|kept| kept.ranges.clone()).collect();
        all.sort_by_key(|hit| (hit.block, hit.range.start));
        let mut out: Vec<Hit> = Vec::new();
        for hit in all {
            match out.last_mut() {
                Some(last) if last.block == hit.block && hit.range.start <= last.range.end => {
                    last.range.end = last.range.end.max(hit.range.end);
                }
                _ => out.push(hit),
            }
        }
        out
    }

    /// The mark in the margin of a row: a note before a bookmark.
    pub(super) fn margin_mark(&self, row: usize) -> Option<&'static str> {
        let here = |kept: &&KeptHere| self.page.row_of(kept.spot) == row;
        let marks = self.kept.iter().filter(here).map(|here| match here.kept.what {
            KeptWhat::Note(_) => "✎",
            KeptWhat::Bookmark => "▪",
            KeptWhat::Highlight(_) => "",
        });
        marks.max().filter(|mark| !mark.is_empty())
    }

    /// A bookmark at the top line, or the one on the screen's top line away.
    pub(super) fn bookmark(&mut self) -> Vec<Effect<'c>> {
        let old = self.kept.iter().find(|here| {
            here.kept.what == KeptWhat::Bookmark && self.page.row_of(here.spot) == self.top
        });
        let (what, said) = match old {
            Some(old) => (old.kept.removal(), "bookmark removed".to_string()),
            None => {
                let spot = self.first_text_spot();
                let place = self.place_of(spot);
                let said = format!("bookmarked: {}", crate::text::ellipsis(&place.quote, 50));
                (What::Bookmark { lesson: self.entry.slug.to_string(), place }, said)
            }
        };
        vec![Effect::Record(vec![what]), Effect::Say(said)]
    }

    /// The top line; where that is blank, it stands for the line below it.
    fn first_text_spot(&self) -> Spot {
        self.page.spot_of(self.top)
    }

    /// A card from the note that has the focus, or the one that was begun and left, or one about the top line.
    pub(super) fn own_card(&mut self, ctx: &Ctx<'_, 'c>) {
        let note = match self.focus {
            Some(Focus::Note(index)) => self.kept.get(index),
            _ => None,
        };
        let (place, answer) = match note.map(|here| &here.kept) {
            Some(Kept { what: KeptWhat::Note(text), place: Some(place), .. }) => {
                (place.clone(), text.replace('\n', " "))
            }
            _ => {
                let place = self.place_of(self.first_text_spot());
                return self.go_on_with_card(place, ctx);
            }
        };
        self.ask_card(place, answer);
    }

    /// Begins with the top line, or with the line that has the focus.
    pub(super) fn select(&mut self) {
        let from = match self.focus {
            Some(Focus::Link(link)) => self.document.links.get(link).map(|link| link.spot),
            Some(Focus::Question(block) | Focus::Block(block)) => Some(Spot { block, offset: 0 }),
            _ => None,
        };
        let row = from.map_or(self.top, |spot| self.page.row_of(spot));
        let spot = self.page.spot_of(row);
        self.focus = None;
        self.mode = Mode::Select(Selection { from: spot, to: spot });
    }

    /// The rows selected.
    pub(super) fn selected_rows(&self) -> Option<Range<usize>> {
        let Mode::Select(selection) = &self.mode else { return None };
        let (a, b) = (self.page.row_of(selection.from), self.page.row_of(selection.to));
        Some(a.min(b)..a.max(b) + 1)
    }

    pub(super) fn select_act(
        &mut self,
        action: Action,
        times: usize,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        let Mode::Select(selection) = self.mode else { return Vec::new() };
        let at = self.page.row_of(selection.to);
        let page = usize::from(self.height.max(2)) - 1;
        let to = match action {
            Action::Down => at.saturating_add(times),
            Action::Up => at.saturating_sub(times),
            Action::PageDown | Action::HalfDown => at.saturating_add(page * times),
            Action::PageUp | Action::HalfUp => at.saturating_sub(page * times),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            _ => {
                let effects = self.with_selection(action, ctx);
                return effects;
            }
        };
        let to = to.min(self.page.rows.len().saturating_sub(1));
        self.mode = Mode::Select(Selection { to: self.page.spot_of(to), ..selection });
        let height = usize::from(self.height).max(1);
        if to < self.top {
            self.scroll_to(to);
        } else if to >= self.top + height {
            self.scroll_to(to + 1 - height);
        }
        Vec::new()
    }

    fn with_selection(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let Some(rows) = self.selected_rows() else { return Vec::new() };
        let from = self.page.spot_of(rows.start);
        self.mode = Mode::Text;
        match action {
            Action::Copy => {
                let text = self.text_of(rows.clone());
                let count = rows.len();
                let lines = if count == 1 { "line" } else { "lines" };
                vec![Effect::Copy { text, what: format!("{count} {lines}") }]
            }
            Action::Note => {
                let place = self.place_of(from);
                self.ask_note(Some(place), ctx);
                Vec::new()
            }
            Action::OwnCard => {
                let (place, passage) = (self.place_of(from), self.text_of(rows));
                self.ask_card(place, passage.replace('\n', " "));
                Vec::new()
            }
            Action::Highlight => {
                let chars = self.chars_between(rows);
                if chars == 0 {
                    return vec![Effect::Say("nothing to highlight there".into())];
                }
                let lesson = self.entry.slug.to_string();
                let place = self.place_of(from);
                let undo = ctx.keymap.key(Scope::All, Action::UndoAct);
                vec![
                    Effect::Record(vec![What::Highlight { lesson, place, chars }]),
                    Effect::Say(format!("highlighted; {undo} takes it back")),
                ]
            }
            // `v` and Esc; what else is pressed selects nothing either.
            _ => Vec::new(),
        }
    }

    /// Characters of the text on some rows, as [`ranges`] counts them.
    fn chars_between(&self, rows: Range<usize>) -> u32 {
        let mut chars = 0;
        let mut block = None;
        for row in &self.page.rows[rows] {
            if block.is_some_and(|block| block != row.block) {
                chars += 1;
            }
            block = Some(row.block);
            chars += shown(row)
                .map(|range| self.document.slice(row.block, &range).chars().count())
                .sum::<usize>();
        }
        chars as u32
    }

    /// The text of some rows: lines of a paragraph joined, of code as they are.
    fn text_of(&self, rows: Range<usize>) -> String {
        let mut out = String::new();
        let mut block = None;
        for row in &self.page.rows[rows] {
            let line = row.text(&self.document);
            let flows = self
                .document
                .blocks
                .get(row.block as usize)
                .is_some_and(|block| matches!(block.kind, Kind::Paragraph | Kind::Heading(_)));
            match block {
                Some(before) if before == row.block && flows && !out.ends_with('\n') => {
                    out.push(' ');
                    out.push_str(line.trim());
                }
                None => out.push_str(line.trim_end()),
                Some(_) => {
                    out.push('\n');
                    out.push_str(line.trim_end());
                }
            }
            block = Some(row.block);
        }
        out
    }

    /// `y`: what has the focus, else the section, as its source.
    pub(super) fn copy(&self) -> Vec<Effect<'c>> {
        let copied = |text: String, what: &str| vec![Effect::Copy { text, what: what.into() }];
        match self.focus {
            Some(Focus::Link(link)) => match self.document.links.get(link).map(|l| &l.target) {
                Some(Target::Url(url)) => copied(url.clone(), "the address"),
                Some(Target::Lesson { slug, heading }) => {
                    let slug = if slug.is_empty() { &*self.entry.slug } else { slug };
                    let heading = heading.as_ref().map_or(String::new(), |id| format!("#{id}"));
                    copied(format!("{slug}{heading}"), "the name of the lesson")
                }
                Some(Target::Note { block: Some(block), .. }) => {
                    copied(self.document.blocks[*block].text.clone(), "the source")
                }
                Some(Target::Lab(name) | Target::Result(name)) => copied(name.clone(), "the name"),
                Some(Target::Note { block: None, .. }) | None => Vec::new(),
            },
            Some(Focus::Question(block)) => {
                copied(self.document.blocks[block].text.clone(), "the question")
            }
            Some(Focus::Block(block)) => {
                copied(self.document.blocks[block].text.clone(), "the block")
            }
            Some(Focus::Note(index)) => match self.kept.get(index).map(|here| &here.kept.what) {
                Some(KeptWhat::Note(text)) => copied(text.clone(), "the note"),
                _ => Vec::new(),
            },
            None => {
                let here = self.page.spot_of(self.top).block;
                let section = self.document.section_of(here);
                let start = section.map_or(0, |at| {
                    self.document.blocks[self.document.headings[at].block].source.start as usize
                });
                let next = section.map_or(0, |at| at + 1);
                let end = self.document.headings.get(next).map_or(self.body.len(), |heading| {
                    self.document.blocks[heading.block].source.start as usize
                });
                let text = self.body.get(start..end.max(start)).unwrap_or_default();
                copied(crate::text::clean(text.trim_end()).into_owned() + "\n", "the section")
            }
        }
    }

    /// What a report of an error needs to find the place again.
    pub(super) fn report(&self) -> Effect<'c> {
        let place = self.place_of(self.page.spot_of(self.top));
        let heading = place.heading.map_or(String::new(), |id| format!("#{id}"));
        let text = format!(
            "lesson {} {}{heading}, text {:08x}, sdprep {}: \"{}\"",
            self.entry.number,
            self.entry.slug,
            self.entry.hash,
            env!("CARGO_PKG_VERSION"),
            place.quote
        );
        Effect::Copy { text, what: "lesson, heading and versions".into() }
    }

    /// A note to edit.
    pub(super) fn edit_note(&mut self, index: usize, ctx: &Ctx<'_, 'c>) {
        let Some(KeptHere { kept, .. }) = self.kept.get(index) else { return };
        if let (KeptWhat::Note(text), Some(place)) = (&kept.what, &kept.place) {
            let over = vec![kept.id.clone()];
            let draft = ctx.drafts.get(&self.about(&over)).map_or(text, |draft| &draft.text);
            let prompt = Prompt::Note { place: place.clone(), over };
            self.mode = Mode::Prompt(prompt, Field::new(draft));
        }
    }
}

/// Bytes of the block that a row shows.
fn shown(row: &Row) -> impl Iterator<Item = Range<u32>> + '_ {
    row.pieces.iter().filter_map(|piece| match piece {
        markdown::Piece::Text { range, .. } => Some(range.clone()),
        _ => None,
    })
}

/// So many characters from a spot on, block by block; the end of a block counts one.
fn ranges(document: &Document, from: Spot, chars: usize) -> Vec<Hit> {
    let mut left = chars;
    let mut out = Vec::new();
    let mut start = from.offset as usize;
    for (index, block) in document.blocks.iter().enumerate().skip(from.block) {
        let text = block.text.get(start..).unwrap_or_default();
        let end = text.char_indices().nth(left).map_or(block.text.len(), |(at, _)| start + at);
        if start < end {
            out.push(Hit { block: index as u32, range: start as u32..end as u32 });
        }
        let used = block.text.get(start..end).unwrap_or_default().chars().count() + 1;
        start = 0;
        match left.checked_sub(used) {
            Some(rest) if rest > 0 => left = rest,
            _ => break,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;

    #[test]
    fn a_highlight_goes_over_the_ends_of_blocks() {
        let document = parse("one two\n\nthree\n", 1);
        let found = ranges(&document, Spot { block: 0, offset: 4 }, 3 + 1 + 2);
        assert_eq!(found, [Hit { block: 0, range: 4..7 }, Hit { block: 1, range: 0..2 }]);
        assert_eq!(ranges(&document, Spot { block: 1, offset: 0 }, 999).len(), 1);
    }

    #[test]
    fn a_place_moves_with_its_words() {
        let old = parse("# A\n\nfirst.\n\nThe words that matter.\n", 1);
        let position = markdown::position(&old, Spot { block: 2, offset: 0 });
        let place = Place {
            heading: position.heading,
            fraction: position.fraction,
            share: position.share,
            quote: "The words that matter.".into(),
        };
        let new = parse(
            "# A\n\nA new paragraph, much longer than before.\n\nfirst.\n\nThe words that matter.\n",
            1,
        );
        let spot = spot_of(&new, &place, str::to_string);
        assert_eq!(spot, Spot { block: 3, offset: 0 });
        let gone = parse("# B\n\nnothing\n", 1);
        let _ = spot_of(&gone, &place, str::to_string);
    }
}
