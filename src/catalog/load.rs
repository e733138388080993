//! The embedded course, and a course in a folder.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use miniz_oxide::inflate::decompress_to_vec;

use super::folder;
use super::index::{Index, entries};
use crate::course::{Course, Entry, Info, Problem, Source, Str, front, info};
use crate::markdown::Document;

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
    open_keeping(folder).map(|(course, _)| course)
}

/// The same, with the large lessons as they were parsed, by slug: who opens one need not parse it again.
///
/// # Errors
/// As [`open`].
pub fn open_keeping(folder: &Path) -> Result<(Course, Vec<(Str, Document)>), Problem> {
    let files = folder::read(folder).map_err(|cause| {
        let message = match cause.kind() {
            io::ErrorKind::NotFound => {
                "no such folder; a course is a folder with course.toml".to_string()
            }
            io::ErrorKind::NotADirectory => {
                "no folder, but a file; a course is a folder with course.toml".into()
            }
            _ => cause.to_string(),
        };
        Problem { file: String::new(), line: 0, message }
    })?;
    let info = info::parse(files.course()?)?;
    let Index { lessons, mut problems, large } = entries(files.lessons());
    problems.extend(files.problems);
    let course = Course {
        id: info.id.into(),
        title: info.title.into(),
        lessons: lessons.into(),
        tracks: info.tracks.into(),
        problems,
        source: Source::Folder(folder.into()),
    };
    Ok((course, large))
}

impl Course {
    /// The whole text of a file of the course (`03-x.md`, `course.toml`, `constants.toml`).
    ///
    /// # Errors
    /// The file is gone or is no UTF-8.
    pub fn file(&self, name: &str) -> io::Result<String> {
        match &self.source {
            Source::Folder(folder) => fs_err::read_to_string(folder.join(name)),
            Source::Embedded(files) => {
                let (_, deflated) =
                    files.iter().find(|(file, _)| *file == name).ok_or_else(|| {
                        let message = format!("{name} is not in this course");
                        io::Error::new(io::ErrorKind::NotFound, message)
                    })?;
                let text = decompress_to_vec(deflated)
                    .map_err(|cause| io::Error::other(cause.to_string()))?;
                String::from_utf8(text).map_err(io::Error::other)
            }
        }
    }

    /// The body of a lesson.
    ///
    /// # Errors
    /// As [`Course::file`].
    pub fn body(&self, entry: &Entry) -> io::Result<String> {
        let text = self.file(&entry.file)?;
        // The file may have been edited since the course was loaded.
        Ok(match front::split(&text) {
            Ok(split) => split.body.to_string(),
            Err(_) => text,
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
        assert_eq!((&inside.id, &inside.title), (&folder.id, &folder.title));
        assert_eq!((&inside.problems, &folder.problems), (&vec![], &vec![]));
        for entry in inside.lessons.iter() {
            assert_eq!(inside.body(entry).unwrap(), folder.body(entry).unwrap(), "{}", entry.file);
        }
        for name in ["course.toml", "constants.toml", "owners.toml"] {
            assert_eq!(inside.file(name).unwrap(), folder.file(name).unwrap());
        }
        assert_eq!(inside.info(), folder.info());
    }

    fn lesson(number: u16, slug: &str, body: &str) -> String {
        format!(
            "+++\nnumber = {number}\nslug = \"{slug}\"\ntitle = \"B\"\nlevel = \"Advanced\"\nkind = \"concept\"\nminutes = 5\ngist = \"g\"\n+++\n{body}"
        )
    }

    /// A folder with these files.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs_err::write(dir.path().join(name), text).unwrap();
        }
        dir
    }

    const X: (&str, &str) = ("course.toml", "id = \"x\"\ntitle = \"X\"\nabout = \"\"");

    #[test]
    fn lessons_stand_by_number_and_each_broken_one_is_left_out_and_named() {
        let dir = folder(&[
            X,
            ("01-a.md", "+++\nnumber = 1\n"),
            ("02-b.md", &lesson(2, "b", "Text.\n")),
            ("03-c.md", &lesson(3, "b", "")),
            ("04-d.md", &lesson(2, "d", "")),
            ("10-e.md", &lesson(1, "e", "")),
        ]);
        let course = open(dir.path()).unwrap();
        let slugs: Vec<&str> = course.lessons.iter().map(|entry| &*entry.slug).collect();
        assert_eq!(slugs, ["e", "b"]);
        let said: Vec<String> = course.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "01-a.md:1: the front matter does not end; close it with a line +++",
                "03-c.md:1: slug \"b\" is that of 02-b.md; give it its own",
                "04-d.md:1: number 2 is that of 02-b.md; give it its own",
            ]
        );
        assert_eq!(course.body(&course.lessons[1]).unwrap(), "Text.\n");
    }

    #[test]
    fn a_body_is_read_as_it_is_now_with_any_line_ends() {
        let dir = folder(&[X, ("02-b.md", &lesson(2, "b", "Text.\n").replace('\n', "\r\n"))]);
        let course = open(dir.path()).unwrap();
        let entry = &course.lessons[0];
        assert_eq!((entry.words, entry.body_line), (1, 10));
        assert_eq!(course.body(entry).unwrap(), "Text.\r\n");
        let longer = lesson(2, "b", "Longer text.\n").replace("title", "draft = true\ntitle");
        fs_err::write(dir.path().join("02-b.md"), longer).unwrap();
        assert_eq!(course.body(entry).unwrap(), "Longer text.\n");
        fs_err::remove_file(dir.path().join("02-b.md")).unwrap();
        assert!(course.body(entry).unwrap_err().to_string().contains("02-b.md"));
    }

    #[test]
    fn what_is_no_course_is_a_clear_problem() {
        let said = |path: &Path| open(path).unwrap_err().to_string();
        let dir = folder(&[]);
        assert_eq!(
            said(dir.path()),
            "course.toml: is missing; a course is a folder with course.toml and lessons NN-slug.md"
        );
        assert_eq!(
            said(&dir.path().join("gone")),
            "no such folder; a course is a folder with course.toml"
        );
        let dir = folder(&[("course.toml", "id = \"x\"\ntitle = X\n")]);
        assert!(said(dir.path()).starts_with("course.toml:2: "), "{}", said(dir.path()));
        assert_eq!(
            said(&dir.path().join("course.toml")),
            "no folder, but a file; a course is a folder with course.toml"
        );
    }
}
