//! A whole document as text, for a pipe or in colour.
/// x
pub struct Printed;
/// x
pub fn print() {}
