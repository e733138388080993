//! The files of a course's folder. `build.rs` includes this file by path.

use std::io;
use std::path::Path;

use crate::course::Problem;

/// Files beside the lessons.
const TOMLS: [&str; 3] = ["course.toml", "constants.toml", "owners.toml"];
/// Bytes of a file. The longest lesson has a hundredth of it.
const LARGEST: u64 = 4 << 20;

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct Files {
    /// `(name, text)` of lessons and of the TOML files, by name.
    pub texts: Vec<(String, String)>,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
}

impl Files {
    /// The lessons.
    pub fn lessons(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, text)| (&**name, &**text)).filter(|(name, _)| is_lesson(name))
    }

    /// The text of `course.toml`.
    ///
    /// # Errors
    /// It is missing, or could not be read.
    pub fn course(&self) -> Result<&str, Problem> {
        if let Some((_, text)) = self.texts.iter().find(|(name, _)| name == "course.toml") {
            return Ok(text);
        }
        let unread = self.problems.iter().find(|problem| problem.file == "course.toml");
        Err(unread.cloned().unwrap_or_else(|| Problem {
            file: "course.toml".into(),
            line: 0,
            message: "is missing; a course is a folder with course.toml and lessons NN-slug.md"
                .into(),
        }))
    }
}

/// Reads a course's folder, not what lies below it.
///
/// # Errors
/// The folder is not there, or cannot be read.
pub fn read(folder: &Path) -> io::Result<Files> {
    let mut names: Vec<String> = fs_err::read_dir(folder)?
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".md") || TOMLS.contains(&&**name))
        .collect();
    names.sort();
    let mut files = Files::default();
    for name in names {
        let text = read_text(&folder.join(&name));
        let has_form = is_lesson(&name) || TOMLS.contains(&&*name);
        let wrong = match text {
            Ok(text) if has_form => {
                files.texts.push((name, text));
                continue;
            }
            // Any other text (README.md) may lie there.
            Ok(text) if text.starts_with("+++") => {
                "a lesson without a number in its name; call it NN-slug.md".to_string()
            }
            Err(wrong) if has_form => wrong,
            _ => continue,
        };
        files.problems.push(Problem { file: name, line: 1, message: wrong });
    }
    Ok(files)
}

/// The text of a regular file: opening a pipe would wait for whoever writes to it.
fn read_text(path: &Path) -> Result<String, String> {
    let about = fs_err::metadata(path).map_err(|cause| cause.to_string())?;
    if !about.is_file() {
        return Err("is no file; take it out of the folder".into());
    }
    if about.len() > LARGEST {
        return Err(format!("has {} bytes; a lesson has at most {LARGEST}", about.len()));
    }
    let bytes = fs_err::read(path).map_err(|cause| cause.to_string())?;
    String::from_utf8(bytes).map_err(|cause| {
        let at = cause.utf8_error().valid_up_to();
        format!("byte {at} is no UTF-8; save the file as UTF-8")
    })
}

/// Whether a file name is a lesson's: `NN-slug.md`.
pub fn is_lesson(name: &str) -> bool {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && name[digits..].starts_with('-') && name.ends_with(".md")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lessons_and_the_three_toml_files_are_read_and_other_files_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["02-b.md", "01-a.md", "owners.toml", "README.md", "notes.toml", "01-a.md~"] {
            fs_err::write(dir.path().join(name), "text").unwrap();
        }
        let files = read(dir.path()).unwrap();
        let names: Vec<&str> = files.texts.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["01-a.md", "02-b.md", "owners.toml"]);
        assert_eq!(files.lessons().count(), 2);
        assert_eq!(files.problems, []);
        assert!(files.course().unwrap_err().message.starts_with("is missing; a course is"));
    }

    #[test]
    fn what_cannot_be_read_is_named_and_nothing_waits_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs_err::write(at("01-a.md"), b"ab\xff").unwrap();
        fs_err::create_dir(at("02-b.md")).unwrap();
        fs_err::write(at("c.md"), "+++\n+++\n").unwrap();
        fs_err::File::create(at("03-d.md")).unwrap().set_len(LARGEST + 1).unwrap();
        fs_err::os::unix::fs::symlink("gone", at("04-e.md")).unwrap();
        fs_err::create_dir(at("course.toml")).unwrap();
        let files = read(dir.path()).unwrap();
        assert_eq!(files.texts, []);
        let said: Vec<String> = files.problems.iter().map(ToString::to_string).collect();
        assert_eq!(said[0], "01-a.md:1: byte 2 is no UTF-8; save the file as UTF-8");
        assert_eq!(said[1], "02-b.md:1: is no file; take it out of the folder");
        assert_eq!(said[2], "03-d.md:1: has 4194305 bytes; a lesson has at most 4194304");
        assert!(said[3].starts_with("04-e.md:1: "), "{}", said[3]);
        assert_eq!(said[4], "c.md:1: a lesson without a number in its name; call it NN-slug.md");
        assert_eq!(
            files.course().unwrap_err().to_string(),
            "course.toml:1: is no file; take it out of the folder"
        );
    }

    #[test]
    fn a_lesson_has_a_number_in_its_name() {
        for name in ["01-a.md", "7-b-c.md", "100-x.md"] {
            assert!(is_lesson(name), "{name}");
        }
        for name in ["a.md", "01.md", "01a.md", "-a.md", "01-a.txt", "é-a.md", ""] {
            assert!(!is_lesson(name), "{name}");
        }
    }
}
