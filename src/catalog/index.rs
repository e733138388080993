//! From the text of a lesson to its [`Entry`]. `build.rs` includes this file by path.

use crate::course::blocks::Block;
use crate::course::{Entry, Heading, Kind, Problem, Str, front};
use crate::markdown::{self, Document, measure};
use crate::text;

/// Bytes from which a lesson is not parsed a second time to be read: some 10 ms.
const LARGE: usize = 256 << 10;

/// What reading a folder's lessons gives.
#[derive(Debug, Default)]
pub struct Index {
    /// Those that can be read, by number.
    pub lessons: Vec<Entry>,
    /// What is wrong with the others.
    pub problems: Vec<Problem>,
    /// Large lessons as they were parsed for the index, by slug.
    pub large: Vec<(Str, Document)>,
}

/// Reads a lesson's file.
///
/// # Errors
/// Its front matter cannot be read.
pub fn entry(file: &str, source: &str) -> Result<Entry, Problem> {
    read(file, source).map(|(entry, _)| entry)
}

fn read(file: &str, source: &str) -> Result<(Entry, Document), Problem> {
    let at_top = |message| Problem { file: file.into(), line: 1, message };
    let split = front::split(source).map_err(at_top)?;
    let front = front::parse(&split, file)?;
    let document = markdown::parse(split.body, split.body_line);
    let mut measured = measure::measure(&document);
    if front.kind == Kind::Reference {
        measured = measured.without_cards();
    }
    let blocks = || document.fences.iter().map(|fence| &fence.block);
    let cards = blocks().filter_map(|block| match block {
        Block::Card(card) => Some(card.id.clone().into()),
        _ => None,
    });
    let rehearsal = blocks().find_map(|block| match block {
        Block::Rehearsal(rehearsal) => Some(rehearsal.minutes),
        _ => None,
    });
    let headings = document.headings.iter().map(|heading| Heading {
        level: heading.level,
        id: heading.id.clone().into(),
        title: document.blocks[heading.block].text.clone().into(),
    });
    let clean = |text: &str| Str::from(text::clean(text).into_owned());
    let strings = |list: &[String]| list.iter().map(|text| clean(text)).collect();
    let entry = Entry {
        file: file.to_string().into(),
        number: *front.number.get_ref(),
        slug: clean(front.slug.get_ref()),
        title: clean(&front.title),
        level: front.level,
        kind: front.kind,
        minutes: front.minutes,
        needs: strings(&front.needs),
        gist: clean(front.gist.get_ref()),
        tags: strings(&front.tags),
        labs: strings(&front.labs),
        aliases: strings(&front.aliases),
        heading_aliases: front.headings.iter().map(|(old, new)| (clean(old), clean(new))).collect(),
        draft: front.draft,
        words: measured.words,
        seconds: measured.seconds(),
        rehearsal: rehearsal.unwrap_or(0),
        cards: cards.collect(),
        headings: headings.collect(),
        hash: text::fnv1a(split.body.as_bytes()),
        body_line: split.body_line as u32,
    };
    Ok((entry, document))
}

/// All lessons of a course from `(file name, text)`. Two with one slug or number are a problem of the second.
pub fn entries<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Index {
    let mut index = Index::default();
    for (file, source) in files {
        let lesson = read(file, source).and_then(|lesson| match twin(&index.lessons, &lesson.0) {
            Some(message) => Err(Problem { file: file.into(), line: 1, message }),
            None => Ok(lesson),
        });
        match lesson {
            Ok((entry, document)) => {
                if source.len() >= LARGE {
                    index.large.push((entry.slug.clone(), document));
                }
                index.lessons.push(entry);
            }
            Err(problem) => index.problems.push(problem),
        }
    }
    index.lessons.sort_by_key(|entry| entry.number);
    index
}

fn twin(entries: &[Entry], new: &Entry) -> Option<String> {
    entries.iter().find_map(|old| {
        let same = if old.slug == new.slug {
            format!("slug \"{}\"", new.slug)
        } else if old.number == new.number {
            format!("number {}", new.number)
        } else {
            return None;
        };
        Some(format!("{same} is that of {}; give it its own", old.file))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const BODY: &str = "# Ring

One two three.

## What fails

```card dead-node
Q: q
A: a
```
```rehearsal 40 min
prompt: p
```

## What fails
";

    fn of_kind(kind: &str) -> String {
        format!(
            "+++\nnumber = 9\nslug = \"ring\"\ntitle = \"A \\u001b ring\"\nlevel = \"Advanced\"\nkind = \"{kind}\"\nminutes = 5\nneeds = [\"databases\"]\ngist = \"g\"\n[headings]\nold = \"what-fails\"\n+++\n{BODY}"
        )
    }

    #[test]
    fn an_entry_says_what_is_in_the_text() {
        let text = of_kind("concept");
        let entry = entry("09-ring.md", &text).unwrap();
        assert_eq!((&*entry.file, &*entry.slug, entry.number), ("09-ring.md", "ring", 9));
        assert_eq!(entry.title, "A \u{fffd} ring");
        let headings: Vec<_> =
            entry.headings.iter().map(|h| (h.level, &*h.id, &*h.title)).collect();
        assert_eq!(
            headings,
            [
                (1, "ring", "Ring"),
                (2, "what-fails", "What fails"),
                (2, "what-fails-1", "What fails")
            ]
        );
        assert_eq!(*entry.cards, ["dead-node"]);
        assert_eq!(entry.card_key(&entry.cards[0]), "ring#dead-node");
        assert_eq!((entry.words, entry.rehearsal), (8, 40));
        assert_eq!(entry.heading_aliases[0].0, "old");
        assert_eq!(text.lines().nth(entry.body_line as usize - 1), Some("# Ring"));
        assert_eq!(entry.hash, text::fnv1a(BODY.as_bytes()));
    }

    #[test]
    fn the_cards_of_a_glossary_take_no_time() {
        let seconds = |kind| entry("09-ring.md", &of_kind(kind)).unwrap().seconds;
        assert_eq!(seconds("concept"), seconds("reference") + 20);
    }
}
