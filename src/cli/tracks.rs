//! `sdprep tracks` and `sdprep tracks use`.

use serde::Serialize;
use termimad::FmtText;
use termimad::minimad::{OwningTemplateExpander, TextTemplate};

use super::args::TracksAction;
use super::context::Context;
use super::list::trimmed;
use super::{mark, output};
use crate::course::{Course, Track};
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::progress::State;
use crate::render;
use crate::tui::widgets::{bar, minutes};

/// A track by id; `series` is none.
///
/// # Errors
/// No such track; the nearest is offered.
pub fn find<'c>(course: &'c Course, id: &str) -> Outcome<Option<&'c Track>> {
    if id == "series" {
        return Ok(None);
    }
    if let Some(track) = course.track(id) {
        return Ok(Some(track));
    }
    let names = course.tracks.iter().map(|track| &*track.id).chain(["series"]);
    let nearest = names.clone().min_by_key(|name| strsim::damerau_levenshtein(name, id));
    let failure = Failure::new(Exit::Nothing, format!("no track \"{id}\""));
    Err(match nearest {
        Some(name) if strsim::damerau_levenshtein(name, id) <= 3 => {
            failure.hint(format!("did you mean {name}?"))
        }
        _ => failure.hint(format!("there are {}", names.collect::<Vec<_>>().join(", "))),
    })
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    about: &'a str,
    used: bool,
    total: usize,
    read: usize,
    minutes: u32,
    stages: Vec<StageRow<'a>>,
}

#[derive(Serialize)]
struct StageRow<'a> {
    title: &'a str,
    total: usize,
    read: usize,
    minutes: u32,
    lessons: Vec<&'a str>,
}

fn rows(context: &Context) -> Vec<Row<'_>> {
    let course = &context.course;
    let stage = |stage: &'_ crate::course::Stage| {
        let lessons: Vec<_> = stage
            .lessons
            .iter()
            .filter_map(|slug| course.by_slug(slug))
            .filter(|l| !l.draft)
            .collect();
        let read = lessons
            .iter()
            .filter(|l| context.progress.lesson(&l.slug).state == State::Read)
            .count();
        let minutes: u32 = lessons.iter().map(|l| u32::from(l.minutes)).sum();
        (read, minutes, lessons.into_iter().map(|l| &*l.slug).collect::<Vec<_>>())
    };
    let of_track = |track: &'_ Track| -> Vec<(usize, u32, usize)> {
        track
            .stages
            .iter()
            .map(stage)
            .map(|(read, minutes, lessons)| (read, minutes, lessons.len()))
            .collect()
    };
    course
        .tracks
        .iter()
        .map(|track| {
            let sums = of_track(track);
            Row {
                id: &track.id,
                title: &track.title,
                about: &track.about,
                used: context.progress.track() == Some(&*track.id),
                total: sums.iter().map(|s| s.2).sum(),
                read: sums.iter().map(|s| s.0).sum(),
                minutes: sums.iter().map(|s| s.1).sum(),
                stages: track
                    .stages
                    .iter()
                    .map(|s| {
                        let (read, minutes, lessons) = stage(s);
                        StageRow { title: &s.title, total: lessons.len(), read, minutes, lessons }
                    })
                    .collect(),
            }
        })
        .collect()
}

const TEMPLATE: &str = "**${title}**  (`${id}`)${used}
${bar} ${read}/${total} lessons, ${minutes}
${about}
${stages
* ${stage}: ${stage_read}/${stage_total}, ${stage_minutes}
}
";

/// Shows the tracks, or chooses one.
///
/// # Errors
/// No such track; the choice cannot be saved.
pub fn run(mut context: Context, action: Option<TracksAction>, json: bool) -> Outcome {
    if let Some(TracksAction::Use { track }) = action {
        let track = find(&context.course, &track)?
            .map(|track| (track.id.to_string(), track.title.to_string()));
        let said = match &track {
            Some((id, title)) => format!("{id}: {title}; `sdprep next` follows it from now on\n"),
            None => "the series: `sdprep next` follows the lessons in their numbers\n".into(),
        };
        mark::record(&mut context, vec![What::Track { track: track.map(|(id, _)| id) }])?;
        return output::print(&said);
    }
    let rows = rows(&context);
    if json {
        return output::json(&rows);
    }
    context.say_notices();
    if rows.is_empty() {
        return Err(Failure::new(Exit::Nothing, "this course has no tracks"));
    }
    let theme = context.theme()?;
    let skin = render::skin(&theme, context.color);
    let mut text = String::new();
    for row in &rows {
        text.push_str(&track_text(row, &skin, context.width));
    }
    output::print(text.trim_start_matches('\n'))
}

/// One track: a template holds one level of repetition, here the stages.
fn track_text(row: &Row<'_>, skin: &termimad::MadSkin, width: u16) -> String {
    let mut expander = OwningTemplateExpander::new();
    let (done, open) = bar(row.read, row.total, 24);
    expander
        .set("title", row.title)
        .set("id", row.id)
        .set("used", if row.used { "  *in use*" } else { "" })
        .set("bar", format!("{done}{open}"))
        .set("read", row.read)
        .set("total", row.total)
        .set("minutes", minutes(row.minutes))
        .set("about", row.about);
    for stage in row.stages.iter().filter(|stage| stage.total > 0) {
        expander
            .sub("stages")
            .set("stage", stage.title)
            .set("stage_read", stage.read)
            .set("stage_total", stage.total)
            .set("stage_minutes", minutes(stage.minutes));
    }
    let template = TextTemplate::from(TEMPLATE);
    let text = expander.expand(&template);
    let width = usize::from(width.min(90));
    format!("\n{}", trimmed(&FmtText::from_text(skin, text, Some(width)).to_string()))
}
