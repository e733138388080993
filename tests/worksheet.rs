//! Worksheets on whole screens, driven by keys.
#![allow(clippy::unwrap_used)]

mod support;

use sdprep::catalog;
use sdprep::course::Course;
use support::COURSE;
use support::screen::Screen;

fn small() -> Course {
    catalog::open(std::path::Path::new(COURSE)).unwrap()
}

/// The estimate of the lesson about Little's law.
fn opened(course: &Course, size: (u16, u16)) -> Screen<'_> {
    let mut screen = Screen::new(course, size);
    screen.open(25);
    screen.press("E");
    screen
}

#[test]
fn an_estimate_at_three_sizes() {
    let course = small();
    for (width, height) in [(80, 24), (160, 50), (40, 12)] {
        let mut screen = opened(&course, (width, height));
        insta::assert_snapshot!(format!("worksheet_{width}x{height}"), screen.text());
        screen.press("j<enter><c-u>200 clicks/link");
        insta::assert_snapshot!(format!("worksheet_typing_{width}x{height}"), screen.text());
    }
}

#[test]
fn results_follow_as_one_types_and_enter_keeps_the_own_version() {
    let course = small();
    let mut screen = opened(&course, (80, 24));
    screen.press("j<enter><c-u>200");
    assert!(
        screen.text().contains("7,610 clicks/s   the text: 3,810 clicks/s"),
        "{}",
        screen.text()
    );
    screen.press("<enter><esc>E");
    assert!(screen.text().contains("7,610"), "kept: {}", screen.text());
    screen.press("u");
    assert!(!screen.text().contains("7,610"), "taken back: {}", screen.text());
    screen.press("<c-r>jr");
    assert!(!screen.text().contains("7,610"), "as the course has it: {}", screen.text());
}

#[test]
fn a_digit_begins_a_new_value_and_a_low_screen_keeps_the_watched_result_in_sight() {
    let course = small();
    let mut screen = opened(&course, (80, 24));
    screen.press("j200");
    assert!(screen.text().contains("7,610 clicks/s"), "{}", screen.text());
    let mut low = opened(&course, (40, 6));
    let goal = |screen: &mut Screen| screen.line(4);
    let before = goal(&mut low);
    assert!(before.contains("watched"), "{}", low.text());
    low.press("j200");
    assert!(goal(&mut low).contains("watched") && goal(&mut low) != before, "{}", low.text());
}

#[test]
fn what_is_given_up_while_typing_changes_nothing() {
    let course = small();
    let mut screen = opened(&course, (80, 24));
    let before = screen.text();
    screen.press("<enter><c-u>200 million links/month");
    assert!(screen.text().contains("7,610"), "{}", screen.text());
    screen.press("<esc>");
    assert_eq!(screen.text(), before);
}

#[test]
fn units_that_do_not_fit_are_said_at_once_and_not_kept() {
    let course = small();
    let mut screen = opened(&course, (80, 24));
    screen.press("j<enter><c-u>5 GB");
    assert!(screen.text().contains("ratio: "), "{}", screen.text());
    screen.press("<enter>");
    assert!(screen.text().contains("ratio = 5 GB"), "still typed: {}", screen.text());
}

#[test]
fn enter_on_an_estimate_of_the_text_opens_it_and_esc_comes_back_to_the_line() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.open(25);
    let line = screen.press("<tab>").text();
    screen.press("<enter>");
    assert!(screen.line(0).contains("Estimate  traffic"), "{}", screen.text());
    assert_eq!(screen.press("<esc>").text(), line);
}

#[test]
fn the_scratch_sheet_computes_line_by_line_and_is_there_again() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("E");
    screen.press("users_ = 50 million users<enter>users_ * 2 requests/user/day => requests/s<enter>1 GB + 3 s");
    insta::assert_snapshot!("scratch", screen.text());
    screen.press("<esc>E");
    assert!(screen.text().contains("1,160 requests/s"), "{}", screen.text());
}

#[test]
fn results_below_the_screen_are_scrolled_to() {
    let course = small();
    let mut screen = opened(&course, (80, 5));
    assert!(!screen.text().contains("steady"), "{}", screen.text());
    screen.press("<c-f>");
    assert!(screen.text().contains("moves it most"), "{}", screen.text());
    screen.press("j");
    assert!(screen.text().contains("ratio    100"), "{}", screen.text());
}

#[test]
fn every_size_draws_something_and_no_key_panics() {
    let course = small();
    for size in [(1, 1), (3, 2), (12, 4), (20, 6), (300, 3)] {
        let mut screen = opened(&course, size);
        for key in [
            "j", "j", "k", "<enter>", "9", "é", "<enter>", "<esc>", "r", "R", "<tab>", "u", "?",
            "<esc>", "<esc>",
        ] {
            screen.press(key);
        }
        screen.press("<esc>");
        let mut screen = Screen::new(&course, size);
        screen.press("E@");
        for key in [
            "x",
            "=",
            "日",
            "<enter>",
            "<enter>",
            "<end>",
            "<backspace>",
            "<down>",
            "<c-k>",
            "<c-e>",
            "<esc>",
        ] {
            screen.press(key);
        }
    }
}
