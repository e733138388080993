//! `sdprep plan`: the day aimed at, and what each day asks until then.

use chrono::{Duration, NaiveDate};
use serde::Serialize;

use super::context::Context;
use super::mark::record;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::recall::{Deck, Schedule};
use crate::report;
use crate::tui::widgets::expectation;

/// What was typed.
pub struct Asked {
    pub by: Option<NaiveDate>,
    pub weeks: Option<u16>,
    pub minutes: Option<u32>,
    pub none: bool,
    pub json: bool,
}

/// `plan --json`
#[derive(Serialize)]
struct Plan {
    by: Option<String>,
    minutes: u32,
    /// Minutes a day that it takes in the mean.
    needed: Option<u32>,
    days_left: Option<i64>,
    /// Expected share of the cards met that are known on the day.
    known: Option<f64>,
    met: Option<usize>,
    unmet: Option<usize>,
    /// What each day until then asks.
    days: Vec<Day>,
}

#[derive(Serialize)]
struct Day {
    date: String,
    minutes: u32,
    lessons: Vec<String>,
    reviews: usize,
    new: usize,
    waiting: usize,
    rehearsal: bool,
}

/// Sets the aim if one was given, and says what to expect of it.
///
/// # Errors
/// The day is past, or the aim cannot be saved.
pub fn run(mut context: Context, asked: &Asked) -> Outcome {
    let now = context.clock.now();
    let today = context.progress.today(now);
    let old = context.progress.aim();
    let by = asked.by.or_else(|| asked.weeks.map(|n| today + Duration::weeks(i64::from(n))));
    if let Some(day) = by.filter(|day| *day < today || (*day - today).num_days() > 3650) {
        return Err(Failure::new(Exit::Usage, format!("{day} is not in the next ten years")));
    }
    let wanted = match (by, asked.minutes, old) {
        _ if asked.none => Some(What::Aim { by: None, minutes: None }),
        (None, None, _) => None,
        (None, Some(_), None) => {
            return Err(Failure::new(Exit::Usage, "there is no day to aim at")
                .hint("add --by 2026-12-15, or --weeks 2"));
        }
        (by, minutes, old) => Some(What::Aim {
            by: by.or(old.map(|aim| aim.by)),
            minutes: minutes.or(old.and_then(|aim| aim.minutes)),
        }),
    };
    if let Some(what) = wanted {
        record(&mut context, vec![what])?;
        context.refold();
    }
    say(&context, asked.json, today)
}

fn say(context: &Context, json: bool, today: NaiveDate) -> Outcome {
    let schedule = Schedule::new(&context.progress, &context.config.recall);
    let deck = Deck::new(&context.course, &context.progress, &schedule.model, today);
    let aim = context.progress.aim();
    let minutes = context.config.plan.minutes;
    let laid = report::Plan::new(&context.course, &context.progress, &schedule, &deck, minutes);
    let minutes = aim.and_then(|aim| aim.minutes).unwrap_or(minutes);
    if json {
        let known = |f: &crate::recall::Forecast| (f.known * 1000.0).round() / 1000.0;
        return output::json(&Plan {
            by: aim.map(|aim| aim.by.to_string()),
            minutes,
            needed: laid.as_ref().map(report::Plan::needed),
            days_left: aim.map(|aim| (aim.by - today).num_days()),
            known: laid.as_ref().filter(|p| p.forecast.met > 0).map(|p| known(&p.forecast)),
            met: laid.as_ref().map(|p| p.forecast.met),
            unmet: laid.as_ref().map(|p| p.forecast.unmet),
            days: laid.iter().flat_map(|p| &p.days).map(Day::of).collect(),
        });
    }
    let Some(aim) = aim else {
        return output::print(
            "no day to aim at; `sdprep plan --by 2026-12-15 --minutes 60` sets one\n",
        );
    };
    let left = (aim.by - today).num_days();
    let when = match left {
        ..0 => "past; `sdprep plan --none` ends it, `--by` takes another".to_string(),
        0 => "today".into(),
        1 => "tomorrow".into(),
        days => format!("in {days} days"),
    };
    let mut text = format!("aim: {} ({when}), {minutes} min a day\n", aim.by);
    if let Some(plan) = &laid {
        text.push_str(&format!("{}\n", expectation(plan.by, &plan.forecast)));
        if !plan.days.is_empty() {
            let lessons = match plan.lessons {
                0 => "no lesson is left".to_string(),
                1 => format!("1 lesson is left, {:.0} min", plan.reading.ceil()),
                n => format!("{n} lessons are left, {:.0} min", plan.reading.ceil()),
            };
            text.push_str(&format!("{lessons}; with cards and rehearsals {}\n", plan.pace()));
        }
        for day in &plan.days {
            text.push_str(&row(day));
        }
    }
    output::print(&text)
}

/// `  Tue 1 Dec    43 min   lessons 2, 28, 41; 12 reviews, 5 new; rehearsal`
fn row(day: &report::plan::Day) -> String {
    let numbers: Vec<String> = day.lessons.iter().map(|l| l.number.to_string()).collect();
    let mut asked = Vec::new();
    if !numbers.is_empty() {
        let noun = if numbers.len() == 1 { "lesson" } else { "lessons" };
        asked.push(format!("{noun} {}", numbers.join(", ")));
    }
    let waiting = if day.waiting > 0 { format!(", {} wait", day.waiting) } else { String::new() };
    if day.reviews + day.new > 0 || day.waiting > 0 {
        let noun = if day.reviews == 1 { "review" } else { "reviews" };
        asked.push(format!("{} {noun}, {} new{waiting}", day.reviews, day.new));
    }
    if day.rehearsal {
        asked.push("rehearsal".into());
    }
    let date = day.date.format("%a %-d %b").to_string();
    format!("  {date:<11}{:>3} min   {}\n", day.minutes(), asked.join("; "))
}

impl Day {
    fn of(day: &report::plan::Day) -> Day {
        Day {
            date: day.date.to_string(),
            minutes: day.minutes(),
            lessons: day.lessons.iter().map(|lesson| lesson.slug.to_string()).collect(),
            reviews: day.reviews,
            new: day.new,
            waiting: day.waiting,
            rehearsal: day.rehearsal,
        }
    }
}
