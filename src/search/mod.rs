//! Finding: a text in one lesson, words over all lessons and notes, the glossary's terms, the names of things by a few
//! letters.

pub mod course;
pub mod fuzzy;
pub mod glossary;
pub mod text;

pub use course::{Everything, Found, Where};
pub use fuzzy::Fuzzy;
pub use glossary::{Glossary, Term};
pub use text::{Hit, find, in_document};
