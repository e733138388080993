//! A schedule of two or three transactions played by hand: step, back, another order, another level, the order that
//! breaks it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::super::keymap::{Action, Scope};
use super::super::message::{Ctx, Effect};
use super::super::widgets::{self, hint_line, put, two_ends};
use crate::labs::Knobs;
use crate::labs::isolation::{
    ANOMALIES, Anomaly, Level, Play as Engine, Setting, Tx, find_anomaly, moved, orders, search,
    turns,
};
use crate::render::Role;

const HINTS: &[(Action, &str)] = &[
    (Action::Open, "step"),
    (Action::Return, "back a step"),
    (Action::MoveDown, "later"),
    (Action::MoveUp, "earlier"),
    (Action::FocusNext, "level"),
    (Action::BreakIt, "find an order that breaks it"),
    (Action::Keys, "keys"),
];

/// The schedule and how far it was played.
pub(super) struct Play {
    anomaly: &'static Anomaly,
    setting: Setting,
    order: Vec<Tx>,
    /// Turns that were played.
    done: usize,
    /// The turn under the cursor.
    cursor: usize,
    /// What the search found.
    said: Option<String>,
    top: usize,
}

impl Play {
    /// What the knobs name, before its first step.
    pub(super) fn new(knobs: &Knobs) -> Play {
        let anomaly = find_anomaly(knobs.choice("anomaly")).unwrap_or(&ANOMALIES[0]);
        let level = Level::find(knobs.choice("level")).unwrap_or(Level::ReadCommitted);
        let others = Level::find(knobs.choice("others")).unwrap_or(level);
        let for_update = knobs.choice("reads") == "for-update";
        Play {
            anomaly,
            setting: Setting { level, others, for_update },
            order: anomaly.order.to_vec(),
            done: 0,
            cursor: 0,
            said: None,
            top: 0,
        }
    }

