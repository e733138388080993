//! The clipboard: of the terminal by OSC 52, of the platform by its own tool.

use std::io::Write;
use std::process::{Command, Stdio};

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

/// Terminals drop longer ones; xterm takes some 100,000 bytes of base64.
const MOST: usize = 74_000;

/// The bytes that put a text on the terminal's clipboard; none if it is too long for that.
pub fn osc52(text: &str) -> Option<String> {
    let mut out = String::new();
    (text.len() <= MOST && CopyToClipboard::to_clipboard_from(text).write_ansi(&mut out).is_ok())
        .then_some(out)
}

/// Gives a text to the platform's tool, if this is the machine that the reader sits at. Names the tool.
pub fn platform(text: &str) -> Option<&'static str> {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if has("SSH_CONNECTION") || has("SSH_TTY") {
        return None; // that clipboard is on the other machine
    }
    let tools: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["pbcopy"]]
    } else if has("WAYLAND_DISPLAY") {
        &[&["wl-copy"]]
    } else if has("DISPLAY") {
        &[&["xclip", "-selection", "clipboard"], &["xsel", "--clipboard", "--input"]]
    } else {
        &[]
    };
    tools.iter().find_map(|tool| give(tool, text).then_some(tool[0]))
}

fn give(tool: &[&'static str], text: &str) -> bool {
    let child = Command::new(tool[0])
        .args(&tool[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    let written =
        child.stdin.take().is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok());
    // These tools fork to serve the selection and their parent ends at once.
    written && child.wait().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_as_base64_and_a_book_does_not_go() {
        assert_eq!(osc52("abc").as_deref(), Some("\x1b]52;c;YWJj\x1b\\"));
        assert_eq!(osc52(&"a".repeat(80_000)), None);
    }
}
