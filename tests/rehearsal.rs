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
    screen.kept(|what| match what {
        What::Rehearse { step, .. } => Some(step.clone()),
        _ => None,
    })
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
        "R<enter><enter><c-n><c-n><c-n><space><enter><space><enter><enter><enter><space><enter><c-n><enter><c-n><enter>",
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

#[test]
fn left_before_the_clock_starts_a_rehearsal_leaves_nothing() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    for keys in ["R<enter><esc>", "s<esc>", "f<esc>", "<enter><c-x><esc>", "f<c-x><esc>"] {
        let text = screen.press(keys).text();
        assert!(!text.contains("begun") && !text.contains("kept"), "{keys}: {text}");
    }
    assert!(steps(&mut screen).is_empty(), "{:?}", steps(&mut screen));
    assert!(screen.press("<enter><enter><esc>").text().contains("kept"));
    assert!(screen.line(2).contains("20 min   whole, begun"), "{}", screen.text());
}

#[test]
fn a_begun_short_one_and_a_begun_whole_one_are_named_and_reached_by_their_own_keys() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("Rs<enter>ten").wait(3.0);
    screen.press("<esc>j");
    assert!(screen.line(2).contains("20 min   10 min, begun"), "{}", screen.text());
    assert!(screen.line(23).contains("enter begin   s go on, 10 minutes"), "{}", screen.text());
    screen.press("<enter><enter>twenty").wait(3.0);
    assert!(screen.line(0).contains("/ 05:00"), "{}", screen.text());
    screen.press("<esc>j");
    assert!(screen.line(2).contains("whole, 10 min begun"), "{}", screen.text());
    assert!(screen.press("s").text().contains("ten") && screen.line(0).contains("/ 10:00"));
    assert!(screen.press("<esc><enter>").text().contains("twenty"), "{}", screen.text());
    screen.press("<c-x><esc>");
    assert!(screen.line(2).contains("10 min, begun"), "{}", screen.text());
    screen.press("s<c-n><space><enter><c-n><enter><esc>");
    assert!(screen.line(2).contains("10 min 33 %, 24 Nov"), "{}", screen.text());
}

#[test]
fn the_footer_says_what_the_keys_do_now() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("R<enter><enter>");
    assert!(screen.line(23).contains("ctrl-n next phase   ctrl-o pause"), "{}", screen.text());
    screen.press("<c-o>");
    assert!(screen.line(23).contains("ctrl-o go on"), "{}", screen.text());
    screen.press("<c-n><c-n>");
    assert!(screen.line(23).contains("ctrl-n to the answers   ctrl-o pause"), "{}", screen.text());
}

#[test]
fn a_rubric_without_a_tick_is_left_by_the_second_enter() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("R<enter><enter><c-n><c-n><c-n><enter>");
    assert!(screen.text().contains("nothing ticked: enter again to leave it so"));
    assert!(screen.line(0).contains("requirements"), "{}", screen.text());
    screen.press("j<enter>");
    assert!(screen.line(0).contains("requirements"), "a key between asks anew");
    screen.press("<enter>");
    assert!(screen.line(0).contains("estimate"), "{}", screen.text());
    screen.press("<space><enter>");
    assert!(screen.line(0).contains("design"), "what was ticked is not asked");
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("Rf<c-n><enter>");
    assert!(screen.text().contains("nothing ticked"), "{}", screen.text());
    assert!(screen.press("<enter>").text().contains("0 of 3 weaknesses named"));
}

#[test]
fn a_low_list_keeps_its_footer_after_a_rehearsal() {
    let course = small();
    for (width, footer) in [
        (40, " enter begin   s 10 minutes   e lesson"),
        (80, " enter begin   s 10 minutes   f find the flaws   e lesson   esc back   ? keys"),
    ] {
        let mut screen = Screen::new(&course, (width, 12));
        screen.press("Rs<enter>x<c-n><space><enter><c-n><enter><esc>");
        assert!(steps(&mut screen).contains(&RehearsalStep::End));
        assert_eq!(screen.line(11), footer);
    }
}

#[test]
fn what_does_not_fit_on_a_low_screen_is_told_with_the_key_and_can_all_be_read() {
    let course = small();
    let mut screen = Screen::new(&course, (40, 12));
    screen.press("R<enter>");
    assert!(screen.line(10).contains("more below: pagedown"), "{}", screen.text());
    screen.press("<enter>create<c-n><c-n><c-n>");
    let mut seen = String::new();
    for _ in 0..30 {
        seen.push_str(&screen.text());
        if !screen.text().contains("below: ") {
            break;
        }
        screen.press("<c-f>");
    }
    let at_end = screen.text();
    assert!(at_end.contains("more above: pageup"), "{at_end}");
    assert!(seen.contains("Model answer") && seen.contains("At a steady pace"), "{seen}");
    assert!(at_end.contains("lines 1 to 2 of 3 to tick"), "{at_end}");
    screen.press("jj");
    let last = screen.text();
    assert!(last.contains("line 3 of 3 to tick") && last.contains("splits the targets"), "{last}");
    assert!(last.contains("may depend on"), "a line to tick is shown whole: {last}");
}

#[test]
fn what_is_asked_can_be_read_to_its_end_while_the_answer_is_written() {
    let course = small();
    let mut screen = Screen::new(&course, (40, 12));
    screen.press("Rfmine");
    assert!(!screen.text().contains("weaknesses are planted"), "{}", screen.text());
    assert!(screen.text().contains("more below: pagedown"), "{}", screen.text());
    screen.press("<pagedown><pagedown><pagedown>");
    assert!(screen.text().contains("what do they do?"), "{}", screen.text());
    assert!(screen.text().contains("mine"), "{}", screen.text());
}

#[test]
fn a_rehearsal_whose_end_is_taken_back_is_named_goes_on_and_leaves_no_profile() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("Rs<enter>x<c-n><space><enter><c-n><enter><esc>");
    assert!(screen.text().contains("33 %"), "{}", screen.text());
    screen.press("<esc>u");
    assert!(
        screen.text().contains("taken back: the end of the rehearsal of 64 URL Shortener"),
        "{}",
        screen.text()
    );
    assert!(steps(&mut screen).iter().any(|step| matches!(step, RehearsalStep::Text { .. })));
    screen.press("R");
    assert!(screen.text().contains("10 min, begun") && !screen.text().contains("33 %"));
}

#[test]
fn undo_in_a_rehearsal_takes_back_nothing_from_elsewhere() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.open(25).press("m<esc>R<enter><enter><c-n><c-n><c-n><space>");
    let before = screen.app.store().alive().len();
    let said = screen.press("u").text();
    assert!(said.contains("space takes a tick back; the rest after the rehearsal"), "{said}");
    screen.press("<c-r>");
    assert_eq!(screen.app.store().alive().len(), before, "{}", screen.text());
}
