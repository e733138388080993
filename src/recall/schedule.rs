//! What decides about a reader's cards: the model with their weights, their limits, the day they aim at.

use chrono::NaiveDate;

use super::{Deck, Forecast, Limits, Model, Today, forecast};
use crate::config;
use crate::course::Course;
use crate::progress::Progress;

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

    /// The days from the deck's day up to `end`.
    pub fn forecast(&self, deck: &Deck, end: NaiveDate) -> Forecast {
        let days = (deck.today, end);
        forecast(&deck.items, deck.done, &self.limits, self.aim, &self.model, days)
    }
}
