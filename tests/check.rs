//! A small sound course passes; each way to break it has its finding, to the letter.
#![allow(clippy::unwrap_used)]
#![allow(clippy::too_many_lines)] // a table of rules

use std::path::Path;

use chrono::NaiveDate;
use sdprep::catalog;
use sdprep::check::{Report, check, fix};
use tempfile::TempDir;

const FILES: [(&str, &str); 6] = [
    ("course.toml", include_str!("check/course.toml")),
    ("constants.toml", include_str!("check/constants.toml")),
    ("owners.toml", include_str!("check/owners.toml")),
    ("01-pool.md", include_str!("check/01-pool.md")),
    ("02-design-shop.md", include_str!("check/02-design-shop.md")),
    ("03-ring.md", include_str!("check/03-ring.md")),
];

/// The course with `from` replaced by `to` in one file; `from` must occur.
fn broken(file: &str, from: &str, to: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        let text = if name == file {
            assert!(text.contains(from), "{file} has no {from:?}");
            text.replacen(from, to, 1)
        } else {
            text.to_owned()
        };
        fs_err::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn report(dir: &Path) -> Report {
    let course = catalog::open(dir).unwrap();
    check(&course, None, NaiveDate::from_ymd_opt(2026, 11, 24).unwrap())
}

fn findings(file: &str, from: &str, to: &str) -> Vec<String> {
    report(broken(file, from, to).path()).findings.iter().map(ToString::to_string).collect()
}

fn warnings(file: &str, from: &str, to: &str) -> Vec<String> {
    report(broken(file, from, to).path()).warnings.iter().map(ToString::to_string).collect()
}

const POOL: &str = "01-pool.md";
const SHOP: &str = "02-design-shop.md";
const RING: &str = "03-ring.md";

#[test]
fn a_sound_course_has_nothing_to_be_said_of_it() {
    let report = report(broken(POOL, "", "").path());
    assert_eq!(
        report.to_string(),
        "\
2 lessons, 1 draft, 6 cards, 4 asks, 1 diagram, 1 transcript, 1 estimate, 1 rehearsal
2 links to drafts, 0 links to labs not yet there
0 findings, 0 warnings
"
    );
}

#[test]
fn each_broken_rule_is_one_finding() {
    for (file, from, to, finding) in [
        // Front matter
        (
            POOL,
            "number = 1",
            "number = 7",
            "01-pool.md:2: number 7 in the file 01-pool.md; give both one",
        ),
        (
            POOL,
            "tags = [\"queues\"]",
            "tags = []",
            "01-pool.md:9: no tags; name what a reader would search for",
        ),
        (
            POOL,
            "tags = [\"queues\"]",
            "tags = [\"Queues\"]",
            "01-pool.md:9: tag \"Queues\" has other letters than a-z 0-9 -; rename it",
        ),
        (
            POOL,
            "labs = [\"little\"]",
            "labs = [\"little\", \"ringg\"]",
            "01-pool.md:8: no lab \"ringg\"; \"ring\"?",
        ),
        (
            POOL,
            "aliases = []",
            "aliases = [\"ring\"]",
            "01-pool.md:10: \"ring\" is the slug of 03-ring.md; take it out",
        ),
        (
            SHOP,
            "needs = [\"pool\"]",
            "needs = [\"poool\"]",
            "02-design-shop.md:8: no lesson \"poool\"; \"pool\"?",
        ),
        (
            SHOP,
            "needs = [\"pool\"]",
            "needs = [\"pool\", \"design-shop\"]",
            "02-design-shop.md:8: \"design-shop\" needs itself; take it out",
        ),
        (
            SHOP,
            "old = \"design\"",
            "old = \"desing\"",
            "02-design-shop.md:13: no heading \"desing\"; name the heading that \"old\" has become",
        ),
        (
            SHOP,
            "old = \"design\"",
            "failure = \"design\"",
            "02-design-shop.md:13: heading \"failure\" still exists; take the line out",
        ),
        (
            RING,
            "needs = []",
            "needs = [\"ring\"]",
            "03-ring.md:8: \"ring\" needs itself; take it out",
        ),
        (
            RING,
            "draft = true",
            "draft = false",
            "03-ring.md:1: no text; write it, or say draft = true",
        ),
        (
            POOL,
            "gist = \"How",
            &format!("gist = \"{}How", "word ".repeat(60)),
            "01-pool.md:12: gist has 73 words; at most 60",
        ),
        (POOL, "minutes = 4", "minutes = 0", "01-pool.md:7: 0 minutes; state the reading time"),
        (
            POOL,
            "minutes = 4",
            "minutes = 6",
            "01-pool.md:7: measures 3.5 min, states 6 (-42 %, 15 % allowed); about 330 words are missing",
        ),
        // Tracks
        (
            "course.toml",
            "\"design-shop\"]",
            "\"design-shp\"]",
            "course.toml:6: track all: no lesson \"design-shp\"; \"design-shop\"?",
        ),
        (
            "course.toml",
            "\"pool\"",
            "\"ring\"",
            "course.toml:6: track all: \"design-shop\" needs \"pool\", which is not in the track; add it",
        ),
        (
            "course.toml",
            "[\"pool\"] }, { title = \"Two\", lessons = [\"design-shop\"]",
            "[\"design-shop\", \"pool\"]",
            "course.toml:6: track all: \"design-shop\" stands before \"pool\", which it needs; move it down",
        ),
        (
            "course.toml",
            "\"design-shop\"]",
            "\"design-shop\", \"pool\"]",
            "course.toml:6: track all: \"pool\" stands twice; take one out",
        ),
        (
            "course.toml",
            "[[tracks]]",
            "[[tracks]]\nid = \"all\"\ntitle = \"\"\n\n[[tracks]]",
            "course.toml:10: two tracks \"all\"; rename one",
        ),
        (
            "course.toml",
            "id = \"all\"",
            "id = \"All\"",
            "course.toml:6: track \"All\" has other letters than a-z 0-9 -; rename it",
        ),
        // Facts
        (
            "owners.toml",
            "\"pool\"",
            "\"pol\"",
            "owners.toml:1: fact \"little\": no lesson \"pol\"; \"pool\"?",
        ),
        (
            "constants.toml",
            "\"documented\"",
            "\"read\"",
            "constants.toml:2: disk has the mark \"read\"; mark it documented, measured or assumed",
        ),
        (
            "constants.toml",
            "\"2026-11-01\"",
            "\"November\"",
            "constants.toml:2: disk has the date \"November\"; write it like 2026-11-24",
        ),
        (
            "constants.toml",
            "\"USD/GB/month\"",
            "\"USD/GiBB\"",
            "constants.toml:2: disk: \"GiBB\" is not known; \"GiB\"?",
        ),
        (
            "constants.toml",
            "\"A price list.\"",
            "\"\"",
            "constants.toml:2: disk has no source; say where it was read or measured",
        ),
        // Links
        (POOL, "(03-ring.md)", "(03-rin.md)", "01-pool.md:60: no lesson \"rin\"; \"ring\"?"),
        (
            POOL,
            "(03-ring.md)",
            "(03-ring.md#sizes)",
            "01-pool.md:60: link to a draft has no heading; take \"#sizes\" out",
        ),
        (
            POOL,
            "(03-ring.md)",
            "(02-design-shop.md#desing)",
            "01-pool.md:60: design-shop has no heading \"#desing\"; \"#design\"?",
        ),
        (
            POOL,
            "(03-ring.md)",
            "(02-design-shop.md#old)",
            "01-pool.md:60: heading \"#old\" of design-shop is now \"#design\"; link that",
        ),
        (
            POOL,
            "(03-ring.md)",
            "(2-design-shop.md)",
            "01-pool.md:60: \"design-shop\" is in the file 02-design-shop.md; link that",
        ),
        (
            POOL,
            "(03-ring.md)",
            "(03-circle.md)",
            "01-pool.md:60: \"circle\" is now \"ring\"; write that",
        ),
        (POOL, "(03-ring.md)", "(#siz)", "01-pool.md:60: no heading \"#siz\"; \"#size\"?"),
        (
            POOL,
            "(03-ring.md)",
            "(ring.md)",
            "01-pool.md:60: \"ring.md\" leads nowhere; link 12-slug.md, #heading, lab:name or an address",
        ),
        (
            POOL,
            "(lab:little)",
            "(lab:litle)",
            "01-pool.md:36: lab \"litle\" is not in the front matter's labs; \"little\"?",
        ),
        (
            POOL,
            "[6 connections]",
            "[7 connections]",
            "01-pool.md:34: pool.busy is 6 connections, shown 7 connections; correct the text",
        ),
        (POOL, "(=pool.busy)", "(=pool.bsy)", "01-pool.md:34: pool has no line \"bsy\"; \"busy\"?"),
        (POOL, "(=pool.busy)", "(=pol.busy)", "01-pool.md:34: no estimate \"pol\"; \"pool\"?"),
        // Estimates: all their words are tested where they are made.
        (
            POOL,
            "=> 6 connections",
            "=> 7 connections",
            "01-pool.md:30: busy is 6 connections, shown 7 connections; correct it or use --fix",
        ),
        (
            POOL,
            "# assumed, 5 ms .. 50 ms",
            "# assumed",
            "01-pool.md:26: held is assumed without a range; add \"low .. high\"",
        ),
        (
            POOL,
            "```estimate pool\n",
            "```estimate pool more\n",
            "01-pool.md:24: no estimate \"pool\" above; take \"more\" out",
        ),
        (
            POOL,
            "=> 6 connections",
            "=> 6 connections # goal",
            "01-pool.md:31: pool has two goals; watch one",
        ),
        // Asks and cards
        (
            POOL,
            "card three",
            "card two",
            "01-pool.md:67: two cards \"two\" (39, 67); rename the newer",
        ),
        (
            POOL,
            "A: 12, by the law.",
            "A: 13, by the law.",
            "01-pool.md:41: \"13\" is in no line of the lesson; teach it first",
        ),
        (
            POOL,
            "A: 12, by the law.",
            "A: 12. By the law.",
            "01-pool.md:41: two sentences; one fact a card",
        ),
        (POOL, "=> 12\n", "=> 14\n", "01-pool.md:42: calc is 12, shown 14; correct it"),
        (
            POOL,
            "No. The bottleneck fixes the rate.",
            "No, the bottleneck fixes the rate.",
            "01-pool.md:76: answer has one sentence; two to four",
        ),
        (
            POOL,
            "lab: little\n```",
            "lab: litle\n```",
            "01-pool.md:16: lab \"litle\" is not in the front matter's labs; add it",
        ),
        // Rehearsals
        (
            SHOP,
            "phase requirements 5 min",
            "phase requirements 6 min",
            "02-design-shop.md:79: phases make 41 min, 40 stated; give both one sum",
        ),
        (
            SHOP,
            "staff: says which invariant is kept where\n",
            "",
            "02-design-shop.md:96: phase \"design\" has no staff item; add one",
        ),
        (
            SHOP,
            "phase failure 8 min\nsee: #failure",
            "phase failure 8 min\nsee: #failures",
            "02-design-shop.md:107: no heading \"#failures\"; name a section of this lesson",
        ),
        (
            SHOP,
            "phase failure 8 min\nsee: #failure\n",
            "phase failure 8 min\n",
            "02-design-shop.md:106: phase \"failure\" has no see:; name the section that is its model answer",
        ),
        (
            SHOP,
            "curveball 30 min: Legal wants deletes.\nA: A tombstone.\n",
            "",
            "02-design-shop.md:79: 1 curveball; 2 or 3",
        ),
        (
            SHOP,
            "curveball 30 min",
            "curveball 40 min",
            "02-design-shop.md:117: curveball at 40 min, the rehearsal has 40; bring it forward",
        ),
        (
            SHOP,
            "Q: Why not a queue?\nA: Buyers wait.\n",
            "",
            "02-design-shop.md:79: 2 questions; 3 to 6",
        ),
        (SHOP, "flaw: the lock has no owner\n", "", "02-design-shop.md:126: 2 flaws; 3 to 5"),
        // Sources
        (
            SHOP,
            "documented (PostgreSQL 15, 2026-11-24)",
            "PostgreSQL 15",
            "02-design-shop.md:133: [^pg] has no mark; begin with documented, measured, paper, reasoned or assumed",
        ),
        (
            SHOP,
            "documented (PostgreSQL 15, 2026-11-24)",
            "documented (PostgreSQL 15)",
            "02-design-shop.md:133: [^pg] documented without a date; write documented (PostgreSQL 15, 2026-11-24)",
        ),
        (
            SHOP,
            "serialization failure.[^pg]",
            "serialization failure.",
            "02-design-shop.md:133: [^pg] never used; use it or take it out",
        ),
        (
            SHOP,
            "serialization failure.[^pg]",
            "serialization failure.[^pg][^x]",
            "02-design-shop.md:49: [^x] used, not defined; define it at the end",
        ),
    ] {
        assert_eq!(findings(file, from, to), [finding], "{file}: {from:?} -> {to:?}");
    }
}

#[test]
fn some_breaks_are_seen_from_more_than_one_place() {
    for (file, from, to, finding) in [
        (
            POOL,
            "slug = \"pool\"",
            "slug = \"pools\"",
            "01-pool.md:3: slug \"pools\" in the file 01-pool.md; give both one",
        ),
        (SHOP, "```flaws", "```text", "02-design-shop.md:1: no flaws block; a design has one"),
        (
            RING,
            "+++\n\n",
            "+++\n\nText.\n",
            "03-ring.md:10: a draft with a text; finish it and take the line out",
        ),
    ] {
        let said = findings(file, from, to);
        assert!(said.iter().any(|line| line == finding), "{file}: {from:?} -> {to:?}: {said:?}");
    }
}

#[test]
fn a_cycle_of_needs_is_said_once_with_all_its_lessons() {
    assert_eq!(
        findings(POOL, "needs = []", "needs = [\"design-shop\"]"),
        [
            "01-pool.md:1: pool needs design-shop needs pool; take one need out",
            "course.toml:6: track all: \"pool\" stands before \"design-shop\", which it needs; move it down",
        ]
    );
}

#[test]
fn a_lesson_that_cannot_be_read_is_a_finding_at_its_line() {
    let said = findings(RING, "kind = \"concept\"", "knd = \"concept\"");
    assert!(said[0].starts_with("03-ring.md:6: unknown field `knd`"), "{said:?}");
}

#[test]
fn what_should_be_looked_at_is_a_warning() {
    for (file, from, to, warning) in [
        (
            POOL,
            "held     = 20 ms",
            "price    = 0.023 USD/GB/month  # given\nheld     = 20 ms",
            "01-pool.md:26: 0.023 USD/GB/month is @disk; take it by that name",
        ),
        (
            POOL,
            "Ten are enough",
            "Ten of 17 connections are enough",
            "01-pool.md:36: 17 connections is in no estimate; link it, or mend it",
        ),
        (
            POOL,
            "[Run it](lab:little)",
            "Run it",
            "01-pool.md:8: lab \"little\" is never linked; link it where its question arises",
        ),
        (
            POOL,
            "Ten are enough",
            "Ten are simply enough",
            "01-pool.md:36: \"simply\" is a slogan; say what it does",
        ),
        (
            SHOP,
            "2026-11-24): <",
            "2025-05-24): <",
            "02-design-shop.md:133: [^pg] seen 18 months ago; look again",
        ),
        (
            "constants.toml",
            "2026-11-01",
            "2024-11-24",
            "constants.toml:2: disk was seen 24 months ago; look again",
        ),
    ] {
        let said = warnings(file, from, to);
        assert_eq!(said, [warning], "{file}: {from:?} -> {to:?}");
    }
}

#[test]
fn warnings_do_not_make_it_fail_and_findings_do() {
    let warned = report(broken(POOL, "Ten are enough", "Ten simply do").path());
    assert!(warned.findings.is_empty() && !warned.warnings.is_empty());
    assert!(warned.to_string().ends_with("0 findings, 1 warning\n"), "{warned}");
    let data = warned.data();
    assert_eq!(data["warnings"][0]["file"], "01-pool.md");
    assert_eq!(data["lessons"], 2);
}

#[test]
fn fix_rewrites_results_and_nothing_else() {
    let dir = broken(POOL, "=> 6 connections", "=> 9 connections");
    let path = dir.path().join(POOL);
    let text = fs_err::read_to_string(&path).unwrap().replacen(
        "=> 10 connections   # goal",
        "=> ? connections    # goal",
        1,
    );
    fs_err::write(&path, text).unwrap();
    assert_eq!(fix(dir.path()).unwrap(), 2);
    let mended = fs_err::read_to_string(&path).unwrap();
    assert_eq!(mended, FILES[3].1, "the file is again as it was");
    assert_eq!(fix(dir.path()).unwrap(), 0);
}

#[test]
fn fix_leaves_prose_that_shows_another_number() {
    let dir = broken(POOL, "held     = 20 ms", "held     = 30 ms");
    assert_eq!(fix(dir.path()).unwrap(), 2);
    let said: Vec<String> = report(dir.path()).findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "01-pool.md:34: pool.busy is 9 connections, shown 6 connections; correct the text",
            "01-pool.md:35: pool.size is 15 connections, shown 10 connections; correct the text",
        ]
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever an author may have written so far: pieces of blocks in any order, cut anywhere.
    #[test]
    fn no_text_makes_it_panic(pieces in proptest::collection::vec(piece(), 0..24)) {
        let body = pieces.concat();
        let dir = broken(POOL, "Suppose you own", &format!("{body}\nSuppose you own"));
        report(dir.path());
        fix(dir.path()).unwrap();
    }
}

