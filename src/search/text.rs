//! A text within one document.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::markdown::{Document, Kind};

/// A range of a block's text that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Index of the block.
    pub block: u32,
    /// Bytes of its text.
    pub range: Range<u32>,
}

/// All places of `needle` in `text`, not overlapping. Smart case: with a capital in the needle case counts.
pub fn find(text: &str, needle: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let exact = needle.chars().any(char::is_uppercase);
    let Some(first) = needle.chars().next() else { return found };
    let mut from = 0;
    while let Some(at) = start(&text[from..], first, exact).map(|at| from + at) {
        match matches(&text[at..], needle, exact) {
            Some(len) => {
                found.push(at..at + len);
                from = at + len;
            }
            None => from = at + text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// The next place where a match could start. The common case, a letter of ASCII, goes by memchr.
fn start(text: &str, first: char, exact: bool) -> Option<usize> {
    if exact || !first.is_alphabetic() {
        return text.find(first);
    }
    // The Kelvin sign and the long s fold to letters of ASCII: nobody searches for k and means them.
    if first.is_ascii() {
        let (low, high) = (first.to_ascii_lowercase() as u8, first.to_ascii_uppercase() as u8);
        return memchr::memchr2(low, high, text.as_bytes());
    }
    text.char_indices().find(|(_, c)| same(*c, first)).map(|(at, _)| at)
}

/// Bytes of `text` that its start and the needle have in common, if that is the whole needle.
fn matches(text: &str, needle: &str, exact: bool) -> Option<usize> {
    if exact {
        return text.starts_with(needle).then_some(needle.len());
    }
    let mut letters = text.char_indices();
    for wanted in needle.chars() {
        let (_, letter) = letters.next()?;
        if !same(letter, wanted) {
            return None;
        }
    }
    Some(letters.next().map_or(text.len(), |(at, _)| at))
}

fn same(a: char, b: char) -> bool {
    a == b || a.eq_ignore_ascii_case(&b) || (!a.is_ascii() && a.to_lowercase().eq(b.to_lowercase()))
}

/// All places in a document, in its order; answers that are not in `revealed` are left out (`None`: all are shown).
pub fn in_document(
    document: &Document,
    needle: &str,
    revealed: Option<&BTreeSet<usize>>,
) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if let (Kind::Answer { of }, Some(revealed)) = (&block.kind, revealed)
            && !revealed.contains(of)
        {
            continue;
        }
        hits.extend(
            find(&block.text, needle).into_iter().map(|range| Hit {
                block: index as u32,
                range: range.start as u32..range.end as u32,
            }),
        );
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_find_both_cases_and_a_capital_only_itself() {
        assert_eq!(find("Redis, redis and REDIS", "redis"), [0..5, 7..12, 17..22]);
        assert_eq!(find("Redis, redis and REDIS", "Redis").len(), 1);
        assert_eq!(find("ÄRGER Ärger ärger", "ärger").len(), 3);
        assert_eq!(find("Straße", "straße").first().map(|found| found.end), Some(7));
    }

    #[test]
    fn places_do_not_overlap_and_lie_between_letters() {
        assert_eq!(find("aaaa", "aa"), [0..2, 2..4]);
        assert_eq!(find("日本日本", "本"), [3..6, 9..12]);
        for (text, needle) in [("abc", ""), ("", "a"), ("İx", "i")] {
            assert!(find(text, needle).is_empty(), "{text} {needle}");
        }
    }

    #[test]
    fn hidden_answers_are_left_out() {
        let document = crate::markdown::parse("one\n\n```ask\nQ: one?\nA: one.\n```\n", 1);
        assert_eq!(in_document(&document, "one", None).len(), 3);
        assert_eq!(in_document(&document, "one", Some(&BTreeSet::new())).len(), 2);
    }
}
