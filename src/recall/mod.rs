//! Recall: which cards today asks, in which order, and when each comes again. Pure: the day is an argument.
//!
//! A card's due date is what its last grade promised, and nothing moves it. Its memory state (stability, difficulty) is
//! replayed from its answers by FSRS-6 whenever it is needed, so that other weights need no migration.

mod deck;
mod fit;
mod forecast;
mod memory;
mod numbers;
mod schedule;
mod today;

pub use deck::{Deck, DeckCard, Words, own_key, words};
pub use fit::{FEW, Fitted, fit};
pub use forecast::{Day, Forecast, forecast};
pub use memory::{Memory, Model};
pub use numbers::{Cards, SECONDS_AN_ANSWER, days_of_backlog};
pub use schedule::{Ahead, Schedule};
pub use today::{Done, Item, Limits, Today, Why, choose};
