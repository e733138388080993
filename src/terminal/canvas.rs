//! Draws a frame as its difference from the last one.
//!
//! ratatui's own `Terminal` asks the backend for size and cursor in places; the cursor's answer comes
//! through the keyboard and never comes from a dead terminal. Two buffers and their difference need neither.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What is on the screen, and where to write the next frame.
pub struct Canvas<W: Write> {
    backend: CrosstermBackend<W>,
    shown: Buffer,
    stale: bool,
}

impl<W: Write> Canvas<W> {
    /// An empty screen of a size, in cells.
    pub fn new(writer: W, size: (u16, u16)) -> Self {
        let area = Rect::new(0, 0, size.0, size.1);
        Canvas { backend: CrosstermBackend::new(writer), shown: Buffer::empty(area), stale: true }
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

    /// Draws a frame; writes nothing if nothing changed.
    ///
    /// # Errors
    /// The terminal does not take the bytes.
    pub fn draw(&mut self, view: impl FnOnce(Rect, &mut Buffer)) -> io::Result<()> {
        let mut next = Buffer::empty(self.shown.area);
        view(next.area, &mut next);
        if self.stale {
            self.backend.clear_region(ClearType::All)?;
            self.stale = false;
        } else if next == self.shown {
            return Ok(());
        }
        self.backend.draw(self.shown.diff(&next).into_iter())?;
        Write::flush(&mut self.backend)?;
        self.shown = next;
        Ok(())
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
                })
                .unwrap();
        }
        drop(canvas);
        assert_eq!(bytes.len(), 2 * first, "the second of two equal frames must write nothing");
    }
}