fn piece() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let words = prop::sample::select(vec![
        "```",
        "```estimate a",
        "```estimate a more",
        "```diagram sequence",
        "```diagram",
        "```card x",
        "```ask",
        "```transcript redis-7",
        "```rehearsal 40 min",
        "```flaws",
        "\n",
        "\n\n",
        "## é\n",
        "| a |",
        "|---|",
        "\\|",
        "Q: ",
        "A: ",
        "calc: 3 ms => ",
        "caption: ",
        "phase design 5 min",
        "see: #",
        "T1> x;\n",
        "    (waits for T2)\n",
        "x = 5 µs # given\n",
        "y = x^x^x => ? ms\n",
        "z = ceil(x / 0) => 3\n",
        "unit ries\n",
        "[4 ms](=a.y)",
        "[−3](=a.x)",
        "[^n]",
        "[^n]: documented (é",
        "(03-ring.md",
        "[a](03-ring.md#",
        "[a](lab:é)",
        "https://é",
        "┌─►│",
        "╎┐\n└┘",
        "日本",
        "%",
        "−5",
        "1,2,3.4.5e99",
        "..",
        "10^400 ",
        "at scale",
    ]);
    prop_oneof![4 => words.prop_map(str::to_owned), 1 => ".{0,12}"]
}

#[test]
fn a_card_that_says_something_else_under_its_old_id_is_pointed_out() {
    let sound = broken("01-pool.md", "Q:", "Q:");
    let older = catalog::open(sound.path()).unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let card = FILES[3].1.split("```card ").nth(1).unwrap();
    let (id, answer) = (card.lines().next().unwrap(), card.split("A: ").nth(1).unwrap());
    let answer = answer.lines().next().unwrap();
    let edited = broken("01-pool.md", answer, "Something else, 99 of it.");
    let report = check(&catalog::open(edited.path()).unwrap(), Some(&older), day);
    let said: Vec<String> = report.warnings.iter().map(ToString::to_string).collect();
    assert!(
        said.iter().any(|w| w.contains(&format!("card \"{id}\" answered")) && w.contains("new id")),
        "{said:?}"
    );
    let renamed = broken("01-pool.md", &format!("```card {id}"), "```card renamed");
    let report = check(&catalog::open(renamed.path()).unwrap(), Some(&older), day);
    let said: Vec<String> = report.warnings.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|w| w.contains(&format!("card \"{id}\" is gone"))), "{said:?}");
}
