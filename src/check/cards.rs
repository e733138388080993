//! Cards against an older copy of the course: an edit of the words keeps a card's history, another fact needs another id.

use std::collections::{BTreeMap, HashSet};

use super::report::Said;
use crate::course::blocks::{Block, Card};
use crate::course::{Course, Entry};
use crate::markdown;

/// Share of words that two answers have in common below which they are taken for two facts.
const SAME: f64 = 0.5;

/// Warns of cards whose answer says something else than in the older copy under the same id, and of those that are gone.
pub fn against(course: &Course, older: &Course, said: &mut Said) {
    for old in older.listed() {
        let renamed = |entry: &&Entry| entry.slug == old.slug || entry.aliases.contains(&old.slug);
        let Some(new) = course.lessons.iter().find(renamed) else {
            said.warn(&old.file, 0, "the lesson is gone; name its slug in another's aliases");
            continue;
        };
        let now = cards(course, new);
        for (id, (_, before)) in cards(older, old) {
            match now.get(&id) {
                None => said.warn(
                    &new.file,
                    0,
                    format!("card \"{id}\" is gone; its record stays, and nothing asks it"),
                ),
                Some((line, card)) if !same(&before.answer.value, &card.answer.value) => said.warn(
                    &new.file,
                    *line,
                    format!(
                        "card \"{id}\" answered \"{}\"; if the fact is another, give it a new id",
                        crate::text::ellipsis(&before.answer.value, 60)
                    ),
                ),
                Some(_) => {}
            }
        }
    }
}

fn cards(course: &Course, entry: &Entry) -> BTreeMap<String, (usize, Card)> {
    let body = course.body(entry).unwrap_or_default();
    let document = markdown::parse(&body, entry.body_line as usize);
    let cards = document.fences.into_iter().filter_map(|fence| match fence.block {
        Block::Card(card) => Some((card.id.clone(), (fence.line, card))),
        _ => None,
    });
    cards.collect()
}

/// Whether two answers tell one fact: the same numbers, and half of the words in common.
fn same(before: &str, now: &str) -> bool {
    let words = |text: &str| -> HashSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (a, b) = (words(before), words(now));
    let numbers = |words: &HashSet<String>| -> HashSet<String> {
        words
            .iter()
            .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
            .cloned()
            .collect()
    };
    let common = a.intersection(&b).count() as f64;
    numbers(&a) == numbers(&b) && common >= SAME * a.union(&b).count() as f64
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn another_wording_is_the_same_fact_and_another_number_is_not() {
        let was = "Error 40001; the transaction must start again.";
        assert!(same(was, "It gets error 40001; the transaction must start again."));
        assert!(!same(was, "Error 40002; the transaction must start again."));
        assert!(!same(was, "Nothing: both writes are kept, in the order of 40001."));
    }
}
