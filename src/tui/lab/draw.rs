//! The picture of a lab.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::super::keymap::{Action, Scope};
use super::super::message::Ctx;
use super::super::widgets::{self, bar, hint_line, two_ends};
use super::list::outcome;
use super::{Bench, Labs, Phase};
use crate::course::Entry;
use crate::labs::{Answer, KnobKind, Lab, Question, Report, bars, table};
use crate::render::{self, Role};
use crate::text;

/// Widest column of words; tables may be a little wider.
const WIDTH: u16 = 78;
/// Lines of a result that hold its answer and its bars.
const NUMBERS: usize = 9;

impl<'c> Labs<'c> {
    /// Draws the list, a lab, or a schedule that is played.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        match &mut self.bench {
            None => self.list.draw(area, buffer, ctx),
            Some(bench) => match &mut bench.play {
                Some(play) => play.draw(area, buffer, ctx),
                None => bench.draw(area, buffer, ctx),
            },
        }
    }
}

impl Bench {
    fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
        let dim = ctx.theme.style(Role::Dim);
        let (head, foot) = match area.height {
            0..=3 => (0, 0),
            4..=12 => (1, 2),
            _ => (2, 4),
        };
        if head > 0 {
            let name = format!(" Lab  {}", self.lab.name);
            let mut lessons: Vec<String> = Vec::new();
            for (at, lesson) in written(self.lab, ctx).enumerate() {
                let title = text::ellipsis(lesson.short_title(), 28);
                lessons.push(if at == 0 && area.width >= 70 {
                    format!("{} {title}", lesson.number)
                } else {
                    lesson.number.to_string()
                });
            }
            let right = if lessons.is_empty() {
                String::new()
            } else {
                format!("for {} ", lessons.join(", "))
            };
            let row = Rect { height: 1, ..area };
            two_ends(buffer, row, &[(&name, ctx.theme.style(Role::Heading))], &[(&right, dim)]);
        }
        let left = u16::from(area.width >= 40);
        let mut body = Rect {
            x: area.x + left,
            y: area.y + head,
            width: area.width.saturating_sub(2 * left).min(WIDTH),
            height: area.height.saturating_sub(head + foot),
        };
        let (lines, result) =
            if self.source { (self.source_lines(ctx), 0) } else { self.lines(body.width, ctx) };
        let sign = Rect { y: body.bottom().saturating_sub(1), height: 1, ..area };
        if lines.len() > usize::from(body.height) {
            body.height = body.height.saturating_sub(1);
        }
        if std::mem::take(&mut self.fresh) {
            // The numbers are seen at once; where there is no room for both, the question stands above.
            let wanted = result + (lines.len() - result).min(NUMBERS);
            self.scroll.top = wanted.saturating_sub(body.height.into()).min(result);
        }
        let most = self.scroll.fit(lines.len(), body.height.into());
        if most > 0 && body.height > 0 {
            widgets::more_line(buffer, sign, self.scroll.top > 0, self.scroll.top < most, ctx);
        }
        for (line, y) in lines.iter().skip(self.scroll.top).zip(body.y..body.bottom()) {
            buffer.set_line(body.x, y, line, body.width.max(1));
        }
        if foot == 0 {
            return;
        }
        let row = Rect { y: area.bottom() - 1, height: 1, ..area };
        if let (Some(field), Some(knob)) = (&self.typing, self.lab.knobs.get(self.knob)) {
            let label = format!(" {}: ", knob.name);
            field.draw(buffer, row, &label, ctx.theme.style(Role::Accent));
        } else {
            let lesson = written(self.lab, ctx).next().is_some();
            let hints = self.hints().iter().copied();
            let hints: Vec<_> =
                hints.filter(|(action, _)| lesson || *action != Action::OpenLesson).collect();
            hint_line(buffer, row, &hints, Scope::Lab, ctx, dim);
        }
        let y = area.bottom() - if foot > 2 { 3 } else { 2 };
        self.draw_knobs(Rect { y, height: 1, ..area }, buffer, ctx);
    }

    fn hints(&self) -> &'static [(Action, &'static str)] {
        match self.phase {
            Phase::Runs(_) => &[(Action::Back, "stop")],
            Phase::Asked => &[
                (Action::Open, "run"),
                (Action::Skip, "without a prediction"),
                (Action::FocusNext, "knob"),
                (Action::Left, "less"),
                (Action::Right, "more"),
                (Action::Keys, "keys"),
            ],
            Phase::Done(_) if self.lab.name == "isolation" => &[
                (Action::Right, "change"),
                (Action::FocusNext, "knob"),
                (Action::Play, "play it step by step"),
                (Action::Source, "mechanism"),
                (Action::Back, "back"),
            ],
            Phase::Done(_) => &[
                (Action::Right, "change"),
                (Action::FocusNext, "knob"),
                (Action::Open, "again"),
                (Action::Source, "mechanism"),
                (Action::OpenLesson, "lesson"),
                (Action::Back, "back"),
            ],
        }
    }

    fn draw_knobs(&self, row: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
        let (dim, strong) = (ctx.theme.style(Role::Dim), Style::new().add_modifier(Modifier::BOLD));
        let mut spans = vec![Span::raw(" ")];
        for (at, (knob, value)) in self.knobs.iter().enumerate() {
            let shown = match knob.kind {
                KnobKind::Choice(_) => knob.show(value),
                _ => format!("{}{}", knob.show(value), unit(knob.unit)),
            };
            let style = if at == self.knob { ctx.theme.style(Role::Selected) } else { strong };
            spans.push(Span::styled(format!("{} ", knob.name), dim));
            spans.push(Span::styled(shown, style));
            spans.push(Span::raw("   "));
        }
        spans.push(Span::styled(format!("seed {}", self.seed), dim));
        buffer.set_line(row.x, row.y, &Line::from(spans), row.width);
        // On a narrow screen the knob under the cursor stands alone, or it would not be seen.
        if row.width < 60
            && let Some((knob, value)) = self.knobs.iter().nth(self.knob)
        {
            let blank = " ".repeat(usize::from(row.width));
            buffer.set_string(row.x, row.y, blank, Style::new());
            let said = format!(" {} {}{}", knob.name, knob.show(value), unit(knob.unit));
            widgets::put(buffer, row.x, row.y, &said, row.width, strong);
        }
    }

    /// The text in lines, and the line where what comes after the question begins.
    fn lines(&self, width: u16, ctx: &Ctx<'_, '_>) -> (Vec<Line<'static>>, usize) {
        let (dim, strong) = (ctx.theme.style(Role::Dim), Style::new().add_modifier(Modifier::BOLD));
        let mut out: Vec<Line<'static>> =
            widgets::wrap(&self.lab.question.ask(&self.knobs), width, usize::MAX)
                .into_iter()
                .map(Line::raw)
                .collect();
        out.push(Line::default());
        let result = out.len();
        match &self.phase {
            Phase::Asked => {
                match self.lab.question {
                    Question::Number { unit: of, .. } => out.push(Line::from(vec![
                        Span::styled("your prediction  ", dim),
                        Span::styled(format!("{}▏", self.guess.text()), strong),
                        Span::styled(unit(of), dim),
                    ])),
                    Question::Choice { options, .. } => {
                        for (at, option) in options.iter().enumerate() {
                            let on = at == self.choice;
                            let style =
                                if on { ctx.theme.style(Role::Selected) } else { Style::new() };
                            out.push(Line::from(vec![
                                Span::styled(format!("  {}  ", at + 1), dim),
                                Span::styled((*option).to_string(), style),
                            ]));
                        }
                    }
                }
                out.push(Line::default());
                if let Some((knob, _)) = self.knobs.iter().nth(self.knob) {
                    let (least, most) = knob.range();
                    let range = match knob.kind {
                        KnobKind::Choice(options) => options.join(", "),
                        _ => format!("{least} to {most}{}", unit(knob.unit)),
                    };
                    let said = format!("{}: {} ({range})", knob.name, knob.help);
                    out.extend(
                        widgets::wrap(&said, width, 3).into_iter().map(|l| Line::styled(l, dim)),
                    );
                }
                out.extend(self.earlier(width, ctx, 5));
            }
            Phase::Runs(share) => {
                let (done, open) = bar((share * 1000.0) as usize, 1000, width.min(48));
                out.push(Line::from(vec![
                    Span::styled("runs  ", dim),
                    Span::styled(done, ctx.theme.style(Role::Accent)),
                    Span::styled(open, dim),
                    Span::styled(format!(" {:>3.0} %", share * 100.0), dim),
                ]));
            }
            Phase::Done(report) => out.extend(self.result(report, width, ctx)),
        }
        (out, result)
    }

    fn result(&self, report: &Report, width: u16, ctx: &Ctx<'_, '_>) -> Vec<Line<'static>> {
        let (dim, strong) = (ctx.theme.style(Role::Dim), Style::new().add_modifier(Modifier::BOLD));
        let number = |value: f64| format!("{}{}", short(value), unit(report.unit));
        let mut out = Vec::new();
        let (yours, is) = match (self.lab.question, report.answer) {
            (Question::Choice { options, .. }, Answer::Choice(at)) => {
                let name = |at: usize| options.get(at).copied().unwrap_or("?").to_string();
                (self.predicted.map(|at| name(at as usize)), name(at))
            }
            (_, Answer::Number(value)) => (self.predicted.map(number), number(value)),
            (_, Answer::Choice(at)) => (None, at.to_string()),
        };
        let mut parts = vec![("your answer", yours.unwrap_or_else(|| "none".into()))];
        if matches!(report.answer, Answer::Number(_))
            && let Some(theory) = report.theory
        {
            parts.push(("theory", number(theory)));
        }
        parts.push((if report.here { "measured here" } else { "measured" }, is));
        let spans = parts.into_iter().map(|(name, value)| {
            vec![
                Span::styled(format!("{name} "), dim),
                Span::styled(format!("{value}     "), strong),
            ]
        });
        if width >= 60 {
            out.push(spans.flatten().collect());
        } else {
            out.extend(spans.map(Line::from));
        }
        out.push(Line::default());
        if let Some(chart) = &report.chart {
            out.push(Line::styled(chart.title.clone(), dim));
            for (label, bar, said) in bars(report, usize::from(width)) {
                out.push(Line::from(vec![
                    Span::raw(format!("{label}  ")),
                    Span::styled(bar, ctx.theme.style(Role::Accent)),
                    Span::styled(format!("  {said}"), dim),
                ]));
            }
            out.push(Line::default());
        }
        let rows = table(report);
        if rows.iter().any(|row| text::width(row) > usize::from(width)) {
            out.extend(below_each_other(report, width, dim));
        } else {
            for (at, line) in rows.into_iter().enumerate() {
                let head = at == 0 && report.head.iter().any(|head| !head.is_empty());
                out.push(Line::styled(line, if head { dim } else { Style::new() }));
            }
        }
        out.push(Line::default());
        let (word, role) = match (report.partial, report.holds) {
            (true, _) => ("stopped early", Role::Dim),
            (false, true) => ("holds", Role::Good),
            (false, false) => ("does not hold", Role::Error),
        };
        let words =
            widgets::wrap(&format!("{word}: {}.", report.verdict.trim_end_matches('.')), width, 9);
        for (at, words) in words.into_iter().enumerate() {
            let rest = words.strip_prefix(word).filter(|_| at == 0).map(str::to_string);
            out.push(match rest {
                Some(rest) => Line::from(vec![
                    Span::styled(word.to_string(), ctx.theme.style(role)),
                    Span::raw(rest),
                ]),
                None => Line::raw(words),
            });
        }
        for words in [format!("Claim: {}", self.lab.claim), format!("Next: {}", self.lab.next)] {
            let lines = widgets::wrap(&words, width, usize::MAX);
            out.extend(lines.into_iter().map(|line| Line::styled(line, dim)));
        }
        out.extend(self.earlier(width, ctx, 4));
        out
    }

    /// Earlier runs with prediction and outcome, the newest first.
    fn earlier(&self, width: u16, ctx: &Ctx<'_, '_>, most: usize) -> Vec<Line<'static>> {
        let dim = ctx.theme.style(Role::Dim);
        let skip = usize::from(matches!(self.phase, Phase::Done(_)));
        let runs = ctx.progress.labs().iter().rev().filter(|run| run.lab == self.lab.name);
        let mut out = Vec::new();
        for run in runs.skip(skip).take(most) {
            if out.is_empty() {
                out.push(Line::default());
                out.push(Line::styled("earlier", dim));
            }
            let name = |value: f64| match self.lab.question {
                Question::Choice { options, .. } => {
                    options.get(value as usize).copied().unwrap_or("?").to_string()
                }
                Question::Number { unit: of, .. } => format!("{}{}", short(value), unit(of)),
            };
            let guess = run.predicted.map_or("-".into(), name);
            let knobs: Vec<String> =
                run.knobs.iter().map(|(name, value)| format!("{name} {value}")).collect();
            let said = format!(
                "{:<7}{guess} / {}   {}   {}",
                run.date.format("%-d %b").to_string(),
                name(run.measured),
                outcome(self.lab, run),
                knobs.join(", ")
            );
            if text::width(said.trim_end()) <= usize::from(width) {
                out.push(Line::styled(said.trim_end().to_string(), dim));
            } else {
                let lines = widgets::wrap(&said, width, usize::MAX);
                out.extend(lines.into_iter().map(|line| Line::styled(line, dim)));
            }
        }
        out
    }

    fn source_lines(&self, ctx: &Ctx<'_, '_>) -> Vec<Line<'static>> {
        let source = self.lab.mechanism;
        let classes = render::highlight("rust", source);
        let mut at = 0;
        let mut out = Vec::new();
        for line in source.split('\n') {
            let end = at + line.len();
            let mut spans = Vec::new();
            let mut from = at;
            for (range, class) in &classes {
                let (start, stop) = ((range.start as usize).max(at), (range.end as usize).min(end));
                if start >= stop {
                    continue;
                }
                spans.push(Span::raw(source[from..start].to_string()));
                spans.push(Span::styled(
                    source[start..stop].to_string(),
                    ctx.theme.style(Role::from(*class)),
                ));
                from = stop;
            }
            spans.push(Span::raw(source[from..end].to_string()));
            out.push(Line::from(spans));
            at = end + 1;
        }
        out
    }
}

