//! Labs on whole screens, driven by keys; the runs that the loop makes beside the screen are made here at once.
#![allow(clippy::unwrap_used)]

mod support;

use sdprep::catalog;
use sdprep::course::Course;
use sdprep::journal::What;
use sdprep::labs::Watch;
use sdprep::tui::Wish;
use support::COURSE;
use support::screen::{Screen, moment};

fn small() -> Course {
    catalog::open(std::path::Path::new(COURSE)).unwrap()
}

/// Makes the run that the screen asked for, stopped after so many looks at how far it is.
fn run_for(screen: &mut Screen, looks: usize) {
    for wish in screen.app.wishes() {
        let Wish::Lab(job) = wish else { continue };
        let mut left = looks;
        let mut tell = |_: f64| {
            left = left.saturating_sub(1);
            left > 0
        };
        let report = job.run(&mut Watch::new(&mut tell));
        screen.app.lab_done(Some(&report), moment(screen.seconds));
    }
}

fn run(screen: &mut Screen) {
    run_for(screen, usize::MAX);
}

/// With the lab `ring` open.
fn ring(course: &Course, size: (u16, u16)) -> Screen<'_> {
    let mut screen = Screen::new(course, size);
    screen.app.lab(Some("ring"));
    screen.text();
    screen
}

#[test]
fn a_prediction_a_run_and_the_outcome_at_three_sizes() {
    let course = small();
    for (width, height) in [(80, 24), (160, 50), (40, 12)] {
        let name = |what: &str| format!("lab_{what}_{width}x{height}");
        let mut screen = ring(&course, (width, height));
        insta::assert_snapshot!(name("asked"), screen.press("20").text());
        screen.press("<enter>");
        screen.app.lab_progress(0.4);
        insta::assert_snapshot!(name("runs"), screen.text());
        run(&mut screen);
        insta::assert_snapshot!(name("done"), screen.text());
        let kept = screen.kept(|what| match what {
            What::Lab { lab, predicted, holds, .. } => Some((lab.clone(), *predicted, *holds)),
            _ => None,
        });
        assert_eq!(kept, [("ring".to_string(), Some(20.0), true)]);
    }
}

#[test]
fn without_a_prediction_there_is_no_run_unless_it_is_skipped_and_said_so() {
    let course = small();
    let mut screen = ring(&course, (80, 24));
    screen.press("<enter>");
    assert!(screen.text().contains("s goes without one"), "{}", screen.text());
    assert!(screen.app.wishes().is_empty());
    screen.press("s");
    run(&mut screen);
    assert!(screen.text().contains("your answer none"), "{}", screen.text());
}

#[test]
fn another_knob_is_another_question_and_earlier_runs_stay() {
    let course = small();
    let mut screen = ring(&course, (80, 24));
    screen.press("20<enter>");
    run(&mut screen);
    screen.press("l");
    assert!(screen.text().contains("11 servers hold the keys"), "{}", screen.text());
    assert!(screen.text().contains("your prediction"), "{}", screen.text());
    assert!(screen.text().contains("20.0 % / 8."), "the earlier run: {}", screen.text());
    screen.press("e<backspace><backspace>9999<enter>");
    assert!(screen.text().contains("from 1 to 500"), "{}", screen.text());
    screen.press("r");
    assert!(screen.text().contains("10 servers hold the keys"), "{}", screen.text());
}

#[test]
fn a_run_that_is_stopped_shows_what_it_has_and_is_not_kept() {
    let course = small();
    let mut screen = ring(&course, (80, 24));
    screen.press("9<enter>");
    let wishes = screen.app.wishes();
    assert!(matches!(wishes[..], [Wish::Lab(_)]));
    screen.press("<esc>");
    assert_eq!(screen.app.wishes(), [Wish::StopLab]);
    let Wish::Lab(job) = &wishes[0] else { panic!() };
    let mut left = 5;
    let mut tell = |_: f64| {
        left -= 1;
        left > 0
    };
    let report = job.run(&mut Watch::new(&mut tell));
    screen.app.lab_done(Some(&report), moment(screen.seconds));
    assert!(screen.text().contains("stopped early"), "{}", screen.text());
    let alive = screen.app.store().alive();
    assert!(!alive.iter().any(|event| matches!(event.what, What::Lab { .. })));
}

