//! The command line from outside: text in a pipe, data, exit codes, words of errors.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use support::{Done, Sandbox, done};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn fails(sandbox: &Sandbox, args: &[&str], status: i32, words: &[&str]) {
    let done = sandbox.run(args);
    assert_eq!((done.out.as_str(), done.status), ("", status), "{args:?}: {}", done.err);
    for word in words {
        assert!(done.err.contains(word), "{args:?} does not say \"{word}\" but: {}", done.err);
    }
}

#[test]
fn next_follows_the_series_until_a_track_is_chosen_and_undo_takes_that_back() {
    let sandbox = Sandbox::new();
    assert!(sandbox.ok(&["next", "--peek"]).starts_with("2 interview-basics"));
    assert!(sandbox.run(&["tracks", "use", "depth"]).out.starts_with("depth:"));
    assert!(sandbox.ok(&["next", "--peek"]).starts_with("40 core-concepts"));
    assert!(sandbox.ok(&["next", "--peek", "--track", "series"]).starts_with("2 "));
    assert_eq!(sandbox.ok(&["undo"]), "taken back: track depth\n");
    assert!(sandbox.ok(&["next", "--peek"]).starts_with("2 interview-basics"));
    assert_eq!(sandbox.ok(&["undo", "--redo"]), "again: track depth\n");
    assert!(sandbox.ok(&["next", "--peek"]).starts_with("40 core-concepts"));
}

#[test]
fn marks_count_in_stats_and_several_are_taken_back_together() {
    let sandbox = Sandbox::new();
    let said = sandbox.run(&["mark", "17", "protocols", "read"]);
    assert_eq!((said.out.as_str(), said.status), ("read: lost-update, protocols\n", 0));
    assert!(said.err.starts_with("new journal at "), "{}", said.err);
    let stats = json(&sandbox.ok(&["stats", "--json"]));
    assert_eq!(stats["lessons"]["read"], 2);
    assert_eq!(stats["minutes"]["read"], 38 + 17);
    assert_eq!(stats["streak"]["current"], 1);
    assert_eq!(stats["days"][0]["date"], "2026-11-24");
    assert_eq!(sandbox.ok(&["mark", "17", "read"]), "already read\n");
    assert_eq!(sandbox.ok(&["undo"]), "taken back: marked read: 17 Lost Update, and 1 more\n");
    assert_eq!(json(&sandbox.ok(&["stats", "--json"]))["lessons"]["read"], 0);
    fails(&sandbox, &["undo"], 1, &["error: nothing to take back"]);
}

#[test]
fn mark_before_goes_up_to_a_lesson_in_the_order_in_use() {
    let sandbox = Sandbox::new();
    let said = sandbox.run(&["mark", "--before", "40"]);
    assert_eq!(said.out, "read: interview-basics, lost-update, littles-law\n");
}

#[test]
fn the_line_for_a_prompt_is_short_and_leaves_out_what_is_nought() {
    let mut sandbox = Sandbox::new();
    assert_eq!(sandbox.ok(&["stats", "--line"]), "0/6\n");
    sandbox.run(&["mark", "25", "read"]);
    let line = sandbox.ok(&["stats", "--line"]);
    assert!(line.starts_with("1/6 · ") && line.ends_with(" due · day 1\n"), "{line}");
    sandbox.at("2026-11-26T10:00:00+01:00");
    assert!(
        !sandbox.ok(&["stats", "--line"]).contains("day"),
        "a day without anything ends the streak"
    );
}

