//! Where lines break: at blanks, beside wide clusters, and within a word only if it exceeds the line.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Characters that start no line where wide text is broken (kinsoku).
const CLOSERS: &str = "、。，．・：；？！」』）】〕〉》｝］’”ーゝゞ々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…‥｡､｣)]},.:;?!%";
/// Characters that end no line there.
const OPENERS: &str = "（「『【〔〈《｛［‘“｢([{";

/// A grapheme cluster of a text.
#[derive(Clone, Copy)]
struct Cluster<'a> {
    at: usize,
    text: &'a str,
    width: usize,
}

impl Cluster<'_> {
    fn is_blank(&self) -> bool {
        self.text == " "
    }

    fn is_wide(&self) -> bool {
        self.width > 1
    }

    fn among(&self, set: &str) -> bool {
        self.text.chars().next().is_some_and(|c| set.contains(c))
    }
}

/// The cluster at a byte; ASCII beside ASCII needs no tables.
fn cluster_at(text: &str, at: usize) -> Option<Cluster<'_>> {
    let bytes = text.as_bytes();
    let first = *bytes.get(at)?;
    let alone = first.is_ascii() && bytes.get(at + 1).is_none_or(u8::is_ascii);
    let (len, width) = if alone {
        (1, usize::from(first != b'\n'))
    } else {
        let cluster = text[at..].graphemes(true).next()?;
        (cluster.len(), cluster.width())
    };
    Some(Cluster { at, text: &text[at..at + len], width })
}

/// Clusters of `text[from..]`.
fn clusters(text: &str, from: usize) -> impl Iterator<Item = Cluster<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let cluster = cluster_at(text, at)?;
        at += cluster.text.len();
        Some(cluster)
    })
}

/// How many bytes from `at` on are visible ASCII that joins with nothing.
fn ascii_run(text: &str, at: usize) -> usize {
    let rest = &text.as_bytes()[at..];
    let run = rest.iter().take_while(|byte| byte.is_ascii_graphic()).count();
    match rest.get(run) {
        Some(next) if !next.is_ascii() => run.saturating_sub(1),
        _ => run,
    }
}

/// Breaks `text[range]` into lines of at most `first` cells, then `rest` cells. Lines are ranges of
/// `text` without blanks at either end; at least one, perhaps empty. A newline in it always breaks.
///
/// A single cluster wider than the line stands alone on it.
pub fn wrap(text: &str, range: Range<u32>, first: usize, rest: usize) -> Vec<Range<u32>> {
    let end = range.end as usize;
    let mut lines = Lines {
        text,
        out: Vec::new(),
        start: range.start as usize,
        used: 0,
        widths: (first.max(1), rest.max(1)),
        soft: None,
        hard: None,
    };
    let text = &text[..end];
    let mut before: Option<Cluster> = None;
    let mut at = range.start as usize;
    // The end of a run that did not fit: looking for it again at each letter would cost squares.
    let mut tried = at;
    while let Some(cluster) = cluster_at(text, at) {
        let run = if at < tried { 0 } else { ascii_run(text, at) };
        if run > 0 && lines.take_run(at, run, before) {
            at += run;
            before = cluster_at(text, at - 1);
        } else {
            tried = tried.max(at + run);
            lines.take(cluster, before);
            at += cluster.text.len();
            before = Some(cluster);
        }
    }
    lines.emit(end, end);
    lines.out
}

/// A place where the line may end: `end` of what is shown, start of the next line, cells up to there.
#[derive(Clone, Copy)]
struct Break {
    end: usize,
    next: usize,
    used: usize,
}

struct Lines<'a> {
    text: &'a str,
    out: Vec<Range<u32>>,
    start: usize,
    used: usize,
    widths: (usize, usize),
    /// The last break that costs nothing.
    soft: Option<Break>,
    /// The last break within a word.
    hard: Option<Break>,
}

