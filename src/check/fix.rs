//! `--fix`: results are computed anew and written into the lessons; prose is never touched.

use std::io;
use std::path::Path;

use super::lesson::Lesson;
use crate::catalog;
use crate::estimate::constants_of;

/// Rewrites the results that do not hold in the course of a folder, and gives their number.
///
/// # Errors
/// The course cannot be read, or a lesson cannot be written.
pub fn fix(folder: &Path) -> io::Result<usize> {
    let course = catalog::open(folder).map_err(|problem| io::Error::other(problem.to_string()))?;
    let constants = constants_of(&course);
    let mut count = 0;
    for entry in course.lessons.iter() {
        let text = course.file(&entry.file)?;
        let lesson = Lesson::new(entry, &text, &constants);
        let changes = changes(&lesson);
        if !changes.is_empty() {
            count += changes.len();
            fs_err::write(folder.join(&*entry.file), rewritten(&text, &changes))?;
        }
    }
    Ok(count)
}

/// Line, what it states, and what it should state.
fn changes<'a>(lesson: &'a Lesson) -> Vec<(usize, &'a str, &'a str)> {
    let results = lesson.estimates.iter().flat_map(|estimate| &estimate.results);
    let wrong = results.filter(|result| !result.holds && result.text != "?");
    wrong.map(|result| (result.line, &*result.stated, &*result.text)).collect()
}

fn rewritten(text: &str, changes: &[(usize, &str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let change = changes.iter().find(|(number, ..)| *number == at + 1);
        let parts = change.and_then(|(_, stated, right)| {
            let (formula, rest) = line.rsplit_once("=>")?;
            let (blank, after) = rest.split_once(stated)?;
            blank
                .trim()
                .is_empty()
                .then(|| format!("{formula}=>{blank}{right}{}", shifted(after, stated, right)))
        });
        match parts {
            Some(line) => out.push_str(&line),
            None => out.push_str(line),
        }
    }
    out
}

/// What follows a result, moved so that a comment stays in its column where there is room.
fn shifted(after: &str, stated: &str, right: &str) -> String {
    let (old, new) = (stated.chars().count(), right.chars().count());
    let blanks = after.len() - after.trim_start_matches(' ').len();
    if !after.trim_start_matches(' ').starts_with('#') {
        return after.to_owned();
    }
    let wanted = (blanks + old).saturating_sub(new).max(1);
    format!("{}{}", " ".repeat(wanted), after.trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::rewritten;

    #[test]
    fn a_result_changes_and_its_comment_keeps_its_column() {
        for (line, stated, right, wanted) in [
            ("a = b => 365 TB", "365 TB", "36.5 TB", "a = b => 36.5 TB"),
            ("a = b => 3 TB    # goal\r\n", "3 TB", "36.5 TB", "a = b => 36.5 TB # goal\r\n"),
            ("a = b => ? TB # goal", "? TB", "36.5 TB", "a = b => 36.5 TB # goal"),
            ("a = b => 36.5 TB # goal", "36.5 TB", "4 TB", "a = b => 4 TB    # goal"),
        ] {
            assert_eq!(rewritten(line, &[(1, stated, right)]), wanted);
            assert_eq!(
                rewritten(&format!("x\n{line}"), &[(1, stated, right)]),
                format!("x\n{line}")
            );
        }
    }
}
