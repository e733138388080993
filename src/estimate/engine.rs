//! fend as a calculator: an expression of plain numbers in, an exact fraction out.
//!
//! Units never reach it. It has its own (a click is 1 km long, links make chains), its own words
//! (`mean`, `e`) and its own grammar (dice, dates, lambdas); [`super::formula`] has read and checked
//! all of a formula before and hands over digits, operators and roots. Its `floor` goes through f64 and stops
//! at 2^64; ours does not.

use std::sync::atomic::{AtomicU32, Ordering};

use fend_core::{Context, Interrupt, evaluate_with_interrupt};

/// A real number as fend writes a fraction: `-73/2`, `1160`. Roots that do not come out are those of f64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact(String);

impl Exact {
    /// The nearest f64; infinite or NaN beyond its range.
    pub fn to_f64(&self) -> f64 {
        let (above, below) = self.0.split_once('/').unwrap_or((&self.0, "1"));
        let ((above, more), (below, less)) = (leading(above), leading(below));
        above / below * 10f64.powi(more - less)
    }

    /// For use in a longer expression.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The next integer below (or above): no f64 between.
    ///
    /// # Errors
    /// As [`compute`].
    pub fn whole(&self, above: bool) -> Result<Exact, String> {
        let negative = self.is_negative();
        let Some((over, under)) = self.0.trim_start_matches('-').split_once('/') else {
            return Ok(self.clone());
        };
        let rest = compute(&format!("{over} mod {under}"))?;
        let further = u8::from(above != negative);
        let sign = if negative { "0-" } else { "" };
        compute(&format!("{sign}(({over}-{})/{under}+{further})", rest.0))
    }

    /// Below zero.
    pub fn is_negative(&self) -> bool {
        self.0.starts_with('-')
    }

    /// Zero.
    pub fn is_zero(&self) -> bool {
        self.0 == "0"
    }
}

/// The first digits of an integer, and how many follow: each part of a fraction may exceed f64.
fn leading(digits: &str) -> (f64, i32) {
    let cut = digits.len().min(20);
    let rest = i32::try_from(digits.len() - cut).unwrap_or(i32::MAX / 2);
    (digits[..cut].parse().unwrap_or(f64::NAN), rest)
}

/// Gives up after so many of fend's questions whether to go on: half a second at worst.
struct Steps(AtomicU32);

const MAX_STEPS: u32 = 20_000;

impl Interrupt for Steps {
    fn should_interrupt(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) > MAX_STEPS
    }
}

/// Computes an expression of digits, `+ - * / ^ ( )`, `mod` of positive integers, and `sqrt`.
///
/// # Errors
/// It divides by zero, has no real value, or takes too long.
pub fn compute(expression: &str) -> Result<Exact, String> {
    // A context has no source of random numbers until it is given one.
    let mut context = Context::new();
    let steps = Steps(AtomicU32::new(0));
    let expression = format!("({expression}) to fraction");
    match evaluate_with_interrupt(&expression, &mut context, &steps) {
        Ok(result) => {
            let text = result.get_main_result();
            let text = text.strip_prefix("approx. ").unwrap_or(text);
            let number = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/'));
            if number { Ok(Exact(text.to_owned())) } else { Err("has no real value".to_owned()) }
        }
        Err(error) if error == "division by zero" => Err("divides by zero".to_owned()),
        Err(error) if error == "interrupted" => Err("takes too long to compute".to_owned()),
        Err(error) => Err(format!("cannot be computed: {error}")),
    }
}

/// Whether fend knows a word of its own: then it is no name for a line of an estimate. What it would
/// only take for a unit in other letters (`all`: the lek, `pin`: a pebi-inch) is free.
pub fn knows(word: &str) -> bool {
    let steps = Steps(AtomicU32::new(0));
    let Ok(result) = evaluate_with_interrupt(word, &mut Context::new(), &steps) else {
        return false;
    };
    let unit = result.get_main_result().strip_prefix("1 ").unwrap_or(word);
    unit == word || !unit.eq_ignore_ascii_case(word)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn fractions_stay_exact_and_roots_are_those_of_f64() {
        assert_eq!(compute("1/3 + 1/6").unwrap().text(), "1/2");
        assert_eq!(compute("0.1 + 0.2").unwrap().text(), "3/10");
        assert_eq!(compute("2^70").unwrap().text(), "1180591620717411303424");
        assert!((compute("sqrt(2)").unwrap().to_f64() - 2f64.sqrt()).abs() < 1e-15);
        assert_eq!(compute("sqrt(9/4)").unwrap().text(), "3/2");
    }

    #[test]
    fn the_next_integer_is_exact_at_any_size() {
        for (value, below, above) in [
            ("16/5", "3", "4"),
            ("-7/2", "-4", "-3"),
            ("5", "5", "5"),
            ("0", "0", "0"),
            ("1/3", "0", "1"),
            ("-1/3", "-1", "0"),
            ("10^30 - 1/3", "999999999999999999999999999999", "1000000000000000000000000000000"),
        ] {
            let value = compute(value).unwrap();
            assert_eq!(value.whole(false).unwrap().text(), below, "{value:?}");
            assert_eq!(value.whole(true).unwrap().text(), above, "{value:?}");
        }
    }

    #[test]
    fn what_has_no_value_says_so() {
        assert_eq!(compute("1/0").unwrap_err(), "divides by zero");
        assert_eq!(compute("sqrt(0 - 2)").unwrap_err(), "has no real value");
    }

    #[test]
    fn a_hopeless_power_is_given_up() {
        for hopeless in ["2^100000000", "9^9^9", "(10^1000)^1000"] {
            assert_eq!(compute(hopeless).unwrap_err(), "takes too long to compute");
        }
    }

    #[test]
    fn fractions_beyond_f64_still_have_a_value() {
        let near = compute("99^200 / 100^200").unwrap().to_f64();
        assert!((near - 0.99f64.powi(200)).abs() < 1e-12, "{near}");
        assert!(compute("10^400").unwrap().to_f64().is_infinite());
    }

    #[test]
    fn words_of_the_engine_are_told_from_names() {
        for word in ["mean", "month", "pi", "e", "sqrt", "c"] {
            assert!(knows(word), "{word}");
        }
        for word in ["members", "posting", "rate", "stored", "burst", "slow", "all", "pin"] {
            assert!(!knows(word), "{word}");
        }
    }
}
