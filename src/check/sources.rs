//! Footnotes: each opens with its mark, and claims have one.

use chrono::{Months, NaiveDate};

use super::lesson::Lesson;
use super::report::Said;
use super::text::line_of;
use crate::course::blocks::Block;
use crate::markdown::document::{Kind, Style, Target};

const MARKS: [&str; 5] = ["documented", "measured", "paper", "reasoned", "assumed"];
/// A source that was seen longer ago should be looked at again.
const MONTHS: u32 = 18;

/// Checks the sources of a lesson.
pub fn check(lesson: &Lesson, today: NaiveDate, said: &mut Said) {
    for note in &lesson.doc.notes {
        let Some(block) = note.block.and_then(|at| lesson.doc.blocks.get(at)) else { continue };
        match mark(&block.text) {
            Err(message) => {
                said.wrong(lesson.file(), block.line, format!("[^{}] {message}", note.name))
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
    undefined(lesson, said);
    unsourced(lesson, said);
}

/// A mark without its footnote is plain text to the parser.
fn undefined(lesson: &Lesson, said: &mut Said) {
    for block in &lesson.doc.blocks {
        if !matches!(block.kind, Kind::Paragraph | Kind::Table { .. } | Kind::Heading(_)) {
            continue;
        }
        for (at, _) in block.text.match_indices("[^") {
            let name = block.text[at + 2..].split(']').next().unwrap_or_default();
            let code = block.spans.iter().any(|span| {
                span.style.has(Style::CODE)
                    && (span.range.start as usize..span.range.end as usize).contains(&at)
            });
            if !code && !name.is_empty() && !name.contains(char::is_whitespace) {
                let line = line_of(lesson, block, &format!("[^{name}]"));
                said.wrong(
                    lesson.file(),
                    line,
                    format!("[^{name}] used, not defined; define it at the end"),
                );
            }
        }
    }
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
    let date = inside.split([',', ';', ' ']).filter_map(iso_date).last();
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
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    for (at, word) in words.iter().enumerate() {
        let word = bare(word);
        let next = words.get(at + 1).copied().unwrap_or_default();
        let after = words.get(at + 2).copied().unwrap_or_default();
        let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        let before = at.checked_sub(1).map(|at| bare(words[at])).unwrap_or_default();
        if word == "defaults"
            || word == "default"
                && matches!(&*before, "by" | "its" | "their" | "the")
                && !number(next)
                && before == "by"
        {
            return Some(format!("{before} {word}").trim().to_owned());
        }
        if word == "limit" && matches!(bare(next).as_str(), "of" | "is") && number(after) {
            return Some(format!("{word} {next} {}", after.trim_end_matches(['.', ','])));
        }
        let version = next.trim_end_matches(['.', ',', ';', ':', ')']);
        let is_version = number(version) && version.chars().all(|c| c.is_ascii_digit() || c == '.');
        let system = SYSTEMS
            .iter()
            .find(|system| system.to_lowercase().split(' ').next_back() == Some(&word));
        if let Some(system) = system.filter(|_| is_version) {
            return Some(format!("{system} {version}"));
        }
    }
    None
}
