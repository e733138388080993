//! A lesson by what was typed: number, slug, file name, words of the title.

use crate::course::{Course, Entry};

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'c> {
    /// The lesson that was meant. It may be a draft without a body.
    One(&'c Entry),
    /// The nearest names, best first; empty if nothing is near.
    Near(Vec<&'c Entry>),
}

/// How many near names are offered.
const OFFERED: usize = 3;
/// Letters of a query that are compared with names.
const LONGEST: usize = 100;

/// Finds a lesson, drafts included.
pub fn find<'c>(course: &'c Course, query: &str) -> Found<'c> {
    let query = query.trim().to_lowercase();
    let file = |entry: &&Entry| entry.file.trim_end_matches(".md").to_lowercase();
    if !query.is_empty() && query.bytes().all(|b| b.is_ascii_digit()) {
        let number = query.parse::<u16>().ok();
        let by_number = course.lessons.iter().find(|entry| Some(entry.number) == number);
        return by_number.map_or(Found::Near(Vec::new()), Found::One);
    }
    let exact = course.by_slug(&query).or_else(|| {
        course.lessons.iter().find(|entry| file(entry) == query.trim_end_matches(".md"))
    });
    if let Some(entry) = exact {
        return Found::One(entry);
    }
    let query: String = query.chars().take(LONGEST).collect();
    let typed: Vec<&str> = words(&query).collect();
    // Beginnings of words before parts of them: "id" is also in "video".
    let ways: [fn(&str, &str) -> bool; 2] =
        [|word, typed| word.starts_with(typed), |word, typed| word.contains(typed)];
    for fits in ways {
        let has_all = |entry: &&Entry| {
            let name = name(entry);
            let has = |typed: &&str| words(&name).any(|word| fits(word, typed));
            !typed.is_empty() && typed.iter().all(has)
        };
        let mut hits: Vec<&Entry> = course.lessons.iter().filter(has_all).collect();
        hits.sort_by_key(|entry| entry.draft);
        match &hits[..] {
            [] => {}
            [one] => return Found::One(one),
            [one, next, ..] if !one.draft && next.draft => return Found::One(one),
            _ => return Found::Near(hits.into_iter().take(OFFERED).collect()),
        }
    }
    Found::Near(if typed.is_empty() { Vec::new() } else { nearest(course, &typed) })
}

/// The lessons whose names take the fewest edits to hold what was typed.
fn nearest<'c>(course: &'c Course, typed: &[&str]) -> Vec<&'c Entry> {
    let letters: usize = typed.iter().map(|word| word.chars().count()).sum();
    let joined = typed.join("-");
    let edits = |entry: &Entry| {
        let name = name(entry);
        let of_word = |typed: &&str| {
            words(&name)
                .map(|word| strsim::damerau_levenshtein(typed, word))
                .min()
                .unwrap_or(letters)
        };
        let by_word: usize = typed.iter().map(of_word).sum();
        by_word.min(strsim::damerau_levenshtein(&joined, &entry.slug))
    };
    let mut near: Vec<(usize, &Entry)> =
        course.lessons.iter().map(|entry| (edits(entry), entry)).collect();
    near.retain(|(edits, _)| edits * 3 <= letters);
    near.sort_by_key(|(edits, entry)| (*edits, entry.draft, entry.number));
    near.into_iter().take(OFFERED).map(|(_, entry)| entry).collect()
}

/// Title and slug, in lower case.
fn name(entry: &Entry) -> String {
    format!("{} {}", entry.title, entry.slug).to_lowercase()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::embedded;

    /// Slugs; those offered begin with `~`.
    fn slugs(query: &str) -> Vec<String> {
        found_in(&embedded(), query)
    }

    fn found_in(course: &Course, query: &str) -> Vec<String> {
        match find(course, query) {
            Found::One(entry) => vec![entry.slug.to_string()],
            Found::Near(near) => near.iter().map(|e| format!("~{}", e.slug)).collect(),
        }
    }

    #[test]
    fn number_slug_file_and_words_find_a_lesson() {
        for query in [
            "17",
            "017",
            " 17 ",
            "lost-update",
            "Lost-Update",
            "17-lost-update",
            "17-lost-update.md",
            "lost update",
            "Two Writes Become",
            "update lost",
            "lost upd",
        ] {
            assert_eq!(slugs(query), ["lost-update"], "{query}");
        }
    }

    #[test]
    fn the_beginning_of_a_word_is_meant_before_a_part_of_one() {
        assert_eq!(slugs("id"), ["~api-design", "~id-generation"], "idempotency; not video");
        assert_eq!(slugs("chat"), ["design-chat"]);
        assert_eq!(slugs("autocompl"), ["design-autocomplete"]);
        assert_eq!(slugs("ocomplete"), ["design-autocomplete"]);
    }

    #[test]
    fn a_near_miss_is_answered_with_the_nearest_names() {
        for (query, slug) in [
            ("lsot-update", "~lost-update"),
            ("losst update", "~lost-update"),
            ("lostupdate", "~lost-update"),
            ("protcols", "~protocols"),
            ("url shortner", "~design-url-shortener"),
            ("libe streaming", "~design-video-streaming"),
        ] {
            assert_eq!(slugs(query).first().map(String::as_str), Some(slug), "{query}");
        }
        for query in ["zzzzzzzzzz", "999", "0", "65536", "", "--", "?", "qx"] {
            assert_eq!(slugs(query), [""; 0], "{query:?}");
        }
        assert!(slugs(&"lost ".repeat(100_000)).len() <= OFFERED, "a query may be long");
    }

    #[test]
    fn words_of_several_lessons_offer_them() {
        let found = slugs("partitioning");
        assert_eq!(found[0], "partitioning", "a slug is one lesson's");
        let mut course = embedded();
        for entry in course.lessons.to_mut() {
            entry.draft = false;
        }
        let found = found_in(&course, "partition");
        assert!(found.len() > 1 && found.iter().all(|slug| slug.starts_with('~')), "{found:?}");
    }

    #[test]
    fn of_several_a_written_lesson_is_meant_before_drafts() {
        let mut course = embedded();
        for entry in course.lessons.to_mut() {
            entry.draft = entry.slug != "sql-partitioning";
        }
        assert_eq!(found_in(&course, "partition"), ["sql-partitioning"]);
        assert_eq!(found_in(&course, "caching"), ["caching"], "a draft is found when it is named");
        for entry in course.lessons.to_mut() {
            entry.aliases = vec!["old-name".into()].into();
            entry.draft = true;
        }
        assert_eq!(found_in(&course, "old-name").len(), 1, "by a slug that it once had");
    }
}
