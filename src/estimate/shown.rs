//! Numbers in running text: `[3,470 posts a second](=feed.burst)`.

use super::eval::Evaluated;
use super::formula::{Fault, Scope, Value, nearest};
use super::lexer::number_len;
use super::quantity::in_unit;
use super::rounding::Literal;
use super::units::{Dim, Units};

/// A number found in running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes of its digits, sign included.
    pub number: std::ops::Range<usize>,
    /// It with what follows, if that is a unit; `a second` and `per second` are read as `/second`.
    pub literal: Literal,
    /// Shorter readings of the unit, longest first: of `37 TB a year` also `TB` and none.
    pub shorter: Vec<String>,
}

impl Found {
    /// Whether its unit is one of time alone, such as `ms`.
    pub fn is_duration(&self) -> bool {
        Units::default().find(&self.literal.unit).is_some_and(|unit| unit.dim == Dim::base("s"))
    }
}

impl Evaluated {
    /// A link's text with its number as it is here: in the text's unit, to the text's digits.
    ///
    /// # Errors
    /// `what is wrong; the mend`: the name is not known, the text has no number or another unit.
    pub fn redraw(&self, name: &str, text: &str) -> Result<String, String> {
        Ok(self.place(name, text)?.map_or_else(
            || text.to_owned(),
            |(found, number)| {
                let (before, after) = (&text[..found.number.start], &text[found.number.end..]);
                format!("{before}{number}{after}")
            },
        ))
    }

    /// Holds the number in a link's text against the value.
    ///
    /// # Errors
    /// As [`Evaluated::redraw`], or the value does not round to the number.
    pub fn shows(&self, name: &str, text: &str) -> Result<(), String> {
        match self.place(name, text)? {
            Some((found, number)) if number != found.literal.number => {
                let right = Literal { number, ..found.literal.clone() }.text();
                let wrong =
                    format!("{}.{name} is {right}, shown {}", self.name, found.literal.text());
                Err(format!("{wrong}; correct the text"))
            }
            _ => Ok(()),
        }
    }

    /// Whether some line has this value, or an end of its range, rounded as `found` is.
    pub fn holds(&self, found: &Found) -> bool {
        let unit = self.scope.literal(&format!("1 {}", found.literal.unit));
        let Ok(size) = unit.map(|unit| unit.number.to_f64()) else { return false };
        let written = found.literal.value().parse::<f64>().unwrap_or(f64::NAN) * size;
        let values = self.scope.names.values().flatten().chain(&self.ends);
        if written == 0.0 {
            return true; // nothing is nothing in any unit
        }
        // Exact rounding is only worth its time where it may agree.
        let near = values.filter(|value| (value.number.to_f64() / written - 1.0).abs() < 0.1);
        near.filter_map(|value| self.number(found, value))
            .any(|number| number == found.literal.number)
    }

    /// Whether its unit is one of this estimate: some line is measured in it, counts and all.
    pub fn measures(&self, found: &Found) -> bool {
        let unit = self.scope.unit(&found.literal.unit).unwrap_or_default();
        !unit.is_none() && self.scope.names.values().flatten().any(|value| value.dim == unit)
    }

    /// Numbers with a unit of this estimate in running text.
    pub fn numbers(&self, text: &str) -> Vec<Found> {
        numbers(text, &self.scope.units)
    }

    /// The number in the text, and what it should be; none if the line has no value itself.
    fn place(&self, name: &str, text: &str) -> Result<Option<(Found, String)>, String> {
        let Some(value) = self.scope.names.get(name) else {
            let near = nearest(name, self.scope.names.keys().cloned());
            let mend = near.map_or("name a line of it".to_owned(), |near| format!("\"{near}\"?"));
            return Err(format!("{} has no line \"{name}\"; {mend}", self.name));
        };
        let Some(value) = value else { return Ok(None) };
        let Some(mut found) = self.numbers(text).into_iter().next() else {
            return Err(format!("the link to {}.{name} shows no number; write it", self.name));
        };
        let written = found.literal.unit.clone();
        if written.is_empty() {
            self.unit_of(name).clone_into(&mut found.literal.unit);
        }
        let mut number = self.number(&found, value);
        for unit in found.shorter.clone() {
            if number.is_none() && !unit.is_empty() {
                found.literal.unit = unit;
                number = self.number(&found, value);
            }
        }
        match number {
            Some(number) if written.is_empty() => {
                found.literal.unit = written;
                Ok(Some((found, number)))
            }
            Some(number) => Ok(Some((found, number))),
            None => {
                let wrong = format!("{}.{name} is {}", self.name, value.dim);
                Err(format!("{wrong}, shown in {written}; correct the text"))
            }
        }
    }

    fn unit_of(&self, name: &str) -> &str {
        let result = self.results.iter().find(|result| result.name == name);
        let input = self.inputs.iter().find(|input| input.name == name);
        result.map(|it| &it.unit).or(input.map(|it| &it.unit)).map_or("", String::as_str)
    }

    /// A value as it would be written in the place of `found`. What is counted may have another noun
    /// in the text, or none; what is measured may not.
    fn number(&self, found: &Found, value: &Value) -> Option<String> {
        let unit = self.scope.unit(&found.literal.unit)?;
        if unit.measures() != value.dim.measures() {
            return None;
        }
        let number: Result<_, Fault> = in_unit(&self.scope, value, &found.literal.unit);
        found.literal.show(&number.ok()?).ok()
    }
}

