//! From the text of a lesson to its [`Entry`]. `build.rs` includes this file by path.

use crate::course::blocks::Block;
use crate::course::{Entry, Heading, Kind, Problem, front};
use crate::markdown::{self, measure};
use crate::text;

/// Reads a lesson's file.
///
/// # Errors
/// Its front matter cannot be read.
pub fn entry(file: &str, source: &str) -> Result<Entry, Problem> {
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
    let strings = |list: Vec<String>| list.into_iter().map(Into::into).collect();
    let clean = |text: &str| text::clean(text).into_owned().into();
    Ok(Entry {
        file: file.to_string().into(),
        number: *front.number.get_ref(),
        slug: front.slug.into_inner().into(),
        title: clean(&front.title),
        level: front.level,
        kind: front.kind,
        minutes: front.minutes,
        needs: strings(front.needs),
        gist: clean(front.gist.get_ref()),
        tags: strings(front.tags),
        labs: strings(front.labs),
        aliases: strings(front.aliases),
        heading_aliases: front
            .headings
            .into_iter()
            .map(|(old, new)| (old.into(), new.into()))
            .collect(),
        draft: front.draft,
        words: measured.words,
        seconds: measured.seconds(),
        rehearsal: rehearsal.unwrap_or(0),
        cards: cards.collect(),
        headings: headings.collect(),
        hash: text::fnv1a(split.body.as_bytes()),
        body: (split.body_at as u32, source.len() as u32),
        body_line: split.body_line as u32,
    })
}

/// All lessons of a course from `(file name, text)`: those that can be read, by number, and what is wrong with the
/// others. Two with one slug or number are a problem of the second.
pub fn entries<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> (Vec<Entry>, Vec<Problem>) {
    let (mut entries, mut problems): (Vec<Entry>, Vec<Problem>) = (Vec::new(), Vec::new());
    for (file, source) in files {
        match entry(file, source) {
            Err(problem) => problems.push(problem),
            Ok(entry) => {
                let twin =
                    entries.iter().find(|e| e.slug == entry.slug || e.number == entry.number);
                match twin {
                    Some(twin) => problems.push(Problem {
                        file: file.into(),
                        line: 1,
                        message: format!(
                            "number or slug is that of {}; give it its own",
                            twin.file
                        ),
                    }),
                    None => entries.push(entry),
                }
            }
        }
    }
    entries.sort_by_key(|entry| entry.number);
    (entries, problems)
}

/// Whether a file name of a course's folder is a lesson's: `NN-slug.md`.
pub fn is_lesson(name: &str) -> bool {
    name.ends_with(".md") && name.starts_with(|c: char| c.is_ascii_digit())
}
