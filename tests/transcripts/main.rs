//! Plays the transcripts of the lessons on the real engines and holds what they show against what comes.
//!
//! Ignored by default: `.ci/engines run cargo test --test transcripts -- --ignored --nocapture`. With
//! `SDPREP_WRITE=1` what came is written into the lessons, to be read in the diff.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::if_same_then_else,
    clippy::doc_markdown
)]

mod session;

use std::collections::BTreeMap;
use std::path::Path;

use sdprep::course::blocks::{At, Block, Step, Transcript};
use sdprep::course::front;
use sdprep::markdown;
use session::{Engine, Monitor, Session, admin};

/// What one step of a transcript says or one play of it gave.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    line: usize,
    session: String,
    text: String,
}

#[test]
#[ignore = "needs PostgreSQL and MariaDB: .ci/engines run cargo test --test transcripts -- --ignored"]
fn transcripts_are_what_the_engines_answer() {
    let (mut played, mut not_run, mut wrong) = (0, 0, Vec::new());
    let mut files: Vec<_> =
        std::fs::read_dir("lessons").unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|ext| ext == "md")) {
        let text = fs_err::read_to_string(path).unwrap();
        let split = front::split(&text).unwrap();
        let document = markdown::parse(split.body, split.body_line);
        let mut setups: BTreeMap<String, String> = BTreeMap::new();
        for fence in &document.fences {
            match &fence.block {
                Block::Code(code) => {
                    if let Some(name) = &code.setup {
                        setups.insert(name.clone(), code.text.clone());
                    }
                }
                Block::Transcript(transcript) if transcript.replay => {
                    let Some(engine) = Engine::of(&transcript.engine) else { continue };
                    let (major, here) = (major(&transcript.version), major(&engine.version()));
                    if major != here {
                        println!(
                            "{}:{}: not run: {major} shown, {here} here",
                            path.display(),
                            fence.line
                        );
                        not_run += 1;
                        continue;
                    }
                    let setup = transcript.setup.as_ref().map_or("", |name| &setups[name]);
                    let got = play(engine, transcript, setup);
                    played += 1;
                    wrong.extend(compare(path, transcript, &got));
                }
                _ => {}
            }
        }
    }
    println!("{played} transcripts played, {not_run} not run, {} differ", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(played > 0, "no transcript was played");
}

/// `15` of 15.18; `10.11` of 10.11.19: MariaDB's series have two parts.
fn major(version: &str) -> String {
    let parts: Vec<&str> = version.split(['.', '-']).collect();
    if parts[0] == "10" || parts[0] == "11" {
        parts[..2.min(parts.len())].join(".")
    } else {
        parts[0].into()
    }
}

