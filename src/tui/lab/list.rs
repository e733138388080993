//! The labs, by lesson.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::keymap::{Action, Scope};
use super::super::message::{Ctx, Effect};
use super::super::widgets::{self, hint_line, put, two_ends};
use super::{UNWRITTEN, written};
use crate::labs::{ALL, Lab, Question, factor};
use crate::progress::LabRun;
use crate::render::Role;

const HINTS: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::Back, "back"),
    (Action::Keys, "keys"),
    (Action::Quit, "leave"),
];

/// The list's own state.
pub(super) struct List {
    cursor: usize,
    top: usize,
}

impl List {
    /// Begins at the first lab that was never run.
    pub(super) fn new(ctx: &Ctx<'_, '_>) -> Self {
        let ran = |lab: &&Lab| ctx.progress.labs().iter().any(|run| run.lab == lab.name);
        let cursor = ALL.iter().position(|lab| !ran(lab)).unwrap_or(0);
        List { cursor, top: 0 }
    }

    pub(super) fn selected(&self) -> Option<&'static Lab> {
        ALL.get(self.cursor).copied()
    }

    pub(super) fn act<'c>(&mut self, action: Action) -> Vec<Effect<'c>> {
        let last = ALL.len().saturating_sub(1);
        match action {
            Action::Down => self.cursor = (self.cursor + 1).min(last),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::PageDown | Action::HalfDown => self.cursor = (self.cursor + 8).min(last),
            Action::PageUp | Action::HalfUp => self.cursor = self.cursor.saturating_sub(8),
            Action::Top => self.cursor = 0,
            Action::Bottom => self.cursor = last,
            Action::Back => return vec![Effect::Back],
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
        let (dim, plain) = (ctx.theme.style(Role::Dim), Style::new());
        let head = Rect { height: 1, ..area };
        let count = format!("{} labs ", ALL.len());
        two_ends(buffer, head, &[(" Labs", ctx.theme.style(Role::Heading))], &[(&count, dim)]);
        let (above, foot, ask) = match area.height {
            0..=3 => (1, 0, 0),
            4..=12 => (1, 1, 0),
            _ => (2, 2, 4),
        };
        let list = Rect {
            y: area.y + above.min(area.height),
            height: area.height.saturating_sub(above + foot + ask),
            ..area
        };
        let height = usize::from(list.height);
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height));
        for (at, lab) in ALL.iter().enumerate().skip(self.top).take(height) {
            let row = Rect { y: list.y + (at - self.top) as u16, height: 1, ..list };
            let newest = ctx.progress.labs().iter().rev().find(|run| run.lab == lab.name);
            let mark = if newest.is_some() { "✓" } else { "·" };
            let name = format!("  {mark} {:<14}", lab.name);
            let lessons: Vec<String> = written(lab, ctx).map(|l| l.number.to_string()).collect();
            let for_lessons = if lessons.is_empty() {
                UNWRITTEN.to_string()
            } else {
                format!("for {}", lessons.join(", "))
            };
            let right = newest.map_or(String::new(), |run| format!("{}  ", outcome(lab, run)));
            two_ends(buffer, row, &[(&name, plain), (&for_lessons, dim)], &[(&right, dim)]);
            if at == self.cursor {
                buffer.set_style(row, ctx.theme.style(Role::Selected));
            }
        }
        if let Some(lab) = self.selected().filter(|_| ask > 0) {
            let words = lab.question.ask(&crate::labs::Knobs::new(lab.knobs));
            let lines = widgets::wrap(&words, area.width.saturating_sub(3).min(76), 3);
            for (line, y) in lines.iter().zip(list.bottom() + 1..) {
                put(buffer, area.x + 1, y, line, area.width - 1, dim);
            }
        }
        if foot > 0 {
            let row = Rect { y: area.bottom() - 1, height: 1, ..area };
            hint_line(buffer, row, HINTS, Scope::Labs, ctx, dim);
        }
    }
}

/// What came of a prediction: `right`, `1.4 × off`, `not predicted`.
pub(super) fn outcome(lab: &Lab, run: &LabRun) -> String {
    match (run.predicted, lab.question) {
        (None, _) => "not predicted".into(),
        (Some(guess), Question::Choice { .. }) => {
            if (guess - run.measured).abs() < 0.5 {
                "right".into()
            } else {
                "not so".into()
            }
        }
        (Some(guess), Question::Number { .. }) => match factor(guess, run.measured) {
            Some(factor) if factor < 1.005 => "exact".into(),
            Some(factor) => format!("{factor:.2} × off"),
            None => "off".into(),
        },
    }
}
