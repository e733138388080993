//! What a transcript shows against what came.

use std::path::Path;

use sdprep::course::blocks::{At, Step, Transcript};

/// What one step of a transcript says or one play of it gave; the session of a tool is `$`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub line: usize,
    pub session: String,
    pub text: String,
}

/// A step that shows something else than what came.
pub struct Differs {
    pub want: Option<Said>,
    pub came: Option<Said>,
}

/// What the transcript shows, a step a reply, waits as `(waits for T1)`.
fn shown(transcript: &Transcript) -> Vec<Said> {
    let mut said = Vec::new();
    for At { line, value } in &transcript.steps {
        let (session, text) = match value {
            Step::Run { session, reply, waits_for, .. } => match waits_for {
                Some(other) => (session.as_str(), format!("(waits for {other})")),
                None => (session.as_str(), folded(&reply.join(" "))),
            },
            Step::Later { session, reply, .. } => (session.as_str(), folded(&reply.join(" "))),
            Step::Shell { output, .. } => ("$", output.join("\n")),
            Step::Pause { .. } | Step::PrimaryKilled => continue,
        };
        said.push(Said { line: *line, session: session.into(), text });
    }
    said
}

/// Blanks count once: a session's reply is wrapped where the lesson's width ends.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `…` stands for any text, and so does `...`.
fn agrees(shown: &str, got: &str) -> bool {
    let parts: Vec<&str> =
        shown.split('…').flat_map(|part| part.split("...")).map(str::trim).collect();
    if parts.len() == 1 {
        return shown == got;
    }
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    if !got.starts_with(first) || !got.ends_with(last) {
        return false;
    }
    let mut rest = &got[first.len()..];
    parts[1..].iter().all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

/// The same line by line; a line `...` stands for any lines. Empty lines do not count.
fn lines_agree(shown: &[String], got: &[String]) -> bool {
    match shown.split_first() {
        None => got.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=got.len()).any(|skipped| lines_agree(rest, &got[skipped..]))
        }
        Some((first, rest)) => got
            .split_first()
            .is_some_and(|(line, after)| agrees(first, line) && lines_agree(rest, after)),
    }
}

fn same(want: &Said, came: &Said) -> bool {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(folded).filter(|line| !line.is_empty()).collect()
    };
    want.session == came.session
        && match want.session.as_str() {
            "$" => lines_agree(&lines(&want.text), &lines(&came.text)),
            _ => agrees(&want.text, &came.text),
        }
}

/// The steps that differ.
pub fn compare(transcript: &Transcript, got: &[Said]) -> Vec<Differs> {
    let shown = shown(transcript);
    let mut differ = Vec::new();
    for index in 0..shown.len().max(got.len()) {
        let (want, came) = (shown.get(index).cloned(), got.get(index).cloned());
        let agree = matches!((&want, &came), (Some(want), Some(came)) if same(want, came));
        if !agree {
            differ.push(Differs { want, came });
        }
    }
    differ
}

impl Differs {
    pub fn line(&self) -> usize {
        self.want.as_ref().or(self.came.as_ref()).map_or(0, |said| said.line)
    }

    pub fn message(&self, path: &Path, transcript: &Transcript) -> String {
        let text = |said: &Option<Said>| {
            said.as_ref()
                .map_or("nothing".into(), |said| format!("{} {:?}", said.session, said.text))
        };
        format!(
            "{}:{}: shown {}, {} ({} shown) gives {}; mend it, or run with SDPREP_WRITE=1 and read the diff",
            path.display(),
            self.line(),
            text(&self.want),
            transcript.engine,
            transcript.version,
            text(&self.came)
        )
    }

