//! Recall in numbers, for `stats` and the library.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::schedule::Ahead;
use super::{Deck, Model, Today, Why};

/// Interval in days from which a card counts as learned.
const LEARNED: u32 = 21;
/// Reviews below which no retention is told.
const FEW: usize = 20;
/// Days that retention looks back.
const BACK: i64 = 30;
/// Answers of a lesson in those days below which it is not called weak.
const TRIED: usize = 5;

/// Recall in numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cards {
    /// Cards of all lessons that are written, and the reader's own.
    pub total: usize,
    /// Reviews due today, and today's share of new cards of read lessons.
    pub due: usize,
    /// Of these the new ones.
    pub new: usize,
    /// Due, and put off to the days after by the limit.
    pub waiting: usize,
    /// The days after today.
    pub ahead: Ahead,
    /// Interval of 21 days or more.
    pub learned: usize,
    /// Share graded 2 or more of the reviews of 30 days; none under 20.
    pub retention: Option<f64>,
    /// The lesson with the largest share of misses in 30 days: slug, missed, answers; none while nothing was missed.
    pub weakest: Option<(String, usize, usize)>,
}

impl Cards {
    /// Counts a deck; `today` is what the rest of the day asks ([`Deck::ask`]).
    pub(super) fn new(deck: &Deck, today: &Today, ahead: Ahead) -> Cards {
        let mut cards = Cards {
            total: deck.cards.len(),
            due: today.cards.len(),
            new: today.count(Why::New),
            waiting: today.waiting,
            ahead,
            ..Cards::default()
        };
        let (mut known, mut reviews) = (0, 0);
        let mut lessons: HashMap<&str, (usize, usize)> = HashMap::new();
        for card in &deck.cards {
            let Some(history) = card.history else { continue };
            if let Some(last) = history.answers.last() {
                cards.learned += usize::from(last.interval >= LEARNED);
            }
            // The first answer is no review: nothing was there to remember.
            for answer in history.answers.iter().skip(1) {
                if (deck.today - answer.date).num_days() >= BACK {
                    continue;
                }
                reviews += 1;
                known += usize::from(answer.grade >= 2);
                if let Some(lesson) = card.lesson {
                    let of = lessons.entry(&lesson.slug).or_default();
                    of.0 += usize::from(answer.grade < 2);
                    of.1 += 1;
                }
            }
        }
        cards.retention = (reviews >= FEW).then(|| known as f64 / reviews as f64);
        let weak = lessons.into_iter().filter(|(_, (missed, of))| *missed > 0 && *of >= TRIED);
        let share = |(missed, of): (usize, usize)| missed as f64 / of as f64;
        cards.weakest = weak
            .max_by(|a, b| share(a.1).total_cmp(&share(b.1)).then_with(|| b.0.cmp(a.0)))
            .map(|(slug, (missed, of))| (slug.to_string(), missed, of));
        cards
    }
}

/// Seconds that an answer takes, about: for minutes said ahead.
pub const SECONDS_AN_ANSWER: usize = 20;

