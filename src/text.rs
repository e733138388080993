//! Small text helpers that several modules share: cleaning, widths, slugs.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Replaces every character that a terminal could act on by `U+FFFD`: C0 but tab and newline, DEL,
/// C1, and the bidirectional overrides U+202A-202E and U+2066-2069.
///
/// Must run *after* any parser that resolves entities, since `&#27;` hides an ESC from it.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Most texts hold nothing that could even begin such a character: one look at each byte tells.
    if text.bytes().any(may_begin_control) && text.chars().any(is_control) {
        Cow::Owned(text.chars().map(|c| if is_control(c) { '\u{fffd}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// C0, DEL, and the first byte of C1 (C2) and of the overrides (E2).
fn may_begin_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0xb..=0x1f | 0x7f | 0xc2 | 0xe2)
}

fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Width of `text` in terminal cells, by grapheme cluster, as ratatui counts them.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The longest start of `text` that fits in `max` cells, never cutting a grapheme cluster.
pub fn fit(text: &str, max: usize) -> &str {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > max {
            return &text[..at];
        }
    }
    text
}

/// What is left of `text` after at least `cells` cells of its start, never cutting a grapheme cluster.
pub fn skip(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        if used >= cells {
            return &text[at..];
        }
        used += cluster.width();
    }
    if cells == 0 { text } else { "" }
}

/// Like [`fit`], with `…` as the last cell where something was cut.
pub fn ellipsis(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        Cow::Borrowed(text)
    } else if max == 0 {
        Cow::Borrowed("")
    } else {
        Cow::Owned(format!("{}…", fit(text, max - 1).trim_end()))
    }
}

/// A number with commas: `12,345.6`.
pub fn grouped(value: f64, digits: usize) -> String {
    let plain = format!("{value:.digits$}");
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 && digit.is_ascii_digit() {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// The id of a heading by the forges' rule: lower case, letters, digits, `-` and `_` kept, blanks to
/// `-`, the rest dropped. Doubles are numbered by the caller (`-1`, `-2`).
pub fn heading_id(title: &str) -> String {
    title
        .trim()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// FNV-1a, 32 bits: the `v` of `open` and `read` events, over the bytes of a lesson's body.
/// Source: Fowler, Noll, Vo; offset basis 0x811c9dc5, prime 0x01000193.
pub fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_cells_never_cut_a_wide_letter() {
        assert_eq!((skip("abc", 0), skip("abc", 2), skip("abc", 9)), ("abc", "c", ""));
        assert_eq!(skip("日本", 1), "本");
    }

    #[test]
    fn numbers_are_grouped_by_threes() {
        assert_eq!(grouped(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(grouped(-999.0, 0), "-999");
        assert_eq!(grouped(f64::NAN, 0), "NaN");
    }

    #[test]
    fn what_a_terminal_could_act_on_is_replaced_and_the_rest_kept() {
        assert_eq!(
            clean("a\u{1b}[31mb\u{202e}\u{9b}c\td\n"),
            "a\u{fffd}[31mb\u{fffd}\u{fffd}c\td\n"
        );
        assert!(matches!(clean("né 日本"), Cow::Borrowed(_)));
    }

    #[test]
    fn widths_count_cells_and_cuts_keep_clusters_whole() {
        assert_eq!(width("日本a"), 5);
        assert_eq!(fit("日本", 3), "日");
        assert_eq!(ellipsis("abcdef", 4), "abc…");
        assert_eq!(ellipsis("abc", 3), "abc");
    }

    #[test]
    fn heading_ids_follow_the_forges() {
        assert_eq!(heading_id("What fails, and `when`?"), "what-fails-and-when");
        assert_eq!(heading_id("1×, 10×, 100×"), "1-10-100");
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0x811c_9dc5);
        assert_eq!(fnv1a(b"foobar"), 0xbf9c_f968);
    }
}
