//! Tracks: closed under `needs`, and dependency first.

use super::front::{exists, no_lesson};
use super::report::Said;
use crate::course::{Course, Track};

/// Checks `course.toml`.
pub fn check(course: &Course, said: &mut Said) {
    let text = course.file("course.toml").unwrap_or_default();
    if let Err(problem) = course.info() {
        return said.wrong(&problem.file, problem.line, problem.message);
    }
    for (nth, track) in course.tracks.iter().enumerate() {
        let line = line_of(&text, &track.id);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if track.id.is_empty() || !track.id.chars().all(plain) {
            let message =
                format!("track \"{}\" has other letters than a-z 0-9 -; rename it", track.id);
            said.wrong("course.toml", line, message);
        }
        if course.tracks[..nth].iter().any(|other| other.id == track.id) {
            said.wrong("course.toml", line, format!("two tracks \"{}\"; rename one", track.id));
        }
        order(course, track, line, said);
    }
}

fn order(course: &Course, track: &Track, line: usize, said: &mut Said) {
    let slugs: Vec<&str> =
        track.stages.iter().flat_map(|stage| stage.lessons.iter()).map(|slug| &**slug).collect();
    let mut wrong = |message: String| {
        said.wrong("course.toml", line, format!("track {}: {message}", track.id));
    };
    for (at, slug) in slugs.iter().enumerate() {
        if slugs[..at].contains(slug) {
            wrong(format!("\"{slug}\" stands twice; take one out"));
            continue;
        }
        let Some(entry) = course.lessons.iter().find(|entry| entry.slug == *slug) else {
            if !exists(course, slug) {
                wrong(no_lesson(course, slug));
            }
            continue;
        };
        // What a need names wrongly is said at the lesson.
        let needs = entry.needs.iter().filter(|need| *need != slug && exists(course, need));
        for need in needs.filter(|need| !slugs[..at].contains(&&***need)) {
            if slugs.contains(&&**need) {
                wrong(format!("\"{slug}\" stands before \"{need}\", which it needs; move it down"));
            } else {
                wrong(format!("\"{slug}\" needs \"{need}\", which is not in the track; add it"));
            }
        }
    }
}

/// The line of `id = "sprint"`.
fn line_of(text: &str, id: &str) -> usize {
    let is = |line: &str| {
        let value = line.trim().strip_prefix("id").map(|rest| rest.trim_start_matches([' ', '=']));
        value.is_some_and(|value| value.trim_matches(['"', '\'']) == id)
    };
    // The course has an id too, further up.
    text.lines().enumerate().filter(|(_, line)| is(line)).last().map_or(1, |(at, _)| at + 1)
}
