//! A worksheet: the inputs of an estimate to change, every result computed anew as one types; and the scratch sheet.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::field::{Field, Typed};
use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect};
use super::pad::Pad;
use super::widgets::{hint_line, put, two_ends};
use crate::course::Entry;
use crate::estimate::{Constant, Sheet, constants_of, scratch};
use crate::journal::What;
use crate::render::Role;
use crate::text;

/// The name under which the journal keeps the scratch sheet.
const SCRATCH: &str = "scratch";

const HINTS: &[(Action, &str)] = &[
    (Action::Open, "change"),
    (Action::Reset, "as it was"),
    (Action::ResetAll, "all as they were"),
    (Action::PageDown, "down"),
    (Action::FocusNext, "next estimate"),
    (Action::Back, "back"),
];

/// One of the two.
pub enum Worksheet<'c> {
    /// Estimates of a lesson.
    Lesson(Box<OfLesson<'c>>),
    /// Free lines.
    Scratch(Box<Free>),
}

/// The estimates of a lesson.
pub struct OfLesson<'c> {
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

/// The scratch sheet.
pub struct Free {
    pad: Pad,
    constants: Vec<Constant>,
    /// As the journal has it.
    kept: String,
}

impl<'c> Worksheet<'c> {
    /// The estimates of a lesson, one of them by its name; none if it has none.
    pub fn of(
        entry: &'c Entry,
        sheets: Vec<Sheet>,
        name: Option<&str>,
        ctx: &Ctx<'_, 'c>,
    ) -> Option<Self> {
        if sheets.is_empty() {
            return None;
        }
        let at = name.and_then(|name| sheets.iter().position(|sheet| sheet.name() == name));
        let mut of = OfLesson {
            entry,
            sheets,
            at: at.unwrap_or(0),
            cursor: 0,
            typing: None,
            wrong: None,
            top: 0,
            scrolled: false,
        };
        of.take(ctx);
        Some(Worksheet::Lesson(Box::new(of)))
    }

    /// The scratch sheet as it was left.
    pub fn scratch(ctx: &Ctx<'_, 'c>) -> Self {
        let kept = ctx.progress.estimates().of("", SCRATCH);
        let kept = kept.first().map_or(String::new(), |(_, text)| text.clone());
        let constants = constants_of(ctx.course);
        Worksheet::Scratch(Box::new(Free { pad: Pad::new(&kept), constants, kept }))
    }

    /// Whose keys hold.
    pub fn scope(&self) -> Scope {
        match self {
            Worksheet::Lesson(_) => Scope::Worksheet,
            Worksheet::Scratch(_) => Scope::Scratch,
        }
    }

    /// What is typed goes into the open field, or onto the sheet.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        match self {
            Worksheet::Lesson(of) => of.raw_key(chord),
            Worksheet::Scratch(free) => {
                let shell = chord.is_ctrl('c') || chord.is_ctrl('z') || chord.is_ctrl('l');
                if shell || ctx.keymap.own(Scope::Scratch, chord) {
                    return None;
                }
                free.pad.key(chord);
                Some(Vec::new())
            }
        }
    }

    /// Pasted text goes where typed text goes.
    pub fn paste(&mut self, pasted: &str) {
        match self {
            Worksheet::Lesson(of) => {
                if let Some(field) = &mut of.typing {
                    field.paste(pasted);
                    of.try_typed();
                }
            }
            Worksheet::Scratch(free) => free.pad.paste(pasted),
        }
    }

    /// Does what a key means.
    pub fn act(&mut self, action: Action) -> Vec<Effect<'c>> {
        match self {
            Worksheet::Lesson(of) => of.act(action),
            Worksheet::Scratch(_) if action == Action::Back => vec![Effect::Back],
            Worksheet::Scratch(free) => match action {
                Action::Editor => vec![Effect::Edit(free.pad.text())],
                _ => Vec::new(),
            },
        }
    }

    /// The text comes back from `$EDITOR`.
    pub fn edited(&mut self, text: Option<&str>) -> Vec<Effect<'c>> {
        if let (Worksheet::Scratch(free), Some(text)) = (&mut *self, text) {
            free.pad = Pad::new(text.trim_end());
        }
        self.leave()
    }

    /// Before it is left: the scratch sheet goes into the journal. (A lesson's estimate is there already.)
    pub fn leave(&mut self) -> Vec<Effect<'c>> {
        let Worksheet::Scratch(free) = self else { return Vec::new() };
        let text = free.pad.text();
        if text == free.kept {
            return Vec::new();
        }
        free.kept.clone_from(&text);
        let set = if text.is_empty() { Vec::new() } else { vec![("text".into(), text)] };
        vec![Effect::Record(vec![What::Estimate {
            lesson: String::new(),
            name: SCRATCH.into(),
            set,
        }])]
    }

    /// The journal has changed: an undo, or another program.
    pub fn recorded(&mut self, ctx: &Ctx<'_, 'c>) {
        if let Worksheet::Lesson(of) = self
            && of.typing.is_none()
        {
            of.take(ctx);
        }
    }

    /// Draws it.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        match self {
            Worksheet::Lesson(of) => of.draw(area, buffer, ctx),
            Worksheet::Scratch(free) => free.draw(area, buffer, ctx),
        }
    }
}

