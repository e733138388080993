//! Markdown to a [`Document`].

use super::document::Document;

/// Parses the body of a lesson. `first_line` is the line of the file on which the body starts, from 1.
pub fn parse(body: &str, first_line: usize) -> Document {
    todo!("{body} {first_line}")
}
