//! Estimates: numbers that follow from stated inputs, with units.
//!
//! [`evaluate`] computes all lines of an estimate. Units are ours and closed ([`units`]); [`formula`]
//! reads a formula, checks that its units go together and leaves plain numbers to fend ([`engine`]).

mod engine;
mod eval;
mod formula;
mod lexer;
mod outcome;
mod quantity;
mod rounding;
mod sensitivity;
mod sheet;
mod shown;
mod units;

pub use eval::{Constant, Evaluated, Input, evaluate};
pub use formula::{Value, nearest};
pub use outcome::{Outcome, calc};
pub use quantity::amount;
pub use sheet::{Sheet, constants_of, scratch, sheets};
pub use shown::{Found, numbers};
pub use units::Units;
