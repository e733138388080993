//! `sdprep stats`.

use chrono::{Datelike, Duration, NaiveDate};
use termimad::FmtText;
use termimad::minimad::{OwningTemplateExpander, TextTemplate};

use super::context::Context;
use super::list::trimmed;
use super::output;
use crate::error::Outcome;
use crate::progress::Progress;
use crate::rehearsal;
use crate::render;
use crate::report::Stats;
use crate::report::stats::{self, Pace};
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

${cards} cards, ${due} due today, ${tomorrow} tomorrow, ${week} in the next 7 days; ${learned} learned
retention of 30 days: ${retention}${weakest}
${rehearsals}
${labs}
pace: ${pace}

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
        .set("current", days(stats.streak.current))
        .set("longest", days(stats.streak.longest))
        .set(
            "next",
            next.map_or("all is read".into(), |l| format!("{} {}", l.number, l.short_title())),
        )
        .set("pace", pace(&stats.pace))
        .set("rehearsals", rehearsals(&stats, context))
        .set("labs", labs(&stats.labs))
        .set("cards", stats.cards.total)
        .set("due", stats.cards.due)
        .set("learned", stats.cards.learned)
        .set("tomorrow", stats.cards.tomorrow)
        .set("week", stats.cards.week)
        .set("weakest", weakest(&stats, context))
        .set(
            "retention",
            match stats.cards.retention {
                Some(share) => format!(
                    "{:.0} %, wanted {:.0} %",
                    share * 100.0,
                    context.config.recall.retention * 100.0
                ),
                None => "not known yet".into(),
            },
        );
    let today = Progress::date_of(now, context.config.day_starts());
    // On a narrow screen the bars give way first, then the times.
    let narrow = context.width < 60;
    for week in calendar(&stats, today, !narrow) {
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

/// `5 of 20 labs run; half of your 4 predicted numbers at most 1.4 times too high or too low; 2 of 3 choices right`
fn labs(labs: &crate::report::stats::Labs) -> String {
    if labs.run == 0 {
        return "no lab run yet".into();
    }
    let mut said = format!("{} of {} labs run", labs.run, labs.total);
    if let Some(factor) = labs.factor {
        // The factor is the median of a few: more than two digits of it say nothing.
        let off = match factor {
            ..1.05 => "less than 5 % off".into(),
            ..9.95 => format!("at most {factor:.1} times too high or too low"),
            _ => format!("at most {factor:.0} times too high or too low"),
        };
        let which = match labs.predicted.saturating_sub(labs.choices) {
            ..=1 => "your predicted number".into(),
            numbers => format!("half of your {numbers} predicted numbers"),
        };
        said.push_str(&format!("; {which} {off}"));
    }
    if labs.choices > 0 {
        said.push_str(&format!("; {} of {} choices right", labs.right, labs.choices));
    }
    said
}

/// `6 rehearsals, the last 64 URL shortener`
fn rehearsals(stats: &Stats, context: &Context) -> String {
    let last = stats.rehearsals.last.as_ref().and_then(|slug| context.course.by_slug(slug));
    match (stats.rehearsals.count, last) {
        (0, _) => "no rehearsal yet".into(),
        (count, last) => {
            let noun = if count == 1 { "rehearsal" } else { "rehearsals" };
            let last = last
                .map_or(String::new(), |l| format!(", the last {} {}", l.number, l.short_title()));
            format!("{count} {noun}{last}")
        }
    }
}

/// `; weakest 48 Replication (3 of 7 missed)`
fn weakest(stats: &Stats, context: &Context) -> String {
    let Some(weak) = &stats.cards.weakest else { return String::new() };
    let lesson = context
        .course
        .by_slug(&weak.lesson)
        .map_or_else(|| weak.lesson.clone(), |l| format!("{} {}", l.number, l.short_title()));
    format!("; weakest {lesson} ({} of {} missed)", weak.missed, weak.answers)
}

fn pace(pace: &Pace) -> String {
    if pace.lessons == 0 {
        return "as the lessons state, until one was read to its end".into();
    }
    let of =
        if pace.lessons == 1 { "1 lesson".into() } else { format!("{} lessons", pace.lessons) };
    format!("{:.2} of the stated minutes, from {of}", pace.factor)
}

fn days(count: u32) -> String {
    if count == 1 { "1 day".into() } else { format!("{count} days") }
}

/// Seven lines, Monday first, one column a week, the last of them this one.
fn calendar(stats: &Stats, today: NaiveDate, legend: bool) -> Vec<String> {
    let monday = today - Duration::days(i64::from(today.weekday().num_days_from_monday()));
    let first = monday - Duration::weeks(WEEKS - 1);
    let names = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
    let cell = |date: NaiveDate| {
        if date > today {
            return " ";
        }
        let date = date.to_string();
        match stats.days.iter().find(|day| day.date == date) {
            None => "·",
            Some(day) if day.minutes < 15 && day.lessons == 0 => "▪",
            Some(day) if day.minutes < 45 => "■",
            Some(_) => "█",
        }
    };
    let row = |(weekday, name): (i64, &&str)| {
        let cells: Vec<&str> =
            (0..WEEKS).map(|week| cell(first + Duration::days(7 * week + weekday))).collect();
        let legend = if weekday == 0 && legend { "   less · ▪ ■ █ more" } else { "" };
        format!("{name} {}{legend}", cells.join(" "))
    };
    (0..7).zip(names.iter()).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_ends_with_today_and_leaves_the_future_blank() {
        let day = crate::report::stats::Day {
            date: "2026-11-24".into(),
            minutes: 50,
            lessons: 1,
            cards: 0,
        };
        let stats = Stats { days: vec![day], ..empty() };
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap_or_default(); // a Tuesday
        let weeks = calendar(&stats, today, true);
        assert!(weeks[1].ends_with("· █"), "{}", weeks[1]);
        assert!(weeks[2].ends_with("·  "), "{:?}", weeks[2]);
    }

    #[test]
    fn predictions_are_told_as_what_half_of_them_kept_to_in_two_digits() {
        let of = |predicted, factor| crate::report::stats::Labs {
            total: 20,
            run: 5,
            predicted,
            factor: Some(factor),
            right: 2,
            choices: 3,
        };
        let off = "of your 4 predicted numbers at most 11 times too high or too low";
        let said = format!("5 of 20 labs run; half {off}; 2 of 3 choices right");
        assert_eq!(labs(&of(7, 10.82)), said);
        assert!(labs(&of(4, 1.4)).contains("; your predicted number at most 1.4 times too"));
        assert!(labs(&of(7, 1.0)).contains("numbers less than 5 % off"));
    }

    fn empty() -> Stats {
        use crate::report::stats::{Cards, Lessons, Minutes, Streak};
        Stats {
            lessons: Lessons { total: 0, opened: 0, read: 0 },
            minutes: Minutes { total: 0, read: 0, active: 0 },
            levels: vec![],
            tracks: vec![],
            streak: Streak { current: 0, longest: 0 },
            days: vec![],
            cards: Cards {
                total: 0,
                due: 0,
                learned: 0,
                retention: None,
                new: 0,
                waiting: 0,
                tomorrow: 0,
                week: 0,
                weakest: None,
            },
            rehearsals: crate::report::stats::Rehearsals { count: 0, last: None, profile: vec![] },
            labs: crate::report::stats::Labs {
                total: 0,
                run: 0,
                predicted: 0,
                factor: None,
                right: 0,
                choices: 0,
            },
            pace: Pace { factor: 1.0, lessons: 0 },
            track: None,
            next: None,
        }
    }
}
