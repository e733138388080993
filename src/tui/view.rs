//! The screens behind one name: each event goes to the one that is shown.

use crossterm::event::MouseEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::help::Help;
use super::keymap::{Action, Chord, Scope};
use super::lab::Labs;
use super::library::Library;
use super::menu::Menu;
use super::message::{Ctx, Effect};
use super::reader::Reader;
use super::rehearse::Rehearse;
use super::review::Review;
use super::stats::StatsScreen;
use super::worksheet::Worksheet;
use crate::journal::What;
use crate::terminal::Hyperlink;

/// The screen that is shown.
pub enum View<'c> {
    /// Lessons.
    Library(Box<Library<'c>>),
    /// One lesson.
    Reader(Box<Reader<'c>>),
    /// Cards, one by one.
    Review(Box<Review<'c>>),
    /// Designs against the clock.
    Rehearse(Box<Rehearse<'c>>),
    /// Mechanisms to run.
    Labs(Box<Labs<'c>>),
    /// Estimates with inputs to change.
    Worksheet(Worksheet<'c>),
    /// Progress summed up, and the plan.
    Stats(Box<StatsScreen<'c>>),
    /// A list over the screen below.
    Menu(Box<Menu<'c>>),
    /// The keys of the screen below.
    Help(Help),
}

impl<'c> View<'c> {
    /// Whose keys hold.
    pub fn scope(&self) -> Scope {
        match self {
            View::Library(_) => Scope::Library,
            View::Reader(reader) => reader.scope(),
            View::Review(_) => Scope::Review,
            View::Rehearse(rehearse) => rehearse.scope(),
            View::Labs(labs) => labs.scope(),
            View::Worksheet(sheet) => sheet.scope(),
            View::Stats(_) => Scope::Stats,
            View::Menu(_) => Scope::Menu,
            View::Help(_) => Scope::Help,
        }
    }

    /// A key for what is being typed or picked; none if it means what the table says.
    pub fn raw_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        match self {
            View::Library(library) => library.raw_key(chord),
            View::Reader(reader) => reader.raw_key(chord, ctx),
            View::Review(review) => review.raw_key(chord, ctx),
            View::Rehearse(rehearse) => rehearse.raw_key(chord, ctx),
            View::Labs(labs) => labs.raw_key(chord, ctx),
            View::Worksheet(sheet) => sheet.raw_key(chord, ctx),
            View::Stats(stats) => stats.raw_key(chord, ctx),
            View::Menu(menu) => menu.raw_key(chord, ctx),
            View::Help(_) => None,
        }
    }

    /// Does what a key means.
    pub fn act(
        &mut self,
        action: Action,
        count: Option<u32>,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        match self {
            View::Library(library) => library.act(action, count, ctx),
            View::Reader(reader) => reader.act(action, count, ctx),
            View::Review(review) => review.act(action, ctx),
            View::Rehearse(rehearse) => rehearse.act(action, ctx),
            View::Labs(labs) => labs.act(action, ctx),
            View::Worksheet(sheet) => sheet.act(action),
            View::Stats(stats) => stats.act(action, ctx),
            View::Menu(menu) => menu.act(action, ctx),
            View::Help(help) => help.act(action),
        }
    }

    /// Wheel and clicks.
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match self {
            View::Library(library) => library.mouse(mouse, ctx),
            View::Reader(reader) => reader.mouse(mouse, ctx),
            View::Review(review) => review.mouse(mouse, ctx),
            View::Rehearse(rehearse) => rehearse.mouse(mouse, ctx),
            View::Labs(labs) => labs.mouse(mouse, ctx),
            View::Worksheet(_) => Vec::new(),
            View::Stats(stats) => stats.mouse(mouse, ctx),
            View::Menu(menu) => menu.mouse(mouse, ctx),
            View::Help(help) => help.mouse(mouse),
        }
    }

    /// Pasted text goes into what is being typed and nowhere else.
    pub fn paste(&mut self, text: &str, ctx: &Ctx<'_, 'c>) {
        match self {
            View::Library(library) => library.paste(text),
            View::Reader(reader) => reader.paste(text),
            View::Review(review) => review.paste(text),
            View::Rehearse(rehearse) => rehearse.paste(text, ctx),
            View::Labs(labs) => labs.paste(text),
            View::Worksheet(sheet) => sheet.paste(text),
            View::Stats(stats) => stats.paste(text),
            View::Menu(menu) => menu.paste(text, ctx),
            View::Help(_) => {}
        }
    }

    /// The screen above was left.
    pub fn returned(&mut self, ctx: &Ctx<'_, 'c>) {
        match self {
            View::Library(library) => library.returned(ctx),
            View::Reader(reader) => reader.touch(ctx),
            View::Review(review) => review.recorded(ctx),
            View::Rehearse(rehearse) => rehearse.returned(ctx),
            View::Stats(stats) => stats.recorded(ctx),
            View::Menu(menu) => menu.returned(ctx),
            View::Labs(_) | View::Worksheet(_) | View::Help(_) => {}
        }
    }

    /// The journal has changed.
    pub fn recorded(&mut self, ctx: &Ctx<'_, 'c>) {
        match self {
            View::Menu(menu) => menu.returned(ctx),
            View::Review(review) => review.recorded(ctx),
            View::Stats(stats) => stats.recorded(ctx),
            View::Worksheet(sheet) => sheet.recorded(ctx),
            _ => {}
        }
    }

    /// Acts were taken back, or done again.
    pub fn taken_back(&mut self, acts: &[What], again: bool, ctx: &Ctx<'_, 'c>) {
        match self {
            View::Review(review) if again => review.done_again(acts, ctx),
            View::Review(review) => review.taken_back(acts, ctx),
            _ => {}
        }
    }

    /// The text of the reader's editor; none if that failed.
    pub fn edited(&mut self, text: Option<&str>, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match self {
            View::Reader(reader) => reader.edited(text),
            View::Rehearse(rehearse) => rehearse.edited(text, ctx),
            View::Worksheet(sheet) => sheet.edited(text),
            _ => Vec::new(),
        }
    }

    /// Before it is covered or left: what must not be lost goes into the journal.
    pub fn leave(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match self {
            View::Reader(reader) => reader.leave(ctx),
            View::Rehearse(rehearse) => rehearse.leave(ctx),
            View::Worksheet(sheet) => sheet.leave(),
            _ => Vec::new(),
        }
    }

    /// What time alone brings.
    pub fn tick(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        match self {
            View::Reader(reader) => reader.tick(ctx),
            View::Rehearse(rehearse) => rehearse.tick(ctx),
            _ => Vec::new(),
        }
    }

    /// When [`View::tick`] has something to do, on the forward clock.
    pub fn deadline(&self, now: f64) -> Option<f64> {
        match self {
            View::Reader(reader) => reader.deadline(),
            View::Rehearse(rehearse) => rehearse.deadline(now),
            _ => None,
        }
    }

    /// Draws the screen; gives its links to the web. The page of keys is drawn by the program, which knows what is below.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer, ctx: &Ctx<'_, 'c>) -> Vec<Hyperlink> {
        match self {
            View::Library(library) => library.draw(area, buffer, ctx),
            View::Reader(reader) => return reader.draw(area, buffer, ctx),
            View::Review(review) => review.draw(area, buffer, ctx),
            View::Rehearse(rehearse) => rehearse.draw(area, buffer, ctx),
            View::Labs(labs) => labs.draw(area, buffer, ctx),
            View::Worksheet(sheet) => sheet.draw(area, buffer, ctx),
            View::Stats(stats) => stats.draw(area, buffer, ctx),
            View::Menu(menu) => menu.draw(area, buffer, ctx),
            View::Help(_) => {}
        }
        Vec::new()
    }
}
