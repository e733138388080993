//! The cards that there are: those of the written lessons, and the reader's own.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{Done, Item, Limits, Memory, Model, Today, choose};
use crate::course::blocks::Block;
use crate::course::{Course, Entry};
use crate::markdown::Document;
use crate::progress::{Answered, CardHistory, OwnCard, Progress, State};

/// One card.
#[derive(Debug, Clone)]
pub struct DeckCard<'a> {
    /// `slug#id`
    pub key: String,
    /// The lesson that it comes from; an own card may have none.
    pub lesson: Option<&'a Entry>,
    /// The reader's own words; none for a card of the course, whose words stand in the lesson.
    pub own: Option<&'a OwnCard>,
    /// None before anything was done with it.
    pub history: Option<&'a CardHistory>,
}

/// All cards on one day.
#[derive(Debug)]
pub struct Deck<'a> {
    /// In the order of the course's numbers and of the texts; own cards last.
    pub cards: Vec<DeckCard<'a>>,
    /// What [`choose`] looks at, one for one.
    pub items: Vec<Item>,
    /// What was done today.
    pub done: Done,
    /// The day.
    pub today: NaiveDate,
}

impl<'a> Deck<'a> {
    /// The deck of a day.
    pub fn new(
        course: &'a Course,
        progress: &'a Progress,
        model: &Model,
        today: NaiveDate,
    ) -> Self {
        Deck::with(course, progress, today, &|answers| model.memory(answers))
    }

    /// The deck of a day whose cards are only counted: a memory says when its last answer was, and nothing else. Without a
    /// day to aim at that is all that counts depend on, and `stats --line` replays no answers.
    pub fn counted(course: &'a Course, progress: &'a Progress, today: NaiveDate) -> Self {
        Deck::with(course, progress, today, &|answers| {
            let last = answers.last()?.date;
            Some(Memory { stability: 1.0, difficulty: 5.0, last })
        })
    }

    fn with(
        course: &'a Course,
        progress: &'a Progress,
        today: NaiveDate,
        memory: &dyn Fn(&[Answered]) -> Option<Memory>,
    ) -> Self {
        let of_course = course.listed().flat_map(|lesson| {
            lesson.cards.iter().map(move |id| (lesson.card_key(id), Some(lesson), None))
        });
        let own = progress
            .own_cards()
            .iter()
            .map(|card| (card.key.clone(), course.by_slug(card.lesson()), Some(card)));
        let mut deck = Deck { cards: Vec::new(), items: Vec::new(), done: Done::default(), today };
        for (key, lesson, own) in of_course.chain(own) {
            let history = progress.card(&key);
            let met = history.filter(|history| !history.answers.is_empty());
            if let Some(history) = met.filter(|history| history.answered(today)) {
                deck.done.new += usize::from(history.introduced(today));
                deck.done.reviews += usize::from(!history.introduced(today));
            }
            let read = || {
                own.is_some()
                    || lesson.is_some_and(|l| progress.lesson(&l.slug).state == State::Read)
            };
            deck.items.push(Item {
                memory: met.and_then(|history| memory(&history.answers)),
                due: met.and_then(CardHistory::due),
                from: match history {
                    Some(history) if history.suspended => None,
                    _ if met.is_none() && !read() => None,
                    Some(history) if !history.askable(today) => today.succ_opt(),
                    _ => Some(today),
                },
            });
            deck.cards.push(DeckCard { key, lesson, own, history });
        }
        deck
    }

    /// What is left of the day.
    pub fn ask(&self, limits: &Limits, aim: Option<NaiveDate>, model: &Model) -> Today {
        choose(&self.items, self.done, limits, aim, model, self.today)
    }
}

/// The words of a card as its lesson has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Id in the lesson.
    pub id: String,
    /// Question.
    pub question: String,
    /// Answer.
    pub answer: String,
    /// Id of the heading of its section.
    pub heading: Option<String>,
}

/// A key for a new card of the reader's own: two are never written in one millisecond.
pub fn own_key(lesson: &str, now: DateTime<FixedOffset>) -> String {
    format!("{lesson}#own-{:x}", now.timestamp_millis())
}

/// The words of all cards of a lesson.
pub fn words(document: &Document) -> Vec<Words> {
    let cards = document.fences.iter().filter_map(|fence| match &fence.block {
        Block::Card(card) => Some(Words {
            id: card.id.clone(),
            question: card.question.value.clone(),
            answer: card.answer.value.clone(),
            heading: fence.section.map(|at| document.headings[at].id.clone()),
        }),
        _ => None,
    });
    cards.collect()
}
