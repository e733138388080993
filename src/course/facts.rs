//! `constants.toml` and `owners.toml`: dated figures that many lessons use, and which lesson tells which fact.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Problem;
use super::front::toml_problem;

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
    let problem = |cause: &toml::de::Error| toml_problem(cause, text, "constants.toml", 1);
    let raw: BTreeMap<String, RawConstant> =
        toml::from_str(text).map_err(|cause| problem(&cause))?;
    let mut found = Vec::new();
    for (name, raw) in raw {
        let span = raw.value.span();
        let line = line_at(text, span.start);
        if !matches!(raw.value.get_ref(), toml::Value::Integer(_) | toml::Value::Float(_)) {
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
    let raw: BTreeMap<String, Spanned<String>> =
        toml::from_str(text).map_err(|cause| toml_problem(&cause, text, "owners.toml", 1))?;
    let owner = |(fact, lesson): (String, Spanned<String>)| {
        let line = line_at(text, lesson.span().start);
        Owner { fact, lesson: lesson.into_inner(), line }
    };
    Ok(raw.into_iter().map(owner).collect())
}

fn line_at(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(1, |before| before.matches('\n').count() + 1)
}
