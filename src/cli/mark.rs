//! `sdprep mark`, `sdprep undo`, `sdprep import`.

use std::io::Read;
use std::path::Path;

use super::context::Context;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::journal::undo::describe;
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
    context.store.sync().map_err(|cause| not_saved(&cause))?;
    if let Some(made) = context.store.made() {
        output::say(&made);
    }
    Ok(())
}

/// Marks lessons read or unread.
///
/// # Errors
/// No such lesson, no state named, not saved.
pub fn run(mut context: Context, words: &[String], before: Option<String>) -> Outcome {
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
        let order =
            if order.iter().any(|l| l.slug == end) { order } else { context.course.order(None) };
        slugs.extend(order.iter().take_while(|l| l.slug != end).map(|l| l.slug.to_string()));
    }
    let wanted = |slug: &str| (context.progress.lesson(slug).state == State::Read) != read;
    let mut seen = std::collections::HashSet::new();
    let changed: Vec<String> =
        slugs.into_iter().filter(|s| wanted(s) && seen.insert(s.clone())).collect();
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
    let store = &context.store;
    // Redo is the undo of an undo; what it says is what comes back.
    let target = if redo {
        store
            .last_undo()
            .map(|(undo, acts)| (undo.id.clone(), describe(&acts, store.events(), &context.course)))
    } else {
        let acts = store.last_act();
        acts.first().map(|act| (act.id.clone(), describe(&acts, store.events(), &context.course)))
    };
    let Some((of, said)) = target else {
        let what = if redo { "nothing to do again" } else { "nothing to take back" };
        return Err(Failure::new(Exit::Nothing, what));
    };
    record(&mut context, vec![What::Undo { of }])?;
    output::print(&format!("{}: {said}\n", if redo { "again" } else { "taken back" }))
}

/// Merges a journal of ours; `-` reads standard input.
///
/// # Errors
/// The file cannot be read, or its events not be saved.
pub fn import(mut context: Context, file: &Path, dry: bool) -> Outcome {
    let read = || {
        if file == Path::new("-") {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
        fs_err::read(file)
    };
    let bytes = read()
        .map_err(|cause: std::io::Error| Failure::new(Exit::Io, format!("import: {cause}")))?;
    let not_saved =
        |cause: crate::journal::Unsaved| Failure::new(Exit::Io, format!("not saved: {cause}"));
    let done = context.store.import(&bytes, dry).map_err(not_saved)?;
    context.store.sync().map_err(not_saved)?;
    let would = if dry { "would be " } else { "" };
    output::print(&format!(
        "{} new events {would}merged, {} known, {} lines unreadable\n",
        done.new, done.known, done.unreadable
    ))
}
