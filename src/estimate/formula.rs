//! Reading a value or a formula: units are checked and taken out, the engine gets plain numbers.
//!
//! ```text
//! sum     = product (("+" | "-") product)*
//! product = factor (("*" | "/") factor | unit)*        5 USD/million requests = 5 USD / million * requests
//! factor  = "-" factor | atom ("^" factor)?
//! atom    = number | unit | name | function "(" sum ("," sum)* ")" | "(" sum ")"
//! ```

use std::collections::HashMap;

use super::engine::{Exact, compute};
use super::lexer::{Token, tokens};
use super::units::{Dim, Units};

/// A number in base units (B, s, counts) with what it measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// What it measures.
    pub dim: Dim,
    /// How much of it.
    pub number: Exact,
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// `what is wrong; the mend`
    Said(String),
    /// It uses a line that failed: one failed line is one finding.
    Follows,
}

impl From<String> for Fault {
    fn from(message: String) -> Fault {
        Fault::Said(message)
    }
}

/// Lines by name; none where one failed.
pub type Names = HashMap<String, Option<Value>>;

/// What a formula may use: the lines above it (none where one failed) and the units.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// By name.
    pub names: Names,
    /// The closed list and what the estimate declares.
    pub units: Units,
}

/// The functions of formulas.
pub const FUNCTIONS: [&str; 6] = ["ceil", "floor", "sqrt", "log2", "max", "min"];

const MAX_DEPTH: usize = 40;

impl Scope {
    /// Computes a formula or a value with its unit.
    ///
    /// # Errors
    /// It cannot be read, its units do not go together, or it has no value.
    pub fn value(&self, text: &str) -> Result<Value, Fault> {
        self.read(text, &self.names)
    }

    /// A literal with its unit, or a unit of which there is one: lines above are not known in it.
    ///
    /// # Errors
    /// As [`Scope::value`].
    pub fn literal(&self, text: &str) -> Result<Value, Fault> {
        self.read(text, &HashMap::new())
    }

    /// What a unit measures; none where it is no unit. Computes nothing.
    pub fn unit(&self, text: &str) -> Option<Dim> {
        let term = self.term(&format!("1 {text}"), &Names::new(), &|_| String::new());
        term.ok().map(|term| term.dim)
    }

    fn read(&self, text: &str, names: &Names) -> Result<Value, Fault> {
        let term = self.term(text, names, &|word| self.unknown(word))?;
        let number = compute(&term.text).map_err(|said| format!("{said}; mend the formula"))?;
        Ok(Value { dim: term.dim, number })
    }

    fn term(
        &self,
        text: &str,
        names: &Names,
        unknown: &dyn Fn(&str) -> String,
    ) -> Result<Term, Fault> {
        let tokens = tokens(text)?;
        let mut parser = Parser { scope: self, names, unknown, tokens: &tokens, at: 0, depth: 0 };
        let term = parser.sum()?;
        match parser.peek() {
            None => Ok(term),
            Some(Token::Word(word)) if !names.contains_key(word) => Err(self.unknown(word).into()),
            Some(token) => {
                Err(format!("\"{token}\" does not belong here; an operator is missing").into())
            }
        }
    }

    fn unknown(&self, word: &str) -> String {
        let words = self.names.keys().cloned().chain(self.units.words());
        let words = words.chain(FUNCTIONS.map(str::to_owned));
        match nearest(word, words) {
            Some(near) => format!("\"{word}\" is not known; \"{near}\"?"),
            None => {
                format!("\"{word}\" is not known; use a line above, or declare \"unit {word}\"")
            }
        }
    }
}

/// The word most like `word`, if any is alike.
pub fn nearest(word: &str, words: impl Iterator<Item = String>) -> Option<String> {
    let lower = word.to_lowercase();
    words
        .map(|other| (strsim::damerau_levenshtein(&lower, &other.to_lowercase()), other))
        .filter(|(distance, other)| *distance <= 2 && *distance * 2 < other.chars().count().max(2))
        .min()
        .map(|(_, other)| other)
}

