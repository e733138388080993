//! The structured fenced blocks of a lesson: what they say, and where.
//!
//! A parser here is given the fence's info string, its inner lines and the line of the file on which the
//! first inner line stands. It returns what it could read and what it could not ([`Issue`]); it never
//! fails as a whole, so that a broken block is still shown.
#![allow(missing_docs)] // the fields are those of the blocks as authors write them, one to one

mod asks;
mod diagram;
mod estimate;
mod keyed;
mod rehearsal;
mod sessions;
mod transcript;

#[cfg(test)]
mod tests;

pub use rehearsal::PHASES;

use super::near;
use crate::text;

/// Blocks that have a form. `card` and `ask` are left out: a slip in them is a language (dart, awk).
const LONG_NAMES: [&str; 5] = ["transcript", "estimate", "diagram", "rehearsal", "flaws"];

/// Reads a fenced block. `first_line` is the line of the file on which the first inner line stands.
pub fn parse(info: &str, lines: &[&str], first_line: usize) -> (Block, Vec<Issue>) {
    let mut issues = Vec::new();
    let words = keyed::info_words(&text::clean(info));
    let name = words.first().map_or("", String::as_str);
    let rest = words.get(1..).unwrap_or_default();
    let block = match name {
        "transcript" => Block::Transcript(transcript::parse(rest, lines, first_line, &mut issues)),
        "estimate" => Block::Estimate(estimate::parse(rest, lines, first_line, &mut issues)),
        "card" => Block::Card(asks::card(rest, lines, first_line, &mut issues)),
        "ask" => Block::Ask(asks::ask(rest, lines, first_line, &mut issues)),
        "diagram" => Block::Diagram(diagram::parse(rest, lines, first_line, &mut issues)),
        "rehearsal" => Block::Rehearsal(rehearsal::parse(rest, lines, first_line, &mut issues)),
        "flaws" => Block::Flaws(rehearsal::flaws(rest, lines, first_line, &mut issues)),
        _ => {
            if let Some(near) = near::nearest(name, LONG_NAMES) {
                let what = format!("block \"{name}\" is not known; \"{near}\"?");
                issue(&mut issues, head_line(first_line), what);
            }
            let setup = rest.iter().find_map(|word| word.strip_prefix("setup="));
            Block::Code(Code {
                lang: name.to_lowercase(),
                setup: setup.filter(|name| !name.is_empty()).map(Into::into),
                text: lines.join("\n"),
            })
        }
    };
    (block, issues)
}

fn issue(issues: &mut Vec<Issue>, line: usize, what: impl Into<String>) {
    issues.push(At { line, value: what.into() });
}

/// The line of the opening fence.
fn head_line(first_line: usize) -> usize {
    first_line.saturating_sub(1)
}

/// Says that nothing may stand behind the first `count` words of an info string.
fn no_more(info: &[String], count: usize, first_line: usize, issues: &mut Vec<Issue>) {
    if let Some(extra) = info.get(count) {
        let what = format!("\"{extra}\" is not known here; take it out");
        issue(issues, head_line(first_line), what);
    }
}

/// A value with the line of the file on which it stands, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    pub line: usize,
    pub value: T,
}

/// Something that a parser could not read: line of the file, and `what is wrong; the mend`.
pub type Issue = At<String>;

/// A fenced block of a lesson.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Code(Code),
    Transcript(Transcript),
    Estimate(Estimate),
    Card(Card),
    Ask(Ask),
    Diagram(Diagram),
    Rehearsal(Rehearsal),
    Flaws(Flaws),
}

/// Any other fence. `setup` is the name in ` ```sql setup=stock `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub lang: String,
    pub setup: Option<String>,
    pub text: String,
}

/// A session with a real system as it was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// `postgresql`, `mariadb`, `redis`, or another tool.
    pub engine: String,
    /// As in the info string, e.g. `15.18`.
    pub version: String,
    /// `level="repeatable read"`: for all sessions.
    pub level: Option<String>,
    /// `T1.level=...`: for one, by session name.
    pub session_levels: Vec<(String, String)>,
    /// `with="name=value"`.
    pub with: Option<String>,
    pub setup: Option<String>,
    /// `standby=yes`: sessions S1, S2 speak to a streaming standby of the server.
    pub standby: bool,
    /// False with `replay=no`.
    pub replay: bool,
    pub observed: Option<String>,
    pub steps: Vec<At<Step>>,
    /// The lines as written, for display.
    pub lines: Vec<String>,
}

/// What one or more lines of a transcript say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `T1> statement;` with the reply shown below it (joined lines; empty: plain success), or a wait.
    Run {
        session: String,
        column: usize,
        statement: String,
        reply: Vec<String>,
        waits_for: Option<String>,
    },
    /// `T2: reply` that came later, after the step that freed it.
    Later { session: String, column: usize, reply: Vec<String> },
    /// `T1> (2 s later)`: time passes.
    Pause { milliseconds: u64 },
    /// `T1> (primary killed)`: the server that has a standby dies.
    PrimaryKilled,
    /// `$ command` with its output.
    Shell { command: String, output: Vec<String> },
}

/// A block of inputs and formulas with units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    pub name: String,
    /// Continues the estimate of the same name further up.
    pub more: bool,
    pub lines: Vec<At<EstimateLine>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EstimateLine {
    /// `name = value  # mark, low .. high [^note]`
    Input {
        name: String,
        /// Literal with its unit, or `@constant`.
        value: String,
        /// `given`, `assumed`, `measured`, `documented`; empty if missing.
        mark: String,
        low: Option<String>,
        high: Option<String>,
        note: Option<String>,
    },
    /// `name = formula  => stated  # goal`
    Result { name: String, formula: String, stated: String, goal: bool },
    /// `unit rides`
    Unit(String),
}

/// A scheduled question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub id: String,
    pub question: At<String>,
    pub answer: At<String>,
    /// `calc: 300/s * 40 ms => 12`: `(formula, stated)`.
    pub calc: Option<At<(String, String)>>,
}

/// A question in the text, not scheduled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub question: At<String>,
    pub answer: At<String>,
    pub lab: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiagramKind {
    Architecture,
    Sequence,
    Free,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    pub kind: DiagramKind,
    pub caption: Option<At<String>>,
    /// Drawn rows, without the caption.
    pub rows: Vec<At<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    pub minutes: u16,
    pub prompt: At<String>,
    pub phases: Vec<Phase>,
    pub curveballs: Vec<Curveball>,
    pub questions: Vec<FollowUp>,
}

/// One of `requirements`, `estimate`, `api-data`, `design`, `deep-dive`, `failure`, `communication`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    pub name: At<String>,
    /// 0 for `communication`.
    pub minutes: u16,
    /// Heading id of the model answer.
    pub see: Option<At<String>>,
    pub mid: Vec<At<String>>,
    pub senior: Vec<At<String>>,
    pub staff: Vec<At<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curveball {
    pub minute: u16,
    pub text: At<String>,
    pub answer: At<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    pub question: At<String>,
    pub answer: At<String>,
}

/// A plausible design with planted weaknesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaws {
    pub design: At<String>,
    pub flaws: Vec<At<String>>,
}
