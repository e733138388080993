//! What the journal says of cards: answers, cards put aside, cards of the reader's own, the day aimed at.

use chrono::{NaiveDate, TimeDelta};

use crate::journal::Place;

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// Day.
    pub date: NaiveDate,
    /// 1 again, 2 hard, 3 good, 4 easy.
    pub grade: u8,
    /// Days until the card is due, as promised then; 0 is again that day.
    pub interval: u32,
}

/// One card's history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardHistory {
    /// Oldest first.
    pub answers: Vec<Answered>,
    /// Not asked until taken back.
    pub suspended: bool,
    /// Not asked on this day.
    pub buried: Option<NaiveDate>,
}

impl CardHistory {
    /// The day on which it falls due: what the last grade promised. None before the first answer.
    pub fn due(&self) -> Option<NaiveDate> {
        let last = self.answers.last()?;
        let days = TimeDelta::days(i64::from(last.interval));
        Some(last.date.checked_add_signed(days).unwrap_or(NaiveDate::MAX))
    }

    /// Whether the card is met for the first time on a day.
    pub fn introduced(&self, day: NaiveDate) -> bool {
        self.answers.first().is_some_and(|first| first.date == day)
    }

    /// Whether it was answered on a day.
    pub fn answered(&self, day: NaiveDate) -> bool {
        self.answers.last().is_some_and(|last| last.date == day)
    }

    /// Whether it may be asked on a day.
    pub fn askable(&self, day: NaiveDate) -> bool {
        !self.suspended && self.buried != Some(day)
    }
}

/// A card of the reader's own.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnCard {
    /// `slug#own-id`
    pub key: String,
    /// Where it came from in that lesson.
    pub place: Option<Place>,
    /// Question.
    pub question: String,
    /// Answer.
    pub answer: String,
}

impl OwnCard {
    /// Adds a card, replaces the words of the one with its key, or removes it if there is no question.
    pub(super) fn take(
        own: &mut Vec<OwnCard>,
        key: String,
        place: Option<Place>,
        question: &str,
        answer: &str,
    ) {
        let at = own.iter().position(|card| card.key == key);
        let card = OwnCard { key, place, question: question.into(), answer: answer.into() };
        match at {
            Some(at) if question.is_empty() => {
                own.remove(at);
            }
            Some(at) => own[at] = card,
            None if question.is_empty() => {}
            None => own.push(card),
        }
    }

    /// Slug of the lesson that it came from; empty if none.
    pub fn lesson(&self) -> &str {
        self.key.split_once('#').map_or("", |(lesson, _)| lesson)
    }
}

/// The day of the interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim {
    /// Day.
    pub by: NaiveDate,
    /// Minutes a day for reading, recall and rehearsal together; none is the configuration's.
    pub minutes: Option<u32>,
}
