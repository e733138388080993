//! What `undo` events take back. An undone undo is void, so that redo is one more undo.

use std::collections::HashSet;

use super::{Event, RehearsalStep, What};
use crate::course::Course;

/// The events that count. `events` are sorted.
pub fn alive(events: &[Event]) -> Vec<&Event> {
    let undone = undone(events);
    events.iter().filter(|event| undone.is_empty() || !undone.contains(event.group())).collect()
}

/// The newest act of those wanted that is not yet undone, with all of its batch, oldest first; empty if there is none.
pub fn last_act(events: &[Event], wanted: impl Fn(&Event) -> bool) -> Vec<&Event> {
    let undone = undone(events);
    let newest = events
        .iter()
        .rev()
        .find(|event| event.is_act() && wanted(event) && !undone.contains(event.group()));
    newest.map_or_else(Vec::new, |act| group(events, act))
}

/// The newest undo of an act of those wanted that counts, and what it took back, oldest first. Undoing it is redo.
pub fn last_undo(
    events: &[Event],
    wanted: impl Fn(&Event) -> bool,
) -> Option<(&Event, Vec<&Event>)> {
    let undone = undone(events);
    events.iter().rev().filter(|event| !undone.contains(event.group())).find_map(|event| {
        let What::Undo { of } = &event.what else { return None };
        let act = events.iter().find(|act| act.id == *of)?;
        // An undo of an undo is a redo, and not what redo returns from.
        (act.is_act() && wanted(act)).then(|| (event, group(events, act)))
    })
}

fn group<'a>(events: &'a [Event], act: &Event) -> Vec<&'a Event> {
    events.iter().filter(|event| event.group() == act.group()).collect()
}

/// The groups that are undone, from the newest to the oldest.
fn undone(events: &[Event]) -> HashSet<&str> {
    let named: HashSet<&str> = events.iter().filter_map(target).collect();
    if named.is_empty() {
        return named;
    }
    // An undo may name any event of a batch.
    let batches: std::collections::HashMap<&str, &str> = events
        .iter()
        .filter(|event| event.batch.is_some() && named.contains(event.id.as_str()))
        .map(|event| (event.id.as_str(), event.group()))
        .collect();
    let mut undone = HashSet::new();
    for event in events.iter().rev() {
        if let Some(of) = target(event)
            && !undone.contains(event.group())
        {
            undone.insert(batches.get(of).copied().unwrap_or(of));
        }
    }
    undone
}

fn target(event: &Event) -> Option<&str> {
    match &event.what {
        What::Undo { of } => Some(of),
        _ => None,
    }
}

/// What a group of acts was, in words. `events` are those of the whole journal, where a rehearsal has its lesson.
pub fn describe(acts: &[&Event], events: &[Event], course: &Course) -> String {
    let Some(first) = acts.first() else { return "nothing".into() };
    let lesson = |slug: &str| match course.by_slug(slug) {
        Some(entry) => format!("{} {}", entry.number, entry.short_title()),
        None => slug.to_string(),
    };
    if let Some(said) = rehearsal(acts, events, lesson) {
        return said;
    }
    let said = match &first.what {
        What::Mark { lesson: slug, read: true } => format!("marked read: {}", lesson(slug)),
        What::Mark { lesson: slug, read: false } => format!("marked unread: {}", lesson(slug)),
        What::Read { lesson: slug, .. } => format!("read: {}", lesson(slug)),
        What::Track { track: Some(track) } => format!("track {track}"),
        What::Track { track: None } => "track: the series".into(),
        What::Grade { card, grade, .. } => format!("grade {grade} of {card}"),
        What::Bookmark { lesson: slug, .. } => format!("bookmark in {}", lesson(slug)),
        What::Highlight { lesson: slug, .. } => format!("highlight in {}", lesson(slug)),
        What::Note { lesson: slug, text, .. } => {
            format!("note in {}: {}", lesson(slug), crate::text::ellipsis(text, 40))
        }
        What::Card { question, .. } if question.is_empty() => "own card removed".into(),
        What::Card { question, .. } => format!("own card: {}", crate::text::ellipsis(question, 40)),
        What::Suspend { card, on: true } => format!("suspended {card}"),
        What::Suspend { card, on: false } => format!("no longer suspended: {card}"),
        What::Bury { card } => format!("put off to tomorrow: {card}"),
        What::Aim { by: Some(by), .. } => format!("aim: {by}"),
        What::Aim { by: None, .. } => "no aim".into(),
        What::Fit { weights: Some(_) } => "schedule fitted to your answers".into(),
        What::Fit { weights: None } => "schedule as it comes".into(),
        What::Lab { lab, .. } => format!("run of the lab {lab}"),
        What::Estimate { lesson: slug, name, .. } if slug.is_empty() => format!("sheet {name}"),
        What::Estimate { lesson: slug, name, set } if set.is_empty() => {
            format!("estimate {name} of {} as the course has it", lesson(slug))
        }
        What::Estimate { lesson: slug, name, .. } => {
            format!("own estimate {name} of {}", lesson(slug))
        }
        other => other.kind().to_string(),
    };
    if acts.len() > 1 { format!("{said}, and {} more", acts.len() - 1) } else { said }
}

/// The same of the steps of a rehearsal: which one, and what of it. None if the acts are others.
fn rehearsal(acts: &[&Event], events: &[Event], lesson: impl Fn(&str) -> String) -> Option<String> {
    let mut steps = acts.iter().filter_map(|act| match &act.what {
        What::Rehearse { rehearsal, step } => Some((rehearsal, step)),
        _ => None,
    });
    let (id, first) = steps.next()?;
    let of = events.iter().find_map(|event| match &event.what {
        What::Rehearse { rehearsal, step: RehearsalStep::Start { lesson, .. } }
            if rehearsal == id =>
        {
            Some(lesson)
        }
        _ => None,
    });
    let of = of.map_or(String::new(), |slug| format!(" of {}", lesson(slug)));
    // The end says more than the last ticks, which are taken back with it.
    let last = steps.next_back().map_or(first, |(_, step)| step);
    Some(match last {
        RehearsalStep::End => format!("the end of the rehearsal{of}"),
        RehearsalStep::Tick { phase, .. } => {
            format!("ticks of {phase} in the rehearsal{of}")
        }
        _ => format!("a step of the rehearsal{of}"),
    })
}
