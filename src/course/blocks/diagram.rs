//! `diagram`, `diagram sequence`, `diagram free`.

use super::{At, Diagram, DiagramKind, Issue, issue};

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
            issue(
                issues,
                first_line - 1,
                format!("diagram \"{other}\" is not known; sequence, free, or nothing"),
            );
            DiagramKind::Free
        }
    };
    let mut caption: Option<At<String>> = None;
    let mut rows = Vec::new();
    let mut in_caption = false;
    for (line, text) in (first_line..).zip(lines) {
        if let Some(start) =
            text.strip_prefix("caption:").filter(|_| caption.is_none() && rows.is_empty())
        {
            caption = Some(At { line, value: start.trim().to_string() });
            in_caption = true;
        } else if in_caption
            && text.starts_with("  ")
            && !text.trim_start().starts_with(is_drawn)
            && !looks_drawn(text)
        {
            if let Some(caption) = &mut caption {
                caption.value = format!("{} {}", caption.value, text.trim()).trim().to_string();
            }
        } else {
            in_caption = false;
            rows.push(At { line, value: (*text).to_string() });
        }
    }
    while rows.last().is_some_and(|row| row.value.trim().is_empty()) {
        rows.pop();
    }
    if caption.as_ref().is_none_or(|caption| caption.value.is_empty()) {
        issue(
            issues,
            first_line - 1,
            "a diagram has no caption; begin with caption: in 12 to 30 words",
        );
    }
    if rows.is_empty() {
        issue(issues, first_line - 1, "nothing is drawn; a diagram has rows below its caption");
    }
    Diagram { kind, caption, rows }
}

fn is_drawn(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{259f}' | '►' | '◄' | '▲' | '▼')
}

/// A header of participants has gaps; a sentence that goes on has none.
fn looks_drawn(text: &str) -> bool {
    text.chars().any(is_drawn) || text.trim().contains("   ")
}
