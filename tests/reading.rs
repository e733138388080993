//! Reading a lesson: outline, search, letters on what can be picked, what is kept and copied.
#![allow(clippy::unwrap_used)]

mod support;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sdprep::catalog;
use sdprep::course::Course;
use sdprep::journal::What;
use sdprep::tui::{Event, Goal, Wish};
use support::COURSE;
use support::screen::{Screen, moment};

fn small() -> Course {
    catalog::open(std::path::Path::new(COURSE)).unwrap()
}

/// The small course with a glossary.
fn with_glossary() -> Course {
    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(COURSE).unwrap() {
        let file = file.unwrap();
        fs_err::copy(file.path(), dir.path().join(file.file_name())).unwrap();
    }
    fs_err::write(dir.path().join("23-glossary.md"), GLOSSARY).unwrap();
    let mut course = catalog::open(dir.path()).unwrap();
    // The texts are read when a lesson opens.
    course.source = sdprep::course::Source::Folder(dir.keep());
    course
}

const GLOSSARY: &str = r#"+++
number = 23
slug = "glossary"
title = "Glossary"
level = "Advanced"
kind = "reference"
minutes = 1
needs = []
gist = "Words, and what they are not."
tags = ["words"]
+++

Suppose you meet a word that you do not know.

## Reading

### Paragraph

Also: passage.

Some sentences about one thing. Not a page.

Owner: [isolation levels](13-isolation-levels.md)

### Scroll

To move a text over the screen. Not a roll of paper.
"#;

const SMALL: (u16, u16) = (80, 24);

fn reading(course: &Course, size: (u16, u16)) -> Screen<'_> {
    let mut screen = Screen::new(course, size);
    screen.open(17);
    screen
}

fn copied(screen: &mut Screen) -> String {
    let wishes = screen.app.wishes();
    let [Wish::Copy { text, .. }] = &wishes[..] else { panic!("{wishes:?}") };
    text.clone()
}

#[test]
fn screens_of_real_lessons_at_three_sizes() {
    let course = catalog::embedded();
    for (width, height) in [SMALL, (160, 50), (40, 12)] {
        for number in [17, 64] {
            let mut screen = Screen::new(&course, (width, height));
            screen.open(number).press("]]]");
            insta::assert_snapshot!(format!("lesson_{number}_{width}x{height}"), screen.text());
        }
    }
}

#[test]
fn the_outline_goes_to_a_section_and_folds() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    insta::assert_snapshot!("outline", screen.press("ojj").text());
    let there = screen.press("<enter>").text();
    assert!(there.lines().nth(2).unwrap().contains("What fails"), "{there}");
    screen.press("<backspace>");
    assert!(screen.line(2).contains("Suppose"), "backspace returns to where the outline was left");
    let wide = reading(&course, (160, 50)).text();
    assert!(wide.contains("Part 1 of 17") && wide.contains("│"), "a pane beside the text: {wide}");
}

#[test]
fn the_outline_marks_the_sections_in_which_time_was_spent() {
    let course = small();
    let mut screen = reading(&course, (160, 50));
    assert!(!screen.text().contains('✓'));
    screen.press("]").wait(20.0);
    screen.press("]").wait(20.0);
    screen.press("]").wait(20.0);
    let text = screen.text();
    let marked: Vec<&str> = text.lines().filter(|line| line.contains('✓')).collect();
    assert!(marked.iter().any(|line| line.contains("Estimate")), "{text}");
    assert!(!marked.iter().any(|line| line.contains("Part 9")), "{text}");
}

#[test]
fn headings_are_gone_to_by_key_with_counts() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    assert!(screen.press("]").line(2).contains("Estimate"));
    assert!(screen.press("2]").line(2).contains("What fails"));
    assert!(screen.press("[").line(2).contains("Design"));
    assert!(screen.press("99[").line(2).contains("Suppose"));
}

#[test]
fn search_shows_as_one_types_counts_and_survives_a_resize() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    insta::assert_snapshot!("searching", screen.press("/paragraph 7").text());
    screen.press("<enter>");
    assert!(screen.text().contains("1 of 1"), "{}", screen.text());
    screen.press("<esc>gg/number").press("<enter>");
    assert!(screen.text().contains("1 of "), "{}", screen.text());
    screen.press("nn");
    assert!(screen.text().contains("3 of "), "{}", screen.text());
    let line = |screen: &mut Screen| {
        let text = screen.text();
        text.lines().find(|line| line.contains("number 3")).is_some()
    };
    assert!(line(&mut screen), "{}", screen.text());
    screen.size = (46, 24);
    assert!(line(&mut screen) && screen.text().contains("3 of "), "{}", screen.text());
    screen.press("N");
    assert!(screen.text().contains("2 of "));
    screen.press("99n");
    assert!(screen.text().contains("around the end"), "{}", screen.text());
}

