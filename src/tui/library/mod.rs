//! The library: what today asks, and the lessons in groups.

mod draw;

use std::collections::HashSet;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::field::{Field, Typed};
use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect, Goal};
use crate::course::{Course, Entry, Kind, Level};
use crate::journal::What;
use crate::progress::{Progress, State};

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
    filter: Field,
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
            filter: Field::default(),
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
            self.filter.text().to_lowercase().split_whitespace().map(Into::into).collect();
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

    /// A key of the filter; none if it means what the table says.
    pub fn raw_key(&mut self, chord: Chord) -> Option<Vec<Effect<'c>>> {
        if !self.typing {
            return None;
        }
        match self.filter.key(chord) {
            Typed::Changed => {}
            Typed::Done => self.typing = false,
            Typed::Left => {
                self.filter.clear();
                self.typing = false;
            }
            Typed::Other => return None,
        }
        Some(Vec::new())
    }

    /// Pasted text goes into an open filter and nowhere else.
    pub fn paste(&mut self, pasted: &str) {
        if self.typing {
            self.filter.paste(pasted);
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
                Some(Item::Lesson(entry)) => effects.push(Effect::Open(entry, Goal::Stopped)),
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
                    Some(entry) => {
                        self.select(entry);
                        Effect::Open(entry, Goal::Stopped)
                    }
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
                    // A long title gives way at its end, and not the key.
                    effects.push(Effect::Say(format!(
                        "marked {state}; {undo} takes it back: {}",
                        entry.short_title()
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
            // A track asks for a day to aim at; where there is one, its words.
            Some(track) if ctx.progress.aim().is_none() => {
                let key = ctx.keymap.key(Scope::All, Action::Stats);
                format!("{}; {key} shows the plan and aims at a day", track.title)
            }
            Some(track) => format!("{}: {}", track.title, track.about),
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
