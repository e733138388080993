//! The review's picture: head, question, answer, grades.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::super::keymap::{Action, Scope};
use super::super::message::Ctx;
use super::super::widgets::{self, hint_line, put, two_ends};
use super::super::words::paragraph;
use super::{Phase, Review, Shown, Summary, days, short};
use crate::recall::SECONDS_AN_ANSWER;
use crate::render::Role;
use crate::text;

/// Widest column of words.
const WIDTH: u16 = 72;

const ASKED: &[(Action, &str)] = &[
    (Action::Open, "answer"),
    (Action::TypeAnswer, "type it first"),
    (Action::OpenLesson, "open the lesson there"),
    (Action::SuspendCard, "suspend"),
    (Action::Keys, "keys"),
];
const SHOWN: &[(Action, &str)] = &[
    (Action::UndoAct, "undo"),
    (Action::OpenLesson, "open the lesson there"),
    (Action::SuspendCard, "suspend"),
    (Action::BuryCard, "tomorrow"),
    (Action::Keys, "keys"),
];
const OVER: &[(Action, &str)] =
    &[(Action::UndoAct, "undo"), (Action::Back, "back"), (Action::Keys, "keys")];
const MORE: &[(Action, &str)] = &[
    (Action::Open, "go on all the same"),
    (Action::UndoAct, "undo"),
    (Action::Back, "back"),
    (Action::Keys, "keys"),
];

