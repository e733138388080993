//! What the journal says of cards: due, learned, remembered. (The schedule itself is promised in each grade.)

use chrono::{NaiveDate, TimeDelta};

use super::{Progress, State};
use crate::course::Course;

/// Interval in days from which a card counts as learned.
const LEARNED: u32 = 21;
/// Reviews below which no retention is told.
const FEW: usize = 20;

/// Recall in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cards {
    /// Cards of all lessons that are written.
    pub total: usize,
    /// Reviews due today, and today's share of new cards of read lessons.
    pub due: usize,
    /// Interval of 21 days or more.
    pub learned: usize,
    /// Share graded 2 or more of the reviews of 30 days; none under 20.
    pub retention: Option<f64>,
}

/// One card's history.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Card {
    /// Date and grade of each answer.
    grades: Vec<(NaiveDate, u8)>,
    /// When it falls due, and the interval promised.
    due: Option<(NaiveDate, u32)>,
}

impl Card {
    pub fn graded(&mut self, date: NaiveDate, grade: u8, interval: u32) {
        self.grades.push((date, grade));
        let due = date.checked_add_signed(TimeDelta::days(i64::from(interval))).unwrap_or(date);
        self.due = Some((due, interval));
    }
}

pub(super) fn count(progress: &Progress, course: &Course, today: NaiveDate) -> Cards {
    let mut cards = Cards::default();
    let (mut new, mut recent) = (0, Vec::new());
    let mut introduced_today = 0;
    for lesson in course.listed() {
        let read = progress.lesson(&lesson.slug).state == State::Read;
        for id in lesson.cards.iter() {
            cards.total += 1;
            let Some(card) = progress.cards.get(&lesson.card_key(id)) else {
                new += usize::from(read);
                continue;
            };
            if let Some((due, interval)) = card.due {
                cards.due += usize::from(due <= today);
                cards.learned += usize::from(interval >= LEARNED);
            }
            introduced_today +=
                usize::from(card.grades.first().is_some_and(|(date, _)| *date == today));
            // The first answer is no review: nothing was there to remember.
            let reviews = card.grades.iter().skip(1);
            recent.extend(
                reviews
                    .filter(|(date, _)| (today - *date).num_days() < 30)
                    .map(|(_, grade)| *grade),
            );
        }
    }
    let share_of_today = (progress.settings.new_per_day as usize).saturating_sub(introduced_today);
    cards.due += new.min(share_of_today);
    let known = recent.iter().filter(|grade| **grade >= 2).count();
    cards.retention = (recent.len() >= FEW).then(|| known as f64 / recent.len() as f64);
    cards
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Settings;
    use super::*;
    use crate::catalog::embedded;
    use crate::journal::{Event, What};

    fn cards(events: &[(&str, What)], now: &str, new_per_day: u32) -> Cards {
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
        let settings = Settings { day_starts_at: chrono::NaiveTime::MIN, new_per_day };
        let course = embedded();
        Progress::fold(&course, &events.iter().collect::<Vec<_>>(), &settings)
            .cards(&course, now.parse().unwrap())
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
        let later = cards(&[read, grade], "2026-12-24T11:00:00Z", 0);
        assert_eq!(later.due, 1, "it falls due after the interval that the grade promised");
    }
}
