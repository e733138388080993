//! Letters on what is on the screen: a link to follow, a term to look up, a word to search.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;

use super::super::keymap::{Action, Chord};
use super::super::message::{Ctx, Effect, Goal};
use super::super::rows;
use super::super::widgets::put;
use super::{Focus, Mode, Reader, Search};
use crate::markdown::{Piece, Spot};
use crate::render::Role;
use crate::search::{self, Glossary};

/// The easiest keys first.
const LETTERS: &[u8; 26] = b"asdfghjklqwertyuiopzxcvbnm";
/// Words shorter than this are rarely terms.
const SHORT: usize = 4;

/// What can be picked.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pick {
    Link(usize),
    Term(usize),
    Word(String),
}

/// One label and what it stands on.
struct Hint {
    label: String,
    row: usize,
    cell: usize,
    pick: Pick,
}

/// The labels, and the letters typed so far.
pub(super) struct Hints {
    hints: Vec<Hint>,
    typed: String,
}

impl<'c> Reader<'c> {
    /// Puts letters on links, terms or words.
    pub(super) fn hints(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let (picks, none) = match action {
            Action::LinkHints => (self.links_on_screen(), "no link on the screen"),
            Action::Term => {
                let glossary = self.glossary.get_or_insert_with(|| Glossary::of(ctx.course));
                if glossary.terms.is_empty() {
                    return vec![Effect::Say("this course has no glossary yet".into())];
                }
                (self.terms_on_screen(), "no term of the glossary on the screen")
            }
            _ => (self.words_on_screen(), "no word on the screen stands anywhere else"),
        };
        if picks.is_empty() {
            return vec![Effect::Say(none.into())];
        }
        let labels = labels(picks.len());
        let hints = picks.into_iter().zip(labels).map(|((spot, pick), label)| {
            let row = self.page.row_showing(spot)?;
            let cell = rows::cell_of(&self.document, &self.page.rows[row], spot.offset)?;
            Some(Hint { label, row, cell, pick })
        });
        self.mode = Mode::Hints(Hints { hints: hints.flatten().collect(), typed: String::new() });
        Vec::new()
    }

    fn links_on_screen(&self) -> Vec<(Spot, Pick)> {
        let links = self.visible_focuses().into_iter().filter_map(|focus| match focus {
            Focus::Link(link) => Some(link),
            _ => None,
        });
        links
            .filter_map(|link| {
                // The part of a wrapped link that is on the screen.
                let rows = self.visible_rows();
                let spot = rows.clone().find_map(|row| {
                    let row = &self.page.rows[row];
                    row.pieces.iter().find_map(|piece| match piece {
                        Piece::Text { range, link: Some(here), .. } if *here as usize == link => {
                            Some(Spot { block: row.block as usize, offset: range.start })
                        }
                        _ => None,
                    })
                })?;
                Some((spot, Pick::Link(link)))
            })
            .collect()
    }

    /// Blocks that have a row on the screen.
    fn visible_blocks(&self) -> Vec<usize> {
        let mut blocks: Vec<usize> =
            self.visible_rows().map(|row| self.page.rows[row].block as usize).collect();
        blocks.dedup();
        blocks
    }

    fn on_screen(&self, spot: Spot) -> bool {
        self.page.row_showing(spot).is_some_and(|row| self.visible_rows().contains(&row))
    }

    /// The first place of each term.
    fn terms_on_screen(&self) -> Vec<(Spot, Pick)> {
        let Some(glossary) = &self.glossary else { return Vec::new() };
        let mut picks: Vec<(Spot, Pick)> = Vec::new();
        for block in self.visible_blocks() {
            for (range, term) in glossary.terms_in(&self.document.blocks[block].text) {
                let spot = Spot { block, offset: range.start as u32 };
                let pick = Pick::Term(term);
                if self.on_screen(spot) && picks.iter().all(|(_, known)| *known != pick) {
                    picks.push((spot, pick));
                }
            }
        }
        picks
    }

