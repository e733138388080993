//! The library: what today asks, and the lessons in groups.

use std::collections::HashSet;

use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::app::{Ctx, Effect};
use super::keymap::{Action, Chord, Scope};
use super::reader::hint_line;
use super::widgets::{self, bar, put, state_mark, state_note, two_ends};
use crate::course::{Course, Entry, Kind, Level};
use crate::journal::What;
use crate::markdown::{self, Options};
use crate::progress::{Progress, State};
use crate::render::{self, Marks, Role};
use crate::text;

/// By what the lessons are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Stages of the track in use, or all tracks.
    Track,
    /// Foundation, Intermediate, Advanced.
    Level,
    /// Method, concept, anomaly, design, reference.
    Kind,
}

struct Group<'c> {
    title: String,
    lessons: Vec<&'c Entry>,
}

/// One row of the list.
#[derive(Clone)]
enum Item<'c> {
    Group { title: String, read: usize, total: usize },
    Lesson(&'c Entry),
}

/// The screen's own state.
pub struct Library<'c> {
    grouping: Grouping,
    folded: HashSet<String>,
    filter: String,
    typing: bool,
    cursor: usize,
    top: usize,
    list: Rect,
    items: Vec<Item<'c>>,
    preview: Option<(&'c Entry, u16, Vec<ratatui::text::Line<'static>>)>,
}

impl<'c> Library<'c> {
    /// Begins with the next lesson under the cursor.
    pub fn new(course: &'c Course, progress: &Progress) -> Self {
        let track = progress.track().and_then(|id| course.track(id));
        let grouping = if track.is_some() { Grouping::Track } else { Grouping::Level };
        let mut library = Library {
            grouping,
            folded: HashSet::new(),
            filter: String::new(),
            typing: false,
            cursor: 0,
            top: 0,
            list: Rect::default(),
            items: Vec::new(),
            preview: None,
        };
        library.rebuild(course, progress);
        if let Some(next) = progress.next(course, track) {
            library.select(next);
        }
        library
    }

    /// Comes back from a lesson: states may have changed.
    pub fn returned(&mut self, ctx: &Ctx<'_, 'c>) {
        self.preview = None;
        self.rebuild(ctx.course, ctx.progress);
    }

    fn groups(&self, course: &'c Course, progress: &Progress) -> Vec<Group<'c>> {
        let track = progress.track().and_then(|id| course.track(id));
        let of = |lessons: &[crate::course::Str]| -> Vec<&'c Entry> {
            lessons.iter().filter_map(|slug| course.by_slug(slug)).filter(|l| !l.draft).collect()
        };
        let groups = match (self.grouping, track) {
            (Grouping::Track, Some(track)) => {
                let stages = track.stages.iter();
                stages
                    .map(|s| Group { title: s.title.to_string(), lessons: of(&s.lessons) })
                    .collect()
            }
            (Grouping::Track, None) => course
                .tracks
                .iter()
                .map(|track| Group {
                    title: track.title.to_string(),
                    lessons: course.order(Some(track)),
                })
                .collect(),
            (Grouping::Level, _) => Level::ALL
                .iter()
                .map(|level| Group {
                    title: level.name().into(),
                    lessons: course.listed().filter(|l| l.level == *level).collect(),
                })
                .collect(),
            (Grouping::Kind, _) => Kind::ALL
                .iter()
                .map(|kind| Group {
                    title: plural(*kind).into(),
                    lessons: course.listed().filter(|l| l.kind == *kind).collect(),
                })
                .collect(),
        };
        let mut groups: Vec<Group<'c>> = groups;
        groups.retain(|group| !group.lessons.is_empty());
        groups
    }

