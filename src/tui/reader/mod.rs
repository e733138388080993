//! A lesson: the text in a measured column, where one is in it, and what one can do from there.

mod draw;
mod foot;
mod hints;
mod keep;
mod links;
mod outline;
mod panel;
mod prompt;
mod search;

use std::collections::HashMap;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::attention::Attention;
use super::field::Field;
use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect, Goal};
use super::rows;
use crate::course::Entry;
use crate::journal::What;
use crate::markdown::{self, Document, Options, Page, Ruler, Spot, measure};
use crate::progress::{READ_SHARE, State};
use crate::render::Class;
use crate::search::Glossary;
use hints::Hints;
use keep::{KeptHere, Selection};
use outline::Outline;
use prompt::Prompt;
use search::Search;

/// Classes of a code block's text.
type Coloured = Vec<(std::ops::Range<u32>, Class)>;

/// What Tab moves over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Link(usize),
    Question(usize),
    /// Code, a transcript, an estimate: what can be copied.
    Block(usize),
    /// A note of the reader's, by its place in `kept`.
    Note(usize),
}

/// What keys mean at the moment.
enum Mode {
    /// Reading.
    Text,
    /// Something is being typed at the foot.
    Prompt(Prompt, Field),
    /// Letters stand on what can be picked.
    Hints(Hints),
    /// The outline has the keys.
    Outline,
    /// Lines are being selected.
    Select(Selection),
    /// The entry of a glossary's term is shown, by its index.
    Term(usize),
}

