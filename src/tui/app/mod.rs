//! The program without terminal and clock: events in, frames and journal entries out.

use std::collections::HashMap;

use crossterm::event::KeyEventKind;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::Config;
use crate::course::{Course, Str};
use crate::journal::{LockWait, Store, What};
use crate::labs::{self};
use crate::markdown::Document;
use crate::progress::{Progress, Settings};
use crate::recall::{Cards, Schedule};
use crate::render::{Role, Theme};
use crate::report::Plan;
use crate::terminal::Hyperlink;
use crate::tui::help::Help;
use crate::tui::keymap::{Action, Chord, Keymap, Pending, Scope};
use crate::tui::library::Library;
use crate::tui::menu::{Everywhere, KeptList, Menu, Palette, Source};
use crate::tui::message::{Ctx, Draft, Effect, Event, Goal, Moment, Step, Wish};
use crate::tui::view::View;
use crate::tui::widgets;

/// A [`Ctx`] of an [`App`]'s fields, leaving the others free to borrow.
macro_rules! ctx {
    ($app:expr) => {
        Ctx {
            course: $app.course,
            progress: &$app.progress,
            cards: &$app.cards,
            pace: $app.pace.as_deref(),
            config: &$app.config,
            keymap: &$app.keymap,
            theme: &$app.themes[$app.theme].1,
            now: $app.now,
            mouse: $app.mouse,
            drafts: &$app.drafts,
        }
    };
}

mod screens;
mod undo;

/// The program.
pub struct App<'c> {
    course: &'c Course,
    store: Store,
    /// Lessons that are parsed already; taken when one is opened.
    parsed: Vec<(Str, Document)>,
    progress: Progress,
    cards: Cards,
    /// Whether the plan fits, in words; none without a day to aim at.
    pace: Option<String>,
    /// Whether `cards` and `pace` are behind the journal: counted when a screen that shows it is drawn.
    cards_old: bool,
    config: Config,
    keymap: Keymap,
    themes: Vec<(String, Theme)>,
    theme: usize,
    views: Vec<View<'c>>,
    pending: Pending,
    notice: Option<String>,
    asked_to_quit: bool,
    mouse: bool,
    wishes: Vec<Wish>,
    now: Moment,
    /// Notes that were begun and left, as long as the program runs.
    drafts: HashMap<String, Draft>,
}

impl<'c> App<'c> {
    /// Begins in the library. `themes` is not empty; the first is in use, a key goes through the others.
    pub fn new(
        course: &'c Course,
        mut store: Store,
        config: Config,
        keymap: Keymap,
        themes: Vec<(String, Theme)>,
        now: Moment,
    ) -> Self {
        store.set_wait(LockWait::Try);
        let progress = Progress::fold(course, &store.alive(), &Settings::of(&config));
        let library = Library::new(course, &progress);
        let mouse = config.reader.mouse;
        App {
            course,
            store,
            parsed: Vec::new(),
            progress,
            cards: Cards::default(),
            pace: None,
            cards_old: true,
            config,
            keymap,
            themes,
            theme: 0,
            views: vec![View::Library(Box::new(library))],
            pending: Pending::default(),
            notice: None,
            asked_to_quit: false,
            mouse,
            wishes: Vec::new(),
            now,
            drafts: HashMap::new(),
        }
    }

    /// Takes lessons that are parsed already.
    pub fn parsed(&mut self, lessons: Vec<(Str, Document)>) {
        self.parsed = lessons;
    }

    /// Sets the limits of recall for this run: reviews and new cards a day.
    pub fn limit_recall(&mut self, due_per_day: u32, new_per_day: u32) {
        self.config.recall.due_per_day = due_per_day;
        self.config.recall.new_per_day = new_per_day;
        self.cards_old = true;
    }

    /// What is to be done outside, since this was last asked.
    pub fn wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    /// The text of [`Wish::Edit`] as the editor left it; none if nothing was written.
    pub fn edited(&mut self, text: Option<&str>, now: Moment) {
        self.now = now;
        let effects = self.with_view(|view, ctx| view.edited(text, ctx));
        self.perform(effects);
    }

