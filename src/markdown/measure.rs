//! Words and reading time.