    /// The first place of each word that stands more than once in the lesson.
    fn words_on_screen(&self) -> Vec<(Spot, Pick)> {
        let mut picks: Vec<(Spot, Pick)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for block in self.visible_blocks() {
            let text = &self.document.blocks[block].text;
            for (at, word) in words(text) {
                let spot = Spot { block, offset: at as u32 };
                let low = word.to_lowercase();
                if word.chars().count() < SHORT || seen.contains(&low) || !self.on_screen(spot) {
                    continue;
                }
                let mut places = 0;
                for block in &self.document.blocks {
                    places += search::find(&block.text, &low).len();
                    if places > 1 {
                        break;
                    }
                }
                if places > 1 {
                    picks.push((spot, Pick::Word(low.clone())));
                }
                seen.insert(low);
            }
        }
        picks.truncate(LETTERS.len() * LETTERS.len());
        picks
    }

    /// A letter narrows the labels; the last one picks. Anything else leaves.
    pub(super) fn hint_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let Mode::Hints(hints) = &mut self.mode else { return Vec::new() };
        match chord.typed() {
            Some(letter) => hints.typed.push(letter),
            None if chord.is(KeyCode::Backspace) && hints.typed.pop().is_some() => {
                return Vec::new();
            }
            None => {
                self.mode = Mode::Text;
                return Vec::new();
            }
        }
        let Some(hint) = hints.hints.iter().find(|hint| hint.label.starts_with(&hints.typed))
        else {
            self.mode = Mode::Text;
            return Vec::new();
        };
        if hint.label != hints.typed {
            return Vec::new();
        }
        let pick = hint.pick.clone();
        self.mode = Mode::Text;
        match pick {
            Pick::Link(link) => {
                self.focus = Some(Focus::Link(link));
                self.enter(ctx)
            }
            Pick::Term(term) => {
                self.mode = Mode::Term(term);
                Vec::new()
            }
            Pick::Word(word) => {
                self.trail.push(self.page.spot_of(self.top));
                self.search = Some(Search::new(&word));
                self.search_again();
                self.search_on(true, 1, ctx)
            }
        }
    }

    /// Any key leaves the entry of a term; Enter opens the glossary there.
    pub(super) fn leave_term(&mut self, action: Action, effects: &mut Vec<Effect<'c>>) {
        if let Mode::Term(index) = self.mode
            && action == Action::Open
            && let Some(term) = self.glossary.as_ref().and_then(|g| g.terms.get(index))
        {
            effects
                .push(Effect::OpenSlug(term.lesson.clone(), Goal::Heading(term.heading.clone())));
        }
        self.mode = Mode::Text;
    }

    pub(super) fn draw_hints(&self, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let Mode::Hints(hints) = &self.mode else { return };
        for hint in &hints.hints {
            let Some(rest) = hint.label.strip_prefix(hints.typed.as_str()) else { continue };
            let Some(down) = hint.row.checked_sub(self.top) else { continue };
            let right = self.text_area.x + hint.cell as u16;
            if down < usize::from(self.text_area.height) && right < self.text_area.right() {
                let y = self.text_area.y + down as u16;
                let room = self.text_area.right() - right;
                put(buffer, right, y, rest, room, ctx.theme.style(Role::CurrentHit));
            }
        }
    }
}

/// Words with where they begin; `-` and `_` join.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let joins = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
    text.split(joins).filter(|word| !word.is_empty()).map(move |word| {
        // Both are slices of one text.
        (word.as_ptr() as usize - text.as_ptr() as usize, word)
    })
}

/// So many labels of one length, so that none is the start of another.
fn labels(count: usize) -> Vec<String> {
    let letter = |at: usize| char::from(LETTERS[at % LETTERS.len()]);
    let one = |at: usize| letter(at).to_string();
    let two = |at: usize| format!("{}{}", letter(at / LETTERS.len()), letter(at));
    if count <= LETTERS.len() {
        (0..count).map(one).collect()
    } else {
        (0..count).map(two).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_of_one_length_and_differ() {
        for count in [1, 26, 27, 676] {
            let mut labels = labels(count);
            assert!(labels.iter().all(|label| label.len() == labels[0].len()));
            labels.sort();
            labels.dedup();
            assert_eq!(labels.len(), count);
        }
    }

    #[test]
    fn words_know_where_they_begin() {
        let text = "ein read_only, *two-phase* ärger";
        let found: Vec<_> = words(text).collect();
        assert_eq!(found, [(0, "ein"), (4, "read_only"), (16, "two-phase"), (27, "ärger")]);
    }
}
