//! Where links lead.

use crate::markdown::document::Target;
use crate::text;

/// Where an address leads.
pub(super) fn target(address: &str) -> Target {
    let address = text::clean(address);
    if let Some(name) = address.strip_prefix("lab:") {
        return Target::Lab(percent_decoded(name));
    }
    if let Some(name) = address.strip_prefix('=') {
        return Target::Result(percent_decoded(name));
    }
    let (path, heading) = match address.split_once('#') {
        Some((path, heading)) => (path, Some(percent_decoded(heading))),
        None => (&*address, None),
    };
    if path.is_empty() && heading.is_some() {
        return Target::Lesson { slug: String::new(), heading };
    }
    match lesson_slug(path) {
        Some(slug) => Target::Lesson { slug, heading },
        None => Target::Url(address.into_owned()),
    }
}

/// The slug in `NN-slug.md`, with or without folders before it.
fn lesson_slug(path: &str) -> Option<String> {
    if path.contains("://") {
        return None;
    }
    let path = percent_decoded(path);
    let name = path.rsplit('/').next()?.strip_suffix(".md")?;
    let (number, slug) = name.split_once('-')?;
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (numbered && !slug.is_empty()).then(|| slug.to_owned())
}

/// Resolves `%20`; what is no UTF-8 afterwards stays as it was. Cleaned again, since `%1b` hides an ESC.
fn percent_decoded(text: &str) -> String {
    let hex = |b: u8| char::from(b).to_digit(16);
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = match bytes[at..] {
            [b'%', high, low, ..] => hex(high).zip(hex(low)),
            _ => None,
        };
        if let Some((high, low)) = pair {
            out.push((high * 16 + low) as u8);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).map_or_else(|_| text.to_owned(), |s| text::clean(&s).into_owned())
}
