//! The rules of a course, one file a family.
//!
//! A family reads a [`Lesson`] (or the whole [`Course`]) and says what is wrong into [`Said`]. Findings make
//! `check` fail, warnings never do. No network, no clock: the day comes from the caller.

mod asks;
mod cards;
mod diagrams;
mod estimates;
mod facts;
mod fix;
mod front;
mod lesson;
mod links;
mod minutes;
mod prose;
mod rehearsals;
mod report;
mod sources;
mod text;
mod tracks;
mod transcripts;

use chrono::NaiveDate;

use crate::course::{Course, Entry};
use lesson::Lesson;
use report::Said;

pub use fix::fix;
pub use report::{Finding, Report};

/// Holds a course against all rules. `today`: how old a source is depends on it. `older`: a copy of the course against
/// which its cards are held.
pub fn check(course: &Course, older: Option<&Course>, today: NaiveDate) -> Report {
    let mut said = Said::default();
    if let Some(older) = older {
        cards::against(course, older, &mut said);
    }
    for problem in &course.problems {
        said.wrong(&problem.file, problem.line, problem.message.clone());
    }
    front::check(course, &mut said);
    tracks::check(course, &mut said);
    let facts = facts::check(course, today, &mut said);
    for entry in course.lessons.iter() {
        match course.file(&entry.file) {
            Ok(text) => lesson(course, entry, &text, &facts, today, &mut said),
            Err(cause) => said.wrong(&entry.file, 0, format!("{cause}; mend the file")),
        }
    }
    said.into_report(course)
}

fn lesson(
    course: &Course,
    entry: &Entry,
    text: &str,
    facts: &facts::Facts,
    today: NaiveDate,
    said: &mut Said,
) {
    let lesson = Lesson::new(entry, text, &facts.constants);
    if lesson.is_empty() {
        if !entry.draft {
            said.wrong(&entry.file, 1, "no text; write it, or say draft = true");
        }
        return;
    }
    if entry.draft {
        let line = lesson.front_line("draft");
        said.wrong(&entry.file, line, "a draft with a text; finish it and take the line out");
    }
    for issue in &lesson.doc.issues {
        said.wrong(&entry.file, issue.line, issue.value.clone());
    }
    text::check(&lesson, said);
    minutes::check(&lesson, said);
    links::check(course, &lesson, said);
    asks::check(&lesson, said);
    diagrams::check(&lesson, said);
    transcripts::check(&lesson, said);
    estimates::check(&lesson, facts, said);
    rehearsals::check(&lesson, said);
    sources::check(&lesson, today, said);
}
