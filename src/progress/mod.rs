//! Progress: a pure fold of the journal over the course. Never stored, never edited.

mod cards;
mod days;
mod kept;
mod pace;
mod rehearsals;
mod tried;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};

pub use cards::{Aim, Answered, CardHistory, OwnCard};
pub use days::{Day, Streak};
pub use kept::{Kept, KeptWhat};
pub use pace::Pace;
pub use rehearsals::{Session, Ticks};
pub use tried::{LabRun, OwnEstimates};

use crate::config::Config;
use crate::course::{Course, Entry, Track};
use crate::journal::{Event, What};

/// Share of a lesson's minutes that must have been active before reaching its end means *read*. Assumed.
pub const READ_SHARE: f64 = 0.2;

/// What of the configuration progress depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Acts before it belong to the day before.
    pub day_starts_at: NaiveTime,
}

impl Settings {
    /// From the configuration.
    pub fn of(config: &Config) -> Self {
        Settings { day_starts_at: config.day_starts() }
    }
}

/// Where a lesson stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    /// Never seen.
    #[default]
    Unopened,
    /// Seen in the reader or printed.
    Opened,
    /// Its end was reached after enough time, or marked so.
    Read,
}

/// Where the reader stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Heading id of the section; none before the first heading.
    pub heading: Option<String>,
    /// Share of the section's characters.
    pub fraction: f64,
    /// Share of the lesson's characters.
    pub share: f64,
}

/// What was done with one lesson.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LessonProgress {
    /// Where it stands.
    pub state: State,
    /// Where the reader stopped.
    pub position: Option<Position>,
    /// Active seconds.
    pub active: u32,
    /// Day on which it was read (last).
    pub read_on: Option<NaiveDate>,
    /// Hash of the body when it was read, if known.
    pub version: Option<u32>,
    /// Times opened.
    pub opens: u32,
    /// Active seconds by heading of the lesson, the part before the first heading first; empty before any. Time is
    /// spread over the headings that were passed.
    pub sections: Vec<f32>,
    /// Where the time of the last `at` of this visit ends, as an index in `sections`.
    stands: Option<usize>,
}

/// All that follows from the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    lessons: HashMap<String, LessonProgress>,
    untouched: LessonProgress,
    track: Option<String>,
    days: Vec<Day>,
    cards: HashMap<String, CardHistory>,
    own: Vec<OwnCard>,
    rehearsals: Vec<Session>,
    labs: Vec<LabRun>,
    estimates: OwnEstimates,
    aim: Option<Aim>,
    weights: Option<Vec<f32>>,
    kept: Vec<Kept>,
    pace: Pace,
    settings: Settings,
}

