//! Each thing that a parser says, with the block that makes it say so, and what a sound block reads as.

use proptest::prelude::*;

use super::*;

fn issues(info: &str, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    parse(info, &lines, 10)
        .1
        .iter()
        .map(|issue| format!("{}: {}", issue.line, issue.value))
        .collect()
}

fn says(info: &str, text: &str, issue: &str) {
    let found = issues(info, text);
    assert!(
        found.iter().any(|said| said.starts_with(issue)),
        "{info}\n{text}\nwanted {issue}\nfound {found:?}"
    );
}

const QA: &str = "Q: why?\nA: because.";

#[test]
fn cards_and_asks() {
    assert_eq!(issues("card a-1", QA), Vec::<String>::new());
    says("card", QA, "9: a card has no id");
    says("card A_b", QA, "9: card id \"A_b\" has other letters");
    says("card a", "Q: why?", "9: the card has no A");
    says("ask", "A: so", "9: the ask has no Q");
    says("ask", "Q: a\nQ: b\nA: c", "11: a second Q; one ask asks one thing");
    says("card a", "Q: a\nA: b\ncalc: 1 + 1", "12: calc has no result");
    says("ask", "  floating\nQ: a\nA: b", "10: an indented line continues nothing");
    says("ask", "Q: a\nA: b\nnothing keyed", "12: \"nothing keyed\" has no key");
    let (block, _) = parse("ask", &["Q: one", "  two: three", "A: so", "lab: little"], 10);
    let Block::Ask(ask) = block else { panic!("no ask") };
    assert_eq!(
        (ask.question.value.as_str(), ask.lab.as_deref()),
        ("one two: three", Some("little"))
    );
}

#[test]
fn diagrams() {
    let drawn = "caption: one\n two\n A    B\n ├───►│";
    assert_eq!(issues("diagram sequence", drawn), Vec::<String>::new());
    let (block, _) =
        parse("diagram sequence", &["caption: one", "  two", " A      B", " ├─────►│", ""], 10);
    let Block::Diagram(diagram) = block else { panic!("no diagram") };
    assert_eq!(diagram.caption.map(|caption| caption.value), Some("one two".into()));
    assert_eq!(diagram.rows.len(), 2, "blank rows at the end are none");
    says("diagram round", drawn, "9: diagram \"round\" is not known");
    says("diagram", " ├───►│", "9: a diagram has no caption");
    says("diagram", "caption: one", "9: nothing is drawn");
}

#[test]
fn estimates() {
    let sound =
        "unit rides\na = 5 users # assumed, 1 users .. 9 users [^x]\nb = a * 2 => 10 users  # goal";
    assert_eq!(issues("estimate feed", sound), Vec::<String>::new());
    let (block, _) = parse("estimate feed more", &sound.lines().collect::<Vec<_>>(), 10);
    let Block::Estimate(estimate) = block else { panic!("no estimate") };
    assert!(estimate.more && estimate.name == "feed");
    let input = EstimateLine::Input {
        name: "a".into(),
        value: "5 users".into(),
        mark: "assumed".into(),
        low: Some("1 users".into()),
        high: Some("9 users".into()),
        note: Some("x".into()),
    };
    assert_eq!(estimate.lines[1].value, input);
    says("estimate", sound, "9: an estimate has no name");
    says("estimate a b", sound, "9: \"b\" is not known here");
    says("estimate a", "nothing", "10: \"nothing\" is no line of an estimate");
    says("estimate a", "x y = 5 # given", "10: \"x y\" is no name");
    says("estimate a", "x = # given", "10: x has no value");
    says("estimate a", "x = 5", "10: x has no mark");
    says("estimate a", "x = 5 # guessed", "10: x has the mark \"guessed\"");
    says("estimate a", "x = 5 # assumed, 1 to 9", "10: \"1 to 9\" is no range");
    says("estimate a", "x = 5 =>", "10: x has no result");
    says("estimate a", "x = 5 => 5 # top", "10: \"# top\" after a result");
    assert_eq!(
        issues("estimate a", "x = @s3-storage"),
        Vec::<String>::new(),
        "a constant has its own mark"
    );
}

