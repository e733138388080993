//! A lesson by what was typed: number, slug, file name, words of the title.

use crate::course::{Course, Entry};

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'c> {
    /// The lesson that was meant.
    One(&'c Entry),
    /// The nearest names, best first; empty if nothing is near.
    Near(Vec<&'c Entry>),
}

/// How many near names are offered.
const OFFERED: usize = 3;

/// Finds a lesson, drafts included.
pub fn find<'c>(course: &'c Course, query: &str) -> Found<'c> {
    let query = query.trim().to_lowercase();
    if let Ok(number) = query.parse::<u16>() {
        let by_number = course.lessons.iter().find(|entry| entry.number == number);
        return by_number.map_or(Found::Near(Vec::new()), Found::One);
    }
    let file = query.trim_end_matches(".md");
    let exact = course
        .by_slug(&query)
        .or_else(|| course.lessons.iter().find(|entry| entry.file.trim_end_matches(".md") == file));
    if let Some(entry) = exact {
        return Found::One(entry);
    }
    let words: Vec<&str> =
        query.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let has_all = |entry: &&Entry| {
        let hay = format!("{} {}", entry.title, entry.slug).to_lowercase();
        !words.is_empty() && words.iter().all(|word| hay.contains(word))
    };
    let hits: Vec<&Entry> = course.lessons.iter().filter(has_all).collect();
    let written: Vec<&Entry> = hits.iter().copied().filter(|entry| !entry.draft).collect();
    match (&hits[..], &written[..]) {
        ([one], _) | (_, [one]) => return Found::One(one),
        ([], _) => {}
        _ => return Found::Near(hits.into_iter().take(OFFERED).collect()),
    }
    let mut near: Vec<(usize, &Entry)> =
        course.lessons.iter().map(|entry| (distance(&query, entry), entry)).collect();
    near.sort_by_key(|(distance, entry)| (*distance, entry.number));
    let limit = (query.chars().count() / 2).clamp(2, 6);
    let near = near.into_iter().filter(|(distance, _)| *distance <= limit);
    Found::Near(near.take(OFFERED).map(|(_, entry)| entry).collect())
}

/// The least number of edits to the slug or to a word of it that is long enough to mean something.
fn distance(query: &str, entry: &Entry) -> usize {
    let whole = strsim::damerau_levenshtein(query, &entry.slug);
    let words = entry.slug.split('-').filter(|word| word.len() > 3);
    words
        .map(|word| strsim::damerau_levenshtein(query, word) + 1)
        .chain([whole])
        .min()
        .unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::embedded;

    fn slugs(query: &str) -> Vec<String> {
        match find(&embedded(), query) {
            Found::One(entry) => vec![entry.slug.to_string()],
            Found::Near(near) => near.iter().map(|e| format!("~{}", e.slug)).collect(),
        }
    }

    #[test]
    fn number_slug_file_and_words_find_a_lesson() {
        for query in ["17", "lost-update", "17-lost-update.md", "lost update", "Two Writes Become"]
        {
            assert_eq!(slugs(query), ["lost-update"], "{query}");
        }
    }

    #[test]
    fn a_near_miss_is_answered_with_the_nearest_names() {
        assert_eq!(slugs("lost-updat"), ["lost-update"], "a part of the slug is a word of it");
        assert_eq!(slugs("lsot-update")[0], "~lost-update");
        assert_eq!(slugs("protcols")[0], "~protocols");
        assert!(slugs("zzzzzzzzzz").is_empty());
        assert!(slugs("999").is_empty());
    }

    #[test]
    fn words_of_several_lessons_offer_them() {
        assert!(slugs("isolation partitioning database").len() <= 3);
        assert!(slugs("partition").len() > 1);
    }
}
