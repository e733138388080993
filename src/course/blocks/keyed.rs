//! Lines of the form `key: value`; an indented line continues the one above.

use super::{At, Issue, issue};
use crate::course::near;

/// One key with its value, its lines joined by blanks.
pub struct Keyed {
    /// Line of the file.
    pub line: usize,
    /// First word before the colon.
    pub key: &'static str,
    /// What stands between it and the colon: `25 min` in `curveball 25 min: text`.
    pub detail: String,
    /// After the colon.
    pub value: String,
}

impl Keyed {
    /// Line and value.
    pub fn at(&self) -> At<String> {
        At { line: self.line, value: self.value.clone() }
    }
}

/// Reads a block of keyed lines. Only the keys in `known` are keys, so that prose with a colon in it is not
/// mistaken for one.
pub fn keyed(
    known: &[&'static str],
    lines: &[&str],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> Vec<Keyed> {
    let mut found: Vec<Keyed> = Vec::new();
    // The line above could not be read: what continues it goes with it.
    let mut skip = false;
    for (line, text) in (first_line..).zip(lines) {
        if text.trim().is_empty() {
            continue;
        }
        if text.starts_with([' ', '\t']) {
            match found.last_mut().filter(|_| !skip) {
                Some(last) => {
                    last.value.push_str(if last.value.is_empty() { "" } else { " " });
                    last.value.push_str(text.trim());
                }
                None if skip => {}
                None => issue(issues, line, "an indented line continues nothing; begin with a key"),
            }
            continue;
        }
        let read = split(known, text);
        skip = read.is_err();
        match read {
            Ok((key, detail, value)) => found.push(Keyed { line, key, detail, value }),
            Err(what) => issue(issues, line, what),
        }
    }
    for empty in found.iter().filter(|keyed| keyed.value.is_empty()) {
        issue(issues, empty.line, format!("{}: says nothing; write it or take it out", empty.key));
    }
    found
}

/// Key, detail and value of a line.
fn split(known: &[&'static str], text: &str) -> Result<(&'static str, String, String), String> {
    let no_key = || {
        let start: String = text.trim_end().chars().take(30).collect();
        format!("\"{start}\" has no key; indent it to continue the line above")
    };
    let (before, value) = text.split_once(':').ok_or_else(no_key)?;
    let (word, detail) = before.trim().split_once(' ').unwrap_or((before.trim(), ""));
    let takes_detail = matches!(word, "curveball" | "phase");
    match known.iter().find(|key| **key == word) {
        Some(key) if detail.is_empty() || takes_detail => {
            Ok((key, detail.trim().to_string(), value.trim().to_string()))
        }
        None if detail.is_empty() && word.chars().all(char::is_alphanumeric) => {
            Err(format!("key \"{word}\" is not known; {}", near::mend(word, known)))
        }
        _ => Err(no_key()),
    }
}

/// The line of a key that may stand once. `mend` says what to do with a second one.
pub fn only<'k>(
    keys: &'k [Keyed],
    key: &str,
    mend: &str,
    issues: &mut Vec<Issue>,
) -> Option<&'k Keyed> {
    let mut of_key = keys.iter().filter(|keyed| keyed.key == key);
    let first = of_key.next();
    for second in of_key {
        issue(issues, second.line, format!("a second {key}; {mend}"));
    }
    first
}

/// Words of an info string; quotes keep blanks together and are dropped: `level="read committed"` is one word.
pub fn info_words(info: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in info.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => words.push(String::new()),
            c => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A count before `min`: `5 min`.
pub fn minutes(text: &str) -> Option<u16> {
    text.trim().strip_suffix("min")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let lines: Vec<&str> = text.lines().collect();
        let mut issues = Vec::new();
        let keys = keyed(&["Q", "A", "calc"], &lines, 10, &mut issues);
        let keys = keys.iter().map(|k| format!("{} {}={}", k.line, k.key, k.value)).collect();
        (keys, issues.iter().map(|at| format!("{}: {}", at.line, at.value)).collect())
    }

    #[test]
    fn an_indented_line_continues_the_key_above() {
        let (keys, issues) = read("Q: one\n  two: three\n\n\tfour\nA:\n  five");
        assert_eq!(keys, ["10 Q=one two: three four", "14 A=five"]);
        assert_eq!(issues, [""; 0]);
    }

    #[test]
    fn what_has_no_known_key_is_named_and_takes_its_continuation_with_it() {
        let (keys, issues) = read("  lost\nQ: one\nclac: 5\n  6\nAnd so: on\nwithout\nA:");
        assert_eq!(keys, ["11 Q=one", "16 A="]);
        assert_eq!(
            issues,
            [
                "10: an indented line continues nothing; begin with a key",
                "12: key \"clac\" is not known; \"calc\"?",
                "14: \"And so: on\" has no key; indent it to continue the line above",
                "15: \"without\" has no key; indent it to continue the line above",
                "16: A: says nothing; write it or take it out",
            ]
        );
    }

    #[test]
    fn quotes_keep_the_words_of_an_info_string_together() {
        assert_eq!(
            info_words(" transcript  x level=\"read committed\" \"open"),
            ["transcript", "x", "level=read committed", "open"]
        );
    }
}
