//! The library, `next`, `read`: the full screen on a terminal, text in a pipe.

use super::context::Context;
use super::output;
use crate::course::{Entry, Track};
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::markdown;
use crate::render::theme::NAMES;
use crate::render::{self, Print, Theme};
use crate::terminal;
use crate::tui::{self, App, End, Goal};

/// `sdprep`: the library, or the list in a pipe.
pub fn library(context: Context) -> Outcome {
    if terminal::is_full_screen() {
        full_screen(context, &Begin::Library)
    } else {
        super::list::run(&context, &super::list::ALL)
    }
}

/// `sdprep next`.
pub fn next(context: Context, track: Option<&str>, peek: bool) -> Outcome {
    let track: Option<&Track> = match track.or(context.progress.track()) {
        None => None,
        Some(id) => super::tracks::find(&context.course, id)?,
    };
    let Some(entry) = context.progress.next(&context.course, track) else {
        output::say(if context.course.listed().next().is_none() {
            "no lesson of this course is written yet"
        } else {
            "all lessons are read"
        });
        return Ok(());
    };
    if peek {
        output::print(&format!(
            "{} {} · {} min · {}\n",
            entry.number, entry.slug, entry.minutes, entry.title
        ))?;
        let known = context.progress.lesson(&entry.slug);
        if known.paged(entry) {
            let (paged, number) = (tui::widgets::paged(known.active), entry.number);
            output::say(&format!("{paged}: `sdprep mark {number} read` marks it"));
        }
        return Ok(());
    }
    let slug = entry.slug.to_string();
    show(context, &slug)
}

/// `sdprep read LESSON`.
pub fn read(context: Context, query: &str) -> Outcome {
    let entry = context.find(query)?;
    if entry.draft && entry.words == 0 {
        return Err(Failure::new(
            Exit::Nothing,
            format!("{} {} is not written yet", entry.number, entry.title),
        )
        .hint(format!("it will tell this: {}", entry.gist)));
    }
    let slug = entry.slug.to_string();
    show(context, &slug)
}

fn show(mut context: Context, slug: &str) -> Outcome {
    if terminal::is_full_screen() {
        return full_screen(context, &Begin::Lesson(slug));
    }
    let Some(entry) = context.course.by_slug(slug) else { return Ok(()) };
    let body = context
        .course
        .body(entry)
        .map_err(|cause| Failure::new(Exit::Io, format!("lesson {}: {cause}", entry.number)))?;
    let theme = context.theme()?;
    let text = print(entry, &body, &context, &theme);
    context.say_notices();
    output::print(&text)?;
    let said = format!("printing does not make it read; `sdprep mark {} read` does", entry.number);
    let what = What::Open { lesson: entry.slug.to_string(), version: Some(entry.hash) };
    let now = context.clock.now();
    if context.store.record(vec![what], now).is_ok() {
        let _ = context.store.sync();
    }
    output::say(&said);
    Ok(())
}

fn print(entry: &Entry, body: &str, context: &Context, theme: &Theme) -> String {
    let document = markdown::parse(body, entry.body_line as usize);
    let draft = if entry.draft { " · draft" } else { "" };
    let (number, level, minutes) = (entry.number, entry.level.name(), entry.minutes);
    let mut text = format!("{}\n{number} · {level} · {minutes} min{draft}\n", entry.title);
    if !document.blocks.first().is_some_and(|block| block.gap) {
        text.push('\n');
    }
    let theme = context.color.then_some(theme);
    text.push_str(&render::print(
        &document,
        &Print { width: context.width, theme, highlight: true },
    ));
    text
}

/// What the full screen opens with, over the library.
pub enum Begin<'a> {
    /// Nothing.
    Library,
    /// A lesson by its slug.
    Lesson(&'a str),
    /// The cards that are due.
    Review,
    /// A rehearsal: slug of the design, and its form as [`App::rehearse`] takes it.
    Rehearse(&'a str, &'a str),
    /// The labs, or one of them.
    Lab(Option<&'a str>),
    /// The estimates of a lesson by its slug, or the scratch sheet.
    Estimate(Option<&'a str>),
}

/// Runs the full screen.
///
/// # Errors
/// The terminal cannot be used or is gone, or not all could be saved.
pub fn full_screen(context: Context, begin: &Begin<'_>) -> Outcome {
    let themes = themes(&context)?;
    let Context { course, large, config, keymap, store, clock, .. } = context;
    let mouse = config.reader.mouse;
    let notices = store.notices();
    let (end, mut app) = tui::run(&clock, mouse, |now| {
        let mut app = App::new(&course, store, config, keymap, themes, now);
        app.parsed(large);
        match begin {
            Begin::Library => {}
            Begin::Lesson(slug) => {
                if let Some(entry) = course.by_slug(slug) {
                    app.open(entry, &Goal::Stopped);
                }
            }
            Begin::Review => app.review(),
            Begin::Rehearse(slug, form) => app.rehearse(Some(slug), form),
            Begin::Lab(name) => app.lab(*name),
            Begin::Estimate(slug) => match slug.and_then(|slug| course.by_slug(slug)) {
                Some(entry) => app.worksheet(entry, None),
                None => app.scratch(),
            },
        }
        if let Some(notice) = notices.first() {
            app.say(notice.clone());
        }
        app
    })?;
    if app.store().pending() > 0 && app.store().path().is_some() {
        let lines = app.store().pending_lines();
        output::say(&format!("not saved; keep these lines for `sdprep import -`:\n{lines}"));
        return Err(Failure::new(Exit::Io, "some of what you did could not be saved"));
    }
    match end {
        // A signal has ended the process already, unless it is one that can be ignored.
        End::Left | End::Signal(_) => Ok(()),
        End::Gone => Err(Failure {
            exit: Exit::Gone,
            what: "the terminal is gone".into(),
            hints: Vec::new(),
        }),
    }
}

/// The theme in use first, then the others for the key that goes through them.
fn themes(context: &Context) -> Outcome<Vec<(String, Theme)>> {
    let used = context.config.theme.name.clone();
    let mut themes = vec![(used.clone(), context.theme()?)];
    if context.color {
        let own = context.config.theme.own.keys().map(String::as_str);
        for name in NAMES.into_iter().chain(own).filter(|name| *name != used) {
            themes.push((name.to_string(), context.theme_named(name)?));
        }
    }
    Ok(themes)
}
