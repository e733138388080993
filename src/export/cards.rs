//! The cards with their words and where the reader stands with each.

use chrono::NaiveDate;

use crate::course::{Course, Entry};
use crate::markdown::Document;
use crate::progress::{Answered, CardHistory, OwnCard, Progress};
use crate::recall;
use crate::text::clean;

/// One card as it leaves the program. Every text is clean: it holds no control characters but tab and newline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportedCard {
    /// `slug#id`
    pub key: String,
    /// Slug of its lesson; empty for a card of the reader's own that has none.
    pub lesson: String,
    /// Number of the lesson; none if the course does not have it.
    pub number: Option<u16>,
    /// Title of the lesson as lists show it; empty if the course does not have it.
    pub title: String,
    /// Text of the heading under which it stands; empty if there is none.
    pub heading: String,
    /// Markdown.
    pub question: String,
    /// Markdown.
    pub answer: String,
    /// Level, kind, slug and tags of the lesson, and `own` for the reader's own; no blanks in any, none twice.
    pub tags: Vec<String>,
    /// Day on which it comes again; none before the first answer.
    pub due: Option<NaiveDate>,
    /// Days that the last grade promised; 0 is again that day.
    pub interval: u32,
    /// Answers.
    pub reps: usize,
    /// Answers "again" after a grade that had promised a day or more.
    pub lapses: usize,
    /// Not asked until taken back.
    pub suspended: bool,
}

/// The cards of a lesson, in order of its text.
pub fn of_lesson(entry: &Entry, document: &Document, progress: &Progress) -> Vec<ExportedCard> {
    let card = |words: recall::Words| {
        let key = entry.card_key(&words.id);
        let card = ExportedCard {
            lesson: entry.slug.to_string(),
            question: clean(&words.question).into_owned(),
            answer: clean(&words.answer).into_owned(),
            ..ExportedCard::default()
        };
        let known = progress.card(&key);
        card.at(Some(entry), words.heading.as_deref(), false).known(&key, known)
    };
    recall::words(document).into_iter().map(card).collect()
}

/// The reader's own cards, oldest first.
pub fn own(course: &Course, progress: &Progress) -> Vec<ExportedCard> {
    let card = |own: &OwnCard| {
        let entry = course.by_slug(own.lesson());
        let heading = own.place.as_ref().and_then(|place| place.heading.as_deref());
        let card = ExportedCard {
            lesson: clean(own.lesson()).into_owned(),
            question: clean(&own.question).into_owned(),
            answer: clean(&own.answer).into_owned(),
            ..ExportedCard::default()
        };
        card.at(entry, heading, true).known(&own.key, progress.card(&own.key))
    };
    progress.own_cards().iter().map(card).collect()
}

impl ExportedCard {
    /// With what its lesson says.
    fn at(mut self, entry: Option<&Entry>, heading: Option<&str>, own: bool) -> Self {
        let mut tags = Vec::new();
        if let Some(entry) = entry {
            self.number = Some(entry.number);
            self.title = clean(entry.short_title()).into_owned();
            let renamed = entry.heading_aliases.iter().find(|(old, _)| heading == Some(old));
            let id = renamed.map_or(heading, |(_, new)| Some(new));
            let found = entry.headings.iter().find(|heading| id == Some(&*heading.id));
            self.heading = found.map_or(String::new(), |found| clean(&found.title).into_owned());
            tags.extend([entry.level.name(), entry.kind.name(), &entry.slug]);
            tags.extend(entry.tags.iter().map(|tag| &**tag));
        }
        tags.extend(own.then_some("own"));
        for tag in tags {
            let words: Vec<&str> = tag.split_whitespace().collect();
            let tag = clean(&words.join("-")).to_lowercase();
            if !tag.is_empty() && !self.tags.contains(&tag) {
                self.tags.push(tag);
            }
        }
        self
    }

