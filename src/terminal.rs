//! The terminal: what is Unix stands here.
