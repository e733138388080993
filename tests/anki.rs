//! The package for Anki, read by Anki's own library. `.ci/anki cargo test --test anki -- --ignored` brings it.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::path::Path;
use std::process::Command;

use sdprep::catalog;
use sdprep::config::Config;
use sdprep::export::{ExportedCard, anki, cards};
use sdprep::journal::Store;
use sdprep::markdown;
use sdprep::progress::{Progress, Settings};
use serde_json::{Value, json};
use support::{COURSE, Sandbox, done};

/// What the package should hold, in its order.
fn wanted(journal: &Path) -> Vec<ExportedCard> {
    let course = catalog::open(Path::new(COURSE)).unwrap();
    let store = Store::open(journal, false).unwrap();
    let progress = Progress::fold(&course, &store.alive(), &Settings::of(&Config::default()));
    let lessons = course.listed().flat_map(|entry| {
        let document = markdown::parse(&course.body(entry).unwrap(), entry.body_line as usize);
        cards::of_lesson(entry, &document, &progress)
    });
    let mut all: Vec<ExportedCard> = lessons.collect();
    all.extend(cards::own(&course, &progress));
    all
}

fn sorted(tags: impl Iterator<Item = impl Into<String>>) -> Vec<String> {
    let mut tags: Vec<String> = tags.map(Into::into).collect();
    tags.sort();
    tags
}

/// Holds what Anki has of every card against what it should have.
fn compare(notes: &[Value], wanted: &[ExportedCard]) {
    assert_eq!(notes.len(), wanted.len());
    for (place, card) in (1..).zip(wanted) {
        let guid = format!("system-design-interview-prep/{}", card.key);
        let note = notes.iter().find(|note| note["guid"] == guid.as_str());
        let note = note.unwrap_or_else(|| panic!("Anki has no {guid}"));
        assert_eq!(note["fields"], json!(anki::fields(card)), "{guid}");
        assert_eq!(note["names"], json!(["Question", "Answer", "Lesson", "Key"]));
        let tags = note["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap());
        assert_eq!(sorted(tags), sorted(card.tags.iter()), "{guid}");
        assert_eq!(note["cards"], 1);
        let lesson = card.number.map_or("Own cards".into(), |n| format!("{n:02} {}", card.title));
        assert_eq!(note["deck"], format!("System Design Interview Prep::{lesson}"), "{guid}");
        assert_eq!(note["due"], json!(card.due.map(|due| due.to_string())), "{guid}");
        assert_eq!(note["place"].is_null(), card.due.is_some(), "{guid}: {place}");
        let queue = if card.suspended { -1 } else { i32::from(card.due.is_some()) * 2 };
        assert_eq!(note["queue"], queue, "{guid}");
        let interval = if card.due.is_some() { card.interval.max(1) } else { 0 };
        assert_eq!(note["interval"], interval, "{guid}");
        assert_eq!((&note["reps"], &note["lapses"]), (&json!(card.reps), &json!(card.lapses)));
        let shown = note["shown"].as_str().unwrap();
        let [question, answer, lesson, _] = anki::fields(card);
        for part in [question, answer, lesson] {
            assert!(shown.contains(&part), "{guid}: the answer does not show {part}: {shown}");
        }
    }
}

#[test]
#[ignore = "needs Anki's library: .ci/anki cargo test --test anki -- --ignored"]
fn anki_reads_every_card_and_a_second_import_doubles_none() {
    let python = std::env::var_os("SDPREP_ANKI_PYTHON").expect("run by .ci/anki");
    let mut sandbox = Sandbox::new();
    let event = |id: &str, day: u32, rest: &str| {
        format!("{{\"id\":\"{id}\",\"t\":\"2026-11-{day}T10:00:00Z\",{rest}}}\n")
    };
    let grade = |id, day, card: &str, grade, days| {
        event(id, day, &format!("\"e\":\"grade\",\"c\":\"{card}\",\"g\":{grade},\"iv\":{days}"))
    };
    let own = |id, key: &str, ask: &str, answer: &str| {
        let rest = json!({"e": "card", "c": key, "ask": ask, "answer": answer}).to_string();
        event(id, 20, &rest[1..rest.len() - 1])
    };
    let long = "Ein längerer Text, 日本語, 🚀 & \"mehr\". ".repeat(300); // goes over pages
    let mut journal = [
        grade("a-1", 10, "littles-law#first-fact", 3, 30),
        grade("a-2", 11, "lost-update#first-fact", 3, 2),
        grade("a-3", 13, "lost-update#first-fact", 1, 0),
        event("a-4", 14, "\"e\":\"suspend\",\"c\":\"littles-law#first-fact\",\"on\":true"),
        own("b-1", "littles-law#own-1", "Is `a<b` & **c**?", "<i>no</i>\n\n- one\n- two"),
        own("b-2", "#own-2", "42", &long),
        own("b-3", "gone#own-3", "Of a lesson that is gone?", "Yes."),
    ]
    .concat();
    sandbox.write("data/system-design-interview-prep.jsonl", &journal);
    sandbox.at("2026-11-24T10:00:00Z");
    sandbox.ok(&["export", "--anki", "first.apkg"]);
    let before = wanted(&sandbox.journal());
    assert!(before.len() > 6, "the small course has cards: {}", before.len());

    journal += &own("c-1", "littles-law#own-1", "Is it so now?", "It is.");
    journal += &own("c-2", "#own-4", "One more?", "One.");
    sandbox.write("data/system-design-interview-prep.jsonl", &journal);
    sandbox.at("2026-11-25T10:00:00Z").ok(&["export", "--anki", "second.apkg"]);
    let after = wanted(&sandbox.journal());

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/anki/read.py");
    let packages = ["first.apkg", "first.apkg", "second.apkg"];
    let mut command = Command::new(python);
    command.args([script, "collection.anki2"]).args(packages).env("TZ", "UTC");
    let ran = done(command.current_dir(sandbox.path("")));
    assert_eq!(ran.status, 0, "{}", ran.err);
    let steps: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let counts = |step: &Value| ["new", "updated", "refused", "types"].map(|key| step[key].clone());
    let whole = before.len();
    let notes = |step: &Value| step["notes"].as_array().unwrap().clone();
    assert_eq!(counts(&steps[0]), [json!(whole), json!(0), json!(0), json!(1)]);
    compare(&notes(&steps[0]), &before);
    assert_eq!(counts(&steps[1])[..1], [json!(0)], "a second import doubles nothing");
    assert_eq!(notes(&steps[1]), notes(&steps[0]));
    assert_eq!(counts(&steps[2]), [json!(1), json!(whole), json!(0), json!(1)]);
    compare(&notes(&steps[2]), &after);
    println!(
        "Anki has {whole} cards of {whole}, field by field, and after a newer package {}",
        after.len()
    );
}
