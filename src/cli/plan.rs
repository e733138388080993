//! `sdprep plan`: the day aimed at, and what each day asks until then.

use chrono::{Duration, NaiveDate};
use serde::Serialize;

use super::context::Context;
use super::mark::record;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::recall::{Deck, Schedule};
use crate::report::{self, aim, words};

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
    if let Some(day) = by {
        aim::possible(day, today).map_err(|said| Failure::new(Exit::Usage, said))?;
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
    let mut text = words::aim(&aim, today, minutes);
    if aim.by < today {
        text.push_str("; `sdprep plan --none` ends it, `--by` takes another");
    }
    text.push('\n');
    if let Some(plan) = &laid {
        text.push_str(&format!("{}\n", words::expectation(plan.by, &plan.forecast)));
        if !plan.days.is_empty() {
            text.push_str(&format!("{}\n", words::lessons_left(plan)));
        }
        for day in &plan.days {
            text.push_str(&format!("  {}\n", words::day(day)));
        }
    }
    output::print(&text)
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
