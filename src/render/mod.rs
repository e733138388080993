//! From rows to what a terminal or a pipe gets: theme, highlighting, ratatui lines, ANSI and plain text.
