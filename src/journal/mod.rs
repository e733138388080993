//! The journal: an append-only list of what the reader did. The only thing that is ever written.

pub mod event;

pub use event::{Event, What};