    /// Puts what came below its step, in place of what is shown there. Steps further down come first, so that
    /// the lines of the others stay where they are.
    pub fn write(&self, lines: &mut Vec<String>) {
        let (Some(want), Some(came)) = (&self.want, &self.came) else { return };
        let step = &lines[want.line - 1];
        let column = step.len() - step.trim_start().len();
        let later = step.trim_start().starts_with(&format!("{}:", want.session));
        let ends = |line: &String| {
            let text = line.trim_start();
            let session = text.split(['>', ':']).next().unwrap_or_default();
            let speaks = session.strip_prefix(['T', 'S']).is_some_and(|digits| {
                !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
            });
            text.starts_with("```")
                || text.starts_with("$ ")
                || (speaks && text.len() > session.len())
        };
        let rest = &lines[want.line..];
        let end = want.line + rest.iter().position(ends).unwrap_or(rest.len());
        // A statement or command may have several lines: what is shown are the last ones.
        let count = if later { end } else { shown_lines(want, &lines[want.line..end]) };
        let from = if later { want.line - 1 } else { end - count };
        let indent = lines.get(from).filter(|_| from < end && !later).map_or_else(
            || if want.session == "$" { 0 } else { column + 4 },
            |line| line.len() - line.trim_start().len(),
        );
        let new: Vec<String> = match want.session.as_str() {
            "$" => {
                let text = came.text.replace('\t', " ");
                text.lines().map(|line| format!("{:indent$}{}", "", line.trim_end())).collect()
            }
            name if later => vec![format!("{:column$}{name}: {}", "", came.text)],
            _ if came.text.is_empty() => vec![],
            _ => vec![format!("{:indent$}{}", "", came.text)],
        };
        lines.splice(from..end, new);
    }
}

/// How many of the lines below a step are what it shows.
fn shown_lines(want: &Said, below: &[String]) -> usize {
    let mut left = folded(&want.text);
    let mut count = 0;
    for line in below.iter().rev() {
        if left.is_empty() {
            break;
        }
        let text = line.find("  -- ").map_or(line.as_str(), |at| &line[..at]);
        let text = folded(text);
        left = left.strip_suffix(&text).unwrap_or_default().trim_end().to_string();
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: usize, session: &str, text: &str) -> Said {
        Said { line, session: session.into(), text: text.into() }
    }

    #[test]
    fn a_pattern_agrees_with_what_it_leaves_out() {
        assert!(agrees("a … c", "a b c"));
        assert!(!agrees("a … c", "a b d"));
        assert!(!agrees("a…a", "a"));
        assert!(agrees("same", "same") && !agrees("same", "same no more"));
    }

    #[test]
    fn the_output_of_a_tool_is_held_line_by_line() {
        let agree = |shown: &str, got: &str| same(&said(1, "$", shown), &said(1, "$", got));
        assert!(agree("a\nb", "a\n\nb\n"), "empty lines do not count");
        assert!(agree("a  b", "a\t\tb"), "nor do blanks");
        assert!(!agree("a b", "a\nb"), "lines do");
        assert!(agree("a\n...\nz", "a\nb\nc\nz") && agree("a\n...\nz", "a\nz"));
        assert!(!agree("a\n...\nz", "a\nb\nc"));
        assert!(agree("...\n< Date: …\n...", "x\n< Date: now\ny"));
        assert!(!agree("", "something") && !agree("something", ""));
    }

    #[test]
    fn what_came_is_written_below_its_step() {
        let text = "T1> SELECT\n      1;\n    old\n    lines\n  T2: late\n      old\n$ echo \"a\n  b\"\nold  -- note\n```";
        let mut lines: Vec<String> = text.lines().map(Into::into).collect();
        for (want, came) in [
            (said(7, "$", "old"), said(7, "$", "new\n\there\n")),
            (said(5, "T2", "late old"), said(5, "T2", "late new")),
            (said(1, "T1", "old lines"), said(1, "T1", "1")),
        ] {
            Differs { want: Some(want), came: Some(came) }.write(&mut lines);
        }
        let new = "T1> SELECT\n      1;\n    1\n  T2: late new\n$ echo \"a\n  b\"\nnew\n here\n```";
        assert_eq!(lines.join("\n"), new);
    }
}
