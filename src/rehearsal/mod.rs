//! Rehearsal: a design question worked in timed phases, then held against a model answer. Pure: the clock is an argument.

mod due;
mod profile;
mod run;
mod script;

pub use due::{Design, designs};
pub use profile::{PhaseProfile, profile, weakest};
pub use run::{Form, Run, Stage};
pub use script::{Script, script, section};

/// The name of a phase as people say it.
pub fn phase_name(phase: &str) -> &str {
    match phase {
        "api-data" => "API and data",
        "deep-dive" => "deep dive",
        other => other,
    }
}

/// Rubric levels, lowest first.
pub const LEVELS: [&str; 3] = ["mid", "senior", "staff"];

/// Minutes of the short form.
pub const SHORT: u16 = 10;