/// All numbers in running text that are not part of a word, each with the unit that follows.
pub fn numbers(text: &str, units: &Units) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(digit) = text[at..].find(|c: char| c.is_ascii_digit()).map(|next| at + next) {
        let mut end = digit + number_len(&text[digit..]);
        // A full stop ends the sentence, not the number.
        end -= usize::from(text[digit..end].ends_with('.'));
        at = end;
        let part_of_a_word = text[end..].starts_with(|c: char| c.is_alphabetic() || c == '_');
        if let Some(start) = start_of(text, digit).filter(|_| !part_of_a_word) {
            let sign = if start < digit { "-" } else { "" };
            let number = format!("{sign}{}", &text[digit..end]);
            let mut shorter = units_at(&text[end..], units);
            let unit = shorter.remove(0);
            let literal = Literal { number, unit };
            found.push(Found { number: start..end, literal, shorter });
        }
    }
    found
}

/// Where the number at `digit` starts, its minus included; none if it is part of a word such as
/// `v1.2`, `T1`, `14:00`, `HTTP/2`, `pg-15`.
fn start_of(text: &str, digit: usize) -> Option<usize> {
    let mut before = text[..digit].char_indices().rev();
    let Some((at, last)) = before.next() else { return Some(digit) };
    let outer = before.next().map_or(' ', |(_, c)| c);
    match last {
        '-' | '−' | '–' | '/' if outer.is_ascii_digit() => Some(digit),
        '-' | '−' if !outer.is_alphanumeric() => Some(at),
        '-' | '−' | '–' | '/' | '.' | '_' | ':' | '#' | '^' => None,
        _ if last.is_alphanumeric() => None,
        _ => Some(digit),
    }
}

/// The units that a text may begin with, as a formula writes them, longest first; the last is empty.
fn units_at(text: &str, units: &Units) -> Vec<String> {
    let scope = Scope { units: units.clone(), ..Scope::default() };
    let text = &text[..known_len(text, units)];
    let edges = text.char_indices().filter(|(_, c)| !c.is_alphanumeric());
    let mut ends: Vec<usize> = edges
        .flat_map(|(at, c)| [at, at + c.len_utf8()])
        .chain([text.len()])
        .filter(|end| *end > 0)
        .collect();
    ends.dedup();
    let mut found: Vec<String> = Vec::new();
    for end in ends.into_iter().rev() {
        let mut unit =
            format!(" {} ", text[..end].split_whitespace().collect::<Vec<_>>().join(" "));
        for word in [" a ", " an ", " per "] {
            unit = unit.replace(word, "/");
        }
        let unit = unit.trim();
        let starts = unit.starts_with(|c: char| c.is_alphabetic() || matches!(c, '%' | '/'));
        let known = starts && scope.unit(unit).is_some();
        if known && found.last().is_none_or(|last| last != unit) {
            found.push(unit.to_owned());
        }
    }
    found.push(String::new());
    found
}

/// Bytes up to the first word that no unit is made of.
fn known_len(text: &str, units: &Units) -> usize {
    let mut at = 0;
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '%') {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%');
        let joins = matches!(bare, "" | "a" | "an" | "per");
        if !joins && units.find(bare).is_none() || at > 60 {
            return at;
        }
        at += word.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::eval::tests::{FEED, block};
    use super::super::evaluate;
    use super::*;

    fn run(text: &str) -> Evaluated {
        evaluate(&[&block(text)], &[], &[])
    }

    #[test]
    fn numbers_of_the_text_may_be_values_or_ends_of_ranges() {
        let feed = run(FEED);
        let known = |text: &str| {
            feed.numbers(text).iter().all(|found| feed.measures(found) && feed.holds(found))
        };
        assert!(known("37 TB, 3,470 posts a second, 10 million users, 5 posts/user/day"));
        assert!(!known("38 TB"));
        assert!(!known("11 million users"));
    }

    #[test]
    fn links_show_the_value_in_their_own_unit_and_digits() {
        let feed = run(FEED);
        for (name, text) in [
            ("stored", "37 TB"),
            ("stored", "36.5 TB"),
            ("stored", "some 36,500 GB of it"),
            ("burst", "3,470 posts a second"),
            ("burst", "3,470 a second"),
            ("burst", "3,470"),
            ("burst", "3.5 thousand messages/s"),
            ("members", "50 million users"),
            ("members", "50 million people."),
            ("cost", "840 USD a month"),
            ("stored", "37 TB a year"),
        ] {
            assert_eq!(feed.shows(name, text), Ok(()), "{text}");
        }
        for (name, text, said) in [
            ("stored", "365 TB", "feed.stored is 36.5 TB, shown 365 TB; correct the text"),
            (
                "burst",
                "3,500 posts a minute",
                "feed.burst is 210,000 posts/minute, shown 3,500 posts/minute; correct the text",
            ),
            ("burst", "3 GB", "feed.burst is posts/s, shown in GB; correct the text"),
            ("burst", "much", "the link to feed.burst shows no number; write it"),
            ("brust", "3", "feed has no line \"brust\"; \"burst\"?"),
        ] {
            assert_eq!(feed.shows(name, text), Err(said.to_owned()));
        }
    }

    #[test]
    fn links_are_redrawn_when_an_input_is_set() {
        let set = [("members".to_owned(), "20 million".to_owned() + " users")];
        let feed = evaluate(&[&block(FEED)], &[], &set);
        assert_eq!(feed.redraw("stored", "about 37 TB of it"), Ok("about 15 TB of it".to_owned()));
        assert_eq!(feed.redraw("burst", "3,470 a second"), Ok("1,390 a second".to_owned()));
    }

    #[test]
    fn numbers_of_a_text_come_with_their_units() {
        let found = numbers(
            "In v1.2, 3,470 posts/s take 1.5 ms; −3 °C, 5-10 GB at 14:00.",
            &Units::default(),
        );
        let texts: Vec<String> = found.iter().map(|found| found.literal.text()).collect();
        assert_eq!(texts, ["3,470 posts/s", "1.5 ms", "-3", "5", "10 GB", "14"]);
    }
}
