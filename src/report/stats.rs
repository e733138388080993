//! Progress summed up. The fields are those of `stats --json`.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use crate::config;
use crate::course::{Course, Entry, Level};
use crate::labs;
use crate::progress::{Progress, State};
use crate::recall::Schedule;
use crate::rehearsal;

/// All of `sdprep stats`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stats {
    /// Lessons of the course that are written.
    pub lessons: Lessons,
    /// Minutes.
    pub minutes: Minutes,
    /// By level.
    pub levels: Vec<Part>,
    /// By track.
    pub tracks: Vec<Part>,
    /// Days in a row.
    pub streak: Streak,
    /// Every day on which something was done.
    pub days: Vec<Day>,
    /// Recall cards.
    pub cards: Cards,
    /// Rehearsals and the profile over the phases.
    pub rehearsals: Rehearsals,
    /// Labs, and how far off the predictions were.
    pub labs: Labs,
    /// How fast the reader is.
    pub pace: Pace,
    /// Track in use; null is the series.
    pub track: Option<String>,
    /// Slug of the next unread lesson.
    pub next: Option<String>,
}

/// Counts of lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Lessons {
    pub total: usize,
    pub opened: usize,
    pub read: usize,
}

/// Minutes: as stated, of the read lessons, and really active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Minutes {
    pub total: u32,
    pub read: u32,
    pub active: u32,
}

/// A level or a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Part {
    pub name: String,
    pub total: usize,
    pub read: usize,
    /// As stated, of all its lessons.
    pub minutes: u32,
}

/// Rehearsals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Rehearsals {
    /// Gone through to their end.
    pub count: usize,
    /// Slug of the last of these.
    pub last: Option<String>,
    /// The phases in their order.
    pub profile: Vec<PhaseShare>,
}

/// A phase over all designs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct PhaseShare {
    pub phase: &'static str,
    /// Share of rubric lines met in the last five rehearsals of it; null before the first.
    pub share: Option<f64>,
    /// `mid`, `senior`, `staff`: most often reached in these; null for none.
    pub level: Option<&'static str>,
    /// Each rehearsal of it.
    pub over_time: Vec<ShareOn>,
    /// Where to read again: the lesson in which it went worst of these; null if it went well.
    pub read: Option<String>,
}

/// A share on a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct ShareOn {
    pub date: String,
    pub share: f64,
}

impl Rehearsals {
    /// Below this share a phase is to be read again.
    const WELL: f64 = 0.6;

    /// Sums up.
    pub fn new(progress: &Progress) -> Self {
        let round = |share: f64| (share * 1000.0).round() / 1000.0;
        let ended = || progress.rehearsals().iter().filter(|session| session.ended);
        let profile =
            rehearsal::profile(progress.rehearsals()).into_iter().map(|phase| PhaseShare {
                phase: phase.phase,
                share: phase.share.map(round),
                level: phase.level.checked_sub(1).map(|level| rehearsal::LEVELS[level]),
                over_time: phase
                    .over_time
                    .iter()
                    .map(|(date, share)| ShareOn { date: date.to_string(), share: round(*share) })
                    .collect(),
                read: phase.worst.filter(|_| phase.share.is_some_and(|share| share < Self::WELL)),
            });
        Rehearsals {
            count: ended().count(),
            last: ended().next_back().map(|session| session.lesson.clone()),
            profile: profile.collect(),
        }
    }
}

/// Labs and predictions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Labs {
    pub total: usize,
    /// Run at least once.
    pub run: usize,
    /// Runs before which something was predicted.
    pub predicted: usize,
    /// Median of larger over smaller of predicted and measured numbers; null before the first.
    pub factor: Option<f64>,
    /// Choices that were right, of those predicted.
    pub right: usize,
    pub choices: usize,
}

impl Labs {
    /// Sums up.
    pub fn new(progress: &Progress) -> Self {
        let (mut factors, mut right, mut choices, mut predicted) = (Vec::new(), 0, 0, 0);
        for run in progress.labs() {
            let (Some(lab), Some(guess)) = (labs::find(&run.lab), run.predicted) else { continue };
            predicted += 1;
            match lab.question {
                labs::Question::Choice { .. } => {
                    choices += 1;
                    right += usize::from((guess - run.measured).abs() < 0.5);
                }
                // What cannot be told by a ratio is as far off as can be.
                labs::Question::Number { .. } => {
                    factors.push(labs::factor(guess, run.measured).unwrap_or(f64::INFINITY));
                }
            }
        }
        factors.sort_by(f64::total_cmp);
        let median = factors.get(factors.len() / 2).copied().filter(|factor| factor.is_finite());
        let ran = |lab: &&&labs::Lab| progress.labs().iter().any(|run| run.lab == lab.name);
        Labs {
            total: labs::ALL.len(),
            run: labs::ALL.iter().filter(ran).count(),
            predicted,
            factor: median.map(|factor| (factor * 100.0).round() / 100.0),
            right,
            choices,
        }
    }
}