    fn rebuild(&mut self, course: &'c Course, progress: &Progress) {
        let selected = self.selected();
        let words: Vec<String> =
            self.filter.to_lowercase().split_whitespace().map(Into::into).collect();
        let matches = |lesson: &Entry| {
            let mut tags = lesson.tags.join(" ");
            tags.push_str(lesson.kind.name());
            let hay =
                format!("{} {} {} {tags}", lesson.number, lesson.title, lesson.slug).to_lowercase();
            words.iter().all(|word| hay.contains(word))
        };
        self.items.clear();
        for group in self.groups(course, progress) {
            let shown: Vec<&'c Entry> =
                group.lessons.iter().copied().filter(|l| matches(l)).collect();
            if shown.is_empty() {
                continue;
            }
            let read = group
                .lessons
                .iter()
                .filter(|l| progress.lesson(&l.slug).state == State::Read)
                .count();
            let folded = self.folded.contains(&group.title) && words.is_empty();
            self.items.push(Item::Group { title: group.title, read, total: group.lessons.len() });
            if !folded {
                self.items.extend(shown.into_iter().map(Item::Lesson));
            }
        }
        match selected {
            Some(entry) => self.select(entry),
            None => self.cursor = self.cursor.min(self.items.len().saturating_sub(1)),
        }
        if !words.is_empty() && self.selected().is_none() {
            self.cursor = self.items.iter().position(|i| matches!(i, Item::Lesson(_))).unwrap_or(0);
        }
    }

    fn select(&mut self, entry: &Entry) {
        let at =
            self.items.iter().position(|i| matches!(i, Item::Lesson(e) if e.slug == entry.slug));
        self.cursor = at.unwrap_or(self.cursor.min(self.items.len().saturating_sub(1)));
    }