#[test]
fn rehearsals_and_flaws() {
    let sound = "prompt: Design it.\nphase design 5 min\nsee: #design\nmid: a\ncurveball 2 min: more\nA: less\nQ: why?\nA: so";
    assert_eq!(issues("rehearsal 40 min", sound), Vec::<String>::new());
    let (block, _) = parse("rehearsal 40 min", &sound.lines().collect::<Vec<_>>(), 10);
    let Block::Rehearsal(rehearsal) = block else { panic!("no rehearsal") };
    assert_eq!(
        (rehearsal.minutes, rehearsal.phases[0].minutes, rehearsal.curveballs[0].minute),
        (40, 5, 2)
    );
    assert_eq!(rehearsal.phases[0].see.as_ref().map(|see| see.value.as_str()), Some("design"));
    assert_eq!(
        (
            rehearsal.curveballs[0].answer.value.as_str(),
            rehearsal.questions[0].answer.value.as_str()
        ),
        ("less", "so")
    );
    says("rehearsal", sound, "9: a rehearsal has no minutes");
    says("rehearsal 5 min", "phase design 5 min", "9: a rehearsal has no prompt");
    says("rehearsal 5 min", "prompt: x\nphase dance 5 min", "11: phase \"dance\" is not known");
    says("rehearsal 5 min", "prompt: x\nphase design", "11: phase \"design\" has no minutes");
    says("rehearsal 5 min", "prompt: x\nmid: y", "11: mid: before any phase");
    says("rehearsal 5 min", "prompt: x\nQ: why?\nQ: how?\nA: so", "11: no answer");
    says("rehearsal 5 min", "prompt: x\nQ: why?", "11: no answer");
    says("rehearsal 5 min", "prompt: x\nA: so", "11: an answer to nothing");
    says("rehearsal 5 min", "prompt: x\ncurveball: y\nA: z", "11: a curveball has no minute");
    says("flaws", "flaw: x", "9: flaws without a design");
}

#[test]
fn transcripts() {
    let sound = "T1> SELECT 1,\n    2;\n    1 | 2\n        T2> UPDATE t;  -- the one that waits\n            (waits for T1)\nT1> COMMIT;\n        T2: UPDATE 1";
    assert_eq!(
        issues("transcript postgresql-15.18 level=\"read committed\" T2.level=serializable", sound),
        Vec::<String>::new()
    );
    let (block, _) = parse("transcript postgresql-15.18", &sound.lines().collect::<Vec<_>>(), 10);
    let Block::Transcript(transcript) = block else { panic!("no transcript") };
    assert_eq!(
        (transcript.engine.as_str(), transcript.version.as_str(), transcript.steps.len()),
        ("postgresql", "15.18", 4)
    );
    let first = Step::Run {
        session: "T1".into(),
        column: 0,
        statement: "SELECT 1, 2;".into(),
        reply: vec!["1 | 2".into()],
        waits_for: None,
    };
    assert_eq!(transcript.steps[0].value, first);
    says("transcript", "T1> COMMIT;", "9: a transcript has no engine and version");
    says("transcript pg-1 colour=red", "T1> COMMIT;", "9: \"colour=red\" is not known");
    says("transcript pg-1 replay=no", "T1> COMMIT;", "9: replay=no without a date");
    says("transcript pg-1", "T1> SELECT 1", "10: \"SELECT 1\" has no end");
    says(
        "transcript pg-1",
        "T1> A;\n T1> B;",
        "11: T1 began at column 1, here 2; a session keeps its column",
    );
    says(
        "transcript pg-1",
        "T1> A;\n    (waits for T2)\nT1> B;",
        "12: T1 still waits; give its reply",
    );
    says("transcript pg-1", "T1> A;\n    (waits for T2)", "10: T1 waits and is never answered");
    says("transcript pg-1", "T1: done", "10: T1 answers, but waits for nothing");
    says("transcript pg-1", "nobody", "10: \"nobody\" belongs to no step");
}

