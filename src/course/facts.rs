//! `constants.toml` and `owners.toml`: dated figures that many lessons use, and which lesson tells which fact.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Problem;
use super::front::{from_toml, line_at, without_bom};

/// A dated figure; an estimate takes it by `@name`.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// Name.
    pub name: String,
    /// Number as written.
    pub value: String,
    /// Unit in the words of estimates.
    pub unit: String,
    /// `documented`, `measured`, `assumed`.
    pub mark: String,
    /// When the source was read, or the measurement made.
    pub date: String,
    /// Title or address, section.
    pub source: String,
    /// Line in `constants.toml`.
    pub line: usize,
}

/// Which lesson tells a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Short name of the fact.
    pub fact: String,
    /// Slug of the lesson.
    pub lesson: String,
    /// Line in `owners.toml`.
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConstant {
    value: Spanned<toml::Value>,
    unit: String,
    mark: String,
    date: String,
    source: String,
}

/// Reads `constants.toml`.
///
/// # Errors
/// Bad TOML, a missing or unknown key, a value that is no number.
pub fn constants(text: &str) -> Result<Vec<Constant>, Problem> {
    let text = without_bom(text);
    let raw: BTreeMap<String, RawConstant> = from_toml(text, "constants.toml", 1)?;
    let mut found = Vec::new();
    for (name, raw) in raw {
        let span = raw.value.span();
        let line = line_at(text, span.start);
        let is_number = match raw.value.get_ref() {
            toml::Value::Integer(_) => true,
            toml::Value::Float(value) => value.is_finite(),
            _ => false,
        };
        if !is_number {
            let message =
                format!("the value of {name} is no number; write it bare, its unit beside it");
            return Err(Problem { file: "constants.toml".into(), line, message });
        }
        let value = text.get(span).unwrap_or_default().replace('_', "");
        let RawConstant { unit, mark, date, source, .. } = raw;
        found.push(Constant { name, value, unit, mark, date, source, line });
    }
    Ok(found)
}

/// Reads `owners.toml`.
///
/// # Errors
/// Bad TOML, or a value that is no string. That a fact has one owner is the form's own doing: TOML refuses a
/// second line of the same key.
pub fn owners(text: &str) -> Result<Vec<Owner>, Problem> {
    let text = without_bom(text);
    let raw: BTreeMap<String, Spanned<String>> = from_toml(text, "owners.toml", 1)?;
    let owner = |(fact, lesson): (String, Spanned<String>)| {
        let line = line_at(text, lesson.span().start);
        Owner { fact, lesson: lesson.into_inner(), line }
    };
    Ok(raw.into_iter().map(owner).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PRICE: &str = "\u{feff}# Prices.
[s3-storage]
value = 1_000.50
unit = \"USD/GB/month\"
mark = \"documented\"
date = \"2026-11-24\"
source = \"A list.\"
";

    #[test]
    fn a_constant_keeps_its_number_as_written_and_its_line() {
        let expected = Constant {
            name: "s3-storage".into(),
            value: "1000.50".into(),
            unit: "USD/GB/month".into(),
            mark: "documented".into(),
            date: "2026-11-24".into(),
            source: "A list.".into(),
            line: 3,
        };
        assert_eq!(constants(PRICE), Ok(vec![expected]));
    }

    #[test]
    fn a_wrong_constant_is_named_with_its_line() {
        for (from, to, found) in [
            (
                "1_000.50",
                "\"0.02\"",
                "3: the value of s3-storage is no number; write it bare, its unit beside it",
            ),
            (
                "1_000.50",
                "inf",
                "3: the value of s3-storage is no number; write it bare, its unit beside it",
            ),
            ("mark", "mrak", "5: unknown field `mrak`; \"mark\"?"),
            ("unit = \"USD/GB/month\"\n", "", "2: no key \"unit\"; add it"),
        ] {
            let said = constants(&PRICE.replacen(from, to, 1)).unwrap_err().to_string();
            assert_eq!(said, format!("constants.toml:{found}"));
        }
    }

    #[test]
    fn a_fact_has_one_owner() {
        let read =
            owners("# Facts.\nwrite-skew = \"write-skew\"\r\n\"p99\" = \"caching\"\n").unwrap();
        let read: Vec<_> = read.iter().map(|o| (&*o.fact, &*o.lesson, o.line)).collect();
        assert_eq!(read, [("p99", "caching", 3), ("write-skew", "write-skew", 2)]);
        let twice = owners("a = \"x\"\na = \"y\"\n").unwrap_err();
        assert_eq!(twice.line, 2);
        assert_eq!(owners("a = 5\n").unwrap_err().line, 1);
    }
}