/// What the transcript shows, a step a reply, waits as `(waits for T1)`.
fn shown(transcript: &Transcript) -> Vec<Said> {
    let mut said = Vec::new();
    for At { line, value } in &transcript.steps {
        let (session, text) = match value {
            Step::Run { session, reply, waits_for, .. } => match waits_for {
                Some(other) => (session, format!("(waits for {other})")),
                None => (session, reply.join(" ")),
            },
            Step::Later { session, reply, .. } => (session, reply.join(" ")),
            Step::Shell { .. } => continue,
        };
        said.push(Said { line: *line, session: session.clone(), text: folded(&text) });
    }
    said
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `…` stands for any text, `...` for any lines.
fn agrees(shown: &str, got: &str) -> bool {
    let parts: Vec<&str> =
        shown.split(['…']).flat_map(|part| part.split("...")).map(str::trim).collect();
    if parts.len() == 1 {
        return shown == got;
    }
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    if !got.starts_with(first) || !got.ends_with(last) {
        return false;
    }
    let mut rest = &got[first.len()..];
    parts[1..].iter().all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

fn compare(path: &Path, transcript: &Transcript, got: &[Said]) -> Vec<String> {
    let shown = shown(transcript);
    let (engine, version) = (&transcript.engine, &transcript.version);
    let mut wrong = Vec::new();
    for index in 0..shown.len().max(got.len()) {
        let (want, came) = (shown.get(index), got.get(index));
        let agree = match (want, came) {
            (Some(want), Some(came)) => {
                want.session == came.session && agrees(&want.text, &came.text)
            }
            _ => false,
        };
        if !agree {
            let line = want.or(came).map_or(0, |said| said.line);
            let text = |said: Option<&Said>| {
                said.map_or("nothing".into(), |s| format!("{} \"{}\"", s.session, s.text))
            };
            wrong.push(format!(
                "{}:{line}: shown {}, {engine} ({version} shown) gives {}; mend it, or run with SDPREP_WRITE=1 and read the diff",
                path.display(),
                text(want),
                text(came)
            ));
            if std::env::var_os("SDPREP_WRITE").is_some()
                && let (Some(want), Some(came)) = (want, came)
            {
                write(path, want, came);
            }
        }
    }
    wrong
}

/// Puts what came below the step of a line, in place of the indented lines there.
fn write(path: &Path, want: &Said, came: &Said) {
    let text = fs_err::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let step = lines[want.line - 1];
    let indent = step.len() - step.trim_start().len();
    let later = step.trim_start().starts_with(&format!("{}: ", want.session));
    let below =
        |line: &&&str| line.len() - line.trim_start().len() > indent && !line.trim().is_empty();
    let old = lines[want.line..].iter().take_while(below).count();
    let pad = " ".repeat(indent);
    let mut new: Vec<String> =
        lines[..want.line - usize::from(later)].iter().map(ToString::to_string).collect();
    let (head, rest) = if later {
        (format!("{pad}{}: ", want.session), &came.text)
    } else {
        (format!("{pad}    "), &came.text)
    };
    if !rest.is_empty() {
        new.push(format!("{head}{rest}"));
    }
    new.extend(lines[want.line + old..].iter().map(ToString::to_string));
    fs_err::write(path, new.join("\n") + "\n").unwrap();
}

/// Plays the steps in their order; a wait is read from the server, never guessed from a pause.
fn play(engine: Engine, transcript: &Transcript, setup: &str) -> Vec<Said> {
    admin(engine, "DROP DATABASE IF EXISTS transcript;", None);
    admin(engine, "CREATE DATABASE transcript;", None);
    admin(engine, setup, Some("transcript"));
    let mut monitor = Monitor::new(engine);
    let mut sessions: BTreeMap<String, Session> = BTreeMap::new();
    for At { value, .. } in &transcript.steps {
        if let Step::Run { session, .. } = value {
            sessions.entry(session.clone()).or_insert_with(|| {
                let own = transcript.session_levels.iter().find(|(name, _)| name == session);
                let level = own.map(|(_, level)| level).or(transcript.level.as_ref());
                Session::new(
                    engine,
                    "transcript",
                    level.map(String::as_str),
                    transcript.with.as_deref(),
                )
            });
        }
    }
    let names: BTreeMap<u64, String> =
        sessions.iter().map(|(name, session)| (session.id, name.clone())).collect();
    let mut got = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    for At { line, value } in &transcript.steps {
        let (name, later) = match value {
            Step::Run { session, statement, .. } => {
                sessions.get_mut(session).unwrap().send(statement);
                (session, false)
            }
            Step::Later { session, .. } => (session, true),
            Step::Shell { .. } => continue,
        };
        let answer = sessions.get_mut(name).unwrap().answer(&mut monitor);
        let text = match answer {
            Ok(reply) => {
                waiting.retain(|other| other != name);
                folded(&reply.join(" "))
            }
            Err(blockers) if !later => {
                waiting.push(name.clone());
                monitor.settle();
                let by: Vec<&str> =
                    blockers.iter().filter_map(|id| names.get(id)).map(String::as_str).collect();
                format!("(waits for {})", by.join(", "))
            }
            Err(_) => "still waits".into(),
        };
        got.push(Said { line: *line, session: name.clone(), text });
    }
    for name in waiting {
        got.push(Said { line: 0, session: name, text: "still waits at the end".into() });
    }
    got
}

#[test]
fn a_pattern_agrees_with_what_it_leaves_out() {
    assert!(agrees("a … c", "a b c"));
    assert!(!agrees("a … c", "a b d"));
    assert!(agrees("same", "same") && !agrees("same", "same no more"));
    assert_eq!((major("15.18"), major("10.11.19-MariaDB")), ("15".into(), "10.11".into()));
}
