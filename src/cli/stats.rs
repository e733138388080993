//! `sdprep stats`.

use termimad::FmtText;
use termimad::minimad::{OwningTemplateExpander, TextTemplate};

use super::context::Context;
use super::list::trimmed;
use super::output;
use crate::error::Outcome;
use crate::progress::Progress;
use crate::rehearsal;
use crate::render;
use crate::report::{Stats, stats, words};
use crate::tui::widgets::{bar, minutes};

const TEMPLATE: &str =
    "**${read} of ${total} read** · ${minutes} active · streak ${current}, longest ${longest}
next: ${next}

${calendar
${week}
}

|:-|-:|:-|-:
|**by level**||||
${levels
|${name}|${part}|${bar}|${time}|
}
|**by track**||||
${tracks
|${name}|${part}|${bar}|${time}|
}

${cards}
${retention}
${rehearsals}
${labs}
${pace}

|:-|-:|:-|:-
${phases
|${name}|${share}|${bar}|${read}|
}
";

/// Weeks of the calendar.
const WEEKS: i64 = 18;

/// Prints progress: a line, data, or text.
///
/// # Errors
/// The output cannot be written.
pub fn run(context: &Context, json: bool, line: bool) -> Outcome {
    let now = context.clock.now();
    if line {
        let said = stats::line(&context.course, &context.progress, &context.config.recall, now);
        return output::print(&format!("{said}\n"));
    }
    let stats = Stats::new(&context.course, &context.progress, &context.config.recall, now);
    if json {
        return output::json(&stats);
    }
    context.say_notices();
    let theme = context.theme()?;
    let skin = render::skin(&theme, context.color);
    let next = stats.next.as_ref().and_then(|slug| context.course.by_slug(slug));
    let mut expander = OwningTemplateExpander::new();
    expander
        .set("read", stats.lessons.read)
        .set("total", stats.lessons.total)
        .set("minutes", minutes(stats.minutes.active))
        .set("current", words::days(stats.streak.current))
        .set("longest", words::days(stats.streak.longest))
        .set(
            "next",
            next.map_or("all is read".into(), |l| format!("{} {}", l.number, l.short_title())),
        )
        .set("cards", words::cards(&stats.cards))
        .set(
            "retention",
            words::retention(&stats.cards, context.config.recall.retention, &context.course),
        )
        .set("rehearsals", words::rehearsals(&stats, &context.course))
        .set("labs", words::labs(&stats.labs))
        .set("pace", words::pace(&stats.pace));
    let today = Progress::date_of(now, context.config.day_starts());
    // On a narrow screen the bars give way first, then the times.
    let narrow = context.width < 60;
    for (row, week) in words::calendar(&stats, today, WEEKS).into_iter().enumerate() {
        let legend = row == 0 && !narrow;
        let week = if legend { format!("{week}   {}", words::LEGEND) } else { week };
        expander.sub("calendar").set("week", week);
    }
    for (sub, parts) in [("levels", &stats.levels), ("tracks", &stats.tracks)] {
        for part in parts {
            let (done, open) = bar(part.read, part.total, if narrow { 10 } else { 24 });
            expander
                .sub(sub)
                .set("name", &part.name)
                .set("part", format!("{}/{}", part.read, part.total))
                .set("bar", format!("{done}{open}"))
                .set("time", if narrow { String::new() } else { minutes(part.minutes) });
        }
    }
    for phase in stats.rehearsals.profile.iter().filter(|phase| phase.share.is_some()) {
        let share = phase.share.unwrap_or(0.0) * 100.0;
        let (done, open) = bar(share as usize, 100, if narrow { 10 } else { 24 });
        let read = phase.read.as_ref().and_then(|slug| context.course.by_slug(slug));
        expander
            .sub("phases")
            .set("name", rehearsal::phase_name(phase.phase))
            .set("share", format!("{share:.0} %"))
            .set("bar", format!("{done}{open}"))
            .set(
                "read",
                match (read, phase.level) {
                    (Some(entry), _) if !narrow => format!("read {} again", entry.number),
                    (_, Some(level)) if !narrow => level.to_string(),
                    _ => String::new(),
                },
            );
    }
    let template = TextTemplate::from(TEMPLATE);
    let text = expander.expand(&template);
    let width = usize::from(context.width.min(100));
    output::print(&trimmed(&FmtText::from_text(&skin, text, Some(width)).to_string()))
}