    /// With what was done with it.
    fn known(mut self, key: &str, history: Option<&CardHistory>) -> Self {
        self.key = clean(key).into_owned();
        if let Some(history) = history {
            let lapse = |two: &&[Answered]| two[0].interval > 0 && two[1].grade == 1;
            self.due = history.due();
            self.interval = history.answers.last().map_or(0, |last| last.interval);
            self.reps = history.answers.len();
            self.lapses = history.answers.windows(2).filter(lapse).count();
            self.suspended = history.suspended;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::Config;
    use crate::journal::{Event, Place, What};
    use crate::markdown;
    use crate::progress::Settings;

    fn folded(course: &Course, what: Vec<What>) -> Progress {
        let event = |(day, what): (usize, What)| Event {
            id: format!("x-{day:02}"),
            t: format!("2026-11-{:02}T10:00:00+01:00", day + 1).parse().unwrap(),
            o: None,
            batch: None,
            what,
        };
        let events: Vec<Event> = what.into_iter().enumerate().map(event).collect();
        Progress::fold(
            course,
            &events.iter().collect::<Vec<_>>(),
            &Settings::of(&Config::default()),
        )
    }

    fn small_course() -> Course {
        crate::catalog::open(std::path::Path::new("tests/course")).unwrap()
    }

    fn grade(card: &str, grade: u8, interval: u32) -> What {
        What::Grade { card: card.into(), grade, interval }
    }

    #[test]
    fn a_card_of_the_course_has_its_place_its_tags_and_what_was_done_with_it() {
        let course = small_course();
        let entry = course.by_slug("littles-law").unwrap();
        let document = markdown::parse(&course.body(entry).unwrap(), entry.body_line as usize);
        let key = "littles-law#first-fact";
        let progress = folded(
            &course,
            vec![
                grade(key, 1, 0),
                grade(key, 1, 0), // not known yet: no lapse
                grade(key, 3, 4),
                grade(key, 1, 0),
                grade(key, 2, 7),
                What::Suspend { card: key.into(), on: true },
            ],
        );
        let cards = of_lesson(entry, &document, &progress);
        let wanted = ExportedCard {
            key: key.into(),
            lesson: "littles-law".into(),
            number: Some(25),
            title: "Little's Law: The Secret Formula for System Performance".into(),
            heading: "Design".into(),
            question: "Which of the two calls is answered last?".into(),
            answer: "The first, since it waits for the second.".into(),
            tags: [
                "advanced",
                "concept",
                "littles-law",
                "latency",
                "throughput",
                "queueing",
                "pools",
            ]
            .map(String::from)
            .into(),
            due: NaiveDate::from_ymd_opt(2026, 11, 12),
            interval: 7,
            reps: 5,
            lapses: 1,
            suspended: true,
        };
        assert_eq!(cards, [wanted]);
    }

    #[test]
    fn own_cards_are_those_with_a_question_and_keep_their_last_words() {
        let own = |card: &str, question: &str| What::Card {
            card: card.into(),
            place: Some(Place { heading: Some("estimate".into()), ..Place::default() }),
            question: question.into(),
            answer: "a\u{1f}b".into(),
        };
        let course = small_course();
        let progress = folded(
            &course,
            vec![
                own("littles-law#own-1", "First?"),
                own("littles-law#own-2", "Gone?"),
                own("#own-3", "From nowhere?"),
                own("left-the-course#own-4", "Still mine?"),
                own("littles-law#own-1", "First, again?"),
                own("littles-law#own-2", ""),
            ],
        );
        let cards = super::own(&course, &progress);
        let said: Vec<_> = cards
            .iter()
            .map(|card| (&*card.key, &*card.question, card.number, &*card.heading, card.tags.len()))
            .collect();
        assert_eq!(
            said,
            [
                ("littles-law#own-1", "First, again?", Some(25), "Estimate", 8),
                ("#own-3", "From nowhere?", None, "", 1),
                ("left-the-course#own-4", "Still mine?", None, "", 1),
            ]
        );
        assert_eq!(cards[0].answer, "a\u{fffd}b", "Anki parts fields by U+001F");
    }
}
