//! A lesson as the rules see it.

use crate::course::Entry;
use crate::course::blocks::{At, Block, Estimate, EstimateLine};
use crate::course::front;
use crate::estimate::{Constant, Evaluated, evaluate};
use crate::markdown::document::{Document, Kind, Spot, Target};
use crate::markdown::parse;

/// A lesson, parsed, with its estimates computed.
pub struct Lesson<'a> {
    pub entry: &'a Entry,
    /// The whole file.
    pub text: &'a str,
    pub body: &'a str,
    /// Line of the file on which the body starts.
    pub body_line: usize,
    pub doc: Document,
    /// Each with its continuations, in order.
    pub estimates: Vec<Evaluated>,
}

impl<'a> Lesson<'a> {
    pub fn new(entry: &'a Entry, text: &'a str, constants: &[Constant]) -> Lesson<'a> {
        let (body, body_line) = front::split(text).map_or((text, 1), |it| (it.body, it.body_line));
        let doc = parse(body, body_line);
        let mut lesson = Lesson { entry, text, body, body_line, doc, estimates: Vec::new() };
        let blocks: Vec<Estimate> =
            lesson.estimate_blocks().map(|at| lesson.with_unread(at)).collect();
        let mut groups: Vec<(&str, Vec<&Estimate>)> = Vec::new();
        for block in &blocks {
            match groups.iter_mut().find(|(name, _)| *name == block.name) {
                Some((_, blocks)) => blocks.push(block),
                None => groups.push((&block.name, vec![block])),
            }
        }
        lesson.estimates =
            groups.iter().map(|(_, blocks)| evaluate(blocks, constants, &[])).collect();
        for estimate in &mut lesson.estimates {
            let unread = |line: usize| lesson.doc.issues.iter().any(|issue| issue.line == line);
            estimate.issues.retain(|issue| !unread(issue.line));
        }
        lesson
    }

    /// An estimate in which a line that could not be read still has its name: the line is one finding,
    /// and those that use it are none.
    fn with_unread(&self, At { line, value: block }: At<&Estimate>) -> Estimate {
        let mut block = block.clone();
        let inner = self.text.lines().enumerate().skip(line);
        for (at, text) in inner.take_while(|(_, text)| !text.trim_start().starts_with("```")) {
            let unread = self.doc.issues.iter().any(|issue| issue.line == at + 1);
            let read = block.lines.iter().any(|other| other.line == at + 1);
            let Some((name, _)) = text.split_once('=').filter(|_| unread && !read) else {
                continue;
            };
            let value = EstimateLine::Input {
                name: name.trim().to_owned(),
                value: String::new(),
                mark: String::new(),
                low: None,
                high: None,
                note: None,
            };
            let place = block.lines.partition_point(|other| other.line <= at);
            block.lines.insert(place, At { line: at + 1, value });
        }
        block
    }

    pub fn file(&self) -> &str {
        &self.entry.file
    }

    pub fn is_empty(&self) -> bool {
        self.body.trim().is_empty()
    }

    /// Fences of one sort with the line of their opening.
    pub fn blocks<'b, T: 'b>(
        &'b self,
        pick: impl Fn(&'b Block) -> Option<&'b T> + 'b,
    ) -> impl Iterator<Item = At<&'b T>> + 'b {
        self.doc
            .fences
            .iter()
            .filter_map(move |fence| pick(&fence.block).map(|value| At { line: fence.line, value }))
    }

    pub fn estimate_blocks(&self) -> impl Iterator<Item = At<&Estimate>> {
        self.blocks(|block| match block {
            Block::Estimate(estimate) => Some(estimate),
            _ => None,
        })
    }

    /// Lines of the body outside fences, with their numbers in the file.
    pub fn open_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(_, _, fenced)| !fenced).map(|(line, text, _)| (line, text))
    }

    /// Lines of the body with their numbers in the file, and whether they belong to a fence.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str, bool)> {
        let mut fence: Option<usize> = None;
        self.body.lines().enumerate().map(move |(at, text)| {
            let ticks = text.trim_start().bytes().take_while(|b| *b == b'`').count();
            let inside = fence.is_some();
            match fence {
                Some(open) if ticks >= open && text.trim().len() == ticks => fence = None,
                None if ticks >= 3 => fence = Some(ticks),
                _ => {}
            }
            (at + self.body_line, text, inside || fence.is_some())
        })
    }

    /// The line of a key of the front matter.
    pub fn front_line(&self, key: &str) -> usize {
        let is_key = |line: &str| {
            line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        self.text.lines().position(is_key).map_or(1, |at| at + 1)
    }

    /// Titles of the sections that a block stands in, innermost first.
    pub fn sections(&self, block: usize) -> impl Iterator<Item = &str> {
        let mut level = u8::MAX;
        let above = self.doc.headings.iter().rev().filter(move |heading| heading.block <= block);
        let open = above.filter(move |heading| {
            let outer = heading.level < level;
            level = level.min(heading.level);
            outer
        });
        open.map(|heading| &*self.doc.blocks[heading.block].text)
    }

    /// The line of the file on which a link stands.
    pub fn link_line(&self, link: usize) -> usize {
        self.link_at(link).map_or_else(
            || {
                let Spot { block, .. } = self.doc.links[link].spot;
                self.doc.blocks[block].line
            },
            |at| self.body[..at].matches('\n').count() + self.body_line,
        )
    }

    /// The byte of the body at which a link's address begins; none where it is not found as written.
    pub fn link_at(&self, link: usize) -> Option<usize> {
        let Spot { block, .. } = self.doc.links[link].spot;
        let needle = |target: &Target| match target {
            Target::Lesson { slug, heading } if slug.is_empty() => {
                format!("(#{}", heading.as_deref().unwrap_or_default())
            }
            Target::Lesson { slug, .. } => format!("-{slug}.md"),
            Target::Note { name, .. } => format!("[^{name}]"),
            Target::Lab(name) => format!("(lab:{name}"),
            Target::Result(name) => format!("(={name}"),
            Target::Url(url) => url.clone(),
        };
        let wanted = needle(&self.doc.links[link].target);
        let same = |other: &usize| {
            let other = &self.doc.links[*other];
            other.spot.block == block && needle(&other.target) == wanted
        };
        let nth = (0..link).filter(same).count();
        let source = &self.doc.blocks[block].source;
        let within = self.body.get(source.start as usize..source.end as usize)?;
        let (at, _) = within.match_indices(&wanted).nth(nth)?;
        Some(source.start as usize + at)
    }

    /// Blocks of running text before the sources.
    pub fn paragraphs(&self) -> impl Iterator<Item = (usize, &crate::markdown::Block)> {
        let text = self.doc.blocks.iter().enumerate().take(self.doc.sources);
        text.filter(|(_, block)| block.kind == Kind::Paragraph)
    }
}

/// Runs one family of rules over the body of a lesson.
#[cfg(test)]
pub fn said(body: &str, rule: impl Fn(&Lesson, &mut super::report::Said)) -> Vec<String> {
    said_of("concept", body, rule)
}

/// The same for a kind of lesson. The body starts on line 12.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub fn said_of(
    kind: &str,
    body: &str,
    rule: impl Fn(&Lesson, &mut super::report::Said),
) -> Vec<String> {
    let text = format!(
        "+++\nnumber = 9\nslug = \"ring\"\ntitle = \"Ring\"\nlevel = \"Advanced\"\nkind = \"{kind}\"\n\
         minutes = 9\nlabs = [\"ring\"]\ngist = \"About rings.\"\n+++\n\n{body}"
    );
    let entry = crate::catalog::index::entry("09-ring.md", &text).unwrap();
    let mut said = super::report::Said::default();
    rule(&Lesson::new(&entry, &text, &[]), &mut said);
    said.lines()
}
