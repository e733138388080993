//! `rehearsal` and `flaws`.

use super::keyed::{Keyed, info_words, keyed, minutes};
use super::{At, Curveball, Flaws, FollowUp, Issue, Phase, Rehearsal, issue};

/// Phases in order; the last is ticked at the end and has no minutes.
pub const PHASES: [&str; 7] =
    ["requirements", "estimate", "api-data", "design", "deep-dive", "failure", "communication"];

/// Reads a rehearsal; `info` are the words after `rehearsal`: `40 min`.
pub fn parse(
    info: &[String],
    lines: &[&str],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> Rehearsal {
    let stated = minutes(&info.join(" ")).unwrap_or_else(|| {
        issue(issues, first_line - 1, "a rehearsal has no minutes; write ```rehearsal 40 min");
        0
    });
    let mut read = Rehearsal {
        minutes: stated,
        prompt: At { line: first_line, value: String::new() },
        phases: Vec::new(),
        curveballs: Vec::new(),
        questions: Vec::new(),
    };
    // A phase line has no colon; give it one, so that all lines are keyed.
    let keyed_lines: Vec<String> = lines
        .iter()
        .map(|line| match line.strip_prefix("phase ") {
            Some(rest) => format!("phase: {}", rest.trim_end_matches(':')),
            None => (*line).to_string(),
        })
        .collect();
    let keyed_lines: Vec<&str> = keyed_lines.iter().map(String::as_str).collect();
    let is_key = |key: &str| {
        matches!(key, "prompt" | "phase" | "see" | "mid" | "senior" | "staff" | "Q" | "A")
            || key.starts_with("curveball")
    };
    let keys = keyed(&keyed_lines, first_line, is_key, issues);
    let mut wants_answer = None;
    for key in &keys {
        if wants_answer.is_some() && key.key != "A" {
            issue(
                issues,
                wants_answer.take().unwrap_or(key.line),
                "no answer; add a line A: below it",
            );
        }
        match key.key.as_str() {
            "prompt" => read.prompt = key.at(),
            "phase" => phase(key, &mut read.phases, issues),
            "see" | "mid" | "senior" | "staff" => part(key, &mut read.phases, issues),
            "Q" => {
                read.questions.push(FollowUp { question: key.at(), answer: empty(key.line) });
                wants_answer = Some(key.line);
            }
            "A" => {
                if wants_answer.take().is_none() {
                    issue(
                        issues,
                        key.line,
                        "an answer to nothing; a line Q: or curveball stands before it",
                    );
                } else if let Some(last) = last_unanswered(&mut read) {
                    *last = key.at();
                }
            }
            curveball => {
                let minute =
                    minutes(curveball.trim_start_matches("curveball")).unwrap_or_else(|| {
                        issue(
                            issues,
                            key.line,
                            "a curveball has no minute; write curveball 25 min: ...",
                        );
                        0
                    });
                read.curveballs.push(Curveball { minute, text: key.at(), answer: empty(key.line) });
                wants_answer = Some(key.line);
            }
        }
    }
    if let Some(line) = wants_answer {
        issue(issues, line, "no answer; add a line A: below it");
    }
    if read.prompt.value.is_empty() {
        issue(issues, first_line - 1, "a rehearsal has no prompt; add a line prompt:");
    }
    read
}

fn empty(line: usize) -> At<String> {
    At { line, value: String::new() }
}

/// Of the curveball or question that was read last: the one that has no answer yet.
fn last_unanswered(read: &mut Rehearsal) -> Option<&mut At<String>> {
    let question = read.questions.last_mut().map(|q| &mut q.answer).filter(|a| a.value.is_empty());
    let curveball =
        read.curveballs.last_mut().map(|c| &mut c.answer).filter(|a| a.value.is_empty());
    match (question, curveball) {
        (Some(q), Some(c)) => Some(if q.line > c.line { q } else { c }),
        (q, c) => q.or(c),
    }
}

fn phase(key: &Keyed, phases: &mut Vec<Phase>, issues: &mut Vec<Issue>) {
    let words = info_words(&key.value);
    let name = words.first().cloned().unwrap_or_default();
    if !PHASES.contains(&name.as_str()) {
        let known = PHASES.join(", ");
        issue(issues, key.line, format!("phase \"{name}\" is not known; there are {known}"));
    }
    let stated = minutes(&words.get(1..).unwrap_or_default().join(" "));
    if stated.is_none() && name != "communication" {
        issue(
            issues,
            key.line,
            format!("phase \"{name}\" has no minutes; write phase {name} 5 min"),
        );
    }
    phases.push(Phase {
        name: At { line: key.line, value: name },
        minutes: stated.unwrap_or(0),
        see: None,
        mid: Vec::new(),
        senior: Vec::new(),
        staff: Vec::new(),
    });
}

fn part(key: &Keyed, phases: &mut [Phase], issues: &mut Vec<Issue>) {
    let Some(phase) = phases.last_mut() else {
        issue(
            issues,
            key.line,
            format!("{}: before any phase; a line phase stands above it", key.key),
        );
        return;
    };
    match key.key.as_str() {
        "see" => {
            phase.see =
                Some(At { line: key.line, value: key.value.trim_start_matches('#').into() });
        }
        "mid" => phase.mid.push(key.at()),
        "senior" => phase.senior.push(key.at()),
        _ => phase.staff.push(key.at()),
    }
}

/// Reads a finished design with planted weaknesses.
pub fn flaws(lines: &[&str], first_line: usize, issues: &mut Vec<Issue>) -> Flaws {
    let keys = keyed(lines, first_line, |key| matches!(key, "design" | "flaw"), issues);
    let design = keys.iter().find(|k| k.key == "design").map(Keyed::at);
    if design.is_none() {
        issue(issues, first_line - 1, "flaws without a design; add a line design:");
    }
    Flaws {
        design: design.unwrap_or_else(|| empty(first_line)),
        flaws: keys.iter().filter(|k| k.key == "flaw").map(Keyed::at).collect(),
    }
}
