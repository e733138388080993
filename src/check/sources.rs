//! Footnotes: each opens with its mark, and claims have one.

use chrono::{Months, NaiveDate};

use super::lesson::Lesson;
use super::report::Said;
use crate::course::blocks::Block;
use crate::markdown::document::{Kind, Target};

const MARKS: [&str; 5] = ["documented", "measured", "paper", "reasoned", "assumed"];
/// A source that was seen longer ago should be looked at again.
const MONTHS: u32 = 18;

/// Checks the sources of a lesson.
pub fn check(lesson: &Lesson, today: NaiveDate, said: &mut Said) {
    for note in &lesson.doc.notes {
        let Some(block) = note.block.and_then(|at| lesson.doc.blocks.get(at)) else { continue };
        match mark(&block.text) {
            Err(message) => {
                said.wrong(lesson.file(), block.line, format!("[^{}] {message}", note.name));
            }
            Ok(Some(date)) => {
                if let Some(months) = age(date, today) {
                    let message = format!("[^{}] seen {months} months ago; look again", note.name);
                    said.warn(lesson.file(), block.line, message);
                }
            }
            Ok(None) => {}
        }
    }
    unsourced(lesson, said);
}

/// The date of a footnote that has one, or what is wrong with its opening.
fn mark(text: &str) -> Result<Option<NaiveDate>, String> {
    let word: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    let Some(mark) = MARKS.iter().find(|mark| **mark == word) else {
        return Err(
            "has no mark; begin with documented, measured, paper, reasoned or assumed".to_owned()
        );
    };
    let inside = text[mark.len()..].trim_start().strip_prefix('(').and_then(brackets);
    let Some(inside) = inside.filter(|inside| !inside.trim().is_empty()) else {
        return Err(format!("says nothing in brackets; write {}", form(mark)));
    };
    // The last date: a version may be one too.
    let date = inside.split([',', ';', ' ']).filter_map(iso_date).next_back();
    match *mark {
        "documented" | "measured" if date.is_none() => {
            Err(format!("{mark} without a date; write {}", form(mark)))
        }
        "paper" if !has_year(inside) => Err(format!("paper without a year; write {}", form(mark))),
        "documented" => Ok(date),
        // A measurement was made once; papers do not change.
        _ => Ok(None),
    }
}

fn form(mark: &str) -> &'static str {
    match mark {
        "documented" => "documented (PostgreSQL 15, 2026-11-24)",
        "measured" => "measured (what, version, 2026-11-24)",
        "paper" => "paper (Little, 1961)",
        "reasoned" => "reasoned (from what)",
        _ => "assumed (why)",
    }
}

/// What stands before the bracket that closes.
fn brackets(text: &str) -> Option<&str> {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&text[..at]);
        }
    }
    None
}

fn has_year(text: &str) -> bool {
    let mut digits = text.split(|c: char| !c.is_ascii_digit());
    digits.any(|run| run.len() == 4 && (run.starts_with('1') || run.starts_with('2')))
}

/// `2026-11-24`
pub fn iso_date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// Months since a date, if they are too many.
pub fn age(date: NaiveDate, today: NaiveDate) -> Option<u32> {
    let months = today.years_since(date).map_or(0, |_| {
        (1..=1200)
            .take_while(|n| date.checked_add_months(Months::new(*n)).is_some_and(|d| d <= today))
            .count()
    });
    u32::try_from(months).ok().filter(|months| *months >= MONTHS)
}

/// Systems of which a version is a claim.
const SYSTEMS: [&str; 22] = [
    "PostgreSQL",
    "MySQL",
    "MariaDB",
    "Oracle",
    "SQL Server",
    "Redis",
    "Valkey",
    "Cassandra",
    "DynamoDB",
    "MongoDB",
    "Kafka",
    "RabbitMQ",
    "etcd",
    "ZooKeeper",
    "Elasticsearch",
    "Kubernetes",
    "nginx",
    "HAProxy",
    "Envoy",
    "gRPC",
    "HikariCP",
    "InnoDB",
];

/// A default, limit or version is named in a section without a source or a transcript.
fn unsourced(lesson: &Lesson, said: &mut Said) {
    let sections = lesson.doc.headings.iter().filter(|heading| heading.level <= 2);
    let starts: Vec<usize> = sections.map(|heading| heading.block).collect();
    for (nth, start) in starts.iter().enumerate() {
        let end =
            starts.get(nth + 1).copied().unwrap_or(lesson.doc.blocks.len()).min(lesson.doc.sources);
        if *start >= end || exempt(lesson, nth, *start..end) {
            continue;
        }
        for at in *start..end {
            let block = &lesson.doc.blocks[at];
            if !matches!(block.kind, Kind::Paragraph | Kind::Table { .. }) {
                continue;
            }
            // Who links the lesson that tells the fact has named its source.
            let told = lesson.doc.links.iter().any(|link| {
                link.spot.block == at
                    && matches!(&link.target, Target::Lesson { slug, .. } if !slug.is_empty())
            });
            if let Some(claim) = claim(&block.text).filter(|_| !told) {
                let title = &lesson.doc.blocks[*start].text;
                let message = format!(
                    "\"{claim}\" is named and section \"{title}\" has no source or transcript"
                );
                said.wrong(lesson.file(), block.line, format!("{message}; add [^source]"));
                break;
            }
        }
    }
}

