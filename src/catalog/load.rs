//! The embedded course, and a course in a folder.

use std::borrow::Cow;
use std::path::Path;

use crate::course::{Course, Entry, Info, Problem};

/// The course inside the binary. Parses nothing.
pub fn embedded() -> Course {
    todo!()
}

/// A course in a folder. A broken lesson is recorded in [`Course::problems`] and left out.
///
/// # Errors
/// The folder or its `course.toml` cannot be read or is broken.
pub fn open(folder: &Path) -> Result<Course, Problem> {
    todo!("{folder:?}")
}

impl Course {
    /// The whole text of a file of the course (`03-x.md`, `course.toml`, `constants.toml`).
    ///
    /// # Errors
    /// The file is gone or is no UTF-8.
    pub fn file(&self, name: &str) -> std::io::Result<Cow<'static, str>> {
        todo!("{name}")
    }

    /// The body of a lesson.
    ///
    /// # Errors
    /// As [`Course::file`].
    pub fn body(&self, entry: &Entry) -> std::io::Result<Cow<'static, str>> {
        todo!("{entry:?}")
    }

    /// All that `course.toml` says.
    ///
    /// # Errors
    /// As [`Course::file`], or it is broken.
    pub fn info(&self) -> Result<Info, Problem> {
        todo!()
    }
}
