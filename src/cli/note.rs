//! `sdprep note`: shows the reader's notes of a lesson, or adds to them.

use std::fmt::Write;

use super::context::Context;
use super::{mark, output};
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::progress::{Kept, KeptWhat};
use crate::terminal;
use crate::terminal::editor::Draft;
use crate::text;

/// Shows what was kept of a lesson, or adds a note on the whole of it.
///
/// # Errors
/// No such lesson, no terminal for the editor, not saved.
pub fn run(mut context: Context, query: &str, words: &[String], edit: bool) -> Outcome {
    let entry = context.find(query)?;
    let lesson = entry.slug.to_string();
    let here = |kept: &&Kept| kept.lesson == lesson;
    let (text, over) = if edit {
        let note = context
            .progress
            .kept()
            .iter()
            .filter(here)
            .rfind(|kept| kept.place.is_none() && matches!(kept.what, KeptWhat::Note(_)));
        let old = match note.map(|kept| &kept.what) {
            Some(KeptWhat::Note(text)) => text.clone(),
            _ => String::new(),
        };
        let over = note.map(|kept| kept.id.clone()).into_iter().collect();
        (edited(&old)?, over)
    } else if words.is_empty() {
        let title = format!("{} {}\n", entry.number, entry.title);
        let kept: Vec<&Kept> = context.progress.kept().iter().filter(here).collect();
        if kept.is_empty() {
            output::say(&format!("no notes on {lesson} yet"));
            return Ok(());
        }
        return output::print(&(title + &shown(&kept, entry)));
    } else {
        (words.join(" "), Vec::new())
    };
    let text = text.trim().to_string();
    if text.is_empty() && over.is_empty() {
        return output::print("nothing noted\n");
    }
    let said = if text.is_empty() { "note removed\n" } else { "noted\n" };
    mark::record(&mut context, vec![What::Note { lesson, place: None, text, over }])?;
    output::print(said)
}

fn edited(old: &str) -> Outcome<String> {
    if !terminal::is_full_screen() {
        return Err(Failure::new(Exit::Usage, "note --edit needs a terminal")
            .hint("sdprep note LESSON \"the text\""));
    }
    let failed = |cause: std::io::Error| Failure::new(Exit::Io, format!("note: {cause}"));
    let draft = Draft::new(old).map_err(failed)?;
    let place = draft.path().display().to_string();
    let text = draft
        .edit()
        .map_err(|cause| failed(cause).hint(format!("what was written is in {place}")))?;
    draft.done();
    Ok(text)
}

fn shown(kept: &[&Kept], entry: &crate::course::Entry) -> String {
    let mut out = String::new();
    for kept in kept {
        let heading = kept.place.as_ref().and_then(|place| place.heading.as_deref());
        let title = heading.and_then(|id| entry.headings.iter().find(|heading| heading.id == id));
        let at = title.map_or(String::new(), |heading| format!(" · {}", heading.title));
        let kind = match kept.what {
            KeptWhat::Bookmark => "bookmark",
            KeptWhat::Note(_) => "note",
            KeptWhat::Highlight(_) => "highlight",
        };
        let _ = writeln!(out, "\n{kind} · {}{at}", kept.date); // a String takes all
        let said = match &kept.what {
            KeptWhat::Note(text) => text.as_str(),
            _ => kept.line(),
        };
        for line in text::clean(said).lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}
