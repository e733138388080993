//! What passes between the loop, the program and its screens: events in, effects and wishes out, and what a screen may look at.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset};
use crossterm::event::{KeyEvent, MouseEvent};

use super::keymap::{Action, Keymap};
use crate::config::Config;
use crate::course::{Course, Entry};
use crate::journal::{Place, What};
use crate::labs::Job;
use crate::markdown::Spot;
use crate::progress::Progress;
use crate::recall::Cards;
use crate::render::Theme;

/// The two clocks of an event: of the wall, and one in seconds that only goes forward.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// For the journal.
    pub wall: DateTime<FixedOffset>,
    /// For spans of time.
    pub mono: f64,
}

/// What comes in.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key.
    Key(KeyEvent),
    /// Wheel or click.
    Mouse(MouseEvent),
    /// Text pasted: into a field, or ignored.
    Paste(String),
}

/// What a screen wants done. Only [`App`](super::App) does it.
#[derive(Clone)]
pub enum Effect<'c> {
    /// Into the journal.
    Record(Vec<What>),
    /// Open a lesson on top of this screen; go there, if it is open on it.
    Open(&'c Entry, Goal),
    /// The same by slug.
    OpenSlug(String, Goal),
    /// The same in place of this screen.
    Replace(&'c Entry),
    /// One screen back.
    Back,
    /// A sentence at the bottom, until the next key.
    Say(String),
    /// Do what a key of this screen does.
    Do(Action),
    /// Put a text on the clipboard, and say what it is.
    Copy {
        /// The text.
        text: String,
        /// `the address`, `3 lines`
        what: String,
    },
    /// Let a note be written in the reader's editor.
    Edit(String),
    /// Hold a note that was begun, by what it is about; none forgets it.
    Draft(String, Option<Draft>),
    /// Open a lab.
    Lab(String),
    /// Open an estimate of a lesson by its name.
    Estimate(&'c Entry, String),
    /// Run a lab beside the screen.
    Run(Job),
    /// Stop that run; it reports what it has.
    StopLab,
}

/// Where in a lesson.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// Where the reader stopped.
    Stopped,
    /// A heading, by its id.
    Heading(String),
    /// What a search found, and the words to show.
    Found(Spot, String),
    /// A place that the journal keeps.
    Place(Place),
}

/// What only the shell around can do.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Put a text on the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the sentence that says it was done.
        what: String,
    },
    /// Edit a text in the reader's editor; [`App::edited`](super::App::edited) takes the result.
    Edit(String),
    /// Report the mouse to the program, or leave it to the terminal.
    Mouse(bool),
    /// Run a lab beside the screen; [`App::lab_progress`](super::App::lab_progress) and [`App::lab_done`](super::App::lab_done) take what comes of it.
    Lab(Job),
    /// Ask that run to stop.
    StopLab,
}

/// What the loop does after an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Draw, then wait.
    Stay,
    /// Leave the program.
    Quit,
    /// To the shell and back.
    Suspend,
    /// Draw the whole screen anew.
    Redraw,
}

/// A note or a card of the reader's own that was begun and left.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Where in a lesson.
    pub place: Option<Place>,
    /// Of a card, once it is written.
    pub question: Option<String>,
    /// Of a card whose question is being written: what its answer begins with.
    pub answer: String,
    /// What was being typed.
    pub text: String,
}

/// What every screen may look at.
pub struct Ctx<'a, 'c> {
    /// The course.
    pub course: &'c Course,
    /// What was done.
    pub progress: &'a Progress,
    /// Recall in numbers, as of the last event.
    pub cards: &'a Cards,
    /// Whether the plan fits the minutes a day, in words; none without a day to aim at.
    pub pace: Option<&'a str>,
    /// Options.
    pub config: &'a Config,
    /// Keys, for hints.
    pub keymap: &'a Keymap,
    /// Looks.
    pub theme: &'a Theme,
    /// Time of the last event.
    pub now: Moment,
    /// Whether the mouse is reported to the program.
    pub mouse: bool,
    /// Notes and cards that were begun and left, by what they are about.
    pub drafts: &'a HashMap<String, Draft>,
}
