//! Several lines being typed: ratatui-textarea behind our keys.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, Input, Key, TextArea, WrapMode};

use super::keymap::Chord;
use crate::text;

/// Most bytes of a pad: a paste is no file.
const MOST: usize = 64 * 1024;

/// A text of several lines with its caret.
pub struct Pad(TextArea<'static>);

impl Pad {
    /// With a text in it, the caret at its end.
    pub fn new(text: &str) -> Pad {
        let lines = text.split('\n').map(|line| text::clean(line).into_owned()).collect();
        let mut area = TextArea::new(lines);
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.set_cursor_line_style(Style::new());
        area.set_cursor_style(Style::new().add_modifier(Modifier::REVERSED));
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Pad(area)
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        self.0.lines().join("\n")
    }

    /// Line and character of the caret, from 0.
    pub fn caret(&self) -> (usize, usize) {
        let at = self.0.cursor();
        (at.0, at.1)
    }

    /// Takes a key; whether the text is another one.
    pub fn key(&mut self, chord: Chord) -> bool {
        let (code, ctrl, alt) = chord.parts();
        let key = match code {
            KeyCode::Char(c) => Key::Char(c),
            KeyCode::Backspace => Key::Backspace,
            KeyCode::Enter => Key::Enter,
            KeyCode::Left => Key::Left,
            KeyCode::Right => Key::Right,
            KeyCode::Up => Key::Up,
            KeyCode::Down => Key::Down,
            KeyCode::Delete => Key::Delete,
            KeyCode::Home => Key::Home,
            KeyCode::End => Key::End,
            KeyCode::PageUp => Key::PageUp,
            KeyCode::PageDown => Key::PageDown,
            _ => return false,
        };
        let grows = matches!(key, Key::Char(_) | Key::Enter) && !ctrl && !alt;
        if grows && self.len() >= MOST {
            return false;
        }
        self.0.input(Input { key, ctrl, alt, shift: false })
    }

    fn len(&self) -> usize {
        self.0.lines().iter().map(|line| line.len() + 1).sum()
    }

    /// Adds pasted text at the caret.
    pub fn paste(&mut self, pasted: &str) {
        let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
        let room = MOST.saturating_sub(self.len());
        let cleaned: Vec<String> = text::fit(&pasted, room)
            .split('\n')
            .map(|line| text::clean(line).into_owned())
            .collect();
        self.0.insert_str(cleaned.join("\n"));
    }

    /// Draws it; the caret stays in sight.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        if !area.is_empty() {
            Widget::render(&self.0, area, buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyEvent, KeyModifiers};

    fn press(pad: &mut Pad, code: KeyCode) {
        pad.key(Chord::of(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    #[test]
    fn lines_are_typed_joined_and_pasted() {
        let mut pad = Pad::new("one\ntwo");
        press(&mut pad, KeyCode::Enter);
        press(&mut pad, KeyCode::Char('q'));
        assert_eq!(pad.text(), "one\ntwo\nq");
        press(&mut pad, KeyCode::Backspace);
        press(&mut pad, KeyCode::Backspace);
        pad.paste("\u{1b}[x\r\ny");
        assert_eq!(pad.text(), "one\ntwo\u{fffd}[x\ny");
    }

    #[test]
    fn every_size_is_drawn_and_a_paste_has_an_end() {
        let mut pad = Pad::new("");
        pad.paste(&"wort ".repeat(40_000));
        assert!(pad.text().len() <= MOST, "{}", pad.text().len());
        for (width, height) in [(1, 1), (2, 9), (80, 1), (0, 3)] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
            pad.draw(buffer.area, &mut buffer);
        }
    }
}
