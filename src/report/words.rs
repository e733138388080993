//! The sentences in which progress and the plan are told, on the command line and on the screens.

use chrono::{Datelike, Duration, NaiveDate};

use super::plan::{self, Plan};
use super::stats::{Cards, Labs, Pace, Stats};
use crate::course::Course;
use crate::progress::Aim;
use crate::recall::Forecast;

/// `1 day`, `11 days`
pub fn days(count: u32) -> String {
    if count == 1 { "1 day".into() } else { format!("{count} days") }
}

/// `191 cards, 12 due today, 9 tomorrow, 58 in the next 7 days; 40 learned`
pub fn cards(cards: &Cards) -> String {
    format!(
        "{} cards, {} due today, {} tomorrow, {} in the next 7 days; {} learned",
        cards.total, cards.due, cards.tomorrow, cards.week, cards.learned
    )
}

/// `retention of 30 days: 91 %, wanted 90 %; weakest 48 Replication (3 of 7 missed)`
pub fn retention(cards: &Cards, wanted: f64, course: &Course) -> String {
    let share = match cards.retention {
        Some(share) => format!("{:.0} %, wanted {:.0} %", share * 100.0, wanted * 100.0),
        None => "not known yet".into(),
    };
    let weakest = cards.weakest.as_ref().map_or(String::new(), |weak| {
        let lesson = course
            .by_slug(&weak.lesson)
            .map_or_else(|| weak.lesson.clone(), |l| format!("{} {}", l.number, l.short_title()));
        format!("; weakest {lesson} ({} of {} missed)", weak.missed, weak.answers)
    });
    format!("retention of 30 days: {share}{weakest}")
}

