//! From the source of a lesson to rows of a width: parse → [`Document`] → layout → [`Page`]. Pure.
//!
//! A position is a [`Spot`] in the document, never a row; a row belongs to one width only.

pub mod document;
mod fence;
pub mod layout;
pub mod measure;
pub mod page;
pub mod parse;
pub mod position;
pub mod table;
pub mod wrap;

#[cfg(test)]
mod extremes;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use document::{Asked, Block, Document, Fence, Kind, Lead, Link, Span, Spot, Style, Target};
pub use layout::{Options, layout};
pub use measure::{Measure, measure};
pub use page::{Page, Piece, Row};
pub use parse::{inline, parse};
pub use position::{Position, Ruler, position, spot_at, spot_at_share};
