//! Review: a question, a pause to think, the answer, a grade. Each grade is in the journal before the next card.

mod draw;
mod own;

use std::collections::{HashMap, VecDeque};

use chrono::NaiveDate;
use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::field::{Field, Typed};
use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect, Goal};
use super::scroll::Scroll;
use crate::course::Entry;
use crate::journal::What;
use crate::markdown;
use crate::recall::{Cards, Deck, Done, Forecast, Schedule, Words, choose, words};
use crate::report::Plan;
use own::Editing;

/// Where the review stands.
enum Phase {
    /// The question stands, the answer is hidden.
    Asked,
    /// Both stand, and a grade is awaited.
    Shown,
    /// Nothing is left, or nothing was due.
    Over,
}

/// The card on the screen.
struct Shown<'c> {
    key: String,
    lesson: Option<&'c Entry>,
    words: Words,
    own: bool,
    /// Days until it comes again after each grade.
    intervals: [u32; 4],
    /// The day aimed at, where it may bring the card before that.
    sooner: [Option<NaiveDate>; 4],
    /// It is met for the first time.
    new: bool,
}

/// What the end of a review says.
struct Summary {
    next: Option<(NaiveDate, usize)>,
    cards: Cards,
    new_later: usize,
    forecast: Option<(NaiveDate, Forecast)>,
    /// Days until nothing waits any more.
    backlog: usize,
}

/// The screen's own state.
pub struct Review<'c> {
    queue: VecDeque<String>,
    phase: Phase,
    shown: Option<Shown<'c>>,
    /// What the reader typed before the answer was shown.
    typed: Field,
    typing: bool,
    editing: Option<Editing>,
    /// Each grade of this review, oldest first; undo takes them off.
    graded: Vec<(String, u8)>,
    words: HashMap<String, Vec<Words>>,
    /// Said above the first card: what a break left.
    plan: Option<String>,
    summary: Option<Summary>,
    scroll: Scroll,
    /// The answer was uncovered since the last drawing.
    uncovered: bool,
    /// The end has just come, and what the last act gave still stands at the bottom.
    fresh: bool,
    /// Where each grade can be clicked.
    grades: [Rect; 4],
}

impl<'c> Review<'c> {
    /// Begins with what is left of the day.
    pub fn new(ctx: &Ctx<'_, 'c>) -> Self {
        let mut review = Review {
            queue: VecDeque::new(),
            phase: Phase::Over,
            shown: None,
            typed: Field::default(),
            typing: false,
            editing: None,
            graded: Vec::new(),
            words: HashMap::new(),
            plan: None,
            summary: None,
            scroll: Scroll::default(),
            uncovered: false,
            fresh: false,
            grades: [Rect::default(); 4],
        };
        review.fill(ctx, false);
        review
    }

    /// Takes the cards of the day, or beyond its limits as many again.
    fn fill(&mut self, ctx: &Ctx<'_, 'c>, beyond: bool) {
        let schedule = Schedule::new(ctx.progress, &ctx.config.recall);
        let today = ctx.progress.today(ctx.now.wall);
        let deck = Deck::new(ctx.course, ctx.progress, &schedule.model, today);
        let chosen = if beyond {
            choose(
                &deck.items,
                Done::default(),
                &schedule.limits,
                schedule.aim,
                &schedule.model,
                today,
            )
        } else {
            schedule.ask(&deck)
        };
        self.queue = chosen.cards.iter().map(|(at, _)| deck.cards[*at].key.clone()).collect();
        self.plan = (chosen.waiting > 0).then(|| {
            let days = crate::recall::days_of_backlog(&deck, &schedule.model, &schedule.limits);
            format!(
                "{} are due: {} today, the least known first; after {} nothing waits",
                chosen.waiting + self.queue.len(),
                self.queue.len(),
                if days == 1 { "a day".into() } else { format!("{days} days") },
            )
        });
        self.show_next(ctx);
    }

    /// Different cards graded in this review.
    fn graded_cards(&self) -> usize {
        let mut keys: Vec<&str> = self.graded.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.len()
    }

    /// Cards of this review, those missed counted once.
    fn total(&self) -> usize {
        let graded = |key: &&String| self.graded.iter().any(|(graded, _)| graded == *key);
        self.graded_cards() + self.queue.iter().filter(|key| !graded(key)).count()
    }

    /// The next card that is still to be asked: another program may have asked it meanwhile.
    fn show_next(&mut self, ctx: &Ctx<'_, 'c>) {
        self.typed.clear();
        self.typing = false;
        self.scroll.top = 0;
        let today = ctx.progress.today(ctx.now.wall);
        while let Some(key) = self.queue.front().cloned() {
            let history = ctx.progress.card(&key);
            let asked = history.is_none_or(|history| {
                history.askable(today)
                    && !(history.answered(today) && history.due().is_some_and(|due| due > today))
            });
            if asked && let Some(shown) = self.card(&key, ctx) {
                self.shown = Some(shown);
                self.phase = Phase::Asked;
                return;
            }
            self.queue.pop_front();
        }
        self.shown = None;
        self.fresh |= !matches!(self.phase, Phase::Over);
        self.phase = Phase::Over;
        self.summary = Some(summary(ctx));
    }

