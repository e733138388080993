//! Transcripts: what the parser, which sees one fence at a time, cannot know.

use super::lesson::Lesson;
use super::report::Said;
use crate::course::blocks::{Block, Code, Step, Transcript};

/// A longer script of a setup is not read.
const LONGEST_SCRIPT: usize = 20;

/// Checks all transcripts of a lesson.
pub fn check(lesson: &Lesson, said: &mut Said) {
    let mut setups: Vec<&Code> = Vec::new();
    for fence in &lesson.doc.fences {
        match &fence.block {
            Block::Code(code) if code.setup.is_some() => {
                let lines = code.text.lines().count();
                if code.lang == "sh" && lines > LONGEST_SCRIPT {
                    let mend = format!("at most {LONGEST_SCRIPT}, cut what is not needed");
                    said.wrong(lesson.file(), fence.line, format!("{lines} lines of sh; {mend}"));
                }
                setups.push(code);
            }
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

fn one(transcript: &Transcript, setups: &[&Code]) -> Vec<String> {
    let mut wrong = Vec::new();
    let engine = transcript.engine.as_str();
    // What a setup is written in, beside `sh`, which any may have.
    let own = match engine {
        "postgresql" | "mariadb" | "psql" => Some("sql"),
        "redis" | "redis-cli" => Some("redis"),
        _ => None,
    };
    if let Some(name) = &transcript.setup {
        let write = format!("write ```{} setup={name}", own.unwrap_or("sh"));
        match setups.iter().rev().find(|code| code.setup.as_ref() == Some(name)) {
            None => wrong.push(format!("no setup \"{name}\" above; {write}")),
            Some(code) if code.lang != "sh" && own != Some(&code.lang) => {
                wrong.push(format!("setup \"{name}\" is {}, not for {engine}; {write}", code.lang));
            }
            Some(_) => {}
        }
    }
    if transcript.standby && engine != "postgresql" {
        wrong.push(format!("standby=yes, but {engine} is run without one; take it out"));
    }
    let sessions = || {
        transcript.steps.iter().filter_map(|at| match &at.value {
            Step::Run { session, .. } => Some(session),
            _ => None,
        })
    };
    let on_standby = sessions().find(|session| session.starts_with('S'));
    if let Some(session) = on_standby.filter(|_| !transcript.standby) {
        wrong.push(format!("{session} speaks to a standby; add standby=yes"));
    }
    let killed = transcript.steps.iter().any(|at| at.value == Step::PrimaryKilled);
    if killed && !transcript.standby {
        wrong.push("(primary killed), but there is no standby; add standby=yes".to_owned());
    }
    let has_sessions = ["postgresql", "mariadb", "redis"].contains(&engine);
    if !has_sessions && transcript.replay && sessions().next().is_some() {
        let mend = "write \"$ command\", or replay=no observed=2026-11-24";
        wrong.push(format!("sessions of {engine} cannot be replayed; {mend}"));
    }
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
            (
                "sql setup=stock",
                "redis setup=stock",
                "15: setup \"stock\" is redis, not for postgresql; write ```sql setup=stock",
            ),
            (
                "postgresql-15.18",
                "redis-7.0",
                "15: setup \"stock\" is sql, not for redis; write ```redis setup=stock",
            ),
            (
                "postgresql-15.18",
                "etcd-3.4",
                "15: setup \"stock\" is sql, not for etcd; write ```sh setup=stock",
            ),
            (
                "postgresql-15.18",
                "etcd-3.4",
                "15: sessions of etcd cannot be replayed; write \"$ command\", or replay=no observed=2026-11-24",
            ),
            (
                "postgresql-15.18",
                "mariadb-10.11 standby=yes",
                "15: standby=yes, but mariadb is run without one; take it out",
            ),
            ("T1> BEGIN", "S1> BEGIN", "15: S1 speaks to a standby; add standby=yes"),
            (
                "T1> BEGIN",
                "T1> (primary killed)\nT1> BEGIN",
                "15: (primary killed), but there is no standby; add standby=yes",
            ),
            ("15.18", "15.18 replay=no", "15: replay=no without a date; add observed=2026-11-24"),
        ] {
            let said = race(from, to);
            assert!(said.iter().any(|line| line == found), "{found}: {said:?}");
        }
        let script = |lines: usize| {
            let script = "sleep 0\n".repeat(lines);
            format!(
                "```sh setup=edge\n{script}```\n```transcript curl-7.88 setup=edge\n$ curl x\n```"
            )
        };
        assert_eq!(said(&script(20), all), [""; 0]);
        assert_eq!(
            said(&script(21), all),
            ["12: 21 lines of sh; at most 20, cut what is not needed"]
        );
        let unanswered = &RACE[..RACE.find("                T2: ERROR").unwrap_or(0)];
        assert_eq!(
            said(&format!("{unanswered}```"), all),
            ["20: T2 waits and is never answered; give its reply (\"T2: ...\")"]
        );
    }
}