impl Lines<'_> {
    fn room(&self) -> usize {
        if self.out.is_empty() { self.widths.0 } else { self.widths.1 }
    }

    fn emit(&mut self, end: usize, next: usize) {
        let line = self.text[self.start..end].trim_end_matches(' ');
        let start = end.min(self.start + line.len() - line.trim_start_matches(' ').len());
        self.out.push(start as u32..(self.start + line.len()).max(start) as u32);
        self.start = next;
        (self.soft, self.hard) = (None, None);
    }

    /// Takes letters at once if they fit and no break beside a wide cluster is among them.
    fn take_run(&mut self, at: usize, run: usize, before: Option<Cluster>) -> bool {
        if self.used + run > self.room() || before.is_some_and(|before| before.is_wide()) {
            return false;
        }
        let within = before.is_some_and(|b| b.at >= self.start && !b.is_blank());
        if run > 1 || within {
            let last = at + run - 1;
            self.hard = Some(Break { end: last, next: last, used: self.used + run - 1 });
        }
        self.used += run;
        true
    }

    fn take(&mut self, cluster: Cluster, before: Option<Cluster>) {
        let next = cluster.at + cluster.text.len();
        if cluster.text == "\n" {
            self.emit(cluster.at, next);
            self.used = 0;
            return;
        }
        if cluster.is_blank() {
            if self.start == cluster.at {
                self.start = next; // no line starts with a blank
                return;
            }
            self.used += 1;
            // After a run of blanks the line still ends before the first of them.
            let end = match self.soft {
                Some(soft) if soft.next == cluster.at => soft.end,
                _ => cluster.at,
            };
            self.soft = Some(Break { end, next, used: self.used });
            return;
        }
        if let Some(before) = before.filter(|b| b.at >= self.start && !b.is_blank()) {
            let here = Break { end: cluster.at, next: cluster.at, used: self.used };
            let wide = cluster.is_wide() || before.is_wide();
            // Kinsoku is for wide text; the lists are not searched for each letter of the rest.
            let closes = (wide || !cluster.text.is_ascii()) && cluster.among(CLOSERS);
            if wide && !closes && !before.among(OPENERS) {
                self.soft = Some(here);
            } else if !closes {
                self.hard = Some(here);
            }
        }
        self.used += cluster.width;
        while self.used > self.room() && self.start < cluster.at {
            let here = Break { end: cluster.at, next: cluster.at, used: self.used - cluster.width };
            let at = self.soft.or(self.hard).unwrap_or(here);
            // A break within a word behind the blank is still one of the next line.
            let kept = self.hard.filter(|hard| hard.next > at.next);
            self.emit(at.end, at.next);
            self.used -= at.used;
            self.hard = kept.map(|hard| Break { used: hard.used - at.used, ..hard });
        }
    }
}

/// Cells that `text` takes on one line, and those of its longest part that would not be broken.
pub fn extent(text: &str) -> (usize, usize) {
    if text.is_ascii() && !text.contains('\n') {
        let longest = text.split(' ').map(str::len).max().unwrap_or(0);
        return (text.trim_end().len(), longest);
    }
    let (mut line, mut natural, mut word, mut least) = (0, 0, 0, 0);
    let mut wide_before = false;
    for cluster in clusters(text, 0) {
        if cluster.text == "\n" {
            (line, word) = (0, 0);
            continue;
        }
        line += cluster.width;
        let wide = cluster.is_wide();
        if cluster.is_blank() || (wide || wide_before) && !cluster.among(CLOSERS) {
            word = 0;
        }
        if !cluster.is_blank() {
            word += cluster.width;
            natural = natural.max(line);
            least = least.max(word);
        }
        wide_before = wide;
    }
    (natural, least)
}

/// Cuts `text[range]` into pieces of at most `room` cells, wherever that is (code that must wrap).
pub fn chop(text: &str, range: Range<u32>, room: usize) -> Vec<Range<u32>> {
    let mut out = Vec::new();
    if crate::text::width(&text[range.start as usize..range.end as usize]) <= room {
        out.push(range);
        return out;
    }
    let (mut start, mut used) = (range.start, 0);
    for cluster in clusters(&text[..range.end as usize], range.start as usize) {
        if used + cluster.width > room && start < cluster.at as u32 {
            out.push(start..cluster.at as u32);
            (start, used) = (cluster.at as u32, 0);
        }
        used += cluster.width;
    }
    out.push(start..range.end);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<&str> {
        let ranges = wrap(text, 0..text.len() as u32, width, width);
        ranges.iter().map(|r| &text[r.start as usize..r.end as usize]).collect()
    }

    #[test]
    fn lines_break_at_the_last_blank_that_fits_and_show_no_blank_at_either_end() {
        assert_eq!(lines("one two  three", 7), ["one two", "three"]);
        assert_eq!(lines("one two  three", 8), ["one two", "three"]);
        assert_eq!(lines("  one  ", 3), ["one"]);
        assert_eq!(lines("", 3), [""]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken_and_only_that_one() {
        assert_eq!(lines("a bcdefgh i", 4), ["a", "bcde", "fgh", "i"]);
    }

    #[test]
    fn a_newline_breaks_even_where_there_is_room() {
        assert_eq!(lines("a\nb c", 9), ["a", "b c"]);
    }

    #[test]
    fn wide_text_breaks_between_clusters_but_no_line_starts_with_a_closing_mark() {
        assert_eq!(lines("日本語です", 4), ["日本", "語で", "す"]);
        assert_eq!(lines("日本語、中", 6), ["日本", "語、中"]);
        assert_eq!(lines("日「本」語", 4), ["日", "「", "本」", "語"]);
        assert_eq!(lines("abc日本", 4), ["abc", "日本"]);
    }

    #[test]
    fn a_cluster_wider_than_the_line_stands_alone() {
        assert_eq!(lines("a日b", 1), ["a", "日", "b"]);
        assert_eq!(lines("👩‍👩‍👧x", 2), ["👩‍👩‍👧", "x"]);
    }

    #[test]
    fn the_extent_of_a_text_is_its_longest_line_and_its_longest_word() {
        assert_eq!(extent("one three\nfour"), (9, 5));
        assert_eq!(extent("日本 ab"), (7, 2));
    }
}
