//! A lesson: the text in a measured column, where one is in it, and what one can do from there.

mod draw;
mod links;

use std::collections::HashMap;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::app::{Ctx, Effect};
use super::attention::Attention;
use super::keymap::{Action, Scope};
use super::rows;
use crate::course::Entry;
use crate::journal::What;
use crate::markdown::{self, Document, Options, Page, Spot, measure};
use crate::progress::State;
use crate::render::Class;

/// Share of a lesson's minutes that must have been active before reaching its end means *read*.
const READ_SHARE: f64 = 0.2;

/// Classes of a code block's text.
type Coloured = Vec<(std::ops::Range<u32>, Class)>;

/// What Tab moves over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Link(usize),
    Question(usize),
}

/// One lesson on the screen.
pub struct Reader<'c> {
    entry: &'c Entry,
    document: Document,
    page: Page,
    options: Options,
    /// The place that resizes keep; the first row shown is computed from it.
    anchor: Spot,
    top: usize,
    height: u16,
    sideways: u16,
    focus: Option<Focus>,
    trail: Vec<Spot>,
    attention: Attention,
    reading: Reading,
    coloured: HashMap<usize, Coloured>,
    clock: measure::Clock,
    text_area: Rect,
}

/// What decides whether the lesson becomes *read*.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// Active seconds of earlier visits and of this one, as far as recorded.
    recorded: u32,
    end_seen: bool,
    done: bool,
}

impl<'c> Reader<'c> {
    /// Opens a lesson at a heading, or where the reader stopped.
    pub fn new(entry: &'c Entry, body: &str, heading: Option<&str>, ctx: &Ctx<'_, 'c>) -> Self {
        let document = markdown::parse(body, entry.body_line as usize);
        let known = ctx.progress.lesson(&entry.slug);
        let renamed = |id: &str| -> String {
            let new = entry.heading_aliases.iter().find(|(old, _)| old == id);
            new.map_or_else(|| id.to_string(), |(_, new)| new.to_string())
        };
        let anchor = match (heading, known.position.as_ref()) {
            (Some(id), _) => markdown::spot_at(&document, Some(&renamed(id)), 0.0, 0.0),
            (None, Some(at)) => {
                let heading = at.heading.as_deref().map(renamed);
                markdown::spot_at(&document, heading.as_deref(), at.fraction, at.share)
            }
            (None, None) => Spot::default(),
        };
        let clock = measure::Clock::new(&document);
        Reader {
            entry,
            options: Options { wrap_code: ctx.config.reader.wrap_code, ..Options::default() },
            document,
            page: Page::default(),
            anchor,
            top: 0,
            height: 0,
            sideways: 0,
            focus: None,
            trail: Vec::new(),
            attention: Attention::new(ctx.now.mono),
            reading: Reading {
                recorded: known.active,
                end_seen: false,
                done: known.state == State::Read,
            },
            coloured: HashMap::new(),
            clock,
            text_area: Rect::default(),
        }
    }

    /// Does what a key means.
    pub fn act(
        &mut self,
        action: Action,
        count: Option<u32>,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        let times = count.unwrap_or(1) as usize;
        let page = usize::from(self.height.max(2)) - 1;
        let before = self.top;
        let mut effects = Vec::new();
        match action {
            Action::Down => self.scroll_to(self.top.saturating_add(times)),
            Action::Up => self.scroll_to(self.top.saturating_sub(times)),
            Action::PageDown => self.scroll_to(self.top.saturating_add(page * times)),
            Action::PageUp => self.scroll_to(self.top.saturating_sub(page * times)),
            Action::HalfDown => self.scroll_to(self.top.saturating_add(page.div_ceil(2) * times)),
            Action::HalfUp => self.scroll_to(self.top.saturating_sub(page.div_ceil(2) * times)),
            Action::Top => self.scroll_to(0),
            Action::Bottom => self.scroll_to(usize::MAX),
            Action::Left => self.sideways = self.sideways.saturating_sub(8 * times as u16),
            Action::Right => {
                self.sideways = (self.sideways + 8 * times as u16).min(self.most_sideways());
            }
            Action::FocusNext => self.move_focus(true),
            Action::FocusPrevious => self.move_focus(false),
            Action::Open => effects = self.enter(ctx),
            Action::Return => match self.trail.pop() {
                Some(spot) => self.go(spot),
                None => effects.push(Effect::Back),
            },
            Action::Back if self.focus.is_some() => self.focus = None,
            Action::Back => effects.push(Effect::Back),
            Action::Wrap => self.relayout(|options| options.wrap_code = !options.wrap_code),
            Action::Answers => self.relayout(|options| options.reveal_all = !options.reveal_all),
            Action::Next | Action::Previous => {
                effects = self.neighbour(action == Action::Next, ctx);
            }
            Action::Needs => effects = self.needs(ctx),
            Action::Mark => {
                let read = ctx.progress.lesson(&self.entry.slug).state != State::Read;
                self.reading.done = read;
                let lesson = self.entry.slug.to_string();
                effects.push(Effect::Record(vec![What::Mark { lesson, read }]));
                let undo = ctx.keymap.key(Scope::All, Action::UndoAct);
                let state = if read { "read" } else { "unread" };
                effects.push(Effect::Say(format!("marked {state}; {undo} takes it back")));
            }
            _ => {}
        }
        self.touch(ctx);
        if self.top != before {
            self.attention.moved(ctx.now.mono);
        }
        effects.extend(self.tick(ctx));
        effects
    }