    /// A sentence at the bottom, until the next key.
    pub fn say(&mut self, notice: impl Into<String>) {
        self.notice = Some(notice.into());
    }

    /// The journal, for the shell around.
    pub fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Takes an event.
    pub fn event(&mut self, event: Event, now: Moment) -> Step {
        self.cards_old |= self.progress.today(self.now.wall) != self.progress.today(now.wall);
        self.now = now;
        if self.store.refresh() {
            self.fold();
        }
        self.notice = None;
        match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => Step::Stay,
            Event::Key(key) => self.key(Chord::of(key)),
            Event::Mouse(mouse) => {
                let effects = self.with_view(|view, ctx| view.mouse(mouse, ctx));
                self.perform(effects)
            }
            Event::Paste(text) => {
                self.with_view(|view, ctx| view.paste(&text, ctx));
                Step::Stay
            }
        }
    }

    fn key(&mut self, chord: Chord) -> Step {
        let raw = self.with_view(|view, ctx| view.raw_key(chord, ctx));
        if let Some(effects) = raw {
            return self.perform(effects);
        }
        let scope = self.views.last().map_or(Scope::All, View::scope);
        let pressed = self.pending.press(&self.keymap, scope, chord);
        let quits = matches!(pressed, Some((Action::Quit, _)));
        self.asked_to_quit &= quits;
        let Some((action, count)) = pressed else {
            // A key that means nothing still says that somebody is there.
            self.with_view(|view, ctx| {
                if let View::Reader(reader) = view {
                    reader.touch(ctx);
                }
            });
            return Step::Stay;
        };
        self.act(action, count)
    }

    fn act(&mut self, action: Action, count: Option<u32>) -> Step {
        let scope = self.views.last().map_or(Scope::All, View::scope);
        let over_list = matches!(self.views.last(), Some(View::Menu(_) | View::Help(_)));
        match action {
            Action::Quit => return self.quit(),
            Action::Suspend => return Step::Suspend,
            Action::Redraw => return Step::Redraw,
            Action::Keys if !matches!(self.views.last(), Some(View::Help(_))) => {
                self.views.push(View::Help(Help::new(scope)));
            }
            Action::Palette | Action::SearchAll | Action::Kept if !over_list => {
                self.leave_view();
                let open = match self.views.last() {
                    Some(View::Reader(reader)) => Some(reader.entry()),
                    _ => None,
                };
                let ctx = ctx!(self);
                let source = match action {
                    Action::Palette => Source::Palette(Palette::new(scope, &ctx)),
                    Action::SearchAll => Source::Everywhere(Everywhere::new(&ctx)),
                    _ => Source::Kept(KeptList::new(open)),
                };
                let menu = Menu::new(source, &ctx);
                self.views.push(View::Menu(Box::new(menu)));
            }
            Action::Mouse => {
                self.mouse = !self.mouse;
                self.wishes.push(Wish::Mouse(self.mouse));
                let whose = if self.mouse { "this program" } else { "the terminal" };
                self.notice = Some(format!(
                    "the mouse is {whose}'s; to keep it: [reader] mouse = {}",
                    self.mouse
                ));
            }
            Action::Review if !over_list => self.review(),
            Action::Stats if !over_list && scope != Scope::Stats => self.stats(),
            Action::Worksheet if !over_list => {
                let of_lesson = match self.views.last() {
                    Some(View::Reader(reader)) => {
                        Some((reader.entry(), reader.estimate_on_screen()))
                    }
                    _ => None,
                };
                match of_lesson {
                    Some((entry, name)) => self.worksheet(entry, name.as_deref()),
                    None => self.scratch(),
                }
            }
            Action::Lab if !over_list => {
                let of_lesson = match self.views.last() {
                    Some(View::Reader(reader)) => {
                        let mut labs = reader.entry().labs.iter();
                        Some(labs.find(|lab| labs::find(lab).is_some()).map(ToString::to_string))
                    }
                    _ => None,
                };
                match of_lesson {
                    Some(None) => self.notice = Some("this lesson has no lab yet".into()),
                    Some(Some(name)) => self.lab(Some(&name)),
                    None => self.lab(None),
                }
            }
            Action::Rehearse if !over_list => {
                let lesson = match self.views.last() {
                    Some(View::Reader(reader)) => Some(reader.entry().slug.to_string()),
                    _ => None,
                };
                self.rehearse(lesson.as_deref(), "");
            }
            Action::Theme => {
                self.theme = (self.theme + 1) % self.themes.len();
                let name = &self.themes[self.theme].0;
                self.notice = Some(format!("theme {name}; to keep it: [theme] use = \"{name}\""));
            }
            Action::UndoAct | Action::RedoAct => self.take_back(action == Action::RedoAct),
            _ => {
                let effects = self.with_view(|view, ctx| view.act(action, count, ctx));
                return self.perform(effects);
            }
        }
        Step::Stay
    }

    /// With changes that could not be saved or a draft, the first `q` says so and the second leaves.
    fn quit(&mut self) -> Step {
        self.leave_view();
        let waiting = self.store.pending();
        if waiting > 0 && self.store.path().is_some() && !self.asked_to_quit {
            let _ = self.store.retry();
            if self.store.pending() > 0 {
                self.asked_to_quit = true;
                let key = self.keymap.key(Scope::All, Action::Quit);
                self.notice = Some(format!(
                    "{waiting} changes are not saved; {key} again leaves without them"
                ));
                return Step::Stay;
            }
        }
        if !self.drafts.is_empty() && !self.asked_to_quit {
            self.asked_to_quit = true;
            let key = self.keymap.key(Scope::All, Action::Quit);
            let drafts = match self.drafts.len() {
                1 => "a draft is".to_string(),
                n => format!("{n} drafts are"),
            };
            self.notice = Some(format!("{drafts} not finished; {key} again leaves without"));
            return Step::Stay;
        }
        Step::Quit
    }

    fn perform(&mut self, effects: Vec<Effect<'c>>) -> Step {
        for effect in effects {
            match effect {
                Effect::Record(what) => self.record(what),
                Effect::Say(notice) => self.notice = Some(notice),
                Effect::Copy { text, what } => self.wishes.push(Wish::Copy { text, what }),
                Effect::Edit(text) => self.wishes.push(Wish::Edit(text)),
                Effect::Draft(about, Some(draft)) => drop(self.drafts.insert(about, draft)),
                Effect::Draft(about, None) => drop(self.drafts.remove(&about)),
                Effect::Lab(name) => self.lab(Some(&name)),
                Effect::Estimate(entry, name) => self.worksheet(entry, Some(&name)),
                Effect::Run(job) => self.wishes.push(Wish::Lab(job)),
                Effect::StopLab => self.wishes.push(Wish::StopLab),
                Effect::Do(action) => match self.act(action, None) {
                    Step::Stay => {}
                    step => return step,
                },
                Effect::Open(entry, goal) => {
                    self.leave_view();
                    self.open(entry, &goal);
                }
                Effect::OpenSlug(slug, goal) => {
                    if let Some(entry) = self.course.by_slug(&slug) {
                        self.leave_view();
                        self.open(entry, &goal);
                    }
                }
                Effect::Replace(entry) => {
                    self.leave_view();
                    self.views.pop();
                    self.open(entry, &Goal::Stopped);
                }
                Effect::Back if self.views.len() > 1 => {
                    self.leave_view();
                    self.views.pop();
                    self.with_view(View::returned);
                }
                Effect::Back => {}
            }
        }
        Step::Stay
    }

    fn record(&mut self, what: Vec<What>) {
        if what.is_empty() {
            // A sheet that gives up what was typed reads again what is kept.
            self.with_view(|view, ctx| {
                if let View::Worksheet(sheet) = view {
                    sheet.recorded(ctx);
                }
            });
            return;
        }
        // Not saved yet is shown by `status`, and tried again: nothing is lost while the program runs.
        let _ = self.store.record(what, self.now.wall);
        self.fold();
        self.with_view(View::recorded);
    }

    fn fold(&mut self) {
        self.progress =
            Progress::fold(self.course, &self.store.alive(), &Settings::of(&self.config));
        self.cards_old = true;
    }

    /// Counts the cards, if the library is on the screen: its head line shows them.
    fn count_cards(&mut self) {
        if !self.cards_old || !matches!(self.views.last(), Some(View::Library(_))) {
            return;
        }
        let schedule = Schedule::new(&self.progress, &self.config.recall);
        let today = self.progress.today(self.now.wall);
        let deck = schedule.deck_to_count(self.course, &self.progress, today);
        self.cards = schedule.cards(&deck);
        let minutes = self.config.plan.minutes;
        self.pace = Plan::new(self.course, &self.progress, &schedule, &deck, minutes)
            .map(|plan| plan.pace());
        self.cards_old = false;
    }

    /// Before a screen is covered or left: position and time go into the journal.
    fn leave_view(&mut self) {
        let effects = self.with_view(View::leave);
        self.perform(effects);
    }

    /// Before a suspension, a signal or the end.
    pub fn leave(&mut self, now: Moment) {
        self.now = now;
        self.leave_view();
    }

    /// Does what is due by time alone.
    pub fn tick(&mut self, now: Moment) {
        self.now = now;
        if self.store.pending() > 0 {
            let _ = self.store.retry();
        }
        let effects = self.with_view(View::tick);
        self.perform(effects);
    }

    /// When [`App::tick`] is to be called next (on the forward clock), if no event comes.
    pub fn deadline(&self) -> Option<f64> {
        let view = self.views.last().and_then(|view| view.deadline(self.now.mono));
        // Unsaved events are tried again every second (lock) to five (disk).
        let retry = (self.store.pending() > 0 && self.store.path().is_some())
            .then(|| self.now.mono + self.store.retry_after().as_secs_f64());
        match (view, retry) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Work that must not delay a frame (colours of code). True if another frame should be drawn.
    pub fn afterwards(&mut self) -> bool {
        match self.views.last_mut() {
            Some(View::Reader(reader)) => reader.afterwards(),
            _ => false,
        }
    }

    /// Draws the screen; gives its links to the web.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer) -> Vec<Hyperlink> {
        let mut links = Vec::new();
        if area.is_empty() {
            return links;
        }
        let unsaved = self.store.not_saved();
        self.count_cards();
        let ctx = ctx!(self);
        if let [.., below, View::Help(help)] = &mut self.views[..] {
            help.draw(area, buffer, below.scope(), &ctx);
        } else if let Some(view) = self.views.last_mut() {
            links = view.draw(area, buffer, &ctx);
        }
        let (line, role) = match (&self.notice, unsaved) {
            (Some(notice), _) => (notice.clone(), Role::Accent),
            (None, Some(unsaved)) => (unsaved, Role::Error),
            (None, None) => return links,
        };
        if area.height > 1 {
            let y = area.bottom() - 1;
            buffer.set_style(Rect { y, height: 1, ..area }, Style::new());
            let blank = " ".repeat(usize::from(area.width));
            buffer.set_string(area.x, y, blank, Style::new());
            let line = crate::text::clean(&line);
            widgets::put(
                buffer,
                area.x + 1,
                y,
                &line,
                area.width.saturating_sub(1),
                ctx.theme.style(role),
            );
        }
        links
    }

    fn with_view<T: Default>(&mut self, act: impl FnOnce(&mut View<'c>, &Ctx<'_, 'c>) -> T) -> T {
        let ctx = ctx!(self);
        self.views.last_mut().map_or_else(T::default, |view| act(view, &ctx))
    }
}
