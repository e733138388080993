//! Worksheets: the estimates of a lesson with inputs to change, and the scratch sheet of free lines.

mod estimates;
mod scratch;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::keymap::{Action, Chord, Scope};
use super::message::{Ctx, Effect};
use crate::course::Entry;
use crate::estimate::Sheet;

use estimates::Estimates;
use scratch::Scratch;

/// One of the two.
pub enum Worksheet<'c> {
    /// Estimates of a lesson.
    Lesson(Box<Estimates<'c>>),
    /// Free lines.
    Scratch(Box<Scratch>),
}

impl<'c> Worksheet<'c> {
    /// The estimates of a lesson, one of them by its name; none if it has none.
    pub fn of(
        entry: &'c Entry,
        sheets: Vec<Sheet>,
        name: Option<&str>,
        ctx: &Ctx<'_, 'c>,
    ) -> Option<Self> {
        let estimates = Estimates::new(entry, sheets, name, ctx)?;
        Some(Worksheet::Lesson(Box::new(estimates)))
    }

    /// The scratch sheet as it was left.
    pub fn scratch(ctx: &Ctx<'_, 'c>) -> Self {
        Worksheet::Scratch(Box::new(Scratch::new(ctx)))
    }

    /// Whose keys hold.
    pub fn scope(&self) -> Scope {
        match self {
            Worksheet::Lesson(_) => Scope::Worksheet,
            Worksheet::Scratch(_) => Scope::Scratch,
        }
    }

    /// What is typed goes into the open field, or onto the sheet.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        match self {
            Worksheet::Lesson(estimates) => estimates.raw_key(chord),
            Worksheet::Scratch(scratch) => scratch.raw_key(chord, ctx),
        }
    }

    /// Pasted text goes where typed text goes.
    pub fn paste(&mut self, pasted: &str) {
        match self {
            Worksheet::Lesson(estimates) => estimates.paste(pasted),
            Worksheet::Scratch(scratch) => scratch.paste(pasted),
        }
    }

    /// Does what a key means.
    pub fn act(&mut self, action: Action) -> Vec<Effect<'c>> {
        match self {
            Worksheet::Lesson(estimates) => estimates.act(action),
            Worksheet::Scratch(scratch) => scratch.act(action),
        }
    }

    /// The text comes back from `$EDITOR`.
    pub fn edited(&mut self, text: Option<&str>) -> Vec<Effect<'c>> {
        match self {
            Worksheet::Lesson(_) => Vec::new(),
            Worksheet::Scratch(scratch) => scratch.edited(text),
        }
    }

    /// Before it is left: the scratch sheet goes into the journal. (A lesson's estimate is there already.)
    pub fn leave(&mut self) -> Vec<Effect<'c>> {
        match self {
            Worksheet::Lesson(_) => Vec::new(),
            Worksheet::Scratch(scratch) => scratch.leave(),
        }
    }

    /// The journal has changed: an undo, or another program.
    pub fn recorded(&mut self, ctx: &Ctx<'_, 'c>) {
        if let Worksheet::Lesson(estimates) = self {
            estimates.recorded(ctx);
        }
    }

    /// Draws it.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) {
        match self {
            Worksheet::Lesson(estimates) => estimates.draw(area, buffer, ctx),
            Worksheet::Scratch(scratch) => scratch.draw(area, buffer, ctx),
        }
    }
}
