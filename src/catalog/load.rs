//! The embedded course, and a course in a folder.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use super::index::{entries, is_lesson};
use crate::course::{Course, Entry, Info, Problem, Source, info};

#[allow(clippy::unreadable_literal, clippy::large_stack_arrays)] // generated
mod embedded {
    use std::borrow::Cow;

    use crate::course::{Entry, Heading, Kind, Level, Stage, Str, Track};

    include!(concat!(env!("OUT_DIR"), "/index.rs"));
}

/// The course inside the binary. Parses nothing.
pub fn embedded() -> Course {
    let problem = |(file, line, message): &(&str, usize, &str)| Problem {
        file: (*file).into(),
        line: *line,
        message: (*message).into(),
    };
    Course {
        id: embedded::ID.into(),
        title: embedded::TITLE.into(),
        lessons: Cow::Borrowed(embedded::LESSONS),
        tracks: Cow::Borrowed(embedded::TRACKS),
        problems: embedded::PROBLEMS.iter().map(problem).collect(),
        source: Source::Embedded(embedded::FILES),
    }
}

/// A course in a folder. A broken lesson is recorded in [`Course::problems`] and left out.
///
/// # Errors
/// The folder or its `course.toml` cannot be read or is broken.
pub fn open(folder: &Path) -> Result<Course, Problem> {
    let problem = |file: &str, message: String| Problem { file: file.into(), line: 0, message };
    let toml = fs_err::read_to_string(folder.join("course.toml")).map_err(|cause| {
        problem(
            "course.toml",
            format!("{cause}; a course is a folder with course.toml and lessons"),
        )
    })?;
    let info = info::parse(&toml)?;
    let mut names: Vec<String> = fs_err::read_dir(folder)
        .map_err(|cause| problem("", cause.to_string()))?
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter(|name| is_lesson(name))
        .collect();
    names.sort();
    let (mut texts, mut unreadable) = (Vec::new(), Vec::new());
    for name in &names {
        match fs_err::read_to_string(folder.join(name)) {
            Ok(text) => texts.push((name.as_str(), text)),
            Err(cause) => unreadable.push(problem(name, cause.to_string())),
        }
    }
    let (lessons, mut problems) = entries(texts.iter().map(|(name, text)| (*name, text.as_str())));
    problems.extend(unreadable);
    Ok(Course {
        id: info.id.into(),
        title: crate::text::clean(&info.title).into_owned().into(),
        lessons: lessons.into(),
        tracks: info.tracks.into(),
        problems,
        source: Source::Folder(folder.into()),
    })
}

impl Course {
    /// The whole text of a file of the course (`03-x.md`, `course.toml`, `constants.toml`).
    ///
    /// # Errors
    /// The file is gone or is no UTF-8.
    pub fn file(&self, name: &str) -> io::Result<Cow<'static, str>> {
        match &self.source {
            Source::Folder(folder) => fs_err::read_to_string(folder.join(name)).map(Cow::Owned),
            Source::Embedded(files) => files
                .iter()
                .find(|(file, _)| *file == name)
                .map(|(_, text)| Cow::Borrowed(*text))
                .ok_or_else(|| {
                    io::Error::new(io::ErrorKind::NotFound, format!("{name} is not in this course"))
                }),
        }
    }

    /// The body of a lesson.
    ///
    /// # Errors
    /// As [`Course::file`].
    pub fn body(&self, entry: &Entry) -> io::Result<Cow<'static, str>> {
        let (start, end) = (entry.body.0 as usize, entry.body.1 as usize);
        Ok(match self.file(&entry.file)? {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(start..end).unwrap_or_default()),
            // The file may have been edited since the course was loaded.
            Cow::Owned(text) => match crate::course::front::split(&text) {
                Ok(split) => Cow::Owned(split.body.to_string()),
                Err(_) => Cow::Owned(text),
            },
        })
    }

    /// All that `course.toml` says.
    ///
    /// # Errors
    /// As [`Course::file`], or it is broken.
    pub fn info(&self) -> Result<Info, Problem> {
        let text = self.file("course.toml").map_err(|cause| Problem {
            file: "course.toml".into(),
            line: 0,
            message: cause.to_string(),
        })?;
        info::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_embedded_index_is_what_the_folder_parses_to() {
        let folder = open(Path::new("lessons")).unwrap();
        let inside = embedded();
        assert_eq!(inside.lessons, folder.lessons);
        assert_eq!(inside.tracks, folder.tracks);
        assert_eq!((inside.id, inside.title), (folder.id, folder.title));
        assert_eq!(inside.problems, []);
    }

    #[test]
    fn a_broken_lesson_is_left_out_and_named() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs_err::write(dir.path().join(name), text).unwrap();
        write("course.toml", "id = \"x\"\ntitle = \"X\"\nabout = \"\"");
        write("01-a.md", "+++\nnumber = 1\n");
        write(
            "02-b.md",
            "+++\nnumber = 2\nslug = \"b\"\ntitle = \"B\"\nlevel = \"Advanced\"\nkind = \"concept\"\nminutes = 5\ngist = \"g\"\n+++\nText.\n",
        );
        let course = open(dir.path()).unwrap();
        assert_eq!(course.lessons.len(), 1);
        assert_eq!(course.problems[0].file, "01-a.md");
        assert_eq!(course.body(&course.lessons[0]).unwrap(), "Text.\n");
    }

    #[test]
    fn a_folder_without_a_course_is_a_clear_problem() {
        let dir = tempfile::tempdir().unwrap();
        assert!(open(dir.path()).unwrap_err().message.contains("course.toml"));
    }
}
