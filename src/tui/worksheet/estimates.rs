//! The estimates of a lesson: inputs to change, every result computed anew as one types.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::course::Entry;
use crate::estimate::Sheet;
use crate::journal::What;
use crate::render::Role;
use crate::text;
use crate::tui::field::{Field, Typed};
use crate::tui::keymap::{Action, Chord, Scope};
use crate::tui::message::{Ctx, Effect};
use crate::tui::widgets::{hint_line, put, two_ends, wrap};

const HINTS: &[(Action, &str)] = &[
    (Action::Open, "change"),
    (Action::Reset, "as it was"),
    (Action::ResetAll, "all as they were"),
    (Action::PageDown, "down"),
    (Action::FocusNext, "next estimate"),
    (Action::Back, "back"),
];

/// The estimates of a lesson.
pub struct Estimates<'c> {
    entry: &'c Entry,
    sheets: Vec<Sheet>,
    at: usize,
    cursor: usize,
    typing: Option<Field>,
    /// What is wrong with what is typed.
    wrong: Option<String>,
    top: usize,
    /// Scrolled by hand: the cursor may be out of sight until it moves.
    scrolled: bool,
}

impl<'c> Estimates<'c> {
    /// The estimates of a lesson, from the one that is named; none if it has none.
    pub(super) fn new(
        entry: &'c Entry,
        sheets: Vec<Sheet>,
        name: Option<&str>,
        ctx: &Ctx<'_, 'c>,
    ) -> Option<Self> {
        if sheets.is_empty() {
            return None;
        }
        let at = name.and_then(|name| sheets.iter().position(|sheet| sheet.name() == name));
        let mut estimates = Estimates {
            entry,
            sheets,
            at: at.unwrap_or(0),
            cursor: 0,
            typing: None,
            wrong: None,
            top: 0,
            scrolled: false,
        };
        estimates.take(ctx);
        Some(estimates)
    }

    pub(super) fn recorded(&mut self, ctx: &Ctx<'_, 'c>) {
        if self.typing.is_none() {
            self.take(ctx);
        }
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        if let Some(field) = &mut self.typing {
            field.paste(pasted);
            self.try_typed();
        }
    }

    /// Takes the reader's own inputs from the journal.
    fn take(&mut self, ctx: &Ctx<'_, 'c>) {
        for sheet in &mut self.sheets {
            let own = ctx.progress.estimates().of(&self.entry.slug, sheet.name());
            if own != sheet.set {
                sheet.take(own);
            }
        }
    }

    fn input(&self) -> Option<(String, String)> {
        let input = self.sheets[self.at].now.inputs.get(self.cursor)?;
        Some((input.name.clone(), input.text.clone()))
    }