    /// A card with its words; none if it is in the course no more.
    fn card(&mut self, key: &str, ctx: &Ctx<'_, 'c>) -> Option<Shown<'c>> {
        let (slug, id) = key.split_once('#')?;
        let lesson = ctx.course.by_slug(slug);
        let own = ctx.progress.own_cards().iter().find(|card| card.key == key);
        let words = match own {
            Some(own) => Words {
                id: id.to_string(),
                question: own.question.clone(),
                answer: own.answer.clone(),
                heading: None,
            },
            None => self.words_of(lesson?, ctx).iter().find(|words| words.id == id)?.clone(),
        };
        let schedule = Schedule::new(ctx.progress, &ctx.config.recall);
        let today = ctx.progress.today(ctx.now.wall);
        let memory = ctx.progress.card(key).and_then(|card| schedule.model.memory(&card.answers));
        let retention = schedule.limits.retention;
        let intervals = schedule.model.intervals(memory.as_ref(), today, retention);
        Some(Shown {
            key: key.to_string(),
            lesson,
            words,
            own: own.is_some(),
            intervals,
            sooner: intervals.map(|days| schedule.sooner(today, days)),
            new: memory.is_none(),
        })
    }

    fn words_of(&mut self, lesson: &Entry, ctx: &Ctx<'_, 'c>) -> &[Words] {
        self.words.entry(lesson.slug.to_string()).or_insert_with(|| {
            let body = ctx.course.body(lesson).unwrap_or_default();
            words(&markdown::parse(&body, lesson.body_line as usize))
        })
    }

    /// A digit grades; what is typed goes into an open field.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        let fresh = std::mem::take(&mut self.fresh);
        if self.editing.is_some() {
            return self.edit_key(chord, ctx);
        }
        // The hand that went through the cards is still on its key: it takes the message away, and no more.
        let space = chord.is(KeyCode::Char(' '));
        if fresh && (space || chord.is(KeyCode::Enter)) {
            return Some(Vec::new());
        }
        let go_on = ctx.keymap.key(Scope::Review, Action::Open);
        if space && self.more() && go_on != "space" {
            return Some(vec![Effect::Say(format!("{go_on} goes on beyond today's share"))]);
        }
        if self.typing {
            match self.typed.key(chord) {
                Typed::Changed => {}
                Typed::Done => self.reveal(),
                Typed::Left => self.typing = false,
                Typed::Other => return None,
            }
            return Some(Vec::new());
        }
        let digit = chord.digit()?;
        Some(match (&self.phase, digit) {
            (Phase::Shown, 1..=4) => self.grade(digit as u8),
            (Phase::Asked, 1..=4) => {
                let key = ctx.keymap.key(Scope::Review, Action::Open);
                vec![Effect::Say(format!("{key} shows the answer first"))]
            }
            _ => Vec::new(),
        })
    }

    /// Pasted text goes into an open field and nowhere else.
    pub fn paste(&mut self, pasted: &str) {
        if let Some(editing) = &mut self.editing {
            editing.field.paste(pasted);
        } else if self.typing {
            self.typed.paste(pasted);
        }
    }

    fn reveal(&mut self) {
        self.typing = false;
        self.scroll.top = 0;
        if matches!(self.phase, Phase::Asked) {
            self.phase = Phase::Shown;
            self.uncovered = true;
        }
    }

    fn grade(&mut self, grade: u8) -> Vec<Effect<'c>> {
        let Some(shown) = self.shown.take() else { return Vec::new() };
        let at = usize::from(grade.clamp(1, 4)) - 1;
        let (interval, sooner) = (shown.intervals[at], shown.sooner[at]);
        self.queue.pop_front();
        if interval == 0 {
            self.queue.push_back(shown.key.clone());
        }
        self.graded.push((shown.key.clone(), grade));
        self.plan = None;
        let said = match self.queue.len() {
            _ if interval > 0 => match sooner {
                Some(aim) => {
                    let aim = aim.format("%-d %B");
                    format!("due in {}, or sooner because of {aim}", days(interval))
                }
                None => format!("comes again in {}", days(interval)),
            },
            1 => "comes again at once".into(),
            _ => "comes again at the end".into(),
        };
        let what = What::Grade { card: shown.key, grade, interval };
        // What comes next is chosen in `recorded`, when the grade is in the journal.
        vec![Effect::Record(vec![what]), Effect::Say(said)]
    }

    /// The journal has changed: a grade of ours is in it, or another program's.
    pub fn recorded(&mut self, ctx: &Ctx<'_, 'c>) {
        if self.shown.is_none() && self.editing.is_none() {
            self.show_next(ctx);
        }
    }

    /// An act was taken back or done again: the card that it was about is asked again.
    pub fn taken_back(&mut self, acts: &[What], ctx: &Ctx<'_, 'c>) {
        let card = acts.iter().find_map(|what| match what {
            What::Grade { card, .. } | What::Suspend { card, .. } | What::Bury { card } => {
                Some(card.clone())
            }
            _ => None,
        });
        let Some(key) = card else { return };
        if let Some(at) = self.graded.iter().rposition(|(graded, _)| *graded == key) {
            self.graded.remove(at);
        }
        self.queue.retain(|queued| *queued != key);
        self.queue.push_front(key);
        self.show_next(ctx);
    }

    /// The same after a redo: the card goes on as it did.
    pub fn done_again(&mut self, acts: &[What], ctx: &Ctx<'_, 'c>) {
        for what in acts {
            if let What::Grade { card, grade, interval } = what {
                self.queue.retain(|queued| queued != card);
                if *interval == 0 {
                    self.queue.push_back(card.clone());
                }
                self.graded.push((card.clone(), *grade));
            }
        }
        self.show_next(ctx);
    }

    /// Does what a key means.
    pub fn act(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match action {
            Action::Back => return vec![Effect::Back],
            Action::Open => match self.phase {
                Phase::Asked => self.reveal(),
                Phase::Shown => return self.grade(3),
                Phase::Over if self.more() => self.fill(ctx, true),
                Phase::Over => return vec![Effect::Back],
            },
            Action::TypeAnswer if matches!(self.phase, Phase::Asked) => self.typing = true,
            Action::OpenLesson => {
                let Some(shown) = &self.shown else { return Vec::new() };
                let Some(lesson) = shown.lesson else {
                    return vec![Effect::Say("this card comes from no lesson".into())];
                };
                let own = ctx.progress.own_cards().iter().find(|card| card.key == shown.key);
                let goal = match (own.and_then(|own| own.place.clone()), &shown.words.heading) {
                    (Some(place), _) => Goal::Place(place),
                    (None, Some(heading)) => Goal::Heading(heading.clone()),
                    (None, None) => Goal::Stopped,
                };
                return vec![Effect::Open(lesson, goal)];
            }
            Action::SuspendCard | Action::BuryCard => {
                let Some(shown) = self.shown.take() else { return Vec::new() };
                self.queue.pop_front();
                let undo = ctx.keymap.key(Scope::All, Action::UndoAct);
                let (what, said) = if action == Action::BuryCard {
                    (What::Bury { card: shown.key }, "put off to tomorrow")
                } else {
                    (What::Suspend { card: shown.key, on: true }, "not asked any more")
                };
                return vec![
                    Effect::Record(vec![what]),
                    Effect::Say(format!("{said}; {undo} takes it back")),
                ];
            }
            Action::OwnCard => self.edit(ctx),
            _ => drop(self.scroll.act(action)),
        }
        Vec::new()
    }

    /// Whether there is more than the day's share.
    fn more(&self) -> bool {
        matches!(self.phase, Phase::Over)
            && self
                .summary
                .as_ref()
                .is_some_and(|said| said.cards.waiting > 0 || said.new_later > 0)
    }

    /// The wheel scrolls; a click shows the answer or grades.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.act(Action::Down, ctx),
            MouseEventKind::ScrollUp => self.act(Action::Up, ctx),
            MouseEventKind::Down(MouseButton::Left) if self.editing.is_none() => match self.phase {
                Phase::Asked => self.act(Action::Open, ctx),
                Phase::Shown => {
                    let at = (mouse.column, mouse.row).into();
                    match self.grades.iter().position(|rect| rect.contains(at)) {
                        Some(grade) => self.grade(grade as u8 + 1),
                        None => Vec::new(),
                    }
                }
                Phase::Over => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Whether letters are text now.
    pub fn is_typing(&self) -> bool {
        self.typing || self.editing.is_some()
    }
}

