//! A block as a reader sees it, in one line that can be compared.

/// A character with its styles and the address that it leads to.
#[derive(Clone, PartialEq)]
pub struct Char {
    pub c: char,
    pub strong: bool,
    pub emphasis: bool,
    pub code: bool,
    pub link: Option<String>,
}

/// One block. `prose`: blanks are joined, as in a browser; else only those at the end of a line go.
pub fn block(lead: &str, kind: &str, chars: &[Char], prose: bool) -> String {
    let chars = if prose { joined(chars) } else { chars.to_vec() };
    let mut out = String::new();
    let mut open = None;
    for char in &chars {
        // A blank shows no style.
        let look = (!char.c.is_whitespace()).then(|| look(char)).filter(|look| !look.is_empty());
        if look != open {
            out.push_str(if open.is_some() { "⟩" } else { "" });
            out.extend(look.iter().map(|look| format!("⟨{look}:")));
            open = look;
        }
        out.push(char.c);
    }
    out.push_str(if open.is_some() { "⟩" } else { "" });
    let lines: Vec<&str> = out.split('\n').map(|line| line.trim_end_matches(' ')).collect();
    format!("{lead}{kind} {}", lines.join("\\n"))
}

fn look(char: &Char) -> String {
    let names = [(char.strong, "strong"), (char.emphasis, "em"), (char.code, "code")];
    let mut names: Vec<String> =
        names.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned()).collect();
    names.extend(char.link.as_ref().map(|link| format!("→{link}")));
    names.join(" ")
}

/// Runs of blanks as one, none at the ends of lines.
fn joined(chars: &[Char]) -> Vec<Char> {
    let mut out: Vec<Char> = Vec::new();
    for char in chars {
        let last = out.last().map_or('\n', |last| last.c);
        match char.c {
            ' ' if matches!(last, ' ' | '\n') => continue,
            '\n' if last == ' ' => {
                out.pop();
            }
            _ => {}
        }
        out.push(char.clone());
    }
    while out.last().is_some_and(|last| matches!(last.c, ' ' | '\n')) {
        out.pop();
    }
    out
}

/// An address with its `%` sequences resolved: the HTML has more of them than the source.
pub fn address(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = text_of(after.get(..2)).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = &after[2..];
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn text_of(bytes: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(bytes?).ok()
}
