//! Whole screens, driven by keys, without a terminal, a file or a clock.
#![allow(clippy::unwrap_used)]

use chrono::DateTime;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sdprep::catalog;
use sdprep::config::Config;
use sdprep::course::Course;
use sdprep::journal::Store;
use sdprep::render::Theme;
use sdprep::tui::{App, Event, Keymap, Moment, Step};

/// The program at a size, with a clock that a test moves.
struct Screen<'c> {
    app: App<'c>,
    size: (u16, u16),
    seconds: f64,
}

fn moment(seconds: f64) -> Moment {
    let start = DateTime::parse_from_rfc3339("2026-11-24T10:00:00+01:00").unwrap();
    Moment {
        wall: start + chrono::Duration::milliseconds((seconds * 1000.0) as i64),
        mono: seconds,
    }
}

impl<'c> Screen<'c> {
    fn new(course: &'c Course, size: (u16, u16)) -> Self {
        let config = Config::default();
        let keymap = Keymap::new(&config.keys, "config.toml").unwrap();
        let themes =
            vec![("ansi".to_string(), Theme::default()), ("mono".to_string(), Theme::mono())];
        let store = Store::nowhere(String::new());
        let app = App::new(course, store, config, keymap, themes, moment(0.0));
        let mut screen = Screen { app, size, seconds: 0.0 };
        screen.text();
        screen
    }

    /// Keys as in `"jj<enter>/quorum<esc>"`.
    fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (name, used) = match rest.find('>') {
                Some(end) if first == '<' => (&rest[1..end], end + 1),
                _ => (&rest[..first.len_utf8()], first.len_utf8()),
            };
            rest = &rest[used..];
            let code = match name {
                "enter" => KeyCode::Enter,
                "esc" => KeyCode::Esc,
                "tab" => KeyCode::Tab,
                "backspace" => KeyCode::Backspace,
                "end" => KeyCode::End,
                one => KeyCode::Char(one.chars().next().unwrap()),
            };
            self.seconds += 0.1;
            let event = Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
            self.app.event(event, moment(self.seconds));
            self.text();
        }
        self
    }

    fn wait(&mut self, seconds: f64) -> &mut Self {
        let end = self.seconds + seconds;
        while let Some(deadline) = self.app.deadline().filter(|deadline| *deadline <= end) {
            self.seconds = self.seconds.max(deadline) + 0.001;
            self.app.tick(moment(self.seconds));
        }
        self.seconds = end;
        self
    }

    fn buffer(&mut self) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        self.app.draw(buffer.area, &mut buffer);
        buffer
    }

    fn text(&mut self) -> String {
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

    fn line(&mut self, y: usize) -> String {
        self.text().lines().nth(y).unwrap_or_default().to_string()
    }
}

const SIZES: [(u16, u16); 3] = [(80, 24), (160, 50), (40, 12)];

#[test]
fn library_and_reader_at_three_sizes() {
    let course = catalog::embedded();
    for (width, height) in SIZES {
        let mut screen = Screen::new(&course, (width, height));
        insta::assert_snapshot!(format!("library_{width}x{height}"), screen.text());
        screen.press("G<enter>");
        insta::assert_snapshot!(format!("reader_{width}x{height}"), screen.text());
        screen.press("<esc>?");
        insta::assert_snapshot!(format!("keys_{width}x{height}"), screen.text());
    }
}

#[test]
fn the_library_filters_as_one_types_and_groups_by_tab() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    insta::assert_snapshot!("filtered", screen.press("/law").text());
    assert!(screen.press("<esc>").text().contains("URL Shortener"), "esc clears the filter");
    insta::assert_snapshot!("by_kind", screen.press("<tab>").text());
    insta::assert_snapshot!("by_track", screen.press("<tab>").text());
    assert!(screen.press("/zzz").text().contains("no lesson matches"));
}

#[test]
fn a_track_is_chosen_by_key_and_taken_back() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    assert!(screen.press("T").text().contains("sprint · "));
    assert!(screen.press("TTT").text().contains("no track"));
    assert!(screen.press("u").text().contains("mastery · "), "the last of four acts is taken back");
}