/// A table that is wider than the screen: each row as a paragraph, every value with the head of its column.
fn below_each_other(report: &Report, width: u16, dim: Style) -> Vec<Line<'static>> {
    let mut out = Vec::new();
    for row in &report.rows {
        let mut cells = report.head.iter().zip(row).map(|(head, cell)| (*head, cell.shown()));
        let Some((_, name)) = cells.next() else { continue };
        out.extend(widgets::wrap(name, width, usize::MAX).into_iter().map(Line::raw));
        for (head, value) in cells.filter(|(_, value)| !value.is_empty()) {
            let said = format!("{head} {value}");
            let lines = widgets::wrap(&said, width.saturating_sub(2), usize::MAX);
            out.extend(lines.into_iter().map(|line| Line::styled(format!("  {line}"), dim)));
        }
    }
    out
}

/// The lessons of a lab that can be read.
pub(in crate::tui) fn written<'c>(
    lab: &'static Lab,
    ctx: &Ctx<'_, 'c>,
) -> impl Iterator<Item = &'c Entry> {
    let course = ctx.course;
    lab.lessons.iter().filter_map(|slug| course.by_slug(slug)).filter(|lesson| !lesson.draft)
}

/// A unit after a number.
fn unit(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

/// A number to three or four digits, with commas.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    let digits = match size {
        _ if size >= 100.0 || size == 0.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ => 4,
    };
    crate::labs::Cell::number(value, digits, "").shown().to_string()
}
