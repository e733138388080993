//! `estimate`: inputs, formulas, lines `unit rides`. What the values mean is not read here.

use super::{At, Estimate, EstimateLine, Issue, head_line, issue, no_more};
use crate::course::near;

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
        issue(issues, head_line(first_line), "an estimate has no name; write ```estimate name");
    }
    let more = info.get(1).is_some_and(|word| word == "more");
    no_more(info, 1 + usize::from(more), first_line, issues);
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
    if lines.iter().all(|line| line.trim().is_empty()) {
        issue(issues, head_line(first_line), "the estimate is empty; write name = 5 # given");
    }
    Estimate { name, more, lines: read }
}

fn one(text: &str) -> Result<EstimateLine, String> {
    let Some((name, rest)) = text.split_once('=') else {
        if let Some(unit) = text.strip_prefix("unit ") {
            return Ok(EstimateLine::Unit(unit.trim().into()));
        }
        return Err(format!(
            "\"{text}\" is no line of an estimate; write name = value, or name = formula => result"
        ));
    };
    let name = name.trim().to_string();
    let letters = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !letters || !name.starts_with(char::is_alphabetic) {
        return Err(format!("\"{name}\" is no name; use letters, digits and _"));
    }
    let (code, remark) = match rest.split_once(" #") {
        Some((code, remark)) => (code.trim(), remark.trim()),
        None => (rest.trim(), ""),
    };
    let Some((formula, stated)) = code.split_once("=>") else { return input(name, code, remark) };
    let (formula, stated) = (formula.trim().to_string(), stated.trim().to_string());
    if !matches!(remark, "" | "goal") {
        Err(format!("\"# {remark}\" after a result; only # goal may stand there"))
    } else if formula.is_empty() {
        Err(format!("{name} has no formula; write {name} = formula => result"))
    } else if stated.is_empty() {
        Err(format!("{name} has no result; write => ? with its unit, and use --fix"))
    } else {
        Ok(EstimateLine::Result { name, formula, stated, goal: remark == "goal" })
    }
}

/// `value  # mark, low .. high [^note]`
fn input(name: String, value: &str, remark: &str) -> Result<EstimateLine, String> {
    if value.is_empty() {
        return Err(format!("{name} has no value; write {name} = 5 # given"));
    }
    let (before, note) = match remark.split_once("[^") {
        None => (remark, None),
        Some((before, note)) => match note.split_once(']') {
            Some((note, "")) => (before.trim_end().trim_end_matches(','), Some(note.to_string())),
            _ => return Err(format!("\"[^{note}\" does not end the line; put the note last")),
        },
    };
    let (mark, range) = match before.split_once(',') {
        Some((mark, range)) => (mark.trim(), Some(range.trim())),
        None => (before.trim(), None),
    };
    // A constant brings its own mark.
    if mark.is_empty() && !value.starts_with('@') {
        return Err(format!("{name} has no mark; add # given, assumed, measured or documented"));
    }
    if !mark.is_empty() && !MARKS.contains(&mark) {
        return Err(format!("{name} has the mark \"{mark}\"; {}", near::mend(mark, &MARKS)));
    }
    let ends = |range: &str| {
        let (low, high) = range.split_once("..")?;
        let (low, high) = (low.trim(), high.trim());
        (!low.is_empty() && !high.is_empty()).then(|| (low.to_string(), high.to_string()))
    };
    let range = range
        .map(|range| {
            ends(range).ok_or_else(|| format!("\"{range}\" is no range; write low .. high"))
        })
        .transpose()?;
    let (low, high) = range.unzip();
    Ok(EstimateLine::Input { name, value: value.into(), mark: mark.into(), low, high, note })
}

#[cfg(test)]
mod tests {
    use super::super::tests::parsed;
    use super::super::{At, Block, Estimate, EstimateLine};

    fn estimate(info: &str, text: &str) -> (Estimate, Vec<String>) {
        let (block, issues) = parsed(info, text);
        let Block::Estimate(estimate) = block else { panic!("{block:?}") };
        (estimate, issues)
    }

    fn input(name: &str, value: &str, mark: &str) -> EstimateLine {
        let (name, value, mark) = (name.into(), value.into(), mark.into());
        EstimateLine::Input { name, value, mark, low: None, high: None, note: None }
    }

