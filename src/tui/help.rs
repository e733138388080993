//! The keys of a screen, from the table that handles them.

use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::keymap::{Action, Scope, TABLE};
use super::message::{Ctx, Effect};
use super::scroll::Scroll;
use super::widgets::{more_line, put, two_ends, wrap};
use crate::render::Role;
use crate::text;

/// The page of keys over a screen.
pub struct Help {
    of: Scope,
    scroll: Scroll,
}

impl Help {
    /// Of a screen.
    pub fn new(of: Scope) -> Self {
        Help { of, scroll: Scroll::default() }
    }

    /// Scrolls, or goes back.
    pub fn act<'c>(&mut self, action: Action) -> Vec<Effect<'c>> {
        match action {
            Action::Back | Action::Keys => return vec![Effect::Back],
            _ => drop(self.scroll.act(action)),
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
        let shared = shared.map(|b| (ctx.keymap.shared(self.of, b.action), b.help));
        lines.extend(shared.filter(|(keys, _)| !keys.is_empty()));
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
                scope => format!(" Keys of the {}", scope.title()),
            };
            let row = Rect { height: 1, ..area };
            two_ends(buffer, row, &[(&title, ctx.theme.style(Role::Heading))], &[]);
        }
        let widest = lines.iter().map(|(keys, _)| text::width(keys)).max().unwrap_or(0) as u16;
        let column = widest.min(area.width * 2 / 5);
        let at = area.x + column + 3;
        let lines = wrapped(&lines, column, area.right().saturating_sub(at));
        let most = self.scroll.fit(lines.len(), body.into());
        let top = self.scroll.top;
        for (y, (keys, help)) in (area.y + head..area.y + head + body).zip(lines.iter().skip(top)) {
            put(buffer, area.x + 1, y, keys, column, ctx.theme.style(Role::Accent));
            put(buffer, at, y, help, area.right().saturating_sub(at), Style::new());
        }
        if head > 0 {
            let key = ctx.keymap.key(Scope::All, Action::Back);
            let bottom = area.bottom() - 1;
            let row = Rect { y: bottom, height: 1, ..area };
            more_line(buffer, row, top > 0, top < most, ctx);
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

/// Keys and help in rows of two columns: what is too wide for its column goes on below.
fn wrapped(lines: &[(String, &str)], keys: u16, help: u16) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (left, right) in lines {
        let (left, right) = (wrap(left, keys, usize::MAX), wrap(right, help, usize::MAX));
        for at in 0..left.len().max(right.len()).max(1) {
            let part = |of: &[String]| of.get(at).cloned().unwrap_or_default();
            out.push((part(&left), part(&right)));
        }
    }
    out
}
