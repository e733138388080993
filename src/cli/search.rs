//! `sdprep search`: words over all lessons and notes.

use std::fmt::Write;

use super::context::Context;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::render::Role;
use crate::render::theme::compound;
use crate::search::{Everything, Found, Where};
use crate::text;

/// Sections shown.
const MOST: usize = 20;

/// Prints what holds all the words, best first.
///
/// # Errors
/// Nothing does: status 1.
pub fn run(context: &Context, words: &[String], json: bool) -> Outcome {
    let query = words.join(" ");
    let found = Everything::of(&context.course, context.progress.kept()).search(&query, MOST);
    if json {
        let rows: Vec<_> = found.iter().map(|found| data(context, found)).collect();
        let text = serde_json::to_string_pretty(&rows).unwrap_or_default();
        return output::print(&(text + "\n"));
    }
    if found.is_empty() {
        return Err(Failure::new(Exit::Nothing, format!("no section holds \"{query}\""))
            .hint("all words must stand in one section; try fewer"));
    }
    let theme = context.theme()?;
    let mut out = String::new();
    for found in &found {
        let Some(entry) = context.course.by_slug(found.lesson()) else { continue };
        let title = format!("{} {} · {}", entry.number, entry.short_title(), found.title);
        let _ = writeln!(out, "{}", text::ellipsis(&title, context.width.into())); // a String takes all
        let room = usize::from(context.width).saturating_sub(3);
        let line = text::clean(text::fit(&found.line, room)).into_owned();
        if line.is_empty() {
            continue;
        }
        let mut shown = String::new();
        let mut at = 0;
        for hit in found.hits.iter().filter(|hit| context.color && hit.end <= line.len()) {
            let style = compound(theme.look(Role::Hit));
            shown.push_str(&line[at..hit.start]);
            shown.push_str(&style.apply_to(&line[hit.clone()]).to_string());
            at = hit.end;
        }
        shown.push_str(line.get(at..).unwrap_or_default());
        let _ = writeln!(out, "   {shown}");
    }
    output::print(&out)
}

fn data(context: &Context, found: &Found) -> serde_json::Value {
    let entry = context.course.by_slug(found.lesson());
    serde_json::json!({
        "number": entry.map(|entry| entry.number),
        "slug": found.lesson(),
        "section": found.title,
        "note": matches!(found.at, Where::Note { .. }),
        "line": found.line,
    })
}
