//! Whole screens, driven by keys, without a terminal, a file or a clock.
#![allow(clippy::unwrap_used)]

mod support;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use sdprep::catalog;
use sdprep::course::Course;
use sdprep::tui::{Event, Step};
use support::COURSE;
use support::screen::{Screen, moment};

fn small() -> Course {
    catalog::open(std::path::Path::new(COURSE)).unwrap()
}

const SIZES: [(u16, u16); 3] = [(80, 24), (160, 50), (40, 12)];

#[test]
fn library_and_reader_at_three_sizes() {
    let course = small();
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
fn the_page_of_keys_cuts_no_word_and_says_that_there_is_more() {
    let course = small();
    for (width, height) in SIZES {
        let mut screen = Screen::new(&course, (width, height));
        for open in ["?", "<esc><enter>?", "<esc><esc>r?", "<esc><esc>x?", "<esc><enter>?"] {
            let mut text = screen.press(open).text();
            let mut pages = vec![text.clone()];
            while text.contains("↓ more, ctrl-f") {
                text = screen.press("<c-f>").text();
                pages.push(text.clone());
                assert!(pages.len() < 40);
            }
            let all = pages.join("\n");
            assert!(!all.contains('…'), "{all}");
            assert!(all.contains("mouse"), "the last line is reached: {all}");
            assert!(pages.len() == 1 || text.contains("↑ more, ctrl-b"), "{text}");
        }
    }
}

#[test]
fn the_library_filters_as_one_types_and_groups_by_tab() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    insta::assert_snapshot!("filtered", screen.press("/law").text());
    assert!(screen.press("<esc>").text().contains("URL Shortener"), "esc clears the filter");
    insta::assert_snapshot!("by_kind", screen.press("<tab>").text());
    insta::assert_snapshot!("by_track", screen.press("<tab>").text());
    assert!(screen.press("/zzz").text().contains("no lesson matches"));
}

#[test]
fn a_track_is_chosen_by_key_and_taken_back() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    assert!(screen.press("T").text().contains("sprint · "));
    assert!(screen.press("TTT").text().contains("no track"));
    assert!(screen.press("u").text().contains("mastery · "), "the last of four acts is taken back");
}

#[test]
fn reading_to_the_end_reads_a_lesson_only_after_a_fifth_of_its_minutes() {
    let course = small();
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
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/url<enter><enter>40j");
    let line = screen.line(3);
    assert!(!line.trim().is_empty());
    let first_words: Vec<&str> = line.split_whitespace().take(2).collect();
    for size in [(40, 12), (200, 60), (20, 5), (1, 1), (80, 3), (80, 24)] {
        screen.size = size;
        screen.text();
    }
    assert_eq!(screen.line(3), line, "the anchor is not moved by resizes");
    screen.press("<esc><enter>");
    assert_eq!(screen.line(3), line, "{first_words:?}");
}

#[test]
fn an_answer_is_hidden_until_asked_for() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 40));
    screen.press("/basics<enter><enter>");
    let answer = "A question. Nothing else is known yet.";
    assert!(!screen.text().contains(answer));
    assert!(screen.press("<enter>").text().contains(answer), "enter answers the first question");
    assert!(screen.press("<enter>").text().contains("since it waits"), "and again the next");
    assert!(
        !screen.press("<tab><enter>").text().contains(answer),
        "with the focus on it, it is hidden again"
    );
}

#[test]
fn links_are_followed_and_returned_from_to_the_same_line() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/url<enter><enter>30j");
    let before = screen.line(3);
    // Whatever the links on the page are: after following and returning the page is the same.
    screen.press("<tab><tab><enter>");
    screen.press("<backspace>");
    if !screen.line(0).contains("URL Shortener") {
        screen.press("<enter>");
    }
    assert_eq!(screen.line(3), before);
}

#[test]
fn next_and_previous_lesson_follow_the_series() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/basics<enter><enter>L");
    assert!(screen.line(0).contains("Lost Update"), "{}", screen.line(0));
    assert!(screen.press("HH").text().contains("this is the first lesson"));
}

#[test]
fn every_size_down_to_nothing_draws_something_and_no_key_panics() {
    let course = small();
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
    let course = small();
    let mut screen = Screen::new(&course, (20, 5));
    screen.press("<enter>");
    let words: usize = screen.text().split_whitespace().count();
    assert!(words > 8, "{}", screen.text());
}

#[test]
fn wheel_and_click_do_what_keys_do() {
    let course = small();
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
    let before = screen.line(3);
    screen.app.event(mouse(MouseEventKind::ScrollDown, 10, 10), moment(2.0));
    assert_ne!(screen.line(3), before);
}

#[test]
fn pasted_text_goes_into_a_field_or_nowhere() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    let paste = "q".repeat(20_000);
    assert_eq!(screen.app.event(Event::Paste(paste.clone()), moment(1.0)), Step::Stay);
    screen.press("/");
    screen.app.event(Event::Paste("\u{1b}[31mlaw".into()), moment(2.0));
    assert!(!screen.text().contains('\u{1b}'));
}