/// Whether the days after a break are needed: in so many days nothing waits any more.
pub fn days_of_backlog(deck: &Deck, model: &Model, limits: &super::Limits) -> usize {
    let end = deck.today + TimeDelta::days(60);
    let played = super::forecast(&deck.items, deck.done, limits, None, model, (deck.today, end));
    played.days.iter().take_while(|day| day.waiting > 0).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Limits, Schedule};
    use super::*;
    use crate::catalog::embedded;
    use crate::journal::{Event, What};
    use crate::progress::{Progress, Settings};

    fn cards(events: &[(&str, What)], now: &str, new_per_day: usize) -> Cards {
        let events: Vec<Event> = events
            .iter()
            .map(|(t, what)| Event {
                id: (*t).into(),
                t: t.parse().unwrap(),
                o: None,
                batch: None,
                what: what.clone(),
            })
            .collect();
        let settings = Settings { day_starts_at: chrono::NaiveTime::MIN };
        let course = embedded();
        let progress = Progress::fold(&course, &events.iter().collect::<Vec<_>>(), &settings);
        let limits = Limits { retention: 0.9, new_per_day, due_per_day: 60 };
        let schedule = Schedule { limits, ..Schedule::default() };
        let today = progress.today(now.parse().unwrap());
        schedule.cards(&Deck::new(&course, &progress, &schedule.model, today))
    }

    #[test]
    fn new_cards_come_with_the_lesson_and_only_todays_share_is_due() {
        let course = embedded();
        let lesson = course.listed().max_by_key(|l| l.cards.len()).unwrap();
        let read =
            ("2026-11-24T10:00:00Z", What::Mark { lesson: lesson.slug.to_string(), read: true });
        assert_eq!(cards(&[], "2026-11-24T11:00:00Z", 2).due, 0);
        assert_eq!(cards(std::slice::from_ref(&read), "2026-11-24T11:00:00Z", 2).due, 2);
        let card = lesson.card_key(&lesson.cards[0]);
        let grade = ("2026-11-24T10:30:00Z", What::Grade { card, grade: 3, interval: 30 });
        let after = cards(&[read.clone(), grade.clone()], "2026-11-24T11:00:00Z", 2);
        assert_eq!((after.due, after.learned), (1, 1), "one new card of today's two is answered");
        let left = lesson.cards.len() - 2;
        assert_eq!((after.ahead.tomorrow, after.ahead.week), (left.min(2), left.min(14)));
        let later = cards(&[read, grade], "2026-12-24T11:00:00Z", 0);
        assert_eq!(later.due, 1, "it falls due after the interval that the grade promised");
    }

    #[test]
    fn counting_without_replaying_the_answers_counts_the_same() {
        let course = embedded();
        let mut events: Vec<Event> = Vec::new();
        for (n, lesson) in course.listed().take(8).enumerate() {
            let t = |day: usize| format!("2026-11-{:02}T10:00:00Z", day + 1).parse().unwrap();
            let mut add = |day: usize, what: What| {
                let id = format!("x-{}", events.len());
                events.push(Event { id, t: t(day), o: None, batch: None, what });
            };
            add(0, What::Mark { lesson: lesson.slug.to_string(), read: true });
            for (at, id) in lesson.cards.iter().enumerate().skip(n % 3) {
                let card = lesson.card_key(id);
                let (grade, interval) = [(1, 0), (3, 2), (4, 30)][at % 3];
                add(1 + at % 20, What::Grade { card, grade, interval });
            }
        }
        events.sort_by_key(|event| event.t);
        let settings = Settings { day_starts_at: chrono::NaiveTime::MIN };
        let progress = Progress::fold(&course, &events.iter().collect::<Vec<_>>(), &settings);
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        for due_per_day in [3, 60] {
            let limits = Limits { retention: 0.9, new_per_day: 4, due_per_day };
            let schedule = Schedule { limits, ..Schedule::default() };
            let replayed = schedule.cards(&Deck::new(&course, &progress, &schedule.model, today));
            assert_eq!(schedule.cards(&Deck::counted(&course, &progress, today)), replayed);
            assert!(replayed.due >= 3, "{replayed:?}");
        }
    }

    #[test]
    fn an_own_card_is_met_at_once_and_a_suspended_or_buried_one_is_not_asked() {
        let own = What::Card {
            card: "caching#own-1".into(),
            place: None,
            question: "q".into(),
            answer: "a".into(),
        };
        let own = ("2026-11-24T10:00:00Z", own);
        let now = "2026-11-24T11:00:00Z";
        assert_eq!(cards(std::slice::from_ref(&own), now, 5).due, 1);
        let card = || "caching#own-1".to_string();
        let suspend = |on| ("2026-11-24T10:01:00Z", What::Suspend { card: card(), on });
        assert_eq!(cards(&[own.clone(), suspend(true)], now, 5).due, 0);
        assert_eq!(cards(&[own.clone(), suspend(true), suspend(false)], now, 5).due, 1);
        let bury = ("2026-11-24T10:01:00Z", What::Bury { card: card() });
        assert_eq!(cards(&[own.clone(), bury.clone()], now, 5).due, 0);
        assert_eq!(cards(&[own.clone(), bury], "2026-11-25T11:00:00Z", 5).due, 1);
        let gone = What::Card {
            card: card(),
            place: None,
            question: String::new(),
            answer: String::new(),
        };
        assert_eq!(cards(&[own, ("2026-11-24T10:02:00Z", gone)], now, 5).due, 0);
    }
}