/// `6 rehearsals, the last 64 URL shortener`
pub fn rehearsals(stats: &Stats, course: &Course) -> String {
    let last = stats.rehearsals.last.as_ref().and_then(|slug| course.by_slug(slug));
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

/// `5 of 20 labs run; half of your 4 predicted numbers at most 1.4 times too high or too low; 2 of 3 choices right`
pub fn labs(labs: &Labs) -> String {
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

/// `pace: 0.92 of the stated minutes, from 12 lessons`
pub fn pace(pace: &Pace) -> String {
    if pace.lessons == 0 {
        return "pace: as the lessons state, until one was read to its end".into();
    }
    let of =
        if pace.lessons == 1 { "1 lesson".into() } else { format!("{} lessons", pace.lessons) };
    format!("pace: {:.2} of the stated minutes, from {of}", pace.factor)
}

/// Seven lines, Monday first, one column a week, the last of them this one.
pub fn calendar(stats: &Stats, today: NaiveDate, weeks: i64) -> Vec<String> {
    let monday = today - Duration::days(i64::from(today.weekday().num_days_from_monday()));
    let first = monday - Duration::weeks(weeks - 1);
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
            (0..weeks).map(|week| cell(first + Duration::days(7 * week + weekday))).collect();
        format!("{name} {}", cells.join(" "))
    };
    (0..7).zip(names.iter()).map(row).collect()
}

/// What the calendar's cells mean.
pub const LEGEND: &str = "less · ▪ ■ █ more";

/// `aim: 2026-12-15 (in 14 days), 60 min a day`; `minutes` are those that the aim or the configuration gives.
pub fn aim(aim: &Aim, today: NaiveDate, minutes: u32) -> String {
    let when = match (aim.by - today).num_days() {
        ..0 => "past".to_string(),
        0 => "today".into(),
        1 => "tomorrow".into(),
        days => format!("in {days} days"),
    };
    format!("aim: {} ({when}), {minutes} min a day", aim.by)
}

/// What the day aimed at will find, if each day does what it asks.
pub fn expectation(day: NaiveDate, forecast: &Forecast) -> String {
    let date = day.format("%-d %B");
    if forecast.met == 0 {
        return format!("Aim: {date}. Nothing met yet that could be known then.");
    }
    let known = forecast.known * forecast.met as f64;
    let mut said = format!(
        "On {date} about {known:.0} of {} cards will be known, if each day does what it asks",
        forecast.met,
    );
    if let Some(most) = forecast.days.iter().map(|day| day.reviews + day.new).max() {
        said.push_str(&format!(", at most {most} cards a day"));
    }
    said.push('.');
    if forecast.unmet > 0 {
        said.push_str(&format!(" {} more will not be met by then.", forecast.unmet));
    }
    said
}

/// `31 lessons are left, 566 min; with cards and rehearsals 51 min a day of 60: on pace`
pub fn lessons_left(plan: &Plan<'_>) -> String {
    let lessons = match plan.lessons {
        0 => "no lesson is left".to_string(),
        1 => format!("1 lesson is left, {:.0} min", plan.reading.ceil()),
        n => format!("{n} lessons are left, {:.0} min", plan.reading.ceil()),
    };
    format!("{lessons}; with cards and rehearsals {}", plan.pace())
}

/// `Tue 1 Dec   43 min   lessons 2, 28, 41; 12 reviews, 5 new; rehearsal`
pub fn day(day: &plan::Day<'_>) -> String {
    let numbers: Vec<String> = day.lessons.iter().map(|l| l.number.to_string()).collect();
    let mut asked = Vec::new();
    if !numbers.is_empty() {
        let noun = if numbers.len() == 1 { "lesson" } else { "lessons" };
        asked.push(format!("{noun} {}", numbers.join(", ")));
    }
    let reviews = match day.reviews {
        0 => None,
        1 => Some("1 review".into()),
        count => Some(format!("{count} reviews")),
    };
    let new = match (day.new, &reviews) {
        (0, _) => None,
        (count, Some(_)) => Some(format!("{count} new")),
        (1, None) => Some("1 new card".into()),
        (count, None) => Some(format!("{count} new cards")),
    };
    let waiting = (day.waiting > 0).then(|| format!("{} wait", day.waiting));
    let cards: Vec<String> = [reviews, new, waiting].into_iter().flatten().collect();
    if !cards.is_empty() {
        asked.push(cards.join(", "));
    }
    if day.rehearsal {
        asked.push("rehearsal".into());
    }
    let date = day.date.format("%a %-d %b").to_string();
    format!("{date:<11}{:>3} min   {}", day.minutes(), asked.join("; "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalog::embedded;
    use crate::progress::{Progress, Settings};

    #[test]
    fn the_calendar_ends_with_today_and_leaves_the_future_blank() {
        let settings = Settings { day_starts_at: chrono::NaiveTime::MIN };
        let course = embedded();
        let progress = Progress::fold(&course, &[], &settings);
        let now = "2026-11-24T10:00:00Z".parse().unwrap();
        let mut stats = Stats::new(&course, &progress, &crate::config::Recall::default(), now);
        stats.days = vec![crate::report::stats::Day {
            date: "2026-11-24".into(),
            minutes: 50,
            lessons: 1,
            cards: 0,
        }];
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(); // a Tuesday
        let weeks = calendar(&stats, today, 18);
        assert!(weeks[1].ends_with("· █"), "{}", weeks[1]);
        assert!(weeks[2].ends_with("·  "), "{:?}", weeks[2]);
    }

    #[test]
    fn a_day_of_the_plan_names_what_it_asks_and_nothing_else() {
        let day = |reviews, new, waiting| {
            let date = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
            let (lessons, rehearsal) = (Vec::new(), waiting > 0);
            super::day(&plan::Day { date, lessons, reading: 0.0, reviews, new, waiting, rehearsal })
        };
        assert_eq!(day(0, 0, 0), "Tue 1 Dec    0 min   ");
        assert_eq!(day(1, 2, 0), "Tue 1 Dec    1 min   1 review, 2 new");
        assert_eq!(day(12, 0, 0), "Tue 1 Dec    4 min   12 reviews");
        assert_eq!(day(0, 1, 0), "Tue 1 Dec    1 min   1 new card");
        assert_eq!(day(0, 6, 3), "Tue 1 Dec   12 min   6 new cards, 3 wait; rehearsal");
    }

    #[test]
    fn predictions_are_told_as_what_half_of_them_kept_to_in_two_digits() {
        let of = |predicted, factor| Labs {
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
}