    fn selected(&self) -> Option<&'c Entry> {
        match self.items.get(self.cursor) {
            Some(Item::Lesson(entry)) => Some(entry),
            _ => None,
        }
    }

    /// Whether keys go into the filter.
    pub fn typing(&self) -> bool {
        self.typing
    }

    /// A key in the filter; false if it is none of the field's and means what it means.
    pub fn type_key(&mut self, chord: Chord) -> bool {
        if let Some(letter) = chord.typed() {
            self.filter.push(letter);
        } else if chord.is(KeyCode::Backspace) {
            if self.filter.pop().is_none() {
                self.typing = false;
            }
        } else if chord.is(KeyCode::Esc) {
            self.filter.clear();
            self.typing = false;
        } else if chord.is(KeyCode::Enter) {
            self.typing = false;
        } else {
            return false;
        }
        true
    }

    /// Pasted text goes into an open filter and nowhere else.
    pub fn paste(&mut self, pasted: &str) {
        if self.typing {
            self.filter.extend(pasted.chars().filter(|c| !c.is_control()).take(200));
        }
    }

    /// Does what a key means.
    pub fn act(
        &mut self,
        action: Action,
        count: Option<u32>,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        self.rebuild(ctx.course, ctx.progress);
        let times = count.unwrap_or(1) as usize;
        let page = usize::from(self.list.height.max(2)) - 1;
        let mut effects = Vec::new();
        match action {
            Action::Down => self.cursor += times,
            Action::Up => self.cursor = self.cursor.saturating_sub(times),
            Action::PageDown => self.cursor += page * times,
            Action::PageUp => self.cursor = self.cursor.saturating_sub(page * times),
            Action::HalfDown => self.cursor += page.div_ceil(2) * times,
            Action::HalfUp => self.cursor = self.cursor.saturating_sub(page.div_ceil(2) * times),
            Action::Top => self.cursor = 0,
            Action::Bottom => self.cursor = usize::MAX,
            Action::Open => match self.items.get(self.cursor) {
                Some(Item::Lesson(entry)) => effects.push(Effect::Open(entry, None)),
                Some(Item::Group { title, .. }) => self.fold(&title.clone()),
                None => {}
            },
            Action::Fold => {
                let above = self.items.iter().take(self.cursor + 1).enumerate().rev();
                let group = above.filter_map(|(at, item)| match item {
                    Item::Group { title, .. } => Some((at, title.clone())),
                    Item::Lesson(_) => None,
                });
                if let Some((at, title)) = group.into_iter().next() {
                    self.cursor = at;
                    self.fold(&title);
                }
            }
            Action::Group => {
                self.grouping = match self.grouping {
                    Grouping::Track => Grouping::Level,
                    Grouping::Level => Grouping::Kind,
                    Grouping::Kind => Grouping::Track,
                };
            }
            Action::Filter => self.typing = true,
            Action::Next => {
                let track = ctx.progress.track().and_then(|id| ctx.course.track(id));
                effects.push(match ctx.progress.next(ctx.course, track) {
                    Some(entry) => Effect::Open(entry, None),
                    None => Effect::Say("all that is written here is read".into()),
                });
            }
            Action::Mark => {
                if let Some(entry) = self.selected() {
                    let read = ctx.progress.lesson(&entry.slug).state != State::Read;
                    effects.push(Effect::Record(vec![What::Mark {
                        lesson: entry.slug.to_string(),
                        read,
                    }]));
                    let (undo, state) = (
                        ctx.keymap.key(Scope::All, Action::UndoAct),
                        if read { "read" } else { "unread" },
                    );
                    effects.push(Effect::Say(format!(
                        "{} marked {state}; {undo} takes it back",
                        entry.title
                    )));
                }
            }
            Action::UseTrack => effects = self.next_track(ctx),
            Action::Back => self.filter.clear(),
            _ => {}
        }
        self.cursor = self.cursor.min(self.items.len().saturating_sub(1));
        effects
    }

    fn fold(&mut self, title: &str) {
        if !self.folded.remove(title) {
            self.folded.insert(title.to_string());
        }
    }

    fn next_track(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let ids = ctx.course.tracks.iter().map(|track| track.id.to_string());
        let ring: Vec<Option<String>> = std::iter::once(None).chain(ids.map(Some)).collect();
        let at = ring.iter().position(|id| id.as_deref() == ctx.progress.track()).unwrap_or(0);
        let track = ring[(at + 1) % ring.len()].clone();
        self.grouping = if track.is_some() { Grouping::Track } else { Grouping::Level };
        let said = match track.as_deref().and_then(|id| ctx.course.track(id)) {
            Some(track) => format!("track {}: {}", track.title, track.about),
            None => "no track: the series in its numbers".into(),
        };
        vec![Effect::Record(vec![What::Track { track }]), Effect::Say(said)]
    }

    /// Wheel moves the cursor; a click selects, a click on the selected row opens.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.act(Action::Down, Some(3), ctx),
            MouseEventKind::ScrollUp => self.act(Action::Up, Some(3), ctx),
            MouseEventKind::Down(MouseButton::Left)
                if self.list.contains((mouse.column, mouse.row).into()) =>
            {
                let hit = self.top + usize::from(mouse.row - self.list.y);
                if hit >= self.items.len() {
                    return Vec::new();
                }
                let again = hit == self.cursor;
                self.cursor = hit;
                if again || matches!(self.items[hit], Item::Group { .. }) {
                    return self.act(Action::Open, None, ctx);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Draws the library.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        self.rebuild(ctx.course, ctx.progress);
        let wide = area.width >= 120 && area.height >= 12;
        let left = Rect { width: if wide { (area.width / 2).min(84) } else { area.width }, ..area };

        let mut y = area.y;
        if area.height >= 5 {
            draw_head(Rect { height: 1, ..area }, buffer, ctx);
            y += if area.height >= 16 { 2 } else { 1 };
        }
        if area.height >= 8 {
            y = draw_today(Rect { y, height: area.height, ..left }, buffer, ctx);
            y += u16::from(area.height >= 16);
        }
        let foot = match area.height {
            0..=5 => 0,
            6..=15 => 1,
            _ => 5,
        };
        self.list = Rect { y, height: area.bottom().saturating_sub(y + foot), ..left };
        self.draw_list(buffer, ctx);
        if foot > 1 {
            if let Some(entry) = self.selected() {
                let lines = widgets::wrap(&entry.gist, left.width.saturating_sub(3).min(76), 3);
                for (line, y) in lines.iter().zip(area.bottom() - 4..) {
                    put(buffer, left.x + 1, y, line, left.width - 1, ctx.theme.style(Role::Dim));
                }
            }
        }
        if foot > 0 {
            self.draw_foot(Rect { y: area.bottom() - 1, height: 1, ..area }, buffer, ctx);
        }
        if wide {
            let x = left.right() + 2;
            let pane = Rect { x, y: area.y + 2, width: area.right() - x, height: area.height - 4 };
            self.draw_preview(pane, buffer, ctx);
        }
    }

    fn draw_list(&mut self, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let (list, height) = (self.list, usize::from(self.list.height));
        if height == 0 {
            return;
        }
        // The group of the first lesson stays in sight when there is room for it.
        let wanted = if self.cursor == 1 { 0 } else { self.cursor };
        self.top = self.top.min(wanted).max((self.cursor + 1).saturating_sub(height));
        self.top = self.top.min(self.items.len().saturating_sub(height));
        if self.items.is_empty() {
            let said = if self.filter.is_empty() {
                "no lessons in this course yet"
            } else {
                "no lesson matches; esc clears the filter"
            };
            put(buffer, list.x + 1, list.y, said, list.width - 1, ctx.theme.style(Role::Dim));
        }
        for (index, item) in self.items.iter().enumerate().skip(self.top).take(height) {
            let row = Rect { y: list.y + (index - self.top) as u16, height: 1, ..list };
            let here = index == self.cursor;
            match item {
                Item::Group { title, read, total } => {
                    let folded = self.folded.contains(title) && self.filter.is_empty();
                    let fold = if folded { '▸' } else { '▾' };
                    draw_group(row, buffer, &format!(" {fold} {title}"), *read, *total, ctx);
                }
                Item::Lesson(entry) => draw_lesson(row, buffer, entry, ctx),
            }
            if here {
                buffer.set_style(row, ctx.theme.style(Role::Selected));
            }
        }
    }

    fn draw_foot(&self, row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let dim = ctx.theme.style(Role::Dim);
        if self.typing || !self.filter.is_empty() {
            let caret = if self.typing { "▏" } else { "" };
            let found = self.items.iter().filter(|i| matches!(i, Item::Lesson(_))).count();
            let field = format!(" / {}{caret}", text::clean(&self.filter));
            let count = format!("{found} found   esc clears ");
            two_ends(buffer, row, &[(&field, ctx.theme.style(Role::Accent))], &[(&count, dim)]);
            return;
        }
        let grouped = match self.grouping {
            Grouping::Track => "by level",
            Grouping::Level => "by kind",
            Grouping::Kind => "by track",
        };
        let hints = [
            (Action::Open, "open"),
            (Action::Group, grouped),
            (Action::Filter, "filter"),
            (Action::Mark, "mark read"),
            (Action::UseTrack, "track"),
            (Action::Keys, "keys"),
            (Action::Quit, "leave"),
        ];
        hint_line(buffer, row, &hints, Scope::Library, ctx, dim);
    }

    /// The selected lesson as the reader shows it, at the place where one stopped. Opens nothing.
    fn draw_preview(&mut self, pane: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let Some(entry) = self.selected() else { return };
        let width = pane.width.saturating_sub(2).min(ctx.config.reader.width);
        let cached =
            self.preview.as_ref().is_some_and(|(e, w, _)| e.slug == entry.slug && *w == width);
        if !cached {
            self.preview = Some((entry, width, preview(entry, width, pane.height, ctx)));
        }
        let Some((_, _, lines)) = &self.preview else { return };
        for y in pane.y..pane.bottom() {
            put(buffer, pane.x.saturating_sub(2), y, "│", 1, ctx.theme.style(Role::Dim));
        }
        for (line, y) in lines.iter().zip(pane.y..pane.bottom()) {
            buffer.set_line(pane.x, y, line, pane.width);
        }
    }
}