#[test]
fn the_mechanism_is_shown_as_it_runs() {
    let course = small();
    let mut screen = ring(&course, (110, 40));
    screen.press("c");
    assert!(screen.text().contains("struct Ring"), "{}", screen.text());
    assert!(screen.press("<esc>").text().contains("your prediction"));
}

#[test]
fn a_schedule_is_played_step_by_step_reordered_and_broken() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.app.lab(Some("isolation"));
    screen.press("s");
    run(&mut screen);
    screen.press("p  ");
    insta::assert_snapshot!("lab_play", screen.text());
    screen.press("    ");
    assert!(screen.text().contains("ends in: happens"), "{}", screen.text());
    screen.press("<tab><tab>");
    assert!(screen.text().contains("aborted, the row has changed"), "{}", screen.text());
    screen.press("f");
    assert!(screen.text().contains("none of its 20 orders"), "{}", screen.text());
    screen.press("rJ");
    assert!(screen.text().contains("T2: read qty"), "{}", screen.text());
}

#[test]
fn the_lesson_opens_its_lab_and_esc_comes_back_to_the_line() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/law<enter><enter>10j");
    let line = screen.text();
    screen.press("x");
    assert!(screen.text().contains("has no lab yet"), "{}", screen.text());
    screen.app.lab(Some("ring"));
    screen.press("<esc>");
    assert_eq!(screen.text(), line);
}

#[test]
fn a_low_screen_shows_the_numbers_of_a_result_and_how_to_see_the_rest() {
    let course = small();
    let mut screen = ring(&course, (40, 12));
    screen.press("10<enter>");
    run(&mut screen);
    let text = screen.text();
    for shown in ["your answer 10", "theory 9.09 %", "modulo", "90.9 %", "↓ more, ctrl-f"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    let mut all = text;
    for _ in 0..9 {
        all.push_str(&screen.press("<c-f>").text());
    }
    for shown in ["busiest 1.18 × the mean", "deviation 7.8 %", "Next: points 1", "↑ more, ctrl-b"]
    {
        assert!(all.contains(shown), "a wide table stands row below row, {shown}: {all}");
    }
    let mut screen = ring(&course, (80, 24));
    screen.press("10<enter>");
    run(&mut screen);
    assert!(screen.text().contains("10 servers hold"), "with room for both: {}", screen.text());
}

#[test]
fn a_lab_names_only_lessons_that_can_be_read() {
    let mut course = small();
    let listed = |course: &Course| {
        let mut screen = Screen::new(course, (80, 60));
        let list = screen.press("x").text();
        list.lines().find(|line| line.contains("· booking")).unwrap().to_string()
    };
    assert!(listed(&course).contains("for 17"), "{}", listed(&course));
    for lesson in course.lessons.to_mut() {
        lesson.draft |= lesson.number == 17;
    }
    let palette = Screen::new(&course, (80, 24)).press("<c-p>booking").text();
    assert!(palette.contains("booking") && !palette.contains("17 Lost"), "{palette}");
    let line = listed(&course);
    assert!(line.contains("its lessons are being written"), "{line}");
    let mut screen = Screen::new(&course, (80, 24));
    screen.app.lab(Some("booking"));
    assert!(!screen.line(0).contains("17"), "{}", screen.line(0));
    screen.press("s");
    run(&mut screen);
    assert!(!screen.text().contains("o lesson"), "no key for what is not there: {}", screen.text());
    assert!(screen.press("o").text().contains("its lessons are being written"));
}

#[test]
fn every_size_draws_something_and_no_key_panics() {
    let course = small();
    for size in [(1, 1), (3, 2), (12, 4), (20, 6), (300, 3)] {
        for lab in ["ring", "isolation"] {
            let mut screen = Screen::new(&course, size);
            screen.press("xjjk<enter><esc>");
            screen.app.lab(Some(lab));
            for key in [
                "1",
                ".",
                "x",
                "<backspace>",
                "<tab>",
                "l",
                "h",
                "e",
                "z",
                "<esc>",
                "?",
                "<esc>",
                "s",
                "<enter>",
                "c",
                "j",
                "d",
                "p",
                " ",
                "j",
                "J",
                "K",
                "f",
                "<tab>",
                "<backspace>",
                "r",
                "<esc>",
                "n",
                "o",
                "<esc>",
                "<esc>",
                "<esc>",
            ] {
                screen.press(key);
                run_for(&mut screen, 3);
            }
        }
    }
}
