//! Words, sentences and numbers of running text.

/// Runs between blanks that hold a letter or digit.
pub fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// What ends in a full stop without ending a sentence.
const ABBREVIATIONS: [&str; 9] =
    ["e.g.", "i.e.", "vs.", "etc.", "cf.", "approx.", "ca.", "fig.", "al."];

/// Sentences: a full stop, question or exclamation mark ends one where a blank follows and then no small
/// letter; what is left over is one too.
pub fn sentences(text: &str) -> usize {
    let mut count = 0;
    let mut open = false;
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        open |= word.contains(char::is_alphanumeric);
        let bare = word.trim_end_matches(['"', '\'', ')', '*', '_', '`', '”', '’', ']']);
        let abbreviation = ABBREVIATIONS.contains(&&*word.trim_start_matches('(').to_lowercase());
        let next = words.peek().and_then(|next| next.chars().find(|c| c.is_alphanumeric()));
        let starts = next.is_none_or(|c| !c.is_lowercase());
        if open && bare.ends_with(['.', '?', '!']) && starts && !(abbreviation && next.is_some()) {
            count += 1;
            open = false;
        }
    }
    count + usize::from(open)
}

/// Numbers as written, without their commas; those that are part of a word (`T1`, `2PC`, `v1.2`) only if
/// `all`.
pub fn numbers(text: &str, all: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|next| at + next) {
        let len = text[start..]
            .find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')
            .unwrap_or(text.len() - start);
        let number = text[start..start + len].trim_end_matches([',', '.']);
        at = start + number.len();
        let letter = |c: char| c.is_alphabetic() || c == '_';
        let part = text[..start].ends_with(letter) || text[at..].starts_with(letter);
        if all || !part {
            found.push(number.replace(',', ""));
        }
    }
    found
}

/// The word for a small number, so that an answer may say 3 where the lesson says three.
pub fn spelled(number: &str) -> Option<&'static str> {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS.get(number.parse::<usize>().ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_would_say() {
        for (text, count) in [
            ("Error 40001; it must start again.", 1),
            ("PostgreSQL 15.18 waits, e.g. for T1. Then it fails.", 2),
            ("What does `SET x = 1.5.` do? Nothing (no row).", 2),
            ("One. Two! Three? four", 3),
            ("S/(1 − ρ) = 20 ms / 0.1 = 200 ms, ten times the service.", 1),
            (
                "PostgreSQL, Repeatable Read: two transactions update one row, the first commits. What does the second get?",
                2,
            ),
            ("No. It waits (e.g. T2).", 2),
            ("no end", 1),
            ("He wrote \"it works.\" Then it broke.", 2),
            ("", 0),
        ] {
            assert_eq!(sentences(text), count, "{text}");
        }
    }

    #[test]
    fn words_hold_a_letter_or_a_digit() {
        assert_eq!(words("a = 40 ms — no, 1,000 /s"), 6);
    }

    #[test]
    fn numbers_lose_their_commas_and_parts_of_words_are_none() {
        assert_eq!(
            numbers("40,001 of 1.5; T1, 2PC, v1.2, 300/s, 10×.", false),
            ["40001", "1.5", "300", "10"]
        );
        assert_eq!(numbers("T1 v1.2", true), ["1", "1.2"]);
    }
}