    fn result(name: &str, formula: &str, stated: &str, goal: bool) -> EstimateLine {
        let (name, formula, stated) = (name.into(), formula.into(), stated.into());
        EstimateLine::Result { name, formula, stated, goal }
    }

    #[test]
    fn the_estimate_of_the_format_is_read_line_by_line() {
        let (estimate, issues) = estimate(
            "estimate feed",
            "members = 50 million users  # assumed, 10 million users .. 200 million users
size    = 1 KB/post         # measured [^size]
price   = @s3-storage
unit rides

rate    = members * posting       => 1,160 posts/s
cost    = stored * price          => ? USD/month  # goal",
        );
        assert_eq!(issues, [""; 0]);
        assert_eq!((&*estimate.name, estimate.more), ("feed", false));
        let ends = ["10 million users", "200 million users"].map(|end| Some(end.to_string()));
        let [low, high] = ends;
        let expected = [
            (
                101,
                EstimateLine::Input {
                    name: "members".into(),
                    value: "50 million users".into(),
                    mark: "assumed".into(),
                    low,
                    high,
                    note: None,
                },
            ),
            (
                102,
                EstimateLine::Input {
                    name: "size".into(),
                    value: "1 KB/post".into(),
                    mark: "measured".into(),
                    low: None,
                    high: None,
                    note: Some("size".into()),
                },
            ),
            (103, input("price", "@s3-storage", "")),
            (104, EstimateLine::Unit("rides".into())),
            (106, result("rate", "members * posting", "1,160 posts/s", false)),
            (107, result("cost", "stored * price", "? USD/month", true)),
        ];
        assert_eq!(estimate.lines, expected.map(|(line, value)| At { line, value }));
    }

    #[test]
    fn a_name_and_more_continues_an_estimate() {
        let (more, issues) = estimate("estimate feed more", "unit = 5 # given");
        assert_eq!((more.more, issues.len()), (true, 0));
        assert_eq!(
            more.lines[0].value,
            input("unit", "5", "given"),
            "no unit line: it has a value"
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_one_finding_and_the_others_stay() {
        for (text, found) in [
            (
                "a",
                "\"a\" is no line of an estimate; write name = value, or name = formula => result",
            ),
            ("2a = 1 # given", "\"2a\" is no name; use letters, digits and _"),
            ("a b = 1 # given", "\"a b\" is no name; use letters, digits and _"),
            ("a = # given", "a has no value; write a = 5 # given"),
            ("a = 5", "a has no mark; add # given, assumed, measured or documented"),
            ("a = 5 # assumd", "a has the mark \"assumd\"; \"assumed\"?"),
            (
                "a = 5 # guessed",
                "a has the mark \"guessed\"; there are given, assumed, measured, documented",
            ),
            ("a = 5 # assumed, 3 - 6", "\"3 - 6\" is no range; write low .. high"),
            ("a = 5 # assumed, .. 6", "\".. 6\" is no range; write low .. high"),
            (
                "a = 5 # assumed [^x], 1 .. 6",
                "\"[^x], 1 .. 6\" does not end the line; put the note last",
            ),
            ("a = b =>", "a has no result; write => ? with its unit, and use --fix"),
            ("a = => 5", "a has no formula; write a = formula => result"),
            ("a = b => 5 # gaol", "\"# gaol\" after a result; only # goal may stand there"),
        ] {
            let (estimate, issues) =
                estimate("estimate x", &format!("good = 1 # given\n{text}\nlast = good => 1"));
            assert_eq!(issues, [format!("102: {found}")]);
            assert_eq!(estimate.lines.len(), 2, "{text}");
        }
        assert_eq!(
            estimate("estimate", "a = 1 # given").1,
            ["100: an estimate has no name; write ```estimate name"]
        );
        assert_eq!(
            estimate("estimate x", " ").1,
            ["100: the estimate is empty; write name = 5 # given"]
        );
        assert_eq!(
            estimate("estimate x mroe", "a = 1 # given").1,
            ["100: \"mroe\" is not known here; take it out"]
        );
    }
}
