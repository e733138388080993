//! The words of a card as the HTML of a field in Anki.

use crate::markdown::{self, Block, Kind, Lead, Style};

/// Markdown as HTML: blocks on lines of their own, strong, emphasis, code. Everything else is escaped. What shows no
/// text as markdown stands as it was written: Anki refuses a card without a question.
pub fn html(source: &str) -> String {
    let document = markdown::parse(source, 1);
    if document.blocks.iter().all(|block| block.text.trim().is_empty()) {
        return escape(source);
    }
    document.blocks.iter().map(block).collect::<Vec<_>>().join("<br>")
}

fn block(block: &Block) -> String {
    let text = match block.kind {
        Kind::Paragraph | Kind::Heading(_) => escaped(&spans(block)).replace('\n', "<br>"),
        _ => format!("<pre>{}</pre>", escape(block.text.trim_end())),
    };
    let marker = block.lead.iter().rev().find_map(|lead| match lead {
        Lead::Item { marker, first: true, .. } => Some(escape(marker) + " "),
        _ => None,
    });
    marker.unwrap_or_default() + &text
}

/// Pieces of the text with the style of each.
fn spans(block: &Block) -> Vec<(&str, Style)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for span in &block.spans {
        let (start, end) = (span.range.start as usize, span.range.end as usize);
        pieces.push((block.text.get(at..start).unwrap_or_default(), Style::default()));
        pieces.push((block.text.get(start..end).unwrap_or_default(), span.style));
        at = end;
    }
    pieces.push((block.text.get(at..).unwrap_or_default(), Style::default()));
    pieces
}

fn escaped(pieces: &[(&str, Style)]) -> String {
    const TAGS: [(Style, &str); 3] =
        [(Style::STRONG, "b"), (Style::EMPHASIS, "i"), (Style::CODE, "code")];
    let piece = |(text, style): &(&str, Style)| {
        let mut out = escape(text);
        for (bit, tag) in TAGS {
            if style.has(bit) && !text.is_empty() {
                out = format!("<{tag}>{out}</{tag}>");
            }
        }
        out
    };
    pieces.iter().map(piece).collect()
}

/// A plain text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_become_tags_and_what_could_be_one_is_escaped() {
        assert_eq!(html("Is `a<b` **not** *so*?"), "Is <code>a&lt;b</code> <b>not</b> <i>so</i>?");
        assert_eq!(html("R & D \"x\""), "R &amp; D &quot;x&quot;");
        assert_eq!(html("&lt;img src=x&gt;"), "&lt;img src=x&gt;");
        assert!(!html("<script>alert(1)</script> a <b onclick=x>").contains("<script"));
        assert!(!html("a <img src=x onerror=y>").contains("<img"));
    }

    #[test]
    fn blocks_stand_on_lines_of_their_own() {
        assert_eq!(html("One.\n\nTwo."), "One.<br>Two.");
        assert_eq!(html("- one\n- two"), "• one<br>• two");
        assert_eq!(html("```\na < b\nc\n```"), "<pre>a &lt; b\nc</pre>");
        assert_eq!(html(""), "");
        for bare in ["---", "[a]: b"] {
            assert_eq!(html(bare), bare);
        }
    }
}
