//! A text written in the reader's own editor.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::unix;

/// The file that is being written. It stays until [`Draft::done`], so that a note is never lost between the editor and
/// the journal.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
}

impl Draft {
    /// Writes the text to a file of the reader alone.
    ///
    /// # Errors
    /// There is no place for a temporary file.
    pub fn new(text: &str) -> io::Result<Draft> {
        let dir = std::env::temp_dir();
        for attempt in 0..100 {
            let path = dir.join(format!("sdprep-note-{}-{attempt}.md", std::process::id()));
            match unix::private_file().write(true).create_new(true).open(&path) {
                Ok(mut file) => {
                    io::Write::write_all(&mut file, text.as_bytes())?;
                    return Ok(Draft { path });
                }
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(cause),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Runs the editor and reads what it left. `VISUAL`, then `EDITOR`, then vi; both may have arguments.
    ///
    /// # Errors
    /// The editor cannot be run or says that it failed; the file cannot be read.
    pub fn edit(&self) -> io::Result<String> {
        let named = |name: &str| std::env::var(name).ok().filter(|it| !it.trim().is_empty());
        let editor = named("VISUAL").or_else(|| named("EDITOR")).unwrap_or_else(|| "vi".into());
        // exec: a shell in between would take the editor's Ctrl-C for its own.
        let status = Command::new("sh")
            .args(["-c", &format!("exec {editor} \"$1\""), "sh"])
            .arg(&self.path)
            .status()?;
        if !status.success() {
            return Err(io::Error::other(format!("{editor} ended with {status}")));
        }
        fs_err::read_to_string(&self.path)
    }

    /// Where the text is.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// The text is kept elsewhere: the file may go.
    pub fn done(self) {
        let _ = std::fs::remove_file(self.path);
    }
}
