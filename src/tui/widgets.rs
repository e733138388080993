//! What several screens draw.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::keymap::{Action, Scope};
use super::message::Ctx;
use crate::course::Entry;
use crate::progress::{LessonProgress, State};
use crate::render::Role;
use crate::text;

/// Writes `text` at a place, cut with `…` at `max` cells; gives the cells used.
pub fn put(buffer: &mut Buffer, x: u16, y: u16, text: &str, max: u16, style: Style) -> u16 {
    if !buffer.area.contains((x, y).into()) {
        return 0;
    }
    let room = usize::from(max.min(buffer.area.right() - x));
    let shown = text::ellipsis(text, room);
    buffer.set_stringn(x, y, &shown, room, style);
    text::width(&shown) as u16
}

/// Left and right ends of one row; what is on the left gives way.
pub fn two_ends(buffer: &mut Buffer, row: Rect, left: &[(&str, Style)], right: &[(&str, Style)]) {
    let needed: u16 = right.iter().map(|(text, _)| text::width(text) as u16).sum();
    let right_at = row.right().saturating_sub(needed).max(row.x);
    let mut x = row.x;
    let left_end = if needed == 0 { row.right() } else { right_at.saturating_sub(1) };
    for (text, style) in left {
        x += put(buffer, x, row.y, text, left_end.saturating_sub(x), *style);
    }
    if needed > row.width {
        return;
    }
    let mut x = right_at;
    for (text, style) in right {
        x += put(buffer, x, row.y, text, row.right().saturating_sub(x), *style);
    }
}

/// The done and the open part of a bar of so many cells. A bar is full only when all is done, and not
/// empty once something is.
pub fn bar(done: usize, total: usize, width: u16) -> (String, String) {
    let width = usize::from(width);
    let filled = match done {
        0 => 0,
        done if done >= total => width,
        done => (done * width / total).clamp(1, width.saturating_sub(1).max(1)),
    };
    let filled = filled.min(width);
    ("━".repeat(filled), "─".repeat(width - filled))
}

/// The mark of a lesson's state in a list.
pub fn state_mark(state: State) -> &'static str {
    match state {
        State::Unopened => "·",
        State::Opened => "◐",
        State::Read => "✓",
    }
}

/// What stands at the right of a lesson in a list: when it was read, how far one is, or its lab.
pub fn state_note(entry: &Entry, progress: &LessonProgress) -> String {
    match (progress.state, progress.position.as_ref()) {
        (State::Read, _) if progress.changed(entry) => progress.read_on.map_or_else(
            || "changed since".into(),
            |day| format!("read {}, changed since", day.format("%-d %b")),
        ),
        (State::Read, _) => progress
            .read_on
            .map_or_else(|| "read".into(), |day| format!("read {}", day.format("%-d %b"))),
        (State::Opened, Some(position)) => format!("{:.0} %", position.share * 100.0),
        (State::Opened, None) => "opened".into(),
        (State::Unopened, _) if entry.rehearsal > 0 => "rehearsal".into(),
        (State::Unopened, _) => String::new(),
    }
}

/// `9 h 26 min`
pub fn minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, min) => format!("{min} min"),
        (h, 0) => format!("{h} h"),
        (h, min) => format!("{h} h {min} min"),
    }
}

/// Said of a lesson at whose end one was too soon: `paged in 10 s`.
pub fn paged(active: u32) -> String {
    match active {
        0..=119 => format!("paged in {} s", active.max(1)),
        _ => format!("paged in {} min", active / 60),
    }
}

/// Words of `text` in lines of at most `width` cells, at most `most` lines; the last is cut with `…`.
pub fn wrap(text: &str, width: u16, most: usize) -> Vec<String> {
    let width = usize::from(width.max(1));
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && text::width(&line) + 1 + text::width(word) > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            // No word is cut in two, if there is another to stop at.
            let fits = text::fit(last, width.saturating_sub(2));
            let whole = if fits.len() < last.len() { fits.rfind(' ') } else { None };
            *last = format!("{} …", fits[..whole.unwrap_or(fits.len())].trim_end());
        }
    }
    lines
}

/// Says at the right end of a row which way there is more of a text than fits, and the key that goes there.
pub fn more_line(buffer: &mut Buffer, row: Rect, above: bool, below: bool, ctx: &Ctx<'_, '_>) {
    let (sign, action) = match (below, above) {
        (true, _) => ("↓", Action::PageDown),
        (false, true) => ("↑", Action::PageUp),
        (false, false) => return,
    };
    // The last key: not every keyboard has a page-down.
    let keys = ctx.keymap.keys(Scope::All, action);
    let said = format!("{sign} more, {} ", keys.rsplit(' ').next().unwrap_or_default());
    two_ends(buffer, row, &[], &[(&said, ctx.theme.style(Role::Dim))]);
}

/// Keys that matter now, as many as fit.
pub fn hint_line(
    buffer: &mut Buffer,
    row: Rect,
    hints: &[(Action, &str)],
    scope: Scope,
    ctx: &Ctx<'_, '_>,
    style: Style,
) {
    let mut x = row.x + 1;
    for (action, what) in hints {
        let hint = format!("{} {what}", ctx.keymap.key(scope, *action));
        let needed = crate::text::width(&hint) as u16;
        if x + needed > row.right() {
            continue;
        }
        x += put(buffer, x, row.y, &hint, needed, style) + 3;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_only_when_all_is_done_and_not_empty_once_something_is() {
        assert_eq!(bar(0, 72, 10).0, "");
        assert_eq!(bar(1, 72, 10).0.chars().count(), 1);
        assert_eq!(bar(71, 72, 10).0.chars().count(), 9);
        assert_eq!(bar(72, 72, 10), ("━".repeat(10), String::new()));
        assert_eq!(bar(0, 0, 3), (String::new(), "───".into()));
    }

    #[test]
    fn minutes_read_as_people_say_them() {
        assert_eq!(minutes(7), "7 min");
        assert_eq!(minutes(60), "1 h");
        assert_eq!(minutes(566), "9 h 26 min");
    }

    #[test]
    fn wrapped_text_ends_in_an_ellipsis_where_something_is_missing() {
        assert_eq!(wrap("aa bb cc dd", 5, 2), ["aa bb", "cc dd"]);
        assert_eq!(wrap("aa bb cc dd ee", 5, 2), ["aa bb", "cc …"]);
        assert_eq!(wrap("aa bb cc ddd ee", 6, 1), ["aa …"], "no half of a word");
        assert_eq!(wrap("", 5, 2), Vec::<String>::new());
    }
}
