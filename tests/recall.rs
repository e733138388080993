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
    screen.kept(|what| match what {
        What::Grade { card, grade, .. } => Some((card.clone(), *grade)),
        _ => None,
    })
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
fn in_a_review_undo_takes_back_only_what_is_done_in_one_on_this_day() {
    let course = small();
    let mut screen = after_reading(&course, (80, 24));
    screen.press("Rs<enter>x<c-n><space><enter><c-n><enter><esc><esc>");
    let ended = |screen: &mut Screen| {
        let end = |what: &What| {
            matches!(what, What::Rehearse { step: sdprep::journal::RehearsalStep::End, .. })
        };
        screen.app.store().alive().iter().any(|event| end(&event.what))
    };
    assert!(ended(&mut screen));
    screen.press("ru");
    assert!(screen.text().contains("nothing to take back here"), "{}", screen.text());
    assert!(ended(&mut screen));
    screen.press(" 3<esc>jmru");
    assert!(screen.text().contains("taken back: grade 3"), "an earlier one: {}", screen.text());
    assert!(grades(&mut screen).is_empty());
    screen.press("u");
    assert!(screen.text().contains("nothing to take back here"), "{}", screen.text());
    screen.press("<c-r><c-r>");
    assert!(screen.text().contains("nothing to do again here"), "{}", screen.text());
    assert_eq!(grades(&mut screen).len(), 1);
    screen.press("<esc>").wait(DAY);
    screen.press("ru");
    assert!(screen.text().contains("nothing to take back here"), "of yesterday: {}", screen.text());
    assert_eq!(grades(&mut screen).len(), 1);
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
    screen.press("c<esc>");
    assert!(!screen.text().contains("draft"), "nothing was changed: {}", screen.text());
    screen.press("c<c-u>Why two?<enter><esc>");
    assert!(screen.text().contains("Why one?"), "the card is as it was: {}", screen.text());
    assert!(screen.text().contains("draft kept; c goes on with it"), "{}", screen.text());
    screen.press("c<c-u>So.<enter> ");
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
    screen.press("<enter><enter>");
    assert!(screen.text().contains("3 of 4"), "all the same: {}", screen.text());
}

#[test]
fn the_line_of_cards_keeps_its_numbers_on_a_narrow_screen() {
    let course = small();
    let text = after_reading(&course, (40, 12)).text();
    assert!(text.contains("6 cards, 2 min, new       r"), "{text}");
    let mut screen = after_reading(&course, (40, 12));
    let text = screen.press("r 3<esc>").wait(3.0 * DAY).press("k").text();
    assert!(text.contains("6 cards, 2 min, 5 new     r"), "{text}");
    let text = after_reading(&course, (80, 24)).text();
    assert!(text.contains("6 cards to recall (new)   2 min"), "{text}");
}

#[test]
fn the_end_names_its_keys_at_once_and_a_space_more_only_takes_the_message_away() {
    let course = small();
    for size in [(80, 24), (40, 12), (40, 6)] {
        let mut screen = after_reading(&course, size);
        screen.app.limit_recall(2, 10);
        screen.press("r 3 3 3 3 3 3<esc>").wait(40.0 * DAY);
        let end = screen.press("r 3 3").text();
        assert!(end.contains("comes again in"), "what the last grade gave: {end}");
        assert!(end.contains("enter go on all the same"), "and the keys: {end}");
        for _ in 0..3 {
            let text = screen.press("<space>").text();
            assert!(!text.contains(" of 4"), "space never goes beyond the share: {text}");
            assert!(!text.contains("comes again in"), "{text}");
        }
        assert!(screen.text().contains("enter goes on"), "but says what does: {}", screen.text());
        assert!(screen.press("<enter>").text().contains("3 of 4"), "{}", screen.text());
        let mut screen = after_reading(&course, size);
        screen.app.limit_recall(2, 10);
        screen.press("r 3 3 3 3 3 3<esc>").wait(40.0 * DAY);
        let text = screen.press("r 3 <enter><enter>").text();
        assert!(!text.contains(" of 4"), "the first enter too takes only the message: {text}");
    }
}

/// A card of one's own, the only one, with its answer shown.
fn own_card(course: &Course, size: (u16, u16), question: &str, answer: &str) -> String {
    let mut screen = Screen::new(course, (80, 24));
    screen.press("/law<enter><enter>jvjc");
    screen.press(&format!("{question}<enter><c-u>{answer}<enter>r"));
    screen.size = size;
    screen.press("<space>").text()
}

#[test]
fn an_answer_that_does_not_fit_says_so_and_is_never_wholly_hidden() {
    let course = small();
    let long = "the words of an answer that goes on ".repeat(12);
    let text = own_card(&course, (40, 12), "Why?", &long);
    insta::assert_snapshot!("review_long_answer_40x12", text);
    assert!(text.contains("Why?") && text.contains("↓ more, ctrl-f"), "{text}");
    let ask = "how long can a question be that ".repeat(9);
    let text = own_card(&course, (40, 12), &ask, "So that it hides.");
    assert!(text.contains("So that it hides.") && text.contains("↑ more, ctrl-b"), "{text}");
    let text = own_card(&course, (80, 24), "Why?", "So.");
    assert!(!text.contains("more, ctrl"), "{text}");
}

#[test]
fn a_page_key_shows_each_line_of_a_long_answer() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    let words: Vec<String> = (10..90).map(|at| format!("word{at}")).collect();
    screen.press("/law<enter><enter>jvjc");
    screen.press(&format!("Why?<enter><c-u>{}<enter>r", words.join(" ")));
    screen.size = (40, 12);
    let mut seen = screen.press("<space>").text();
    for _ in 0..12 {
        seen.push_str(&screen.press("<c-f>").text());
    }
    for word in words {
        assert!(seen.contains(&word), "{word} was passed over");
    }
}

#[test]
fn grades_keep_their_names_on_a_narrow_screen_and_a_low_one_parts_key_and_days() {
    let course = small();
    let text = after_reading(&course, (40, 12)).press("r ").text();
    for grade in ["1 again  <1 d", "2 hard   1 d", "3 good   2 d", "4 easy   8 d"] {
        assert!(text.contains(grade), "{grade}: {text}");
    }
    let text = after_reading(&course, (40, 8)).press("r ").text();
    assert!(text.contains("1:<1 d  2:1 d  3:2 d  4:8 d"), "{text}");
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
