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
/// Cells that all four grades need on one row with names and days.
const NAMED: u16 = 62;

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
            10..=15 => (2, 1),
            _ => (3, 2),
        };
        // The bottom row is taken by what the last answer gave: the keys stand above it.
        let foot = foot + u16::from(self.fresh && foot > 0);
        if head > 0 {
            self.draw_head(Rect { height: 1, ..area }, buffer, ctx);
        }
        self.grades = [Rect::default(); 4];
        let left = if area.width >= 40 { 3 } else { 0 };
        let grades = match area.height {
            _ if !matches!(self.phase, Phase::Shown) => 0,
            0..=2 => 0,
            // With their names on two rows, where one is too narrow.
            10.. if area.width < left + NAMED => 2,
            _ => 1,
        };
        let gap = u16::from(grades > 0 && area.height >= 10);
        let mut text = Rect {
            x: area.x + left.min(area.width),
            y: area.y + head,
            width: area.width.saturating_sub(left + 1).min(WIDTH),
            height: area.height.saturating_sub(head + foot + grades + gap),
        };
        let (lines, answer) = match (&self.shown, &self.summary) {
            (Some(shown), _) => self.lines_of(shown, text.width, area.height >= 16, ctx),
            (None, Some(summary)) => (self.summary_lines(summary, text.width, ctx), 0),
            (None, None) => (Vec::new(), 0),
        };
        let sign = text.bottom() + gap - u16::from(text.height > 0 || gap > 0);
        if lines.len() > usize::from(text.height) && gap == 0 {
            text.height = text.height.saturating_sub(1);
        }
        let height = usize::from(text.height);
        if std::mem::take(&mut self.uncovered) {
            // Some of the answer is seen at once, under however long a question.
            let wanted = answer + (lines.len() - answer).min(height.div_ceil(2));
            self.scroll.top = wanted.saturating_sub(height);
        }
        let most = self.scroll.fit(lines.len(), height);
        for (line, y) in lines.iter().skip(self.scroll.top).zip(text.y..text.bottom()) {
            buffer.set_line(text.x, y, line, text.width);
        }
        if most > 0 && height > 0 {
            let row = Rect { y: sign, height: 1, ..area };
            widgets::more_line(buffer, row, self.scroll.top > 0, self.scroll.top < most, ctx);
        }
        if grades > 0 {
            let y = text.bottom() + gap;
            let rows = Rect { x: text.x, y, height: grades, width: area.right() - text.x };
            self.draw_grades(rows, buffer, ctx);
        }
        if foot > 0 {
            let up = 1 + u16::from(self.fresh && foot > 1);
            let row = Rect { y: area.bottom() - up, height: 1, ..area };
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

    /// Question and answer in lines, and the line where the answer begins.
    fn lines_of(
        &self,
        shown: &Shown<'c>,
        width: u16,
        roomy: bool,
        ctx: &Ctx<'_, 'c>,
    ) -> (Vec<Line<'static>>, usize) {
        let dim = ctx.theme.style(Role::Dim);
        let mut lines = Vec::new();
        let mut answer = 0;
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
            answer = lines.len();
            lines.extend(paragraph(&shown.words.answer, width, ctx));
        }
        (lines, answer)
    }

    /// The grades with the days that each gives, on one row or on two. Where not even that fits, the names give way,
    /// and a colon keeps `2:1 d` from being read as 21.
    fn draw_grades(&mut self, rows: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let Some(shown) = &self.shown else { return };
        let dim = ctx.theme.style(Role::Dim);
        let strong = Style::new().add_modifier(Modifier::BOLD);
        let named = rows.width >= NAMED || rows.height > 1;
        let mut x = rows.x;
        for (at, name) in ["again", "hard", "good", "easy"].into_iter().enumerate() {
            let mut y = rows.y;
            if rows.height > 1 {
                x = rows.x + 18 * (at % 2) as u16;
                y += at as u16 / 2;
            }
            let from = x;
            let room = |x: u16| rows.right().saturating_sub(x);
            x += put(buffer, x, y, &(at + 1).to_string(), room(x), strong);
            let name = match rows.height {
                1 if named => format!(" {name}  "),
                1 => ":".into(),
                _ => format!(" {name:<5}  "),
            };
            x += put(buffer, x, y, &name, room(x), Style::new());
            x += put(buffer, x, y, &short(shown.intervals[at]), room(x), dim);
            self.grades[at] = Rect { x: from, y, width: x - from, height: 1 };
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
            say(crate::report::words::expectation(*day, forecast));
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
