//! The designs that can be rehearsed, the most due first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::keymap::{Action, Scope};
use super::super::message::{Ctx, Effect, Goal};
use super::super::widgets::{bar, hint_line, put, two_ends};
use crate::progress::Session;
use crate::rehearsal::{Design, SHORT, designs, phase_name, profile, weakest};
use crate::render::Role;

/// Keys at the bottom: those that begin a form go on with one of it that was begun.
fn hints(design: Option<&Design>) -> [(Action, &'static str); 6] {
    let begun = |form: &str| {
        design.is_some_and(|design| design.open.iter().any(|session| session.form == form))
    };
    let of = |form: &str, anew, on| if begun(form) { on } else { anew };
    [
        (Action::Open, of("whole", "begin", "go on")),
        (Action::ShortRehearsal, of("short", "10 minutes", "go on, 10 minutes")),
        (Action::FindFlaws, of("flaws", "find the flaws", "go on, flaws")),
        (Action::OpenLesson, "lesson"),
        (Action::Back, "back"),
        (Action::Keys, "keys"),
    ]
}

/// What was rehearsed of a design: `10 min, begun`, `whole, 10 min begun`, else the last, `whole 71 %, 24 Nov`.
fn result(design: &Design) -> String {
    let form = |session: &Session| match &*session.form {
        "short" => format!("{SHORT} min"),
        other => other.to_string(),
    };
    match (&design.open[..], design.last) {
        ([one], _) => format!("{}, begun", form(one)),
        ([], Some(last)) => {
            let share = last.share().map_or(String::new(), |s| format!(" {:.0} %", s * 100.0));
            format!("{}{share}, {}", form(last), last.date.format("%-d %b"))
        }
        ([], None) => String::new(),
        (more, _) => {
            let forms: Vec<String> = more.iter().map(|session| form(session)).collect();
            format!("{} begun", forms.join(", "))
        }
    }
}

/// The list's own state.
pub(super) struct Choose {
    slugs: Vec<String>,
    cursor: usize,
    top: usize,
}

impl Choose {
    pub(super) fn new(lesson: Option<&str>, ctx: &Ctx<'_, '_>) -> Self {
        let mut choose = Choose { slugs: Vec::new(), cursor: 0, top: 0 };
        choose.returned(ctx);
        let at = lesson.and_then(|lesson| choose.slugs.iter().position(|slug| slug == lesson));
        choose.cursor = at.unwrap_or(0);
        choose
    }

    /// Reads the list again, the cursor on the same lesson.
    pub(super) fn returned(&mut self, ctx: &Ctx<'_, '_>) {
        let on = self.selected().map(str::to_string);
        let designs = designs(ctx.course, ctx.progress);
        self.slugs = designs.iter().map(|design| design.entry.slug.to_string()).collect();
        let at = on.and_then(|on| self.slugs.iter().position(|slug| *slug == on));
        self.cursor = at.unwrap_or(0);
    }

    pub(super) fn selected(&self) -> Option<&str> {
        self.slugs.get(self.cursor).map(String::as_str)
    }

    pub(super) fn act<'c>(&mut self, action: Action, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let last = self.slugs.len().saturating_sub(1);
        match action {
            Action::Down => self.cursor = (self.cursor + 1).min(last),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::PageDown | Action::HalfDown => self.cursor = (self.cursor + 8).min(last),
            Action::PageUp | Action::HalfUp => self.cursor = self.cursor.saturating_sub(8),
            Action::Top => self.cursor = 0,
            Action::Bottom => self.cursor = last,
            Action::OpenLesson => {
                let entry = self.selected().and_then(|slug| ctx.course.by_slug(slug));
                return entry.map(|entry| Effect::Open(entry, Goal::Stopped)).into_iter().collect();
            }
            Action::Back => return vec![Effect::Back],
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, '_>) {
        let (dim, plain) = (ctx.theme.style(Role::Dim), Style::new());
        let designs = designs(ctx.course, ctx.progress);
        let profile = profile(ctx.progress.rehearsals());
        let head = Rect { height: 1, ..area };
        let weakest = weakest(&profile, |_| true).unwrap_or_default();
        let next = format!("ten minutes would be: {} ", phase_name(weakest));
        let next = if area.width >= 60 && !designs.is_empty() { next } else { String::new() };
        two_ends(buffer, head, &[(" Rehearsal", ctx.theme.style(Role::Heading))], &[(&next, dim)]);
        let (above, below) = match area.height {
            0..=3 => (1, 0),
            4..=9 => (1, 1),
            _ => (2, 2),
        };
        let known: Vec<_> = profile.iter().filter(|phase| phase.share.is_some()).collect();
        let foot = if area.height >= 20 && !known.is_empty() { known.len() as u16 + 1 } else { 0 };
        let list = Rect {
            y: area.y + above.min(area.height),
            height: area.height.saturating_sub(above + below + foot),
            ..area
        };
        let height = usize::from(list.height);
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height));
        if designs.is_empty() {
            put(
                buffer,
                area.x + 1,
                list.y,
                "no design of this course is written yet",
                area.width,
                dim,
            );
        }
        for (at, design) in designs.iter().enumerate().skip(self.top).take(height) {
            let row = Rect { y: list.y + (at - self.top) as u16, height: 1, ..list };
            let number = format!("  {:>2}  ", design.entry.number);
            let result = result(design);
            let right = match area.width {
                0..=29 => String::new(),
                30..=59 if !design.open.is_empty() => format!("{result} "),
                30..=59 => format!("{:>3} min ", design.entry.rehearsal),
                _ => format!("{:>3} min   {result:<19} ", design.entry.rehearsal),
            };
            let title = design.entry.short_title();
            two_ends(buffer, row, &[(&number, dim), (title, plain)], &[(&right, dim)]);
            if at == self.cursor {
                buffer.set_style(row, ctx.theme.style(Role::Selected));
            }
        }
        // On a low screen the profile has no rows: `foot` is 0.
        for (phase, y) in known.iter().take(usize::from(foot)).zip(list.bottom() + 1..) {
            let share = phase.share.unwrap_or(0.0);
            let (done, open) = bar((share * 100.0) as usize, 100, 20);
            let name = format!("  {:<14}", phase_name(phase.phase));
            let row = Rect { y, height: 1, ..area };
            let said = format!(" {:>3.0} %", share * 100.0);
            let accent = ctx.theme.style(Role::Accent);
            two_ends(
                buffer,
                row,
                &[(&name, dim), (&done, accent), (&open, dim), (&said, dim)],
                &[],
            );
        }
        if below > 0 {
            let row = Rect { y: area.bottom() - 1, height: 1, ..area };
            hint_line(buffer, row, &hints(designs.get(self.cursor)), Scope::Designs, ctx, dim);
        }
    }
}
