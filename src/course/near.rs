//! The nearest of some known words: what a finding offers for a word that is not known.

/// The known word that `word` was most likely meant to be: at most two edits away, case aside, and less than half
/// of it changed.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|other| (strsim::damerau_levenshtein(&word, &other.to_lowercase()), other))
        .filter(|(edits, other)| *edits <= 2 && edits * 2 < other.chars().count())
        .min()
        .map(|(_, other)| other)
}

/// The mend for an unknown word: `"gist"?`, or all there are.
pub fn mend(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("\"{near}\"?"),
        None => format!("there are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_another_word_is_not() {
        assert_eq!(mend("gsit", &["gist", "tags"]), "\"gist\"?");
        assert_eq!(mend("advanced", &["Foundation", "Advanced"]), "\"Advanced\"?");
        assert_eq!(mend("summary", &["gist", "tags"]), "there are gist, tags");
        assert_eq!(mend("B", &["Q", "A"]), "there are Q, A");
    }
}
