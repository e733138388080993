//! The TOML front matter of a lesson.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::{Kind, Level, Problem, near};

/// A file split into its two parts. Bytes are those of the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split<'a> {
    /// Between the `+++` lines.
    pub front: &'a str,
    /// Line of the file on which it starts, from 1.
    pub front_line: usize,
    /// After them.
    pub body: &'a str,
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
    let rest = without_bom(text);
    let mut at = text.len() - rest.len();
    let mut lines = rest.split_inclusive('\n');
    let open = lines.next().unwrap_or_default();
    if open.trim_end() != "+++" {
        return Err("no front matter; begin the file with a line +++".into());
    }
    at += open.len();
    let front_at = at;
    for (count, line) in lines.enumerate() {
        if line.trim_end() == "+++" {
            return Ok(Split {
                front: &text[front_at..at],
                front_line: 2,
                body: &text[at + line.len()..],
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
    let front: Front = from_toml(split.front, file, split.front_line)?;
    if *front.number.get_ref() == 0 {
        let line = split.front_line + line_at(split.front, front.number.span().start) - 1;
        let message = "number 0; the series begins at 1".to_string();
        return Err(Problem { file: file.into(), line, message });
    }
    Ok(front)
}

/// Reads TOML that starts on `first_line` of `file`.
///
/// # Errors
/// It is no TOML, or not what `T` wants: the line, and what to do.
pub fn from_toml<T: DeserializeOwned>(
    text: &str,
    file: &str,
    first_line: usize,
) -> Result<T, Problem> {
    toml::from_str(text).map_err(|cause| Problem {
        file: file.into(),
        line: first_line + cause.span().map_or(1, |span| line_at(text, span.start)) - 1,
        message: plainly(cause.message()),
    })
}

/// A text file without the mark that some editors put before it.
pub fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The line of a byte, from 1.
pub fn line_at(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(1, |before| before.matches('\n').count() + 1)
}

/// What serde and TOML say, in the words of findings.
fn plainly(message: &str) -> String {
    let message = message.trim().replace('\n', " ");
    let quoted = |text: &str| -> Vec<String> {
        text.split('`').skip(1).step_by(2).map(ToString::to_string).collect()
    };
    let (what, expected) = message.split_once(", expected ").unwrap_or((&message, ""));
    let (word, known) = (quoted(what).into_iter().next().unwrap_or_default(), quoted(expected));
    let mend = || near::mend(&word, &known.iter().map(String::as_str).collect::<Vec<_>>());
    if what.starts_with("unknown field") && !known.is_empty() {
        // As the configuration's errors say it.
        format!("unknown field `{word}`; {}", mend())
    } else if what.starts_with("unknown variant") && !known.is_empty() {
        format!("\"{word}\" is not known; {}", mend())
    } else if what.starts_with("missing field") {
        format!("no key \"{word}\"; add it")
    } else {
        format!("{message}; mend the key or its value")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const RING: &str = "number = 9
slug = \"ring\"
title = \"Ring\"
level = \"Advanced\"
kind = \"concept\"
minutes = 5
needs = [\"databases\"]
gist = \"A ring.\"
[headings]
old = \"new\"
";

    fn read(front: &str) -> Result<Front, String> {
        let file = format!("+++\n{front}+++\nText.\n");
        parse(&split(&file).unwrap(), "09-ring.md").map_err(|problem| problem.to_string())
    }

    #[test]
    fn bytes_and_lines_of_the_body_are_those_of_the_file() {
        for (bom, end) in [("", "\n"), ("\u{feff}", "\r\n")] {
            let file = format!("{bom}+++{end}a = 1{end}b = 2{end}+++{end}{end}Text.{end}");
            let split = split(&file).unwrap();
            assert_eq!(split.front, format!("a = 1{end}b = 2{end}"));
            assert_eq!((split.front_line, split.body_line), (2, 5));
            assert_eq!(split.body, format!("{end}Text.{end}"));
            let values: toml::Table = from_toml(split.front, "x", 2).unwrap();
            assert_eq!(values.len(), 2);
        }
    }

    #[test]
    fn a_draft_may_end_with_its_front_matter() {
        let split = split("+++\n+++").unwrap();
        assert_eq!((split.front, split.body, split.body_line), ("", "", 3));
    }

    #[test]
    fn a_file_without_front_matter_says_how_it_begins() {
        let none = "no front matter; begin the file with a line +++";
        for text in ["", "\n", "# Title", "---\na: 1\n---\n", " +++\n+++\n"] {
            assert_eq!(split(text), Err(none.to_string()), "{text:?}");
        }
        let open = "the front matter does not end; close it with a line +++";
        assert_eq!(split("+++\nnumber = 1\n"), Err(open.to_string()));
    }

    #[test]
    fn all_keys_are_read_and_those_left_out_are_empty() {
        let front = read(RING).unwrap();
        assert_eq!((*front.number.get_ref(), front.slug.get_ref().as_str()), (9, "ring"));
        assert_eq!((front.level, front.kind), (Level::Advanced, Kind::Concept));
        assert_eq!(front.needs, ["databases"]);
        assert_eq!(front.headings.get("old").map(String::as_str), Some("new"));
        assert!(!front.draft && front.tags.is_empty() && front.labs.is_empty());
    }

    #[test]
    fn a_wrong_key_or_value_is_named_with_its_line_and_its_mend() {
        for (from, to, found) in [
            ("gist", "gsit", "9: unknown field `gsit`; \"gist\"?"),
            (
                "minutes",
                "min",
                "7: unknown field `min`; there are number, slug, title, level, kind, minutes, needs, gist, tags, labs, aliases, draft, headings",
            ),
            ("Advanced", "advanced", "5: \"advanced\" is not known; \"Advanced\"?"),
            (
                "concept",
                "essay",
                "6: \"essay\" is not known; there are method, concept, anomaly, design, reference",
            ),
            ("slug = \"ring\"\n", "", "2: no key \"slug\"; add it"),
            ("number = 9", "number = 0", "2: number 0; the series begins at 1"),
            (
                "minutes = 5",
                "minutes = 5\nminutes = 6",
                "8: duplicate key; mend the key or its value",
            ),
        ] {
            let said = read(&RING.replacen(from, to, 1)).unwrap_err();
            assert_eq!(said, format!("09-ring.md:{found}"));
        }
        for (from, to, line) in [
            ("= 5", "= \"5\"", 7),
            ("= 5", "= 70000", 7),
            ("= 5", "= -5", 7),
            ("[\"databases\"]", "\"databases\"", 8),
            ("\"A ring.\"", "A ring.", 9),
        ] {
            let said = read(&RING.replacen(from, to, 1)).unwrap_err();
            assert!(said.starts_with(&format!("09-ring.md:{line}: ")), "{said}");
            assert!(said.ends_with("; mend the key or its value"), "{said}");
        }
    }
}
