//! The journal: an append-only list of what the reader did. The only thing that is ever written.
//!
//! What was acknowledged is in the file, and no byte of it is ever removed or rewritten. [`mod@line`],
//! [`lines`] and [`undo`] are pure; [`store`] and [`disk`] touch the file.

mod disk;
pub mod event;
mod fast;
mod follow;
pub mod health;
mod import;
pub mod line;
pub mod lines;
mod outcome;
pub mod store;
pub mod undo;

#[cfg(test)]
mod tests;

pub use event::{Event, Place, RehearsalStep, What};
pub use health::Health;
pub use import::Imported;
pub use outcome::{LockWait, StoreError, Unsaved};
pub use store::Store;
