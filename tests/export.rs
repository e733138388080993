//! `sdprep export` from outside: what leaves one machine comes in whole on another, and no file is lost on the way.
#![allow(clippy::unwrap_used)]

mod support;

use support::Sandbox;

/// A line that a later version wrote, one that cannot be read, one without a line end.
const ODD: &str = "{\"id\":\"z-1\",\"t\":\"2026-11-24T09:00:00+01:00\",\"e\":\"hologram\",\"deep\":{\"x\":[1,2]}}\r\n\
    no event\n\
    {\"id\":\"z-2\",\"t\":\"2026-11-24T09:00:01+01:00\",\"e\":\"card\",\"c\":\"#own-1\",\"ask\":\"Mine, \\\"own\\\"?\",\
    \"answer\":\"=1\"}";

/// A reader with some acts, one of them taken back.
fn reader() -> Sandbox {
    let sandbox = Sandbox::new();
    for act in [
        &["mark", "17", "25", "read"][..],
        &["note", "17", "ask", "about", "locks"],
        &["mark", "40", "read"],
        &["undo"],
        &["tracks", "use", "depth"],
    ] {
        assert_eq!(sandbox.run(act).status, 0, "{act:?}");
    }
    let journal = fs_err::read_to_string(sandbox.journal()).unwrap();
    sandbox.write("data/system-design-interview-prep.jsonl", &(journal + ODD));
    sandbox
}

#[test]
fn what_is_exported_is_the_journal_and_imported_elsewhere_it_is_the_same_progress() {
    let (here, there) = (reader(), Sandbox::new());
    let said = here.run(&["export", "all.jsonl"]);
    assert_eq!((said.out.as_str(), said.status), ("8 events written to all.jsonl\n", 0));
    let exported = fs_err::read(here.path("all.jsonl")).unwrap();
    assert!(exported == fs_err::read(here.journal()).unwrap(), "every byte, the odd ones too");
    assert_eq!(here.run(&["export", "-"]).out.as_bytes(), exported);

    let file = here.path("all.jsonl");
    let said = there.run(&["import", file.to_str().unwrap()]).out;
    assert_eq!(said, "8 new events merged, 0 known, 1 lines unreadable\n");
    let shown: [&[&str]; 4] =
        [&["stats", "--json"], &["list", "--json"], &["note", "17"], &["export", "--csv", "-"]];
    for command in shown {
        assert_eq!(there.run(command).out, here.run(command).out, "{command:?}");
    }
    assert_eq!(there.ok(&["undo"]), here.run(&["undo"]).out, "what is next to be taken back, too");
    let journal = fs_err::read(there.journal()).unwrap();
    assert!(journal.windows(12).any(|part| part == b"\"deep\":{\"x\":"), "unknown fields stay");

    let said = there.ok(&["import", file.to_str().unwrap()]);
    assert_eq!(said, "0 new events merged, 8 known, 1 lines unreadable\n");
    assert!(journal == fs_err::read(there.journal()).unwrap(), "a second import adds no byte");
}

#[test]
fn a_file_that_is_there_is_replaced_only_if_asked() {
    let sandbox = reader();
    let file = sandbox.write("cards.csv", "precious");
    let refused = sandbox.run(&["export", "--csv", "cards.csv"]);
    assert_eq!(
        (refused.err.as_str(), refused.status),
        ("error: export: cards.csv is there already\nhint: --force replaces it\n", 2)
    );
    assert_eq!(fs_err::read_to_string(&file).unwrap(), "precious");
    let said = sandbox.run(&["export", "--csv", "cards.csv", "--force"]);
    assert!(said.out.ends_with(" cards written to cards.csv\n"), "{}", said.err);
    assert!(fs_err::read_to_string(&file).unwrap().starts_with("key,lesson,number"));
}

#[test]
fn what_cannot_be_written_is_exit_3_with_path_and_cause_and_leaves_nothing_behind() {
    let sandbox = reader();
    let absent = sandbox.run(&["export", "absent/all.jsonl"]);
    assert_eq!(absent.status, 3);
    assert!(absent.err.contains("export: absent/all.jsonl: No such file"), "{}", absent.err);
    fs_err::create_dir(sandbox.path("folder")).unwrap();
    let folder = sandbox.run(&["export", "folder", "--force"]);
    assert_eq!(folder.status, 3);
    assert!(folder.err.contains("folder: it is there and no ordinary file"), "{}", folder.err);
    let full = sandbox.run(&["export", "/dev/full", "--force"]);
    assert_eq!(full.status, 3, "a device is never replaced: {}", full.err);
    let mut names: Vec<_> = fs_err::read_dir(sandbox.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["data", "folder"], "no half-written file");
}

#[test]
fn the_cards_are_those_of_the_lessons_and_the_readers_own() {
    let sandbox = reader();
    let table = sandbox.run(&["export", "--csv", "-"]).out;
    assert!(table.contains("\r\nlittles-law#first-fact,littles-law,25,"), "{table}");
    assert!(table.contains("\r\n#own-1,,,,,\"Mine, \"\"own\"\"?\",=1,own,,0,0,0\r\n"), "{table}");
    assert!(sandbox.run(&["export", "--anki", "a.apkg"]).out.ends_with("written to a.apkg\n"));
    let package = fs_err::read(sandbox.path("a.apkg")).unwrap();
    assert_eq!(&package[..4], b"PK\x03\x04");
    assert_eq!(&package[30..61], b"collection.anki2SQLite format 3", "stored as it is");
    assert_eq!(sandbox.run(&["export", "--anki", "-"]).status, 2, "no package on standard output");
    assert_eq!(sandbox.run(&["export", "--anki", "--csv", "x"]).status, 2);
    assert_eq!(Sandbox::new().run(&["export", "x"]).status, 1, "an empty journal");
}

#[test]
fn a_lesson_that_cannot_be_read_is_named_and_left_out() {
    let sandbox = Sandbox::new();
    let front = |number, slug| {
        format!(
            "+++\nnumber = {number}\nslug = \"{slug}\"\ntitle = \"T\"\nlevel = \"Advanced\"\nkind = \"concept\"\nminutes = 5\ngist = \"g\"\n"
        )
    };
    sandbox.write("c/course.toml", "id = \"mine\"\ntitle = \"Mine\"\nabout = \"\"\n");
    sandbox.write("c/01-a.md", &front(1, "a"));
    sandbox.write("c/02-b.md", &(front(2, "b") + "+++\n```card one\nQ: Q?\nA: A.\n```\n"));
    let done = sandbox.run(&["--course", "c", "export", "--csv", "-"]);
    assert_eq!((done.out.lines().count(), done.status), (2, 0));
    assert!(done.err.starts_with("left out: 01-a.md:1:"), "{}", done.err);
}
