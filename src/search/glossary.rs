//! The terms that a course's glossary defines: each `###` heading of a lesson of the kind *reference*.

use std::ops::Range;

use crate::course::{Course, Kind};
use crate::markdown::{self, Document};

/// One term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its heading, then what `Also:` names.
    pub names: Vec<String>,
    /// Slug of the glossary.
    pub lesson: String,
    /// Id of its heading there.
    pub heading: String,
    /// The paragraphs of the entry.
    pub text: Vec<String>,
}

/// All terms of a course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glossary {
    /// In the glossary's order.
    pub terms: Vec<Term>,
}

impl Glossary {
    /// Reads the glossary of a course; without one there are no terms.
    pub fn of(course: &Course) -> Glossary {
        let mut terms = Vec::new();
        for entry in course.listed().filter(|entry| entry.kind == Kind::Reference) {
            if let Ok(body) = course.body(entry) {
                let document = markdown::parse(&body, entry.body_line as usize);
                terms.extend(read(&document, &entry.slug));
            }
        }
        Glossary { terms }
    }

    /// The terms that stand in a text, as `(bytes, index of the term)` in order: the longest name at each place, whole
    /// words, any case, a plural s.
    pub fn terms_in(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        for (index, term) in self.terms.iter().enumerate() {
            for name in &term.names {
                for range in super::find(text, &name.to_lowercase()) {
                    let plural = usize::from(text[range.end..].starts_with('s'));
                    let range = range.start..range.end + plural;
                    if stands_alone(text, &range) {
                        found.push((range, index));
                    }
                }
            }
        }
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        found.retain(|(range, _)| {
            let free = range.start >= end;
            end = if free { range.end } else { end };
            free
        });
        found
    }
}

fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

fn read(document: &Document, lesson: &str) -> Vec<Term> {
    let headings = document.headings.iter().enumerate();
    let terms = headings.filter(|(_, heading)| heading.level == 3).map(|(at, heading)| {
        let end = document.headings.get(at + 1).map_or(document.sources, |next| next.block);
        let mut names = vec![document.blocks[heading.block].text.clone()];
        let mut text = Vec::new();
        for block in &document.blocks[heading.block + 1..end] {
            if !matches!(block.kind, markdown::Kind::Paragraph) {
                continue;
            }
            match block.text.strip_prefix("Also:") {
                Some(also) => {
                    // `Also:` and the text may be one paragraph in the source: names end at the line's end.
                    names.extend(
                        also.trim_end_matches('.').split(',').map(|n| n.trim().to_string()),
                    );
                }
                None => text.push(block.text.clone()),
            }
        }
        names.retain(|name| name.chars().count() > 1);
        Term { names, lesson: lesson.into(), heading: heading.id.clone(), text }
    });
    terms.filter(|term| !term.names.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOSSARY: &str = "## Failure

### Quorum

Also: majority, voting set.

So many copies that any two sets share one.

Owner: [core concepts](40-core-concepts.md)

### Quorum read

A read of a quorum.

```card q
Q: What?
A: That.
```
";

    fn glossary() -> Glossary {
        Glossary { terms: read(&markdown::parse(GLOSSARY, 1), "glossary") }
    }

    #[test]
    fn an_entry_has_its_names_and_its_paragraphs() {
        let glossary = glossary();
        assert_eq!(glossary.terms[0].names, ["Quorum", "majority", "voting set"]);
        assert_eq!(glossary.terms[0].text.len(), 2, "what it is, and the owner");
        assert_eq!(glossary.terms[1].heading, "quorum-read");
    }

    #[test]
    fn the_longest_name_at_a_place_is_the_term() {
        let text = "A quorum read needs quorums; subquorum is no word, a Majority is.";
        let found = glossary().terms_in(text);
        let found: Vec<(&str, usize)> = found.iter().map(|(r, t)| (&text[r.clone()], *t)).collect();
        assert_eq!(found, [("quorum read", 1), ("quorums", 0), ("Majority", 0)]);
    }
}
