//! Days and streaks.
//!
//! A day counts with a lesson read, a grade, a lab, a rehearsal phase, or 5 active minutes. Two days join if their
//! dates are neighbours, or if acts of them lie under 24 h apart: a flight over the date line breaks nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};

/// Active seconds that make a day count.
const ENOUGH: u32 = 5 * 60;

/// One day on which something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Its date.
    pub date: NaiveDate,
    /// Active seconds.
    pub seconds: u32,
    /// Lessons read.
    pub lessons: u32,
    /// Cards graded.
    pub cards: u32,
    /// Whether it counts for the streak.
    pub counts: bool,
    /// First and last act.
    span: (DateTime<FixedOffset>, DateTime<FixedOffset>),
}

/// Days in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Streak {
    /// Up to today; an empty today breaks nothing yet.
    pub current: u32,
    /// The longest ever.
    pub longest: u32,
}

#[derive(Default)]
pub(super) struct Builder(BTreeMap<NaiveDate, Day>);

impl Builder {
    fn day(&mut self, date: NaiveDate, t: DateTime<FixedOffset>) -> &mut Day {
        let new = Day { date, seconds: 0, lessons: 0, cards: 0, counts: false, span: (t, t) };
        let day = self.0.entry(date).or_insert(new);
        day.span = (day.span.0.min(t), day.span.1.max(t));
        day
    }

    pub fn active(&mut self, date: NaiveDate, t: DateTime<FixedOffset>, seconds: u32) {
        let day = self.day(date, t);
        day.seconds = day.seconds.saturating_add(seconds);
        day.counts |= day.seconds >= ENOUGH;
    }

    pub fn lesson(&mut self, date: NaiveDate, t: DateTime<FixedOffset>) {
        let day = self.day(date, t);
        (day.lessons, day.counts) = (day.lessons + 1, true);
    }

    pub fn card(&mut self, date: NaiveDate, t: DateTime<FixedOffset>) {
        let day = self.day(date, t);
        (day.cards, day.counts) = (day.cards + 1, true);
    }

    pub fn counts(&mut self, date: NaiveDate, t: DateTime<FixedOffset>) {
        self.day(date, t).counts = true;
    }

    pub fn finish(self) -> Vec<Day> {
        self.0.into_values().collect()
    }
}

/// The streak at a date. Days after it (a clock that was ahead) count for nothing.
pub(super) fn streak(days: &[Day], today: NaiveDate) -> Streak {
    let (mut run, mut longest) = (0, 0);
    let mut last: Option<&Day> = None;
    for day in days.iter().filter(|day| day.counts && day.date <= today) {
        run = if last.is_some_and(|last| joined(last, day)) { run + 1 } else { 1 };
        longest = longest.max(run);
        last = Some(day);
    }
    let alive = last.is_some_and(|last| today - last.date <= TimeDelta::days(1));
    Streak { current: if alive { run } else { 0 }, longest }
}

fn joined(earlier: &Day, later: &Day) -> bool {
    later.date - earlier.date <= TimeDelta::days(1)
        || later.span.0 - earlier.span.1 < TimeDelta::hours(24)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Progress;
    use super::*;
    use chrono::NaiveTime;

    fn at(times: &[&str], today: &str) -> (u32, u32) {
        let mut builder = Builder::default();
        for time in times {
            let t: DateTime<FixedOffset> = time.parse().unwrap();
            builder.lesson(Progress::date_of(t, NaiveTime::from_hms_opt(4, 0, 0).unwrap()), t);
        }
        let streak = streak(&builder.finish(), today.parse().unwrap());
        (streak.current, streak.longest)
    }

    #[test]
    fn days_join_over_both_nights_on_which_clocks_change() {
        let spring = ["2026-03-28T23:00:00+01:00", "2026-03-29T23:00:00+02:00"];
        assert_eq!(at(&spring, "2026-03-29"), (2, 2));
        let autumn = ["2026-10-24T23:00:00+02:00", "2026-10-25T23:00:00+01:00"];
        assert_eq!(at(&autumn, "2026-10-25"), (2, 2));
    }

    #[test]
    fn a_flight_over_the_date_line_breaks_nothing() {
        // Honolulu on the 1st at 20:00, Auckland on the 3rd at 19:00: 24 h less one apart, a date missing.
        let west = ["2026-06-01T20:00:00-10:00", "2026-06-03T17:59:00+12:00"];
        assert_eq!(at(&west, "2026-06-03"), (2, 2));
    }

    #[test]
    fn an_empty_today_breaks_nothing_and_an_empty_yesterday_does() {
        let days = ["2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z"];
        assert_eq!(at(&days, "2026-11-24"), (2, 2));
        assert_eq!(at(&days, "2026-11-25"), (0, 2));
    }

    #[test]
    fn days_in_the_future_make_no_streak() {
        let days = ["2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z", "2027-01-01T10:00:00Z"];
        assert_eq!(at(&days, "2026-11-24"), (2, 2));
    }

    #[test]
    fn five_active_minutes_make_a_day_and_less_does_not() {
        let t: DateTime<FixedOffset> = "2026-11-24T10:00:00Z".parse().unwrap();
        let mut builder = Builder::default();
        builder.active(t.date_naive(), t, 299);
        assert!(!builder.0[&t.date_naive()].counts);
        builder.active(t.date_naive(), t, 1);
        assert!(builder.finish()[0].counts);
    }
}
