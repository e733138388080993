//! Rounding half up to the digits of a stated literal, exactly.

use super::engine::{Exact, compute};
use super::lexer::{number_len, plain};

/// A number as an author states it, with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// As written: `1,160`, `-0.5`, `?`.
    pub number: String,
    /// What follows: `posts/s`, `million requests`, `%`.
    pub unit: String,
}

impl Literal {
    /// Splits `1,160 posts/s`. `? TB` asks for the number. None without either.
    pub fn parse(text: &str) -> Option<Literal> {
        let text = text.trim();
        let unsigned = text.strip_prefix(['-', '−']).unwrap_or(text);
        let sign = text.len() - unsigned.len();
        let len = if unsigned.starts_with('?') { 1 } else { number_len(unsigned) };
        (len > 0).then(|| Literal {
            number: text[..sign + len].replace('−', "-"),
            unit: text[sign + len..].trim().to_owned(),
        })
    }

    /// Number and unit: `50 million users`, `5/s`.
    pub fn text(&self) -> String {
        let glued = self.unit.is_empty() || self.unit.starts_with('/');
        format!("{}{}{}", self.number, if glued { "" } else { " " }, self.unit)
    }

    /// Whether the number is asked for.
    pub fn is_open(&self) -> bool {
        self.number == "?"
    }

    /// Significant digits: its own, without an integer's trailing zeros, at least two; 3 for `?`.
    /// `100.` has three.
    pub fn digits(&self) -> usize {
        if self.is_open() {
            return 3;
        }
        let mantissa = self.number.split('e').next().unwrap_or_default();
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        let own = if self.is_whole() { digits.trim_end_matches('0') } else { digits };
        own.len().max(2)
    }

    /// The number for the engine.
    pub fn value(&self) -> String {
        plain(&self.number)
    }

    /// Its number for a value: rounded to its digits, its own spelling if it agrees.
    ///
    /// # Errors
    /// The engine's.
    pub fn show(&self, value: &Exact) -> Result<String, String> {
        let rounded = Rounded::new(value, self.digits())?;
        if !self.is_open() && rounded == Rounded::literal(&self.number) {
            return Ok(self.number.clone());
        }
        Ok(rounded.text(!self.is_whole() && !self.is_open()))
    }

    /// Whether the value rounds to it.
    ///
    /// # Errors
    /// The engine's.
    pub fn holds(&self, value: &Exact) -> Result<bool, String> {
        Ok(!self.is_open() && self.show(value)? == self.number)
    }

    fn is_whole(&self) -> bool {
        !self.number.contains(['.', 'e'])
    }
}

/// A decimal number: `digits` times ten to the power of `exponent`.
#[derive(Debug, Clone, Eq)]
pub struct Rounded {
    negative: bool,
    digits: String,
    exponent: i32,
}

impl PartialEq for Rounded {
    fn eq(&self, other: &Rounded) -> bool {
        let key = |it: &Rounded| {
            let bare = it.digits.trim_end_matches('0');
            let zeros = i32::try_from(it.digits.len() - bare.len()).unwrap_or(i32::MAX);
            (it.negative, bare.to_owned(), if bare.is_empty() { 0 } else { it.exponent + zeros })
        };
        key(self) == key(other)
    }
}

/// More digits than anyone states.
const MOST: usize = 60;

