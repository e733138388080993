//! `sdprep about`.

use std::fmt::Write;

use termimad::FmtText;

use super::context::Context;
use super::list::trimmed;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::render;
use crate::text;
use crate::tui::widgets::minutes;

/// Prints what the course says of itself.
///
/// # Errors
/// `course.toml` cannot be read.
pub fn run(context: &Context) -> Outcome {
    let info = context
        .course
        .info()
        .map_err(|problem| Failure::new(Exit::Usage, format!("course: {problem}")))?;
    let mut md = format!("# {}\n{}\n", info.title, info.about);
    let written: Vec<_> = context.course.listed().collect();
    let drafts = context.course.lessons.len() - written.len();
    let time = minutes(written.iter().map(|l| u32::from(l.minutes)).sum());
    // Writing to a String cannot fail.
    let _ = write!(md, "\nWritten so far: {} lessons, {time}", written.len());
    let _ = if drafts > 0 { writeln!(md, "; {drafts} are drafts.") } else { writeln!(md, ".") };
    let _ = writeln!(md, "\n## Who it is for\n{}", info.audience);
    let _ = writeln!(md, "\n## What you learn\n{}", bullets(&info.learn));
    let _ = writeln!(md, "\n## What you should know\n{}", bullets(&info.prerequisites));
    let _ = writeln!(md, "\n## In which order\n{}", info.roadmap.trim());
    let _ = writeln!(md, "\n## Tracks");
    for track in context.course.tracks.iter() {
        let _ = writeln!(md, "* **{}** (`{}`): {}", track.title, track.id, track.about);
    }
    let _ = writeln!(md, "\n## Questions");
    for faq in &info.faq {
        let _ = writeln!(md, "\n**{}**\n{}", faq.q, faq.a);
    }
    let theme = context.theme()?;
    let skin = render::skin(&theme, context.color);
    let width = usize::from(context.width.min(80));
    let md = text::clean(&md);
    output::print(&trimmed(&FmtText::from(&skin, &md, Some(width)).to_string()))
}

fn bullets(items: &[String]) -> String {
    items.iter().map(|item| format!("* {item}\n")).collect()
}