#[test]
fn list_json_has_the_documented_fields_and_no_drafts() {
    let sandbox = Sandbox::new();
    let lessons = json(&sandbox.ok(&["list", "--json"]));
    let numbers: Vec<u64> =
        lessons.as_array().unwrap().iter().map(|l| l["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 17, 25, 40, 54, 64]);
    for field in [
        "number",
        "slug",
        "title",
        "level",
        "kind",
        "minutes",
        "measured_minutes",
        "words",
        "needs",
        "tracks",
        "labs",
        "state",
        "position",
        "cards",
    ] {
        assert!(!lessons[1][field].is_null(), "{field}");
    }
    assert_eq!(lessons[1]["needs"][0], "isolation-levels");
    assert_eq!(lessons[1]["state"], "unopened");
    let only = json(
        &sandbox.ok(&["list", "--json", "--kind", "design", "--unread", "--level", "advanced"]),
    );
    assert_eq!(only.as_array().unwrap().len(), 1);
}

#[test]
fn printing_a_lesson_opens_it_and_does_not_read_it() {
    let sandbox = Sandbox::new();
    let printed = sandbox.run(&["read", "lost", "update", "--width", "60"]);
    assert_eq!(printed.status, 0);
    assert!(
        printed.err.contains("printing does not make it read; `sdprep mark 17 read` does"),
        "{}",
        printed.err
    );
    assert!(!printed.out.contains('\u{1b}'), "no colour in a pipe unless asked");
    assert!(printed.out.lines().all(|line| !line.ends_with(' ')));
    let stats = json(&sandbox.ok(&["stats", "--json"]));
    assert_eq!(
        (&stats["lessons"]["opened"], &stats["lessons"]["read"]),
        (&Value::from(1), &Value::from(0))
    );
    let coloured = sandbox.run(&["read", "17", "--color", "always"]);
    assert!(coloured.out.contains("\u{1b}["));
}

#[test]
fn a_lesson_that_is_not_there_is_answered_with_the_nearest() {
    let sandbox = Sandbox::new();
    fails(
        &sandbox,
        &["read", "lsot-update"],
        1,
        &["error: no lesson \"lsot-update\"", "hint: did you mean 17 lost-update"],
    );
    fails(&sandbox, &["read", "999"], 1, &["error: no lesson \"999\"", "sdprep list"]);
    fails(&sandbox, &["read", "72"], 1, &["is not written yet"]);
    fails(&sandbox, &["next", "--track", "sprnt"], 1, &["did you mean sprint?"]);
    assert!(!sandbox.journal().exists(), "an error writes nothing");
}

#[test]
fn wrong_use_and_wrong_configuration_are_exit_2_with_the_mend() {
    let sandbox = Sandbox::new();
    fails(&sandbox, &["lsit"], 2, &["similar subcommand", "list"]);
    fails(&sandbox, &["list", "--level", "hard"], 2, &["foundation, intermediate, advanced"]);
    fails(&sandbox, &["mark", "17"], 2, &["say read or unread"]);
    let config = sandbox.write("c.toml", "[reader]\nwidht = 70\n");
    fails(
        &sandbox,
        &["list", "--config", config.to_str().unwrap()],
        2,
        &["c.toml:2:", "did you mean `width`?"],
    );
    let config = sandbox.write("d.toml", "[theme]\nuse = \"drak\"\n");
    fails(&sandbox, &["list", "--config", config.to_str().unwrap()], 2, &["no such theme", "dark"]);
    let config = sandbox.write("e.toml", "[keys.reader]\nmrak = \"x\"\n");
    fails(&sandbox, &["list", "--config", config.to_str().unwrap()], 2, &["did you mean `mark`?"]);
    fails(&sandbox, &["list", "--course", "nowhere"], 2, &["course.toml"]);
    fails(&sandbox, &["list", "--config", "nowhere.toml"], 2, &["nowhere.toml"]);
}

#[test]
fn a_moved_clock_is_refused_in_the_readers_own_journal() {
    let sandbox = Sandbox::new();
    let Done { err, status, .. } = done(sandbox.command(&["stats"]).env_remove("SDPREP_DATA_DIR"));
    assert_eq!(status, 2);
    assert!(err.contains("no data directory is named"), "{err}");
    let Done { err, status, .. } = done(sandbox.command(&["stats"]).env("SDPREP_NOW", "tomorrow"));
    assert_eq!(status, 2);
    assert!(err.contains("\"tomorrow\""), "{err}");
}

#[test]
fn a_broken_lesson_leaves_the_others_readable() {
    let sandbox = Sandbox::new();
    sandbox.write("c/course.toml", "id = \"mine\"\ntitle = \"Mine\"\nabout = \"\"\n");
    sandbox.write("c/01-a.md", "+++\nnumber = 1\n");
    let front = "+++\nnumber = 2\nslug = \"b\"\ntitle = \"B\"\nlevel = \"Advanced\"\nkind = \"concept\"\nminutes = 5\ngist = \"g\"\n+++\n";
    sandbox.write("c/02-b.md", &format!("{front}Hello, *world*.&#27;[31m\n"));
    let done = sandbox.run(&["--course", "c", "read", "b"]);
    assert_eq!(done.status, 0);
    assert!(done.err.contains("01-a.md:1:"), "{}", done.err);
    assert!(
        done.out.contains("Hello, world.\u{fffd}[31m"),
        "an entity hides no escape: {:?}",
        done.out
    );
    assert!(sandbox.data().join("mine.jsonl").exists(), "a course has its own progress");
}

#[test]
fn a_closed_pipe_is_success_without_a_word() {
    let sandbox = Sandbox::new();
    let binary = support::binary().display();
    let script = format!("{{ '{binary}' read 17; echo $? >&2; }} | head -n 1");
    let mut command = sandbox.command(&[]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
    shell.current_dir(command.get_current_dir().unwrap());
    let Done { out, err, .. } = done(&mut shell);
    assert_eq!(out.lines().count(), 1);
    assert!(err.trim_end().ends_with('0') && !err.contains("error"), "{err}");
    drop(command.output());
}

#[test]
fn a_dumb_terminal_gets_text() {
    let sandbox = Sandbox::new();
    let Done { out, status, .. } = done(sandbox.command(&[]).env("TERM", "dumb"));
    assert_eq!(status, 0);
    assert!(out.contains("Lost Update"), "{out}");
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let sandbox = Sandbox::new();
    let manual = sandbox.ok(&["man"]);
    let zsh = sandbox.ok(&["completions", "zsh"]);
    for command in [
        "next", "read", "list", "tracks", "about", "stats", "mark", "undo", "check", "config",
        "doctor",
    ] {
        assert!(manual.contains(command), "man: {command}");
        assert!(zsh.contains(command), "zsh: {command}");
    }
}

#[test]
fn config_prints_what_is_in_force_and_can_be_read_again() {
    let sandbox = Sandbox::new();
    let printed = sandbox.ok(&["config"]);
    assert!(printed.starts_with("# ") && printed.contains("width = 72"), "{printed}");
    let file = sandbox.write("again.toml", &printed);
    assert_eq!(
        sandbox.ok(&["config", "--config", file.to_str().unwrap()]).lines().count(),
        printed.lines().count()
    );
}

#[test]
fn the_command_reference_is_what_the_snapshot_says() {
    let sandbox = Sandbox::new();
    let mut reference = sandbox.ok(&["--help"]);
    for command in
        ["next", "read", "list", "tracks", "stats", "mark", "undo", "export", "import", "check"]
    {
        reference.push_str(&format!("\n# {command}\n{}", sandbox.ok(&[command, "--help"])));
    }
    insta::assert_snapshot!(reference);
}

#[test]
fn about_lists_and_tracks_read_as_the_snapshots_say() {
    let sandbox = Sandbox::new();
    sandbox.run(&["mark", "25", "read"]);
    insta::assert_snapshot!("list", sandbox.ok(&["list"]));
    insta::assert_snapshot!("list_narrow", sandbox.ok(&["list", "--width", "40"]));
    insta::assert_snapshot!("tracks", sandbox.ok(&["tracks"]));
    insta::assert_snapshot!("stats", sandbox.ok(&["stats"]));
    insta::assert_snapshot!("about", sandbox.ok(&["about"]));
}

#[test]
fn a_search_names_section_and_line_and_fails_where_nothing_is_found() {
    let sandbox = Sandbox::new();
    let found = sandbox.ok(&["search", "paragraph 7", "number"]);
    assert!(
        found.contains("17 Lost Update · Part 7 of 17\n   Paragraph 7 of lesson 17"),
        "{found}"
    );
    assert!(!found.contains('\u{1b}'), "no colour in a pipe");
    let coloured = sandbox.ok(&["search", "paragraph", "--color", "always"]);
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
    let data = json(&sandbox.ok(&["search", "quotation", "--json"]));
    assert_eq!(data[0]["section"], "What fails");
    fails(&sandbox, &["search", "xyzzy"], 1, &["no section holds \"xyzzy\"", "hint: all words"]);
}

#[test]
fn notes_are_added_shown_searched_and_taken_back() {
    let sandbox = Sandbox::new();
    let said = sandbox.run(&["note", "17"]);
    assert_eq!((said.out.as_str(), said.status), ("", 0), "{}", said.err);
    assert!(said.err.contains("no notes on lost-update yet"));
    assert!(sandbox.run(&["note", "17", "ask", "about", "\u{1b}[31mgap locks"]).out == "noted\n");
    let shown = sandbox.ok(&["note", "lost-update"]);
    assert!(shown.contains("note · 2026-11-24\n  ask about \u{fffd}[31mgap locks"), "{shown}");
    assert!(sandbox.ok(&["search", "gap locks"]).contains("17 Lost Update · note"));
    assert!(sandbox.ok(&["undo"]).starts_with("taken back: note in 17 Lost Update: ask about"));
    assert!(sandbox.run(&["note", "17"]).out.is_empty());
    fails(&sandbox, &["note", "17", "--edit"], 2, &["note --edit needs a terminal"]);
}

#[test]
fn review_in_a_pipe_lists_what_is_due_and_records_nothing() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["review"]).err, "nothing is due\n");
    sandbox.run(&["mark", "25", "64", "read"]);
    let before = fs_err::read(sandbox.journal()).unwrap();
    let out = sandbox.ok(&["review"]);
    assert!(out.starts_with("new    littles-law#first-fact\n       Which of the two"), "{out}");
    let due = json(&sandbox.ok(&["review", "--json"]));
    assert_eq!(due[0]["card"], "littles-law#first-fact");
    assert_eq!((due[0]["why"].as_str(), due[0]["known"].is_null()), (Some("new"), true));
    assert_eq!(fs_err::read(sandbox.journal()).unwrap(), before);
    fails(&sandbox, &["review", "--fit"], 1, &["0 answers so far; 400 are enough to fit"]);
}

