//! Labs: the mechanism of a lesson run on the reader's machine, with a claim that the run can refute.
//!
//! One file a lab. Everything here is pure: the same knobs and seed give the same report, except where a report says
//! that it was measured on this machine.

#[macro_use]
mod source;

mod availability;
mod booking;
mod cache;
mod clocks;
mod crash_points;
mod fan_in;
mod fan_out;
mod frontier;
mod geo;
mod hot_key;
mod ids;
pub mod isolation;
mod knobs;
mod leaderboard;
mod limiter;
mod little;
mod picture;
mod quorum;
mod raft;
mod report;
mod ring;
mod sketch;
mod stampede;
mod storm;
mod tail;

#[cfg(test)]
mod tests;

pub use crate::dice::Dice;
pub use knobs::{Knob, KnobKind, Knobs};
pub use picture::{bars, factor, table};
pub use report::{Answer, Cell, Chart, Report};

/// All labs, by name.
pub const ALL: &[&Lab] = &[
    &availability::LAB,
    &booking::LAB,
    &cache::LAB,
    &clocks::LAB,
    &crash_points::LAB,
    &fan_in::LAB,
    &fan_out::LAB,
    &frontier::LAB,
    &geo::LAB,
    &hot_key::LAB,
    &ids::LAB,
    &isolation::LAB,
    &leaderboard::LAB,
    &limiter::LAB,
    &little::LAB,
    &quorum::LAB,
    &raft::LAB,
    &ring::LAB,
    &sketch::LAB,
    &stampede::LAB,
    &storm::LAB,
    &tail::LAB,
];

/// A lab.
pub struct Lab {
    /// `ring`
    pub name: &'static str,
    /// Slugs of the lessons that it belongs to, the first of them first.
    pub lessons: &'static [&'static str],
    /// One sentence with a number in it that the run can refute.
    pub claim: &'static str,
    /// What the reader predicts.
    pub question: Question,
    /// Two to five settings.
    pub knobs: &'static [Knob],
    /// Runs the mechanism.
    pub run: fn(&Knobs, &mut Dice, &mut Watch) -> Report,
    /// What to try next, with knobs: `servers 100`.
    pub next: &'static str,
    /// The few lines that the lab is about, as they run.
    pub mechanism: &'static str,
}

/// What the reader predicts before the run. The words may depend on the knobs.
#[derive(Clone, Copy)]
pub enum Question {
    /// A number, graded by its ratio to the result.
    Number {
        /// The question.
        ask: fn(&Knobs) -> String,
        /// `%`, `ms`, empty.
        unit: &'static str,
    },
    /// One of several.
    Choice {
        /// The question.
        ask: fn(&Knobs) -> String,
        /// What can be chosen, at most five.
        options: &'static [&'static str],
    },
}

impl Question {
    /// The question in words.
    pub fn ask(&self, knobs: &Knobs) -> String {
        match self {
            Question::Number { ask, .. } | Question::Choice { ask, .. } => ask(knobs),
        }
    }
}

/// A lab by its name.
pub fn find(name: &str) -> Option<&'static Lab> {
    ALL.iter().copied().find(|lab| lab.name == name)
}

/// Told how far a run is; can ask it to stop. A run that is stopped reports what it has, and says so.
pub struct Watch<'a> {
    tell: &'a mut dyn FnMut(f64) -> bool,
    stopped: bool,
}

impl<'a> Watch<'a> {
    /// `tell` is given the share that is done, and answers whether to go on.
    pub fn new(tell: &'a mut dyn FnMut(f64) -> bool) -> Self {
        Watch { tell, stopped: false }
    }

    /// Says how far the run is, some tens to hundreds of times a run. False: stop.
    pub fn going(&mut self, share: f64) -> bool {
        self.stopped = self.stopped || !(self.tell)(share);
        !self.stopped
    }

    /// Whether the run was asked to stop.
    pub fn stopped(&self) -> bool {
        self.stopped
    }
}

/// One run that is to be made: what a thread of its own can carry.
#[derive(Clone)]
pub struct Job {
    /// The lab.
    pub lab: &'static Lab,
    /// Its settings.
    pub knobs: Knobs,
    /// For chance.
    pub seed: u64,
}

impl PartialEq for Job {
    fn eq(&self, other: &Job) -> bool {
        self.lab.name == other.lab.name && self.knobs == other.knobs && self.seed == other.seed
    }
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?} seed {}", self.lab.name, self.knobs.changed(), self.seed)
    }
}

impl Job {
    /// Runs it.
    pub fn run(&self, watch: &mut Watch) -> Report {
        (self.lab.run)(&self.knobs, &mut Dice::new(self.seed), watch)
    }
}