    /// Wheel scrolls; a click follows a link or answers a question.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.act(Action::Down, Some(3), ctx),
            MouseEventKind::ScrollUp => self.act(Action::Up, Some(3), ctx),
            MouseEventKind::ScrollLeft => self.act(Action::Left, None, ctx),
            MouseEventKind::ScrollRight => self.act(Action::Right, None, ctx),
            MouseEventKind::Down(MouseButton::Left) => {
                let hit = self.at_cell(mouse.column, mouse.row);
                self.focus = hit;
                if hit.is_some() { self.act(Action::Open, None, ctx) } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    /// Somebody is there.
    pub fn touch(&mut self, ctx: &Ctx<'_, 'c>) {
        let end = (self.top + usize::from(self.height)).min(self.page.rows.len());
        self.attention.key(ctx.now.mono, rows::words(&self.document, &self.page, self.top..end));
    }

    /// Saves position and time when they are due; notes that the lesson was read.
    pub fn tick(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        self.attention.tick(ctx.now.mono);
        let mut effects = Vec::new();
        if self.attention.due(ctx.now.mono) {
            effects.push(self.save(ctx));
        }
        self.reading.end_seen |= self.end_is_visible();
        let active = f64::from(self.reading.recorded) + self.attention.unsaved();
        if !self.reading.done && self.reading.end_seen && active >= self.enough() {
            self.reading.done = true;
            let (lesson, version) = (self.entry.slug.to_string(), Some(self.entry.hash));
            effects.push(self.save(ctx));
            effects.push(Effect::Record(vec![What::Read { lesson, version }]));
        }
        effects
    }

    /// Active seconds that make a lesson read once its end was seen.
    fn enough(&self) -> f64 {
        f64::from(self.entry.minutes) * 60.0 * READ_SHARE
    }

    /// When [`Reader::tick`] has something to do, if no key is pressed before.
    pub fn deadline(&self) -> Option<f64> {
        let save = self.attention.deadline();
        let read = (!self.reading.done && self.reading.end_seen)
            .then(|| self.attention.reaches(self.enough() - f64::from(self.reading.recorded)))
            .flatten();
        match (save, read) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Position and time, before another screen comes.
    pub fn leave(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let mut effects = self.tick(ctx);
        effects.push(self.save(ctx));
        effects
    }

    fn save(&mut self, ctx: &Ctx<'_, 'c>) -> Effect<'c> {
        let at = markdown::position(&self.document, self.anchor);
        let seconds = self.attention.take(ctx.now.mono);
        self.reading.recorded += seconds;
        Effect::Record(vec![What::At {
            lesson: self.entry.slug.to_string(),
            heading: at.heading,
            fraction: at.fraction,
            share: at.share,
            seconds,
        }])
    }

    fn end_is_visible(&self) -> bool {
        let end = self.page.first.get(self.document.sources).copied().unwrap_or(0) as usize;
        self.height > 0 && end <= self.top + usize::from(self.height)
    }

    fn last_top(&self) -> usize {
        self.page.rows.len().saturating_sub(usize::from(self.height))
    }

    fn scroll_to(&mut self, row: usize) {
        self.top = row.min(self.last_top());
        self.anchor = self.page.spot_of(self.top);
        if self.focus.is_some_and(|focus| !self.visible_focuses().contains(&focus)) {
            self.focus = None;
        }
    }

    fn go(&mut self, spot: Spot) {
        self.scroll_to(self.page.row_of(spot));
    }

    fn relayout(&mut self, change: impl FnOnce(&mut Options)) {
        change(&mut self.options);
        self.page = markdown::layout(&self.document, &self.options);
        self.top = self.page.row_of(self.anchor).min(self.last_top());
    }

    fn most_sideways(&self) -> u16 {
        let scrolling = self.page.rows.iter().filter(|row| row.scrolls);
        let widest =
            scrolling.map(|row| rows::row_width(&self.document, row)).max().unwrap_or(0) as u16;
        widest.saturating_sub(self.text_area.width.max(1))
    }
}