/// One lesson on the screen.
pub struct Reader<'c> {
    entry: &'c Entry,
    /// The source, for copying.
    body: String,
    document: Document,
    page: Page,
    options: Options,
    /// The place that resizes keep; the first row shown is computed from it.
    anchor: Spot,
    top: usize,
    height: u16,
    /// Only the first screen is laid out.
    partial: bool,
    sideways: u16,
    mode: Mode,
    focus: Option<Focus>,
    search: Option<Search>,
    outline: Outline,
    kept: Vec<KeptHere>,
    /// Read when a term is first asked for.
    glossary: Option<Glossary>,
    trail: Vec<Spot>,
    attention: Attention,
    reading: Reading,
    coloured: HashMap<usize, Coloured>,
    clock: measure::Clock,
    ruler: Ruler,
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
    /// Opens a lesson.
    pub fn new(
        entry: &'c Entry,
        body: String,
        document: Document,
        goal: &Goal,
        ctx: &Ctx<'_, 'c>,
    ) -> Self {
        let known = ctx.progress.lesson(&entry.slug);
        let (clock, ruler) = (measure::Clock::new(&document), Ruler::new(&document));
        let mut reader = Reader {
            entry,
            body,
            options: Options { wrap_code: ctx.config.reader.wrap_code, ..Options::default() },
            document,
            page: Page::default(),
            anchor: Spot::default(),
            top: 0,
            height: 0,
            partial: false,
            sideways: 0,
            mode: Mode::Text,
            focus: None,
            search: None,
            outline: Outline::default(),
            kept: Vec::new(),
            glossary: None,
            trail: Vec::new(),
            attention: Attention::new(ctx.now.mono),
            reading: Reading {
                recorded: known.active,
                end_seen: false,
                done: known.state == State::Read,
            },
            coloured: HashMap::new(),
            clock,
            ruler,
            text_area: Rect::default(),
        };
        reader.anchor = reader.spot_of_goal(goal, ctx);
        if let Goal::Found(_, words) = goal {
            reader.search = Some(Search::apart(words));
        }
        reader
    }

    /// The place that is meant; the heading ids of the journal and of links may be old ones.
    fn spot_of_goal(&self, goal: &Goal, ctx: &Ctx<'_, 'c>) -> Spot {
        let renamed = |id: &str| -> String {
            let new = self.entry.heading_aliases.iter().find(|(old, _)| old == id);
            new.map_or_else(|| id.to_string(), |(_, new)| new.to_string())
        };
        match goal {
            Goal::Heading(id) => markdown::spot_at(&self.document, Some(&renamed(id)), 0.0, 0.0),
            Goal::Found(spot, _) => *spot,
            Goal::Place(place) => keep::spot_of(&self.document, place, renamed),
            Goal::Stopped if ctx.progress.lesson(&self.entry.slug).paged(self.entry) => {
                self.passed_over(ctx)
            }
            Goal::Stopped => {
                let known = ctx.progress.lesson(&self.entry.slug).position.as_ref();
                known.map_or(Spot::default(), |at| {
                    let heading = at.heading.as_deref().map(renamed);
                    markdown::spot_at(&self.document, heading.as_deref(), at.fraction, at.share)
                })
            }
        }
    }

    /// Goes to a place of this lesson; Backspace returns.
    pub fn jump(&mut self, goal: &Goal, ctx: &Ctx<'_, 'c>) {
        if matches!(goal, Goal::Stopped) {
            return;
        }
        let spot = self.spot_of_goal(goal, ctx);
        self.trail.push(self.page.spot_of(self.top));
        if let Goal::Found(_, words) = goal {
            self.search = Some(Search::apart(words));
            self.search_again();
        }
        self.go(spot);
    }

    /// The lesson.
    pub fn entry(&self) -> &'c Entry {
        self.entry
    }

    /// Whose keys hold.
    pub fn scope(&self) -> Scope {
        match self.mode {
            Mode::Outline => Scope::Outline,
            Mode::Select(_) => Scope::Select,
            _ => Scope::Reader,
        }
    }

    /// A key for what is being typed or picked; none if it means what the table says.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        self.touch(ctx);
        match self.mode {
            Mode::Prompt(..) => self.prompt_key(chord, ctx),
            Mode::Hints(_) => Some(self.hint_key(chord, ctx)),
            _ => None,
        }
    }

    /// Pasted text goes into what is being typed and nowhere else.
    pub fn paste(&mut self, pasted: &str) {
        if let Mode::Prompt(prompt, field) = &mut self.mode {
            field.paste(pasted);
            if matches!(prompt, Prompt::Search { .. }) {
                self.search_as_typed();
            }
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
        let before = self.top;
        let mut effects = Vec::new();
        if matches!(self.mode, Mode::Term(_)) {
            self.leave_term(action, &mut effects);
        } else if matches!(self.mode, Mode::Outline) {
            self.outline_act(action, times);
        } else if matches!(self.mode, Mode::Select(_)) {
            effects = self.select_act(action, times, ctx);
        } else {
            effects = self.text_act(action, count, ctx);
        }
        self.touch(ctx);
        if self.top != before {
            self.attention.moved(ctx.now.mono);
        }
        effects.extend(self.tick(ctx));
        effects
    }

    fn text_act(
        &mut self,
        action: Action,
        count: Option<u32>,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        let times = count.unwrap_or(1) as usize;
        let page = usize::from(self.height.max(2)) - 1;
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
            Action::Back if self.search.is_some() => self.search = None,
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
            Action::Outline => self.open_outline(),
            Action::NextHeading | Action::PreviousHeading => {
                self.go_to_heading(action == Action::NextHeading, times);
            }
            Action::Search => self.ask(Prompt::Search { from: self.page.spot_of(self.top) }),
            Action::GoTo => self.ask(Prompt::GoTo),
            Action::SearchNext | Action::SearchPrevious => {
                effects = self.search_on(action == Action::SearchNext, times, ctx);
            }
            Action::LinkHints | Action::Term | Action::SearchTerm => {
                effects = self.hints(action, ctx);
            }
            Action::Bookmark => effects = self.bookmark(),
            Action::Note => self.ask_note(None, ctx),
            Action::Select => self.select(),
            Action::OwnCard => self.own_card(ctx),
            Action::Copy => effects = self.copy(),
            Action::Report => effects = vec![self.report()],
            _ => {}
        }
        effects
    }

    /// Wheel scrolls; a click follows a link or answers a question.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.act(Action::Down, Some(3), ctx),
            MouseEventKind::ScrollUp => self.act(Action::Up, Some(3), ctx),
            MouseEventKind::ScrollLeft => self.act(Action::Left, None, ctx),
            MouseEventKind::ScrollRight => self.act(Action::Right, None, ctx),
            MouseEventKind::Down(MouseButton::Left)
                if self.outline_click(mouse.column, mouse.row) =>
            {
                self.attention.moved(ctx.now.mono);
                self.touch(ctx);
                Vec::new()
            }
            MouseEventKind::Down(MouseButton::Left) if matches!(self.mode, Mode::Text) => {
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
            // As the head line has it: the last screen is the end, wherever its first line stands.
            share: if self.end_is_visible() { 1.0 } else { at.share },
            seconds,
        }])
    }

    fn end_is_visible(&self) -> bool {
        let end = self.page.first.get(self.document.sources).copied().unwrap_or(0) as usize;
        self.height > 0 && !self.partial && end <= self.top + usize::from(self.height)
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

    /// Scrolls so that a row is on the screen, with a third of it above where it was not.
    fn show_row(&mut self, row: usize) {
        let height = usize::from(self.height);
        if row < self.top || row >= self.top + height {
            self.scroll_to(row.saturating_sub(height / 3));
        }
    }

    /// A large lesson opened at its start shows its first screen before the rest is laid out.
    fn first_layout(&mut self, width: u16, height: u16) {
        const LARGE: usize = 32 << 10;
        let start = self.anchor == Spot::default() && self.search.is_none();
        let partial = self.height == 0 && start && self.body.len() >= LARGE;
        self.partial = partial;
        self.relayout(|options| {
            options.width = width;
            options.max_rows = partial.then_some(usize::from(height));
        });
    }

    /// Work that must not delay a frame: the rest of a large lesson, the colours of code. True if there was any that
    /// another frame would show.
    pub fn afterwards(&mut self) -> bool {
        let partial = std::mem::take(&mut self.partial);
        if partial {
            self.relayout(|options| options.max_rows = None);
        }
        self.colour_code() || partial
    }

    fn relayout(&mut self, change: impl FnOnce(&mut Options)) {
        change(&mut self.options);
        self.page = markdown::layout(&self.document, &self.options);
        self.search_again();
        self.top = self.page.row_of(self.anchor).min(self.last_top());
    }

    fn most_sideways(&self) -> u16 {
        let scrolling = self.page.rows.iter().filter(|row| row.scrolls);
        let widest =
            scrolling.map(|row| rows::row_width(&self.document, row)).max().unwrap_or(0) as u16;
        widest.saturating_sub(self.text_area.width.max(1))
    }
}
