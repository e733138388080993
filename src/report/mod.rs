//! What several cores say together: one struct, printed by the command line and drawn by the screens.

pub mod aim;
pub mod plan;
pub mod stats;
pub mod words;

pub use plan::Plan;
pub use stats::Stats;
