//! `course.toml`: what the course says of itself, and its tracks.

use serde::Deserialize;

use super::front::toml_problem;
use super::{List, Problem, Str};

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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let raw: Raw =
        toml::from_str(text).map_err(|cause| toml_problem(&cause, text, "course.toml", 1))?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if raw.id.is_empty() || !raw.id.chars().all(plain) {
        let message = format!("id \"{}\" names the journal; use a-z 0-9 - only", raw.id);
        return Err(Problem { file: "course.toml".into(), line: 1, message });
    }
    let stage = |stage: RawStage| Stage {
        title: stage.title.into(),
        lessons: stage.lessons.into_iter().map(Into::into).collect(),
    };
    Ok(Info {
        id: raw.id,
        title: raw.title,
        about: raw.about,
        audience: raw.audience,
        learn: raw.learn,
        prerequisites: raw.prerequisites,
        faq: raw.faq,
        roadmap: raw.roadmap,
        tracks: raw
            .tracks
            .into_iter()
            .map(|track| Track {
                id: track.id.into(),
                title: track.title.into(),
                about: track.about.into(),
                stages: track.stages.into_iter().map(stage).collect(),
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_cannot_name_a_file_is_refused() {
        let said = parse("id = \"../x\"\ntitle = \"\"\nabout = \"\"").unwrap_err().to_string();
        assert!(said.contains("a-z 0-9 -"), "{said}");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let said = parse("id = \"x\"\ntitle = \"\"\nabuot = \"\"").unwrap_err().to_string();
        assert!(said.starts_with("course.toml:3: unknown field `abuot`"), "{said}");
    }
}
