//! `rehearsal` and `flaws`.

use super::keyed::{Keyed, keyed, minutes, only};
use super::{At, Curveball, Flaws, FollowUp, Issue, Phase, Rehearsal, head_line, issue, no_more};
use crate::course::near;

/// Phases in order; the last is ticked once at the end and has no minutes.
pub const PHASES: [&str; 7] =
    ["requirements", "estimate", "api-data", "design", "deep-dive", "failure", "communication"];

/// What the next `A:` answers.
enum Asked {
    Curveball,
    Question,
}

/// Reads a rehearsal; `info` are the words after `rehearsal`: `40 min`.
pub fn parse(
    info: &[String],
    lines: &[&str],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> Rehearsal {
    let stated = minutes(&info.join(" ")).unwrap_or_else(|| {
        let what = "a rehearsal has no minutes; write ```rehearsal 40 min";
        issue(issues, head_line(first_line), what);
        0
    });
    // A phase line has no colon; with one, all lines are keyed.
    let with_colon = |line: &&str| match line.trim_end().strip_prefix("phase ") {
        Some(phase) => format!("phase: {}", phase.trim_end_matches(':')),
        None => (*line).to_string(),
    };
    let lines: Vec<String> = lines.iter().map(with_colon).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let known = ["prompt", "phase", "see", "mid", "senior", "staff", "curveball", "Q", "A"];
    let keys = keyed(&known, &lines, first_line, issues);

    let prompt = only(&keys, "prompt", "a rehearsal has one", issues).map(Keyed::at);
    if prompt.is_none() {
        issue(issues, head_line(first_line), "a rehearsal has no prompt; add a line prompt:");
    }
    let mut read = Rehearsal {
        minutes: stated,
        prompt: prompt.unwrap_or_else(|| empty(first_line)),
        phases: Vec::new(),
        curveballs: Vec::new(),
        questions: Vec::new(),
    };
    let mut asked: Option<(usize, Asked)> = None;
    for key in &keys {
        match asked.take() {
            Some((_, Asked::Curveball)) if key.key == "A" => {
                read.curveballs.iter_mut().last().into_iter().for_each(|it| it.answer = key.at());
                continue;
            }
            Some((_, Asked::Question)) if key.key == "A" => {
                read.questions.iter_mut().last().into_iter().for_each(|it| it.answer = key.at());
                continue;
            }
            Some((line, _)) => issue(issues, line, "no answer; add a line A: below it"),
            None => {}
        }
        match key.key {
            "phase" => read.phases.push(phase(key, issues)),
            "see" | "mid" | "senior" | "staff" => part(key, &mut read.phases, issues),
            "Q" => {
                read.questions.push(FollowUp { question: key.at(), answer: empty(key.line) });
                asked = Some((key.line, Asked::Question));
            }
            "curveball" => {
                let minute = minutes(&key.detail).unwrap_or_else(|| {
                    let what = "a curveball has no minute; write curveball 25 min: ...";
                    issue(issues, key.line, what);
                    0
                });
                read.curveballs.push(Curveball { minute, text: key.at(), answer: empty(key.line) });
                asked = Some((key.line, Asked::Curveball));
            }
            "A" => {
                let what = "an answer to nothing; a line Q: or curveball stands before it";
                issue(issues, key.line, what);
            }
            _ => {}
        }
    }
    if let Some((line, _)) = asked {
        issue(issues, line, "no answer; add a line A: below it");
    }
    read
}

fn empty(line: usize) -> At<String> {
    At { line, value: String::new() }
}

/// `requirements 5 min`
fn phase(key: &Keyed, issues: &mut Vec<Issue>) -> Phase {
    let (name, stated) = key.value.split_once(' ').unwrap_or((&key.value, ""));
    if !PHASES.contains(&name) {
        let mend = near::mend(name, &PHASES);
        issue(issues, key.line, format!("phase \"{name}\" is not known; {mend}"));
    }
    let is_timed = name != "communication";
    let minutes = minutes(stated);
    if is_timed && minutes.is_none() {
        let what = format!("phase \"{name}\" has no minutes; write phase {name} 5 min");
        issue(issues, key.line, what);
    } else if !is_timed && !stated.is_empty() {
        let what = "communication is ticked at the end; take its minutes out";
        issue(issues, key.line, what);
    }
    Phase {
        name: At { line: key.line, value: name.to_string() },
        minutes: minutes.filter(|_| is_timed).unwrap_or(0),
        see: None,
        mid: Vec::new(),
        senior: Vec::new(),
        staff: Vec::new(),
    }
}

/// A line below a phase.
fn part(key: &Keyed, phases: &mut [Phase], issues: &mut Vec<Issue>) {
    let Some(phase) = phases.last_mut() else {
        let what = format!("{}: before any phase; a line phase stands above it", key.key);
        issue(issues, key.line, what);
        return;
    };
    match key.key {
        "see" if phase.see.is_some() => {
            issue(issues, key.line, "a second see; a phase has one model answer");
        }
        "see" => {
            if !key.value.starts_with('#') {
                let what = format!("see: {} is no heading; write see: #its-id", key.value);
                issue(issues, key.line, what);
            }
            let id = key.value.trim_start_matches('#').to_string();
            phase.see = Some(At { line: key.line, value: id });
        }
        "mid" => phase.mid.push(key.at()),
        "senior" => phase.senior.push(key.at()),
        _ => phase.staff.push(key.at()),
    }
}

/// Reads a finished design with planted weaknesses; `info` are the words after `flaws`.
pub fn flaws(info: &[String], lines: &[&str], first_line: usize, issues: &mut Vec<Issue>) -> Flaws {
    no_more(info, 0, first_line, issues);
    let keys = keyed(&["design", "flaw"], lines, first_line, issues);
    let design = only(&keys, "design", "a flaws block has one", issues).map(Keyed::at);
    if design.is_none() {
        issue(issues, head_line(first_line), "flaws without a design; add a line design:");
    }
    Flaws {
        design: design.unwrap_or_else(|| empty(first_line)),
        flaws: keys.iter().filter(|key| key.key == "flaw").map(Keyed::at).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::parsed;
    use super::super::{Block, Rehearsal};

    const LINKS: &str = "prompt: Design a link shortener for 100 million new links
  a month.
phase requirements 5 min
see: #requirements
mid: names create and redirect; asks reads to writes
staff: splits the targets: redirects 99.99 %, creation
  less
phase communication
mid: says what comes next
curveball 25 min: A campaign brings ten times the writes.
A: The counter's block allocation breaks first.
Q: One link takes 40 % of all reads. What changes?
A: Not the store.";

    fn rehearsal(info: &str, text: &str) -> (Rehearsal, Vec<String>) {
        let (block, issues) = parsed(info, text);
        let Block::Rehearsal(rehearsal) = block else { panic!("{block:?}") };
        (rehearsal, issues)
    }

    #[test]
    fn the_rehearsal_of_the_format_is_read_with_its_phases_and_answers() {
        let (read, issues) = rehearsal("rehearsal 40 min", LINKS);
        assert_eq!(issues, [""; 0]);
        assert_eq!(read.minutes, 40);
        assert_eq!(read.prompt.value, "Design a link shortener for 100 million new links a month.");
        let phases: Vec<_> =
            read.phases.iter().map(|p| (p.name.line, &*p.name.value, p.minutes)).collect();
        assert_eq!(phases, [(103, "requirements", 5), (108, "communication", 0)]);
        let phase = &read.phases[0];
        assert_eq!(phase.see.as_ref().map(|see| &*see.value), Some("requirements"));
        assert_eq!((phase.mid.len(), phase.senior.len(), phase.staff.len()), (1, 0, 1));
        assert_eq!(phase.staff[0].value, "splits the targets: redirects 99.99 %, creation less");
        assert_eq!(read.curveballs[0].minute, 25);
        assert_eq!(read.curveballs[0].answer.value, "The counter's block allocation breaks first.");
        assert_eq!(
            (read.questions[0].answer.line, &*read.questions[0].answer.value),
            (113, "Not the store.")
        );
    }

    #[test]
    fn each_slip_is_said_where_it_stands() {
        for (from, to, found) in [
            ("prompt: ", "promt: ", "101: key \"promt\" is not known; \"prompt\"?"),
            (
                "requirements 5",
                "requirement 5",
                "103: phase \"requirement\" is not known; \"requirements\"?",
            ),
            (
                "requirements 5 min",
                "requirements",
                "103: phase \"requirements\" has no minutes; write phase requirements 5 min",
            ),
            (
                "communication",
                "communication 3 min",
                "108: communication is ticked at the end; take its minutes out",
            ),
            ("see: #", "see: ", "104: see: requirements is no heading; write see: #its-id"),
            (
                "mid: names",
                "see: #other\nmid: names",
                "105: a second see; a phase has one model answer",
            ),
            (
                "curveball 25 min:",
                "curveball:",
                "110: a curveball has no minute; write curveball 25 min: ...",
            ),
            (
                "A: The counter's block allocation breaks first.\n",
                "",
                "110: no answer; add a line A: below it",
            ),
            ("\nA: Not the store.", "", "112: no answer; add a line A: below it"),
            (
                "Q: One link",
                "A: No.\nQ: One link",
                "112: an answer to nothing; a line Q: or curveball stands before it",
            ),
            (
                "prompt: ",
                "mid: x\nprompt: ",
                "101: mid: before any phase; a line phase stands above it",
            ),
            ("phase c", "prompt: again\nphase c", "108: a second prompt; a rehearsal has one"),
        ] {
            let (_, issues) = rehearsal("rehearsal 40 min", &LINKS.replacen(from, to, 1));
            assert_eq!(issues.first().map(String::as_str), Some(found), "{issues:?}");
        }
        assert_eq!(
            rehearsal("rehearsal", LINKS).1,
            ["100: a rehearsal has no minutes; write ```rehearsal 40 min"]
        );
    }

    #[test]
    fn communication_never_takes_minutes() {
        let timed = LINKS.replacen("communication", "communication 3 min", 1);
        assert_eq!(rehearsal("rehearsal 40 min", &timed).0.phases[1].minutes, 0);
    }

    #[test]
    fn an_answer_goes_to_what_was_asked_last() {
        let (read, issues) = rehearsal(
            "rehearsal 5 min",
            "prompt: p\nQ: one\nA: 1\ncurveball 2 min: two\nA: 2\nQ: three\nA: 3",
        );
        assert_eq!(issues, [""; 0]);
        let answers: Vec<_> = read.questions.iter().map(|it| &*it.answer.value).collect();
        assert_eq!((answers, &*read.curveballs[0].answer.value), (vec!["1", "3"], "2"));
    }

    #[test]
    fn flaws_belong_to_a_design() {
        let text = "design: Each server draws a code, asks Redis and\n  writes.\nflaw: two stores\nflaw: codes come again";
        let (block, issues) = parsed("flaws", text);
        let Block::Flaws(flaws) = block else { panic!("{block:?}") };
        assert_eq!(issues, [""; 0]);
        assert_eq!(flaws.design.value, "Each server draws a code, asks Redis and writes.");
        assert_eq!(flaws.flaws.iter().map(|at| at.line).collect::<Vec<_>>(), [103, 104]);
        assert_eq!(
            parsed("flaws", "flaw: two stores").1,
            ["100: flaws without a design; add a line design:"]
        );
    }
}
