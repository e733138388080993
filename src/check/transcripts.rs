//! Transcripts: what the parser, which sees one fence at a time, cannot know.

use super::lesson::Lesson;
use super::report::Said;
use crate::course::blocks::{Block, Step, Transcript};

/// Checks all transcripts of a lesson.
pub fn check(lesson: &Lesson, said: &mut Said) {
    let mut setups: Vec<&str> = Vec::new();
    for fence in &lesson.doc.fences {
        match &fence.block {
            Block::Code(code) => setups.extend(code.setup.as_deref()),
            Block::Transcript(transcript) => {
                said.counts.transcripts += 1;
                for message in one(transcript, &setups) {
                    said.wrong(lesson.file(), fence.line, message);
                }
            }
            _ => {}
        }
    }
}

fn one(transcript: &Transcript, setups: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some(setup) = transcript.setup.as_deref().filter(|setup| !setups.contains(setup)) {
        wrong.push(format!("no setup \"{setup}\" above; write ```sql setup={setup}"));
    }
    let sessions = || {
        transcript.steps.iter().filter_map(|at| match &at.value {
            Step::Run { session, .. } => Some(session),
            _ => None,
        })
    };
    for (session, _) in &transcript.session_levels {
        if !sessions().any(|other| other == session) {
            wrong.push(format!("{session}.level, but no step of {session}; take it out"));
        }
    }
    for at in &transcript.steps {
        let Step::Run { session, waits_for: Some(other), .. } = &at.value else { continue };
        if other == session || !sessions().any(|known| known == other) {
            let message = format!("{session} waits for {other}, which does nothing here");
            wrong.push(format!("{message}; name who holds the lock"));
        }
    }
    if transcript.steps.is_empty() {
        wrong.push("nothing is run; write \"T1> statement;\" or \"$ command\"".to_owned());
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::super::lesson::{Lesson, said};
    use super::super::report::Said;

    /// The parser's findings and ours.
    fn all(lesson: &Lesson, said: &mut Said) {
        for issue in &lesson.doc.issues {
            said.wrong(lesson.file(), issue.line, issue.value.clone());
        }
        super::check(lesson, said);
    }

    const RACE: &str = "```sql setup=stock
CREATE TABLE stock (id int PRIMARY KEY, qty int);
```
```transcript postgresql-15.18 level=\"repeatable read\" setup=stock
T1> BEGIN;
T1> UPDATE stock SET qty = 9 WHERE id = 1;
    UPDATE 1
                T2> BEGIN;
                T2> UPDATE stock SET qty = 8 WHERE id = 1;
                    (waits for T1)
T1> COMMIT;
                T2: ERROR 40001: could not serialize access due to
                    concurrent update  -- the loser learns of it here
                T2> COMMIT;
                    ROLLBACK
```";

    fn race(from: &str, to: &str) -> Vec<String> {
        said(&RACE.replacen(from, to, 1), all)
    }

    #[test]
    fn the_example_of_the_format_passes() {
        assert_eq!(race("", ""), [""; 0]);
    }

    #[test]
    fn each_rule_has_its_finding() {
        for (from, to, found) in [
            ("sql setup=stock", "sql", "15: no setup \"stock\" above; write ```sql setup=stock"),
            (
                "                T2> COMMIT",
                "              T2> COMMIT",
                "25: T2 began at column 17, here 15; a session keeps its column",
            ),
            (
                "T1> COMMIT;\n",
                "                T2> COMMIT;\nT1> COMMIT;\n",
                "22: T2 still waits; give its reply (\"T2: ...\") first",
            ),
            (
                "(waits for T1)",
                "(waits for T3)",
                "15: T2 waits for T3, which does nothing here; name who holds the lock",
            ),
            (
                "level=\"repeatable read\"",
                "T3.level=serializable",
                "15: T3.level, but no step of T3; take it out",
            ),
            ("15.18", "15.18 replay=no", "15: replay=no without a date; add observed=2026-11-24"),
        ] {
            let said = race(from, to);
            assert!(said.iter().any(|line| line == found), "{found}: {said:?}");
        }
        let unanswered = &RACE[..RACE.find("                T2: ERROR").unwrap_or(0)];
        assert_eq!(
            said(&format!("{unanswered}```"), all),
            ["20: T2 waits and is never answered; give its reply (\"T2: ...\")"]
        );
    }
}