#[test]
fn leaving_a_search_returns_and_an_empty_one_says_where_else_to_look() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    let before = screen.text();
    assert_eq!(screen.press("/number 9<esc>").text(), before);
    let said = screen.press("/xyzzy<enter>").text();
    assert!(said.contains("is not in this lesson; S searches all"), "{said}");
    let said = screen.press("<esc>/since it waits<enter>").text();
    assert!(said.contains("only in answers not shown; A shows all"), "{said}");
    let said = screen.press("A").text();
    assert!(screen.press("n").text() != said, "now it is found");
}

#[test]
fn a_capital_makes_case_count() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    let small = screen.press("/paragraph<enter>").text();
    let capital = screen.press("<esc>/Paragraph<enter>").text();
    let count = |text: &str| {
        let at = text.find(" of ").unwrap() + 4;
        text[at..].split_whitespace().next().unwrap().parse::<usize>().unwrap()
    };
    assert!(small.contains(" of ") && capital.contains(" of "));
    assert!(count(small.lines().last().unwrap()) >= count(capital.lines().last().unwrap()));
}

#[test]
fn a_place_is_gone_to_by_share_and_by_row() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    // The row in which the half lies begins before it.
    assert!(screen.press(":50%<enter>").line(0).contains("49 %"), "{}", screen.line(0));
    let shown = screen.text();
    screen.press(":1<enter>");
    assert!(screen.line(2).contains("Suppose"));
    assert_eq!(screen.press("<backspace>").text(), shown);
    assert!(screen.press(":x<enter>").text().contains("is no place; write 50% or 120"));
    assert!(screen.press(":999999<enter>").line(0).contains("100 %"));
}

#[test]
fn tab_goes_over_blocks_too_and_y_copies_what_has_the_focus() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    screen.press("]]");
    let code = (0..12).any(|_| {
        screen.press("<tab>");
        screen.text().contains("enter: copy it") && {
            screen.press("y");
            copied(&mut screen).starts_with("SELECT url FROM links")
        }
    });
    assert!(code, "one of the stops is the code, and the code alone is copied");
    screen.press("<esc>gg]y");
    let section = copied(&mut screen);
    assert!(section.starts_with("## Estimate\n\n```estimate traffic"), "its source: {section}");
    assert!(!section.contains("## Design"));
    screen.press("Y");
    let report = copied(&mut screen);
    assert!(report.starts_with("lesson 17 lost-update#estimate, text "), "{report}");
    assert!(report.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn links_and_words_are_picked_by_letters() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    insta::assert_snapshot!("link_hints", screen.press("f").text());
    screen.press("<esc>gg*");
    insta::assert_snapshot!("word_hints", screen.text());
    screen.press("aa");
    assert!(screen.text().contains(" of "), "{}", screen.text());
    screen.press("<esc>gg*Q<esc>");
    assert!(screen.text().contains("o outline"), "a letter that is none leaves: {}", screen.text());
}

#[test]
fn a_term_of_the_glossary_is_shown_in_place() {
    let course = with_glossary();
    let mut screen = reading(&course, SMALL);
    screen.press("/Part 3<enter><esc>K");
    insta::assert_snapshot!("term_hints", screen.text());
    screen.press("a");
    insta::assert_snapshot!("term", screen.text());
    let text = screen.press("<enter>").text();
    assert!(text.contains("Glossary") && text.contains("Also: passage"), "{text}");
    let before = screen.press("<backspace>").text();
    assert!(before.contains("Part 3 of 17"), "{before}");
    let none = catalog::embedded();
    let has = none.listed().any(|entry| entry.kind == sdprep::course::Kind::Reference);
    let mut screen = Screen::new(&none, SMALL);
    screen.open(17);
    assert!(has || screen.press("K").text().contains("this course has no glossary yet"));
}

