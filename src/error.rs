//! What the command line says when it cannot do what was asked.

use std::fmt;

/// Exit codes, as documented in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing found, or `check` has findings.
    Nothing = 1,
    /// Wrong use or configuration.
    Usage = 2,
    /// Could not read or save.
    Io = 3,
    /// The terminal is gone: as a hang-up ends a process.
    Gone = 129,
}

/// `error: <what>` with hints, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The process's status.
    pub exit: Exit,
    /// In lower case, without a full stop.
    pub what: String,
    /// What to do, each in lower case.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure without hints.
    pub fn new(exit: Exit, what: impl Into<String>) -> Self {
        Failure { exit, what: what.into(), hints: Vec::new() }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", crate::text::clean(&self.what))?;
        for hint in &self.hints {
            write!(f, "\nhint: {}", crate::text::clean(hint))?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// What a command returns.
pub type Outcome<T = ()> = Result<T, Failure>;
