//! What decides about a reader's cards: the model with their weights, their limits, the day they aim at.

use chrono::{NaiveDate, TimeDelta};

use super::today::LAST_DAYS;
use super::{Cards, Deck, Forecast, Limits, Model, Today, forecast};
use crate::config;
use crate::course::Course;
use crate::progress::Progress;

/// What the days after today ask if all that today asks is done and no lesson is read: each will say the same in its turn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Reviews and new cards of tomorrow.
    pub tomorrow: usize,
    /// Of the seven days after today.
    pub week: usize,
    /// The first day that asks something, and how many cards.
    pub next: Option<(NaiveDate, usize)>,
}

impl Ahead {
    /// What the due dates say.
    fn by_dates(deck: &Deck, today: &Today, limits: &Limits) -> Ahead {
        let asked = |item: &super::Item| Some(item.due?.max(item.from?));
        let mut days: Vec<i64> = deck
            .items
            .iter()
            .filter_map(asked)
            .map(|day| (day - deck.today).num_days())
            .filter(|days| *days > 0)
            .collect();
        days.sort_unstable();
        let within = |most: i64| today.waiting + days.partition_point(|days| *days <= most);
        let due = within(1);
        let new = if due > limits.due_per_day { 0 } else { limits.new_per_day };
        let tomorrow = due.min(limits.due_per_day) + today.new_later.min(new);
        let first = match (tomorrow, days.first()) {
            (0, Some(first)) => Some((*first, days.partition_point(|days| days <= first))),
            (0, None) => None,
            (count, _) => Some((1, count)),
        };
        Ahead {
            tomorrow,
            week: within(7).min(7 * limits.due_per_day)
                + today.new_later.min(7 * limits.new_per_day),
            next: first.map(|(days, count)| (deck.today + TimeDelta::days(days), count)),
        }
    }
}

/// The schedule of one reader.
#[derive(Default)]
pub struct Schedule {
    /// With the weights in force.
    pub model: Model,
    /// From the configuration.
    pub limits: Limits,
    /// From the journal.
    pub aim: Option<NaiveDate>,
}

impl Schedule {
    /// Of a reader.
    pub fn new(progress: &Progress, config: &config::Recall) -> Schedule {
        Schedule {
            model: Model::new(progress.weights()),
            limits: Limits {
                retention: config.retention,
                new_per_day: config.new_per_day as usize,
                due_per_day: config.due_per_day as usize,
            },
            aim: progress.aim().map(|aim| aim.by),
        }
    }

    /// The day aimed at, if it is not past.
    pub fn aim_from(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.aim.filter(|day| *day >= today)
    }

    /// The day aimed at, if cards that come again after so many days may be asked before that because of it.
    pub fn sooner(&self, today: NaiveDate, days: u32) -> Option<NaiveDate> {
        let aim = self.aim_from(today)?;
        ((aim - today).num_days() - LAST_DAYS < i64::from(days)).then_some(aim)
    }

