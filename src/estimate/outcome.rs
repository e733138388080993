//! A result held against what is stated.

use super::formula::{Fault, Scope, Value};
use super::quantity::in_unit;
use super::rounding::Literal;

/// A result as computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// Line of the file.
    pub line: usize,
    /// What follows the `=>`: `36.5 TB`.
    pub stated: String,
    /// `TB`
    pub unit: String,
    /// The value in `unit`, rounded to the digits of `stated`: `40.0 TB`. `?` where there is none.
    pub text: String,
    /// The value in `unit`; NaN where there is none.
    pub exact: f64,
    /// Whether it rounds to what is stated.
    pub holds: bool,
    /// Why there is no value, or why it does not hold.
    pub error: Option<String>,
}

impl Outcome {
    pub(super) fn new(name: &str, line: usize, stated: &str) -> Outcome {
        Outcome {
            name: name.to_owned(),
            line,
            stated: stated.trim().to_owned(),
            unit: Literal::parse(stated).map(|literal| literal.unit).unwrap_or_default(),
            text: "?".to_owned(),
            exact: f64::NAN,
            holds: false,
            error: None,
        }
    }
}

/// Holds a formula without names against what is stated, as the `calc:` of a card:
/// `300/s * 40 ms` against `12`.
///
/// # Errors
/// `what is wrong; the mend`
pub fn calc(formula: &str, stated: &str) -> Result<(), String> {
    let scope = Scope::default();
    let mut outcome = Outcome::new("calc", 0, stated);
    let value = scope.value(formula);
    match value.and_then(|value| compare(&scope, "calc", &value, &mut outcome)) {
        Ok(()) => Ok(()),
        Err(Fault::Said(message)) => Err(message.replace("correct it or use --fix", "correct it")),
        Err(Fault::Follows) => Err("calc cannot be read; mend it".to_owned()),
    }
}

/// Holds a value against what is stated, and fills in the outcome.
pub(super) fn compare(
    scope: &Scope,
    name: &str,
    value: &Value,
    outcome: &mut Outcome,
) -> Result<(), Fault> {
    let Some(stated) = Literal::parse(&outcome.stated) else {
        return Err(format!("{name} states no number; write \"=> ?\" and use --fix").into());
    };
    let unit = scope.literal(&format!("1 {}", stated.unit))?;
    if unit.dim != value.dim {
        let shown = match &*stated.unit {
            "" => "without a unit".to_owned(),
            unit => format!("in {unit}"),
        };
        return Err(format!("{name} is {}, shown {shown}; mend one", value.dim).into());
    }
    let number = in_unit(scope, value, &stated.unit)?;
    outcome.exact = number.to_f64();
    outcome.text = Literal { number: stated.show(&number)?, ..stated.clone() }.text();
    outcome.holds = stated.holds(&number)?;
    if stated.is_open() {
        return Err(format!("{name} is open; use --fix ({})", outcome.text).into());
    }
    if !outcome.holds {
        let wrong = format!("{name} is {}, shown {}", outcome.text, outcome.stated);
        return Err(format!("{wrong}; correct it or use --fix").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calc_is_held_against_its_result() {
        assert_eq!(calc("300/s * 40 ms", "12"), Ok(()));
        assert_eq!(calc("5/s * 50 ms", "0.25"), Ok(()));
        assert_eq!(calc("300/s * 40 ms", "13"), Err("calc is 12, shown 13; correct it".to_owned()));
        assert_eq!(
            calc("300/s * 40", "12"),
            Err("calc is 1/s, shown without a unit; mend one".to_owned())
        );
    }
}
