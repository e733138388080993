//! Writing to the outside: a closed pipe is success without a word.

use std::io::{self, ErrorKind, Write};

use crate::error::{Exit, Failure, Outcome};

/// Prints a whole text at once.
///
/// # Errors
/// The text cannot be written, and not because its reader has gone.
pub fn print(text: &str) -> Outcome {
    bytes(text.as_bytes())
}

/// Writes bytes to stdout as they are.
///
/// # Errors
/// As [`fn@print`].
pub fn bytes(bytes: &[u8]) -> Outcome {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Io, format!("standard output: {cause}")))
        }
        _ => Ok(()),
    }
}

/// Prints data.
///
/// # Errors
/// As [`fn@print`].
pub fn json(value: &impl serde::Serialize) -> Outcome {
    match serde_json::to_string_pretty(value) {
        Ok(text) => print(&format!("{text}\n")),
        Err(cause) => Err(Failure::new(Exit::Io, format!("JSON: {cause}"))),
    }
}

/// A line on stderr. Nothing is to be done if there is no stderr.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
