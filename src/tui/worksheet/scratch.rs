//! The scratch sheet: lines of formulas, what each comes to at its right, kept in the journal.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::estimate::{Constant, constants_of, scratch};
use crate::journal::What;
use crate::render::Role;
use crate::text;
use crate::tui::keymap::{Action, Chord, Scope};
use crate::tui::message::{Ctx, Effect};
use crate::tui::pad::Pad;
use crate::tui::widgets::{hint_line, put, two_ends};

/// The name under which the journal keeps it.
const NAME: &str = "scratch";

/// The scratch sheet.
pub struct Scratch {
    pad: Pad,
    constants: Vec<Constant>,
    /// As the journal has it.
    kept: String,
}

impl Scratch {
    /// The sheet as it was left.
    pub(super) fn new(ctx: &Ctx<'_, '_>) -> Self {
        let kept = ctx.progress.estimates().of("", NAME);
        let kept = kept.first().map_or(String::new(), |(_, text)| text.clone());
        Scratch { pad: Pad::new(&kept), constants: constants_of(ctx.course), kept }
    }

    pub(super) fn raw_key<'c>(
        &mut self,
        chord: Chord,
        ctx: &Ctx<'_, 'c>,
    ) -> Option<Vec<Effect<'c>>> {
        let shell = chord.is_ctrl('c') || chord.is_ctrl('z') || chord.is_ctrl('l');
        if shell || ctx.keymap.own(Scope::Scratch, chord) {
            return None;
        }
        self.pad.key(chord);
        Some(Vec::new())
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        self.pad.paste(pasted);
    }

    pub(super) fn act<'c>(&self, action: Action) -> Vec<Effect<'c>> {
        match action {
            Action::Back => vec![Effect::Back],
            Action::Editor => vec![Effect::Edit(self.pad.text())],
            _ => Vec::new(),
        }
    }

    pub(super) fn edited<'c>(&mut self, text: Option<&str>) -> Vec<Effect<'c>> {
        if let Some(text) = text {
            self.pad = Pad::new(text.trim_end());
        }
        self.leave()
    }

    /// What has changed goes into the journal.
    pub(super) fn leave<'c>(&mut self) -> Vec<Effect<'c>> {
        let text = self.pad.text();
        if text == self.kept {
            return Vec::new();
        }
        self.kept.clone_from(&text);
        let set = if text.is_empty() { Vec::new() } else { vec![("text".into(), text)] };
        vec![Effect::Record(vec![What::Estimate { lesson: String::new(), name: NAME.into(), set }])]
    }

    pub(super) fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
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
