//! What a lesson gives for a rehearsal.

use crate::course::blocks::{Block, Flaws, Phase, Rehearsal};
use crate::markdown::{Document, Kind};

/// The rehearsal of a lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// Prompt, phases, curveballs, questions.
    pub rehearsal: Rehearsal,
    /// A finished design with planted weaknesses.
    pub flaws: Option<Flaws>,
}

/// The script of a lesson; none without a rehearsal.
pub fn script(document: &Document) -> Option<Script> {
    let fences = || document.fences.iter();
    let rehearsal = fences().find_map(|fence| match &fence.block {
        Block::Rehearsal(rehearsal) => Some(rehearsal.clone()),
        _ => None,
    })?;
    let flaws = fences().find_map(|fence| match &fence.block {
        Block::Flaws(flaws) => Some(flaws.clone()),
        _ => None,
    });
    Some(Script { rehearsal, flaws })
}

impl Script {
    /// The phases with a clock.
    pub fn timed(&self) -> impl Iterator<Item = &Phase> {
        self.rehearsal.phases.iter().filter(|phase| phase.minutes > 0)
    }

    /// A phase by its name.
    pub fn phase(&self, name: &str) -> Option<&Phase> {
        self.rehearsal.phases.iter().find(|phase| phase.name.value == name)
    }

    /// The minute at which a phase begins in the whole rehearsal.
    pub fn begins(&self, name: &str) -> u16 {
        self.timed().take_while(|phase| phase.name.value != name).map(|phase| phase.minutes).sum()
    }
}

/// The blocks of the section with this heading id: from the heading's next block to the next heading of its level or
/// above. Empty if there is no such heading.
pub fn section(document: &Document, id: &str) -> std::ops::Range<usize> {
    let Some(at) = document.headings.iter().position(|heading| heading.id == id) else {
        return 0..0;
    };
    let heading = &document.headings[at];
    let end = document.headings[at + 1..]
        .iter()
        .find(|next| next.level <= heading.level)
        .map_or(document.sources, |next| next.block);
    debug_assert!(matches!(document.blocks[heading.block].kind, Kind::Heading(_)));
    heading.block + 1..end.max(heading.block + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalog::embedded;
    use crate::markdown;

    #[test]
    fn every_design_that_is_written_has_a_script_with_sections_to_read() {
        let course = embedded();
        for entry in course.listed().filter(|entry| entry.rehearsal > 0) {
            let body = course.body(entry).unwrap();
            let document = markdown::parse(&body, entry.body_line as usize);
            let script = script(&document).unwrap();
            assert!(script.flaws.is_some(), "{}", entry.slug);
            for phase in script.timed() {
                let see = phase.see.as_ref().unwrap();
                assert!(!section(&document, &see.value).is_empty(), "{} {}", entry.slug, see.value);
            }
            assert_eq!(script.begins("requirements"), 0);
            assert!(script.begins("failure") > script.begins("design"));
        }
    }
}
