//! From rows to what a terminal or a pipe gets: theme, highlighting, ratatui lines, ANSI and plain text.

pub mod highlight;
pub mod lines;
pub mod print;
pub mod theme;

pub use highlight::{Class, highlight};
pub use lines::{Marks, line};
pub use print::{Print, print};
pub use theme::{Role, Theme, skin};
