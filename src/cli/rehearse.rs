//! `sdprep rehearse`.

use serde::Serialize;

use super::context::Context;
use super::open::{Begin, full_screen};
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::markdown;
use crate::progress::Session;
use crate::rehearsal::{designs, phase_name, script};
use crate::report::stats::Rehearsals;
use crate::terminal;

/// `rehearse --json`
#[derive(Serialize)]
struct All {
    designs: Vec<One>,
    profile: Rehearsals,
}

#[derive(Serialize)]
struct One {
    number: u16,
    slug: String,
    minutes: u16,
    rehearsals: usize,
    last: Option<String>,
    share: Option<f64>,
    begun: bool,
}

/// The rehearsal of a design, or of the one most due: on a terminal the full screen, in a pipe prompt and phases.
///
/// # Errors
/// No such lesson, none with a rehearsal; the terminal or the output cannot be used.
pub fn run(context: Context, query: &str, form: &str, json: bool) -> Outcome {
    let all = designs(&context.course, &context.progress);
    if json {
        let one = |design: &crate::rehearsal::Design| One {
            number: design.entry.number,
            slug: design.entry.slug.to_string(),
            minutes: design.entry.rehearsal,
            rehearsals: design.count,
            last: design.last.map(|session| session.date.to_string()),
            share: design.last.and_then(Session::share),
            begun: !design.open.is_empty(),
        };
        return output::json(&All {
            designs: all.iter().map(one).collect(),
            profile: Rehearsals::new(&context.progress),
        });
    }
    let Some(most_due) = all.first() else {
        return Err(Failure::new(Exit::Nothing, "no design of this course is written yet"));
    };
    let entry = if query.is_empty() { most_due.entry } else { context.find(query)? };
    if entry.rehearsal == 0 {
        let near = all.iter().min_by_key(|d| d.entry.number.abs_diff(entry.number));
        let near = near.map_or(most_due.entry, |design| design.entry);
        let what = format!("{} {} has no rehearsal", entry.number, entry.short_title());
        return Err(Failure::new(Exit::Nothing, what).hint(format!(
            "`sdprep rehearse {}` is {}",
            near.number,
            near.short_title()
        )));
    }
    let slug = entry.slug.to_string();
    if terminal::is_full_screen() {
        return full_screen(context, &Begin::Rehearse(&slug, form));
    }
    let body = context
        .course
        .body(entry)
        .map_err(|cause| Failure::new(Exit::Io, format!("lesson {}: {cause}", entry.number)))?;
    let document = markdown::parse(&body, entry.body_line as usize);
    let Some(script) = script(&document) else { return Ok(()) };
    let mut text =
        format!("{} {}, {} min\n\n", entry.number, entry.short_title(), script.rehearsal.minutes);
    let asked = match (&script.flaws, form) {
        (Some(flaws), "flaws") => {
            format!("{}\n\nFind {} weaknesses.", flaws.design.value, flaws.flaws.len())
        }
        _ => script.rehearsal.prompt.value.clone(),
    };
    for line in crate::tui::widgets::wrap(&asked.replace("\n\n", " "), context.width, usize::MAX) {
        text.push_str(&line);
        text.push('\n');
    }
    if form != "flaws" {
        text.push('\n');
        for phase in script.timed() {
            text.push_str(&format!(
                "{:<14} {:>2} min\n",
                phase_name(&phase.name.value),
                phase.minutes
            ));
        }
    }
    output::print(&crate::text::clean(&text))
}
