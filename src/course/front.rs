//! The TOML front matter of a lesson.

use serde::Deserialize;
use toml::Spanned;

use super::{Kind, Level, Problem};

/// A file split into its two parts. Bytes are those of the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split<'a> {
    /// Between the `+++` lines.
    pub front: &'a str,
    /// Line of the file on which it starts, from 1.
    pub front_line: usize,
    /// After them.
    pub body: &'a str,
    /// First byte of the body.
    pub body_at: usize,
    /// Line of the file on which the body starts, from 1.
    pub body_line: usize,
}

/// The front matter as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the keys are those that authors write
pub struct Front {
    pub number: Spanned<u16>,
    pub slug: Spanned<String>,
    pub title: String,
    pub level: Level,
    pub kind: Kind,
    pub minutes: u16,
    #[serde(default)]
    pub needs: Vec<String>,
    pub gist: Spanned<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub labs: Vec<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub draft: bool,
    #[serde(default)]
    pub headings: std::collections::BTreeMap<String, String>,
}

/// Splits a lesson's file. A BOM and CRLF are accepted.
///
/// # Errors
/// There is no front matter, or it does not end: message for line 1.
pub fn split(text: &str) -> Result<Split<'_>, String> {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut at = bom;
    let mut lines = text[bom..].split_inclusive('\n');
    let open = lines.next().unwrap_or_default();
    if open.trim_end() != "+++" {
        return Err("no front matter; begin the file with a line +++".into());
    }
    at += open.len();
    let front_at = at;
    for (count, line) in lines.enumerate() {
        if line.trim_end() == "+++" {
            let body_at = at + line.len();
            return Ok(Split {
                front: &text[front_at..at],
                front_line: 2,
                body: &text[body_at..],
                body_at,
                body_line: count + 3,
            });
        }
        at += line.len();
    }
    Err("the front matter does not end; close it with a line +++".into())
}

/// Reads the front matter.
///
/// # Errors
/// Bad TOML, a missing or unknown key (the nearest is offered), a wrong value: with its line in `file`.
pub fn parse(split: &Split<'_>, file: &str) -> Result<Front, Problem> {
    toml::from_str(split.front)
        .map_err(|cause| toml_problem(&cause, split.front, file, split.front_line))
}

/// A TOML error as a problem of a file whose TOML starts at `first_line`.
pub fn toml_problem(cause: &toml::de::Error, text: &str, file: &str, first_line: usize) -> Problem {
    let line = cause
        .span()
        .map_or(0, |span| text.get(..span.start).map_or(0, |before| before.matches('\n').count()));
    let message = cause.message().trim().replace('\n', " ");
    Problem {
        file: file.into(),
        line: first_line + line,
        message: format!("{message}; mend the key or its value"),
    }
}