#[test]
fn a_bookmark_a_note_and_a_highlight_are_kept_listed_and_removed() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    screen.press("]b");
    assert!(screen.text().contains("bookmarked: Estimate"), "{}", screen.text());
    screen.press("]aask about this<enter>");
    assert!(screen.text().contains("✎"), "{}", screen.text());
    screen.press("]vj<enter>");
    assert!(screen.text().contains("highlighted"), "{}", screen.text());
    insta::assert_snapshot!("kept", screen.press("B").text());
    assert!(screen.press("<c-x>").text().contains("removed"));
    assert!(!screen.press("<esc>B").text().contains("highlight  "), "{}", screen.text());
    screen.press("ask<enter>");
    assert!(screen.line(2).contains("Design"), "opens at the note: {}", screen.text());
    let panel = screen.press("<tab>").text();
    assert!(panel.contains("ask about this") && panel.contains("your note of 24 Nov"), "{panel}");
    screen.press("<enter> twice<enter>B");
    assert!(screen.text().contains("ask about this twice"), "{}", screen.text());
    assert_eq!(screen.text().matches("ask about").count(), 1, "in place of the old one");
    screen.press("<esc>gg]b");
    assert!(screen.text().contains("bookmark removed"), "{}", screen.text());
    let empty = screen.press("uuuuuuuuuuB").text();
    assert!(empty.contains("nothing kept here yet"), "each was an act: {empty}");
}

/// Texts of the notes in the journal that count.
fn notes(screen: &mut Screen) -> Vec<String> {
    screen.kept(|what| match what {
        What::Note { text, .. } => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn a_note_left_by_esc_is_a_draft_that_the_next_note_of_the_lesson_goes_on_with() {
    let course = small();
    for size in [SMALL, (40, 12)] {
        let mut screen = reading(&course, size);
        let said = screen.press("]amy precious<esc>").text();
        assert!(said.contains("draft kept; a goes on with it"), "{said}");
        assert!(notes(&mut screen).is_empty());
        screen.press("<esc>").open(25).press("a");
        assert!(!screen.text().contains("precious"), "not in another lesson: {}", screen.text());
        screen.press("<esc>");
        assert!(!screen.text().contains("draft"), "empty: nothing is said: {}", screen.text());
        screen.press("<esc>").open(17).press("]]]a");
        assert!(screen.text().contains("note: my precious"), "{}", screen.text());
        screen.press(" note<enter>");
        assert_eq!(notes(&mut screen), ["my precious note"]);
        assert!(!screen.press("a").text().contains("precious"), "it is a draft no more");
        screen.press("<esc>B<enter>");
        assert!(screen.line(2).contains("Estimate"), "where it was begun: {}", screen.text());
    }
}

#[test]
fn a_card_left_by_esc_goes_on_where_it_was_left() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    let cards = |screen: &mut Screen| -> Vec<(String, String)> {
        screen.kept(|what| match what {
            What::Card { question, answer, .. } => Some((question.clone(), answer.clone())),
            _ => None,
        })
    };
    assert!(screen.press("]cWhy<esc>").text().contains("draft kept; c goes on with it"));
    screen.press("q");
    assert!(screen.text().contains("a draft is not finished; q again leaves without"));
    screen.press("]]c");
    assert!(screen.text().contains("question: Why"), "{}", screen.text());
    screen.press(" so?<enter><enter>");
    assert!(screen.text().contains("an answer, please"), "{}", screen.text());
    screen.press("Bec<esc>c");
    assert!(screen.text().contains("answer: Bec"), "{}", screen.text());
    assert!(cards(&mut screen).is_empty());
    screen.press("ause<enter>");
    assert_eq!(cards(&mut screen), [("Why so?".into(), "Because".into())]);
    screen.press("c");
    assert!(!screen.text().contains("Why"), "it is a draft no more: {}", screen.text());
    screen.press("<esc>");
    assert!(!screen.text().contains("draft"), "empty: nothing is said: {}", screen.text());
}

#[test]
fn a_change_of_an_old_note_left_by_esc_waits_at_that_note() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    screen.press("]aold<enter><tab><enter><esc>");
    assert!(!screen.text().contains("draft"), "nothing was changed: {}", screen.text());
    screen.press("<enter> and new<esc>");
    assert!(screen.text().contains("draft kept; enter on the note"), "{}", screen.text());
    assert!(!screen.press("a").text().contains("old and new"), "a new note is another one");
    screen.press("<esc><enter>");
    assert!(screen.text().contains("note: old and new"), "{}", screen.text());
    screen.press("<c-u><esc>");
    assert!(!screen.text().contains("draft"), "emptied, it is forgotten: {}", screen.text());
}

#[test]
fn a_lesson_paged_to_its_end_says_so_and_opens_at_what_was_passed_over() {
    let course = small();
    for size in [SMALL, (40, 12)] {
        let mut screen = Screen::new(&course, size);
        for number in [2, 13] {
            screen.open(number).press("m<esc>");
        }
        screen.press("n");
        assert!(screen.line(0).contains("Lost Update"), "{}", screen.text());
        // Time for the first two parts, then the end.
        screen.wait(200.0).press("]").wait(200.0);
        assert!(screen.line(2).contains("Estimate"), "{}", screen.text());
        screen.press("G").wait(3.0);
        let library = screen.press("<esc>").text();
        let today = library.lines().find(|line| line.contains("paged ")).unwrap_or_default();
        assert!(today.contains("m marks it read"), "{library}");
        assert!(!library.contains("min left"), "{library}");
        insta::assert_snapshot!(format!("paged_{}x{}", size.0, size.1), library);
        let other = screen.press("gg").text();
        assert!(!other.contains("marks it read"), "m would mark another: {other}");
        let opened = screen.press("n").text();
        assert!(opened.contains("m marks it read"), "{opened}");
        let head = opened.lines().nth(2).unwrap_or_default();
        // Twelve rows of Estimate are too few for the time that it takes.
        let passed = if size == SMALL { "Design" } else { "Estimate" };
        assert!(head.contains(passed), "the first part without time: {opened}");
        assert!(!screen.press("m<esc>").text().contains("paged"), "{}", screen.text());
    }
}

#[test]
fn a_lesson_paged_from_its_start_opens_at_its_start() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    let start = screen.line(2);
    screen.press("G<esc>");
    screen.open(17);
    assert_eq!(screen.line(2), start);
}

