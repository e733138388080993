//! `sdprep export`: the journal as it is, or the cards for Anki and for spreadsheets.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::context::Context;
use super::output;
use crate::error::{Exit, Failure, Outcome};
use crate::export::{ExportedCard, anki, cards, csv};
use crate::markdown;
use crate::unix;

/// What was typed.
pub struct Asked {
    /// `-` is standard output.
    pub file: PathBuf,
    /// A package for Anki.
    pub anki: bool,
    /// CSV.
    pub csv: bool,
    /// Replace a file that is there.
    pub force: bool,
}

/// Writes the file and says what is in it.
///
/// # Errors
/// There is nothing to export, the file is there already, or it cannot be written.
pub fn run(context: &Context, asked: &Asked) -> Outcome {
    let stdout = asked.file == Path::new("-");
    if stdout && asked.anki {
        return Err(Failure::new(Exit::Usage, "export: a package is a file, not a text; name one")
            .hint("sdprep export --anki cards.apkg"));
    }
    if !stdout && !asked.force && asked.file.symlink_metadata().is_ok() {
        let there = format!("export: {} is there already", asked.file.display());
        return Err(Failure::new(Exit::Usage, there).hint("--force replaces it"));
    }
    let (bytes, said) = if asked.anki || asked.csv {
        let cards = all_cards(context);
        if cards.is_empty() {
            return Err(Failure::new(Exit::Nothing, "export: this course has no cards"));
        }
        let (course, now) = (&context.course, context.clock.now());
        let bytes = if asked.csv {
            csv::csv(&cards).into_bytes()
        } else {
            anki::apkg(&cards, &course.id, &course.title, now)
        };
        (bytes, count(cards.len(), "card"))
    } else {
        let failed = |cause| Failure::new(Exit::Io, format!("export: {cause}"));
        let bytes = context.store.bytes().map_err(failed)?.unwrap_or_default();
        if bytes.is_empty() {
            return Err(match context.store.health().not_kept {
                Some(why) => Failure::new(Exit::Io, format!("export: {why}")),
                None => Failure::new(Exit::Nothing, "export: nothing is in the journal yet"),
            });
        }
        (bytes, count(context.store.events().len(), "event"))
    };
    if stdout {
        return output::bytes(&bytes);
    }
    save(&asked.file, &bytes).map_err(|cause| {
        Failure::new(Exit::Io, format!("export: {}: {cause}", asked.file.display()))
    })?;
    output::print(&format!("{said} written to {}\n", asked.file.display()))
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The cards of every written lesson, then the reader's own.
fn all_cards(context: &Context) -> Vec<ExportedCard> {
    let (course, progress) = (&context.course, &context.progress);
    let mut found = Vec::new();
    for problem in &course.problems {
        output::say(&format!("left out: {problem}"));
    }
    for entry in course.listed() {
        match course.body(entry) {
            Ok(body) => {
                let document = markdown::parse(&body, entry.body_line as usize);
                found.extend(cards::of_lesson(entry, &document, progress));
            }
            Err(cause) => output::say(&format!("left out: {}: {cause}", entry.file)),
        }
    }
    found.extend(cards::own(course, progress));
    found
}

/// Writes a file whole or not at all: beside its place first, readable by its owner alone, then under its name.
fn save(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // What a link leads to is replaced, not the link.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    if file.metadata().is_ok_and(|meta| !meta.is_file()) {
        return Err(io::Error::other("it is there and no ordinary file"));
    }
    let name = file.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = file.with_file_name(beside);
    let mut open = unix::private_file().create_new(true).write(true).open(&beside)?;
    let written = open
        .write_all(bytes)
        .and_then(|()| open.sync_all())
        .and_then(|()| std::fs::rename(&beside, &file));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside); // what went wrong is said already
    }
    written
}
