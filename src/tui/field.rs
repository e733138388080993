//! A line of text being typed.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::keymap::Chord;
use super::widgets::put;
use crate::text;

/// Most bytes of a field: a paste is no file.
const MOST: usize = 16 * 1024;

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The text is another one.
    Changed,
    /// Enter.
    Done,
    /// Esc, or Backspace in an empty field.
    Left,
    /// None of the field's keys.
    Other,
}

/// Text with the caret at its end. Every letter is text; only Esc, Enter, Backspace and Ctrl act.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
}

impl Field {
    /// With a text in it.
    pub fn new(text: &str) -> Field {
        Field { text: text.into() }
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord) -> Typed {
        if let Some(letter) = chord.typed() {
            self.push(&letter.to_string());
        } else if chord.is(KeyCode::Backspace) {
            // A letter with its marks goes as one.
            let Some((at, _)) = unicode_segmentation::UnicodeSegmentation::grapheme_indices(
                self.text.as_str(),
                true,
            )
            .next_back() else {
                return Typed::Left;
            };
            self.text.truncate(at);
        } else if chord.is_ctrl('u') {
            self.text.clear();
        } else if chord.is_ctrl('w') {
            let kept = self.text.trim_end().rfind(char::is_whitespace).map_or(0, |at| at + 1);
            self.text.truncate(kept);
        } else if chord.is(KeyCode::Esc) {
            return Typed::Left;
        } else if chord.is(KeyCode::Enter) {
            return Typed::Done;
        } else {
            return Typed::Other;
        }
        Typed::Changed
    }

    /// Adds pasted text; line ends become blanks.
    pub fn paste(&mut self, pasted: &str) {
        let pasted: String =
            pasted.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        self.push(&text::clean(&pasted));
    }

    fn push(&mut self, more: &str) {
        self.text.push_str(text::fit(more, MOST.saturating_sub(self.text.len())));
    }

    /// Draws it after a label; the end stays in sight. Gives the cells used.
    pub fn draw(&self, buffer: &mut Buffer, row: Rect, label: &str, style: Style) -> u16 {
        let mut x = row.x + put(buffer, row.x, row.y, label, row.width, style);
        let room = usize::from(row.right().saturating_sub(x + 1));
        let shown = self.text.replace('\n', "↵");
        let shown = text::clean(&shown);
        let mut from = 0;
        while text::width(&shown[from..]) > room {
            from += shown[from..].chars().next().map_or(1, char::len_utf8);
        }
        x += put(buffer, x, row.y, &shown[from..], row.right().saturating_sub(x), style);
        let caret = Style::new().add_modifier(Modifier::REVERSED);
        x += put(buffer, x, row.y, " ", row.right().saturating_sub(x), caret);
        x - row.x
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crossterm::event::{KeyEvent, KeyModifiers};

    fn press(field: &mut Field, code: KeyCode, modifiers: KeyModifiers) -> Typed {
        field.key(Chord::of(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn letters_are_text_and_ctrl_acts() {
        let (none, ctrl) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        let mut field = Field::new("one two");
        assert_eq!(press(&mut field, KeyCode::Char('q'), none), Typed::Changed);
        assert_eq!(field.text(), "one twoq");
        press(&mut field, KeyCode::Char('w'), ctrl);
        assert_eq!(field.text(), "one ");
        press(&mut field, KeyCode::Char('u'), ctrl);
        assert_eq!(press(&mut field, KeyCode::Backspace, none), Typed::Left, "nothing to take");
        assert_eq!(press(&mut field, KeyCode::Char('p'), ctrl), Typed::Other);
        field.paste("e\u{301}\u{1b}\nx");
        assert_eq!(field.text(), "e\u{301}\u{fffd} x");
        for _ in 0..3 {
            press(&mut field, KeyCode::Backspace, none);
        }
        assert_eq!(field.text(), "e\u{301}");
        press(&mut field, KeyCode::Backspace, none);
        assert_eq!(field.text(), "", "a letter goes with its marks");
    }

    #[test]
    fn the_end_of_a_long_text_stays_in_sight() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        Field::new("abcdefghij").draw(&mut buffer, Rect::new(0, 0, 8, 1), "/", Style::new());
        let row: String = (0..8).map(|x| buffer[(x, 0)].symbol()).collect();
        assert_eq!(row, "/efghij ");
        let mut tiny = Buffer::empty(Rect::new(0, 0, 1, 1));
        Field::new("日本").draw(&mut tiny, Rect::new(0, 0, 1, 1), "/", Style::new());
    }
}
