//! `course.toml`: what the course says of itself, and its tracks.

use serde::Deserialize;

use super::front::{from_toml, without_bom};
use super::{List, Problem, Str};
use crate::text::clean;

/// An ordered path of stages through lessons, dependency first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Id, for commands.
    pub id: Str,
    /// Title.
    pub title: Str,
    /// One or two sentences.
    pub about: Str,
    /// Stages in order.
    pub stages: List<Stage>,
}

/// A group of lessons in a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Title.
    pub title: Str,
    /// Slugs in order.
    pub lessons: List<Str>,
}

/// A question that readers ask of the course.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// Question.
    pub q: String,
    /// Answer, markdown.
    pub a: String,
}

/// All of `course.toml`. Loaded for `about` and `check` only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Names the journal.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is.
    pub about: String,
    /// Who it is for.
    pub audience: String,
    /// What one learns.
    pub learn: Vec<String>,
    /// What one should know before.
    pub prerequisites: Vec<String>,
    /// Questions answered.
    pub faq: Vec<Faq>,
    /// In which order, and why.
    pub roadmap: String,
    /// Tracks.
    pub tracks: Vec<Track>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    title: String,
    about: String,
    #[serde(default)]
    audience: String,
    #[serde(default)]
    learn: Vec<String>,
    #[serde(default)]
    prerequisites: Vec<String>,
    #[serde(default)]
    faq: Vec<Faq>,
    #[serde(default)]
    roadmap: String,
    #[serde(default)]
    tracks: Vec<RawTrack>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrack {
    id: String,
    title: String,
    #[serde(default)]
    about: String,
    #[serde(default)]
    stages: Vec<RawStage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStage {
    title: String,
    lessons: Vec<String>,
}

/// Reads `course.toml`.
///
/// # Errors
/// Bad TOML, a missing or unknown key, an id that cannot name a file.
pub fn parse(text: &str) -> Result<Info, Problem> {
    let raw: Raw = from_toml(without_bom(text), "course.toml", 1)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if raw.id.is_empty() || !raw.id.chars().all(plain) {
        let message = format!("id \"{}\" names the journal; use a-z 0-9 - only", raw.id);
        return Err(Problem { file: "course.toml".into(), line: 1, message });
    }
    let stage = |stage: RawStage| Stage {
        title: shown(&stage.title),
        lessons: stage.lessons.iter().map(|slug| shown(slug)).collect(),
    };
    let track = |track: RawTrack| Track {
        id: shown(&track.id),
        title: shown(&track.title),
        about: shown(&track.about),
        stages: track.stages.into_iter().map(stage).collect(),
    };
    Ok(Info {
        id: raw.id,
        title: clean(&raw.title).into_owned(),
        about: raw.about,
        audience: raw.audience,
        learn: raw.learn,
        prerequisites: raw.prerequisites,
        faq: raw.faq,
        roadmap: raw.roadmap,
        tracks: raw.tracks.into_iter().map(track).collect(),
    })
}

/// What lists and screens show as it is.
fn shown(text: &str) -> Str {
    clean(text).into_owned().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SMALL: &str = "\u{feff}id = \"x\"\r
title = \"X\u{9b}1m\"\r
about = \"\"\r
[[faq]]\r
q = \"Why?\"\r
a = \"So.\"\r
[[tracks]]\r
id = \"sprint\"\r
title = \"Two weeks\"\r
stages = [{ title = \"First\", lessons = [\"a\", \"b\"] }]\r
";

    fn said(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn tracks_keep_their_stages_in_order_and_titles_are_clean() {
        let info = parse(SMALL).unwrap();
        assert_eq!((&*info.id, &*info.title), ("x", "X\u{fffd}1m"));
        assert_eq!(info.faq, [Faq { q: "Why?".into(), a: "So.".into() }]);
        assert_eq!(&*info.tracks[0].id, "sprint");
        let stage = &info.tracks[0].stages[0];
        assert_eq!((&*stage.title, &*stage.lessons), ("First", &["a".into(), "b".into()][..]));
    }

    #[test]
    fn an_id_that_cannot_name_a_file_is_refused() {
        for id in ["../x", "", "X", "a b", "é"] {
            let text = format!("id = \"{id}\"\ntitle = \"\"\nabout = \"\"");
            assert!(said(&text).ends_with("names the journal; use a-z 0-9 - only"), "{id}");
        }
    }

    #[test]
    fn a_wrong_key_is_named_with_its_line_in_tracks_and_stages_too() {
        for (from, to, found) in [
            ("about", "abuot", "3: unknown field `abuot`; \"about\"?"),
            ("title = \"Two", "tilte = \"Two", "9: unknown field `tilte`; \"title\"?"),
            ("lessons =", "lesson =", "10: unknown field `lesson`; \"lessons\"?"),
            ("a = \"So.\"", "", "4: no key \"a\"; add it"),
            ("about = \"\"", "", "1: no key \"about\"; add it"),
        ] {
            assert_eq!(said(&SMALL.replacen(from, to, 1)), format!("course.toml:{found}"));
        }
    }
}