/// Part of a formula: its dimension, and an expression of plain numbers for the engine.
struct Term {
    dim: Dim,
    text: String,
}

struct Parser<'a> {
    scope: &'a Scope,
    names: &'a Names,
    /// What is said of a word that is neither a line above nor a unit: costly, so on demand.
    unknown: &'a dyn Fn(&str) -> String,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self) -> Result<Term, Fault> {
        let mut left = self.product()?;
        loop {
            let sign = if self.take('+') {
                '+'
            } else if self.take('-') {
                '-'
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            if left.dim != right.dim {
                let message = format!("{} {sign} {} do not add", left.dim, right.dim);
                return Err(format!("{message}; give both one unit").into());
            }
            left.text = format!("({}{sign}{})", left.text, right.text);
        }
    }

    fn product(&mut self) -> Result<Term, Fault> {
        let mut left = self.factor()?;
        loop {
            let power = if self.take('*') {
                1
            } else if self.take('/') {
                -1
            } else if matches!(self.peek(), Some(Token::Word(word)) if self.is_unit(word)) {
                1
            } else {
                return Ok(left);
            };
            let right = self.factor()?;
            left.dim = left.dim.times(&right.dim, power).ok_or_else(beyond)?;
            let sign = if power == 1 { '*' } else { '/' };
            left.text = format!("({}{sign}{})", left.text, right.text);
        }
    }

    fn is_unit(&self, word: &str) -> bool {
        !self.names.contains_key(word) && self.scope.units.find(word).is_some()
    }

    fn factor(&mut self) -> Result<Term, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("nested too deeply; use a line of its own".to_owned().into());
        }
        let term = if self.take('-') {
            let term = self.factor()?;
            Ok(Term { text: format!("(0-{})", term.text), ..term })
        } else {
            let base = self.atom()?;
            if self.take('^') { self.power(&base) } else { Ok(base) }
        };
        self.depth -= 1;
        term
    }

    fn power(&mut self, base: &Term) -> Result<Term, Fault> {
        let exponent = self.factor()?;
        if !exponent.dim.is_none() {
            let message = format!("an exponent is a plain number, not {}", exponent.dim);
            return Err(format!("{message}; divide by its unit").into());
        }
        let (number, power) = (compute(&base.text)?, compute(&exponent.text)?);
        let whole = power.text().parse::<i32>().ok();
        let dim = if base.dim.is_none() {
            Some(Dim::default())
        } else {
            whole.and_then(|n| Dim::default().times(&base.dim, n))
        };
        let dim = dim.ok_or_else(|| {
            format!(
                "{} to the power of {} has no unit; take a whole number",
                base.dim,
                power.text()
            )
        })?;
        let exact = whole.is_some_and(|n| {
            (n.unsigned_abs() as usize).saturating_mul(number.text().len()) <= 4000
        });
        let text = if exact {
            format!("(({})^{})", number.text(), power.text())
        } else {
            real(number.to_f64().powf(power.to_f64()))?
        };
        Ok(Term { dim, text })
    }

    fn atom(&mut self) -> Result<Term, Fault> {
        let token = self.peek().cloned();
        self.at += 1;
        match token {
            Some(Token::Number(text)) => Ok(Term { dim: Dim::default(), text }),
            Some(Token::Sign('(')) => {
                let term = self.sum()?;
                self.close()?;
                Ok(term)
            }
            Some(Token::Word(word)) => self.word(&word),
            Some(Token::Sign(sign)) => {
                Err(format!("a value is missing before \"{sign}\"; add it").into())
            }
            None => Err("a value is missing at the end; add it".to_owned().into()),
        }
    }

    fn close(&mut self) -> Result<(), Fault> {
        if self.take(')') { Ok(()) } else { Err("\")\" is missing; add it".to_owned().into()) }
    }

    fn word(&mut self, word: &str) -> Result<Term, Fault> {
        if FUNCTIONS.contains(&word) && self.take('(') {
            let mut arguments = vec![self.sum()?];
            while self.take(',') {
                arguments.push(self.sum()?);
            }
            self.close()?;
            return apply(word, arguments);
        }
        match self.names.get(word) {
            Some(Some(value)) => {
                Ok(Term { dim: value.dim.clone(), text: format!("({})", value.number.text()) })
            }
            Some(None) => Err(Fault::Follows),
            None => match self.scope.units.find(word) {
                Some(unit) => Ok(Term { dim: unit.dim, text: format!("({})", unit.factor) }),
                None => Err((self.unknown)(word).into()),
            },
        }
    }
}