#[test]
fn no_text_makes_a_parser_panic() {
    let texts = [
        "",
        ":",
        "=",
        "=>",
        "#",
        "T1>",
        "T1: ",
        "(waits for",
        "phase",
        "curveball",
        "\u{1b}",
        "Q:",
        "é = é # é",
    ];
    let infos = [
        "",
        "transcript",
        "transcript -",
        "estimate",
        "card",
        "ask",
        "diagram",
        "rehearsal",
        "flaws",
        "sql setup=",
    ];
    for info in infos {
        for one in texts {
            for two in texts {
                parse(info, &[one, two, &format!("  {one}")], 1);
            }
        }
    }
}

/// A block whose fence stands on line 100, and its issues as `line: what`.
pub fn parsed(info: &str, text: &str) -> (Block, Vec<String>) {
    let lines: Vec<&str> = text.lines().collect();
    let (block, issues) = parse(info, &lines, 101);
    (block, issues.iter().map(|at| format!("{}: {}", at.line, at.value)).collect())
}

#[test]
fn any_other_fence_is_code_and_may_be_a_setup() {
    let sql = |setup: Option<&str>| {
        let (lang, text) = ("sql".to_string(), "SELECT 1;".to_string());
        Block::Code(Code { lang, setup: setup.map(Into::into), text })
    };
    assert_eq!(parsed("SQL setup=stock", "SELECT 1;"), (sql(Some("stock")), vec![]));
    assert_eq!(parsed("sql", "SELECT 1;").0, sql(None));
    for language in ["", "dart", "awk", "text", "mermaid", "Dockerfile"] {
        assert_eq!(parsed(language, "").1, [""; 0], "{language}");
    }
}

#[test]
fn a_slip_in_the_name_of_a_block_is_not_taken_for_a_language() {
    assert_eq!(
        parsed("transcipt postgresql-15.18", "T1> BEGIN;").1,
        ["100: block \"transcipt\" is not known; \"transcript\"?"]
    );
    assert_eq!(parsed("Estimate", "").1.len(), 1);
}

#[test]
fn what_a_terminal_could_act_on_does_not_get_into_an_id() {
    let (Block::Card(card), _) = parsed("card a\u{1b}[31m", "Q: q\nA: a") else { return };
    assert_eq!(card.id, "a\u{fffd}[31m");
}

const PARTS: [&str; 36] = [
    "Q:",
    "A:",
    "calc: 1 => 2",
    "prompt: p",
    "phase design 8 min",
    "phase",
    "curveball",
    ":",
    "curveball 9 min: x",
    "see: #x",
    "mid: m",
    "design: d",
    "flaw: f",
    "caption: c",
    "   ├─►│",
    "a = 5 # assumed, 1 .. 2 [^x]",
    "a = b => 3 # goal",
    "=",
    "=>",
    "a = # [^",
    "unit ",
    "#",
    "T1> SELECT 1;",
    "T1>",
    "T2: 1",
    "    (waits for T1)",
    "(waits",
    "  -- n",
    "$ x \"",
    "$",
    "\\",
    "日本 é",
    "\t",
    "T99999999999>",
    "-",
    "..",
];

proptest! {
    #[test]
    fn no_parser_panics_and_issues_stay_in_the_block(
        name in prop::sample::select(vec![
            "transcript", "estimate", "card", "ask", "diagram", "diagram sequence",
            "rehearsal", "flaws", "sql", "",
        ]),
        words in "( |=|-|\"|[a-z0-9]|level|min|é){0,12}",
        lines in prop::collection::vec(
            (0usize..20, prop::sample::select(PARTS.to_vec()), ".{0,6}"), 0..14),
        first in 0usize..3,
    ) {
        let text: Vec<String> = lines.iter()
            .map(|(indent, part, rest)| format!("{}{part}{rest}", " ".repeat(*indent)))
            .collect();
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        let (_, issues) = parse(&format!("{name} {words}"), &text, first);
        for at in issues {
            prop_assert!(at.line + 1 >= first && at.line < first + text.len().max(1));
            prop_assert!(at.value.contains("; "), "no mend: {}", at.value);
        }
    }
}
