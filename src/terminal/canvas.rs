//! Draws a frame as its difference from the last one.
//!
//! ratatui's own `Terminal` asks the backend for size and cursor in places; the cursor's answer comes
//! through the keyboard and never comes from a dead terminal. Two buffers and their difference need neither.

use std::io::{self, Write};

use crossterm::Command;
use crossterm::cursor::MoveTo;
use ratatui::backend::{Backend, ClearType, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// Cells of one row that lead to an address (OSC 8): a terminal that knows it opens the address by a click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hyperlink {
    /// The cells.
    pub cells: Rect,
    /// The address, without control characters.
    pub url: String,
}

/// What is on the screen, and where to write the next frame.
pub struct Canvas<W: Write> {
    backend: CrosstermBackend<W>,
    shown: Buffer,
    links: Vec<Hyperlink>,
    /// Whether the terminal may be sent OSC 8: those that do not know it skip it, but for two that print it.
    writes_links: bool,
    stale: bool,
}

/// Whether a terminal of this name skips what it does not know of OSC.
fn skips_osc(term: &str) -> bool {
    !(term == "linux" || term.starts_with("screen") || term == "dumb")
}

impl<W: Write> Canvas<W> {
    /// An empty screen of a size, in cells.
    pub fn new(writer: W, size: (u16, u16)) -> Self {
        let area = Rect::new(0, 0, size.0, size.1);
        let term = std::env::var("TERM").unwrap_or_default();
        Canvas {
            backend: CrosstermBackend::new(writer),
            shown: Buffer::empty(area),
            links: Vec::new(),
            writes_links: skips_osc(&term),
            stale: true,
        }
    }

    /// The next frame is drawn whole, at a new size or after something else wrote to the terminal.
    pub fn reset(&mut self, size: (u16, u16)) {
        self.shown = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        self.stale = true;
    }

    /// Cells of the screen.
    pub fn area(&self) -> Rect {
        self.shown.area
    }

    /// Draws a frame, given its links to the web; writes nothing if nothing changed.
    ///
    /// # Errors
    /// The terminal does not take the bytes.
    pub fn draw(
        &mut self,
        view: impl FnOnce(Rect, &mut Buffer) -> Vec<Hyperlink>,
    ) -> io::Result<()> {
        let mut next = Buffer::empty(self.shown.area);
        let links = view(next.area, &mut next);
        if self.stale {
            self.backend.clear_region(ClearType::All)?;
            self.stale = false;
            self.links.clear();
        } else if next == self.shown && links == self.links {
            return Ok(());
        }
        if self.writes_links && links != self.links {
            // A terminal keeps the address with each cell until the cell is written again.
            for old in self.links.iter().filter(|old| !links.contains(old)) {
                for cell in old.cells.intersection(self.shown.area).positions() {
                    self.shown[cell].modifier.toggle(Modifier::RAPID_BLINK); // unlike any
                }
            }
        }
        self.backend.draw(self.shown.diff(&next).into_iter())?;
        if self.writes_links {
            for link in &links {
                let area = link.cells.intersection(next.area);
                let same = |at| self.shown[at] == next[at];
                if !self.links.contains(link) || !area.positions().all(same) {
                    self.write_link(&next, area, &link.url)?;
                }
            }
        }
        Write::flush(&mut self.backend)?;
        self.shown = next;
        self.links = links;
        Ok(())
    }

    /// Writes cells again, as a link.
    fn write_link(&mut self, next: &Buffer, area: Rect, url: &str) -> io::Result<()> {
        let mut to = String::new();
        MoveTo(area.x, area.y).write_ansi(&mut to).map_err(io::Error::other)?;
        write!(self.backend, "{to}\x1b]8;;{url}\x1b\\")?;
        self.backend.draw(area.positions().map(|at| (at.x, at.y, &next[at])))?;
        write!(self.backend, "\x1b]8;;\x1b\\")
    }

    /// Writes bytes as they are, between two frames.
    ///
    /// # Errors
    /// The terminal does not take the bytes.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.backend.write_all(bytes)?;
        Write::flush(&mut self.backend)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ratatui::style::Style;

    #[test]
    fn an_unchanged_frame_writes_no_byte() {
        let mut bytes = Vec::new();
        let mut canvas = Canvas::new(&mut bytes, (10, 2));
        canvas
            .draw(|_, buffer| {
                buffer.set_string(0, 0, "hello", Style::new());
                Vec::new()
            })
            .unwrap();
        drop(canvas);
        let first = bytes.len();
        assert!(first > 5);
        let mut canvas = Canvas::new(&mut bytes, (10, 2));
        for _ in 0..2 {
            canvas
                .draw(|_, buffer| {
                    buffer.set_string(0, 0, "hello", Style::new());
                    Vec::new()
                })
                .unwrap();
        }
        drop(canvas);
        assert_eq!(bytes.len(), 2 * first, "the second of two equal frames must write nothing");
    }

    #[test]
    fn a_link_is_written_with_its_address_once_and_its_cells_are_freed_of_it() {
        let url = "https://example.org/";
        let link = || Hyperlink { cells: Rect::new(2, 0, 3, 1), url: url.into() };
        let mut bytes = Vec::new();
        let mut canvas = Canvas::new(&mut bytes, (10, 2));
        canvas.writes_links = true;
        let frames = [vec![link()], vec![link()], vec![]];
        for links in frames {
            canvas
                .draw(|_, buffer| {
                    buffer.set_string(0, 0, "a link", Style::new());
                    links
                })
                .unwrap();
        }
        drop(canvas);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.matches(url).count(), 1, "{text:?}");
        let after = &text[text.find("\x1b]8;;\x1b\\").unwrap()..];
        assert!(after.contains("lin"), "the third frame writes the cells without it: {after:?}");
    }
}
