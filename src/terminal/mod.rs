//! The terminal as the full screen needs it: entered and left whole, drawn by differences, waited on
//! without spinning. What is Unix stands in [`crate::unix`].

mod canvas;
pub mod clipboard;
pub mod editor;

pub use crate::unix::{Tty, Wake, is_full_screen, size, suspend_signal};
pub use canvas::{Canvas, Hyperlink};