impl Progress {
    /// Folds events in their order over a course. Events of lessons that the course does not have stay uncounted,
    /// but their days count.
    #[allow(clippy::too_many_lines)] // one arm a kind of event
    pub fn fold(course: &Course, events: &[&Event], settings: &Settings) -> Self {
        let aliases: HashMap<&str, &str> = course
            .lessons
            .iter()
            .flat_map(|lesson| lesson.aliases.iter().map(|old| (&**old, &*lesson.slug)))
            .collect();
        let names = Names(aliases);
        let mut progress = Progress {
            lessons: HashMap::new(),
            untouched: LessonProgress::default(),
            track: None,
            days: Vec::new(),
            cards: HashMap::new(),
            own: Vec::new(),
            rehearsals: Vec::new(),
            labs: Vec::new(),
            estimates: OwnEstimates::default(),
            aim: None,
            weights: None,
            kept: Vec::new(),
            pace: Pace::default(),
            settings: *settings,
        };
        let entries: HashMap<&str, &Entry> =
            course.lessons.iter().map(|entry| (&*entry.slug, entry)).collect();
        let mut replaced = HashSet::new();
        let mut days = days::Builder::default();
        for event in events {
            let date = Self::date_of(event.t, settings.day_starts_at);
            match &event.what {
                What::Open { lesson, .. } => {
                    let known = progress.entry(names.lesson(lesson));
                    known.open();
                    known.opens += 1;
                    known.stands = None;
                }
                What::At { lesson, heading, fraction, share, seconds } => {
                    let name = names.lesson(lesson);
                    let entry = entries.get(name);
                    let known = progress.entry(name);
                    known.open();
                    known.active = known.active.saturating_add(*seconds);
                    if let Some(entry) = entry {
                        known.spread(entry, heading.as_deref(), *seconds);
                    }
                    let (heading, fraction, share) = (heading.clone(), *fraction, *share);
                    known.position = Some(Position { heading, fraction, share });
                    days.active(date, event.t, *seconds);
                }
                What::Read { lesson, version } => {
                    let name = names.lesson(lesson);
                    if let Some(entry) = entries.get(name) {
                        let active = progress.lesson(name).active;
                        progress.pace.read(entry.seconds, active);
                    }
                    progress.entry(name).read(date, *version);
                    days.lesson(date, event.t);
                }
                What::Mark { lesson, read: true } => {
                    progress.entry(names.lesson(lesson)).read(date, None);
                    days.lesson(date, event.t);
                }
                What::Mark { lesson, read: false } => {
                    let known = progress.entry(names.lesson(lesson));
                    known.state = State::Opened;
                    (known.read_on, known.version) = (None, None);
                }
                What::Track { track } => progress.track.clone_from(track),
                What::Grade { card, grade, interval } => {
                    let answered = Answered { date, grade: *grade, interval: *interval };
                    progress.answers(names.card(card)).answers.push(answered);
                    days.card(date, event.t);
                }
                What::Suspend { card, on } => progress.answers(names.card(card)).suspended = *on,
                What::Bury { card } => progress.answers(names.card(card)).buried = Some(date),
                What::Card { card, place, question, answer } => {
                    let key = names.card(card).into_owned();
                    OwnCard::take(&mut progress.own, key, place.clone(), question, answer);
                }
                What::Aim { by, minutes } => {
                    progress.aim = by.map(|by| Aim { by, minutes: *minutes });
                }
                What::Fit { weights } => progress.weights.clone_from(weights),
                What::Bookmark { lesson, .. }
                | What::Note { lesson, .. }
                | What::Highlight { lesson, .. } => {
                    progress.kept.extend(Kept::of(event, names.lesson(lesson).to_string(), date));
                    if let What::Note { over, .. } = &event.what {
                        replaced.extend(over.iter().map(String::as_str));
                    }
                }
                What::Rehearse { rehearsal, step } => {
                    Session::take(&mut progress.rehearsals, rehearsal, step, date, &names);
                    days.counts(date, event.t);
                }
                What::Lab { .. } => {
                    progress.labs.extend(LabRun::of(event, date));
                    days.counts(date, event.t);
                }
                What::Estimate { lesson, name, set } => {
                    progress.estimates.take(names.lesson(lesson).to_string(), name, set);
                }
                // A step of a rehearsal that a later version knows.
                What::Other { kind } if kind == "rehearse" => days.counts(date, event.t),
                What::Undo { .. } | What::Other { .. } => {}
            }
        }
        kept::settle(&mut progress.kept, &replaced);
        progress.days = days.finish();
        progress
    }

    fn entry(&mut self, slug: &str) -> &mut LessonProgress {
        self.lessons.entry(slug.to_string()).or_default()
    }

    /// What was done with a lesson, by its slug.
    pub fn lesson(&self, slug: &str) -> &LessonProgress {
        self.lessons.get(slug).unwrap_or(&self.untouched)
    }

    /// The track in use; none is the series.
    pub fn track(&self) -> Option<&str> {
        self.track.as_deref()
    }

