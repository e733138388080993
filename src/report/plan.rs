//! The days up to the one aimed at: lessons laid on them, what their cards will ask, and whether it fits the minutes.
//!
//! The lessons that are left lie on the days in their order, each day about the same minutes; what was read today counts
//! for today. Cards of a lesson laid on a day are met from the day after.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};

use crate::course::{Course, Entry};
use crate::progress::{Progress, State};
use crate::recall::{Deck, Forecast, SECONDS_AN_ANSWER, Schedule, forecast};

/// Days before the one aimed at on which a rehearsal of ten minutes is asked.
const REHEARSE: i64 = 4;
/// Minutes of such a rehearsal.
const REHEARSAL: u32 = 10;
/// Days that are laid out at most; further off nothing said of a day would hold.
const FAR: i64 = 120;

/// What each day asks until the day aimed at.
#[derive(Debug)]
pub struct Plan<'c> {
    /// The day aimed at.
    pub by: NaiveDate,
    /// Minutes a day that the reader has.
    pub minutes: u32,
    /// From today to the day before.
    pub days: Vec<Day<'c>>,
    /// Lessons left.
    pub lessons: usize,
    /// Minutes left in them, at the reader's pace.
    pub reading: f64,
    /// What is known on the day if each day does what it asks, the lessons included.
    pub forecast: Forecast,
}

/// One of them.
#[derive(Debug)]
pub struct Day<'c> {
    /// Date.
    pub date: NaiveDate,
    /// Lessons laid on it.
    pub lessons: Vec<&'c Entry>,
    /// Their minutes at the reader's pace.
    pub reading: f64,
    /// Cards asked again.
    pub reviews: usize,
    /// Cards met.
    pub new: usize,
    /// Due, and put off by the limit.
    pub waiting: usize,
    /// Whether a rehearsal is asked.
    pub rehearsal: bool,
}

impl Day<'_> {
    /// Minutes of reading, recall and rehearsal.
    pub fn minutes(&self) -> u32 {
        let cards = ((self.reviews + self.new) * SECONDS_AN_ANSWER).div_ceil(60);
        self.reading.ceil() as u32 + cards as u32 + if self.rehearsal { REHEARSAL } else { 0 }
    }
}

impl<'c> Plan<'c> {
    /// The plan of a reader; none without a day to aim at, or when it is past or more than 120 days off. `deck` is that of
    /// today with its memories, `minutes` those of the configuration.
    pub fn new(
        course: &'c Course,
        progress: &Progress,
        schedule: &Schedule,
        deck: &Deck,
        minutes: u32,
    ) -> Option<Self> {
        let (today, by) = (deck.today, schedule.aim_from(deck.today)?);
        let count = (by - today).num_days();
        if count > FAR {
            return None;
        }
        let track = progress.track().and_then(|id| course.track(id));
        let left = left(&course.order(track), progress, today);
        let on = lay(&left, count as usize);
        let reading = left.iter().filter(|(lesson, _)| lesson.is_some()).map(|(_, m)| m).sum();
        let mut days: Vec<Day<'c>> = (0..count)
            .map(|n| Day {
                date: today + TimeDelta::days(n),
                lessons: Vec::new(),
                reading: 0.0,
                reviews: 0,
                new: 0,
                waiting: 0,
                rehearsal: count - n <= REHEARSE && has_rehearsal(course, progress),
            })
            .collect();
        let mut met: HashMap<&str, NaiveDate> = HashMap::new();
        for ((lesson, minutes), day) in left.iter().zip(on) {
            if let (Some(lesson), Some(day)) = (lesson, days.get_mut(day)) {
                // Those of the last day are met on it, or never.
                met.insert(
                    &*lesson.slug,
                    (day.date + TimeDelta::days(1)).min(by - TimeDelta::days(1)),
                );
                day.lessons.push(lesson);
                day.reading += minutes;
            }
        }
        let mut items = deck.items.clone();
        for (card, item) in deck.cards.iter().zip(&mut items) {
            let suspended = card.history.is_some_and(|history| history.suspended);
            if item.from.is_none() && !suspended {
                item.from = card.lesson.and_then(|lesson| met.get(&*lesson.slug)).copied();
            }
        }
        let (limits, model) = (&schedule.limits, &schedule.model);
        let forecast = forecast(&items, deck.done, limits, Some(by), model, (today, by));
        for (day, asked) in days.iter_mut().zip(&forecast.days) {
            (day.reviews, day.new, day.waiting) = (asked.reviews, asked.new, asked.waiting);
        }
        let minutes = progress.aim().and_then(|aim| aim.minutes).unwrap_or(minutes);
        let lessons = left.iter().filter(|(lesson, _)| lesson.is_some()).count();
        Some(Plan { by, minutes, days, lessons, reading, forecast })
    }

    /// Minutes a day that it takes, in the mean.
    pub fn needed(&self) -> u32 {
        let sum: u32 = self.days.iter().map(Day::minutes).sum();
        sum.div_ceil(self.days.len().max(1) as u32)
    }

