//! Where courses come from: the index of a lesson's file, the embedded course, a course in a folder.

pub mod find;
pub mod folder;
pub mod index;
pub mod load;

pub use find::{Found, find};
pub use load::{embedded, open, open_keeping};
