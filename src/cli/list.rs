//! `sdprep list`.

use serde::Serialize;
use termimad::FmtText;
use termimad::minimad::{OwningTemplateExpander, TextTemplate};

use super::args::Filter;
use super::context::Context;
use super::output;
use crate::course::Entry;
use crate::error::{Exit, Failure, Outcome};
use crate::progress::State;
use crate::render;
use crate::tui::widgets::{state_mark, state_note};

/// No filter.
pub const ALL: Filter = Filter { level: None, track: None, kind: None, unread: false, json: false };

/// A lesson as data; the fields of `list --json`.
#[derive(Debug, Serialize)]
struct Row<'a> {
    number: u16,
    slug: &'a str,
    title: &'a str,
    level: &'static str,
    kind: &'static str,
    minutes: u16,
    measured_minutes: f64,
    words: u32,
    needs: &'a [crate::course::Str],
    tracks: Vec<&'a str>,
    labs: &'a [crate::course::Str],
    state: &'static str,
    position: f64,
    cards: usize,
    gist: &'a str,
}

/// Name of a state as data has it.
pub fn state_name(state: State) -> &'static str {
    match state {
        State::Unopened => "unopened",
        State::Opened => "opened",
        State::Read => "read",
    }
}

/// Prints the lessons.
///
/// # Errors
/// No such track; nothing fits.
pub fn run(context: &Context, filter: &Filter) -> Outcome {
    let track = match &filter.track {
        None => None,
        Some(id) => super::tracks::find(&context.course, id)?,
    };
    let state = |entry: &Entry| context.progress.lesson(&entry.slug).state;
    let lessons: Vec<&Entry> = context
        .course
        .order(track)
        .into_iter()
        .filter(|l| filter.level.is_none_or(|level| l.level == level))
        .filter(|l| filter.kind.is_none_or(|kind| l.kind == kind))
        .filter(|l| !filter.unread || state(l) != State::Read)
        .collect();
    if filter.json {
        let rows: Vec<Row<'_>> = lessons.iter().map(|entry| row(entry, context)).collect();
        return output::json(&rows);
    }
    context.say_notices();
    if lessons.is_empty() {
        return Err(Failure::new(Exit::Nothing, "no lesson fits"));
    }
    // termimad splits words in tables on narrow screens: one line a lesson there.
    if context.width < 60 { narrow(&lessons, context) } else { table(&lessons, context) }
}

fn narrow(lessons: &[&Entry], context: &Context) -> Outcome {
    let lines = lessons.iter().map(|entry| {
        let state = context.progress.lesson(&entry.slug).state;
        let head = format!("{} {:>2} {:>2} min ", state_mark(state), entry.number, entry.minutes);
        let room = usize::from(context.width).saturating_sub(crate::text::width(&head));
        format!("{head}{}\n", crate::text::ellipsis(entry.short_title(), room))
    });
    output::print(&lines.collect::<String>())
}

const TABLE: &str = "|:-:|-:|:-|:-|-:|:-
||**nr**|**lesson**|**level**|**min**|**state**|
${lessons
|${mark}|${number}|${title}|${level}|${minutes}|${note}|
}
";

fn table(lessons: &[&Entry], context: &Context) -> Outcome {
    let theme = context.theme()?;
    let skin = render::skin(&theme, context.color);
    let mut expander = OwningTemplateExpander::new();
    let room = usize::from(context.width).saturating_sub(42).clamp(16, 60);
    for entry in lessons {
        let progress = context.progress.lesson(&entry.slug);
        expander
            .sub("lessons")
            .set("mark", state_mark(progress.state))
            .set("number", entry.number)
            .set("title", crate::text::ellipsis(entry.short_title(), room))
            .set("level", entry.level.name())
            .set("minutes", entry.minutes)
            .set("note", state_note(entry, progress));
    }
    let template = TextTemplate::from(TABLE);
    let text = expander.expand(&template);
    let formatted = FmtText::from_text(&skin, text, Some(usize::from(context.width)));
    output::print(trimmed(&formatted.to_string()).trim_start_matches('\n'))
}

/// Without blanks at the ends of lines: termimad pads.
pub fn trimmed(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn row<'a>(entry: &'a Entry, context: &'a Context) -> Row<'a> {
    let progress = context.progress.lesson(&entry.slug);
    let holds = |track: &&crate::course::Track| {
        track.stages.iter().any(|s| s.lessons.contains(&entry.slug))
    };
    Row {
        number: entry.number,
        slug: &entry.slug,
        title: &entry.title,
        level: entry.level.name(),
        kind: entry.kind.name(),
        minutes: entry.minutes,
        measured_minutes: (entry.measured_minutes() * 10.0).round() / 10.0,
        words: entry.words,
        needs: &entry.needs,
        tracks: context.course.tracks.iter().filter(holds).map(|track| &*track.id).collect(),
        labs: &entry.labs,
        state: state_name(progress.state),
        position: progress.position.as_ref().map_or(0.0, |at| at.share),
        cards: entry.cards.len(),
        gist: &entry.gist,
    }
}
