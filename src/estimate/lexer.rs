//! A formula as numbers, words and signs.

use super::formula::Fault;

/// A piece of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Number(String),
    Word(String),
    Sign(char),
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Token::Number(text) | Token::Word(text) => f.write_str(text),
            Token::Sign(sign) => write!(f, "{sign}"),
        }
    }
}

/// Bytes of the number at the start of `text`: digits with `,` between groups of three, a fraction, an
/// exponent. 0 without one.
pub fn number_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let mut len = digits(0);
    if len == 0 {
        return 0;
    }
    while len <= bytes.len() && bytes.get(len) == Some(&b',') && digits(len + 1) == 3 {
        len += 4;
    }
    if bytes.get(len) == Some(&b'.') && bytes.get(len + 1) != Some(&b'.') {
        len += 1 + digits(len + 1);
    }
    if bytes.get(len) == Some(&b'e') {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'-' | b'+')));
        let exponent = digits(len + 1 + sign);
        if (1..=2).contains(&exponent) {
            len += 1 + sign + exponent;
        }
    }
    len
}

/// A number as the engine reads it: without commas, with a digit after the point.
pub fn plain(number: &str) -> String {
    let number = number.replace(',', "");
    number.strip_suffix('.').map_or(number.clone(), str::to_owned)
}

/// Splits a formula.
///
/// # Errors
/// A character that cannot stand in one.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '0'..='9' => number_len(rest),
            '%' => 1,
            _ if first.is_alphabetic() || first == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(len);
        tokens.push(match first {
            '0'..='9' => Token::Number(plain(token)),
            '+' | '-' | '*' | '/' | '^' | '(' | ')' | ',' => Token::Sign(first),
            '×' | '·' => Token::Sign('*'),
            '−' => Token::Sign('-'),
            _ if first == '%' || first == '_' || first.is_alphabetic() => {
                Token::Word(token.to_owned())
            }
            _ => return Err(format!("\"{first}\" cannot stand in a formula; take it out").into()),
        });
        rest = after.trim_start();
    }
    Ok(tokens)
}
