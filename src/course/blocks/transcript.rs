//! `transcript`: a session with a real system, step by step.
//!
//! A session keeps its column; time runs downwards. `T1> BEGIN;` runs a statement up to its `;`, indented lines
//! below are its reply, `(waits for T1)` a wait, `T2: ...` the later reply.

use std::collections::BTreeMap;

use super::{At, Issue, Step, Transcript, issue};

/// Reads a transcript; `info` are the words after `transcript`.
pub fn parse(
    info: &[String],
    lines: &[&str],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> Transcript {
    let mut read = head(info, first_line - 1, issues);
    read.lines = lines.iter().map(ToString::to_string).collect();
    let redis = read.engine == "redis";
    let mut sessions = Sessions::default();
    let mut open: Option<Open> = None;
    for (line, text) in (first_line..).zip(lines) {
        let text = strip_note(text);
        let trimmed = text.trim();
        if trimmed.is_empty() {
            continue;
        }
        let column = text.chars().take_while(|c| *c == ' ').count();
        if let Some(command) = trimmed.strip_prefix("$ ") {
            close(open.take(), &mut read, &mut sessions, issues);
            open = Some(Open::new(
                line,
                column,
                Step::Shell { command: command.into(), output: vec![] },
                true,
            ));
        } else if let Some((session, rest)) = session_prefix(trimmed, "> ") {
            close(open.take(), &mut read, &mut sessions, issues);
            sessions.speaks(session, column, line, issues);
            let ended = redis || rest.ends_with(';') || is_meta(rest);
            let step = Step::Run {
                session: session.into(),
                column,
                statement: rest.into(),
                reply: vec![],
                waits_for: None,
            };
            open = Some(Open::new(line, column, step, ended));
        } else if let Some((session, rest)) = session_prefix(trimmed, ": ") {
            close(open.take(), &mut read, &mut sessions, issues);
            sessions.answered(session, column, line, issues);
            let step = Step::Later { session: session.into(), column, reply: vec![rest.into()] };
            open = Some(Open::new(line, column, step, true));
        } else {
            match &mut open {
                Some(step) if column > step.column || matches!(step.step, Step::Shell { .. }) => {
                    step.continue_with(trimmed);
                }
                _ => issue(
                    issues,
                    line,
                    format!("\"{trimmed}\" belongs to no step; indent it below its session"),
                ),
            }
        }
    }
    close(open.take(), &mut read, &mut sessions, issues);
    for (session, line) in sessions.waiting {
        issue(
            issues,
            line,
            format!("{session} waits and is never answered; give its reply (\"{session}: ...\")"),
        );
    }
    read
}

fn head(info: &[String], line: usize, issues: &mut Vec<Issue>) -> Transcript {
    let (engine, version) = match info.first().and_then(|word| word.split_once('-')) {
        Some((engine, version)) => (engine.to_string(), version.to_string()),
        None => {
            issue(
                issues,
                line,
                "a transcript has no engine and version; write ```transcript postgresql-15.18",
            );
            (info.first().cloned().unwrap_or_default(), String::new())
        }
    };
    let mut read = Transcript {
        engine,
        version,
        level: None,
        session_levels: vec![],
        with: None,
        setup: None,
        replay: true,
        observed: None,
        steps: vec![],
        lines: vec![],
    };
    for word in info.iter().skip(1) {
        match word.split_once('=') {
            Some(("level", value)) => read.level = Some(value.into()),
            Some(("with", value)) => read.with = Some(value.into()),
            Some(("setup", value)) => read.setup = Some(value.into()),
            Some(("observed", value)) => read.observed = Some(value.into()),
            Some(("replay", "no")) => read.replay = false,
            Some((key, value)) if key.ends_with(".level") => {
                read.session_levels.push((key.trim_end_matches(".level").into(), value.into()));
            }
            _ => issue(
                issues,
                line,
                format!(
                    "\"{word}\" is not known; there are level, T1.level, with, setup, replay=no, observed"
                ),
            ),
        }
    }
    if !read.replay && read.observed.is_none() {
        issue(issues, line, "replay=no without a date; add observed=2026-11-24");
    }
    read
}

/// `  -- note` after two blanks points at the line that decides; it is no part of the statement.
pub fn strip_note(text: &str) -> &str {
    text.find("  -- ").map_or(text, |at| &text[..at])
}

fn session_prefix<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let (name, rest) =
        text.split_once(mark).or_else(|| text.strip_suffix(mark.trim()).map(|name| (name, "")))?;
    let is_name = name.len() <= 3
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().skip(1).all(|c| c.is_ascii_digit());
    is_name.then_some((name, rest.trim()))
}

/// A client's own command has no `;`.
fn is_meta(statement: &str) -> bool {
    statement.starts_with('\\')
}

/// A step whose lines are still coming.
struct Open {
    line: usize,
    column: usize,
    step: Step,
    /// The statement is complete: what follows is its reply.
    ended: bool,
}

impl Open {
    fn new(line: usize, column: usize, step: Step, ended: bool) -> Self {
        Open { line, column, step, ended }
    }

    fn continue_with(&mut self, text: &str) {
        match &mut self.step {
            Step::Run { statement, reply, waits_for, .. } => {
                if !self.ended {
                    statement.push(' ');
                    statement.push_str(text);
                    self.ended = text.ends_with(';');
                } else if let Some(waits) =
                    text.strip_prefix("(waits for ").and_then(|t| t.strip_suffix(')'))
                {
                    *waits_for = Some(waits.into());
                } else {
                    reply.push(text.into());
                }
            }
            Step::Later { reply, .. } | Step::Shell { output: reply, .. } => {
                reply.push(text.into());
            }
        }
    }
}

fn close(
    open: Option<Open>,
    read: &mut Transcript,
    sessions: &mut Sessions,
    issues: &mut Vec<Issue>,
) {
    let Some(open) = open else { return };
    if let Step::Run { session, statement, waits_for, .. } = &open.step {
        if !open.ended {
            issue(
                issues,
                open.line,
                format!("\"{statement}\" has no end; close the statement with ;"),
            );
        }
        if waits_for.is_some() {
            sessions.waiting.insert(session.clone(), open.line);
        }
    }
    read.steps.push(At { line: open.line, value: open.step });
}

#[derive(Default)]
struct Sessions {
    columns: BTreeMap<String, usize>,
    /// Session and the line on which it began to wait.
    waiting: BTreeMap<String, usize>,
}

impl Sessions {
    fn keeps_column(&mut self, session: &str, column: usize, line: usize, issues: &mut Vec<Issue>) {
        let began = *self.columns.entry(session.into()).or_insert(column);
        if began != column {
            let (began, here) = (began + 1, column + 1);
            let what = format!(
                "{session} began at column {began}, here {here}; a session keeps its column"
            );
            issue(issues, line, what);
        }
    }

    fn speaks(&mut self, session: &str, column: usize, line: usize, issues: &mut Vec<Issue>) {
        self.keeps_column(session, column, line, issues);
        if self.waiting.contains_key(session) {
            let what = format!("{session} still waits; give its reply (\"{session}: ...\") first");
            issue(issues, line, what);
            self.waiting.remove(session);
        }
    }

    fn answered(&mut self, session: &str, column: usize, line: usize, issues: &mut Vec<Issue>) {
        self.keeps_column(session, column, line, issues);
        if self.waiting.remove(session).is_none() {
            issue(
                issues,
                line,
                format!("{session} answers, but waits for nothing; show the wait first"),
            );
        }
    }
}
