//! From the text of a lesson to its [`crate::course::Entry`]. `build.rs` includes this file by path.