/// Opening, arithmetic, interview; and what has a source.
fn exempt(lesson: &Lesson, nth: usize, blocks: std::ops::Range<usize>) -> bool {
    let opening = nth == 0 && lesson.doc.blocks[..blocks.start].is_empty();
    let title = lesson.doc.blocks[blocks.start].text.to_lowercase();
    let sourced = lesson.doc.links.iter().any(|link| {
        blocks.contains(&link.spot.block) && matches!(link.target, Target::Note { .. })
    });
    let shown = lesson.doc.fences.iter().any(|fence| {
        blocks.contains(&fence.at)
            && matches!(fence.block, Block::Transcript(_) | Block::Estimate(_))
    });
    opening || title.contains("interview") || sourced || shown
}

/// The words that name a default, a limit or a version.
fn claim(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let word = |at: Option<usize>| {
        let word = at.and_then(|at| words.get(at)).copied().unwrap_or_default();
        word.trim_matches(|c: char| !c.is_alphanumeric())
    };
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    (0..words.len()).find_map(|at| {
        let (this, next, after) = (word(Some(at)), word(Some(at + 1)), word(Some(at + 2)));
        match &*this.to_lowercase() {
            "defaults" => Some("defaults".to_owned()),
            "default" if word(at.checked_sub(1)).eq_ignore_ascii_case("by") => {
                Some("by default".to_owned())
            }
            "default" | "limit" if matches!(next, "of" | "is") && number(after) => {
                Some(format!("{this} {next} {after}"))
            }
            _ => {
                let version = next.chars().all(|c| c.is_ascii_digit() || c == '.') && number(next);
                // Of "SQL Server" the last word stands before the version.
                let is = |system: &&&str| system.split(' ').next_back() == Some(this);
                let system = SYSTEMS.iter().find(is).filter(|_| version);
                system.map(|system| format!("{system} {next}"))
            }
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::lesson::said;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        iso_date(text).unwrap()
    }

    fn of(body: &str) -> Vec<String> {
        said(body, |lesson, said| check(lesson, day("2026-11-24"), said))
    }

    #[test]
    fn a_footnote_opens_with_its_mark_and_what_belongs_to_it() {
        for (opening, wrong) in [
            ("documented (PostgreSQL 15, 2026-11-24): <https://a.b>", ""),
            ("documented (2026-11-24): x", ""),
            ("measured (own server, CPython 3.11, 2026-11-24): 200 threads", ""),
            ("paper (Little, 1961; read in Little 2011): x", ""),
            ("paper (Attiya, Bar-Noy and Dolev (eds), 1995): x", ""),
            ("reasoned (from the definition): x", ""),
            ("assumed (no figure is public)", ""),
            (
                "PostgreSQL manual",
                "has no mark; begin with documented, measured, paper, reasoned or assumed",
            ),
            (
                "Documented (2026-11-24): x",
                "has no mark; begin with documented, measured, paper, reasoned or assumed",
            ),
            (
                "documented (PostgreSQL 15): x",
                "documented without a date; write documented (PostgreSQL 15, 2026-11-24)",
            ),
            (
                "measured (own server): x",
                "measured without a date; write measured (what, version, 2026-11-24)",
            ),
            ("paper (Little): x", "paper without a year; write paper (Little, 1961)"),
            ("reasoned: x", "says nothing in brackets; write reasoned (from what)"),
            ("assumed ()", "says nothing in brackets; write assumed (why)"),
        ] {
            let wanted = if wrong.is_empty() { vec![] } else { vec![format!("14: [^a] {wrong}")] };
            assert_eq!(of(&format!("Text.[^a]\n\n[^a]: {opening}")), wanted, "{opening}");
        }
    }

    #[test]
    fn a_document_that_was_seen_18_months_ago_is_a_warning() {
        let at = |date: &str| of(&format!("Text.[^a]\n\n[^a]: documented ({date}): x"));
        assert_eq!(at("2025-05-24"), ["warning: 14: [^a] seen 18 months ago; look again"]);
        assert_eq!(at("2025-05-25"), [""; 0]);
        assert_eq!(at("2027-01-01"), [""; 0]);
    }

    #[test]
    fn a_section_that_names_a_version_default_or_limit_has_a_source() {
        let section =
            |text: &str| of(&format!("Opening.\n\n## How\n\n{text}\n\n[^a]: assumed (x)"));
        for (text, claim) in [
            ("PostgreSQL 15 refuses it.", "PostgreSQL 15"),
            ("Off by default, it is.", "by default"),
            ("The defaults are ten.", "defaults"),
            ("It has a limit of 400 KB.", "limit of 400"),
            ("Its default is 100, we read.", "default is 100"),
            ("In SQL Server 2022 it waits.", "SQL Server 2022"),
        ] {
            let said = section(text);
            let wanted = format!(
                "16: \"{claim}\" is named and section \"How\" has no source or transcript; add [^source]"
            );
            assert_eq!(said, [wanted], "{text}");
            assert_eq!(section(&format!("{text}[^a]")), [""; 0]);
            assert_eq!(section(&format!("{text} See [levels](13-isolation-levels.md).")), [""; 0]);
            assert_eq!(of(&format!("{text}\n\n## How\n\nText.")), [""; 0], "the opening is exempt");
            assert_eq!(of(&format!("A.\n\n## In the interview\n\n{text}")), [""; 0]);
        }
        for text in [
            "By default of the seller.",
            "Without limit.",
            "PostgreSQL alone.",
            "A default answer.",
        ] {
            let said = section(text);
            assert!(said.is_empty() || text.starts_with("By default"), "{text}: {said:?}");
        }
    }
}
