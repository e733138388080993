//! The library's picture: head, today, list, preview.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::keymap::{Action, Scope};
use super::super::message::Ctx;
use super::super::widgets::{self, bar, hint_line, put, state_mark, state_note, two_ends};
use super::{Grouping, Item, Library};
use crate::course::Entry;
use crate::markdown::{self, Options};
use crate::progress::State;
use crate::recall::SECONDS_AN_ANSWER;
use crate::render::{self, Marks, Role};
use crate::text;

/// What stands under today's lesson begins where its title does.
const INDENT: &str = "            ";

impl<'c> Library<'c> {
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
            let row = Rect { y, height: area.height, ..left };
            y = draw_today(row, buffer, self.selected(), ctx);
            y += u16::from(area.height >= 16);
        }
        let foot = match area.height {
            0..=5 => 0,
            6..=15 => 1,
            _ => 5,
        };
        self.list = Rect { y, height: area.bottom().saturating_sub(y + foot), ..left };
        self.draw_list(buffer, ctx);
        if foot > 1
            && let Some(entry) = self.selected()
        {
            let lines = widgets::wrap(&entry.gist, left.width.saturating_sub(3).min(76), 3);
            for (line, y) in lines.iter().zip(area.bottom() - 4..) {
                put(buffer, left.x + 1, y, line, left.width - 1, ctx.theme.style(Role::Dim));
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
            let said = if self.filter.text().is_empty() {
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
                    let folded = self.folded.contains(title) && self.filter.text().is_empty();
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
        if self.typing || !self.filter.text().is_empty() {
            let found = self.items.iter().filter(|i| matches!(i, Item::Lesson(_))).count();
            let count = format!("{found} found   esc clears ");
            let style = ctx.theme.style(Role::Accent);
            if self.typing {
                let room = row.width.saturating_sub(text::width(&count) as u16);
                self.filter.draw(buffer, Rect { width: room, ..row }, " / ", style);
                two_ends(buffer, row, &[], &[(&count, dim)]);
            } else {
                let field = format!(" / {}", text::clean(self.filter.text()));
                two_ends(buffer, row, &[(&field, style)], &[(&count, dim)]);
            }
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
            (Action::Review, "review"),
            (Action::Rehearse, "rehearse"),
            (Action::Lab, "labs"),
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
        spans.map(|s| ratatui::text::Span::styled(s.content.into_owned(), s.style)).collect()
    })
    .collect()
}

fn draw_head(row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
    let track = ctx.progress.track().and_then(|id| ctx.course.track(id));
    let order = ctx.course.order(track);
    let read = order.iter().filter(|l| ctx.progress.lesson(&l.slug).state == State::Read).count();
    let streak = ctx.progress.streak(ctx.now.wall).current;
    let mut right = track.map_or_else(String::new, |track| format!("{} · ", track.id));
    if streak > 0 && row.width >= 60 {
        right.push_str(&format!(
            "{streak} {} in a row · ",
            if streak == 1 { "day" } else { "days" }
        ));
    }
    right.push_str(&format!("{read} of {} read ", order.len()));
    let title = format!(" {}", ctx.course.title);
    let heading = ctx.theme.style(Role::Heading);
    two_ends(buffer, row, &[(&title, heading)], &[(&right, ctx.theme.style(Role::Dim))]);
}

/// What today asks; gives the row below it.
fn draw_today(area: Rect, buffer: &mut Buffer, selected: Option<&Entry>, ctx: &Ctx<'_, '_>) -> u16 {
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
            two_ends(
                buffer,
                row,
                &[(" Today  ", dim), ("all that is written is read", plain)],
                &[],
            );
        }
        Some(next) => {
            let known = ctx.progress.lesson(&next.slug);
            let paged = known.paged(next);
            let place = known.position.as_ref().filter(|at| at.share > 0.0 && !paged).map(|at| {
                let section =
                    at.heading.as_ref().and_then(|id| next.headings.iter().find(|h| h.id == *id));
                let pace = ctx.progress.pace().factor();
                let left = (f64::from(next.minutes) * (1.0 - at.share) * pace).ceil();
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
            if paged {
                // `m` marks the lesson under the cursor: it is named only where that is this one.
                let here = selected.is_some_and(|entry| entry.slug == next.slug);
                let (action, what) = if here {
                    (Action::Mark, "marks it read")
                } else {
                    (Action::Next, "opens the rest")
                };
                let key = ctx.keymap.key(Scope::Library, action);
                let said = format!("{}: {key} {what}", widgets::paged(known.active));
                let long = said.replacen("paged", "paged to the end", 1);
                let fits = usize::from(area.width) >= INDENT.len() + text::width(&long);
                let said = if fits { format!("{INDENT}{long}") } else { format!("        {said}") };
                y += 1;
                put(buffer, area.x, y, &said, area.width, dim);
            }
        }
    }
    y += 1;
    let key = ctx.keymap.key(Scope::Library, Action::Review);
    if let Some((said, key)) = reviews(ctx.cards.due, ctx.cards.new, key, area.width) {
        let row = Rect { y, height: 1, ..area };
        two_ends(buffer, row, &[(INDENT, dim), (&said, plain)], &[(&key, dim)]);
        y += 1;
    }
    if let Some(aim) = ctx.progress.aim() {
        let days = (aim.by - ctx.progress.today(ctx.now.wall)).num_days();
        if days >= 0 {
            let when = match days {
                0 => "today is the day".to_string(),
                1 => "tomorrow is the day".to_string(),
                days => format!("{days} days to {}", aim.by.format("%-d %B")),
            };
            let pace = ctx.pace.map_or(String::new(), |pace| format!("   {pace}"));
            let said = format!("            {when}{pace}");
            put(buffer, area.x, y, &said, area.width, dim);
            y += 1;
        }
    }
    y
}

/// `12 cards to recall (4 new)   4 min` and `r reviews`, none if nothing is due. Where that is too wide the words give
/// way: cards, minutes and new ones stay.
fn reviews(due: usize, new: usize, key: &str, width: u16) -> Option<(String, String)> {
    if due == 0 {
        return None;
    }
    let noun = if due == 1 { "card" } else { "cards" };
    let minutes = (due * SECONDS_AN_ANSWER).div_ceil(60);
    let (long, short) = match new {
        0 => (String::new(), String::new()),
        new if new == due => (" (new)".into(), ", new".into()),
        new => (format!(" ({new} new)"), format!(", {new} new")),
    };
    let long = format!("{due} {noun} to recall{long}   {minutes} min");
    let short = format!("{due} {noun}, {minutes} min{short}");
    let (named, bare) = (format!("{key} reviews "), format!("{key} "));
    let ways = [(&long, &named), (&short, &named), (&short, &bare)];
    let needs = |said: &str, key: &str| INDENT.len() + text::width(said) + 1 + text::width(key);
    let fits = ways.into_iter().find(|(said, key)| needs(said, key) <= usize::from(width));
    Some(fits.map_or((short.clone(), String::new()), |(said, key)| (said.clone(), key.clone())))
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
