//! The keys of a screen, from the table that handles them.

use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::keymap::{Action, Scope, TABLE};
use super::message::{Ctx, Effect};
use super::widgets::{put, two_ends};
use crate::render::Role;

/// The page of keys over a screen.
pub struct Help {
    of: Scope,
    top: usize,
}

impl Help {
    /// Of a screen.
    pub fn new(of: Scope) -> Self {
        Help { of, top: 0 }
    }

    /// Scrolls, or goes back.
    pub fn act<'c>(&mut self, action: Action) -> Vec<Effect<'c>> {
        match action {
            Action::Down => self.top += 1,
            Action::Up => self.top = self.top.saturating_sub(1),
            Action::PageDown | Action::HalfDown => self.top += 10,
            Action::PageUp | Action::HalfUp => self.top = self.top.saturating_sub(10),
            Action::Top => self.top = 0,
            Action::Bottom => self.top = usize::MAX,
            Action::Back | Action::Keys => return vec![Effect::Back],
            _ => {}
        }
        Vec::new()
    }

    /// The wheel scrolls.
    pub fn mouse<'c>(&mut self, mouse: MouseEvent) -> Vec<Effect<'c>> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.act(Action::Down),
            MouseEventKind::ScrollUp => self.act(Action::Up),
            _ => Vec::new(),
        }
    }

    /// Draws the page.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, below: Scope, ctx: &Ctx<'_, '_>) {
        debug_assert_eq!(self.of, below);
        let own = TABLE.iter().filter(|b| b.scope == self.of);
        let shared = TABLE.iter().filter(|b| {
            b.scope == Scope::All
                && !TABLE.iter().any(|o| o.scope == self.of && o.action == b.action)
        });
        let mut lines: Vec<(String, &str)> =
            own.map(|b| (ctx.keymap.keys(b.scope, b.action), b.help)).collect();
        lines.push((String::new(), ""));
        lines.extend(shared.map(|b| (ctx.keymap.keys(b.scope, b.action), b.help)));
        lines.push((String::new(), ""));
        let said = if ctx.mouse {
            "wheel scrolls, a click opens; the terminal selects with Shift (macOS: Option or Fn) held"
        } else {
            "the terminal's own: it selects text and scrolls as elsewhere"
        };
        lines.push(("mouse".into(), said));

        let (head, body) = if area.height > 4 { (2, area.height - 3) } else { (0, area.height) };
        if head > 0 {
            let title = match self.of {
                Scope::Select => " Keys while lines are selected".to_string(),
                scope => format!(" Keys of the {}", scope.name()),
            };
            let row = Rect { height: 1, ..area };
            two_ends(buffer, row, &[(&title, ctx.theme.style(Role::Heading))], &[]);
        }
        self.top = self.top.min(lines.len().saturating_sub(usize::from(body)));
        let column =
            lines.iter().map(|(keys, _)| crate::text::width(keys)).max().unwrap_or(0) as u16;
        let column = column.min(area.width / 2);
        for (y, (keys, help)) in
            (area.y + head..area.y + head + body).zip(lines.iter().skip(self.top))
        {
            put(buffer, area.x + 1, y, keys, column, ctx.theme.style(Role::Accent));
            let at = area.x + column + 3;
            put(buffer, at, y, help, area.right().saturating_sub(at), Style::new());
        }
        if head > 0 {
            let key = ctx.keymap.key(Scope::All, Action::Back);
            let bottom = area.bottom() - 1;
            put(
                buffer,
                area.x + 1,
                bottom,
                &format!("{key} back"),
                area.width - 1,
                ctx.theme.style(Role::Dim),
            );
        }
    }
}
