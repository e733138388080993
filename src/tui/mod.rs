//! The full-screen program: a loop around [`App`], which knows neither terminal nor clock.

pub mod app;
pub mod attention;
pub mod field;
pub mod help;
pub mod keymap;
mod lab;
pub mod library;
pub mod menu;
mod message;
mod pad;
pub mod reader;
mod rehearse;
mod review;
mod rows;
mod run;
mod scroll;
mod stats;
mod view;
pub mod widgets;
mod words;
mod worksheet;

pub use app::App;
pub use keymap::{Action, Keymap, Scope};
pub use message::{Effect, Event, Goal, Moment, Step, Wish};
pub use run::{End, run};
pub use view::View;
