//! What several cores say together: one struct, printed by the command line and drawn by the screens.

pub mod plan;
pub mod stats;

pub use plan::Plan;
pub use stats::Stats;