#[test]
fn reading_to_the_end_reads_a_lesson_only_after_a_fifth_of_its_minutes() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/little<enter><enter><end>");
    assert!(screen.line(0).contains("100 %"), "{}", screen.line(0));
    assert!(
        !screen.press("<esc>").text().contains("read 24 Nov"),
        "a jump to the end is no reading"
    );
    screen.press("<enter>").wait(5.0);
    for _ in 0..30 {
        screen.press("gg").wait(20.0);
        screen.press("<end>").wait(1.0);
    }
    assert!(screen.press("<esc>").text().contains("read 24 Nov"), "{}", screen.text());
}

#[test]
fn the_place_is_kept_on_leaving_and_over_every_resize() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/url<enter><enter>40j");
    let line = screen.line(2);
    assert!(!line.trim().is_empty());
    let first_words: Vec<&str> = line.split_whitespace().take(2).collect();
    for size in [(40, 12), (200, 60), (20, 5), (1, 1), (80, 3), (80, 24)] {
        screen.size = size;
        screen.text();
    }
    assert_eq!(screen.line(2), line, "the anchor is not moved by resizes");
    screen.press("<esc><enter>");
    assert_eq!(screen.line(2), line, "{first_words:?}");
}

#[test]
fn an_answer_is_hidden_until_asked_for() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 40));
    screen.press("/basics<enter><enter>");
    let before = screen.text();
    let after = screen.press("<enter>").text();
    assert!(after.lines().count() == before.lines().count() && after != before);
    assert_eq!(screen.press("<enter>").text(), before, "again hides it");
}

#[test]
fn links_are_followed_and_returned_from_to_the_same_line() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/url<enter><enter>30j");
    let before = screen.line(2);
    // Whatever the links on the page are: after following and returning the page is the same.
    screen.press("<tab><tab><enter>");
    screen.press("<backspace>");
    if !screen.line(0).contains("URL Shortener") {
        screen.press("<enter>");
    }
    assert_eq!(screen.line(2), before);
}

#[test]
fn next_and_previous_lesson_follow_the_series() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/basics<enter><enter>L");
    assert!(screen.line(0).contains("Lost Update"), "{}", screen.line(0));
    assert!(screen.press("HH").text().contains("this is the first lesson"));
}

#[test]
fn every_size_down_to_nothing_draws_something_and_no_key_panics() {
    let course = catalog::embedded();
    for width in [0, 1, 2, 3, 7, 19, 20, 41, 80] {
        for height in [0, 1, 2, 3, 5, 8, 24] {
            let mut screen = Screen::new(&course, (width, height));
            screen
                .press("jkG<enter>jjG<tab><tab><enter><backspace>?jG<esc>wAmuLHpTt/x<esc>999999j");
            if width > 0 && height > 0 {
                assert!(!screen.text().trim().is_empty(), "{width}x{height} shows nothing");
            }
        }
    }
}

#[test]
fn at_20x5_the_text_comes_first() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (20, 5));
    screen.press("<enter>");
    let words: usize = screen.text().split_whitespace().count();
    assert!(words > 8, "{}", screen.text());
}

#[test]
fn wheel_and_click_do_what_keys_do() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    let mouse = |kind, column, row| {
        Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
    };
    let row = screen.text().lines().position(|line| line.contains("URL Shortener")).unwrap() as u16;
    for _ in 0..2 {
        screen.app.event(mouse(MouseEventKind::Down(MouseButton::Left), 10, row), moment(1.0));
        screen.text();
    }
    assert!(screen.line(0).contains("URL Shortener"), "a click selects, a second opens");
    let before = screen.line(2);
    screen.app.event(mouse(MouseEventKind::ScrollDown, 10, 10), moment(2.0));
    assert_ne!(screen.line(2), before);
}

#[test]
fn pasted_text_goes_into_a_field_or_nowhere() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    let paste = "q".repeat(20_000);
    assert_eq!(screen.app.event(Event::Paste(paste.clone()), moment(1.0)), Step::Stay);
    screen.press("/");
    screen.app.event(Event::Paste("\u{1b}[31mlaw".into()), moment(2.0));
    assert!(!screen.text().contains('\u{1b}'));
}