    /// The first lesson of a track (or of the series) that is not read. A draft never is.
    pub fn next<'c>(&self, course: &'c Course, track: Option<&Track>) -> Option<&'c Entry> {
        course.order(track).into_iter().find(|entry| self.lesson(&entry.slug).state != State::Read)
    }

    /// Bookmarks, notes and highlights of all lessons, oldest first.
    pub fn kept(&self) -> &[Kept] {
        &self.kept
    }

    /// The reader's own pace.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Every day on which something was done, oldest first.
    pub fn days(&self) -> &[Day] {
        &self.days
    }

    /// Days in a row up to now.
    pub fn streak(&self, now: DateTime<FixedOffset>) -> Streak {
        days::streak(&self.days, Self::date_of(now, self.settings.day_starts_at))
    }

    /// What was done with a card, by its key; none if it was never answered, suspended or put off.
    pub fn card(&self, key: &str) -> Option<&CardHistory> {
        self.cards.get(key)
    }

    /// What was done with every card, those included that left the course, in no order.
    pub fn cards(&self) -> impl Iterator<Item = (&str, &CardHistory)> {
        self.cards.iter().map(|(key, history)| (key.as_str(), history))
    }

    /// The reader's own cards, oldest first.
    pub fn own_cards(&self) -> &[OwnCard] {
        &self.own
    }

    /// Rehearsals in the order in which they were begun, those not ended included.
    pub fn rehearsals(&self) -> &[Session] {
        &self.rehearsals
    }

    /// Runs of labs, oldest first.
    pub fn labs(&self) -> &[LabRun] {
        &self.labs
    }

    /// The reader's own inputs of estimates.
    pub fn estimates(&self) -> &OwnEstimates {
        &self.estimates
    }

    /// The day that is aimed at.
    pub fn aim(&self) -> Option<Aim> {
        self.aim
    }

    /// Weights fitted to the reader's own answers; none are the default ones.
    pub fn weights(&self) -> Option<&[f32]> {
        self.weights.as_deref()
    }

    /// The day that a moment belongs to.
    pub fn today(&self, now: DateTime<FixedOffset>) -> NaiveDate {
        Self::date_of(now, self.settings.day_starts_at)
    }

    fn answers(&mut self, key: Cow<'_, str>) -> &mut CardHistory {
        self.cards.entry(key.into_owned()).or_default()
    }

    /// The day that a moment belongs to, at the offset that was recorded with it.
    pub fn date_of(t: DateTime<FixedOffset>, day_starts_at: NaiveTime) -> NaiveDate {
        let start = day_starts_at.signed_duration_since(NaiveTime::MIN);
        t.naive_local().checked_sub_signed(start).unwrap_or(t.naive_local()).date()
    }
}

/// Present slugs of lessons by those that they once had.
struct Names<'a>(HashMap<&'a str, &'a str>);

