//! The terminal as the full screen needs it: entered and left whole, drawn by differences, waited on
//! without spinning. What is Unix stands in [`unix`].

mod canvas;
mod unix;

pub use canvas::Canvas;
pub use unix::{Tty, Wake, is_full_screen, size, suspend_signal};
