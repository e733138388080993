//! What several cores say together: one struct, printed by the command line and drawn by the screens.

pub mod stats;

pub use stats::Stats;
