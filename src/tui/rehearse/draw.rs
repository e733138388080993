//! The picture of a rehearsal: head with the clock, what is asked, what is written, what it is held against.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::keymap::{Action, Scope};
use super::super::message::Ctx;
use super::super::widgets::{hint_line, put, two_ends};
use super::super::words::{own, paragraph, plain, section_lines};
use super::{Rehearse, Work};
use crate::rehearsal::{Form, Stage, phase_name};
use crate::render::Role;

/// Widest column of words.
const WIDTH: u16 = 72;

impl<'c> Rehearse<'c> {
    /// Draws the screen.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        match &mut self.work {
            None => self.choose.draw(area, buffer, ctx),
            Some(work) => work.draw(area, buffer, ctx),
        }
    }
}

/// `03:12`
pub(super) fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

impl<'c> Work<'c> {
    fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let (head, foot) = match area.height {
            0..=2 => (0, 0),
            3..=12 => (1, 1),
            _ => (2, 2),
        };
        if head > 0 {
            self.draw_head(Rect { height: 1, ..area }, buffer, ctx);
        }
        let left = u16::from(area.width >= 40);
        let body = Rect {
            x: area.x + left,
            y: area.y + head,
            width: area.width.saturating_sub(2 * left),
            height: area.height.saturating_sub(head + foot),
        };
        if self.writes() {
            self.draw_writing(body, buffer, ctx);
        } else {
            self.draw_reading(body, buffer, ctx);
        }
        if foot > 0 {
            let row = Rect { y: area.bottom() - 1, height: 1, ..area };
            let (scope, hints) = self.hints();
            hint_line(buffer, row, &hints, scope, ctx, ctx.theme.style(Role::Dim));
        }
    }

    fn hints(&self) -> (Scope, Vec<(Action, &'static str)>) {
        let pause = if self.run.runs() { "pause" } else { "go on" };
        match self.run.stage {
            Stage::Prompt => {
                (Scope::Rubric, vec![(Action::GoOn, "start the clock"), (Action::Back, "back")])
            }
            Stage::Phase(at) => (
                Scope::Rehearse,
                vec![
                    (
                        Action::GoOn,
                        if self.run.is_last(at) { "to the answers" } else { "next phase" },
                    ),
                    (Action::Pause, pause),
                    (Action::Worksheet, "sheet"),
                    (Action::Editor, "editor"),
                    (Action::Back, "leave"),
                ],
            ),
            Stage::Curveball(_) => (
                Scope::Rehearse,
                vec![
                    (Action::GoOn, "back to the phase"),
                    (Action::Pause, pause),
                    (Action::Back, "leave"),
                ],
            ),
            Stage::Question(_, false) | Stage::Flaws(false) => (
                Scope::Rehearse,
                vec![
                    (Action::GoOn, "show the answer"),
                    (Action::Editor, "editor"),
                    (Action::Finish, "end"),
                    (Action::Back, "leave"),
                ],
            ),
            Stage::Compare(_) | Stage::Flaws(true) => (
                Scope::Rubric,
                vec![
                    (Action::Tick, "tick"),
                    (Action::Down, "next line"),
                    (Action::GoOn, "go on"),
                    (Action::Keys, "keys"),
                ],
            ),
            Stage::CurveballAnswer(_) | Stage::Question(_, true) => {
                (Scope::Rubric, vec![(Action::GoOn, "go on"), (Action::Keys, "keys")])
            }
            Stage::Result => (
                Scope::Rubric,
                vec![
                    (Action::GoOn, "read that section"),
                    (Action::Back, "back"),
                    (Action::Keys, "keys"),
                ],
            ),
        }
    }

    fn draw_head(&self, row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let (dim, heading) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Heading));
        let now = ctx.now.mono;
        let name = format!(" {}  {}", self.entry.number, self.entry.short_title());
        let mut right: Vec<(String, Style)> = Vec::new();
        if let Some(at) = self.run.timed() {
            let phase = &self.run.phases[at];
            let over = self.run.over(at, now);
            let style = ctx.theme.style(if over { Role::Error } else { Role::Accent });
            right.push((format!("{}  ", phase_name(&phase.name.value)), heading));
            if !self.run.runs() {
                right.push(("paused  ".into(), dim));
            }
            right.push((clock(self.run.seconds(at, now)), style));
            right.push((format!(" / {}", clock(f64::from(phase.minutes) * 60.0)), dim));
            if self.run.form == Form::Whole && row.width >= 70 {
                let whole = f64::from(self.run.script.rehearsal.minutes) * 60.0;
                right.push((format!("   {} of {}", clock(self.run.total(now)), clock(whole)), dim));
            }
        } else {
            let what = match self.run.stage {
                Stage::Compare(at) => phase_name(&self.run.phases[at].name.value).to_string(),
                Stage::CurveballAnswer(_) => "curveball".into(),
                Stage::Question(at, _) => format!("follow-up question {}", at + 1),
                Stage::Flaws(_) => "find the flaws".into(),
                Stage::Result => "result".into(),
                _ => format!("{} min", self.minutes()),
            };
            right.push((what, heading));
        }
        right.push((" ".into(), dim));
        let right: Vec<(&str, Style)> =
            right.iter().map(|(s, style)| (s.as_str(), *style)).collect();
        two_ends(buffer, row, &[(&name, dim)], &right);
    }

    fn minutes(&self) -> u16 {
        self.run.phases.iter().map(|phase| phase.minutes).sum()
    }

    /// What is asked above, the pad below; on a wide screen what was written before beside it.
    fn draw_writing(&mut self, body: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let wide = body.width >= 118;
        let column = Rect { width: body.width.min(WIDTH), ..body };
        let rehearsal = &self.run.script.rehearsal;
        let dim = ctx.theme.style(Role::Dim);
        let asked: Vec<Line<'static>> = match self.run.stage {
            Stage::Curveball(at) => {
                let ball = rehearsal.curveballs.get(at).map_or("", |ball| &ball.text.value);
                let mut lines = vec![Line::styled("Curveball", ctx.theme.style(Role::Error))];
                lines.extend(paragraph(ball, column.width, ctx));
                let ask = "What breaks first, the smallest change, what stays?";
                lines.extend(plain(ask, column.width, dim));
                lines
            }
            Stage::Question(at, _) => {
                let question = rehearsal.questions.get(at).map_or("", |q| &q.question.value);
                paragraph(question, column.width, ctx)
            }
            Stage::Flaws(_) => {
                let design = self.run.script.flaws.as_ref().map_or("", |f| &f.design.value);
                let mut lines = plain(&rehearsal.prompt.value, column.width, dim);
                lines.push(Line::default());
                lines.extend(paragraph(design, column.width, ctx));
                lines.push(Line::default());
                let count = self.run.flaws().len();
                let ask = format!("{count} weaknesses are planted. Which, and what do they do?");
                lines.extend(plain(&ask, column.width, dim));
                lines
            }
            _ => plain(&rehearsal.prompt.value, column.width, dim),
        };
        // What is asked takes at most half, on a small screen less.
        let most = body.height / if body.height >= 10 { 2 } else { 3 };
        let shown = asked.len().min(usize::from(most)) as u16;
        self.scrolled(&asked, Rect { height: shown, ..column }, buffer, ctx);
        let gap = u16::from(shown > 0 && body.height >= 6);
        let y = column.y + shown + gap;
        let pad = Rect { y, height: body.bottom().saturating_sub(y), ..column };
        self.pad.draw(pad, buffer);
        if wide {
            let x = column.right() + 3;
            let side = Rect { x, width: body.right().saturating_sub(x), ..body };
            let mut lines = Vec::new();
            for phase in &self.run.phases {
                let name = &phase.name.value;
                let text = self.run.text(name);
                if self.place.as_deref() != Some(name) && !text.trim().is_empty() {
                    lines.push(Line::styled(
                        phase_name(name).to_string(),
                        ctx.theme.style(Role::Heading),
                    ));
                    lines.extend(plain(text.trim_end(), side.width, dim));
                    lines.push(Line::default());
                }
            }
            let from = lines.len().saturating_sub(usize::from(side.height));
            for (line, y) in lines.iter().skip(from).zip(side.y..side.bottom()) {
                buffer.set_line(side.x, y, line, side.width);
            }
        }
    }

    /// Words to read, and below them lines to tick.
    fn draw_reading(&mut self, body: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let wide = body.width >= 118 && matches!(self.run.stage, Stage::Compare(_));
        let column = Rect { width: body.width.min(WIDTH), ..body };
        let ticks = self.tick_lines(column.width, ctx);
        let (shown_ticks, cut) = self.window(&ticks, body.height, wide);
        let height = if wide { 0 } else { shown_ticks.len() as u16 };
        let gap = u16::from(height > 0 && (body.height >= 10 || cut.is_some() && body.height >= 5));
        let text = if wide {
            let x = column.right() + 3;
            Rect { x, width: body.right().saturating_sub(x).min(WIDTH), ..body }
        } else {
            Rect { height: body.height.saturating_sub(height + gap), ..column }
        };
        let lines = self.words(text.width, wide, ctx);
        self.scrolled(&lines, text, buffer, ctx);
        let y = if wide {
            let Stage::Compare(at) = self.run.stage else { return };
            let mine = own(self.run.text(&self.run.phases[at].name.value), column.width, ctx);
            let room = body.height.saturating_sub(shown_ticks.len() as u16 + 1);
            for (line, y) in mine.iter().zip(column.y..column.y + room) {
                buffer.set_line(column.x, y, line, column.width);
            }
            if mine.len() > usize::from(room) && room > 0 {
                put(buffer, column.x, column.y + room - 1, "…", column.width, Style::new());
            }
            column.y + (mine.len() as u16).min(room)
        } else {
            text.bottom() + gap
        };
        if let Some(cut) = cut.filter(|_| gap > 0 && !wide) {
            put(buffer, column.x, y - 1, &cut, column.width, ctx.theme.style(Role::Dim));
        }
        for (line, y) in shown_ticks.iter().zip(y..body.bottom()) {
            buffer.set_line(column.x, y, line, column.width);
        }
    }

    /// Lines from `top` on; where not all fit, the last row says how many there are above and below, and the keys.
    fn scrolled(&mut self, lines: &[Line<'_>], area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
        let height = usize::from(area.height);
        let blank = lines.iter().rev().take_while(|line| line.width() == 0).count();
        let lines = &lines[..lines.len() - blank];
        let sign = lines.len() > height && height > 1;
        let rows = height - usize::from(sign);
        self.scroll.fit(lines.len(), rows);
        for (line, y) in lines.iter().skip(self.scroll.top).take(rows).zip(area.y..) {
            buffer.set_line(area.x, y, line, area.width);
        }
        if !sign {
            return;
        }
        let scope = self.scope();
        let key = |action| ctx.keymap.key(scope, action);
        let (up, down) = (key(Action::PageUp), key(Action::PageDown));
        let said = match (self.scroll.top, lines.len().saturating_sub(self.scroll.top + rows)) {
            (0, below) => format!("{below} more below: {down}"),
            (above, 0) => format!("{above} more above: {up}"),
            (above, below) => format!("{above} above, {below} below: {up}, {down}"),
        };
        let dim = ctx.theme.style(Role::Dim);
        put(buffer, area.x, area.bottom() - 1, &said, area.width, dim);
    }

    /// What is read in this stage.
    fn words(&self, width: u16, wide: bool, ctx: &Ctx<'_, 'c>) -> Vec<Line<'static>> {
        let (dim, heading) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Heading));
        let rehearsal = &self.run.script.rehearsal;
        let mut out = Vec::new();
        match self.run.stage {
            Stage::Prompt => {
                out.extend(paragraph(&rehearsal.prompt.value, width, ctx));
                out.push(Line::default());
                for phase in self.run.phases.iter().filter(|phase| phase.minutes > 0) {
                    let name = format!("{:<16}", phase_name(&phase.name.value));
                    out.push(Line::from(vec![
                        Span::raw(name),
                        Span::styled(format!("{:>2} min", phase.minutes), dim),
                    ]));
                }
                out.push(Line::default());
                let how = "Write as you would speak. What happens while the clock runs is part of it. Then \
                           the model answer, phase by phase, and a rubric to tick.";
                out.extend(plain(how, width, dim));
            }
            Stage::Compare(at) => {
                let phase = &self.run.phases[at];
                if !wide {
                    out.extend(own(self.run.text(&phase.name.value), width, ctx));
                }
                if let Some(see) = &phase.see {
                    out.push(Line::styled("Model answer", heading));
                    out.extend(section_lines(&self.document, &see.value, width, ctx));
                } else {
                    out.clear();
                    out.extend(plain(
                        "How was it said? Tick what was so over the whole rehearsal.",
                        width,
                        dim,
                    ));
                }
            }
            Stage::CurveballAnswer(at) => {
                if let Some(ball) = rehearsal.curveballs.get(at) {
                    out.extend(paragraph(&ball.text.value, width, ctx));
                    out.push(Line::default());
                    out.extend(own(self.run.text(&format!("curveball-{}", at + 1)), width, ctx));
                    out.push(Line::styled("Model answer", heading));
                    out.extend(paragraph(&ball.answer.value, width, ctx));
                }
            }
            Stage::Question(at, _) => {
                if let Some(question) = rehearsal.questions.get(at) {
                    out.extend(paragraph(&question.question.value, width, ctx));
                    out.push(Line::default());
                    out.extend(own(self.run.text(&format!("question-{}", at + 1)), width, ctx));
                    out.push(Line::styled("Model answer", heading));
                    out.extend(paragraph(&question.answer.value, width, ctx));
                }
            }
            Stage::Flaws(_) => {
                let design = self.run.script.flaws.as_ref().map_or("", |f| &f.design.value);
                out.extend(paragraph(design, width, ctx));
                out.push(Line::default());
                out.extend(own(self.run.text("flaws"), width, ctx));
                out.extend(plain("Tick those that you named.", width, dim));
            }
            _ => out = self.result(width, ctx),
        }
        out
    }
}