fn preview<'c>(
    entry: &'c Entry,
    width: u16,
    height: u16,
    ctx: &Ctx<'_, 'c>,
) -> Vec<ratatui::text::Line<'static>> {
    let Ok(body) = ctx.course.body(entry) else { return Vec::new() };
    let document = markdown::parse(&body, entry.body_line as usize);
    let page = markdown::layout(&document, &Options { width, ..Options::default() });
    let at = ctx.progress.lesson(&entry.slug).position.as_ref().map_or(0, |at| {
        page.row_of(markdown::spot_at(&document, at.heading.as_deref(), at.fraction, at.share))
    });
    let rows = page.rows.iter().skip(at).take(usize::from(height));
    rows.map(|row| {
        let line = render::line(&document, row, ctx.theme, &Marks { width, ..Marks::default() });
        let spans = line.spans.into_iter();
        ratatui::text::Line::from_iter(
            spans.map(|s| ratatui::text::Span::styled(s.content.into_owned(), s.style)),
        )
    })
    .collect()
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Method => "Method",
        Kind::Concept => "Concepts",
        Kind::Anomaly => "Anomalies",
        Kind::Design => "Designs",
        Kind::Reference => "Reference",
    }
}

fn draw_head(row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
    let track = ctx.progress.track().and_then(|id| ctx.course.track(id));
    let order = ctx.course.order(track);
    let read = order.iter().filter(|l| ctx.progress.lesson(&l.slug).state == State::Read).count();
    let streak = ctx.progress.streak(ctx.now.wall).current;
    let mut right = track.map_or_else(String::new, |track| format!("{} · ", track.id));
    if streak > 0 {
        right.push_str(&format!("day {streak} · "));
    }
    right.push_str(&format!("{read} of {} read ", order.len()));
    let title = format!(" {}", ctx.course.title);
    let heading = ctx.theme.style(Role::Heading);
    two_ends(buffer, row, &[(&title, heading)], &[(&right, ctx.theme.style(Role::Dim))]);
}