    pub(super) fn act<'c>(&mut self, action: Action) -> Vec<Effect<'c>> {
        let last = self.order.len().saturating_sub(1);
        self.said = self.said.take().filter(|_| matches!(action, Action::Down | Action::Up));
        match action {
            Action::Open => {
                self.done = (self.done + 1).min(self.order.len());
                self.cursor = self.done.saturating_sub(1);
            }
            Action::Return => {
                self.done = self.done.saturating_sub(1);
                self.cursor = self.done.saturating_sub(1);
            }
            Action::Down => self.cursor = (self.cursor + 1).min(last),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::Top => (self.cursor, self.done) = (0, 0),
            Action::Bottom => (self.cursor, self.done) = (last, self.order.len()),
            Action::MoveDown | Action::MoveUp => {
                let to = if action == Action::MoveDown {
                    (self.cursor + 1).min(last)
                } else {
                    self.cursor.saturating_sub(1)
                };
                self.order = moved(&self.order, self.cursor, to);
                self.cursor = to;
            }
            Action::FocusNext | Action::FocusPrevious => {
                let at = Level::ALL.iter().position(|level| *level == self.setting.level);
                let step = if action == Action::FocusNext { 1 } else { Level::ALL.len() - 1 };
                let level = Level::ALL[(at.unwrap_or(0) + step) % Level::ALL.len()];
                let same = self.setting.others == self.setting.level;
                self.setting.level = level;
                if same {
                    self.setting.others = level;
                }
            }
            Action::Reset => {
                self.order = self.anomaly.order.to_vec();
                (self.done, self.cursor) = (0, 0);
            }
            Action::BreakIt => match search(self.anomaly, self.setting) {
                Some(order) => {
                    self.order = order;
                    (self.done, self.cursor) = (self.order.len(), last);
                    self.said = Some("the shortest order that breaks it".into());
                }
                None => {
                    let all = orders(self.anomaly);
                    self.said = Some(format!("none of its {all} orders breaks it at this level"));
                }
            },
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
        let (dim, heading) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Heading));
        let level = if self.setting.others == self.setting.level {
            format!("{} ", self.setting.level.name())
        } else {
            format!("T1 {}, others {} ", self.setting.level.name(), self.setting.others.name())
        };
        let title = format!(" {} ({})", self.anomaly.name.replace('-', " "), self.anomaly.code);
        let head = Rect { height: 1, ..area };
        two_ends(buffer, head, &[(&title, heading)], &[(&level, ctx.theme.style(Role::Accent))]);
        let foot = u16::from(area.height > 3);
        let body = Rect {
            x: area.x + u16::from(area.width >= 40),
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(1 + foot),
        };
        let lines = self.lines(body, ctx);
        let on = lines.iter().position(|(turn, _)| *turn == Some(self.cursor)).unwrap_or(0);
        let height = usize::from(body.height);
        self.top = self.top.min(on).max((on + 3).min(lines.len()).saturating_sub(height));
        if lines.len() <= height {
            self.top = 0;
        }
        for ((turn, line), y) in lines.iter().skip(self.top).zip(body.y..body.bottom()) {
            buffer.set_line(body.x, y, line, body.width);
            if turn.is_some_and(|turn| turn == self.cursor) {
                let row = Rect { x: area.x, y, width: area.width, height: 1 };
                buffer.set_style(row, ctx.theme.style(Role::Selected));
            }
        }
        if foot > 0 {
            let row = Rect { y: area.bottom() - 1, height: 1, ..area };
            match &self.said {
                Some(said) => {
                    put(buffer, row.x + 1, row.y, said, row.width, ctx.theme.style(Role::Accent));
                }
                None => hint_line(buffer, row, HINTS, Scope::Play, ctx, dim),
            }
        }
    }

    /// Story, turns with what came of them, outcome; the turns with their index.
    fn lines(&self, body: Rect, ctx: &Ctx<'_, '_>) -> Vec<(Option<usize>, Line<'static>)> {
        let (dim, strong) = (ctx.theme.style(Role::Dim), Style::new().add_modifier(Modifier::BOLD));
        let mut out: Vec<(Option<usize>, Line<'static>)> = Vec::new();
        if body.height >= 10 {
            let story = widgets::wrap(self.anomaly.story, body.width.min(76), 4);
            out.extend(story.into_iter().map(|line| (None, Line::styled(line, dim))));
            out.push((None, Line::default()));
        }
        let mut engine = Engine::new(self.anomaly, self.setting);
        // A column a transaction, as far as the width goes.
        let column = usize::from(body.width / 3).min(18);
        for (turn, (t, step)) in turns(&self.order).into_iter().enumerate() {
            let indent = " ".repeat(column * t);
            if turn >= self.done {
                let words = self.anomaly.steps[t].get(step).map_or("", |step| step.says);
                out.push((Some(turn), Line::styled(format!("{indent}T{}: {words}", t + 1), dim)));
                continue;
            }
            for (nth, event) in engine.turn(t).iter().enumerate() {
                let indent = " ".repeat(column * event.tx);
                let line = Line::raw(format!("{indent}{}", event.says(self.anomaly)));
                // What goes on by a step of another belongs to that step.
                out.push((if nth == 0 { Some(turn) } else { None }, line));
            }
        }
        out.push((None, Line::default()));
        if self.done == self.order.len() {
            let outcome = engine.outcome(self.anomaly);
            let harm = if outcome.name() == "happens" { self.anomaly.harm } else { "" };
            let said = format!(
                "ends in: {}{}{harm}",
                outcome.name(),
                if harm.is_empty() { "" } else { ". " }
            );
            for line in widgets::wrap(&said, body.width.min(76), 3) {
                out.push((None, Line::styled(line, strong)));
            }
        } else {
            let left = self.order.len() - self.done;
            out.push((None, Line::styled(format!("{left} steps to go"), dim)));
        }
        out
    }
}
