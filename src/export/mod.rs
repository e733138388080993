//! What leaves the program: the cards as values, as CSV and as a package for Anki. Pure: bytes come out, `cli` writes
//! them. The journal itself needs nothing of this, since it leaves as it is.

pub mod anki;
pub mod cards;
pub mod csv;
mod html;
mod sqlite;
mod zip;

pub use cards::ExportedCard;