    /// `51 min a day of 60: on pace`
    pub fn pace(&self) -> String {
        let (needed, minutes) = (self.needed(), self.minutes);
        match (self.days.len(), needed.saturating_sub(minutes)) {
            (0, _) => "today is the day".into(),
            (_, 0) => format!("{needed} min a day of {minutes}: on pace"),
            (_, over) => format!("{needed} min a day, {over} more than the {minutes} planned"),
        }
    }
}

/// The unread lessons with the minutes left in them, behind the minutes of those that were read today.
fn left<'c>(
    order: &[&'c Entry],
    progress: &Progress,
    today: NaiveDate,
) -> Vec<(Option<&'c Entry>, f64)> {
    let pace = progress.pace().factor();
    let minutes = |lesson: &Entry| f64::from(lesson.minutes) * pace;
    let read = order.iter().filter(|lesson| progress.lesson(&lesson.slug).read_on == Some(today));
    let done = (None, read.map(|lesson| minutes(lesson)).sum());
    let unread = order.iter().filter(|lesson| progress.lesson(&lesson.slug).state != State::Read);
    let unread = unread.map(|lesson| {
        let share = progress.lesson(&lesson.slug).position.as_ref().map_or(0.0, |at| at.share);
        // Paged to its end is not read.
        let share = if share < 0.95 { share } else { 0.0 };
        (Some(*lesson), minutes(lesson) * (1.0 - share))
    });
    std::iter::once(done).chain(unread).collect()
}

/// The day of each, so that each of `days` has about the same minutes.
fn lay(left: &[(Option<&Entry>, f64)], days: usize) -> Vec<usize> {
    let quota = left.iter().map(|(_, minutes)| minutes).sum::<f64>() / days.max(1) as f64;
    let mut before = 0.0;
    let day = |(_, minutes): &(Option<&Entry>, f64)| {
        let middle = before + minutes / 2.0;
        before += minutes;
        if quota > 0.0 { ((middle / quota) as usize).min(days.saturating_sub(1)) } else { 0 }
    };
    left.iter().map(day).collect()
}

fn has_rehearsal(course: &Course, progress: &Progress) -> bool {
    course
        .listed()
        .any(|lesson| lesson.rehearsal > 0 && progress.lesson(&lesson.slug).state == State::Read)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalog::embedded;
    use crate::journal::{Event, What};
    use crate::progress::Settings;

    fn plan<'c>(course: &'c Course, what: Vec<What>, minutes: u32, check: impl Fn(Plan<'c>)) {
        let t = "2026-12-01T19:00:00Z".parse().unwrap();
        let event = |(n, what)| Event { id: format!("x-{n}"), t, o: None, batch: None, what };
        let events: Vec<Event> = what.into_iter().enumerate().map(event).collect();
        let settings = Settings { day_starts_at: chrono::NaiveTime::MIN };
        let progress = Progress::fold(course, &events.iter().collect::<Vec<_>>(), &settings);
        let aim = progress.aim().map(|aim| aim.by);
        let schedule = Schedule { aim, ..Schedule::default() };
        let today = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let deck = Deck::new(course, &progress, &schedule.model, today);
        check(Plan::new(course, &progress, &schedule, &deck, minutes).unwrap());
    }

    fn sprint() -> Vec<What> {
        let by = NaiveDate::from_ymd_opt(2026, 12, 15);
        vec![What::Track { track: Some("sprint".into()) }, What::Aim { by, minutes: None }]
    }

    #[test]
    fn the_lessons_of_a_track_lie_on_the_days_in_order_and_each_day_has_about_the_same() {
        let course = embedded();
        let order: Vec<&str> =
            course.order(course.track("sprint")).iter().map(|l| &*l.slug).collect();
        plan(&course, sprint(), 60, |plan| {
            assert_eq!(plan.days.len(), 14);
            let laid: Vec<&str> =
                plan.days.iter().flat_map(|day| &day.lessons).map(|l| &*l.slug).collect();
            assert_eq!(laid, order);
            let mean = plan.reading / 14.0;
            for day in &plan.days {
                assert!((day.reading - mean).abs() < 25.0, "{day:?}");
            }
            assert_eq!(plan.days[0].new, 0, "cards come the day after their lesson");
            assert!(plan.days[1].new > 0);
            assert!(plan.forecast.met > 100 && plan.forecast.unmet == 0, "{:?}", plan.forecast);
            assert!(plan.pace().ends_with("on pace"), "{}", plan.pace());
        });
        plan(&course, sprint(), 30, |plan| {
            assert!(plan.pace().ends_with("more than the 30 planned"), "{}", plan.pace());
        });
    }

    #[test]
    fn what_was_read_today_counts_for_today() {
        let course = embedded();
        let mut what = sprint();
        for slug in ["interview-basics", "requirements-and-constraints", "capacity-estimation"] {
            what.push(What::Mark { lesson: slug.into(), read: true });
        }
        plan(&course, what, 60, |plan| {
            assert_eq!(plan.lessons, 28);
            let today: u16 = plan.days[0].lessons.iter().map(|l| l.minutes).sum();
            assert!(today <= 16, "{:?}", plan.days[0]);
        });
    }
}