/// A number of f64 for the engine.
fn real(number: f64) -> Result<String, Fault> {
    if number.is_finite() {
        Ok(format!("({number})"))
    } else {
        Err("has no real value, or one beyond 10^308; mend the formula".to_owned().into())
    }
}

fn beyond() -> Fault {
    Fault::Said("units are multiplied too often; mend the formula".to_owned())
}

fn apply(function: &str, arguments: Vec<Term>) -> Result<Term, Fault> {
    let many = function == "max" || function == "min";
    let count = arguments.len();
    let mut arguments = arguments.into_iter();
    let Some(first) = arguments.next() else { return Err(beyond()) };
    if !many && count != 1 {
        return Err(format!("{function} takes one value; it has {count}").into());
    }
    let dim = match function {
        "max" | "min" => return arguments.try_fold(first, |best, next| pick(function, best, next)),
        "sqrt" => first.dim.root(),
        "log2" => Some(first.dim.clone()).filter(Dim::is_none),
        // What a whole GB or second is depends on the unit; a whole server does not.
        _ => Some(first.dim.clone()).filter(Dim::is_count),
    };
    let Some(dim) = dim else {
        let message = format!("{function} of {} depends on the unit", first.dim);
        return Err(format!("{message}; divide by the unit first").into());
    };
    let text = match function {
        "sqrt" => format!("sqrt({})", first.text),
        "log2" => real(compute(&first.text)?.to_f64().log2())?,
        _ => format!("({})", compute(&first.text)?.whole(function == "ceil")?.text()),
    };
    Ok(Term { dim, text })
}

