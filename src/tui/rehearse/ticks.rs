//! The lines of a rubric, or the weaknesses, to tick.

use ratatui::text::{Line, Span};

use super::super::message::Ctx;
use super::super::widgets;
use super::Work;
use crate::rehearsal::{LEVELS, Stage};
use crate::render::Role;

impl<'c> Work<'c> {
    /// The lines to tick around the cursor that fit, whole ones: half of the body, or what the one under the cursor
    /// needs. Where these are not all, what stands above them: which they are.
    pub(super) fn window(
        &self,
        lines: &[(usize, Line<'static>)],
        body: u16,
        wide: bool,
    ) -> (Vec<Line<'static>>, Option<String>) {
        let count = lines.last().map_or(0, |(of, _)| of + 1);
        let mut rows = vec![0; count];
        for (of, _) in lines {
            rows[*of] += 1;
        }
        let body = usize::from(body);
        let own = rows.get(self.cursor).copied().unwrap_or(0);
        let height = if wide { body } else { (body / 2).max(own).min(body.saturating_sub(4)) };
        let height = if body < 6 { body.div_ceil(2) } else { height };
        if lines.len() <= height {
            return (lines.iter().map(|(_, line)| line.clone()).collect(), None);
        }
        let (mut from, mut to, mut used) = (self.cursor, self.cursor + 1, own);
        while from > 0 && used + rows[from - 1] <= height {
            from -= 1;
            used += rows[from];
        }
        while to < count && used + rows[to] <= height {
            used += rows[to];
            to += 1;
        }
        let shown = lines.iter().filter(|(of, _)| (from..to).contains(of)).take(height);
        let mut shown: Vec<Line> = shown.map(|(_, line)| line.clone()).collect();
        if used > height
            && let Some(last) = shown.last_mut()
        {
            last.push_span(" …");
        }
        let which = if to - from == 1 {
            format!("line {to} of {count} to tick")
        } else {
            format!("lines {} to {to} of {count} to tick", from + 1)
        };
        (shown, Some(which))
    }

    /// Rubric lines or weaknesses, each with the index that the cursor has on it.
    pub(super) fn tick_lines(&self, width: u16, ctx: &Ctx<'_, 'c>) -> Vec<(usize, Line<'static>)> {
        let (dim, accent) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Accent));
        let items: Vec<(&str, &str, bool)> = match self.run.stage {
            Stage::Compare(phase) => self
                .run
                .rubric(phase)
                .into_iter()
                .map(|(level, line, ticked)| (LEVELS[level], line, ticked))
                .collect(),
            Stage::Flaws(true) => {
                self.run.flaws().into_iter().map(|(flaw, named)| ("", flaw, named)).collect()
            }
            _ => return Vec::new(),
        };
        let mut out = Vec::new();
        for (at, (level, line, ticked)) in items.into_iter().enumerate() {
            let label = if level.is_empty() { String::new() } else { format!("{level:<7}") };
            let room = width.saturating_sub(4 + label.len() as u16);
            for (nth, part) in widgets::wrap(line, room, usize::MAX).into_iter().enumerate() {
                let mark = match (nth, ticked) {
                    (0, true) => "[x] ",
                    (0, false) => "[ ] ",
                    _ => "    ",
                };
                let label = if nth == 0 { label.clone() } else { " ".repeat(label.len()) };
                let mut line = Line::from(vec![
                    Span::styled(mark, if ticked { accent } else { dim }),
                    Span::styled(label, dim),
                    Span::raw(part),
                ]);
                if at == self.cursor {
                    line = line.patch_style(ctx.theme.style(Role::Selected));
                }
                out.push((at, line));
            }
        }
        out
    }
}
