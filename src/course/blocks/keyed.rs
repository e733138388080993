//! Lines of the form `key: value`; an indented line continues the one above.

use super::{At, Issue, issue};

/// One key with its value, its lines joined by blanks.
pub struct Keyed {
    /// Line of the file.
    pub line: usize,
    /// Before the colon.
    pub key: String,
    /// After it.
    pub value: String,
}

impl Keyed {
    /// Line and value.
    pub fn at(&self) -> At<String> {
        At { line: self.line, value: self.value.clone() }
    }
}

/// Reads a block of keyed lines. `is_key` says which words may stand before a colon, so that prose with a
/// colon in it is not mistaken for a key.
pub fn keyed(
    lines: &[&str],
    first_line: usize,
    is_key: impl Fn(&str) -> bool,
    issues: &mut Vec<Issue>,
) -> Vec<Keyed> {
    let mut found: Vec<Keyed> = Vec::new();
    for (line, text) in (first_line..).zip(lines) {
        if text.trim().is_empty() {
            continue;
        }
        if text.starts_with(' ') {
            match found.last_mut() {
                Some(last) => {
                    if !last.value.is_empty() {
                        last.value.push(' ');
                    }
                    last.value.push_str(text.trim());
                }
                None => issue(issues, line, "an indented line continues nothing; begin with a key"),
            }
            continue;
        }
        match text.split_once(':') {
            Some((key, value)) if is_key(key.trim()) => found.push(Keyed {
                line,
                key: key.trim().to_string(),
                value: value.trim().to_string(),
            }),
            _ => {
                let word: String = text.chars().take(30).collect();
                issue(
                    issues,
                    line,
                    format!("\"{word}\" has no key; indent it to continue the line above"),
                );
            }
        }
    }
    found
}

/// Words of an info string; quotes keep blanks together and are dropped: `level="read committed"` is one word.
pub fn info_words(info: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in info.trim().chars() {
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

/// A count before ` min`.
pub fn minutes(text: &str) -> Option<u16> {
    text.trim().strip_suffix("min")?.trim().parse().ok()
}
