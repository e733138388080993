//! Colours of code: which ranges are comments, strings, keywords.

use std::ops::Range;

/// What a range of code is. A theme knows only these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Class {
    Comment,
    String,
    Number,
    Keyword,
    Type,
    Function,
    Attribute,
}

/// Classed byte ranges of `text`, in order, not overlapping. Empty for a language that is not known.
pub fn highlight(lang: &str, text: &str) -> Vec<(Range<u32>, Class)> {
    let _ = (lang, text);
    Vec::new()
}
