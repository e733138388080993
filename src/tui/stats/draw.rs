//! The two pages as lines, and as much of them as fits.

use chrono::{Datelike, Duration, NaiveDate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Page, StatsScreen};
use crate::rehearsal;
use crate::render::Role;
use crate::report::stats::Part;
use crate::report::words;
use crate::text;
use crate::tui::keymap::{Action, Scope};
use crate::tui::message::Ctx;
use crate::tui::widgets::{bar, hint_line, minutes, more_line, put, two_ends, wrap};

/// Widest text that is drawn; a line of numbers across 160 cells is not read.
const WIDEST: u16 = 100;
/// From here levels stand beside tracks.
const TWO_COLUMNS: u16 = 76;

impl<'c> StatsScreen<'c> {
    /// Draws it.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let dim = ctx.theme.style(Role::Dim);
        self.draw_head(Rect { height: 1, ..area }, buffer, ctx);
        let above = if area.height >= 10 { 2 } else { 1 };
        let foot = u16::from(area.height > 3) + u16::from(self.wrong.is_some() && area.height > 4);
        let body = Rect {
            x: area.x + 1,
            y: area.y + above,
            width: area.width.saturating_sub(2).min(WIDEST),
            height: area.height.saturating_sub(above + foot),
        };
        let lines = match self.page {
            Page::Stats => self.stats_lines(body.width, ctx),
            Page::Plan => self.plan_lines(body.width, ctx),
        };
        let most = self.scroll.fit(lines.len(), body.height.into());
        let top = self.scroll.top;
        for (line, y) in lines.iter().skip(top).zip(body.y..body.bottom()) {
            buffer.set_line(body.x, y, line, body.width);
        }
        if foot == 0 {
            return;
        }
        let row = Rect { y: area.bottom() - 1, height: 1, ..area };
        if let Some(field) = &self.typing {
            field.draw(buffer, row, " the day: ", ctx.theme.style(Role::Accent));
            if let Some(wrong) = &self.wrong {
                let said = text::clean(wrong);
                let style = ctx.theme.style(Role::Error);
                put(buffer, row.x + 1, row.y - 1, &said, row.width.saturating_sub(1), style);
            }
            return;
        }
        let other = if self.page == Page::Stats { "plan" } else { "stats" };
        let hints = [
            (Action::FocusNext, other),
            (Action::AimAt, "aim at a day"),
            (Action::Back, "back"),
            (Action::Keys, "keys"),
        ];
        // The way to the rest of the page is said before keys that are known.
        let more = most > 0;
        let room = Rect { width: row.width.saturating_sub(if more { 16 } else { 0 }), ..row };
        hint_line(buffer, room, &hints, Scope::Stats, ctx, dim);
        more_line(buffer, row, top > 0, top < most, ctx);
    }

    fn draw_head(&self, row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let (heading, dim) = (ctx.theme.style(Role::Heading), ctx.theme.style(Role::Dim));
        let stats = &self.stats;
        let next = stats.next.as_ref().and_then(|slug| ctx.course.by_slug(slug));
        let next = next.map_or("all is read ".into(), |l| format!("next: {} ", l.number));
        let mut said = format!("{} of {} read", stats.lessons.read, stats.lessons.total);
        if row.width >= 60 {
            said.push_str(&format!(
                " · {} active · streak {}, longest {}",
                minutes(stats.minutes.active),
                words::days(stats.streak.current),
                words::days(stats.streak.longest)
            ));
        }
        let title = if self.page == Page::Stats { " Stats   " } else { " Plan   " };
        two_ends(buffer, row, &[(title, heading), (&said, dim)], &[(&next, dim)]);
    }

    fn stats_lines(&self, width: u16, ctx: &Ctx<'_, 'c>) -> Vec<Line<'static>> {
        let stats = &self.stats;
        let dim = ctx.theme.style(Role::Dim);
        let today = ctx.progress.today(ctx.now.wall);
        let beside = width >= 58;
        let room = if beside { width - 32 } else { width.saturating_sub(3) };
        let weeks = i64::from(room / 2).clamp(1, 26);
        let mut lines = vec![Line::styled(months(today, weeks), dim)];
        let best = stats.days.iter().map(|day| day.minutes).max().filter(|best| *best > 0);
        for (row, week) in words::calendar(stats, today, weeks).into_iter().enumerate() {
            let note = match row {
                0 if beside => format!("   {}", words::LEGEND),
                1 if beside => best.map_or(String::new(), |m| format!("   best day {m} min")),
                _ => String::new(),
            };
            lines.push(Line::from(vec![Span::raw(week), Span::styled(note, dim)]));
        }
        lines.push(Line::default());
        if width >= TWO_COLUMNS {
            let half = width / 2 - 2;
            let (left, right) = (
                parts("Levels", &stats.levels, half, ctx),
                parts("Tracks", &stats.tracks, half, ctx),
            );
            lines.extend(side_by_side(left, right, usize::from(width / 2)));
        } else {
            lines.extend(parts("Levels", &stats.levels, width, ctx));
            lines.push(Line::default());
            lines.extend(parts("Tracks", &stats.tracks, width, ctx));
        }
        lines.push(Line::default());
        let sentences = [
            words::cards(&stats.cards),
            words::retention(&stats.cards, ctx.config.recall.retention, ctx.course),
            words::rehearsals(stats, ctx.course),
            words::labs(&stats.labs),
            words::pace(&stats.pace),
        ];
        for sentence in &sentences {
            lines.extend(sentence_lines(sentence, width));
        }
        let phases: Vec<Line<'static>> = self.phases(width, ctx);
        if !phases.is_empty() {
            lines.push(Line::default());
            lines.extend(phases);
        }
        lines
    }

    /// The phases that were rehearsed: share of the rubric met, level reached, where to read again.
    fn phases(&self, width: u16, ctx: &Ctx<'_, 'c>) -> Vec<Line<'static>> {
        let (dim, accent) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Accent));
        let known = self.stats.rehearsals.profile.iter().filter(|phase| phase.share.is_some());
        known
            .map(|phase| {
                let share = phase.share.unwrap_or(0.0) * 100.0;
                let cells = if width >= 50 { 20 } else { 8 };
                let (done, open) = bar(share as usize, 100, cells);
                let read = phase.read.as_ref().and_then(|slug| ctx.course.by_slug(slug));
                let note = match (read, phase.level) {
                    (Some(entry), _) => format!("  read {} again", entry.number),
                    (None, Some(level)) => format!("  {level}"),
                    (None, None) => String::new(),
                };
                Line::from(vec![
                    Span::raw(format!("{:<14}", rehearsal::phase_name(phase.phase))),
                    Span::styled(done, accent),
                    Span::styled(open, dim),
                    Span::raw(format!(" {share:>3.0} %")),
                    Span::styled(note, dim),
                ])
            })
            .collect()
    }

    fn plan_lines(&self, width: u16, ctx: &Ctx<'_, 'c>) -> Vec<Line<'static>> {
        let (dim, accent) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Accent));
        let today = ctx.progress.today(ctx.now.wall);
        let key = ctx.keymap.key(Scope::Stats, Action::AimAt);
        let Some(aim) = ctx.progress.aim() else {
            let said = format!(
                "No day to aim at yet. {key} takes the day of the interview, as 2026-12-15 or 2 \
                 weeks, and minutes a day behind it: 2 weeks, 60 min. The lessons that are left, \
                 their cards and a rehearsal are then laid on the days, and the library says \
                 whether they fit."
            );
            return sentence_lines(&said, width.min(72));
        };
        let planned = aim.minutes.unwrap_or(ctx.config.plan.minutes);
        let mut lines = sentence_lines(&words::aim(&aim, today, planned), width);
        if aim.by < today {
            let said = format!("{key} takes another day; emptied, none is aimed at.");
            lines.extend(sentence_lines(&said, width));
        }
        let Some(plan) = &self.plan else { return lines };
        lines.extend(sentence_lines(&words::expectation(plan.by, &plan.forecast), width));
        if plan.days.is_empty() {
            return lines;
        }
        lines.extend(sentence_lines(&words::lessons_left(plan), width));
        lines.push(Line::default());
        for day in &plan.days {
            let style = if day.date == today { accent } else { dim };
            // The date and its minutes, then what it asks, which goes on below itself.
            let said = words::day(day);
            let asks = said.find(" min").map_or(0, |at| at + " min".len());
            let (head, asked) = said.split_at(asks);
            let indent = text::width(head) + 3;
            let rest = width.saturating_sub(indent as u16);
            let wrapped = wrap(asked, rest, usize::MAX);
            for (row, words) in wrapped
                .iter()
                .map(String::as_str)
                .chain(
                    // A day that asks nothing is a line too.
                    wrapped.is_empty().then_some(""),
                )
                .enumerate()
            {
                let head = if row == 0 { head.to_string() } else { " ".repeat(indent - 3) };
                lines.push(Line::from(vec![
                    Span::styled(head, style),
                    Span::raw(format!("   {words}")),
                ]));
            }
        }
        lines
    }
}

