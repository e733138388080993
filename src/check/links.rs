//! Links lead somewhere: lessons, headings, labs, results.

use super::front::{LABS, exists, no_lesson};
use super::lesson::Lesson;
use super::report::Said;
use crate::course::Course;
use crate::estimate::nearest;
use crate::labs;
use crate::markdown::document::Target;

/// Checks all links of a lesson.
pub fn check(course: &Course, lesson: &Lesson, said: &mut Said) {
    for (at, link) in lesson.doc.links.iter().enumerate() {
        let message = match &link.target {
            Target::Lesson { slug, heading } if slug.is_empty() => {
                let ids = lesson.doc.headings.iter().map(|heading| heading.id.as_str());
                heading.as_deref().and_then(|id| heading_message(ids, id))
            }
            Target::Lesson { slug, heading } => {
                to_lesson(course, lesson, at, (slug, heading.as_deref()), said)
            }
            Target::Lab(name) => to_lab(lesson, name, said),
            Target::Result(name) => {
                let text = lesson.doc.slice(link.spot.block as u32, &link.range);
                to_result(lesson, name, text)
            }
            Target::Url(url) if !url.contains("://") && !url.starts_with("mailto:") => {
                Some(format!(
                    "\"{url}\" leads nowhere; link 12-slug.md, #heading, lab:name or an address"
                ))
            }
            // The parser says it of a footnote.
            Target::Note { .. } | Target::Url(_) => None,
        };
        if let Some(message) = message {
            said.wrong(lesson.file(), lesson.link_line(at), message);
        }
    }
    for lab in lesson.entry.labs.iter() {
        let linked = |target: &Target| matches!(target, Target::Lab(name) if name == lab);
        if !lesson.doc.links.iter().any(|link| linked(&link.target)) {
            let line = lesson.front_line("labs");
            said.warn(
                lesson.file(),
                line,
                format!("lab \"{lab}\" is never linked; link it where its question arises"),
            );
        }
    }
}

fn heading_message<'a>(mut ids: impl Iterator<Item = &'a str> + Clone, id: &str) -> Option<String> {
    if ids.clone().any(|other| other == id) {
        return None;
    }
    let near = nearest(id, ids.clone().map(str::to_owned))
        .or_else(|| ids.find(|other| other.starts_with(id)).map(str::to_owned));
    let mend = near.map_or("mend the id".to_owned(), |near| format!("\"#{near}\"?"));
    Some(format!("no heading \"#{id}\"; {mend}"))
}

fn to_lesson(
    course: &Course,
    lesson: &Lesson,
    at: usize,
    (slug, heading): (&str, Option<&str>),
    said: &mut Said,
) -> Option<String> {
    let Some(other) = course.lessons.iter().find(|other| other.slug == slug) else {
        return (!exists(course, slug)).then(|| no_lesson(course, slug));
    };
    if other.draft {
        said.counts.draft_links += 1;
        return heading.map(|id| format!("link to a draft has no heading; take \"#{id}\" out"));
    }
    // A forge follows the file's name, number and all.
    let named = lesson.link_at(at).map(|dash| {
        let number =
            lesson.body[..dash].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
        &lesson.body[number..]
    });
    if named.is_some_and(|named| !named.starts_with(&*other.file)) {
        return Some(format!("\"{slug}\" is in the file {}; link that", other.file));
    }
    let id = heading?;
    let renamed = other.heading_aliases.iter().find(|(old, _)| old == id);
    if let Some((_, new)) = renamed {
        return Some(format!("heading \"#{id}\" of {slug} is now \"#{new}\"; link that"));
    }
    let ids = other.headings.iter().map(|heading| &*heading.id);
    heading_message(ids, id)
        .map(|message| message.replace("no heading", &format!("{slug} has no heading")))
}

fn to_lab(lesson: &Lesson, name: &str, said: &mut Said) -> Option<String> {
    if lesson.entry.labs.iter().any(|lab| lab == name) {
        // A lab that the program does not have yet is counted, and its link shown as text.
        said.counts.absent_labs += usize::from(LABS.contains(&name) && labs::find(name).is_none());
        return None;
    }
    let near = nearest(name, lesson.entry.labs.iter().map(ToString::to_string));
    let mend = near.map_or("add it".to_owned(), |near| format!("\"{near}\"?"));
    Some(format!("lab \"{name}\" is not in the front matter's labs; {mend}"))
}

fn to_result(lesson: &Lesson, name: &str, text: &str) -> Option<String> {
    let Some((estimate, line)) = name.split_once('.') else {
        return Some(format!("\"={name}\" names no line; write (=estimate.name)"));
    };
    let Some(found) = lesson.estimates.iter().find(|found| found.name == estimate) else {
        let near = nearest(estimate, lesson.estimates.iter().map(|found| found.name.clone()));
        let mend = near.map_or("mend the name".to_owned(), |near| format!("\"{near}\"?"));
        return Some(format!("no estimate \"{estimate}\"; {mend}"));
    };
    found.shows(line, text).err()
}
