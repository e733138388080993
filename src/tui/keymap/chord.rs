//! One stroke, as it is pressed and as a configuration writes it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One stroke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    ctrl: bool,
    alt: bool,
}

impl Chord {
    /// Of an event. Shift is in the character already, but for Tab.
    pub fn of(event: KeyEvent) -> Self {
        let code = match event.code {
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        // What ctrl-h sends is Backspace on most terminals; crossterm already tells them apart where it can.
        Chord { code, ctrl, alt: event.modifiers.contains(KeyModifiers::ALT) }
    }

    /// The digit that may be a count.
    pub fn digit(self) -> Option<u32> {
        match self {
            Chord { code: KeyCode::Char(c), ctrl: false, alt: false } => c.to_digit(10),
            _ => None,
        }
    }

    /// The character typed into a text field.
    pub fn typed(self) -> Option<char> {
        match self {
            Chord { code: KeyCode::Char(c), ctrl: false, alt: false } => Some(c),
            _ => None,
        }
    }

    /// Key, and whether Ctrl and Alt are held.
    pub fn parts(self) -> (KeyCode, bool, bool) {
        (self.code, self.ctrl, self.alt)
    }

    /// Whether it is this key, unmodified.
    pub fn is(self, code: KeyCode) -> bool {
        self == Chord { code, ctrl: false, alt: false }
    }

    /// Whether it is this letter with Ctrl.
    pub fn is_ctrl(self, letter: char) -> bool {
        self == Chord { code: KeyCode::Char(letter), ctrl: true, alt: false }
    }

    pub(super) fn parse(text: &str) -> Option<Chord> {
        let mut chord = Chord { code: KeyCode::Null, ctrl: false, alt: false };
        let mut name = text;
        loop {
            if let Some(rest) = name.strip_prefix("ctrl-") {
                (chord.ctrl, name) = (true, rest);
            } else if let Some(rest) = name.strip_prefix("alt-") {
                (chord.alt, name) = (true, rest);
            } else {
                break;
            }
        }
        let mut letters = name.chars();
        chord.code = match (letters.next(), letters.next()) {
            (Some(letter), None) if !letter.is_control() && letter != ' ' => KeyCode::Char(letter),
            (None, _) => return None,
            _ => match name {
                "enter" => KeyCode::Enter,
                "esc" => KeyCode::Esc,
                "space" => KeyCode::Char(' '),
                "tab" => KeyCode::Tab,
                "backtab" => KeyCode::BackTab,
                "backspace" => KeyCode::Backspace,
                "delete" => KeyCode::Delete,
                "up" => KeyCode::Up,
                "down" => KeyCode::Down,
                "left" => KeyCode::Left,
                "right" => KeyCode::Right,
                "home" => KeyCode::Home,
                "end" => KeyCode::End,
                "pageup" => KeyCode::PageUp,
                "pagedown" => KeyCode::PageDown,
                _ => KeyCode::F(
                    name.strip_prefix('f')?.parse().ok().filter(|n| (1..=24).contains(n))?,
                ),
            },
        };
        Some(chord)
    }

    pub(super) fn sequence(text: &str) -> Option<Vec<Chord>> {
        let chords: Option<Vec<Chord>> = text.split(' ').map(Chord::parse).collect();
        chords.filter(|chords| !chords.is_empty())
    }
}
