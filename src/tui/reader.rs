//! A lesson: the text in a measured column, where one is in it, and what one can do from there.

use std::collections::HashMap;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::app::{Ctx, Effect};
use super::attention::Attention;
use super::keymap::{Action, Scope};
use super::rows;
use super::widgets::{put, state_mark, two_ends};
use crate::course::{Entry, blocks};
use crate::journal::What;
use crate::markdown::{self, Asked, Document, Kind, Options, Page, Spot, Target, measure};
use crate::progress::State;
use crate::render::{self, Class, Marks, Role};

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
                self.sideways = (self.sideways + 8 * times as u16).min(self.most_sideways())
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
                effects = self.neighbour(action == Action::Next, ctx)
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

    fn at_cell(&self, column: u16, row: u16) -> Option<Focus> {
        if !self.text_area.contains((column, row).into()) {
            return None;
        }
        let index = self.top + usize::from(row - self.text_area.y);
        let shown = self.page.rows.get(index)?;
        if let Some(link) =
            rows::link_at(&self.document, shown, usize::from(column - self.text_area.x))
        {
            return Some(Focus::Link(link));
        }
        let block = shown.block as usize;
        matches!(self.document.blocks.get(block)?.kind, Kind::Question(_))
            .then_some(Focus::Question(block))
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

    /// Links and questions on the screen, in order.
    fn visible_focuses(&self) -> Vec<Focus> {
        let end = (self.top + usize::from(self.height)).min(self.page.rows.len());
        let mut found = Vec::new();
        for row in self.page.rows.get(self.top..end).unwrap_or_default() {
            let block = row.block as usize;
            let is_question = self
                .document
                .blocks
                .get(block)
                .is_some_and(|b| matches!(b.kind, Kind::Question(_)));
            if is_question && !found.contains(&Focus::Question(block)) {
                found.push(Focus::Question(block));
            }
            for link in rows::links_in(row) {
                if !found.contains(&Focus::Link(link)) {
                    found.push(Focus::Link(link));
                }
            }
        }
        found
    }

    fn move_focus(&mut self, forward: bool) {
        let visible = self.visible_focuses();
        let at = self.focus.and_then(|focus| visible.iter().position(|f| *f == focus));
        self.focus = match (at, forward) {
            (None, true) => visible.first(),
            (None, false) => visible.last(),
            (Some(i), true) => visible.get(i + 1).or(visible.first()),
            (Some(i), false) => i.checked_sub(1).map_or(visible.last(), |i| visible.get(i)),
        }
        .copied();
    }

    /// Follows the focus; without one, the first question on the screen.
    fn enter(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let focus = self.focus.or_else(|| {
            let hidden =
                |f: &Focus| matches!(f, Focus::Question(b) if !self.options.revealed.contains(b));
            let visible = self.visible_focuses();
            let questions = visible.iter().filter(|f| matches!(f, Focus::Question(_)));
            questions.clone().find(|f| hidden(f)).or(questions.clone().next()).copied()
        });
        match focus {
            None => Vec::new(),
            Some(Focus::Question(block)) => {
                self.relayout(|options| {
                    if !options.revealed.remove(&block) {
                        options.revealed.insert(block);
                    }
                });
                Vec::new()
            }
            Some(Focus::Link(index)) => match self.document.links.get(index) {
                Some(link) => self.follow(&link.target.clone(), ctx),
                None => Vec::new(),
            },
        }
    }

    fn follow(&mut self, target: &Target, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let here = self.page.spot_of(self.top);
        let to = match target {
            Target::Lesson { slug, heading } if slug.is_empty() || *slug == self.entry.slug => {
                let heading = heading.as_deref().unwrap_or_default();
                self.document.headings.iter().find(|h| h.id == heading).map(|h| h.block)
            }
            Target::Lesson { slug, heading } => {
                return vec![match ctx.course.by_slug(slug) {
                    Some(entry) if entry.draft => {
                        Effect::Say(format!("{} is not written yet: {}", entry.title, entry.gist))
                    }
                    Some(entry) => Effect::Open(entry, heading.clone()),
                    None => Effect::Say(format!("no lesson \"{slug}\" in this course")),
                }];
            }
            Target::Note { block, .. } => *block,
            Target::Result(name) => self.estimate(name),
            Target::Lab(name) => {
                return vec![Effect::Say(format!("the lab {name} is not in this version yet"))];
            }
            Target::Url(url) => return vec![Effect::Say(url.clone())],
        };
        match to {
            None => vec![Effect::Say("that place is not in this lesson".into())],
            Some(block) => {
                self.trail.push(here);
                self.go(Spot { block, offset: 0 });
                Vec::new()
            }
        }
    }

    /// The block that shows the estimate of `feed.stored`.
    fn estimate(&self, name: &str) -> Option<usize> {
        let estimate = name.split('.').next()?;
        let fences = self.document.fences.iter();
        let found =
            fences.filter(|f| matches!(&f.block, blocks::Block::Estimate(e) if e.name == estimate));
        found.map(|fence| fence.at).next()
    }

    fn neighbour(&self, next: bool, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let track = ctx.progress.track().and_then(|id| ctx.course.track(id));
        let mut order = ctx.course.order(track);
        if !order.iter().any(|entry| entry.slug == self.entry.slug) {
            order = ctx.course.order(None);
        }
        let at = order.iter().position(|entry| entry.slug == self.entry.slug);
        let to = match (at, next) {
            (Some(at), true) => order.get(at + 1),
            (Some(at), false) => at.checked_sub(1).and_then(|at| order.get(at)),
            (None, _) => None,
        };
        vec![match to {
            Some(entry) => Effect::Replace(entry),
            None if next => Effect::Say("this is the last lesson".into()),
            None => Effect::Say("this is the first lesson".into()),
        }]
    }

    /// Lessons that this one builds on and that are written and unread.
    fn unread_needs(&self, ctx: &Ctx<'_, 'c>) -> Vec<&'c Entry> {
        let needs = self.entry.needs.iter().filter_map(|slug| ctx.course.by_slug(slug));
        needs
            .filter(|need| !need.draft && ctx.progress.lesson(&need.slug).state != State::Read)
            .collect()
    }

    fn needs(&self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match self.unread_needs(ctx).first() {
            Some(entry) => vec![Effect::Open(entry, None)],
            None => vec![Effect::Say("all that this lesson builds on is read".into())],
        }
    }

    /// Colours the code on the screen; true if there was any that had none yet.
    pub fn colour_code(&mut self) -> bool {
        let end = (self.top + usize::from(self.height)).min(self.page.rows.len());
        let mut new = false;
        for row in self.page.rows.get(self.top..end).unwrap_or_default() {
            let index = row.block as usize;
            if self.coloured.contains_key(&index) {
                continue;
            }
            if let Some(block) = self.document.blocks.get(index)
                && let Kind::Code { lang } = &block.kind
            {
                let coloured = render::highlight(lang, &block.text);
                new |= !coloured.is_empty();
                self.coloured.insert(index, coloured);
            }
        }
        new
    }

    /// Draws the lesson.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let first_frame = self.height == 0;
        let needs = self.unread_needs(ctx);
        let chrome = match area.height {
            0..=5 => (0, 0),
            6..=11 => (1, 1),
            _ => (2, 2),
        };
        let margin = match area.width {
            0..=39 => 0,
            40..=77 => 1,
            78..=100 => 3,
            width => (width.saturating_sub(ctx.config.reader.width) / 2).min(24),
        };
        let text = Rect {
            x: area.x + margin,
            y: area.y + chrome.0,
            width: area.width - margin,
            height: area.height - chrome.0 - chrome.1,
        };
        self.text_area = text;
        let width = ctx.config.reader.width.min(area.width - 2 * margin.min(area.width / 4)).max(1);
        if self.options.width != width {
            self.relayout(|options| options.width = width);
        }
        self.height = text.height;
        self.top = self.page.row_of(self.anchor).min(self.last_top());
        if first_frame {
            self.touch(ctx);
        }

        for (index, row) in
            self.page.rows.iter().enumerate().skip(self.top).take(usize::from(text.height))
        {
            let y = text.y + (index - self.top) as u16;
            let block = row.block as usize;
            let marks = Marks {
                link: match self.focus {
                    Some(Focus::Link(link)) => Some(link as u32),
                    _ => None,
                },
                code: self.coloured.get(&block).map_or(&[], Vec::as_slice),
                scroll: self.sideways,
                width: text.width,
                ..Marks::default()
            };
            let line = render::line(&self.document, row, ctx.theme, &marks);
            buffer.set_line(text.x, y, &line, text.width);
            if self.focus == Some(Focus::Question(block)) {
                buffer.set_style(
                    Rect { y, height: 1, width: 2, ..text },
                    ctx.theme.style(Role::Focus),
                );
            }
        }
        if chrome.0 > 0 {
            self.draw_head(area, buffer, ctx);
        }
        if chrome.0 > 1 && self.top == 0 && !needs.is_empty() {
            let key = ctx.keymap.key(Scope::Reader, Action::Needs);
            let names: Vec<String> =
                needs.iter().map(|n| format!("{} {}", n.number, n.short_title())).collect();
            let said = format!("builds on {} (unread); {key} opens it", names.join(", "));
            put(buffer, text.x, area.y + 1, &said, text.width, ctx.theme.style(Role::Dim));
        }
        if chrome.1 > 0 {
            self.draw_foot(area, buffer, ctx);
        }
    }

    fn draw_head(&self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let number = format!(" {:<3}", self.entry.number);
        let draft = if self.entry.draft { "draft · " } else { "" };
        let section =
            self.section().filter(|_| area.width >= 60).map(|title| format!(" · {title}"));
        let state = ctx.progress.lesson(&self.entry.slug).state;
        let at_end = self.top >= self.last_top();
        let here = self.page.spot_of(self.top);
        let share = if at_end { 1.0 } else { markdown::position(&self.document, here).share };
        // Measured time left, in the scale of the stated minutes.
        let done = if at_end { 1.0 } else { self.clock.upto(here) / self.clock.total().max(1.0) };
        let left = f64::from(self.entry.minutes) * (1.0 - done);
        let right = if area.width >= 50 {
            format!(
                "{draft}{} {:.0} %   {:.0} min left ",
                state_mark(state),
                share * 100.0,
                left.ceil()
            )
        } else {
            format!("{} {:.0} % ", state_mark(state), share * 100.0)
        };
        two_ends(
            buffer,
            Rect { height: 1, ..area },
            &[
                (&number, ctx.theme.style(Role::Dim)),
                (self.entry.short_title(), ctx.theme.style(Role::Heading)),
                (section.as_deref().unwrap_or_default(), ctx.theme.style(Role::Dim)),
            ],
            &[(&right, ctx.theme.style(Role::Dim))],
        );
    }

    /// Title of the section that the first row shown stands in.
    fn section(&self) -> Option<String> {
        let block = self.page.rows.get(self.top)?.block as usize;
        let heading =
            self.document.headings.iter().rev().find(|h| h.block <= block && h.level > 1)?;
        Some(self.document.blocks.get(heading.block)?.text.clone())
    }

    fn draw_foot(&self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let y = area.bottom() - 1;
        let dim = ctx.theme.style(Role::Dim);
        if let Some(said) = self.focus.map(|focus| self.describe(focus, ctx)) {
            put(
                buffer,
                area.x + 1,
                y,
                &said,
                area.width.saturating_sub(1),
                ctx.theme.style(Role::Accent),
            );
            return;
        }
        let hints = [
            (Action::FocusNext, "links"),
            (Action::Open, "answer"),
            (Action::Mark, "mark read"),
            (Action::Next, "next lesson"),
            (Action::Back, "back"),
            (Action::Keys, "keys"),
        ];
        hint_line(buffer, Rect { y, height: 1, ..area }, &hints, Scope::Reader, ctx, dim);
    }

    /// What Enter would do, in one line.
    fn describe(&self, focus: Focus, ctx: &Ctx<'_, 'c>) -> String {
        match focus {
            Focus::Question(block) => match self.document.blocks.get(block).map(|b| &b.kind) {
                Some(Kind::Question(Asked::Rehearsal(minutes))) => {
                    format!("enter: rubric, curveballs and answers of the {minutes} min rehearsal")
                }
                _ if self.options.revealed.contains(&block) => "enter: hide the answer".into(),
                _ => "enter: show the answer".into(),
            },
            Focus::Link(link) => match self.document.links.get(link).map(|link| &link.target) {
                Some(Target::Lesson { slug, .. }) if !slug.is_empty() => {
                    match ctx.course.by_slug(slug) {
                        Some(entry) => format!("{} {}: {}", entry.number, entry.title, entry.gist),
                        None => format!("no lesson \"{slug}\" in this course"),
                    }
                }
                Some(Target::Lesson { heading, .. }) => {
                    format!("in this lesson: {}", heading.as_deref().unwrap_or("top"))
                }
                Some(Target::Note { number, block, .. }) => {
                    let text = block.and_then(|block| self.document.blocks.get(block));
                    format!(
                        "[{number}] {}",
                        text.map_or("", |block| &block.text).replace('\n', " ")
                    )
                }
                Some(Target::Lab(name)) => format!("lab {name}"),
                Some(Target::Result(name)) => format!("computed: {name}"),
                Some(Target::Url(url)) => url.clone(),
                None => String::new(),
            },
        }
    }
}

/// Keys that matter now, as many as fit.
pub fn hint_line(
    buffer: &mut Buffer,
    row: Rect,
    hints: &[(Action, &str)],
    scope: Scope,
    ctx: &Ctx<'_, '_>,
    style: Style,
) {
    let mut x = row.x + 1;
    for (action, what) in hints {
        let hint = format!("{} {what}", ctx.keymap.key(scope, *action));
        let needed = crate::text::width(&hint) as u16;
        if x + needed > row.right() {
            continue;
        }
        x += put(buffer, x, row.y, &hint, needed, style) + 3;
    }
}