/// What today asks; gives the row below it.
fn draw_today(area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) -> u16 {
    let (dim, plain) = (ctx.theme.style(Role::Dim), Style::new());
    let mut y = area.y;
    let nothing_read =
        !ctx.course.listed().any(|l| ctx.progress.lesson(&l.slug).state == State::Read);
    if nothing_read && ctx.progress.track().is_none() {
        let key = ctx.keymap.key(Scope::Library, Action::UseTrack);
        let offer = format!(
            " An interview ahead? {key} chooses a track: two weeks, four weeks, or all of it."
        );
        put(buffer, area.x, y, &offer, area.width, ctx.theme.style(Role::Accent));
        y += 1;
    }
    let track = ctx.progress.track().and_then(|id| ctx.course.track(id));
    let row = Rect { y, height: 1, ..area };
    match ctx.progress.next(ctx.course, track) {
        None => {
            two_ends(buffer, row, &[(" Today  ", dim), ("all that is written is read", plain)], &[])
        }
        Some(next) => {
            let known = ctx.progress.lesson(&next.slug);
            let place = known.position.as_ref().filter(|at| at.share > 0.0).map(|at| {
                let section =
                    at.heading.as_ref().and_then(|id| next.headings.iter().find(|h| h.id == *id));
                let left = (f64::from(next.minutes) * (1.0 - at.share)).ceil();
                let section = section
                    .map_or(String::new(), |h| format!(", at “{}”", text::ellipsis(&h.title, 24)));
                format!("   {left:.0} min left{section}")
            });
            let minutes = format!("   {} min", next.minutes);
            let right = format!("{minutes}{} ", place.unwrap_or_default());
            let right = if text::width(&right) * 2 > usize::from(area.width) {
                format!("{minutes} ")
            } else {
                right
            };
            let number = format!("{:>2}  ", next.number);
            two_ends(
                buffer,
                row,
                &[(" Today  ", dim), (&number, dim), (next.short_title(), plain)],
                &[(&right, dim)],
            );
        }
    }
    y + 1
}

fn draw_group(
    row: Rect,
    buffer: &mut Buffer,
    title: &str,
    read: usize,
    total: usize,
    ctx: &Ctx<'_, '_>,
) {
    let count = format!("{read}/{total}  ");
    let width = if row.width >= 60 { 28 } else { (row.width / 5).min(12) };
    let (done, open) = bar(read, total, width);
    let (strong, dim) = (ctx.theme.style(Role::Heading), ctx.theme.style(Role::Dim));
    let right: [(&str, _); 4] =
        [(&count, dim), (&done, ctx.theme.style(Role::Accent)), (&open, dim), (" ", dim)];
    two_ends(buffer, row, &[(title, strong)], &right);
}

fn draw_lesson(row: Rect, buffer: &mut Buffer, entry: &Entry, ctx: &Ctx<'_, '_>) {
    let progress = ctx.progress.lesson(&entry.slug);
    let (plain, dim) = (Style::new(), ctx.theme.style(Role::Dim));
    let title_style = if progress.state == State::Read { dim } else { plain };
    let mark = format!("   {} ", state_mark(progress.state));
    let number = format!("{:>2}  ", entry.number);
    let note = state_note(entry, progress);
    let right = match row.width {
        0..=29 => String::new(),
        30..=59 => format!("{:>3} min ", entry.minutes),
        _ => format!("{:>3} min   {note:<13}", entry.minutes),
    };
    let mark_style =
        if progress.state == State::Opened { ctx.theme.style(Role::Accent) } else { dim };
    two_ends(
        buffer,
        row,
        &[(&mark, mark_style), (&number, dim), (entry.short_title(), title_style)],
        &[(&right, dim)],
    );
}
