//! Undo and redo over all that the journal holds.

use super::App;
use crate::journal::undo::describe;
use crate::journal::{Event, What};
use crate::progress::Progress;
use crate::tui::keymap::{Action, Scope};
use crate::tui::view::View;

impl App<'_> {
    /// Undo and redo, saying what it was. In a review only what is done in one, on this day; in a rehearsal nothing.
    pub(super) fn take_back(&mut self, redo: bool) {
        if let Some(View::Rehearse(rehearse)) = self.views.last()
            && rehearse.goes_on()
        {
            let tick = self.keymap.key(Scope::Rubric, Action::Tick);
            self.notice = Some(format!("{tick} takes a tick back; the rest after the rehearsal"));
            return;
        }
        let here = matches!(self.views.last(), Some(View::Review(_)));
        let (today, day_starts) = (self.progress.today(self.now.wall), self.config.day_starts());
        let wanted = |act: &Event| {
            !here || (act.what.is_of_review() && Progress::date_of(act.t, day_starts) == today)
        };
        let known = |of: &str, acts: &[&Event]| {
            let what: Vec<What> = acts.iter().map(|act| act.what.clone()).collect();
            (of.to_string(), describe(acts, self.store.events(), self.course), what)
        };
        let target = if redo {
            self.store.last_undo_of(wanted).map(|(undo, acts)| known(&undo.id, &acts))
        } else {
            let acts = self.store.last_act_of(wanted);
            acts.first().map(|act| known(&act.id, &acts))
        };
        let Some((of, said, acts)) = target else {
            let what = if redo { "nothing to do again" } else { "nothing to take back" };
            self.notice = Some(if here { format!("{what} here") } else { what.into() });
            return;
        };
        self.record(vec![What::Undo { of }]);
        self.with_view(|view, ctx| view.taken_back(&acts, redo, ctx));
        self.notice =
            Some(if redo { format!("again: {said}") } else { format!("taken back: {said}") });
    }
}
