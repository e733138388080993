//! One line of the course's index: what is known of a lesson without parsing its text.

use serde::Deserialize;

use super::{List, Str};

/// How much a lesson asks of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub enum Level {
    /// Needs a user's knowledge of the web.
    Foundation,
    /// Needs some years of backend work.
    Intermediate,
    /// Needs the intermediate lessons.
    Advanced,
}

impl Level {
    /// All levels, easiest first.
    pub const ALL: [Level; 3] = [Level::Foundation, Level::Intermediate, Level::Advanced];

    /// The name as the front matter spells it.
    pub fn name(self) -> &'static str {
        match self {
            Level::Foundation => "Foundation",
            Level::Intermediate => "Intermediate",
            Level::Advanced => "Advanced",
        }
    }
}

/// What a lesson is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// How the interview works.
    Method,
    /// An idea and its mechanism.
    Concept,
    /// A concurrency or distribution anomaly.
    Anomaly,
    /// A worked design.
    Design,
    /// The glossary.
    Reference,
}

impl Kind {
    /// All kinds, in the order in which the library groups them.
    pub const ALL: [Kind; 5] =
        [Kind::Method, Kind::Concept, Kind::Anomaly, Kind::Design, Kind::Reference];

    /// The name as the front matter spells it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Method => "method",
            Kind::Concept => "concept",
            Kind::Anomaly => "anomaly",
            Kind::Design => "design",
            Kind::Reference => "reference",
        }
    }
}

/// A heading of a lesson's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6, as many as there are `#`.
    pub level: u8,
    /// Id by the forges' rule, unique in the lesson.
    pub id: Str,
    /// Plain text.
    pub title: Str,
}

/// One lesson in the index.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// File name in the course's folder, `NN-slug.md`.
    pub file: Str,
    /// Place in the series, from 1.
    pub number: u16,
    /// Identity everywhere: progress, links, commands.
    pub slug: Str,
    /// Title.
    pub title: Str,
    /// Level.
    pub level: Level,
    /// Kind.
    pub kind: Kind,
    /// Reading minutes as stated.
    pub minutes: u16,
    /// Slugs of the lessons that this one builds on.
    pub needs: List<Str>,
    /// What the reader gets, at most 60 words.
    pub gist: Str,
    /// Tags.
    pub tags: List<Str>,
    /// Labs that the text names.
    pub labs: List<Str>,
    /// Slugs that the lesson once had.
    pub aliases: List<Str>,
    /// `(old id, new id)` of headings that were renamed.
    pub heading_aliases: List<(Str, Str)>,
    /// Not written yet: not listed, not counted, never next.
    pub draft: bool,
    /// Words of prose, lists and tables.
    pub words: u32,
    /// Measured reading time in seconds (`lesson-format`: words, code, diagrams, cards, asks, estimates).
    pub seconds: u32,
    /// Minutes of the rehearsal, 0 without one.
    pub rehearsal: u16,
    /// Ids of the cards, in order of the text.
    pub cards: List<Str>,
    /// Headings, in order of the text.
    pub headings: List<Heading>,
    /// Hash of the body ([`crate::text::fnv1a`]).
    pub hash: u32,
    /// Line of the file on which the body starts, from 1.
    pub body_line: u32,
}

impl Entry {
    /// Measured minutes.
    pub fn measured_minutes(&self) -> f64 {
        f64::from(self.seconds) / 60.0
    }

    /// The title without what all titles of the series say (`System Design: `, ` Explained: ...`), for lists.
    pub fn short_title(&self) -> &str {
        const STARTS: [&str; 5] = [
            "System Design HLD Example: ",
            "System Design: ",
            "High-Level Design: ",
            "System Design Advanced: ",
            "System Design ",
        ];
        let start = STARTS.iter().find_map(|start| self.title.strip_prefix(start));
        let title = start.unwrap_or(&self.title);
        title.split(" Explained").next().unwrap_or(title)
    }

    /// The id under which the schedule knows a card of this lesson.
    pub fn card_key(&self, card: &str) -> String {
        format!("{}#{card}", self.slug)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn lists_leave_out_what_all_titles_say() {
        let course = crate::catalog::embedded();
        let short = |slug: &str| course.by_slug(slug).map(|entry| entry.short_title().to_string());
        assert_eq!(short("lost-update").as_deref(), Some("Lost Update"));
        assert_eq!(
            short("design-url-shortener").as_deref(),
            Some("URL Shortener (TinyURL and Bitly)")
        );
        assert_eq!(
            short("interview-guide").as_deref(),
            Some("The Ultimate Guide to Acing the System Design Interview")
        );
        assert!(course.lessons.iter().all(|entry| entry.short_title().len() > 3));
    }
}