#[test]
fn a_note_can_be_written_in_the_readers_editor() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    screen.press("]afirst<c-e>");
    assert_eq!(screen.app.wishes(), [Wish::Edit("first".into())]);
    let now = moment(screen.seconds + 60.0);
    screen.app.edited(Some("first\nand more\n"), now);
    assert!(screen.press("B").text().contains("note       first"), "{}", screen.text());
}

#[test]
fn the_palette_goes_to_lessons_headings_terms_tracks_and_does_commands() {
    let course = with_glossary();
    let mut screen = Screen::new(&course, SMALL);
    insta::assert_snapshot!("palette", screen.press("<c-p>").text());
    screen.press("lostupd<enter>");
    assert!(screen.line(0).contains("Lost Update"), "{}", screen.text());
    screen.press("<c-p>part 5 of 17<enter>");
    assert!(screen.line(2).contains("Part 5 of 17"), "{}", screen.text());
    screen.press("<c-p>outline<enter>");
    assert!(screen.text().contains("back to the text"), "{}", screen.text());
    screen.press("<esc><c-p>passage<enter>");
    assert!(screen.line(0).contains("Glossary"), "{}", screen.text());
    screen.press("<esc><esc><c-p>sprint<enter>");
    assert!(screen.text().contains("track sprint"), "{}", screen.text());
    let opened = screen.press("<c-p>").text();
    assert!(opened.lines().nth(2).unwrap().contains("Lost Update") || opened.contains("Glossary"));
}

#[test]
fn a_search_over_all_opens_at_the_line_and_finds_notes() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    screen.press("]azebra crossing<enter><esc>");
    insta::assert_snapshot!("search_all", screen.press("Sparagraph 7 number").text());
    screen.press("<enter>");
    assert!(screen.text().contains("Part 7 of 17"), "{}", screen.text());
    screen.press("<esc><esc>Szebra<enter>");
    assert!(screen.text().contains("✎"), "{}", screen.text());
    assert!(screen.press("Sqwertz").text().contains("no section holds all of these words"));
}

#[test]
fn the_number_of_rows_says_what_it_counts_where_there_is_room() {
    let course = small();
    let mut screen = Screen::new(&course, SMALL);
    assert!(screen.press("<c-p>").line(0).ends_with(" names"), "{}", screen.line(0));
    assert!(screen.press("lostupda").line(0).ends_with(" 1 name"), "{}", screen.line(0));
    assert!(!screen.press("<esc>S").line(0).contains(" places"), "no rows: {}", screen.line(0));
    assert!(screen.press("number").line(0).ends_with(" places"), "{}", screen.line(0));
    screen.press("<esc>").open(17).press("b");
    assert!(screen.press("B").line(0).ends_with("1 kept"), "{}", screen.line(0));
    screen.size = (40, 12);
    assert!(screen.line(0).ends_with("1 kept"), "{}", screen.line(0));
    let text = screen.press("suppose lesson 17").text();
    assert!(text.contains("bookmark"), "found: {text}");
    assert!(!screen.line(0).ends_with(" kept"), "what is typed comes first: {}", screen.line(0));
    screen.press("<esc>x");
    assert!(screen.press("<esc><esc>x").line(0).ends_with(" labs"), "{}", screen.line(0));
}

