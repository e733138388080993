//! Rehearsals on whole screens, driven by keys.
#![allow(clippy::unwrap_used)]

mod support;

use sdprep::catalog;
use sdprep::course::Course;
use sdprep::journal::{RehearsalStep, What};
use support::COURSE;
use support::screen::Screen;

fn small() -> Course {
    catalog::open(std::path::Path::new(COURSE)).unwrap()
}

fn steps(screen: &mut Screen) -> Vec<RehearsalStep> {
    let alive = screen.app.store().alive();
    let steps = alive.iter().filter_map(|event| match &event.what {
        What::Rehearse { step, .. } => Some(step.clone()),
        _ => None,
    });
    steps.collect()
}

#[test]
fn a_whole_rehearsal_at_three_sizes() {
    let course = small();
    for (width, height) in [(80, 24), (160, 50), (40, 12)] {
        let mut screen = Screen::new(&course, (width, height));
        let name = |what: &str| format!("rehearsal_{what}_{width}x{height}");
        insta::assert_snapshot!(name("choose"), screen.press("R").text());
        insta::assert_snapshot!(name("prompt"), screen.press("<enter>").text());
        screen.press("<enter>create and redirect<enter>who may see whose links?");
        screen.wait(70.0);
        insta::assert_snapshot!(name("phase"), screen.text());
        screen.wait(60.0);
        insta::assert_snapshot!(name("curveball"), screen.text());
        screen.press("larger blocks<c-n><c-n>40 links a second<c-n>");
        screen.wait(700.0);
        insta::assert_snapshot!(name("over"), screen.text());
        screen.press("<c-n>boxes<c-n>");
        insta::assert_snapshot!(name("compare"), screen.press("<space>jj<space>").text());
        screen.press("<enter><space><enter><space>j<space><enter>");
        insta::assert_snapshot!(name("communication"), screen.press("<space>").text());
        insta::assert_snapshot!(name("curveball_answer"), screen.press("<enter>").text());
        screen.press("<enter><enter>");
        insta::assert_snapshot!(name("question"), screen.press("a copy").text());
        insta::assert_snapshot!(name("answer"), screen.press("<c-n>").text());
        screen.press("<enter><c-n>");
        insta::assert_snapshot!(name("result"), screen.press("<enter>").text());
        assert_eq!(steps(&mut screen).last(), Some(&RehearsalStep::End));
        screen.press("<esc>");
        insta::assert_snapshot!(name("chosen"), screen.text());
    }
}

#[test]
fn the_clock_stands_while_paused_and_colours_nothing_but_itself_when_over() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("R<enter><enter>").wait(30.0);
    assert!(screen.line(0).contains("00:30 / 05:00"), "{}", screen.line(0));
    screen.press("<c-o>").wait(500.0);
    assert!(screen.line(0).contains("paused  00:30"), "{}", screen.line(0));
    assert!(screen.app.deadline().is_none(), "nothing to do while it stands");
    screen.press("<c-o>").wait(10.0);
    assert!(screen.line(0).contains("00:40"), "{}", screen.line(0));
}

#[test]
fn letters_are_text_while_writing_and_what_was_written_is_kept_two_seconds_later() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("R<enter><enter>q? u jk 12/").wait(2.1);
    assert!(screen.text().contains("q? u jk 12/"), "{}", screen.text());
    let text = RehearsalStep::Text { at: "requirements".into(), text: "q? u jk 12/".into() };
    assert!(steps(&mut screen).contains(&text), "{:?}", steps(&mut screen));
}

#[test]
fn left_in_the_middle_it_goes_on_with_its_text_and_its_clock() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("R<enter><enter>who").wait(60.0);
    screen.press("<c-n>forty").wait(5.0);
    assert!(screen.press("<esc>").text().contains("begun"), "{}", screen.text());
    screen.press("<esc>R<enter>");
    assert!(screen.text().contains("forty"), "{}", screen.text());
    assert!(screen.line(0).contains("paused  00:05"), "{}", screen.line(0));
    screen.press("<c-o>").wait(10.0);
    assert!(screen.line(0).contains("00:15"), "{}", screen.line(0));
}

#[test]
fn an_estimate_is_computed_on_a_sheet_while_the_clock_runs() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("R<enter><enter>x<c-t>100 million clicks/month");
    assert!(screen.text().contains("= 38.1 clicks/s"), "{}", screen.text());
    screen.wait(20.0);
    screen.press("<esc>");
    assert!(screen.line(0).contains("00:2"), "{}", screen.line(0));
    assert!(screen.line(4).contains('x'), "{}", screen.text());
}

#[test]
fn the_short_form_is_ten_minutes_of_the_weakest_phase() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("Rs");
    assert!(screen.text().contains("requirements    10 min"), "{}", screen.text());
    screen.press("<enter>x<c-n><space><enter><c-n><enter>");
    assert!(screen.line(0).contains("result"), "{}", screen.text());
    screen.press("<esc>");
    assert!(screen.line(0).contains("estimate"), "the next that never was: {}", screen.line(0));
}

#[test]
fn flaws_are_named_before_they_are_shown() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("Rf");
    insta::assert_snapshot!("rehearsal_flaws_asked", screen.text());
    assert!(!screen.text().contains("two stores"));
    screen.press("two stores?<c-n><space>");
    insta::assert_snapshot!("rehearsal_flaws_shown", screen.text());
    screen.press("<enter>");
    assert!(screen.text().contains("1 of 3 weaknesses named"), "{}", screen.text());
    assert!(steps(&mut screen).contains(&RehearsalStep::Flaws { got: 1, of: 3 }));
}

#[test]
fn a_weak_phase_leads_to_its_section_in_the_lesson() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press(
        "R<enter><enter><c-n><c-n><c-n><enter><enter><enter><enter><c-n><enter><c-n><enter>",
    );
    assert!(screen.text().contains("To read again"), "{}", screen.text());
    screen.press("jj<enter>");
    assert!(screen.line(0).contains("· Design"), "{}", screen.text());
    screen.press("<esc>");
    assert!(screen.line(0).contains("result"));
}

#[test]
fn every_size_draws_something_and_no_key_panics() {
    let course = small();
    for size in [(1, 1), (3, 2), (12, 4), (20, 6), (300, 3), (118, 9)] {
        let mut screen = Screen::new(&course, size);
        screen.press("R");
        for key in [
            "j", "k", "?", "<esc>", "<enter>", "<enter>", "x", "é", "<enter>", "<c-u>", "<c-k>",
            "<c-o>", "<c-n>", "<end>", "<c-n>", "<c-n>", "<space>", "j", "j", "j", "j", "<c-d>",
            "<enter>", "u", "<enter>", "<enter>", "<enter>", "y", "<c-n>", "<enter>", "<c-x>",
            "<c-x>", "jjj", "<enter>", "<esc>", "<esc>", "f", "<c-n>", "<space>", "<enter>",
            "<esc>", "e", "<esc>", "<esc>",
        ] {
            screen.press(key).wait(40.0);
            screen.text();
        }
    }
}