/// A sentence in lines.
fn sentence_lines(sentence: &str, width: u16) -> Vec<Line<'static>> {
    wrap(sentence, width, usize::MAX).into_iter().map(Line::from).collect()
}

/// A heading, then name, count, bar and minutes of each; where it is narrow, minutes and then bars give way.
fn parts(heading: &str, parts: &[Part], width: u16, ctx: &Ctx<'_, '_>) -> Vec<Line<'static>> {
    let (dim, accent) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Accent));
    let name = parts.iter().map(|part| text::width(&part.name)).max().unwrap_or(0);
    let count = |part: &Part| format!("{}/{}", part.read, part.total);
    let counts = parts.iter().map(|part| count(part).len()).max().unwrap_or(0);
    let room = usize::from(width).saturating_sub(name + counts + 4);
    let cells = (if room >= 24 { room - 12 } else { room }).min(20);
    let mut lines = vec![Line::styled(heading.to_string(), ctx.theme.style(Role::Heading))];
    for part in parts {
        let (done, open) = bar(part.read, part.total, cells as u16);
        let pad = " ".repeat(name - text::width(&part.name));
        let mut line = vec![
            Span::raw(format!("{}{pad}  {:>counts$}  ", part.name, count(part))),
            Span::styled(done, accent),
            Span::styled(open, dim),
        ];
        if room >= 24 {
            line.push(Span::styled(format!("{:>12}", minutes(part.minutes)), dim));
        }
        lines.push(Line::from(line));
    }
    lines
}