/// The larger or smaller of two: the engine has no such function.
fn pick(function: &str, best: Term, next: Term) -> Result<Term, Fault> {
    if best.dim != next.dim {
        let message = format!("{function} of {} and {}", best.dim, next.dim);
        return Err(format!("{message}; give both one unit").into());
    }
    let less = compute(&format!("{}-{}", best.text, next.text))?.is_negative();
    Ok(if less == (function == "max") { next } else { best })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        let mut scope = Scope::default();
        for (name, text) in [
            ("members", "50 million users"),
            ("posting", "2 posts/user/day"),
            ("size", "1 KB/post"),
            ("half", "1/2"),
        ] {
            let value = scope.value(text).unwrap();
            scope.names.insert(name.to_owned(), Some(value));
        }
        scope.names.insert("broken".to_owned(), None);
        scope
    }

    /// Number and dimension.
    fn value(text: &str) -> (String, String) {
        let value = scope().value(text).unwrap();
        (value.number.text().to_owned(), value.dim.to_string())
    }

    fn said(text: &str) -> String {
        match scope().value(text) {
            Err(Fault::Said(message)) => message,
            other => format!("{other:?}"),
        }
    }

    fn is(text: &str, number: &str, dim: &str) {
        assert_eq!(value(text), (number.to_owned(), dim.to_owned()), "{text}");
    }

    #[test]
    fn units_multiply_and_cancel_exactly() {
        is("members * posting", "31250/27", "posts/s");
        is("members * posting * size * 365 days", "36500000000000", "B");
        is("members * posting / (1 post/s)", "31250/27", "a plain number");
    }

    #[test]
    fn adjacent_units_multiply_from_left_to_right() {
        is("5 USD/(million requests)", "1/200000", "USD/request");
        is("4 USD/million requests", "1/250000", "USD requests");
        is("10 MB / 2 KB", "5000000000", "B^2");
    }

    #[test]
    fn different_units_do_not_add() {
        assert_eq!(said("members + 3 posts"), "users + posts do not add; give both one unit");
        assert_eq!(said("size - 3"), "B/post - a plain number do not add; give both one unit");
        assert_eq!(said("3 requests + 4 B"), "requests + B do not add; give both one unit");
        assert_eq!(said("max(1 s, 1 B)"), "max of s and B; give both one unit");
    }

    #[test]
    fn commas_group_digits_and_separate_arguments() {
        is("max(1,200, 7)", "1200", "a plain number");
        is("max(1, 200)", "200", "a plain number");
        is("min(3 min, 100 s, 2 hours)", "100", "s");
    }

    #[test]
    fn whole_numbers_are_of_counts_only() {
        is("ceil(10 servers / 3)", "4", "servers");
        is("floor(-half)", "-1", "a plain number");
        assert_eq!(said("ceil(3.5 GB)"), "ceil of B depends on the unit; divide by the unit first");
        is("ceil(3.5 GB / (1 GB))", "4", "a plain number");
    }

    #[test]
    fn powers_and_roots_carry_their_units() {
        is("(3 s)^2", "9", "s^2");
        is("sqrt(9 s^2)", "3", "s");
        is("log2(8)", "3", "a plain number");
        is("2^-3", "1/8", "a plain number");
        is("-2^2", "-4", "a plain number");
        is("99^200 / 99^199", "99", "a plain number");
        let near = scope().value("0.99999^100000").unwrap().number.to_f64();
        assert!((near - 0.99999f64.powi(100_000)).abs() < 1e-9, "{near}");
        assert!(said("2^100000000").starts_with("has no real value, or one beyond"));
        assert!(said("9^9^9").starts_with("has no real value, or one beyond"));
        is("62^7", "3521614606208", "a plain number");
        is("1 - (1 - 1 %)^2", "199/10000", "a plain number");
        assert!(said("sqrt(2 s)").starts_with("sqrt of s depends"));
        assert!(said("2^(3 s)").starts_with("an exponent is a plain number, not s"));
        assert!(said("(2 s)^0.5").starts_with("s to the power of 1/2 has no unit"));
    }

    #[test]
    fn a_misspelt_word_is_answered_with_the_nearest() {
        assert_eq!(said("3 usres"), "\"usres\" is not known; \"users\"?");
        assert_eq!(said("membrs * 2"), "\"membrs\" is not known; \"members\"?");
        assert_eq!(said("3 km"), "\"km\" is not known; use a line above, or declare \"unit km\"");
    }

    #[test]
    fn a_line_that_uses_a_failed_line_says_nothing_itself() {
        assert_eq!(scope().value("broken * 2"), Err(Fault::Follows));
    }

    #[test]
    fn what_is_no_formula_is_said_not_guessed() {
        for (text, start) in [
            ("", "a value is missing at the end"),
            ("3 *", "a value is missing at the end"),
            ("(3", "\")\" is missing"),
            ("3 4", "\"4\" does not belong here"),
            ("3 $", "\"$\" cannot stand"),
            ("members posting", "\"posting\" does not belong"),
            ("1/0", "divides by zero"),
            ("sqrt(1, 2)", "sqrt takes one value"),
            ("2d6", "\"d6\" is not known"),
        ] {
            assert!(said(text).starts_with(start), "{text}: {}", said(text));
        }
        assert!(said(&"(".repeat(5000)).starts_with("nested too deeply"));
    }
}