impl<'a> Names<'a> {
    /// The slug of a lesson today.
    fn lesson(&self, name: &'a str) -> &'a str {
        self.0.get(name).copied().unwrap_or(name)
    }

    /// The key of a card under the slug of its lesson today.
    fn card(&self, card: &'a str) -> Cow<'a, str> {
        match card.split_once('#') {
            Some((lesson, id)) if self.0.contains_key(lesson) => {
                format!("{}#{id}", self.lesson(lesson)).into()
            }
            _ => card.into(),
        }
    }
}

impl LessonProgress {
    fn open(&mut self) {
        if self.state == State::Unopened {
            self.state = State::Opened;
        }
    }

    /// Puts active seconds to the headings between the last place of this visit and this one.
    fn spread(&mut self, entry: &Entry, heading: Option<&str>, seconds: u32) {
        let at = match heading {
            None => 0,
            Some(id) => match entry.headings.iter().position(|heading| heading.id == id) {
                Some(at) => at + 1,
                None => return, // renamed since
            },
        };
        self.sections.resize(entry.headings.len() + 1, 0.0);
        let from = self.stands.filter(|from| *from <= at).unwrap_or(at);
        let share = seconds as f32 / (at - from + 1) as f32;
        for section in &mut self.sections[from..=at] {
            *section += share;
        }
        self.stands = Some(at);
    }

    /// Its end was reached in too little time for it to become *read*.
    pub fn paged(&self, entry: &Entry) -> bool {
        let at_end = self.position.as_ref().is_some_and(|at| at.share >= 0.995);
        let enough = f64::from(entry.minutes) * 60.0 * READ_SHARE;
        self.state == State::Opened && at_end && f64::from(self.active) < enough
    }

    /// Whether the text has changed since it was read; false where that is not known.
    pub fn changed(&self, entry: &Entry) -> bool {
        self.state == State::Read && self.version.is_some_and(|version| version != entry.hash)
    }

    fn read(&mut self, date: NaiveDate, version: Option<u32>) {
        self.state = State::Read;
        self.read_on = Some(date);
        self.version = version;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalog::embedded;

    fn event(t: &str, what: What) -> Event {
        Event { id: t.into(), t: t.parse().unwrap(), o: None, batch: None, what }
    }

    fn fold(events: &[Event]) -> Progress {
        let settings = Settings { day_starts_at: NaiveTime::from_hms_opt(4, 0, 0).unwrap() };
        Progress::fold(&embedded(), &events.iter().collect::<Vec<_>>(), &settings)
    }

    fn mark(read: bool) -> What {
        What::Mark { lesson: "lost-update".into(), read }
    }

    #[test]
    fn read_then_marked_unread_is_opened_and_keeps_its_place() {
        let at = What::At {
            lesson: "lost-update".into(),
            heading: Some("x".into()),
            fraction: 0.5,
            share: 0.25,
            seconds: 40,
        };
        let events = [
            event("2026-11-24T10:00:00+01:00", at),
            event("2026-11-24T10:01:00+01:00", mark(true)),
            event("2026-11-24T10:02:00+01:00", mark(false)),
        ];
        let progress = fold(&events[..2]);
        assert_eq!(progress.lesson("lost-update").state, State::Read);
        let progress = fold(&events);
        let known = progress.lesson("lost-update");
        assert_eq!((known.state, known.active, known.read_on), (State::Opened, 40, None));
        assert!((known.position.as_ref().unwrap().share - 0.25).abs() < 1e-9);
    }

    #[test]
    fn next_is_the_first_unread_of_the_order_and_never_a_draft() {
        let course = embedded();
        let first = fold(&[]).next(&course, None).unwrap().clone();
        assert!(!first.draft);
        let read = event(
            "2026-11-24T10:00:00Z",
            What::Mark { lesson: first.slug.to_string(), read: true },
        );
        let second = fold(&[read]).next(&course, None).map(|e| e.number);
        assert!(second.is_none_or(|number| number > first.number));
    }

    #[test]
    fn an_act_after_midnight_belongs_to_the_day_before_until_the_day_starts() {
        let start = NaiveTime::from_hms_opt(4, 0, 0).unwrap();
        let date = |t: &str| Progress::date_of(t.parse().unwrap(), start).to_string();
        assert_eq!(date("2026-11-25T03:59:00+01:00"), "2026-11-24");
        assert_eq!(date("2026-11-25T04:00:00+01:00"), "2026-11-25");
    }

    #[test]
    fn a_lesson_that_left_the_course_is_uncounted_but_its_day_is_not() {
        let gone = event("2026-11-24T10:00:00Z", What::Mark { lesson: "gone".into(), read: true });
        let progress = fold(&[gone]);
        assert_eq!(progress.days().len(), 1);
        let stats = crate::report::Stats::new(
            &embedded(),
            &progress,
            &crate::config::Recall::default(),
            "2026-11-24T11:00:00Z".parse().unwrap(),
        );
        assert_eq!((stats.lessons.read, stats.streak.current), (0, 1));
    }
}