    pub(super) fn raw_key(&mut self, chord: Chord) -> Option<Vec<Effect<'c>>> {
        if self.typing.is_none() && chord.digit().is_some() && self.input().is_some() {
            // As in any spreadsheet: a digit begins a new value in the place of the old one.
            self.typing = Some(Field::default());
        }
        let field = self.typing.as_mut()?;
        match field.key(chord) {
            Typed::Changed => self.try_typed(),
            Typed::Other => return None,
            Typed::Left => {
                self.typing = None;
                self.wrong = None;
                // What was tried goes back to what the journal has.
                return Some(vec![Effect::Record(Vec::new())]);
            }
            Typed::Done => {
                if self.wrong.is_some() {
                    return Some(vec![]);
                }
                self.typing = None;
                return Some(self.keep());
            }
        }
        Some(Vec::new())
    }

    /// Computes with what is typed so far.
    fn try_typed(&mut self) {
        let Some((name, _)) = self.input() else { return };
        let text = self.typing.as_ref().map_or("", |field| field.text()).to_string();
        self.wrong = self.sheets[self.at].put(&name, &text).err();
    }

    /// The own version goes into the journal.
    fn keep(&self) -> Vec<Effect<'c>> {
        let sheet = &self.sheets[self.at];
        vec![Effect::Record(vec![What::Estimate {
            lesson: self.entry.slug.to_string(),
            name: sheet.name().to_string(),
            set: sheet.set.clone(),
        }])]
    }

    pub(super) fn act(&mut self, action: Action) -> Vec<Effect<'c>> {
        let inputs = self.sheets[self.at].now.inputs.len();
        self.scrolled =
            matches!(action, Action::PageDown | Action::PageUp | Action::HalfDown | Action::HalfUp);
        match action {
            Action::PageDown | Action::HalfDown => self.top += 8,
            Action::PageUp | Action::HalfUp => self.top = self.top.saturating_sub(8),
            Action::Down => self.cursor = (self.cursor + 1).min(inputs.saturating_sub(1)),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::Top => self.cursor = 0,
            Action::Bottom => self.cursor = inputs.saturating_sub(1),
            Action::FocusNext => {
                self.at = (self.at + 1) % self.sheets.len();
                self.cursor = 0;
            }
            Action::FocusPrevious => {
                self.at = (self.at + self.sheets.len() - 1) % self.sheets.len();
                self.cursor = 0;
            }
            Action::Open => {
                self.typing = self.input().map(|(_, text)| Field::new(&text));
            }
            Action::Reset => {
                if let Some((name, _)) = self.input() {
                    self.sheets[self.at].reset(&name);
                    return self.keep();
                }
            }
            Action::ResetAll => {
                self.sheets[self.at].reset_all();
                return self.keep();
            }
            Action::Back => return vec![Effect::Back],
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        let (dim, heading) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Heading));
        let sheet = &self.sheets[self.at];
        let head = Rect { height: 1, ..area };
        let name = format!(" Estimate  {}", sheet.name());
        let count = match self.sheets.len() {
            1 => String::new(),
            n => format!("{} of {n}   ", self.at + 1),
        };
        let of = text::ellipsis(self.entry.short_title(), 30);
        let right = match area.width {
            60.. => format!("{count}{} {of} ", self.entry.number),
            _ => format!("{count}lesson {} ", self.entry.number),
        };
        two_ends(buffer, head, &[(&name, heading)], &[(&right, dim)]);
        let (above, foot) = match area.height {
            0..=3 => (1, 0),
            4..=5 => (1, 1),
            6..=9 => (1, 2),
            _ => (2, 2),
        };
        let body = Rect {
            x: area.x + u16::from(area.width >= 40),
            y: area.y + above,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(above + foot),
        };
        let lines = self.lines(body.width, ctx);
        let on = self.cursor;
        let height = usize::from(body.height).max(1);
        self.top = if self.scrolled {
            self.top.min(lines.len().saturating_sub(height))
        } else {
            self.top.min(on).max((on + 2).saturating_sub(height))
        };
        for (line, y) in lines.iter().skip(self.top).zip(body.y..body.bottom()) {
            buffer.set_line(body.x, y, line, body.width);
        }
        if foot == 0 {
            return;
        }
        let row = Rect { y: area.bottom() - 1, height: 1, ..area };
        if foot == 2 && self.wrong.is_none() {
            self.draw_goal(
                Rect { x: body.x, y: row.y - 1, width: body.width, height: 1 },
                height,
                buffer,
                ctx,
            );
        }
        match (&self.typing, self.input()) {
            (Some(field), Some((name, _))) => {
                field.draw(buffer, row, &format!(" {name} = "), ctx.theme.style(Role::Accent));
                if let Some(wrong) = &self.wrong
                    && area.height > 4
                {
                    let style = ctx.theme.style(Role::Error);
                    put(buffer, area.x + 1, row.y - 1, &text::clean(wrong), area.width - 1, style);
                }
            }
            _ => hint_line(buffer, row, HINTS, Scope::Worksheet, ctx, dim),
        }
    }

    /// The watched result, where the screen is too low to show it among the others.
    fn draw_goal(&self, row: Rect, height: usize, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
        let sheet = &self.sheets[self.at];
        let now = &sheet.now;
        let goal = |name: &str| now.goal.as_deref() == Some(name);
        let Some(at) = now.results.iter().position(|result| goal(&result.name)) else { return };
        // Between inputs and results lies one empty row.
        let line = now.inputs.len() + 1 + at;
        if !(self.top..self.top + height).contains(&line) {
            let said = format!("{}  {}   watched", now.results[at].name, sheet.shown(at));
            put(buffer, row.x, row.y, &said, row.width, ctx.theme.style(Role::Accent));
        }
    }

    /// Inputs with how much each moves the goal, then results; those that differ from the course's stand out.
    fn lines(&self, width: u16, ctx: &Ctx<'_, '_>) -> Vec<Line<'static>> {
        let (dim, accent) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Accent));
        let strong = Style::new().add_modifier(Modifier::BOLD);
        let sheet = &self.sheets[self.at];
        let now = &sheet.now;
        let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
        let names = now.inputs.iter().map(|i| i.name.as_str());
        let names = names.chain(now.results.iter().map(|result| result.name.as_str()));
        let name = widest(&mut names.map(text::width));
        let value = widest(&mut now.inputs.iter().map(|input| text::width(&input.text)));
        let moves = now.moves.iter().flatten().copied().filter(|m| m.is_finite());
        let most = moves.fold(1.0f64, f64::max).ln();
        let room = usize::from(width).saturating_sub(name + value + 26).min(24);
        let mut out = Vec::new();
        for (at, input) in now.inputs.iter().enumerate() {
            let own = sheet.set.iter().any(|(known, _)| *known == input.name);
            let pad = |text: &str, to: usize| " ".repeat(to.saturating_sub(text::width(text)));
            let mut line = vec![
                Span::raw(format!("{}{}  ", input.name, pad(&input.name, name))),
                Span::styled(input.text.clone(), if own { strong } else { Style::new() }),
                Span::raw(pad(&input.text, value)),
            ];
            if usize::from(width) >= name + value + 14 {
                let mark = if own { "yours" } else { &input.mark };
                line.push(Span::styled(format!("  {mark:<10}"), dim));
            }
            if let Some(ratio) = now.moves.get(at).copied().flatten().filter(|_| room > 3) {
                let share = if most > 0.0 && ratio.is_finite() { ratio.ln() / most } else { 1.0 };
                let cells = (share.clamp(0.0, 1.0) * room as f64).round() as usize;
                line.push(Span::styled("━".repeat(cells), accent));
                let said =
                    if ratio.is_finite() { format!(" ×{ratio:.1}") } else { " ×∞".into() };
                line.push(Span::styled(said, dim));
            }
            let mut line = Line::from(line);
            if at == self.cursor {
                line = line.patch_style(ctx.theme.style(Role::Selected));
            }
            out.push(line);
        }
        out.push(Line::default());
        for (at, result) in now.results.iter().enumerate() {
            let shown = sheet.shown(at);
            let differs = !result.holds && !result.exact.is_nan();
            let goal = now.goal.as_deref() == Some(&*result.name);
            let pad = " ".repeat(name.saturating_sub(text::width(&result.name)));
            let mut line = vec![
                Span::styled(
                    format!("{}{pad}  ", result.name),
                    if goal { strong } else { Style::new() },
                ),
                Span::styled(shown, if differs || goal { strong } else { Style::new() }),
            ];
            if differs {
                line.push(Span::styled(format!("   the text: {}", result.stated), dim));
            }
            if let Some(fault) = sheet.fault(&result.name) {
                line.push(Span::styled(format!("   {fault}"), ctx.theme.style(Role::Error)));
            }
            if goal {
                line.push(Span::styled("   watched", dim));
            }
            out.push(Line::from(line));
        }
        out.push(Line::default());
        if let Some(input) = &now.matters_most {
            let said = format!(
                "{input} moves it most: bars show how far each input does over its range, or ±50 %."
            );
            let lines = wrap(&said, width.min(76), 3);
            out.extend(lines.into_iter().map(|line| Line::styled(line, dim)));
        }
        out
    }
}
