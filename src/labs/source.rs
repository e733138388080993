//! The lines of a lab's file that are shown: cut when the program is compiled, so that the rest of the file does not come along.

/// Line of a lab's file above its mechanism.
const FROM: &str = "// --- the mechanism\n";
/// Line below it.
const TO: &str = "// --- the lab\n";

/// The lines between the two marks of a file beside this one; all of it where they are missing.
macro_rules! mechanism {
    ($file:literal) => {{
        const FILE: &str = include_str!($file);
        const PART: (usize, usize) = crate::labs::source::part(FILE);
        const BYTES: [u8; PART.1 - PART.0] = crate::labs::source::copy(FILE, PART.0);
        match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => unreachable!(),
        }
    }};
}

/// From and to, blank lines at both ends left out.
pub(super) const fn part(file: &str) -> (usize, usize) {
    let bytes = file.as_bytes();
    let mut from = match find(bytes, FROM.as_bytes(), 0) {
        Some(at) => at + FROM.len(),
        None => 0,
    };
    let mut to = match find(bytes, TO.as_bytes(), from) {
        Some(at) => at,
        None => bytes.len(),
    };
    while from < to && bytes[from] == b'\n' {
        from += 1;
    }
    while from < to && bytes[to - 1] == b'\n' {
        to -= 1;
    }
    (from, to)
}

const fn find(text: &[u8], mark: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while at + mark.len() <= text.len() {
        let mut same = 0;
        while same < mark.len() && text[at + same] == mark[same] {
            same += 1;
        }
        if same == mark.len() {
            return Some(at);
        }
        at += 1;
    }
    None
}

pub(super) const fn copy<const N: usize>(file: &str, from: usize) -> [u8; N] {
    let mut bytes = [0; N];
    let mut at = 0;
    while at < N {
        bytes[at] = file.as_bytes()[from + at];
        at += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(file: &str) -> &str {
        let (from, to) = part(file);
        &file[from..to]
    }

    #[test]
    fn what_is_shown_stands_between_the_marks() {
        assert_eq!(
            cut("use a;\n// --- the mechanism\n\nfn a() {}\n\n// --- the lab\nfn b() {}\n"),
            "fn a() {}"
        );
        assert_eq!(cut("// --- the mechanism\nfn a() {}\n"), "fn a() {}");
        assert_eq!(cut("\nfn a() {}\n"), "fn a() {}");
        assert_eq!(cut("// --- the mechanism\n\n// --- the lab\n"), "");
        assert_eq!(copy::<3>("abcdef", 2), *b"cde");
    }
}