#[test]
fn a_day_to_aim_at_is_set_told_and_taken_back() {
    let sandbox = Sandbox::new();
    assert!(sandbox.ok(&["plan"]).starts_with("no day to aim at"));
    fails(&sandbox, &["plan", "--minutes", "40"], 2, &["--by 2026-12-15"]);
    fails(
        &sandbox,
        &["plan", "--by", "2026-11-01"],
        2,
        &["2026-11-01 is not in the next ten years"],
    );
    fails(&sandbox, &["plan", "--by", "soon"], 2, &["invalid value 'soon'"]);
    sandbox.run(&["mark", "25", "read"]);
    let out = sandbox.ok(&["plan", "--by", "2026-12-01", "--minutes", "40"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "aim: 2026-12-01 (in 7 days), 40 min a day");
    assert!(lines[1].starts_with("On 1 December about 6 of 6 cards will be known"), "{out}");
    assert!(lines[2].starts_with("5 lessons are left, ") && lines[2].ends_with("on pace"), "{out}");
    assert!(lines[3].starts_with("  Tue 24 Nov") && lines[3].contains("1 new"), "{out}");
    let plan = json(&sandbox.ok(&["plan", "--minutes", "50", "--json"]));
    assert_eq!((plan["by"].as_str(), plan["minutes"].as_u64()), (Some("2026-12-01"), Some(50)));
    assert_eq!(plan["days"].as_array().unwrap().len(), 7);
    assert_eq!(sandbox.ok(&["undo"]), "taken back: aim: 2026-12-01\n");
    assert!(sandbox.ok(&["plan"]).contains("40 min a day"));
    assert!(sandbox.ok(&["plan", "--none"]).starts_with("no day to aim at"));
    assert!(sandbox.ok(&["plan", "--weeks", "2"]).contains("2026-12-08 (in 14 days)"));
}

#[test]
fn rehearse_in_a_pipe_prints_prompt_and_phases_and_no_answers() {
    let sandbox = Sandbox::new();
    let out = sandbox.ok(&["rehearse"]);
    assert!(out.starts_with("64 URL Shortener") && out.contains("design         10 min"), "{out}");
    assert!(!out.contains("names create") && !out.contains("short-lived"), "{out}");
    let flaws = sandbox.ok(&["rehearse", "64", "--flaws"]);
    assert!(flaws.contains("Find 3 weaknesses.") && !flaws.contains("two stores"), "{flaws}");
    fails(
        &sandbox,
        &["rehearse", "25"],
        1,
        &["25 Little's Law", "has no rehearsal", "rehearse 64"],
    );
    let all = json(&sandbox.ok(&["rehearse", "--json"]));
    assert_eq!(all["designs"][0]["slug"], "design-url-shortener");
    assert_eq!(all["profile"]["profile"].as_array().unwrap().len(), 7);
    assert!(!sandbox.journal().exists());
}

#[test]
fn labs_are_listed_run_and_shown_and_a_pipe_records_nothing() {
    let sandbox = Sandbox::new();
    let all = json(&sandbox.ok(&["lab", "--json"]));
    let names: Vec<&str> =
        all.as_array().unwrap().iter().map(|lab| lab["name"].as_str().unwrap()).collect();
    assert!(names.len() >= 20 && names.is_sorted(), "{names:?}");
    for field in ["claim", "lessons", "knobs", "done"] {
        assert!(!all[0][field].is_null(), "{field}");
    }
    let run = json(&sandbox.ok(&["lab", "ring", "--set", "servers=20", "--seed", "7", "--json"]));
    assert_eq!((run["seed"].as_u64(), run["knobs"]["servers"].as_f64()), (Some(7), Some(20.0)));
    assert!((run["theory"].as_f64().unwrap() - 100.0 / 21.0).abs() < 1e-9);
    assert_eq!(run["holds"], true);
    assert_eq!(
        run,
        json(&sandbox.ok(&["lab", "ring", "--set", "servers=20", "--seed", "7", "--json"]))
    );
    let said = sandbox.ok(&["lab", "ring", "--predict", "20"]);
    assert!(
        said.contains("your answer 20: 2.") && said.contains("next: sdprep lab ring"),
        "{said}"
    );
    assert!(sandbox.ok(&["lab", "ring", "--source"]).contains("struct Ring"));
    fails(&sandbox, &["lab", "rnig"], 1, &["no lab \"rnig\"", "did you mean ring?"]);
    fails(&sandbox, &["lab", "ring", "--set", "servers=0"], 2, &["from 1 to 500"]);
    fails(&sandbox, &["lab", "ring", "--set", "servers"], 2, &["--set NAME=VALUE"]);
    assert!(!sandbox.journal().exists());
}

#[test]
fn estimates_are_recomputed_with_inputs_that_are_set() {
    let sandbox = Sandbox::new();
    let out = sandbox.ok(&["estimate", "25", "--set", "ratio=200 clicks/link"]);
    assert!(out.contains("7,610 clicks/s   the text: 3,810 clicks/s"), "{out}");
    let data = json(&sandbox.ok(&["estimate", "25", "--set", "ratio=200", "--json"]));
    assert_eq!(
        (data[0]["name"].as_str(), data[0]["matters_most"].as_str()),
        (Some("traffic"), Some("ratio"))
    );
    assert!((data[0]["results"][0]["value"].as_f64().unwrap() - 7610.35).abs() < 0.1, "{data}");
    fails(&sandbox, &["estimate", "25", "--set", "ratoi=2"], 2, &["\"ratio\"?"]);
    fails(&sandbox, &["estimate", "25", "--set", "ratio=2 GB"], 2, &["--set ratio=2 GB: ratio"]);
    assert!(!sandbox.journal().exists());
}