impl<'c> OfLesson<'c> {
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

    fn raw_key(&mut self, chord: Chord) -> Option<Vec<Effect<'c>>> {
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

    fn act(&mut self, action: Action) -> Vec<Effect<'c>> {
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

    fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
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
            let lines = super::widgets::wrap(&said, width.min(76), 3);
            out.extend(lines.into_iter().map(|line| Line::styled(line, dim)));
        }
        out
    }
}

impl Free {
    fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
        let dim = ctx.theme.style(Role::Dim);
        let head = Rect { height: 1, ..area };
        let hint = "name = formula    => unit    @figure ";
        let hint = if area.width >= 60 { hint } else { "" };
        two_ends(buffer, head, &[(" Sheet", ctx.theme.style(Role::Heading))], &[(hint, dim)]);
        let foot = u16::from(area.height > 3);
        let known = if area.height >= 16 { 6 } else { 0 };
        let body = Rect {
            y: area.y + 1 + u16::from(area.height >= 10),
            height: area.height.saturating_sub(1 + u16::from(area.height >= 10) + foot + known),
            ..area
        };
        // What a line comes to stands at its right; a long line would hide it, so the pad ends before.
        let right = (body.width / 2).min(44);
        let pad = Rect {
            x: body.x + u16::from(area.width >= 40),
            width: body.width.saturating_sub(right + 2),
            ..body
        };
        let text = self.pad.text();
        let (row, column) = self.pad.caret();
        let from = (row + 1).saturating_sub(usize::from(body.height));
        let results = scratch(&text, &self.constants);
        let lines = text.split('\n').enumerate().skip(from);
        for ((at, line), y) in lines.zip(body.y..body.bottom()) {
            let line = text::clean(line);
            let before: String = line.chars().take(column).collect();
            // The caret stays in sight.
            let hidden = (text::width(&before) + 1).saturating_sub(usize::from(pad.width));
            let hidden = if at == row { hidden } else { 0 };
            let from = line.len() - text::skip(&line, hidden).len();
            put(buffer, pad.x, y, &line[from..], pad.width, Style::new());
            if at == row && pad.width > 0 {
                let x = pad.x + (text::width(&before).saturating_sub(hidden)) as u16;
                let caret = Rect { x: x.min(pad.right() - 1), y, width: 1, height: 1 };
                buffer.set_style(
                    caret.intersection(buffer.area),
                    Style::new().add_modifier(Modifier::REVERSED),
                );
            }
            let (said, style) = match results.get(at) {
                None | Some(None) => continue,
                Some(Some(Ok(shown))) => (format!("= {shown}"), ctx.theme.style(Role::Accent)),
                Some(Some(Err(said))) => (said.clone(), ctx.theme.style(Role::Error)),
            };
            put(buffer, body.right().saturating_sub(right), y, &text::clean(&said), right, style);
        }
        if known > 0 {
            let y = body.bottom();
            put(buffer, area.x + 1, y, "figures of the course", area.width - 1, dim);
            let mut line = String::new();
            let mut row = y + 1;
            for constant in &self.constants {
                let said = format!("@{} {}   ", constant.name, constant.value);
                if text::width(&line) + text::width(&said)
                    > usize::from(area.width.saturating_sub(2))
                {
                    put(buffer, area.x + 1, row, &line, area.width - 1, dim);
                    row += 1;
                    line.clear();
                }
                if row >= area.bottom().saturating_sub(foot) {
                    break;
                }
                line.push_str(&said);
            }
            if row < area.bottom().saturating_sub(foot) {
                put(buffer, area.x + 1, row, &line, area.width - 1, dim);
            }
        }
        if foot > 0 {
            let row = Rect { y: area.bottom() - 1, height: 1, ..area };
            let hints = [(Action::Editor, "editor"), (Action::Back, "back, kept")];
            hint_line(buffer, row, &hints, Scope::Scratch, ctx, dim);
        }
    }
}
