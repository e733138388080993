//! Front matter: names, needs, labs. That it can be read, and its keys, are the parser's to say.

use std::collections::HashMap;

use super::prose::words;
use super::report::Said;
use crate::course::{Course, Entry, front};
use crate::estimate::nearest;

/// The labs of the program, built or planned; `check` counts the links to those that are not there yet.
pub const LABS: [&str; 30] = [
    "agent",
    "autocomplete",
    "availability",
    "booking",
    "cache",
    "chunks",
    "clocks",
    "crash-points",
    "fan-in",
    "fan-out",
    "frontier",
    "geo",
    "hot-key",
    "ids",
    "isolation",
    "ladder",
    "leaderboard",
    "limiter",
    "little",
    "merge",
    "quorum",
    "raft",
    "ring",
    "rollout",
    "scheduler",
    "sketch",
    "stampede",
    "storm",
    "tail",
    "windows",
];

/// Checks the front matter of all lessons, drafts included.
pub fn check(course: &Course, said: &mut Said) {
    for entry in course.lessons.iter() {
        let text = course.file(&entry.file).unwrap_or_default();
        let front = front::split(&text).map_or("", |split| split.front);
        let line = |key: &str| {
            let is_key = |line: &str| {
                line.strip_prefix(key).is_some_and(|r| r.trim_start().starts_with('='))
            };
            // The first line of the file is the `+++` above.
            front.lines().position(is_key).map_or(1, |at| at + 2)
        };
        let mut wrong = |key: &str, message: String| said.wrong(&entry.file, line(key), message);
        names(course, entry, &mut wrong);
        needs(course, entry, &mut wrong);
        for lab in entry.labs.iter() {
            if !LABS.contains(&&**lab) {
                let near = nearest(lab, LABS.iter().map(|lab| (*lab).to_owned()));
                let mend = near.map_or("take it out".to_owned(), |near| format!("\"{near}\"?"));
                wrong("labs", format!("no lab \"{lab}\"; {mend}"));
            }
        }
        for (old, new) in entry.heading_aliases.iter() {
            let is = |id: &str| entry.headings.iter().any(|heading| heading.id == id);
            if !entry.draft && !is(new) {
                wrong(
                    old,
                    format!("no heading \"{new}\"; name the heading that \"{old}\" has become"),
                );
            } else if is(old) {
                wrong(old, format!("heading \"{old}\" still exists; take the line out"));
            }
        }
    }
    cycles(course, said);
}

fn names(course: &Course, entry: &Entry, wrong: &mut impl FnMut(&str, String)) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if entry.slug.is_empty() || !entry.slug.chars().all(plain) {
        wrong(
            "slug",
            format!("slug \"{}\" has other letters than a-z 0-9 -; rename it", entry.slug),
        );
    }
    let stem = entry.file.strip_suffix(".md").unwrap_or(&entry.file);
    let (number, slug) = stem.split_once('-').unwrap_or((stem, ""));
    if number.parse() != Ok(entry.number) {
        wrong(
            "number",
            format!("number {} in the file {}; give both one", entry.number, entry.file),
        );
    } else if number != format!("{:02}", entry.number) {
        wrong(
            "number",
            format!("the file is called {}; write the number with two digits", entry.file),
        );
    }
    if slug != entry.slug {
        wrong("slug", format!("slug \"{}\" in the file {}; give both one", entry.slug, entry.file));
    }
    if entry.minutes == 0 {
        wrong("minutes", "0 minutes; state the reading time".to_owned());
    }
    match words(&entry.gist) {
        0 => wrong("gist", "the gist is empty; say what the reader gets".to_owned()),
        count if count > 60 => wrong("gist", format!("gist has {count} words; at most 60")),
        _ => {}
    }
    if entry.tags.is_empty() {
        wrong("tags", "no tags; name what a reader would search for".to_owned());
    }
    for tag in entry.tags.iter().filter(|tag| tag.is_empty() || !tag.chars().all(plain)) {
        wrong("tags", format!("tag \"{tag}\" has other letters than a-z 0-9 -; rename it"));
    }
    for alias in entry.aliases.iter() {
        if let Some(other) = course.lessons.iter().find(|other| other.slug == *alias) {
            wrong("aliases", format!("\"{alias}\" is the slug of {}; take it out", other.file));
        }
    }
}

fn needs(course: &Course, entry: &Entry, wrong: &mut impl FnMut(&str, String)) {
    for need in entry.needs.iter() {
        if *need == entry.slug {
            wrong("needs", format!("\"{need}\" needs itself; take it out"));
        } else if !exists(course, need) {
            wrong("needs", no_lesson(course, need));
        }
    }
}

/// Whether there is a lesson of this slug, even one that cannot be read: that is a finding of its own.
pub fn exists(course: &Course, slug: &str) -> bool {
    let unread = format!("-{slug}.md");
    course.lessons.iter().any(|lesson| lesson.slug == slug)
        || course.problems.iter().any(|problem| problem.file.ends_with(&unread))
}

/// `no lesson "isolation-level"; "isolation-levels"?`
pub fn no_lesson(course: &Course, slug: &str) -> String {
    if let Some(renamed) = course.by_slug(slug) {
        return format!("\"{slug}\" is now \"{}\"; write that", renamed.slug);
    }
    let near = nearest(slug, course.lessons.iter().map(|other| other.slug.to_string()));
    let mend = near.map_or("mend the slug".to_owned(), |near| format!("\"{near}\"?"));
    format!("no lesson \"{slug}\"; {mend}")
}

/// Says each cycle of `needs` once, at its lesson with the smallest number.
fn cycles(course: &Course, said: &mut Said) {
    let index: HashMap<&str, usize> =
        course.lessons.iter().enumerate().map(|(at, entry)| (&*entry.slug, at)).collect();
    let needs = |at: usize| {
        let slugs = course.lessons[at].needs.iter();
        slugs.filter_map(|slug| index.get(&**slug).copied()).filter(move |need| *need != at)
    };
    // 0: not seen, 1: on the path, 2: done. The path is a stack of its own, so that no chain is too long.
    let mut state = vec![0; course.lessons.len()];
    for start in 0..course.lessons.len() {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut next = (state[start] == 0).then_some(start);
        loop {
            if let Some(at) = next.take() {
                state[at] = 1;
                path.push((at, needs(at).collect()));
            }
            let Some((at, left)) = path.last_mut() else { break };
            match left.pop() {
                None => {
                    state[*at] = 2;
                    path.pop();
                }
                Some(need) if state[need] == 0 => next = Some(need),
                Some(need) if state[need] == 1 => {
                    let from = path.iter().position(|(at, _)| *at == need).unwrap_or(0);
                    let mut ring: Vec<usize> = path[from..].iter().map(|(at, _)| *at).collect();
                    let least =
                        ring.iter().enumerate().min_by_key(|(_, at)| **at).map_or(0, |it| it.0);
                    ring.rotate_left(least);
                    let names = ring.iter().chain(ring.first());
                    let names: Vec<&str> = names.map(|at| &*course.lessons[*at].slug).collect();
                    let file = &course.lessons[ring[0]].file;
                    let ring = names.join(" needs ");
                    said.wrong(file, 1, format!("{ring}; take one need out"));
                }
                Some(_) => {}
            }
        }
    }
}
