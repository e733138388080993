//! Recall on whole screens, driven by keys.
#![allow(clippy::unwrap_used)]

mod support;

use sdprep::catalog;
use sdprep::course::Course;
use sdprep::journal::What;
use support::COURSE;
use support::screen::Screen;

const DAY: f64 = 86_400.0;

fn small() -> Course {
    catalog::open(std::path::Path::new(COURSE)).unwrap()
}

/// All six lessons of the small course were read, and their six cards wait.
fn after_reading(course: &Course, size: (u16, u16)) -> Screen<'_> {
    let mut screen = Screen::new(course, size);
    screen.press("gg");
    for _ in 0..7 {
        screen.press("jm"); // on the head of a group it does nothing
    }
    screen
}

/// Card and grade of each answer that counts.
fn grades(screen: &mut Screen) -> Vec<(String, u8)> {
    let alive = screen.app.store().alive();
    let graded = alive.iter().filter_map(|event| match &event.what {
        What::Grade { card, grade, .. } => Some((card.clone(), *grade)),
        _ => None,
    });
    graded.collect()
}

#[test]
fn a_card_is_asked_shown_and_graded_at_three_sizes() {
    let course = small();
    for (width, height) in [(80, 24), (160, 50), (40, 12)] {
        let mut screen = after_reading(&course, (width, height));
        insta::assert_snapshot!(format!("review_library_{width}x{height}"), screen.text());
        screen.press("r");
        insta::assert_snapshot!(format!("review_asked_{width}x{height}"), screen.text());
        screen.press("<space>");
        insta::assert_snapshot!(format!("review_shown_{width}x{height}"), screen.text());
        screen.press("3 3 1 4 2 3 3x");
        insta::assert_snapshot!(format!("review_over_{width}x{height}"), screen.text());
    }
}

#[test]
fn a_missed_card_comes_again_at_the_end_and_each_grade_is_in_the_journal_at_once() {
    let course = small();
    let mut screen = after_reading(&course, (80, 24));
    screen.press("r3");
    assert!(screen.text().contains("shows the answer first"), "{}", screen.text());
    assert!(grades(&mut screen).is_empty());
    screen.press(" 1");
    let first = grades(&mut screen);
    assert_eq!(first.len(), 1, "before anything else is pressed");
    screen.press(" 3 3 3 3 3");
    assert!(screen.text().contains("6 of 6"), "{}", screen.text());
    screen.press(" 3");
    assert_eq!(grades(&mut screen).last().unwrap().0, first[0].0);
    assert!(screen.text().contains("6 cards done; 6 of 7 answers known"), "{}", screen.text());
}

#[test]
fn undo_goes_back_card_by_card_and_redo_returns() {
    let course = small();
    let mut screen = after_reading(&course, (80, 24));
    screen.press("r 3 1 4");
    let three = grades(&mut screen);
    screen.press("u");
    assert!(screen.text().contains("3 of 6"), "{}", screen.text());
    screen.press("uu");
    assert!(grades(&mut screen).is_empty());
    assert!(screen.text().contains("1 of 6"), "{}", screen.text());
    screen.press(" 2");
    assert_eq!(grades(&mut screen), [(three[0].0.clone(), 2)], "the same card, another grade");
    screen.press("u<c-r>");
    assert_eq!(grades(&mut screen).len(), 1);
    assert!(screen.text().contains("2 of 6"), "{}", screen.text());
}

#[test]
fn a_card_put_aside_or_off_is_not_asked_until_that_is_taken_back() {
    let course = small();
    let mut screen = after_reading(&course, (80, 24));
    screen.press("rsb<esc>");
    assert!(screen.text().contains("4 cards to recall"), "{}", screen.text());
    screen.press("r 3<esc>").wait(DAY);
    screen.press("j");
    assert!(screen.text().contains("4 cards to recall"), "buried ones return: {}", screen.text());
    screen.press("uuu");
    assert!(screen.text().contains("6 cards to recall"), "{}", screen.text());
}

#[test]
fn the_lesson_opens_at_the_card_and_esc_returns_to_it() {
    let course = small();
    let mut screen = after_reading(&course, (80, 24));
    let asked = screen.press("r ").text();
    screen.press("e");
    assert!(screen.line(2).contains("Design"), "the card's section: {}", screen.text());
    screen.press("<esc>");
    assert_eq!(screen.text(), asked);
}

#[test]
fn an_answer_can_be_typed_first_and_stands_beside_the_cards() {
    let course = small();
    let mut screen = after_reading(&course, (80, 24));
    screen.press("raq3 the second<enter>");
    assert!(screen.text().contains("you: q3 the second"), "letters are text: {}", screen.text());
    assert!(grades(&mut screen).is_empty());
    screen.press("3");
    assert_eq!(grades(&mut screen).len(), 1);
    assert!(!screen.press(" ").text().contains("you:"), "the next card begins anew");
}

#[test]
fn a_card_of_ones_own_is_made_from_a_passage_mended_and_removed() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/law<enter><enter>jvjc");
    screen.press("Why one?<enter>");
    screen.press("<enter>");
    assert!(screen.text().contains("a card of your own"), "{}", screen.text());
    screen.press("r");
    assert!(screen.text().contains("Why one?") && screen.text().contains("yours, from 25"));
    screen.press("c<c-u>Why two?<enter><c-u>So.<enter> ");
    assert!(
        screen.text().contains("Why two?") && screen.text().contains("So."),
        "{}",
        screen.text()
    );
    screen.press("e");
    assert!(screen.line(0).contains("25"), "{}", screen.text());
    screen.press("<esc>c<c-u><enter>");
    assert!(screen.text().contains("Nothing"), "{}", screen.text());
}

#[test]
fn after_a_break_the_limit_holds_and_the_reader_is_told_the_plan() {
    let course = small();
    let mut screen = after_reading(&course, (80, 24));
    screen.app.limit_recall(2, 10);
    screen.press("r 3 3 3 3 3 3<esc>").wait(40.0 * DAY);
    screen.press("r");
    assert!(screen.text().contains("6 are due: 2 today"), "{}", screen.text());
    screen.press(" 3 3");
    assert!(screen.text().contains("4 more are due"), "{}", screen.text());
    screen.press("<enter>");
    assert!(screen.text().contains("3 of 4"), "all the same: {}", screen.text());
}

#[test]
fn every_size_draws_something_and_no_key_panics() {
    let course = small();
    for size in [(1, 1), (3, 2), (12, 4), (20, 6), (300, 3)] {
        let mut screen = after_reading(&course, size);
        screen.press("r");
        for key in [
            "x", " ", "j", "k", "9", "0", "4", "a", "é", "<esc>", "c", "<enter>", "<esc>", "?",
            "<esc>", " ", "1", "s", "b", "u", "<c-r>", "<c-p>", "<esc>", " ", "<space>", "<space>",
            "<end>", "e", "<esc>",
        ] {
            screen.press(key);
        }
    }
}
