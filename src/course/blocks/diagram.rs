//! `diagram`, `diagram sequence`, `diagram free`.

use super::{At, Diagram, DiagramKind, Issue, head_line, issue, no_more};
use crate::course::near;

/// Reads a diagram; `info` are the words after `diagram`.
pub fn parse(
    info: &[String],
    lines: &[&str],
    first_line: usize,
    issues: &mut Vec<Issue>,
) -> Diagram {
    let kind = match info.first().map(String::as_str) {
        None => DiagramKind::Architecture,
        Some("sequence") => DiagramKind::Sequence,
        Some("free") => DiagramKind::Free,
        Some(other) => {
            let mend = near::mend(other, &["sequence", "free"]);
            issue(
                issues,
                head_line(first_line),
                format!("diagram \"{other}\" is not known; {mend}"),
            );
            DiagramKind::Free
        }
    };
    no_more(info, 1, first_line, issues);
    let (caption, drawn) = caption(lines, first_line);
    let below = (first_line..).zip(lines).skip(drawn);
    let mut rows: Vec<At<String>> =
        below.map(|(line, text)| At { line, value: (*text).to_string() }).collect();
    let is_empty = |row: &At<String>| row.value.trim().is_empty();
    rows.drain(..rows.iter().position(|row| !is_empty(row)).unwrap_or(rows.len()));
    while rows.last().is_some_and(is_empty) {
        rows.pop();
    }
    if caption.as_ref().is_none_or(|caption| caption.value.is_empty()) {
        let what = "a diagram has no caption; begin with caption: in 12 to 30 words";
        issue(issues, head_line(first_line), what);
    }
    if let Some(second) = rows.iter().find(|row| row.value.starts_with("caption:")) {
        issue(issues, second.line, "caption: below the drawing; put it first");
    }
    if rows.is_empty() {
        let what = "nothing is drawn; a diagram has rows below its caption";
        issue(issues, head_line(first_line), what);
    }
    Diagram { kind, caption, rows }
}

/// The caption, and how many lines it takes.
fn caption(lines: &[&str], first_line: usize) -> (Option<At<String>>, usize) {
    let Some(start) = lines.first().and_then(|line| line.strip_prefix("caption:")) else {
        return (None, 0);
    };
    let mut caption = start.trim().to_string();
    let goes_on = lines[1..].iter().take_while(|line| is_prose(line));
    let mut count = 1;
    for line in goes_on {
        caption.push_str(if caption.is_empty() { "" } else { " " });
        caption.push_str(line.trim());
        count += 1;
    }
    (Some(At { line: first_line, value: caption }), count)
}

/// A caption goes on with an indented sentence. A drawing has its characters, or gaps between its columns, or
/// stands further in.
fn is_prose(line: &str) -> bool {
    let text = line.trim();
    let indent = line.chars().take_while(|c| *c == ' ').count();
    let is_drawn = |c: char| matches!(c, '\u{2500}'..='\u{259f}' | '►' | '◄' | '▲' | '▼');
    (2..=4).contains(&indent)
        && !text.is_empty()
        && !text.contains("  ")
        && !text.contains(is_drawn)
}

#[cfg(test)]
mod tests {
    use super::super::tests::parsed;
    use super::super::{Block, Diagram, DiagramKind};

    fn diagram(info: &str, text: &str) -> (Diagram, Vec<String>) {
        let (block, issues) = parsed(info, text);
        let Block::Diagram(diagram) = block else { panic!("{block:?}") };
        (diagram, issues)
    }

    #[test]
    fn the_drawing_begins_where_the_sentence_ends() {
        for (below, first) in [
            (" Client         Leader\n   ├─ w ─►│", 103),
            ("  buyer           shop\n   ├─ w ─►│", 103),
            ("     ├───────┤ requirements", 103),
            ("        Client", 103),
            ("\n  Client\n   │", 104),
            ("  0  1  2", 103),
        ] {
            let text = format!(
                "caption: A follower answers with the old value after the\n  leader has died.\n{below}\n\n"
            );
            let (diagram, issues) = diagram("diagram sequence", &text);
            assert_eq!(issues, [""; 0], "{below}");
            assert_eq!(diagram.kind, DiagramKind::Sequence);
            let caption = diagram.caption.unwrap_or_else(|| panic!("no caption"));
            let all = "A follower answers with the old value after the leader has died.";
            assert_eq!((caption.line, &*caption.value), (101, all), "{below}");
            assert_eq!(diagram.rows[0].line, first, "{below}");
            assert!(diagram.rows.last().is_some_and(|row| !row.value.is_empty()));
        }
    }

    #[test]
    fn a_drawing_has_a_known_kind_a_caption_and_rows() {
        for (info, text, found) in [
            (
                "diagram",
                "│",
                "100: a diagram has no caption; begin with caption: in 12 to 30 words",
            ),
            (
                "diagram sequense",
                "caption: c\n│",
                "100: diagram \"sequense\" is not known; \"sequence\"?",
            ),
            ("diagram free now", "caption: c\n│", "100: \"now\" is not known here; take it out"),
            (
                "diagram",
                "caption: c\n  d",
                "100: nothing is drawn; a diagram has rows below its caption",
            ),
        ] {
            assert_eq!(diagram(info, text).1, [found], "{info}");
        }
        assert_eq!(
            diagram("diagram", "│\ncaption: c").1[1],
            "102: caption: below the drawing; put it first"
        );
    }
}