    /// The deck of a day, for counting: with a day to aim at the counts depend on what is known.
    pub fn deck_to_count<'a>(
        &self,
        course: &'a Course,
        progress: &'a Progress,
        today: NaiveDate,
    ) -> Deck<'a> {
        match self.aim_from(today) {
            Some(_) => Deck::new(course, progress, &self.model, today),
            None => Deck::counted(course, progress, today),
        }
    }

    /// What is left of the deck's day.
    pub fn ask(&self, deck: &Deck) -> Today {
        deck.ask(&self.limits, self.aim, &self.model)
    }

    /// A deck in numbers.
    pub fn cards(&self, deck: &Deck) -> Cards {
        let today = self.ask(deck);
        Cards::new(deck, &today, self.ahead(deck, &today))
    }

    /// What the days to come ask of the cards at hand: with a day to aim at by playing them, since it brings cards before
    /// they are due; without one by the dates.
    pub fn ahead(&self, deck: &Deck, today: &Today) -> Ahead {
        let ahead = Ahead::by_dates(deck, today, &self.limits);
        if self.aim_from(deck.today).is_none() {
            return ahead;
        }
        let days = self.forecast(deck, deck.today + TimeDelta::days(8)).days;
        let asked = |day: &super::Day| day.reviews + day.new;
        let next = days.iter().skip(1).find(|day| asked(day) > 0);
        Ahead {
            tomorrow: days.get(1).map_or(0, asked),
            week: days.iter().skip(1).map(asked).sum(),
            next: next.map_or(ahead.next, |day| Some((day.date, asked(day)))),
        }
    }

    /// The days from the deck's day up to `end`.
    pub fn forecast(&self, deck: &Deck, end: NaiveDate) -> Forecast {
        let days = (deck.today, end);
        forecast(&deck.items, deck.done, &self.limits, self.aim, &self.model, days)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalog::embedded;
    use crate::journal::{Event, What};
    use crate::progress::Settings;

    /// A reader who answers every card that a day asks, each eighth one not at first.
    struct Reader {
        course: Course,
        events: Vec<Event>,
        limits: Limits,
    }

    impl Reader {
        fn add(&mut self, day: i64, what: What) {
            let t = format!("2026-12-{:02}T19:00:00Z", day + 1).parse().unwrap();
            let id = format!("x-{}", self.events.len());
            self.events.push(Event { id, t, o: None, batch: None, what });
        }

        /// The numbers of a day; if `answers`, after all that it asks is answered.
        fn day(&mut self, day: i64, answers: bool) -> Cards {
            let date = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap() + TimeDelta::days(day);
            loop {
                let settings = Settings { day_starts_at: chrono::NaiveTime::MIN };
                let events: Vec<&Event> = self.events.iter().collect();
                let progress = Progress::fold(&self.course, &events, &settings);
                let aim = progress.aim().map(|aim| aim.by);
                let schedule = Schedule { limits: self.limits, aim, ..Schedule::default() };
                let deck = Deck::new(&self.course, &progress, &schedule.model, date);
                let Some((at, _)) = schedule.ask(&deck).cards.first().copied().filter(|_| answers)
                else {
                    return schedule.cards(&deck);
                };
                let grade = if self.events.len().is_multiple_of(8) { 1 } else { 3 };
                let memory = deck.items[at].memory.as_ref();
                let interval = schedule.model.intervals(memory, date, self.limits.retention);
                let interval = interval[usize::from(grade) - 1];
                let card = deck.cards[at].key.clone();
                drop(deck);
                self.add(day, What::Grade { card, grade, interval });
            }
        }
    }

    /// Each evening's word about tomorrow is what the next morning says.
    fn evenings_and_mornings_agree(aim: Option<i64>, limits: Limits) {
        let mut reader = Reader { course: embedded(), events: Vec::new(), limits };
        if let Some(day) = aim {
            let by = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap() + TimeDelta::days(day);
            reader.add(0, What::Aim { by: Some(by), minutes: None });
        }
        let slugs: Vec<String> =
            reader.course.listed().take(7).map(|lesson| lesson.slug.to_string()).collect();
        let mut asked = 0;
        for day in 0..13 {
            let said = match day {
                0 => None,
                _ => Some(reader.day(day - 1, true).ahead.tomorrow),
            };
            let now = reader.day(day, false);
            assert!(said.is_none_or(|said| said == now.due), "day {day}: {said:?}, {now:?}");
            asked += now.due;
            if let Some(slug) = slugs.get(day as usize) {
                reader.add(day, What::Mark { lesson: slug.clone(), read: true });
            }
        }
        assert!(asked > 30, "{asked}");
    }

    #[test]
    fn each_evening_says_of_tomorrow_what_the_morning_finds() {
        evenings_and_mornings_agree(None, Limits::default());
        evenings_and_mornings_agree(
            None,
            Limits { due_per_day: 4, new_per_day: 2, retention: 0.9 },
        );
    }

    #[test]
    fn so_it_is_with_a_day_to_aim_at_that_brings_cards_before_they_are_due() {
        evenings_and_mornings_agree(Some(10), Limits::default());
        evenings_and_mornings_agree(Some(12), Limits { due_per_day: 9, ..Limits::default() });
    }
}
