//! Opening screens on top of the one shown, and what a lab on its thread says to its screen.

use super::App;
use crate::course::Entry;
use crate::estimate;
use crate::journal::What;
use crate::labs::Report;
use crate::markdown;
use crate::tui::keymap::{Action, Scope};
use crate::tui::lab::Labs;
use crate::tui::message::{Ctx, Goal, Moment};
use crate::tui::reader::Reader;
use crate::tui::rehearse::Rehearse;
use crate::tui::review::Review;
use crate::tui::stats::StatsScreen;
use crate::tui::view::View;
use crate::tui::widgets;
use crate::tui::worksheet::Worksheet;

impl<'c> App<'c> {
    /// Opens a lesson on top of the screen shown; goes there, where it is that lesson already. A text that cannot be
    /// read says so at the bottom.
    pub fn open(&mut self, entry: &'c Entry, goal: &Goal) {
        if let Some(View::Reader(reader)) = self.views.last_mut()
            && reader.entry().slug == entry.slug
        {
            reader.jump(goal, &ctx!(self));
            return;
        }
        match self.course.body(entry) {
            Err(cause) => self.notice = Some(format!("cannot open {}: {cause}", entry.title)),
            Ok(body) => {
                let at = self.parsed.iter().position(|(slug, _)| *slug == entry.slug);
                let document = at.map_or_else(
                    || markdown::parse(&body, entry.body_line as usize),
                    |at| self.parsed.swap_remove(at).1,
                );
                let known = self.progress.lesson(&entry.slug);
                if *goal == Goal::Stopped && known.paged(entry) {
                    let mark = self.keymap.key(Scope::Reader, Action::Mark);
                    self.notice =
                        Some(format!("{}: {mark} marks it read", widgets::paged(known.active)));
                }
                let ctx = ctx!(self);
                let reader = Reader::new(entry, body, document, goal, &ctx);
                self.views.push(View::Reader(Box::new(reader)));
                let version = Some(entry.hash);
                self.record(vec![What::Open { lesson: entry.slug.to_string(), version }]);
            }
        }
    }

    /// Opens the review on top of the screen shown.
    pub fn review(&mut self) {
        self.leave_view();
        let review = Review::new(&ctx!(self));
        self.views.push(View::Review(Box::new(review)));
    }

    /// Opens the labs on top of the screen shown, or one of them.
    pub fn lab(&mut self, name: Option<&str>) {
        self.leave_view();
        let labs = Labs::new(name, &ctx!(self));
        self.views.push(View::Labs(Box::new(labs)));
    }

    /// Opens the estimates of a lesson on top of the screen shown, one of them by its name.
    pub fn worksheet(&mut self, entry: &'c Entry, name: Option<&str>) {
        self.leave_view();
        let body = self.course.body(entry).unwrap_or_default();
        let document = markdown::parse(&body, entry.body_line as usize);
        let constants = estimate::constants_of(self.course);
        let sheets = estimate::sheets(document.fences.iter().map(|f| &f.block), &constants);
        match Worksheet::of(entry, sheets, name, &ctx!(self)) {
            Some(sheet) => self.views.push(View::Worksheet(sheet)),
            None => self.notice = Some("this lesson has no estimate".into()),
        }
    }

    /// Opens progress summed up and the plan on top of the screen shown.
    pub fn stats(&mut self) {
        self.leave_view();
        let screen = StatsScreen::new(&ctx!(self));
        self.views.push(View::Stats(Box::new(screen)));
    }

    /// Opens the scratch sheet on top of the screen shown.
    pub fn scratch(&mut self) {
        self.leave_view();
        let sheet = Worksheet::scratch(&ctx!(self));
        self.views.push(View::Worksheet(sheet));
    }

    /// How far the run of a lab is.
    pub fn lab_progress(&mut self, share: f64) {
        for view in &mut self.views {
            if let View::Labs(labs) = view {
                labs.progress(share);
            }
        }
    }

    /// The run of a lab has ended; without a report it failed.
    pub fn lab_done(&mut self, report: Option<&Report>, now: Moment) {
        self.now = now;
        let effects = self.views.iter_mut().rev().find_map(|view| match view {
            View::Labs(labs) => Some(labs.done(report)),
            _ => None,
        });
        self.perform(effects.unwrap_or_default());
    }

    /// Opens the rehearsals on top of the screen shown, a lesson under the cursor; `short` and `flaws` begin at once.
    pub fn rehearse(&mut self, lesson: Option<&str>, form: &str) {
        self.leave_view();
        let (screen, effects) = Rehearse::begin(lesson, form, &ctx!(self));
        self.views.push(View::Rehearse(Box::new(screen)));
        self.perform(effects);
    }
}
