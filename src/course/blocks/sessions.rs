//! The sessions of a transcript: where each began, and which of them wait.

use std::collections::BTreeMap;

use super::{Issue, issue};

/// What is known of the sessions so far.
#[derive(Default)]
pub struct Sessions {
    /// Blanks before its first line.
    columns: BTreeMap<String, usize>,
    /// The line on which it began to wait.
    waiting: BTreeMap<String, usize>,
}

impl Sessions {
    /// Whether it has run something.
    pub fn knows(&self, session: &str) -> bool {
        self.columns.contains_key(session)
    }

    /// It runs a statement.
    pub fn speaks(&mut self, session: &str, column: usize, line: usize, issues: &mut Vec<Issue>) {
        self.keeps_column(session, column, line, issues);
        if self.waiting.remove(session).is_some() {
            let what = format!("{session} still waits; give its reply (\"{session}: ...\") first");
            issue(issues, line, what);
        }
    }

    /// Its statement waits.
    pub fn waits(&mut self, session: &str, line: usize) {
        self.waiting.insert(session.into(), line);
    }

    /// The reply that it waited for comes.
    pub fn answered(&mut self, session: &str, column: usize, line: usize, issues: &mut Vec<Issue>) {
        self.keeps_column(session, column, line, issues);
        if self.waiting.remove(session).is_none() {
            let what = format!("{session} answers, but waits for nothing; show the wait first");
            issue(issues, line, what);
        }
    }

    /// The transcript ends.
    pub fn end(self, issues: &mut Vec<Issue>) {
        for (session, line) in self.waiting {
            let reply = format!("give its reply (\"{session}: ...\")");
            issue(issues, line, format!("{session} waits and is never answered; {reply}"));
        }
    }

    /// It stands in its column, whatever it does.
    pub fn keeps_column(
        &mut self,
        session: &str,
        column: usize,
        line: usize,
        issues: &mut Vec<Issue>,
    ) {
        let began = *self.columns.entry(session.into()).or_insert(column);
        if began != column {
            let (began, here) = (began + 1, column + 1);
            let keeps = "a session keeps its column";
            issue(issues, line, format!("{session} began at column {began}, here {here}; {keeps}"));
        }
    }
}
