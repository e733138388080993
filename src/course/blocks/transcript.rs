//! `transcript`: a session with a real system, step by step.
//!
//! A session keeps its column; time runs downwards. `T1> BEGIN;` runs a statement up to its `;`, indented lines
//! below are its reply, `(waits for T1)` a wait, `T2: ...` the later reply. `T1> (2 s later)` lets time pass,
//! `T1> (primary killed)` ends the server that has a standby. `$ command` runs a tool once.

use super::sessions::Sessions;
use super::{At, Issue, Step, Transcript, head_line, issue};

/// What may stand in the info string.
const KNOWN: &str = "level, T1.level, with, setup, standby=yes, replay=no, observed";
/// A longer pause would only hold up the replay.
const LONGEST_PAUSE: u64 = 20_000;
/// The four levels of SQL.
const LEVELS: [&str; 4] = ["read uncommitted", "read committed", "repeatable read", "serializable"];

/// Reads a transcript; `info` are the words after `transcript`.
pub fn parse(
    info: &[String],
    lines: &[&str],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> Transcript {
    let mut read = head(info, head_line(first_line), issues);
    read.lines = lines.iter().map(ToString::to_string).collect();
    // Redis has one command a line; the others end a statement by `;`.
    let by_line = read.engine == "redis";
    let mut sessions = Sessions::default();
    let mut open: Option<Open> = None;
    for (line, text) in (first_line..).zip(lines) {
        let text = strip_note(text).trim_end();
        let column = text.chars().take_while(|c| *c == ' ').count();
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let Some(step) = begin(text, column, &sessions, open.as_ref()) else {
            match &mut open {
                Some(step) if step.is_shell() || column > step.column => {
                    step.go_on(text, line, issues);
                }
                _ => {
                    let what =
                        format!("\"{text}\" belongs to no step; indent it below its session");
                    issue(issues, line, what);
                }
            }
            continue;
        };
        close(open.take(), &mut read, &mut sessions, issues);
        let ended = match &step {
            Step::Run { session, statement, .. } => {
                sessions.speaks(session, column, line, issues);
                by_line || is_whole(statement)
            }
            Step::Later { session, .. } => {
                sessions.answered(session, column, line, issues);
                true
            }
            Step::Shell { command, .. } => !is_cut(command),
            Step::Pause { .. } | Step::PrimaryKilled => {
                sessions.keeps_column(speaker(text), column, line, issues);
                true
            }
        };
        open = Some(Open { line, column, step, ended });
    }
    close(open, &mut read, &mut sessions, issues);
    sessions.end(issues);
    issues.sort_by_key(|at| at.line);
    read
}

fn head(info: &[String], line: usize, issues: &mut Vec<Issue>) -> Transcript {
    let named = info.first().map_or("", String::as_str);
    let version = |at: &usize| named[at + 1..].starts_with(|c: char| c.is_ascii_digit());
    let split = named.match_indices('-').map(|(at, _)| at).find(version);
    let (engine, version) = split.map_or((named, ""), |at| (&named[..at], &named[at + 1..]));
    if engine.is_empty() || version.is_empty() {
        let what = "a transcript has no engine and version; write ```transcript postgresql-15.18";
        issue(issues, line, what);
    }
    let mut read = Transcript {
        engine: engine.into(),
        version: version.into(),
        level: None,
        session_levels: vec![],
        with: None,
        setup: None,
        standby: false,
        replay: true,
        observed: None,
        steps: vec![],
        lines: vec![],
    };
    for word in info.iter().skip(1) {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let session = key.strip_suffix(".level").filter(|name| is_session(name));
        if value.is_empty() {
            issue(issues, line, format!("\"{word}\" has no value; there are {KNOWN}"));
            continue;
        }
        if (key == "level" || session.is_some()) && !LEVELS.contains(&value) {
            let levels = LEVELS.join(", ");
            issue(issues, line, format!("level \"{value}\" is not known; there are {levels}"));
        }
        match (key, session) {
            (_, Some(session)) => read.session_levels.push((session.into(), value.into())),
            ("level", _) => read.level = Some(value.into()),
            ("with", _) => read.with = Some(value.into()),
            ("setup", _) => read.setup = Some(value.into()),
            ("standby", _) if value == "yes" => read.standby = true,
            ("observed", _) if is_date(value) => read.observed = Some(value.into()),
            ("observed", _) => {
                issue(issues, line, format!("\"{value}\" is no date; write observed=2026-11-24"));
            }
            ("replay", _) if value == "no" => read.replay = false,
            _ => issue(issues, line, format!("\"{word}\" is not known; there are {KNOWN}")),
        }
    }
    if !read.replay && !info.iter().any(|word| word.starts_with("observed=")) {
        issue(issues, line, "replay=no without a date; add observed=2026-11-24");
    }
    read
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, len: usize, to: u16| {
        let digits = part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        digits && part.parse().is_ok_and(|value: u16| (1..=to).contains(&value))
    };
    matches!(parts[..], [y, m, d] if number(y, 4, 9999) && number(m, 2, 12) && number(d, 2, 31))
}

/// `  -- note` after two blanks points at the line that decides; it is no part of the statement.
pub fn strip_note(text: &str) -> &str {
    text.find("  -- ").map_or(text, |at| &text[..at])
}

/// The step that a line begins, if it begins one.
fn begin(text: &str, column: usize, sessions: &Sessions, open: Option<&Open>) -> Option<Step> {
    if let Some(command) = text.strip_prefix("$ ") {
        return Some(Step::Shell { command: command.trim().into(), output: vec![] });
    }
    let (name, rest) = text.split_at(text.find(['>', ':'])?);
    if !is_session(name) {
        return None;
    }
    let session = name.to_string();
    if let Some(statement) = rest.strip_prefix('>') {
        let (statement, reply) = (statement.trim().to_string(), vec![]);
        if let Some(happened) = event(&statement) {
            return Some(happened);
        }
        return Some(Step::Run { session, column, statement, reply, waits_for: None });
    }
    // A tool may print such a line itself.
    let printed = open.is_some_and(Open::is_shell) && !sessions.knows(name);
    let reply = vec![rest.trim_start_matches(':').trim().to_string()];
    (!printed).then_some(Step::Later { session, column, reply })
}

/// The session before `>`.
fn speaker(text: &str) -> &str {
    text.split('>').next().unwrap_or_default()
}

/// What happens without a statement: `(2 s later)`, `(300 ms later)`, `(primary killed)`.
fn event(statement: &str) -> Option<Step> {
    let what = statement.strip_prefix('(')?.strip_suffix(')')?;
    if what == "primary killed" {
        return Some(Step::PrimaryKilled);
    }
    let (number, unit) = what.strip_suffix(" later")?.split_once(' ')?;
    let factor = match unit {
        "s" => 1000,
        "ms" => 1,
        _ => return None,
    };
    let milliseconds = number.parse::<u64>().ok()?.checked_mul(factor)?;
    (1..=LONGEST_PAUSE).contains(&milliseconds).then_some(Step::Pause { milliseconds })
}

/// `T1`, `T2`, ...; `S1`, `S2`, ... on a standby.
fn is_session(name: &str) -> bool {
    let digits = name.strip_prefix(['T', 'S']).unwrap_or_default();
    !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A client's own command (`\d stock`) has no `;`.
fn is_whole(statement: &str) -> bool {
    statement.ends_with(';') || statement.starts_with('\\')
}

/// A command that goes on in the next line: a quote is open, or a backslash says so.
fn is_cut(command: &str) -> bool {
    let mut open = None;
    let mut chars = command.chars();
    while let Some(char) = chars.next() {
        match (char, open) {
            ('\\', None | Some('"')) if chars.next().is_none() => return true,
            ('"' | '\'', None) => open = Some(char),
            (_, Some(quote)) if char == quote => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// A step whose lines are still coming.
struct Open {
    line: usize,
    column: usize,
    step: Step,
    /// The statement is complete: what follows is its reply.
    ended: bool,
}

impl Open {
    fn is_shell(&self) -> bool {
        matches!(self.step, Step::Shell { .. })
    }

    fn go_on(&mut self, text: &str, line: usize, issues: &mut Vec<Issue>) {
        match &mut self.step {
            Step::Run { statement, .. } if !self.ended => {
                statement.push_str(if statement.is_empty() { "" } else { " " });
                statement.push_str(text);
                self.ended = is_whole(statement);
            }
            Step::Shell { command, .. } if !self.ended => {
                let before = command.trim_end_matches('\\').trim_end().len();
                command.truncate(before);
                command.push(' ');
                command.push_str(text);
                self.ended = !is_cut(command);
            }
            Step::Run { session, waits_for: Some(_), .. } => {
                let what = format!("{session} waits; give its reply later (\"{session}: ...\")");
                issue(issues, line, what);
            }
            Step::Run { reply, waits_for, .. } if text.starts_with("(waits") => {
                let other = text.strip_prefix("(waits for ").and_then(|it| it.strip_suffix(')'));
                if other.is_none() || !reply.is_empty() {
                    let what = format!("\"{text}\" is no wait; write (waits for T1) as the reply");
                    issue(issues, line, what);
                }
                *waits_for = other.map(Into::into);
            }
            Step::Run { reply, .. }
            | Step::Later { reply, .. }
            | Step::Shell { output: reply, .. } => reply.push(text.into()),
            Step::Pause { .. } | Step::PrimaryKilled => {
                issue(issues, line, format!("\"{text}\": nobody answers here; take it out"));
            }
        }
    }
}

fn close(
    open: Option<Open>,
    read: &mut Transcript,
    sessions: &mut Sessions,
    issues: &mut Vec<Issue>,
) {
    let Some(open) = open else { return };
    match &open.step {
        Step::Run { session, statement, .. } if statement.is_empty() => {
            let what = format!("{session}> runs nothing; write its statement or take the line out");
            issue(issues, open.line, what);
        }
        Step::Run { statement, .. } if statement.starts_with('(') && statement.ends_with(')') => {
            let known = "there are (2 s later), (300 ms later) up to 20 s, and (primary killed)";
            issue(issues, open.line, format!("\"{statement}\" is no event; {known}"));
        }
        Step::Run { statement, .. } if !open.ended => {
            let what = format!("\"{statement}\" has no end; close the statement with ;");
            issue(issues, open.line, what);
        }
        Step::Shell { command, .. } if !open.ended => {
            let what = format!("\"{command}\" has no end; close the quote");
            issue(issues, open.line, what);
        }
        Step::Run { session, waits_for: Some(_), .. } => sessions.waits(session, open.line),
        _ => {}
    }
    read.steps.push(At { line: open.line, value: open.step });
}

#[cfg(test)]
mod tests {
    use super::super::tests::parsed;
    use super::super::{At, Block, Step, Transcript};

    const HEAD: &str = "transcript postgresql-15.18 level=\"repeatable read\" setup=stock";
    const RACE: &str = "T1> BEGIN;
T1> UPDATE stock SET qty = 9
      WHERE id = 1;
    UPDATE 1
                T2> BEGIN;
                T2> UPDATE stock SET qty = 8 WHERE id = 1;
                    (waits for T1)
T1> COMMIT;
                T2: ERROR 40001: could not serialize access due to
                    concurrent update  -- the loser learns of it here
                T2> COMMIT;
                    ROLLBACK";

    fn transcript(info: &str, text: &str) -> (Transcript, Vec<String>) {
        let (block, issues) = parsed(info, text);
        let Block::Transcript(transcript) = block else { panic!("{block:?}") };
        (transcript, issues)
    }

    fn run(session: &str, column: usize, statement: &str, reply: &[&str]) -> Step {
        Step::Run {
            session: session.into(),
            column,
            statement: statement.into(),
            reply: reply.iter().map(ToString::to_string).collect(),
            waits_for: None,
        }
    }

    #[test]
    fn the_transcript_of_the_format_is_read_step_by_step() {
        let (read, issues) = transcript(HEAD, RACE);
        assert_eq!(issues, [""; 0]);
        assert_eq!((&*read.engine, &*read.version), ("postgresql", "15.18"));
        assert_eq!(read.level.as_deref(), Some("repeatable read"));
        assert_eq!(read.setup.as_deref(), Some("stock"));
        let waiting = Step::Run {
            session: "T2".into(),
            column: 16,
            statement: "UPDATE stock SET qty = 8 WHERE id = 1;".into(),
            reply: vec![],
            waits_for: Some("T1".into()),
        };
        let late = ["ERROR 40001: could not serialize access due to", "concurrent update"];
        let late = Step::Later {
            session: "T2".into(),
            column: 16,
            reply: late.map(String::from).to_vec(),
        };
        let steps = [
            (101, run("T1", 0, "BEGIN;", &[])),
            (102, run("T1", 0, "UPDATE stock SET qty = 9 WHERE id = 1;", &["UPDATE 1"])),
            (105, run("T2", 16, "BEGIN;", &[])),
            (106, waiting),
            (108, run("T1", 0, "COMMIT;", &[])),
            (109, late),
            (111, run("T2", 16, "COMMIT;", &["ROLLBACK"])),
        ];
        assert_eq!(read.steps, steps.map(|(line, value)| At { line, value }));
        assert_eq!(read.lines.len(), 12, "as written, for display");
    }

    #[test]
    fn columns_and_waits_are_held_to_the_rules() {
        for (from, to, found) in [
            (
                "\nT1> UPDATE",
                "\n  T1> UPDATE",
                "102: T1 began at column 1, here 3; a session keeps its column",
            ),
            (
                "T1> COMMIT;",
                "T1> COMMIT;\n                T2> COMMIT;",
                "109: T2 still waits; give its reply (\"T2: ...\") first",
            ),
            (
                "(waits for T1)",
                "UPDATE 1",
                "109: T2 answers, but waits for nothing; show the wait first",
            ),
            (
                "(waits for T1)",
                "(waits for T1)\n                    UPDATE 1",
                "108: T2 waits; give its reply later (\"T2: ...\")",
            ),
            (
                "(waits for T1)",
                "(waits)",
                "107: \"(waits)\" is no wait; write (waits for T1) as the reply",
            ),
            (
                "id = 1;\n                    (w",
                "id = 1\n                    (w",
                "106: \"UPDATE stock SET qty = 8 WHERE id = 1 (waits for T1)\" has no end; close the statement with ;",
            ),
            (
                "    UPDATE 1",
                "UPDATE 1",
                "104: \"UPDATE 1\" belongs to no step; indent it below its session",
            ),
            (
                "T1> BEGIN;",
                "T1>",
                "101: T1> runs nothing; write its statement or take the line out",
            ),
        ] {
            let (_, issues) = transcript(HEAD, &RACE.replacen(from, to, 1));
            assert_eq!(issues.first().map(String::as_str), Some(found), "{issues:?}");
        }
        let end = RACE.find("                T2: ERROR").unwrap_or(0);
        assert_eq!(
            transcript(HEAD, &RACE[..end]).1,
            ["106: T2 waits and is never answered; give its reply (\"T2: ...\")"]
        );
    }

    #[test]
    fn issues_come_in_the_order_of_their_lines() {
        let text = "T1> X;\n    (waits for T2)\n T2> X;\n  T2> X;";
        let (_, issues) = transcript("transcript x-1", text);
        let lines: Vec<&str> = issues.iter().map(|issue| &issue[..3]).collect();
        assert_eq!(lines, ["101", "104"], "the wait that nothing answers is known last");
    }

    #[test]
    fn a_tool_may_run_while_a_session_waits() {
        let text =
            "T1> X;\nT2> X;\n    (waits for T1)\n$ show locks\nT1> Y;\n$ show locks\nT2: done";
        let (read, issues) = transcript("transcript x-1", text);
        assert_eq!(issues, [""; 0]);
        assert!(matches!(read.steps[5].value, Step::Later { .. }), "{:?}", read.steps[5]);
    }

    #[test]
    fn the_info_string_names_engine_levels_and_settings() {
        let (read, issues) = transcript(
            "transcript mariadb-10.11.19 T1.level=\"read committed\" with=\"innodb_snapshot_isolation=ON\" replay=no observed=2026-11-24",
            "",
        );
        assert_eq!(issues, [""; 0]);
        assert_eq!(read.session_levels, [("T1".to_string(), "read committed".to_string())]);
        assert_eq!(read.with.as_deref(), Some("innodb_snapshot_isolation=ON"));
        assert_eq!((read.replay, read.observed.as_deref()), (false, Some("2026-11-24")));
        let (tool, _) = transcript("transcript redis-cli-7.0.15", "");
        assert_eq!((&*tool.engine, &*tool.version), ("redis-cli", "7.0.15"));
        let known = "there are level, T1.level, with, setup, standby=yes, replay=no, observed";
        for (info, found) in [
            ("", "a transcript has no engine and version; write ```transcript postgresql-15.18"),
            (
                "mariadb",
                "a transcript has no engine and version; write ```transcript postgresql-15.18",
            ),
            (
                "mariadb-10.11 level=serialisable",
                "level \"serialisable\" is not known; there are read uncommitted, read committed, repeatable read, serializable",
            ),
            ("x-1 replay=yes", &format!("\"replay=yes\" is not known; {known}")),
            ("x-1 setup", &format!("\"setup\" has no value; {known}")),
            ("x-1 replay=no", "replay=no without a date; add observed=2026-11-24"),
            ("x-1 observed=24.11.2026", "\"24.11.2026\" is no date; write observed=2026-11-24"),
        ] {
            assert_eq!(
                transcript(&format!("transcript {info}"), "T1> X;").1,
                [format!("100: {found}")]
            );
        }
    }

    #[test]
    fn redis_has_one_command_a_line() {
        let (read, issues) =
            transcript("transcript redis-7.0", "T1> SET a 1\n    OK\nT1> GET a\n    \"1\"");
        assert_eq!(issues, [""; 0]);
        assert_eq!(read.steps[1].value, run("T1", 0, "GET a", &["\"1\""]));
    }

    #[test]
    fn time_passes_and_the_primary_dies_without_a_statement() {
        let (read, issues) = transcript(
            "transcript postgresql-15.20 standby=yes",
            "T1> (2 s later)\n  S1> (300 ms later)\nT1> (primary killed)\n  S1> SELECT 1;\n      1",
        );
        assert_eq!(issues, [""; 0]);
        assert!(read.standby);
        let steps = [
            Step::Pause { milliseconds: 2000 },
            Step::Pause { milliseconds: 300 },
            Step::PrimaryKilled,
            run("S1", 2, "SELECT 1;", &["1"]),
        ];
        let read: Vec<Step> = read.steps.into_iter().map(|at| at.value).collect();
        assert_eq!(read, steps);
        let known = "there are (2 s later), (300 ms later) up to 20 s, and (primary killed)";
        for (text, found) in [
            ("T1> (21 s later)", format!("101: \"(21 s later)\" is no event; {known}")),
            ("T1> (2s later)", format!("101: \"(2s later)\" is no event; {known}")),
            (
                "T1> (18446744073709551615 s later)",
                format!("101: \"(18446744073709551615 s later)\" is no event; {known}"),
            ),
            (
                "T1> (2 s later)\n    OK",
                "102: \"OK\": nobody answers here; take it out".to_string(),
            ),
            (
                "T1> X\n  T1> (2 s later)",
                "102: T1 began at column 1, here 3; a session keeps its column".to_string(),
            ),
        ] {
            assert_eq!(transcript("transcript redis-7.0", text).1, [found]);
        }
    }

    #[test]
    fn a_command_goes_on_while_a_quote_is_open() {
        for (text, whole) in [
            ("$ echo '\"'\nx", "echo '\"'"),
            ("$ echo it\\'s \"it's\"\nx", "echo it\\'s \"it's\""),
            ("$ python3 -c 'a\nx'", "python3 -c 'a x'"),
            ("$ curl \\\n  x", "curl x"),
        ] {
            let (read, issues) = transcript("transcript curl-7.88", text);
            assert_eq!(issues, [""; 0]);
            let Step::Shell { command, .. } = &read.steps[0].value else { panic!("{read:?}") };
            assert_eq!(command, whole);
        }
    }

    #[test]
    fn a_tool_runs_once_and_what_it_prints_is_its_output() {
        let (read, issues) = transcript(
            "transcript curl-8.5",
            "$ psql -c \"SELECT 1\n  FROM t\"\nT3: no session\nrow   -- two blanks, a note\n$ true",
        );
        assert_eq!(issues, [""; 0]);
        let shell = |command: &str, output: &[&str]| Step::Shell {
            command: command.into(),
            output: output.iter().map(ToString::to_string).collect(),
        };
        let first = shell("psql -c \"SELECT 1 FROM t\"", &["T3: no session", "row"]);
        assert_eq!(read.steps[0].value, first);
        assert_eq!(read.steps[1], At { line: 105, value: shell("true", &[]) });
    }
}
