//! What a browser shows of the HTML that `CommonMark`'s reference implementation writes.
//!
//! Two liberties, since a terminal shows no pictures: an image is a link to its file with its
//! description for words, and the titles of links are left out. Tags that the reference
//! implementation does not write itself (raw HTML) show nothing.

use crate::seen::{self, Char};

enum Container {
    Quote,
    List(Option<u64>),
    Item { marker: String, used: bool },
}

/// The look of the words at a place, and the tag that it lasts to.
struct Look {
    tag: String,
    look: Char,
}

#[derive(Default)]
struct Reader {
    out: Vec<String>,
    containers: Vec<Container>,
    looks: Vec<Look>,
    /// Kind of the block that is open, and its words.
    kind: Option<String>,
    chars: Vec<Char>,
}

pub fn blocks(html: &str) -> Vec<String> {
    let mut reader = Reader::default();
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("<!-->").or(rest.strip_prefix("<!--->")) {
            rest = after; // a browser takes these for comments that are complete
        } else if let Some(end) = rest.strip_prefix("<!--").and_then(|after| after.find("-->")) {
            rest = &rest[end + 7..];
        } else if rest.starts_with(['<'])
            && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c))
        {
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            reader.tag(rest[1..end].trim_end_matches('>').trim_end_matches('/').trim());
            rest = &rest[end..];
        } else {
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| *c == '<')
                .map_or(rest.len(), |(at, _)| at);
            reader.words(&unescaped(&rest[..end]));
            rest = &rest[end..];
        }
    }
    reader.close();
    reader.out
}

impl Reader {
    fn tag(&mut self, tag: &str) {
        let name = tag.split_whitespace().next().unwrap_or_default();
        match name {
            "p" => self.open("p"),
            "h1" | "h2" => self.heading(name, |look| look.strong = true),
            "h3" => self.heading(name, |_| {}),
            "h4" | "h5" | "h6" => self.heading(name, |look| look.emphasis = true),
            "hr" => self.open("rule"),
            "pre" => self.open("code()"),
            "code" if self.in_code() => {
                let lang = attribute(tag, "class").unwrap_or_default();
                let lang = lang.trim_start_matches("language-").to_lowercase();
                self.kind = Some(format!("code({lang})"));
            }
            "/p" | "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" | "/pre" => {
                self.close();
                self.looks.clear();
            }
            "blockquote" => self.enter(Container::Quote),
            "ul" => self.enter(Container::List(None)),
            "ol" => {
                let start = attribute(tag, "start").and_then(|start| start.parse().ok());
                self.enter(Container::List(Some(start.unwrap_or(1))));
            }
            "li" => self.item(),
            "/blockquote" | "/ul" | "/ol" => self.leave(),
            "/li" => {
                self.close();
                if let Some(Container::Item { used: false, .. }) = self.containers.last() {
                    self.open("p");
                }
                self.leave();
            }
            "br" => self.word('\n'),
            "em" => self.look("/em", |look| look.emphasis = true),
            "strong" => self.look("/strong", |look| look.strong = true),
            "code" => self.look("/code", |look| look.code = true),
            "a" => self
                .look("/a", |look| look.link = attribute(tag, "href").map(|at| seen::address(&at))),
            "img" => {
                let link = attribute(tag, "src").map(|at| seen::address(&at));
                // An image in a link belongs to the link.
                let link = self.looks.last().and_then(|last| last.look.link.clone()).or(link);
                self.look("/img", |look| look.link = link);
                self.words(&attribute(tag, "alt").unwrap_or_default());
                self.looks.pop();
            }
            "/em" | "/strong" | "/code" | "/a"
                if self.looks.last().is_some_and(|last| last.tag == name) =>
            {
                self.looks.pop();
            }
            _ => {}
        }
    }

    fn in_code(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.starts_with("code"))
    }

    fn look(&mut self, tag: &str, change: impl FnOnce(&mut Char)) {
        let plain = Char { c: ' ', strong: false, emphasis: false, code: false, link: None };
        let mut look = self.looks.last().map_or(plain, |last| last.look.clone());
        change(&mut look);
        self.looks.push(Look { tag: tag.to_owned(), look });
    }

    /// A heading is bold or italic throughout, as it is with us.
    fn heading(&mut self, name: &str, change: impl FnOnce(&mut Char)) {
        self.open(name);
        self.look("/heading", change);
    }

    fn words(&mut self, text: &str) {
        if self.kind.is_none() && text.trim().is_empty() {
            return;
        }
        if self.in_code() {
            let mut column = 0;
            for c in text.chars() {
                // Tabs lead to the next stop of four.
                let (c, times) = if c == '\t' { (' ', 4 - column % 4) } else { (c, 1) };
                (0..times).for_each(|_| self.word(c));
                column = if c == '\n' { 0 } else { column + times };
            }
        } else {
            text.chars().for_each(|c| self.word(if c.is_ascii_whitespace() { ' ' } else { c }));
        }
    }

    fn word(&mut self, c: char) {
        if self.kind.is_none() {
            self.kind = Some("p".to_owned()); // the text of a tight item
        }
        self.look("", |look| look.c = c);
        self.chars.extend(self.looks.pop().map(|look| look.look));
    }

    fn open(&mut self, kind: &str) {
        self.close();
        self.kind = Some(kind.to_owned());
    }

    fn close(&mut self) {
        let chars = std::mem::take(&mut self.chars);
        let Some(kind) = self.kind.take() else { return };
        let lead: String = self.containers.iter_mut().map(lead).collect();
        if let (true, Some((last, lines))) = (kind.starts_with("code"), chars.split_last()) {
            assert_eq!(last.c, '\n');
            self.out.push(seen::block(&lead, &kind, lines, false));
        } else {
            self.out.push(seen::block(&lead, &kind, &chars, true));
        }
    }

    fn enter(&mut self, container: Container) {
        self.close();
        self.containers.push(container);
    }

    fn leave(&mut self) {
        self.close();
        self.containers.pop();
    }

    fn item(&mut self) {
        let marker = match self.containers.last_mut() {
            Some(Container::List(Some(next))) => {
                *next += 1;
                format!("{}.", *next - 1)
            }
            _ => "•".to_owned(),
        };
        self.enter(Container::Item { marker, used: false });
    }
}

fn lead(container: &mut Container) -> String {
    match container {
        Container::Quote => "> ".to_owned(),
        Container::List(_) => String::new(),
        Container::Item { used: true, .. } => "_ ".to_owned(),
        Container::Item { marker, used } => {
            *used = true;
            format!("{marker} ")
        }
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(after.split_once('"')?.0))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
