//! `card` and `ask`.

use super::keyed::{Keyed, keyed};
use super::{Ask, At, Card, Issue, issue};

/// Reads a card; `info` are the words after `card`.
pub fn card(info: &[String], lines: &[&str], first_line: usize, issues: &mut Vec<Issue>) -> Card {
    let id = info.first().cloned().unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() {
        issue(issues, first_line - 1, "a card has no id; write ```card name");
    } else if !id.chars().all(plain) {
        issue(
            issues,
            first_line - 1,
            format!("card id \"{id}\" has other letters than a-z 0-9 -; rename it"),
        );
    }
    let keys = keyed(lines, first_line, |key| matches!(key, "Q" | "A" | "calc"), issues);
    let (question, answer) = both("card", &keys, first_line, issues);
    let calc = keys.iter().find(|k| k.key == "calc").and_then(|calc| {
        let Some((formula, stated)) = calc.value.split_once("=>") else {
            issue(issues, calc.line, "calc has no result; write calc: 300/s * 40 ms => 12");
            return None;
        };
        Some(At { line: calc.line, value: (formula.trim().into(), stated.trim().into()) })
    });
    Card { id, question, answer, calc }
}

/// Reads an ask.
pub fn ask(lines: &[&str], first_line: usize, issues: &mut Vec<Issue>) -> Ask {
    let keys = keyed(lines, first_line, |key| matches!(key, "Q" | "A" | "lab"), issues);
    let (question, answer) = both("ask", &keys, first_line, issues);
    let lab = keys.iter().find(|k| k.key == "lab").map(|k| k.value.clone());
    Ask { question, answer, lab }
}

fn both(
    what: &str,
    keys: &[Keyed],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> (At<String>, At<String>) {
    let mut one = |key: &str| {
        let mut of_key = keys.iter().filter(|k| k.key == key);
        let first = of_key.next();
        if let Some(second) = of_key.next() {
            issue(
                issues,
                second.line,
                format!("a second {key}; one {what} asks one thing, make two"),
            );
        }
        if first.is_none_or(|k| k.value.is_empty()) {
            issue(issues, first_line - 1, format!("the {what} has no {key}; add a line {key}:"));
        }
        first.map_or(At { line: first_line, value: String::new() }, Keyed::at)
    };
    (one("Q"), one("A"))
}
