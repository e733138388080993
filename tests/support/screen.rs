//! The program without a terminal, driven by keys as in `"jj<enter>/quorum<esc>"`.
#![allow(dead_code, clippy::unwrap_used, clippy::missing_panics_doc)]

use chrono::DateTime;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sdprep::config::Config;
use sdprep::course::Course;
use sdprep::journal::{Store, What};
use sdprep::render::Theme;
use sdprep::tui::{App, Event, Goal, Keymap, Moment};

/// The program at a size, with a clock that a test moves.
pub struct Screen<'c> {
    pub course: &'c Course,
    pub app: App<'c>,
    pub size: (u16, u16),
    pub seconds: f64,
}

pub fn moment(seconds: f64) -> Moment {
    let start = DateTime::parse_from_rfc3339("2026-11-24T10:00:00+01:00").unwrap();
    Moment {
        wall: start + chrono::Duration::milliseconds((seconds * 1000.0) as i64),
        mono: seconds,
    }
}

impl<'c> Screen<'c> {
    pub fn new(course: &'c Course, size: (u16, u16)) -> Self {
        let config = Config::default();
        let keymap = Keymap::new(&config.keys, "config.toml").unwrap();
        let themes =
            vec![("ansi".to_string(), Theme::default()), ("mono".to_string(), Theme::mono())];
        let store = Store::nowhere(String::new());
        let app = App::new(course, store, config, keymap, themes, moment(0.0));
        let mut screen = Screen { course, app, size, seconds: 0.0 };
        screen.text();
        screen
    }

    /// What is picked of the acts in the journal that count, oldest first.
    pub fn kept<T>(&mut self, pick: impl Fn(&What) -> Option<T>) -> Vec<T> {
        self.app.store().alive().iter().filter_map(|event| pick(&event.what)).collect()
    }

    /// Opens a lesson by its number.
    pub fn open(&mut self, number: u16) -> &mut Self {
        let entry = self.course.lessons.iter().find(|entry| entry.number == number).unwrap();
        self.app.open(entry, &Goal::Stopped);
        self.text();
        self
    }

    /// Keys as in `"jj<enter>/quorum<esc><c-p>"`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (name, used) = match rest.find('>') {
                Some(end) if first == '<' => (&rest[1..end], end + 1),
                _ => (&rest[..first.len_utf8()], first.len_utf8()),
            };
            rest = &rest[used..];
            let code = match name {
                "enter" => KeyCode::Enter,
                "space" => KeyCode::Char(' '),
                "esc" => KeyCode::Esc,
                "tab" => KeyCode::Tab,
                "backspace" => KeyCode::Backspace,
                "end" => KeyCode::End,
                "down" => KeyCode::Down,
                "pagedown" => KeyCode::PageDown,
                one if one.starts_with("c-") => {
                    let code = KeyCode::Char(one.chars().nth(2).unwrap());
                    self.seconds += 0.1;
                    let event = Event::Key(KeyEvent::new(code, KeyModifiers::CONTROL));
                    self.app.event(event, moment(self.seconds));
                    self.text();
                    continue;
                }
                one => KeyCode::Char(one.chars().next().unwrap()),
            };
            self.seconds += 0.1;
            let event = Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
            self.app.event(event, moment(self.seconds));
            self.text();
        }
        self
    }

    pub fn wait(&mut self, seconds: f64) -> &mut Self {
        let end = self.seconds + seconds;
        while let Some(deadline) = self.app.deadline().filter(|deadline| *deadline <= end) {
            self.seconds = self.seconds.max(deadline) + 0.001;
            self.app.tick(moment(self.seconds));
        }
        self.seconds = end;
        self
    }

    fn buffer(&mut self) -> Buffer {
        let empty = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        let mut buffer = empty.clone();
        self.app.draw(buffer.area, &mut buffer);
        // As the loop does.
        if self.app.afterwards() {
            buffer = empty;
            self.app.draw(buffer.area, &mut buffer);
        }
        buffer
    }

    pub fn text(&mut self) -> String {
        let buffer = self.buffer();
        let (width, height) = self.size;
        let row = |y: u16| -> String {
            let mut row = String::new();
            let mut skip = 0;
            for x in 0..width {
                let symbol = buffer[(x, y)].symbol();
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                row.push_str(symbol);
                skip = sdprep::text::width(symbol).saturating_sub(1);
            }
            row.trim_end().to_string()
        };
        (0..height).map(row).collect::<Vec<_>>().join("\n")
    }

    pub fn line(&mut self, y: usize) -> String {
        self.text().lines().nth(y).unwrap_or_default().to_string()
    }
}
