//! What came of a rehearsal, phase by phase.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::keymap::{Action, Scope};
use super::super::message::Ctx;
use super::super::widgets::bar;
use super::super::words::plain;
use super::Work;
use super::draw::clock;
use crate::rehearsal::{Form, LEVELS, phase_name};
use crate::render::Role;

impl<'c> Work<'c> {
    /// A row a phase: time, share, level.
    pub(super) fn result(&self, width: u16, ctx: &Ctx<'_, 'c>) -> Vec<Line<'static>> {
        let (dim, accent) = (ctx.theme.style(Role::Dim), ctx.theme.style(Role::Accent));
        // Without bars and the minutes that there were, a row fits into 40 columns.
        let narrow = width < 56;
        let mut out = Vec::new();
        let session = ctx.progress.rehearsals().iter().rfind(|session| session.id == self.run.id);
        if self.run.form == Form::Flaws {
            let flaws = self.run.flaws();
            let named = flaws.iter().filter(|(_, named)| *named).count();
            out.extend(plain(
                &format!("{named} of {} weaknesses named.", flaws.len()),
                width,
                Style::new(),
            ));
        }
        for (at, phase) in self.run.phases.iter().enumerate() {
            let name = &phase.name.value;
            let ticks = session.and_then(|s| s.ticks.iter().find(|ticks| ticks.phase == *name));
            let share = ticks.and_then(crate::progress::Ticks::share);
            let cells = if narrow { 0 } else { 12 };
            let (done, open) = bar((share.unwrap_or(0.0) * 100.0) as usize, 100, cells);
            let said = match (share, ticks) {
                (Some(share), Some(ticks)) => {
                    let level = ticks.level().checked_sub(1).map_or("", |level| LEVELS[level]);
                    format!(" {:>3.0} %  {level:<7}", share * 100.0)
                }
                _ => format!(" {:<14}", "not ticked"),
            };
            let spent = clock(self.run.seconds(at, ctx.now.mono));
            let time = match phase.minutes {
                0 => String::new(),
                _ if narrow => spent,
                minutes => format!("{spent} of {}", clock(f64::from(minutes) * 60.0)),
            };
            let over = self.run.over(at, ctx.now.mono);
            let mut line = Line::from(vec![
                Span::raw(format!("{:<14}", phase_name(name))),
                Span::styled(done, accent),
                Span::styled(open, dim),
                Span::styled(said, dim),
                Span::styled(time, if over { ctx.theme.style(Role::Error) } else { dim }),
            ]);
            if at == self.cursor {
                line = line.patch_style(ctx.theme.style(Role::Selected));
            }
            out.push(line);
        }
        out.push(Line::default());
        let weak: Vec<&str> = session
            .into_iter()
            .flat_map(|session| &session.ticks)
            .filter(|ticks| ticks.share().is_some_and(|share| share < 0.6))
            .map(|ticks| phase_name(&ticks.phase))
            .collect();
        if !weak.is_empty() {
            let key = ctx.keymap.key(Scope::Rubric, Action::GoOn);
            let what = weak.join(", ");
            out.extend(plain(
                &format!("To read again: {what}. {key} opens the section."),
                width,
                Style::new(),
            ));
        }
        out
    }
}
