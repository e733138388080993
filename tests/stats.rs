//! Stats and the plan on whole screens, driven by keys.
#![allow(clippy::unwrap_used)]

mod support;

use sdprep::catalog;
use sdprep::course::Course;
use sdprep::journal::What;
use support::COURSE;
use support::screen::Screen;

fn small() -> Course {
    catalog::open(std::path::Path::new(COURSE)).unwrap()
}

fn aims(screen: &mut Screen) -> Vec<(Option<String>, Option<u32>)> {
    screen.kept(|what| match what {
        What::Aim { by, minutes } => Some((by.map(|day| day.to_string()), *minutes)),
        _ => None,
    })
}

#[test]
fn stats_and_plan_at_three_sizes() {
    let course = small();
    for (width, height) in [(80, 24), (160, 50), (40, 12)] {
        let mut screen = Screen::new(&course, (width, height));
        let name = |what: &str| format!("stats_{what}_{width}x{height}");
        screen.press("/law<enter>jm<esc>");
        insta::assert_snapshot!(name("without_a_day"), screen.press("P<tab>").text());
        insta::assert_snapshot!(name("field"), screen.press("a1 week, 5").text());
        insta::assert_snapshot!(name("plan"), screen.press("<enter>").text());
        insta::assert_snapshot!(name("stats"), screen.press("<tab>").text());
        insta::assert_snapshot!(name("end"), screen.press("G").text());
    }
}

#[test]
fn a_day_is_aimed_at_moved_ended_and_taken_back() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("Pa2026-12-15 45 min<enter>");
    assert!(screen.text().contains("aim: 2026-12-15 (in 21 days), 45 min a day"));
    screen.press("a");
    assert!(screen.text().contains("the day: 2026-12-15 45 min"), "{}", screen.text());
    screen.press("<c-u>3 days<enter>");
    let day = |day: &str| (Some(day.to_string()), Some(45));
    assert_eq!(aims(&mut screen), [day("2026-12-15"), day("2026-11-27")], "minutes stay");
    screen.press("a<c-u><enter>");
    assert!(screen.text().contains("No day to aim at yet"), "{}", screen.text());
    screen.press("u");
    assert!(screen.text().contains("aim: 2026-11-27 (in 3 days)"), "{}", screen.text());
    screen.wait(5.0 * 86400.0).press("<esc>P<tab>");
    assert!(screen.text().contains("past"), "{}", screen.text());
    assert!(screen.text().contains("a takes another day"), "{}", screen.text());
}

#[test]
fn what_is_no_day_is_told_and_nothing_is_aimed_at() {
    let course = small();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("Pasoon q<enter>");
    assert!(screen.text().contains("write 2026-12-15 or 2 weeks"), "{}", screen.text());
    assert!(screen.text().contains("the day: soon q"), "what was typed stays: {}", screen.text());
    screen.press("<c-u>");
    assert!(!screen.text().contains("write 2026-12-15 or"), "{}", screen.text());
    screen.press("2020-01-01<enter>");
    assert!(screen.text().contains("2020-01-01 is not in the next ten years"));
    screen.press("<esc><tab>a<enter>");
    assert!(aims(&mut screen).is_empty());
    assert!(screen.text().contains("No day to aim at yet"), "{}", screen.text());
}

#[test]
fn every_size_draws_something_and_no_key_panics() {
    let course = small();
    for size in [(1, 1), (3, 2), (12, 4), (20, 6), (300, 3), (59, 9)] {
        let mut screen = Screen::new(&course, size);
        for key in [
            "P", "j", "G", "<tab>", "k", "a", "é", "<enter>", "<c-u>", "2 weeks", "<enter>", "G",
            "j", "<c-d>", "<c-u>", "<tab>", "P", "?", "<esc>", "t", "x", "<esc>", "<esc>", "u",
        ] {
            screen.press(key);
            screen.text();
        }
    }
}
