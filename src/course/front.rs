//! The TOML front matter of a lesson.
