//! A literal with its unit: `50 million users`, `0.023 USD/GB/month`.

use super::engine::{Exact, compute};
use super::formula::{Fault, Scope, Value};
use super::rounding::Literal;
use super::units::Units;

/// A value with the unit that it is written in.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// In base units.
    pub value: Value,
    /// The unit, without its `million`.
    pub unit: String,
    /// The number in that unit.
    pub shown: f64,
}

impl Quantity {
    /// Reads a number with its unit.
    ///
    /// # Errors
    /// It does not begin with a number, or its unit is not known.
    pub fn read(scope: &Scope, text: &str) -> Result<Quantity, Fault> {
        let Some(literal) = Literal::parse(text).filter(|literal| !literal.is_open()) else {
            return Err(format!("\"{text}\" is no value; begin with a number").into());
        };
        let value = scope.literal(&literal.text())?;
        let (scale, rest) = literal.unit.split_once(' ').unwrap_or((&literal.unit, ""));
        let unit = if Units::is_scale(scale) { rest.trim() } else { &*literal.unit };
        let shown = in_unit(scope, &value, unit)?.to_f64();
        Ok(Quantity { value, unit: unit.to_owned(), shown })
    }

    /// What takes its place: a number without a unit has this one's.
    ///
    /// # Errors
    /// It cannot be read, or measures something else.
    pub fn replaced(&self, scope: &Scope, text: &str) -> Result<Quantity, String> {
        let bare = Literal::parse(text).is_some_and(|literal| literal.unit.is_empty());
        let text = if bare { format!("{} {}", text.trim(), self.unit) } else { text.to_owned() };
        match Quantity::read(scope, &text) {
            Ok(other) if other.value.dim == self.value.dim => Ok(other),
            Ok(other) => {
                Err(format!("is {}, not {}; give it its unit", self.value.dim, other.value.dim))
            }
            Err(Fault::Said(message)) => Err(message),
            Err(Fault::Follows) => Err("cannot be read".to_owned()),
        }
    }
}

/// How many of a unit a value is.
///
/// # Errors
/// The unit is not known. That it measures the same is the caller's to see.
pub fn in_unit(scope: &Scope, value: &Value, unit: &str) -> Result<Exact, Fault> {
    let unit = scope.literal(&format!("1 {unit}"))?;
    Ok(compute(&format!("({})/({})", value.number.text(), unit.number.text()))?)
}

/// Reads a number with a unit of the closed list and gives what it measures and how much, comparable
/// with others.
///
/// # Errors
/// It cannot be read: what is wrong and the mend.
pub fn amount(text: &str) -> Result<Value, String> {
    Quantity::read(&Scope::default(), text).map(|it| it.value).map_err(|fault| match fault {
        Fault::Said(message) => message,
        Fault::Follows => "cannot be read; mend it".to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Quantity {
        Quantity::read(&Scope::default(), text).unwrap()
    }

    #[test]
    fn a_scale_is_part_of_the_number_and_a_unit_is_kept() {
        for (text, shown, unit) in [
            ("50 million users", 50e6, "users"),
            ("3 billion", 3e9, ""),
            ("0.023 USD/GB/month", 0.023, "USD/GB/month"),
            ("5 USD/(million requests)", 5.0, "USD/(million requests)"),
            ("60 %", 60.0, "%"),
            ("-3 s", -3.0, "s"),
            ("12", 12.0, ""),
        ] {
            let quantity = read(text);
            assert!((quantity.shown - shown).abs() < 1e-9, "{text}: {}", quantity.shown);
            assert_eq!(quantity.unit, unit);
        }
    }

    #[test]
    fn a_number_without_a_unit_takes_the_place_of_one_with() {
        let scope = Scope::default();
        let size = read("50 million users");
        assert_eq!(size.replaced(&scope, "7").unwrap().value, read("7 users").value);
        assert_eq!(
            size.replaced(&scope, "7 million").unwrap_err(),
            "is users, not a plain number; give it its unit"
        );
        assert!(size.replaced(&scope, "x").unwrap_err().starts_with("\"x\" is no value"));
    }
}
