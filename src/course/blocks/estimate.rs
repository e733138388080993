//! `estimate`: inputs, formulas, lines `unit x`.

use super::{At, Estimate, EstimateLine, Issue, issue};

const MARKS: [&str; 4] = ["given", "assumed", "measured", "documented"];

/// Reads an estimate; `info` are the words after `estimate`: its name, and `more`.
pub fn parse(
    info: &[String],
    lines: &[&str],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> Estimate {
    let name = info.first().cloned().unwrap_or_default();
    if name.is_empty() {
        issue(issues, first_line - 1, "an estimate has no name; write ```estimate name");
    }
    let more = info.get(1).is_some_and(|word| word == "more");
    if let Some(extra) = info.get(1 + usize::from(more)) {
        issue(
            issues,
            first_line - 1,
            format!("\"{extra}\" is not known here; only `more` may follow the name"),
        );
    }
    let mut read = Vec::new();
    for (line, text) in (first_line..).zip(lines) {
        if text.trim().is_empty() {
            continue;
        }
        match one(text.trim()) {
            Ok(value) => read.push(At { line, value }),
            Err(what) => issue(issues, line, what),
        }
    }
    Estimate { name, more, lines: read }
}

fn one(text: &str) -> Result<EstimateLine, String> {
    if let Some(unit) = text.strip_prefix("unit ") {
        return Ok(EstimateLine::Unit(unit.trim().into()));
    }
    let Some((name, rest)) = text.split_once('=') else {
        return Err(format!(
            "\"{text}\" is no line of an estimate; write name = value, or name = formula => result"
        ));
    };
    let name = name.trim().to_string();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Err(format!("\"{name}\" is no name; use letters, digits and _"));
    }
    let (code, remark) = match rest.split_once(" #") {
        Some((code, remark)) => (code.trim(), Some(remark.trim())),
        None => (rest.trim(), None),
    };
    if let Some((formula, stated)) = code.split_once("=>") {
        let goal = match remark {
            None => false,
            Some("goal") => true,
            Some(other) => {
                return Err(format!("\"# {other}\" after a result; only # goal may stand there"));
            }
        };
        let (formula, stated) = (formula.trim().to_string(), stated.trim().to_string());
        if stated.is_empty() {
            return Err(format!("{name} has no result; write => ? with its unit, and use --fix"));
        }
        return Ok(EstimateLine::Result { name, formula, stated, goal });
    }
    input(name, code, remark.unwrap_or_default())
}

/// `mark, low .. high [^note]`
fn input(name: String, value: &str, remark: &str) -> Result<EstimateLine, String> {
    if value.is_empty() {
        return Err(format!("{name} has no value; write {name} = 5 # given"));
    }
    let (remark, note) = match remark.split_once("[^") {
        Some((before, note)) => {
            (before.trim(), Some(note.trim_end().trim_end_matches(']').to_string()))
        }
        None => (remark, None),
    };
    let (mark, range) = match remark.split_once(',') {
        Some((mark, range)) => (mark.trim(), Some(range.trim().trim_end_matches(','))),
        None => (remark.trim(), None),
    };
    if !MARKS.contains(&mark) && !value.starts_with('@') {
        let given = if mark.is_empty() { "no mark".into() } else { format!("the mark \"{mark}\"") };
        return Err(format!("{name} has {given}; add # given, assumed, measured or documented"));
    }
    let range = match range {
        None => None,
        Some(range) => {
            let (low, high) = range
                .split_once("..")
                .ok_or_else(|| format!("\"{range}\" is no range; write low .. high"))?;
            Some((low.trim().to_string(), high.trim().to_string()))
        }
    };
    let (low, high) = range.unzip();
    Ok(EstimateLine::Input { name, value: value.into(), mark: mark.into(), low, high, note })
}