/// The reader's own pace.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Pace {
    /// What measured minutes are multiplied by; 1 until lessons were read.
    pub factor: f64,
    /// Lessons that it was learned from.
    pub lessons: u32,
}

/// Days in a row on which something counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Streak {
    pub current: u32,
    pub longest: u32,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Day {
    /// `2026-11-24`
    pub date: String,
    /// Active.
    pub minutes: u32,
    /// Read.
    pub lessons: u32,
    /// Graded.
    pub cards: u32,
}

/// Recall.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Cards {
    pub total: usize,
    /// Reviews due today and today's share of new cards of read lessons.
    pub due: usize,
    /// Interval of 21 days or more.
    pub learned: usize,
    /// Share graded 2 or more of the reviews of 30 days; null under 20.
    pub retention: Option<f64>,
    /// Of `due`, the new ones.
    pub new: usize,
    /// Due, and put off by the day's limit.
    pub waiting: usize,
    /// Cards that tomorrow asks if today's are done, and the seven days after today.
    pub tomorrow: usize,
    pub week: usize,
    /// The lesson with the largest share of misses in 30 days; null while nothing was missed.
    pub weakest: Option<Weakest>,
}

/// A lesson whose cards are missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Weakest {
    pub lesson: String,
    pub missed: usize,
    pub answers: usize,
}

impl Stats {
    /// Sums up at a moment.
    pub fn new(
        course: &Course,
        progress: &Progress,
        config: &config::Recall,
        now: DateTime<FixedOffset>,
    ) -> Self {
        let state = |lesson: &Entry| progress.lesson(&lesson.slug).state;
        let all: Vec<&Entry> = course.listed().collect();
        let read = all.iter().filter(|l| state(l) == State::Read);
        let part = |name: &str, lessons: &[&Entry]| Part {
            name: name.to_string(),
            total: lessons.len(),
            read: lessons.iter().filter(|l| state(l) == State::Read).count(),
            minutes: lessons.iter().map(|l| u32::from(l.minutes)).sum(),
        };
        let of_level = |level: Level| -> Vec<&Entry> {
            all.iter().copied().filter(|l| l.level == level).collect()
        };
        let track = progress.track().and_then(|id| course.track(id));
        let streak = progress.streak(now);
        let schedule = Schedule::new(progress, config);
        let deck = schedule.deck_to_count(course, progress, progress.today(now));
        let cards = schedule.cards(&deck);
        Stats {
            lessons: Lessons {
                total: all.len(),
                opened: all.iter().filter(|l| state(l) != State::Unopened).count(),
                read: read.clone().count(),
            },
            minutes: Minutes {
                total: all.iter().map(|l| u32::from(l.minutes)).sum(),
                read: read.map(|l| u32::from(l.minutes)).sum(),
                active: progress.days().iter().map(|day| day.seconds).sum::<u32>() / 60,
            },
            levels: Level::ALL
                .iter()
                .map(|level| part(level.name(), &of_level(*level)))
                .filter(|part| part.total > 0)
                .collect(),
            tracks: course.tracks.iter().map(|t| part(&t.id, &course.order(Some(t)))).collect(),
            streak: Streak { current: streak.current, longest: streak.longest },
            days: progress
                .days()
                .iter()
                .map(|day| Day {
                    date: day.date.to_string(),
                    minutes: day.seconds / 60,
                    lessons: day.lessons,
                    cards: day.cards,
                })
                .collect(),
            cards: Cards {
                total: cards.total,
                due: cards.due,
                learned: cards.learned,
                retention: cards.retention,
                new: cards.new,
                waiting: cards.waiting,
                tomorrow: cards.ahead.tomorrow,
                week: cards.ahead.week,
                weakest: cards.weakest.map(|(lesson, missed, answers)| Weakest {
                    lesson,
                    missed,
                    answers,
                }),
            },
            rehearsals: Rehearsals::new(progress),
            labs: Labs::new(progress),
            pace: Pace {
                factor: (progress.pace().factor() * 100.0).round() / 100.0,
                lessons: progress.pace().lessons,
            },
            track: track.map(|t| t.id.to_string()),
            next: progress.next(course, track).map(|l| l.slug.to_string()),
        }
    }
}

/// `31/72 · 12 due · day 5`: lessons of the course, then what is not nought. It stands in prompts, so it counts only what it
/// says.
pub fn line(
    course: &Course,
    progress: &Progress,
    config: &config::Recall,
    now: DateTime<FixedOffset>,
) -> String {
    let read = course.listed().filter(|l| progress.lesson(&l.slug).state == State::Read).count();
    let mut line = format!("{read}/{}", course.listed().count());
    let schedule = Schedule::new(progress, config);
    let deck = schedule.deck_to_count(course, progress, progress.today(now));
    let due = schedule.ask(&deck).cards.len();
    if due > 0 {
        line.push_str(&format!(" · {due} due"));
    }
    let streak = progress.streak(now).current;
    if streak > 0 {
        line.push_str(&format!(" · day {streak}"));
    }
    line
}