fn side_by_side(
    left: Vec<Line<'static>>,
    right: Vec<Line<'static>>,
    at: usize,
) -> Vec<Line<'static>> {
    let count = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let rows = (0..count).map(|_| {
        let (mut line, other) = (left.next().unwrap_or_default(), right.next());
        if let Some(other) = other {
            // A heading's style is the whole line's: it must not colour the neighbour.
            let style = std::mem::take(&mut line.style);
            for span in &mut line.spans {
                span.style = style.patch(span.style);
            }
            let pad = " ".repeat(at.saturating_sub(line.width()));
            line.push_span(Span::raw(pad));
            let style = other.style;
            for span in other.spans {
                let style = style.patch(span.style);
                line.push_span(span.style(style));
            }
        }
        line
    });
    rows.collect()
}

/// The months above a calendar of so many weeks: each name over the week in which its first day lies.
fn months(today: NaiveDate, weeks: i64) -> String {
    let monday = today - Duration::days(i64::from(today.weekday().num_days_from_monday()));
    let mut row = String::from("   ");
    for week in 0..weeks {
        let sunday = monday - Duration::weeks(weeks - 1 - week) + Duration::days(6);
        let at = 3 + 2 * week as usize;
        if sunday.day() <= 7 && row.len() <= at && at + 3 <= 3 + 2 * weeks as usize {
            row.push_str(&" ".repeat(at - row.len()));
            row.push_str(&sunday.format("%b").to_string());
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::months;

    #[test]
    fn a_month_stands_over_the_week_of_its_first_day() {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).unwrap_or_default();
        // The first column of nine is the week from 28 September, with 1 October; the fifth is that of 1 November.
        assert_eq!(months(today, 9), "   Oct     Nov");
        assert_eq!(months(today, 8), "         Nov");
        assert_eq!(months(today, 3).trim(), "", "no month begins in these");
    }
}