/// What the end says.
fn summary(ctx: &Ctx<'_, '_>) -> Summary {
    let schedule = Schedule::new(ctx.progress, &ctx.config.recall);
    let today = ctx.progress.today(ctx.now.wall);
    let deck = Deck::new(ctx.course, ctx.progress, &schedule.model, today);
    let left = schedule.ask(&deck);
    let cards = schedule.cards(&deck);
    Summary {
        next: cards.ahead.next,
        new_later: left.new_later,
        forecast: Plan::new(ctx.course, ctx.progress, &schedule, &deck, ctx.config.plan.minutes)
            .map(|plan| (plan.by, plan.forecast)),
        backlog: if cards.waiting > 0 {
            crate::recall::days_of_backlog(&deck, &schedule.model, &schedule.limits)
        } else {
            0
        },
        cards,
    }
}

/// `1 day`, `6 days`, `5 months`
fn days(days: u32) -> String {
    match days {
        0 => "today".into(),
        1 => "1 day".into(),
        2..=59 => format!("{days} days"),
        60..=729 => format!("{:.0} months", f64::from(days) / 30.4),
        _ => format!("{:.0} years", f64::from(days) / 365.0),
    }
}

/// The same on a grade: `<1 d`, `6 d`, `5 mo`.
fn short(days: u32) -> String {
    match days {
        0 => "<1 d".into(),
        1..=59 => format!("{days} d"),
        60..=729 => format!("{:.0} mo", f64::from(days) / 30.4),
        _ => format!("{:.0} y", f64::from(days) / 365.0),
    }
}
