//! `sdprep plan`: the day aimed at. (Laying lessons on days comes with the plan proper.)

use chrono::{Duration, NaiveDate};
use serde::Serialize;

use super::context::Context;
use super::mark::record;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::journal::What;
use crate::recall::{Deck, Schedule};
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
    days_left: Option<i64>,
    /// Expected share of the cards met that are known on the day.
    known: Option<f64>,
    met: Option<usize>,
    unmet: Option<usize>,
    /// Reviews and new cards of each day until then.
    days: Vec<Day>,
}

#[derive(Serialize)]
struct Day {
    date: String,
    reviews: usize,
    new: usize,
    waiting: usize,
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
    let forecast = schedule.aim_from(today).map(|day| (day, schedule.forecast(&deck, day)));
    let minutes = aim.and_then(|aim| aim.minutes).unwrap_or(context.config.plan.minutes);
    if json {
        let known = |f: &crate::recall::Forecast| (f.known * 1000.0).round() / 1000.0;
        return output::json(&Plan {
            by: aim.map(|aim| aim.by.to_string()),
            minutes,
            days_left: aim.map(|aim| (aim.by - today).num_days()),
            known: forecast.as_ref().filter(|(_, f)| f.met > 0).map(|(_, f)| known(f)),
            met: forecast.as_ref().map(|(_, f)| f.met),
            unmet: forecast.as_ref().map(|(_, f)| f.unmet),
            days: forecast.iter().flat_map(|(_, f)| &f.days).map(Day::of).collect(),
        });
    }
    let Some(aim) = aim else {
        return output::print(
            "no day to aim at; `sdprep plan --by 2026-12-15 --minutes 60` sets one\n",
        );
    };
    let left = (aim.by - today).num_days();
    let when = match left {
        ..0 => "past".to_string(),
        0 => "today".into(),
        1 => "tomorrow".into(),
        days => format!("in {days} days"),
    };
    let mut text = format!("aim: {} ({when}), {minutes} min a day\n", aim.by);
    if let Some((day, forecast)) = &forecast {
        text.push_str(&format!("{}\n", expectation(*day, forecast)));
        let ahead = forecast.days.iter().take(7);
        for day in ahead {
            let waiting =
                if day.waiting > 0 { format!(", {} wait", day.waiting) } else { String::new() };
            let date = day.date.format("%a %-d %b").to_string();
            text.push_str(&format!(
                "  {date:<11} {:>3} reviews, {:>2} new{waiting}\n",
                day.reviews, day.new
            ));
        }
    }
    output::print(&text)
}

impl Day {
    fn of(day: &crate::recall::Day) -> Day {
        Day { date: day.date.to_string(), reviews: day.reviews, new: day.new, waiting: day.waiting }
    }
}
