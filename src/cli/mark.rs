//! `sdprep mark` and `sdprep undo`.

use super::context::Context;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::progress::State;

/// Writes acts of one command and makes sure of them before it ends.
///
/// # Errors
/// They cannot be saved.
pub fn record(context: &mut Context, what: Vec<What>) -> Outcome {
    let not_saved = |cause: &dyn std::fmt::Display| {
        Failure::new(Exit::Io, format!("not saved: {cause}"))
            .hint("`sdprep doctor` shows the files as the program sees them")
    };
    let now = context.clock.now();
    context.store.record(what, now).map_err(|cause| not_saved(&cause))?;
    context.store.sync().map_err(|cause| not_saved(&cause))
}

/// Marks lessons read or unread.
///
/// # Errors
/// No such lesson, no state named, not saved.
pub fn run(mut context: Context, words: &[String], _: Option<bool>, before: Option<String>) -> Outcome {
    let (lessons, read) = match words.split_last() {
        Some((last, lessons)) if last == "read" => (lessons, true),
        Some((last, lessons)) if last == "unread" => (lessons, false),
        _ if before.is_some() && words.is_empty() => (words, true),
        _ => {
            return Err(Failure::new(Exit::Usage, "mark: say read or unread")
                .hint("sdprep mark 17 40 read"));
        }
    };
    let mut slugs: Vec<String> = Vec::new();
    for query in lessons {
        slugs.push(context.find(query)?.slug.to_string());
    }
    if let Some(query) = before {
        let end = context.find(&query)?.slug.clone();
        let track = context.progress.track().and_then(|id| context.course.track(id));
        let order = context.course.order(track);
        let order = if order.iter().any(|l| l.slug == end) { order } else { context.course.order(None) };
        slugs.extend(order.iter().take_while(|l| l.slug != end).map(|l| l.slug.to_string()));
    }
    let wanted = |slug: &str| (context.progress.lesson(slug).state == State::Read) != read;
    let mut seen = std::collections::HashSet::new();
    let changed: Vec<String> = slugs.into_iter().filter(|s| wanted(s) && seen.insert(s.clone())).collect();
    let state = if read { "read" } else { "unread" };
    if changed.is_empty() {
        return output::print(&format!("already {state}\n"));
    }
    let said = format!("{state}: {}\n", changed.join(", "));
    record(&mut context, changed.into_iter().map(|lesson| What::Mark { lesson, read }).collect())?;
    output::print(&said)
}

/// Takes back the last act, or does again what was taken back.
///
/// # Errors
/// Nothing to take back, not saved.
pub fn undo(mut context: Context, redo: bool) -> Outcome {
    let target = if redo { context.store.last_undo() } else { context.store.last_act() };
    let Some(event) = target else {
        let what = if redo { "nothing to do again" } else { "nothing to take back" };
        return Err(Failure::new(Exit::Nothing, what));
    };
    let said = context.store.describe(&event, &context.course);
    record(&mut context, vec![What::Undo { of: event.id.clone() }])?;
    output::print(&format!("{}: {said}\n", if redo { "again" } else { "taken back" }))
}