#[test]
fn the_mouse_is_given_to_the_terminal_and_taken_back() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    assert!(screen.press("M").text().contains("[reader] mouse = false"));
    assert_eq!(screen.app.wishes(), [Wish::Mouse(false)]);
    let keys = screen.press("?").press("<end>").text();
    assert!(keys.contains("the terminal's own"), "{keys}");
    screen.press("<esc>M");
    assert_eq!(screen.app.wishes(), [Wish::Mouse(true)]);
}

#[test]
fn a_click_in_the_outline_goes_there() {
    let course = small();
    let mut screen = reading(&course, (160, 50));
    let at = screen.text().lines().position(|line| line.contains("  Part 2 of 17")).unwrap();
    let click = MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: 10,
        row: at as u16,
        modifiers: crossterm::event::KeyModifiers::NONE,
    };
    screen.app.event(Event::Mouse(click), moment(5.0));
    let text = screen.text();
    assert!(text.lines().nth(2).unwrap().contains("Part 2 of 17"), "{text}");
}

#[test]
fn a_pasted_text_goes_into_what_is_typed_and_nowhere_else() {
    let course = small();
    let mut screen = reading(&course, SMALL);
    let before = screen.text();
    screen.app.event(Event::Paste("q]]b\n".into()), moment(1.0));
    assert_eq!(screen.text(), before);
    screen.press("/");
    screen.app.event(Event::Paste("number 4\n".into()), moment(2.0));
    assert!(screen.text().contains("/number 4"), "{}", screen.text());
    screen.press("<esc><c-p>");
    screen.app.event(Event::Paste("caching".into()), moment(3.0));
    assert!(screen.line(0).contains("go to: caching"), "{}", screen.line(0));
}

#[test]
fn every_key_at_every_size_leaves_a_screen() {
    let course = small();
    let keys = "o j<enter>/number<enter>nN*aa:50%<enter>fa<esc>Kab<esc>aa note<enter>vjjy<esc>v<enter>B<c-x><esc>Sthe<enter><esc><c-p>q<esc>M?<esc>][<tab><tab><enter><backspace>yYA<esc>u";
    for size in [(1, 1), (2, 2), (5, 3), (20, 5), (7, 40), (300, 2), (112, 8)] {
        let mut screen = reading(&course, size);
        for _ in 0..3 {
            screen.press(keys);
        }
    }
    let mut screen = reading(&course, (20, 5));
    assert!(screen.text().contains("Suppose"), "text first at 20x5: {}", screen.text());
}

#[test]
fn a_large_lesson_shows_its_first_screen_before_the_rest_is_laid_out() {
    let dir = tempfile::tempdir().unwrap();
    for file in ["course.toml", "17-lost-update.md"] {
        fs_err::copy(std::path::Path::new(COURSE).join(file), dir.path().join(file)).unwrap();
    }
    let path = dir.path().join("17-lost-update.md");
    let text = fs_err::read_to_string(&path).unwrap();
    let paragraph = "A paragraph of some words, one of very many of its kind.\n\n".repeat(6000);
    fs_err::write(&path, format!("{text}\n{paragraph}")).unwrap();
    let (course, large) = catalog::open_keeping(dir.path()).unwrap();
    assert_eq!(large.len(), 1, "parsed once, for the index");
    let mut screen = Screen::new(&course, SMALL);
    screen.app.parsed(large);
    screen.app.open(course.by_slug("lost-update").unwrap(), &Goal::Stopped);
    let mut first = Buffer::empty(Rect::new(0, 0, SMALL.0, SMALL.1));
    screen.app.draw(first.area, &mut first);
    let head: String = (0..SMALL.0).map(|x| first[(x, 0)].symbol()).collect();
    assert!(head.contains("0 %"), "the end is not in sight: {head}");
    assert!(screen.app.afterwards(), "the rest");
    let mut second = Buffer::empty(first.area);
    screen.app.draw(second.area, &mut second);
    assert_eq!(second, first, "is below");
    assert!(screen.press("G").line(0).contains("100 %"), "{}", screen.line(0));
}