impl Rounded {
    /// A literal as it stands.
    fn literal(number: &str) -> Rounded {
        let unsigned = plain(number.trim_start_matches('-'));
        let (mantissa, power) = unsigned.split_once('e').unwrap_or((&unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let places = i32::try_from(fraction.len()).unwrap_or(i32::MAX);
        Rounded {
            negative: number.starts_with('-'),
            digits: format!("{whole}{fraction}").trim_start_matches('0').to_owned(),
            exponent: power.parse::<i32>().unwrap_or(0).saturating_sub(places),
        }
    }

    /// Rounds half up (its magnitude, below zero) to so many significant digits, at most 60.
    ///
    /// # Errors
    /// The engine's.
    pub fn new(value: &Exact, digits: usize) -> Result<Rounded, String> {
        let digits = i32::try_from(digits.clamp(1, MOST)).unwrap_or(2);
        if value.is_zero() {
            return Ok(Rounded { negative: false, digits: "0".to_owned(), exponent: 0 });
        }
        let size = value.to_f64().abs();
        if !size.is_normal() {
            return Err("is beyond 10^308; mend the formula".to_owned());
        }
        let minus = if value.is_negative() { "0-" } else { "" };
        let mut exponent = size.log10().floor() as i32 - digits + 1;
        // The logarithm may miss by one next to a power of ten, and 99.96 becomes 100.
        for _ in 0..3 {
            let scale = match exponent {
                0.. => format!("/10^{exponent}"),
                _ => format!("*10^{}", -exponent),
            };
            let number = compute(&format!("{minus}({}){scale}+1/2", value.text()))?;
            let found = number.whole(false)?.text().to_owned();
            match i32::try_from(found.len()).unwrap_or(0) - digits {
                0 => {
                    return Ok(Rounded { negative: value.is_negative(), digits: found, exponent });
                }
                off => exponent += off.signum(),
            }
        }
        Err("cannot be rounded; mend the formula".to_owned())
    }

    /// `1,160`, `36.5`, `-0.50`. `keep`: zeros at the end of a fraction are digits too.
    pub fn text(&self, keep: bool) -> String {
        let mut digits = self.digits.clone();
        let mut fraction = String::new();
        if self.exponent >= 0 {
            digits.extend(std::iter::repeat_n('0', self.exponent.unsigned_abs() as usize));
        } else {
            let places = self.exponent.unsigned_abs() as usize;
            if digits.len() <= places {
                digits.insert_str(0, &"0".repeat(places + 1 - digits.len()));
            }
            fraction = digits.split_off(digits.len() - places);
            if !keep {
                fraction.truncate(fraction.trim_end_matches('0').len());
            }
        }
        let sign = if self.negative { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{}{point}{fraction}", grouped(&digits))
    }
}

/// Digits with `,` between groups of three.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn digits(text: &str) -> usize {
        Literal::parse(text).unwrap().digits()
    }

    fn show(stated: &str, value: &str) -> String {
        Literal::parse(stated).unwrap().show(&compute(value).unwrap()).unwrap()
    }

    fn holds(stated: &str, value: &str) -> bool {
        Literal::parse(stated).unwrap().holds(&compute(value).unwrap()).unwrap()
    }

    #[test]
    fn digits_are_the_literals_own_without_an_integers_trailing_zeros_and_at_least_two() {
        for (text, count) in [
            ("1,160 posts/s", 3),
            ("36.5 TB", 3),
            ("840", 2),
            ("3,600,000", 2),
            ("5", 2),
            ("100", 2),
            ("100.", 3),
            ("10.0", 3),
            ("0.023", 2),
            ("0.50", 2),
            ("3,521,614,606,208", 13),
            ("?", 3),
            ("1.5e6", 2),
        ] {
            assert_eq!(digits(text), count, "{text}");
        }
    }

    #[test]
    fn the_half_goes_up() {
        assert!(holds("1,160", "31250/27"));
        assert!(holds("3,470", "3*31250/27"));
        assert!(holds("37", "36.5"));
        assert!(holds("0.13", "0.125"));
        assert!(!holds("0.12", "0.125"));
        assert!(holds("-37", "0-36.5"));
        assert!(holds("840", "839.5"));
        assert!(!holds("36.5", "365"));
        assert!(!holds("500", "468"));
    }

    #[test]
    fn rounding_that_adds_a_digit_still_holds() {
        assert!(holds("100", "99.96"));
        assert!(!holds("100", "99.4"));
        assert!(holds("1,000", "999.7"));
        assert!(holds("1", "0.9999"));
        assert!(!holds("1", "1.06"));
        assert!(holds("0", "0"));
        assert!(!holds("0", "0.3"));
    }

    #[test]
    fn a_value_is_shown_with_the_digits_of_the_literal_it_replaces() {
        assert_eq!(show("365 TB", "36.5"), "36.5");
        assert_eq!(show("840", "1234567"), "1,200,000");
        assert_eq!(show("36.5", "40.04"), "40.0");
        assert_eq!(show("26", "2"), "2");
        assert_eq!(show("?", "4.0002"), "4");
        assert_eq!(show("?", "1/3"), "0.333");
        assert_eq!(show("0.010", "1/300"), "0.0033");
        assert_eq!(show("12", "0-1234"), "-1,200");
        assert_eq!(show("100.", "101.4"), "101");
    }

    #[test]
    fn powers_of_ten_do_not_confuse_the_logarithm() {
        for n in -20..20 {
            let power = format!("10^({n})");
            let value = compute(&power).unwrap();
            let text = Rounded::new(&value, 2).unwrap();
            assert_eq!(text, Rounded::new(&value, 40).unwrap(), "{power}");
        }
        assert!(Rounded::new(&compute("10^400").unwrap(), 2).is_err());
    }
}