impl<'c> Review<'c> {
    /// Draws the review.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let (head, foot) = match area.height {
            0..=3 => (0, 1.min(area.height.saturating_sub(1))),
            4..=9 => (1, 1),
            _ => (3, 2),
        };
        if head > 0 {
            self.draw_head(Rect { height: 1, ..area }, buffer, ctx);
        }
        self.grades = [Rect::default(); 4];
        let grades = u16::from(matches!(self.phase, Phase::Shown) && area.height > 2);
        let gap = grades * u16::from(area.height >= 10);
        let left = if area.width >= 40 { 3 } else { 0 };
        let text = Rect {
            x: area.x + left.min(area.width),
            y: area.y + head,
            width: area.width.saturating_sub(left + 1).min(WIDTH),
            height: area.height.saturating_sub(head + foot + grades + gap),
        };
        let lines = match (&self.shown, &self.summary) {
            (Some(shown), _) => self.lines_of(shown, text.width, area.height >= 16, ctx),
            (None, Some(summary)) => self.summary_lines(summary, text.width, ctx),
            (None, None) => Vec::new(),
        };
        self.top = self.top.min(lines.len().saturating_sub(usize::from(text.height)));
        for (line, y) in lines.iter().skip(self.top).zip(text.y..text.bottom()) {
            buffer.set_line(text.x, y, line, text.width);
        }
        if grades > 0 {
            let y = text.bottom() + gap;
            self.draw_grades(Rect { x: text.x, y, height: 1, ..area }, area.right(), buffer, ctx);
        }
        if foot > 0 {
            let row = Rect { y: area.bottom() - 1, height: 1, ..area };
            self.draw_foot(row, buffer, ctx);
        }
    }

    fn draw_foot(&self, row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let accent = ctx.theme.style(Role::Accent);
        if let Some(editing) = &self.editing {
            editing.field.draw(buffer, row, editing.label(), accent);
        } else if self.typing {
            self.typed.draw(buffer, row, " your answer: ", accent);
        } else {
            let hints = match self.phase {
                Phase::Asked => ASKED,
                Phase::Shown => SHOWN,
                Phase::Over if self.more() => MORE,
                Phase::Over => OVER,
            };
            hint_line(buffer, row, hints, Scope::Review, ctx, ctx.theme.style(Role::Dim));
        }
    }

    fn draw_head(&self, row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let dim = ctx.theme.style(Role::Dim);
        let mut right = String::new();
        if let Some(shown) = &self.shown {
            let met = self.graded.iter().any(|(key, _)| *key == shown.key);
            let at = self.graded_cards() + usize::from(!met);
            right = format!("{at} of {}", self.total().max(at));
            if let Some(lesson) = shown.lesson.filter(|_| row.width >= 60) {
                let whose = if shown.own { "yours, from" } else { "from" };
                let title = text::ellipsis(lesson.short_title(), 32);
                right.push_str(&format!("   {whose} {} {title}", lesson.number));
            }
            right.push(' ');
        }
        two_ends(buffer, row, &[(" Review", ctx.theme.style(Role::Heading))], &[(&right, dim)]);
    }

    fn lines_of(
        &self,
        shown: &Shown<'c>,
        width: u16,
        roomy: bool,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Line<'static>> {
        let dim = ctx.theme.style(Role::Dim);
        let mut lines = Vec::new();
        if let Some(plan) = self.plan.as_ref().filter(|_| matches!(self.phase, Phase::Asked)) {
            lines.extend(said(plan, width, dim));
            lines.push(Line::default());
        } else if shown.new && matches!(self.phase, Phase::Asked) {
            lines.extend(said("new", width, dim));
            lines.push(Line::default());
        }
        lines.extend(paragraph(&shown.words.question, width, ctx));
        if matches!(self.phase, Phase::Shown) {
            let gap = if roomy { 3 } else { 1 };
            if !self.typed.text().trim().is_empty() {
                lines.push(Line::default());
                lines.extend(said(&format!("you: {}", self.typed.text()), width, dim));
            }
            lines.extend(std::iter::repeat_n(Line::default(), gap));
            lines.extend(paragraph(&shown.words.answer, width, ctx));
        }
        lines
    }

    fn draw_grades(&mut self, row: Rect, right: u16, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let Some(shown) = &self.shown else { return };
        let dim = ctx.theme.style(Role::Dim);
        let strong = Style::new().add_modifier(Modifier::BOLD);
        // Names give way before the intervals do.
        let named = right.saturating_sub(row.x) >= 62;
        let mut x = row.x;
        for (at, name) in ["again", "hard", "good", "easy"].into_iter().enumerate() {
            let from = x;
            let room = |x: u16| right.saturating_sub(x);
            x += put(buffer, x, row.y, &(at + 1).to_string(), room(x), strong);
            if named {
                x += put(buffer, x, row.y, &format!(" {name}"), room(x), Style::new());
            }
            let interval =
                format!("{}{}", if named { "  " } else { " " }, short(shown.intervals[at]));
            x += put(buffer, x, row.y, &interval, room(x), dim);
            self.grades[at] = Rect { x: from, y: row.y, width: x - from, height: 1 };
            x += if named { 4 } else { 2 };
        }
    }

    fn summary_lines(
        &self,
        summary: &Summary,
        width: u16,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Line<'static>> {
        let plain = Style::new();
        let mut out = Vec::new();
        let mut say = |text: String| {
            out.extend(said(&text, width, plain));
            out.push(Line::default());
        };
        let answers = self.graded.len();
        if answers == 0 {
            let nothing = if summary.cards.total == 0 {
                "This course has no cards yet."
            } else if ctx.progress.cards().next().is_none() && summary.cards.new == 0 {
                "Nothing to recall yet: cards come when their lesson is read."
            } else {
                "Nothing is due."
            };
            say(nothing.to_string());
        } else {
            let missed = self.graded.iter().filter(|(_, grade)| *grade == 1).count();
            let cards = self.graded_cards();
            let known = answers - missed;
            say(format!(
                "{cards} {} done; {known} of {answers} answers known.",
                if cards == 1 { "card" } else { "cards" }
            ));
        }
        if let Some((day, count)) = summary.next {
            let ahead = (day - ctx.progress.today(ctx.now.wall)).num_days();
            let when = if ahead == 1 { "tomorrow".into() } else { format!("in {ahead} days") };
            let minutes = (count * SECONDS_AN_ANSWER).div_ceil(60);
            say(format!(
                "Next: {count} {when}, about {minutes} min; {} in the next 7 days.",
                summary.cards.ahead.week
            ));
        }
        let waiting = summary.cards.waiting;
        if waiting > 0 {
            say(format!(
                "{waiting} more are due and wait for the days after, {} a day, the least known first; after {} \
                 nothing waits.",
                ctx.config.recall.due_per_day,
                days(summary.backlog as u32)
            ));
        } else if summary.new_later > 0 {
            say(format!("{} new cards wait for the days after.", summary.new_later));
        }
        if let Some(share) = summary.cards.retention {
            say(format!(
                "Known in the last 30 days: {:.0} %, wanted {:.0} %.",
                share * 100.0,
                ctx.config.recall.retention * 100.0
            ));
        }
        if let Some((day, forecast)) = &summary.forecast {
            say(super::super::widgets::expectation(*day, forecast));
        }
        if let Some((slug, missed, of)) = &summary.cards.weakest
            && let Some(lesson) = ctx.course.by_slug(slug)
        {
            say(format!(
                "Weakest: {} {} ({missed} of {of} missed).",
                lesson.number,
                lesson.short_title()
            ));
        }
        out.pop();
        out
    }
}

/// Plain words, wrapped.
fn said(words: &str, width: u16, style: Style) -> Vec<Line<'static>> {
    let lines = widgets::wrap(&text::clean(words), width, usize::MAX);
    lines.into_iter().map(|line| Line::styled(line, style)).collect()
}
